import { roleCard, type Role } from '$lib/domain/role';
import { unlimited, type Limits } from '$lib/domain/scope';
import type { Home } from '$lib/server/home';
import { linkAddress, makeLink } from '$lib/server/sign_in/link';
import { addUser, findUser, people } from '$lib/server/sign_in/people';
import { demoOf } from './mark';
import { stores } from './world';

/** One user a role, with the limits such a person would have. */
const wanted: { name: string; role: Role; limits?: Partial<Limits> }[] = [
	{ name: 'demo-lead', role: 'quality_lead' },
	{
		name: 'demo-manager',
		role: 'pharmacy_manager',
		limits: { pharmacies: stores.slice(0, 3).map((store) => store.npi) }
	},
	{ name: 'demo-caller', role: 'quality_caller', limits: { programs: ['part_d'] } },
	{ name: 'demo-auditor', role: 'payer_auditor', limits: { contracts: ['H9001'] } },
	{ name: 'demo-engineer', role: 'data_engineer' },
	{ name: 'demo-viewer', role: 'viewer' },
	{ name: 'demo-admin', role: 'administrator' }
];

/** Makes the users of the demo that are not there yet; they have no password and sign in by link. */
export async function makeDemoUsers(home: Home): Promise<void> {
	for (const { name, role, limits } of wanted)
		if (!(await findUser(home, name)))
			await addUser(home, { name, role, limits: { ...unlimited, ...limits }, isDemo: true }, 'demo');
}

/** A fresh one-time link for each user of the demo who has no password; none in a home that holds other people, too. */
export async function demoLinks(home: Home, origin: string): Promise<{ name: string; role: string; link: string }[]> {
	if (demoOf(home) !== 'alone') return [];
	const waiting = (await people(home)).filter(
		(person) => person.is_demo && person.disabled_at === null && person.password_hash === null
	);
	const found = [];
	for (const { name } of wanted) {
		const person = waiting.find((one) => one.name === name);
		if (person)
			found.push({
				name,
				role: roleCard(person.role as Role).title,
				link: linkAddress(origin, await makeLink(home, person.id))
			});
	}
	return found;
}
