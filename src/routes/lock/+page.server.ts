import { fail, redirect } from '@sveltejs/kit';
import { lockSession } from '$lib/server/lucia/session';
import { field, fromOf, ownSession } from '$lib/server/sign_in/form';
import { localPath } from '$lib/server/sign_in/next';
import { unlock } from '$lib/server/sign_in/sign_in';
import type { Actions, PageServerLoad } from './$types';

/** Only for a locked session. */
export const load: PageServerLoad = (event) => {
	const next = localPath(event.url.searchParams.get('next'));
	const { session } = ownSession(event);
	if (!session.locked) redirect(303, next);
	return { next, name: session.user.name, hasPassword: session.user.password_hash !== null };
};

export const actions: Actions = {
	unlock: async (event) => {
		const { home, session } = ownSession(event);
		const form = await event.request.formData();
		if (session.locked) {
			const refused = await unlock(home, session, field(form, 'password'), fromOf(event));
			if (refused) return fail(400, { problem: refused.refused });
		}
		redirect(303, localPath(field(form, 'next')));
	},
	lock: async (event) => {
		const { home, session } = ownSession(event);
		const form = await event.request.formData();
		if (!session.awaiting) await lockSession(home, session, 'asked');
		const next = localPath(field(form, 'next'));
		redirect(303, next === '/' ? '/lock' : `/lock?next=${encodeURIComponent(next)}`);
	}
};
