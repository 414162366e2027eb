import { fail, redirect } from '@sveltejs/kit';
import { roleCard, isRole } from '$lib/domain/role';
import { endSession, endSessionsOf, sessionsOf } from '$lib/server/lucia/session';
import { record } from '$lib/server/records/log';
import { attempt, field, fromOf, ownSession } from '$lib/server/sign_in/form';
import { choosePassword, limitsOf } from '$lib/server/sign_in/people';
import { endSecondFactor, newRecoveryCodes, recoveryCodesLeft } from '$lib/server/sign_in/second_factor';
import { provePassword } from '$lib/server/sign_in/sign_in';
import { signInSettings } from '$lib/server/sign_in/settings';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** What belongs to the person: password, second factor, where they are signed in. */
export const load: PageServerLoad = async (event) => {
	const { home, session, person } = ownSession(event);
	const { shortest, secondFactor } = await signInSettings(home);
	return {
		name: person.name,
		role: isRole(person.role) ? roleCard(person.role).title : person.role,
		limits: limitsOf(person),
		hasPassword: person.password_hash !== null,
		shortest,
		secondFactor: person.totp_secret !== null,
		required: isRole(person.role) && secondFactor.includes(person.role),
		codes: person.totp_secret === null ? 0 : await recoveryCodesLeft(home, person.id),
		sessions: (await sessionsOf(home, person.id)).map((one) => ({ ...one, own: one.id === session.id }))
	};
};

/** The form of a change that needs the password once more; a person who has none yet needs none. */
async function proven(event: RequestEvent, what: string) {
	const { home, session, person } = ownSession(event);
	const form = await event.request.formData();
	const refused =
		person.password_hash === null ? null : await provePassword(home, session, field(form, 'current'), fromOf(event));
	return { home, session, person, form, refused: refused && fail(400, { what, problem: refused.refused }) };
}

export const actions: Actions = {
	password: async (event) => {
		const { home, session, person, form, refused } = await proven(event, 'password');
		if (refused) return refused;
		const tried = await attempt(() => choosePassword(home, person, field(form, 'password'), session.id), {
			what: 'password'
		});
		return 'done' in tried ? { what: 'password', said: 'Your password is changed. Other sessions have ended.' } : tried;
	},
	end_second_factor: async (event) => {
		const { home, person, refused } = await proven(event, 'second');
		if (refused) return refused;
		await endSecondFactor(home, person.id, person.id);
		return { what: 'second', said: 'The second factor is off.' };
	},
	recovery_codes: async (event) => {
		const { home, person, refused } = await proven(event, 'second');
		if (refused) return refused;
		return { what: 'second', codes: await newRecoveryCodes(home, person.id) };
	},
	end_session: async (event) => {
		const { home, person } = ownSession(event);
		const id = field(await event.request.formData(), 'session');
		if (await endSession(home, id, person.id))
			await record(home, { kind: 'session_revoked', by: person.id, detail: { user: person.id, sessions: 1 } });
		return { what: 'sessions', said: 'That session has ended.' };
	},
	everywhere: async (event) => {
		const { home, person } = ownSession(event);
		const sessions = await endSessionsOf(home, person.id);
		await record(home, { kind: 'session_revoked', by: person.id, detail: { user: person.id, sessions } });
		redirect(303, '/login');
	}
};
