import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { literal, type Connection } from '$lib/server/duckdb';
import { gate, usage } from '$lib/server/trouble';

/** A file given to an import. */
export type Given = { name: string; sha256: string; text: string; header: string[]; isTabbed: boolean };

/** Reads a file with its header; throws when it cannot be read. */
export function read(path: string): Given {
	let bytes: Buffer;
	try {
		bytes = readFileSync(path);
	} catch (cause) {
		throw usage(`${path} cannot be read (${(cause as Error).message}). Nothing was changed.`);
	}
	const name = basename(path);
	if (bytes[0] === 0x50 && bytes[1] === 0x4b)
		throw usage(`${name} is a zip file. Nothing was changed. Unpack it and give product.txt and package.txt.`);
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		// The FDA's files come in the Windows character set.
		text = new TextDecoder('windows-1252').decode(bytes);
	}
	const first = text.slice(0, text.search(/\r?\n/) < 0 ? undefined : text.search(/\r?\n/));
	const isTabbed = first.includes('\t');
	const header = first
		.split(isTabbed ? '\t' : ',')
		.map((cell) => cell.replaceAll('"', '').trim().toLowerCase().replace(/\s+/g, '_'));
	return { name, sha256: createHash('sha256').update(bytes).digest('hex'), text, header, isTabbed };
}

/** The rows of a tab-separated file by column name; quotes around a cell go. */
export function* tabbed(file: Given): Generator<Record<string, string>> {
	const lines = file.text.split(/\r?\n/);
	for (let at = 1; at < lines.length; at++) {
		if (lines[at] === '') continue;
		const cells = lines[at]!.split('\t');
		const row: Record<string, string> = {};
		file.header.forEach((column, index) => {
			const cell = (cells[index] ?? '').trim();
			row[column] = /^".*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
		});
		yield row;
	}
}

/** The rows of a CSV or tab-separated file, all cells as text, null when empty. */
export async function cells(
	file: Given,
	connection: Connection,
	scratch: string
): Promise<Record<string, string | null>[]> {
	const path = join(scratch, `${file.sha256}.csv`);
	writeFileSync(path, file.text);
	try {
		const rows = await connection.rows<Record<string, string | null>>(
			`from read_csv(${literal(path)}, header = true, delim = ${literal(file.isTabbed ? '\t' : ',')}, quote = '"', escape = '"',
			all_varchar = true, parallel = false)`
		);
		return rows.map((row) => {
			const entries = Object.values(row).map((cell, at) => [
				file.header[at] ?? `column_${at + 1}`,
				cell?.trim() || null
			]);
			return Object.fromEntries(entries) as Record<string, string | null>;
		});
	} catch (cause) {
		throw gate(
			`${file.name} is not a table that can be read: ${(cause as Error).message.split('\n')[0]}. Nothing was changed. Mend the file and import it again.`
		);
	}
}

/** Stops the import when rows are wrong, naming the first ten. */
export function stopAt(file: Given, wrong: string[], rows: number): void {
	if (wrong.length === 0) return;
	const shown = wrong.slice(0, 10).join('\n  ');
	const more = wrong.length > 10 ? `\n  and ${thousands(wrong.length - 10)} more` : '';
	throw gate(
		`${file.name}: ${thousands(wrong.length)} of ${thousands(rows)} rows cannot be read. Nothing was changed. Mend them and import the file again.\n  ${shown}${more}`
	);
}

/** A number as sentences say it. */
export const thousands = (count: number) => count.toLocaleString('en-US');
