import type { Command } from 'commander';
import { homeAt, openHome, type Home } from '$lib/server/home';
import { denied } from '$lib/server/trouble';

/** The home a command works in: `--home` before or after the verb, else MTM_HOME, else data/local. Not made. */
export function homeOf(command: Command): Home {
	const options = command.optsWithGlobals<{ home?: string; as?: string }>();
	let home = options.home;
	for (let at: Command | null = command; at && !home; at = at.parent) home = at.opts<{ home?: string }>().home;
	if (options.as) throw denied("There are no users yet, so nobody's view can be taken. Leave out --as.");
	return homeAt(home ?? process.env.MTM_HOME ?? 'data/local');
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
