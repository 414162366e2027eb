import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Row } from './duckdb';

export type Columns = string[];

/**
 * One CSV cell after RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe before it, unless it is for a
 * program (`asIs`); numbers stay numbers.
 */
export function csvCell(value: unknown, asIs = false): string {
	if (value === null || value === undefined) return '';
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	let text = Array.isArray(value)
		? value.join('; ')
		: typeof value === 'object'
			? JSON.stringify(value)
			: String(value);
	if (!asIs && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One CSV line, ended as RFC 4180 says. */
export const csvLine = (cells: unknown[], asIs = false) => `${cells.map((cell) => csvCell(cell, asIs)).join(',')}\r\n`;

/** Writes rows to a stream as CSV with a header and returns how many there were; waits when the stream is full. */
export async function writeCsv(
	out: Writable,
	columns: Columns,
	rows: AsyncIterable<Row> | Iterable<Row>,
	asIs = false
): Promise<number> {
	let count = 0;
	let text = csvLine(columns, asIs);
	for await (const row of rows) {
		count++;
		text += csvLine(
			columns.map((column) => row[column]),
			asIs
		);
		if (text.length > 65_536) {
			if (!out.write(text)) await once(out, 'drain');
			text = '';
		}
	}
	if (!out.write(text)) await once(out, 'drain');
	return count;
}

/** Writes rows to a stream as one JSON array of objects, of these columns when given, and returns how many there were. */
export async function writeJson(
	out: Writable,
	rows: AsyncIterable<Row> | Iterable<Row>,
	columns?: Columns
): Promise<number> {
	let count = 0;
	let text = '[';
	for await (const row of rows) {
		text += `${count++ ? ',' : ''}\n${JSON.stringify(columns ? Object.fromEntries(columns.map((column) => [column, row[column] ?? null])) : row)}`;
		if (text.length > 65_536) {
			if (!out.write(text)) await once(out, 'drain');
			text = '';
		}
	}
	if (!out.write(`${text}${count ? '\n' : ''}]\n`)) await once(out, 'drain');
	return count;
}

/** Writes a file whole or not at all: what `write` makes is renamed into place at its end, and removed when it fails. */
export async function wholeFile(path: string, write: (out: Writable) => Promise<number>): Promise<number> {
	const beside = `${path}.part`;
	const out = createWriteStream(beside, { mode: 0o600 });
	try {
		const count = await write(out);
		out.end();
		await once(out, 'close');
		await rename(beside, path);
		return count;
	} catch (cause) {
		out.destroy();
		await rm(beside, { force: true });
		throw cause;
	}
}
