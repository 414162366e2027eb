import { fail, redirect } from '@sveltejs/kit';
import { field, fromOf, ownSession } from '$lib/server/sign_in/form';
import { localPath } from '$lib/server/sign_in/next';
import { beginSecondFactor, offerSecondFactor } from '$lib/server/sign_in/second_factor';
import { provePassword } from '$lib/server/sign_in/sign_in';
import type { Actions, PageServerLoad } from './$types';

/** The secret to set up; who has a second factor already keeps it. */
export const load: PageServerLoad = async (event) => {
	const { home, session, person } = ownSession(event);
	const next = localPath(event.url.searchParams.get('next'));
	if (person.totp_secret !== null) return { offer: null, required: false, next, hasPassword: false };
	return {
		offer: await offerSecondFactor(home, person),
		required: session.awaiting === 'second_factor',
		next,
		// Whoever was just asked for the password need not give it again.
		hasPassword: person.password_hash !== null && session.awaiting === null
	};
};

export const actions: Actions = {
	default: async (event) => {
		const { home, session, person } = ownSession(event);
		if (person.totp_secret !== null) redirect(303, '/account');
		const form = await event.request.formData();
		if (person.password_hash !== null && session.awaiting === null) {
			const refused = await provePassword(home, session, field(form, 'current'), fromOf(event));
			if (refused) return fail(400, { problem: refused.refused });
		}
		const codes = await beginSecondFactor(home, person, field(form, 'code'));
		if (!codes)
			return fail(400, {
				problem: 'This code is not right, so nothing was turned on. Wait for the next one and try again.'
			});
		return { codes };
	}
};
