import { redirect } from '@sveltejs/kit';
import { theHome } from '$lib/server/door';
import { tokenOf } from '$lib/server/lucia/session';
import { enter, field, fromOf } from '$lib/server/sign_in/form';
import { localPath } from '$lib/server/sign_in/next';
import { signIn } from '$lib/server/sign_in/sign_in';
import type { Actions, PageServerLoad } from './$types';

/** Who is signed in goes on to the wanted page; who is locked or owes a code, to where that is given. */
export const load: PageServerLoad = ({ locals, url }) => {
	const next = localPath(url.searchParams.get('next'));
	const later = next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
	if (locals.viewer) redirect(303, next);
	if (locals.session?.locked) redirect(303, `/lock${later}`);
	if (locals.session?.awaiting === 'code') redirect(303, `/login/code${later}`);
	if (locals.session?.awaiting === 'second_factor') redirect(303, `/account/second-factor${later}`);
	return { next };
};

export const actions: Actions = {
	default: async (event) => {
		const form = await event.request.formData();
		const name = field(form, 'name');
		const earlier = tokenOf(event.cookies, event.url);
		const in_ = await signIn(theHome(), name, field(form, 'password'), fromOf(event), earlier);
		return enter(event, in_, field(form, 'next'), { name });
	}
};
