import { limitWords } from '$lib/domain/limit_words';
import { isRole, roleCard, roles } from '$lib/domain/role';
import { theHome, viewerWho } from '$lib/server/door';
import { attempt, field } from '$lib/server/sign_in/form';
import { limitsField } from '$lib/server/sign_in/limits_form';
import { linkAddress, makeLink } from '$lib/server/sign_in/link';
import { addUser, checkedRole, limitsOf, people } from '$lib/server/sign_in/people';
import { changeSetting, signInSettings } from '$lib/server/sign_in/settings';
import type { Actions, PageServerLoad } from './$types';

/** Everybody who may sign in, and the rules of doing so. */
export const load: PageServerLoad = async (event) => {
	viewerWho('manage_users', event);
	const { idle, shortest, secondFactor } = await signInSettings(theHome());
	return {
		roles: roles.map((id) => ({ id, title: roleCard(id).title })),
		people: (await people(theHome())).map((person) => ({
			id: person.id,
			name: person.name,
			role: isRole(person.role) ? roleCard(person.role).title : person.role,
			limits: limitWords(limitsOf(person)),
			state:
				person.disabled_at !== null
					? 'Disabled'
					: person.password_hash !== null || person.is_demo
						? 'Active'
						: 'No password yet',
			secondFactor: person.totp_secret !== null
		})),
		rules: { idle_minutes: idle / 60_000, shortest_password: shortest, second_factor: secondFactor }
	};
};

export const actions: Actions = {
	add: async (event) => {
		const by = viewerWho('manage_users', event).user.id;
		const form = await event.request.formData();
		const kept = { what: 'add', name: field(form, 'name'), role: field(form, 'role') };
		const tried = await attempt(
			() => addUser(theHome(), { name: kept.name, role: checkedRole(kept.role), limits: limitsField(form) }, by),
			kept
		);
		if (!('done' in tried)) return tried;
		const { id, name } = tried.done;
		return { what: 'add', added: { id, name, link: linkAddress(event.url.origin, await makeLink(theHome(), id)) } };
	},
	rules: async (event) => {
		const by = viewerWho('manage_users', event).user.id;
		const form = await event.request.formData();
		const tried = await attempt(
			async () => {
				await changeSetting(theHome(), 'idle_minutes', field(form, 'idle_minutes'), by);
				await changeSetting(theHome(), 'shortest_password', field(form, 'shortest_password'), by);
				await changeSetting(theHome(), 'second_factor', form.getAll('second_factor').join(','), by);
			},
			{ what: 'rules' }
		);
		return 'done' in tried ? { what: 'rules', said: 'The rules are set.' } : tried;
	}
};
