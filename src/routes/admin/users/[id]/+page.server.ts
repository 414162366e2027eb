import { isRole, roleCard, roles } from '$lib/domain/role';
import { notHere, theHome, viewerWho } from '$lib/server/door';
import { endSession, endSessionsOf, sessionsOf } from '$lib/server/lucia/session';
import { record } from '$lib/server/records/log';
import { attempt, field } from '$lib/server/sign_in/form';
import { limitsField } from '$lib/server/sign_in/limits_form';
import { linkAddress } from '$lib/server/sign_in/link';
import {
	changeUser,
	checkedRole,
	disableUser,
	enableUser,
	limitsOf,
	resetUser,
	userById
} from '$lib/server/sign_in/people';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function subject(event: Pick<RequestEvent, 'locals' | 'params'>) {
	const viewer = viewerWho('manage_users', event);
	const person = (await userById(theHome(), event.params.id)) ?? notHere();
	return { home: theHome(), by: viewer.user.id, person };
}

/** One user: role, limits, state, where they are signed in. */
export const load: PageServerLoad = async (event) => {
	const { home, person, by } = await subject(event);
	return {
		roles: roles.map((id) => ({ id, title: roleCard(id).title })),
		name: person.name,
		role: person.role,
		title: isRole(person.role) ? roleCard(person.role).title : person.role,
		limits: limitsOf(person),
		disabled: person.disabled_at !== null,
		secondFactor: person.totp_secret !== null,
		created_at: person.created_at,
		own: person.id === by,
		sessions: (await sessionsOf(home, person.id)).map((one) => ({ ...one, own: one.id === event.locals.session?.id }))
	};
};

export const actions: Actions = {
	change: async (event) => {
		const { home, by, person } = await subject(event);
		const form = await event.request.formData();
		const tried = await attempt(
			() => changeUser(home, person, { role: checkedRole(field(form, 'role')), limits: limitsField(form) }, by),
			{ what: 'change' }
		);
		return 'done' in tried ? { what: 'change', said: 'Role and limits are set.' } : tried;
	},
	disable: async (event) => {
		const { home, by, person } = await subject(event);
		const tried = await attempt(() => disableUser(home, person, by), { what: 'state' });
		return 'done' in tried ? { what: 'state', said: `${person.name} is disabled and signed out everywhere.` } : tried;
	},
	enable: async (event) => {
		const { home, by, person } = await subject(event);
		await enableUser(home, person, by);
		return { what: 'state', said: `${person.name} may sign in again.` };
	},
	reset: async (event) => {
		const { home, by, person } = await subject(event);
		const form = await event.request.formData();
		const tried = await attempt(
			() => resetUser(home, person, by, { secondFactor: form.get('second_factor') === 'on' }),
			{ what: 'state' }
		);
		return 'done' in tried ? { what: 'state', link: linkAddress(event.url.origin, tried.done) } : tried;
	},
	end_session: async (event) => {
		const { home, by, person } = await subject(event);
		const id = field(await event.request.formData(), 'session');
		const sessions = id === 'all' ? await endSessionsOf(home, person.id) : await endSession(home, id, person.id);
		if (sessions) await record(home, { kind: 'session_revoked', by, detail: { user: person.id, sessions } });
		return { what: 'sessions', said: `${sessions} session${sessions === 1 ? '' : 's'} ended.` };
	}
};
