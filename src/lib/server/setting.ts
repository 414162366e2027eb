import type { Connection } from './duckdb';

/** A row of the reference table `setting`: a number or a word that the calculations lean on and that a user may change. */
export type Setting = { setting: string; value: string; allowed: string };

/** What is wrong with a changed setting, in words; null when it may count. `shipped` are the settings that the program has. */
export function wrongSetting(changed: { setting: string; value: string }, shipped: readonly Setting[]): string | null {
	const known = shipped.find((each) => each.setting === changed.setting);
	if (!known)
		return `no setting is called "${changed.setting}"; known are ${shipped.map((each) => each.setting).join(', ')}`;
	const range = /^(\d+) to (\d+)$/.exec(known.allowed);
	if (!range)
		return known.allowed.split('|').includes(changed.value)
			? null
			: `${known.setting} is "${changed.value}", not ${known.allowed.split('|').join(' or ')}`;
	const number = Number(changed.value);
	return /^\d+$/.test(changed.value) && number >= Number(range[1]) && number <= Number(range[2])
		? null
		: `${known.setting} is "${changed.value}", not a whole number from ${known.allowed}`;
}

/** The settings that count, by name. Throws when one asked for is not there. */
export async function readSettings(
	connection: Connection
): Promise<{ number: (name: string) => number; word: (name: string) => string }> {
	const rows = await connection.rows<{ setting: string; value: string }>('select setting, value from setting');
	const values = new Map(rows.map((row) => [row.setting, row.value]));
	const word = (name: string) => {
		const value = values.get(name);
		if (value === undefined) throw new Error(`the reference table setting has no row ${name}`);
		return value;
	};
	return { word, number: (name) => Number(word(name)) };
}
