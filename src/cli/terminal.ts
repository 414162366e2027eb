import type { Command } from 'commander';
import { verbNeed } from '$lib/domain/need';
import { isDay } from '$lib/domain/population';
import { roleCard } from '$lib/domain/role';
import { everyone, type Scope } from '$lib/domain/scope';
import { viewerOf, type Viewer } from '$lib/domain/viewer';
import { homeAt, openHome, readCurrent, type Home } from '$lib/server/home';
import { homeMeant } from '$lib/server/kept';
import { shellOwner } from '$lib/server/records/log';
import { needUser } from '$lib/server/sign_in/people';
import { denied, usage } from '$lib/server/trouble';
import { ask } from '$lib/server/warehouse';

/** The home a command works in: `--home` before or after the verb, else MTM_HOME, else data/local. Not made. */
export function homeOf(command: Command): Home {
	return homeAt(given(command, 'home') ?? process.env.MTM_HOME ?? 'data/local');
}

/** The day of an option; exit 1 when the text is none. */
export function asOfDay(text: string): string {
	if (!isDay(text)) throw usage(`"${text}" is no day. Nothing was changed. Write it as --as-of 2026-09-30.`);
	return text;
}

/** Reads the number of an option; exit 1 when the text is none. */
const numberOf =
	(what: string, like: string) =>
	(text: string): number => {
		if (!/^[1-9]\d{0,8}$/.test(text))
			throw usage(`"${text}" is no number of ${what}. Nothing was changed. Write it as ${like}.`);
		return Number(text);
	};

export const loadNumber = numberOf('a load', '--known 7 ("mtm loads list" shows them)');
export const resultsNumber = numberOf('results', '--drop 3 ("mtm results" shows them)');

/** Lets a verb that tells of results tell of kept ones, of a day or of what had been received by a load. */
export const withKept = (verb: Command): Command =>
	verb
		.option('--as-of <date>', 'the results kept of this day in place of the current ones', asOfDay)
		.option('--known <load>', 'the results kept of what had been received by this load', loadNumber);

/** The home that a command answers from, held to the kept results that its options mean. Exit 1 when none are kept of them. */
export async function answeringHome(command: Command): Promise<Home> {
	const home = homeOf(command);
	const { asOf = null, known } = command.opts<{ asOf?: string; known?: number }>();
	if (asOf === null && known === undefined) return home;
	const [run] =
		readCurrent(home).results === null
			? []
			: await ask<{ as_of: string; loads: number[] }>(home, 'latest_run', {}, shellScope());
	if (!run) return home;
	const meant = homeMeant(home, { asof: asOf, known: known === undefined ? null : String(known) }, run);
	if (meant.problems.length) throw usage(`${meant.problems.map(({ why }) => why).join('. ')}. Nothing was answered.`);
	return meant.home;
}

/** An option that may stand before or after the verb. */
function given(command: Command, option: 'home' | 'as'): string | undefined {
	for (let at: Command | null = command; at; at = at.parent) {
		const value = at.opts<{ home?: string; as?: string }>()[option];
		if (value) return value;
	}
	return undefined;
}

let taken: Viewer | null = null;

/** The user whose view this command takes (`--as`); null for the owner, who sees and may do everything. */
export const takenView = (): Viewer | null => taken;

/** Whose patients this command sees, and how much of each: everybody in full for the owner. */
export const shellScope = (): Scope => taken?.scope ?? everyone;

/** Who acts, as the access log names them. */
export const shellBy = (): string => taken?.user.id ?? shellOwner;

/**
 * Takes the view of the user named by `--as` before a verb runs. Exit 1 when there is no such user, 3 when they are disabled, may not
 * use the verb, or the verb is the owner's alone.
 */
export async function takeView(command: Command): Promise<void> {
	const name = given(command, 'as');
	taken = null;
	if (!name) return;
	const words: string[] = [];
	for (let at: Command | null = command; at?.parent; at = at.parent) words.unshift(at.name());
	const verb = words.join(' ');
	const person = await needUser(homeOf(command), name);
	const viewer = person.disabled_at === null ? viewerOf(person, { id: 'shell', reveals: [] }) : null;
	if (!viewer) throw denied(`${person.name} is disabled and sees nothing. Nothing was done. Leave out --as.`);
	const need = verbNeed(verb);
	if (need === null)
		throw denied(
			`"mtm ${verb}" is the owner's alone: nobody's view can be taken in it. Nothing was done. Leave out --as.`
		);
	if (need !== 'signed_in' && !viewer.can(need))
		throw denied(
			`${person.name} (${roleCard(viewer.user.role).title}) may not use "mtm ${verb}". Nothing was done. Leave out --as to act as the owner.`
		);
	taken = viewer;
}

/** The same, made when it is not there. */
export const madeHomeOf = (command: Command): Home => openHome(homeOf(command).folder);

/** Says something to the person, on standard error: on a terminal as it is, else with the time before it. */
export function say(text: string): void {
	process.stderr.write(process.stderr.isTTY ? `${text}\n` : `${new Date().toISOString()} ${text}\n`);
}

/** Prints one JSON value on standard output. */
export function printJson(value: unknown): void {
	process.stdout.write(`${JSON.stringify(value, null, '\t')}\n`);
}

/** Prints rows as aligned text, numbers to the right. */
export function printTable(rows: Record<string, unknown>[]): void {
	if (!rows.length) return;
	const names = Object.keys(rows[0]!);
	const text = (value: unknown) =>
		value === null || value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);
	const widths = names.map((key) => rows.reduce((widest, row) => Math.max(widest, text(row[key]).length), key.length));
	const line = (cells: string[], numbers: boolean[]) =>
		cells
			.map((cell, at) => (numbers[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
			.join('  ')
			.trimEnd();
	const numbers = names.map((key) => rows.every((row) => row[key] === null || typeof row[key] === 'number'));
	process.stdout.write(`${line(names, numbers)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}\n`);
	for (const row of rows)
		process.stdout.write(
			`${line(
				names.map((key) => text(row[key])),
				numbers
			)}\n`
		);
}
