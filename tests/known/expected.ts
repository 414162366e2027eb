import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const folder = join('tests', 'known');

/** Reads one CSV text with quotes; a header gives the names. */
export function readCsv(text: string): Record<string, string>[] {
	const lines: string[][] = [[]];
	for (const [, cell = '', end] of text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g)) {
		lines.at(-1)!.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
		if (end !== ',') lines.push([]);
		if (end === '') break;
	}
	const [names = [], ...rows] = lines.filter((line) => line.length > 1 || line[0]);
	return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? ''])));
}

export const expected = (file: string) => readCsv(readFileSync(join(folder, 'expected', file), 'utf8'));

const told = (value: unknown) => (value === null || value === undefined || value === '' ? 'NULL' : String(value));

/** Whether a cell that came is the one that was worked out: numbers to the sixth decimal, empty is NULL, `*` is anything. */
function same(want: string, got: unknown): boolean {
	if (want === '*') return true;
	if (want === '') return got === null;
	if (typeof got === 'number') return Math.abs(Number(want) - got) < 0.000_001;
	return String(got) === want;
}

/**
 * Each difference between the rows worked out and the rows that came, as a line a person can read.
 * Rows are matched by `key`; every other column of the expected rows is compared.
 */
export function differences(
	wanted: Record<string, string>[],
	came: Record<string, unknown>[],
	key: string[],
	label = ''
): string[] {
	const name = (row: Record<string, unknown>) => key.map((column) => told(row[column])).join(' ');
	const found = new Map<string, Record<string, unknown>>();
	const wrong: string[] = [];
	for (const row of came) {
		if (found.has(name(row))) wrong.push(`${label}${name(row)}: came twice`);
		found.set(name(row), row);
	}
	for (const want of wanted) {
		const got = found.get(name(want));
		found.delete(name(want));
		if (!got) {
			wrong.push(`${label}${name(want)}: expected, did not come`);
			continue;
		}
		for (const [column, value] of Object.entries(want))
			if (!key.includes(column) && !same(value, got[column]))
				wrong.push(`${label}${name(want)}: ${column} expected ${told(value)}, got ${told(got[column])}`);
	}
	for (const extra of found.keys()) wrong.push(`${label}${extra}: came, not expected`);
	return wrong;
}
