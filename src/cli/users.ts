import type { Command } from 'commander';
import { roles } from '$lib/domain/role';
import { unlimited, type Limits } from '$lib/domain/scope';
import type { Home } from '$lib/server/home';
import { endSession, endSessionsOf, sessionsOf, type UserRow } from '$lib/server/lucia/session';
import { record } from '$lib/server/records/log';
import { linkAddress, linkHours, makeLink, originOf } from '$lib/server/sign_in/link';
import {
	addUser,
	changeUser,
	checkedRole,
	disableUser,
	enableUser,
	limitsOf,
	needUser,
	people,
	resetUser
} from '$lib/server/sign_in/people';
import { changeSetting, signInSettings, type SettingName } from '$lib/server/sign_in/settings';
import { usage } from '$lib/server/trouble';
import { homeOf, madeHomeOf, printJson, printTable, say, shellBy } from './terminal';

type LimitWords = { pharmacies?: string; plans?: string; contracts?: string; programs?: string };
const kinds = ['pharmacies', 'plans', 'contracts', 'programs'] as const;

/** The limits that the options set; those not given stay as they were, "all" takes a limit away. */
function limitsFrom(options: LimitWords, before: Limits): Limits {
	const limits = { ...before };
	for (const kind of kinds) {
		const words = options[kind];
		if (words !== undefined)
			limits[kind] =
				words === 'all'
					? null
					: words
							.split(',')
							.map((one) => one.trim())
							.filter(Boolean);
	}
	return limits;
}

const withLimits = (command: Command) =>
	command
		.option('--pharmacies <npis>', 'only patients of these pharmacies: NPIs with commas between, or all')
		.option('--plans <plans>', 'only patients of these plans, or all')
		.option('--contracts <contracts>', 'only patients of these contracts, or all')
		.option(
			'--programs <programs>',
			'only patients of these MTM programmes (part_d, medicaid, commercial, other), or all'
		);

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** A user as it is printed; never a hash or a secret. */
const shown = (person: UserRow) => ({
	name: person.name,
	role: person.role,
	...limitsOf(person),
	state:
		person.disabled_at !== null ? 'disabled' : person.password_hash || person.is_demo ? 'active' : 'no password yet',
	second_factor: person.totp_secret !== null,
	created_at: iso(person.created_at)
});

function printLink(home: Home, person: UserRow, token: string | null, json?: boolean): void {
	const link = token && linkAddress(originOf(home), token);
	if (json) return printJson({ ...shown(person), link });
	if (link) {
		say(`This link lets ${person.name} choose a password. It works once, within ${linkHours} hours:`);
		process.stdout.write(`${link}\n`);
	}
}

/** `mtm users`: who may sign in to the web; all of it takes effect at once, also while serving. */
export function register(program: Command): void {
	const users = program
		.command('users')
		.description('who may sign in: add, list, disable, enable, reset, role, scope, sessions, revoke, rules');

	withLimits(users.command('add').description('adds a user, who then chooses a password through a one-time link'))
		.argument('<name>')
		.requiredOption('--role <role>', roles.join(', '))
		.option('--link', 'print a one-time link')
		.option('--json', 'print one JSON value')
		.action(
			async (
				name: string,
				options: LimitWords & { role: string; link?: boolean; json?: boolean },
				command: Command
			) => {
				const by = shellBy();
				const home = madeHomeOf(command);
				const limits = limitsFrom(options, unlimited);
				const person = await addUser(home, { name, role: checkedRole(options.role), limits }, by);
				say(`${person.name} was added as ${person.role}.`);
				if (!options.link && !options.json) say(`"mtm users reset ${name}" prints the link to a first password.`);
				printLink(home, person, options.link ? await makeLink(home, person.id) : null, options.json);
			}
		);

	users
		.command('list')
		.description('every user: role, limits, state')
		.option('--json', 'print one JSON value')
		.action(async (options: { json?: boolean }, command: Command) => {
			const found = (await people(homeOf(command))).map(shown);
			if (options.json) return printJson(found);
			if (!found.length) return say('There are no users yet. "mtm init" makes the first administrator.');
			printTable(
				found.map(({ created_at, second_factor, ...row }) => ({
					...row,
					second_factor: second_factor ? 'yes' : 'no',
					created: created_at?.slice(0, 10)
				}))
			);
		});

	const change = (verb: string, what: string, work: (home: Home, person: UserRow, by: string) => Promise<string>) =>
		users
			.command(verb)
			.description(what)
			.argument('<name>')
			.action(async (name: string, _: object, command: Command) => {
				const by = shellBy();
				const home = homeOf(command);
				const person = await needUser(home, name);
				say(await work(home, person, by));
			});

	change('disable', 'shuts a user out; their sessions end at once', async (home, person, by) => {
		await disableUser(home, person, by);
		return `${person.name} is disabled and signed out everywhere.`;
	});
	change('enable', 'lets a disabled user sign in again', async (home, person, by) => {
		await enableUser(home, person, by);
		return `${person.name} may sign in again.`;
	});

	users
		.command('reset')
		.description('prints a new one-time link and ends the sessions')
		.argument('<name>')
		.option('--second-factor', 'take the second factor away, too: the phone is lost')
		.option('--json', 'print one JSON value')
		.action(async (name: string, options: { secondFactor?: boolean; json?: boolean }, command: Command) => {
			const by = shellBy();
			const home = homeOf(command);
			const person = await needUser(home, name);
			const token = await resetUser(home, person, by, { secondFactor: options.secondFactor });
			printLink(home, await needUser(home, name), token, options.json);
		});

	users
		.command('role')
		.description('gives a user another role')
		.argument('<name>')
		.argument('<role>', roles.join(', '))
		.action(async (name: string, role: string, _: object, command: Command) => {
			const by = shellBy();
			const home = homeOf(command);
			const person = await needUser(home, name);
			await changeUser(home, person, { role: checkedRole(role) }, by);
			say(`${person.name} was ${person.role} and is ${role}.`);
		});

	withLimits(users.command('scope').description('sets whose patients a user may see; what is not given stays'))
		.argument('<name>')
		.action(async (name: string, options: LimitWords, command: Command) => {
			const by = shellBy();
			const home = homeOf(command);
			const person = await needUser(home, name);
			if (kinds.every((kind) => options[kind] === undefined))
				throw usage(
					'Nothing was said about the limits, so nothing was changed. Give --pharmacies, --plans, --contracts or --programs.'
				);
			await changeUser(home, person, { limits: limitsFrom(options, limitsOf(person)) }, by);
			say(`The limits of ${person.name} are set.`);
		});

	users
		.command('sessions')
		.description('where a user is signed in')
		.argument('<name>')
		.option('--json', 'print one JSON value')
		.action(async (name: string, options: { json?: boolean }, command: Command) => {
			const home = homeOf(command);
			const found = (await sessionsOf(home, (await needUser(home, name)).id)).map((one) => ({
				session: one.id,
				since: iso(one.created_at),
				active: iso(one.active_at),
				locked: one.locked_at !== null,
				address: one.address,
				browser: one.browser
			}));
			if (options.json) return printJson(found);
			if (!found.length) return say(`${name} is signed in nowhere.`);
			printTable(found.map((row) => ({ ...row, locked: row.locked ? 'yes' : 'no' })));
		});

	users
		.command('revoke')
		.description('ends one session of a user, or all of them, at once')
		.argument('<name>')
		.argument('[session]', 'as "users sessions" names it')
		.action(async (name: string, session: string | undefined, _: object, command: Command) => {
			const by = shellBy();
			const home = homeOf(command);
			const person = await needUser(home, name);
			const ended = session ? await endSession(home, session, person.id) : await endSessionsOf(home, person.id);
			if (session && !ended) throw usage(`${person.name} has no session ${session}. Nothing was changed.`);
			await record(home, { kind: 'session_revoked', by, detail: { user: person.id, sessions: ended } });
			say(`${ended} session${ended === 1 ? '' : 's'} of ${person.name} ended.`);
		});

	users
		.command('rules')
		.description('the rules of signing in, shown or set')
		.option('--idle-minutes <n>', 'a page locks after so long without anything done')
		.option('--lifetime-hours <n>', 'a session ends after so long whatever happens')
		.option('--shortest-password <n>', 'fewest characters, never under 8')
		.option('--second-factor <roles>', 'roles that must have a second factor, commas between, or none')
		.option('--json', 'print one JSON value')
		.action(
			async (
				options: {
					idleMinutes?: string;
					lifetimeHours?: string;
					shortestPassword?: string;
					secondFactor?: string;
					json?: boolean;
				},
				command: Command
			) => {
				const by = shellBy();
				const home = homeOf(command);
				const wanted: [SettingName, string | undefined][] = [
					['idle_minutes', options.idleMinutes],
					['lifetime_hours', options.lifetimeHours],
					['shortest_password', options.shortestPassword],
					['second_factor', options.secondFactor === 'none' ? '' : options.secondFactor]
				];
				for (const [name, value] of wanted) if (value !== undefined) await changeSetting(home, name, value, by);
				const now = await signInSettings(home);
				const rules = {
					idle_minutes: now.idle / 60_000,
					lifetime_hours: now.lifetime / 3_600_000,
					shortest_password: now.shortest,
					second_factor: now.secondFactor
				};
				if (options.json) return printJson(rules);
				for (const [name, value] of Object.entries(rules))
					process.stdout.write(`${name}: ${Array.isArray(value) ? value.join(', ') || 'none' : value}\n`);
			}
		);
}
