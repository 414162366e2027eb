import { once } from 'node:events';
import { createWriteStream, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { literal, openDatabase, type Connection } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { usage } from '$lib/server/trouble';
import type { InputFile } from './input';
import { rejectReason } from './layout';
import { loadFolder, readLoads, type LoadedFile } from './manifest';
import { ruleSentence } from './rule';
import { lineOf, scan, type Scan } from './scan';

/** The rejected rows of one file, before their text is fetched. */
export type Reject = {
	/** The file's place in the load. */
	order: number;
	file: LoadedFile;
	input: InputFile;
	lines: Scan['lines'] | null;
	bad: Scan['bad'];
	rows: { row: number; reject: string }[];
};

/** One rejected row as it is shown. */
export type RejectedRow = {
	file: string;
	table: string;
	line: number;
	column: string | null;
	reason: string;
	sentence: string;
	/** The row as it stands in the file, bytes that are not UTF-8 replaced. */
	raw: string;
};

/** Fetches the text of rejected rows from their files and keeps them with line, column and reason in rejects.parquet. */
export async function writeRejects(connection: Connection, folder: string, rejects: Reject[]): Promise<void> {
	const text = join(folder, 'rejects.ndjson');
	const out = createWriteStream(text);
	let number = 0;
	for (const { order, file, input, lines, bad, rows } of rejects) {
		const wanted = new Map<number, string>();
		const placeOf = (line: number) => input.origin?.rows[line - 1] ?? { file: file.name, line };
		for (const each of bad) wanted.set(each.line, ` ${each.fault}`);
		if (lines) for (const each of rows) wanted.set(lineOf(lines, each.row), each.reject);
		const write = (line: number, reject: string, raw: string) => {
			const [column, rule] = reject.split(' ') as [string, string];
			const { sentence } = ruleSentence(file.table, column || null, rule);
			out.write(
				`${JSON.stringify({ number: number++, file_order: order, ...placeOf(line), table_name: file.table, column_name: column || null, reason: rule, sentence, raw })}\n`
			);
		};
		if (lines)
			await scan(input.path, {
				isGzip: input.isGzip,
				isJson: input.format === 'json',
				visit: (seen) => {
					const reject = wanted.get(seen.line);
					if (reject !== undefined) write(seen.line, reject, seen.bytes.toString('base64'));
				}
			});
		else
			for (let from = 0; from < rows.length; from += 10_000) {
				const some = rows.slice(from, from + 10_000);
				const reasons = new Map(some.map((each) => [each.row, each.reject]));
				const found = await connection.rows<{ row: number; raw: string }>(
					`select file_row_number as row, to_json(each)::varchar as raw from (select * exclude (file_row_number), file_row_number from read_parquet(${literal(input.path)}, file_row_number = true)) as each where file_row_number in (${some.map((each) => each.row).join(', ')}) order by 1`
				);
				for (const each of found) {
					const { file_row_number: _, ...row } = JSON.parse(each.raw) as Record<string, unknown>;
					write(each.row + 1, reasons.get(each.row)!, Buffer.from(JSON.stringify(row)).toString('base64'));
				}
			}
	}
	out.end();
	await once(out, 'finish');
	await connection.run(
		`copy (select number, file_order, file, table_name, line, column_name, reason, sentence, from_base64(raw) as raw from read_json(${literal(text)}, format = 'newline_delimited', maximum_object_size = 33554432, columns = {number: 'bigint', file_order: 'integer', file: 'varchar', table_name: 'varchar', line: 'bigint', column_name: 'varchar', reason: 'varchar', sentence: 'varchar', raw: 'varchar'}) order by number) to ${literal(join(folder, 'rejects.parquet'))} (format parquet)`
	);
	rmSync(text);
}

const parquetOf = (home: Home, id: number) => {
	const load = readLoads(home).find((each) => each.load_id === id);
	if (!load) throw usage(`There is no load ${id}. "mtm loads list" shows them.`);
	const path = join(loadFolder(home, id), 'rejects.parquet');
	return { load, path: existsSync(path) ? path : null };
};

/** The rejected rows of a load, in file and line order; all of them unless limited. */
export async function rejectedRows(home: Home, id: number, limit?: number): Promise<RejectedRow[]> {
	const { path } = parquetOf(home, id);
	if (!path) return [];
	const database = await openDatabase();
	try {
		const connection = await database.connect();
		return (
			await connection.rows<RejectedRow & { raw64: string }>(
				`select file, table_name as "table", line, column_name as "column", reason, sentence, to_base64(raw) as raw64 from read_parquet(${literal(path)}) order by number${limit === undefined ? '' : ` limit ${limit}`}`
			)
		).map(({ raw64, ...row }) => ({ ...row, raw: Buffer.from(raw64, 'base64').toString('utf8') }));
	} finally {
		database.close();
	}
}

const inQuotes = (text: string) => `"${text.replaceAll('"', '""')}"`;

/**
 * Writes a load's rejected rows in their file's own layout plus a last column `reject_reason`; a second file with rejects goes beside `out`
 * with a number. Gives what was written.
 */
export async function exportRejects(
	home: Home,
	id: number,
	out: string
): Promise<{ file: string; out: string; rows: number }[]> {
	const { load, path } = parquetOf(home, id);
	const written: { file: string; out: string; rows: number }[] = [];
	if (!path) return written;
	const database = await openDatabase();
	try {
		const connection = await database.connect();
		for (const [order, file] of load.files.entries()) {
			if (!file.rejected) continue;
			const number = written.length + 1;
			const target = number === 1 ? out : out.replace(/(\.[^./\\]+)?$/, `-${number}$1`);
			const stream = createWriteStream(target, { mode: 0o600 });
			const delimiter = file.format === 'csv' ? file.delimiter : ',';
			const header = file.header.split('\n');
			const cell = (text: string) =>
				text.includes(delimiter) || /["\r\n]/.test(text) || text !== text.trim() ? inQuotes(text) : text;
			if (file.format !== 'json') stream.write(`${[...header.map(cell), rejectReason].join(delimiter)}\n`);
			const rows = await connection.rows<{
				raw64: string;
				column_name: string | null;
				sentence: string;
				reason: string;
			}>(
				`select to_base64(raw) as raw64, column_name, sentence, reason from read_parquet(${literal(path)}) where file_order = ${order} order by number`
			);
			for (const row of rows) {
				const raw = Buffer.from(row.raw64, 'base64');
				const reason = `${row.reason}: ${row.sentence}`;
				if (file.format === 'csv') {
					stream.write(raw);
					stream.write(`${delimiter}${inQuotes(reason)}\n`);
				} else if (file.format === 'json') {
					const text = raw.toString('utf8');
					const end = text.lastIndexOf('}');
					stream.write(
						row.reason === 'broken_json' || end < 0
							? `${text}\n`
							: `${text.slice(0, end)}${text.slice(0, end).trim() === '{' ? '' : ','}${JSON.stringify(rejectReason)}:${JSON.stringify(reason)}}\n`
					);
				} else {
					const values = JSON.parse(raw.toString('utf8')) as Record<string, unknown>;
					const cells = header.map((each) => {
						const value = values[each];
						return value === null || value === undefined
							? ''
							: cell(typeof value === 'object' ? JSON.stringify(value) : String(value));
					});
					stream.write(`${[...cells, inQuotes(reason)].join(delimiter)}\n`);
				}
			}
			stream.end();
			await once(stream, 'finish');
			written.push({ file: file.name, out: target, rows: rows.length });
		}
		return written;
	} finally {
		database.close();
	}
}
