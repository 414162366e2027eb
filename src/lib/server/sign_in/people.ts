import { and, asc, eq, isNull, ne } from 'drizzle-orm';
import { isRole, roleCard, roles, type Role } from '$lib/domain/role';
import { unlimited, type Limits } from '$lib/domain/scope';
import type { Home } from '$lib/server/home';
import { endSessionsOf, type UserRow } from '$lib/server/lucia/session';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { user } from '$lib/server/records/schema';
import { usage } from '$lib/server/trouble';
import { makeLink } from './link';
import { hashPassword, passwordProblem } from './password';
import { endSecondFactor } from './second_factor';
import { randomId } from './secret';
import { signInSettings } from './settings';
import { forgetFailures } from './throttle';

/** A name as compared. */
export const nameKey = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

function checkedName(name: string): string {
	const plain = name.normalize('NFKC').trim();
	if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@'-]{1,63}$/u.test(plain))
		throw usage(
			`"${plain}" is no user name: 2 to 64 letters, digits, blanks or . _ @ ' -, beginning with a letter or digit. Nothing was changed.`
		);
	return plain;
}

/** The role of that name; exit 1 when there is none. */
export function checkedRole(text: string): Role {
	if (!isRole(text)) throw usage(`There is no role "${text}". Nothing was changed. Roles: ${roles.join(', ')}.`);
	return text;
}

/** Limits that can be held; exit 1 for an NPI that is none, an unknown programme, or an administrator with limits. */
function checkedLimits(role: Role, limits: Limits): Limits {
	const wrong = (limits.pharmacies ?? []).filter((npi) => !/^\d{10}$/.test(npi));
	if (wrong.length)
		throw usage(`${wrong.join(', ')}: a pharmacy is named by its NPI, ten digits. Nothing was changed.`);
	const unknown = (limits.programs ?? []).filter((one) => !['part_d', 'medicaid', 'commercial', 'other'].includes(one));
	if (unknown.length)
		throw usage(`${unknown.join(', ')}: programmes are part_d, medicaid, commercial and other. Nothing was changed.`);
	if (role === 'administrator' && Object.values(limits).some((list) => list !== null))
		throw usage('An administrator has no limits. Nothing was changed. Leave them out, or choose another role.');
	return limits;
}

/** True before the first user is there. */
export async function hasNoUsers(home: Home): Promise<boolean> {
	return (await (await records(home)).select({ id: user.id }).from(user).limit(1)).length === 0;
}

/** Every user, by name. */
export const people = async (home: Home): Promise<UserRow[]> =>
	await (await records(home)).select().from(user).orderBy(asc(user.name_key));

/** The user of a name, in any case of letters; null when there is none. */
export async function findUser(home: Home, name: string): Promise<UserRow | null> {
	return (
		(
			await (
				await records(home)
			)
				.select()
				.from(user)
				.where(eq(user.name_key, nameKey(name)))
		)[0] ?? null
	);
}

/** The user of an id; null when there is none. */
export async function userById(home: Home, id: string): Promise<UserRow | null> {
	return (await (await records(home)).select().from(user).where(eq(user.id, id)))[0] ?? null;
}

/** The user of a name; exit 1 when there is none. */
export async function needUser(home: Home, name: string): Promise<UserRow> {
	const found = await findUser(home, name);
	if (!found) throw usage(`There is no user "${name}". Nothing was changed. "mtm users list" names them.`);
	return found;
}

export type NewUser = { name: string; role: Role; limits?: Limits; isDemo?: boolean };

/** Adds a user, who cannot sign in before a link or a password; exit 1 when the name is taken. `first` fails when there is a user already. */
export async function addUser(home: Home, wanted: NewUser, by: string, first = false): Promise<UserRow> {
	const name = checkedName(wanted.name);
	const limits = checkedLimits(wanted.role, wanted.limits ?? unlimited);
	const database = await records(home);
	const row = await database.transaction(async (work) => {
		if (first && (await work.select({ id: user.id }).from(user).limit(1)).length)
			throw usage('There is a user already, so this is not the first. Nothing was changed. Sign in instead.');
		const taken = await work
			.select()
			.from(user)
			.where(eq(user.name_key, nameKey(name)));
		if (taken.length)
			throw usage(`There is a user "${taken[0]!.name}" already. Nothing was changed. Choose another name.`);
		const id = randomId();
		const [added] = await work
			.insert(user)
			.values({
				id,
				name,
				name_key: nameKey(name),
				role: wanted.role,
				...limits,
				is_demo: wanted.isDemo ?? false,
				created_at: Date.now(),
				created_by: by
			})
			.returning();
		return added!;
	});
	await record(home, {
		kind: 'user_added',
		by,
		detail: { user: row.id, name, role: row.role, limits: given(limits) }
	});
	return row;
}

const given = (limits: Limits) => Object.fromEntries(Object.entries(limits).filter(([, list]) => list !== null));
/** Whose patients a user may see. */
export const limitsOf = ({ pharmacies, plans, contracts, programs }: UserRow): Limits => ({
	pharmacies,
	plans,
	contracts,
	programs
});

/** Changes the role or the limits; takes effect with the person's next click. The last administrator stays one. */
export async function changeUser(
	home: Home,
	person: UserRow,
	patch: { role?: Role; limits?: Limits },
	by: string
): Promise<void> {
	const role = patch.role ?? checkedRole(person.role);
	const limits = checkedLimits(role, patch.limits ?? limitsOf(person));
	await changed(home, person, { role, ...limits });
	await record(home, {
		kind: 'user_changed',
		by,
		detail: {
			user: person.id,
			before: { role: person.role, limits: given(limitsOf(person)) },
			after: { role, limits: given(limits) }
		}
	});
}

/** Disables a user, whose sessions end at once. The last administrator cannot be disabled. */
export async function disableUser(home: Home, person: UserRow, by: string): Promise<void> {
	if (person.disabled_at !== null) return;
	await changed(home, person, { disabled_at: Date.now() });
	const sessions = await endSessionsOf(home, person.id);
	await record(home, { kind: 'user_changed', by, detail: { user: person.id, disabled: true, sessions } });
}

/** Lets a disabled user sign in again. */
export async function enableUser(home: Home, person: UserRow, by: string): Promise<void> {
	if (person.disabled_at === null) return;
	await changed(home, person, { disabled_at: null });
	await record(home, { kind: 'user_changed', by, detail: { user: person.id, disabled: false } });
}

async function changed(home: Home, person: UserRow, patch: Partial<UserRow>): Promise<void> {
	const stays = (patch.role ?? person.role) === 'administrator' && !(patch.disabled_at ?? null);
	await (
		await records(home)
	).transaction(async (work) => {
		if (person.role === 'administrator' && person.disabled_at === null && !stays) {
			const others = await work
				.select({ id: user.id })
				.from(user)
				.where(and(eq(user.role, 'administrator'), isNull(user.disabled_at), ne(user.id, person.id)));
			if (!others.length)
				throw usage(
					`${person.name} is the last administrator, so nothing was changed. Make somebody else an administrator first.`
				);
		}
		await work.update(user).set(patch).where(eq(user.id, person.id));
	});
}

/**
 * A new one-time link, the end of every session, and a fresh count of failures; the old password works until the link is used. With
 * `secondFactor` the second factor goes too, for a lost phone. Returns the link's token.
 */
export async function resetUser(
	home: Home,
	person: UserRow,
	by: string,
	options: { secondFactor?: boolean } = {}
): Promise<string> {
	if (person.disabled_at !== null)
		throw usage(`${person.name} is disabled. Nothing was changed. Enable the user first.`);
	const token = await makeLink(home, person.id);
	const sessions = await endSessionsOf(home, person.id);
	await forgetFailures(home, person.name_key);
	await record(home, { kind: 'password_reset', by, detail: { user: person.id, link: true, sessions } });
	if (options.secondFactor) await endSecondFactor(home, person.id, by);
	return token;
}

/** Exit 1 with the reason when a person may not choose this password. */
export async function checkPassword(home: Home, { name }: Pick<UserRow, 'name'>, password: string): Promise<void> {
	const { shortest } = await signInSettings(home);
	const problem = passwordProblem(password, shortest, [name, ...name.split(/[\s._@'-]+/)]);
	if (problem) throw usage(problem);
}

/** Sets the password a person chose; every other session of theirs ends. Exit 1 with the reason for one that may not be. */
export async function choosePassword(home: Home, person: UserRow, password: string, but?: string): Promise<void> {
	await checkPassword(home, person, password);
	const password_hash = await hashPassword(password);
	await (await records(home)).update(user).set({ password_hash }).where(eq(user.id, person.id));
	const sessions = await endSessionsOf(home, person.id, but);
	await record(home, { kind: 'password_reset', by: person.id, detail: { user: person.id, chosen: true, sessions } });
}

/** What a user's role is called. */
export const roleTitle = (person: UserRow): string => (isRole(person.role) ? roleCard(person.role).title : person.role);
