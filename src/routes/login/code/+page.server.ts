import { fail, redirect } from '@sveltejs/kit';
import { field, fromOf, ownSession } from '$lib/server/sign_in/form';
import { localPath } from '$lib/server/sign_in/next';
import { giveCode } from '$lib/server/sign_in/sign_in';
import type { Actions, PageServerLoad } from './$types';

/** Only for a session that waits for a code. */
export const load: PageServerLoad = (event) => {
	const next = localPath(event.url.searchParams.get('next'));
	const { session } = ownSession(event);
	if (session.awaiting !== 'code') redirect(303, next);
	return { next, name: session.user.name };
};

export const actions: Actions = {
	default: async (event) => {
		const { home, session } = ownSession(event);
		const form = await event.request.formData();
		if (session.awaiting === 'code') {
			const refused = await giveCode(home, session, field(form, 'code'), fromOf(event));
			if (refused) return fail(400, { problem: refused.refused });
		}
		redirect(303, localPath(field(form, 'next')));
	}
};
