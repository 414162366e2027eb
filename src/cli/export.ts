import { accessSync, constants, createWriteStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import writeExcelFile from 'write-excel-file/node';
import { everyone } from '$lib/domain/scope';
import { attach, literal, name, openDatabase, type Row } from '$lib/server/duckdb';
import { intakeFile, readCurrent, resultsFile, type Home } from '$lib/server/home';
import { ensureIntake } from '$lib/server/load/intake';
import { wholeFile, writeCsv, writeJson } from '$lib/server/output';
import { publishedNames, query } from '$lib/server/query';
import { usage } from '$lib/server/trouble';
import { homeOf, printJson, say } from './terminal';

const formats = ['csv', 'parquet', 'xlsx', 'json'];
/** A worksheet holds 1,048,576 rows, one of which is the header. */
const sheetRows = 1_048_575;

async function writeParquet(home: Home, view: string, out: string): Promise<number> {
	const database = await openDatabase();
	const beside = `${out}.part`;
	try {
		const connection = await database.connect();
		const { intake, results } = readCurrent(home);
		if (results !== null && existsSync(resultsFile(home, results)))
			await attach(connection, resultsFile(home, results), 'results');
		if (intake !== null && existsSync(intakeFile(home, intake)))
			await attach(connection, intakeFile(home, intake), 'intake');
		const [from] = await connection.rows<{ catalog: string }>(
			`select table_catalog as catalog from information_schema.tables
			where table_name = $view and table_catalog in ('results', 'intake') order by table_catalog desc`,
			{ view }
		);
		const { Count } = await connection.row<{ Count: number }>(
			`copy (select * from ${from!.catalog}.main.${name(view)}) to ${literal(beside)} (format parquet, compression zstd)`
		);
		await rename(beside, out);
		return Count;
	} finally {
		database.close();
		await rm(beside, { force: true });
	}
}

async function writeWorkbook(home: Home, view: string, out: string, about: [string, string][]): Promise<number> {
	return await query(home, `select * from ${name(view)}`, everyone, async ({ columns, rows }) => {
		const sheet: unknown[][] = [columns.map((column) => ({ value: column, fontWeight: 'bold' }))];
		for await (const row of rows) {
			if (sheet.length > sheetRows)
				throw usage(
					`A worksheet holds ${sheetRows} rows and this is more. Nothing was written. Export csv or parquet instead.`
				);
			sheet.push(columns.map((column) => cell(row[column])));
		}
		const count = sheet.length - 1;
		const notes = [...about, ['Rows', String(count)]].map(([key, value]) => [
			{ value: key, fontWeight: 'bold' },
			{ value }
		]);
		const beside = `${out}.part`;
		const file = createWriteStream(beside, { mode: 0o600 });
		await writeExcelFile([
			{ data: sheet as never, sheet: view.slice(0, 31), stickyRowsCount: 1 },
			{ data: notes as never, sheet: 'About', columns: [{ width: 24 }, { width: 100 }] }
		]).toStream(file);
		await rename(beside, out);
		return count;
	});
}

function cell(value: unknown): unknown {
	if (value === null || value === undefined) return null;
	if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value))
		return { type: Date, value: new Date(`${value}T00:00:00Z`), format: 'yyyy-mm-dd' };
	if (typeof value === 'number') return { type: Number, value };
	if (typeof value === 'boolean') return { type: Boolean, value };
	return { type: String, value: Array.isArray(value) ? value.join('; ') : String(value) };
}

/** `mtm export VIEW`: every row of a published view or intake table, in a file. */
export function register(program: Command): void {
	program
		.command('export <view>')
		.description('all rows of a published view or intake table')
		.requiredOption('--format <format>', formats.join(', '))
		.requiredOption('--out <file>', 'the file to write')
		.option('--json', 'print one JSON value')
		.action(async (view: string, options: { format: string; out: string; json?: boolean }, command: Command) => {
			const home = homeOf(command);
			if (!formats.includes(options.format))
				throw usage(`"${options.format}" is no format; choose ${formats.join(', ')}.`);
			if (!publishedNames().includes(view))
				throw usage(
					`"${view}" is no published view or intake table. There are: ${publishedNames().sort().join(', ')}.`
				);
			try {
				accessSync(dirname(resolve(options.out)), constants.W_OK);
			} catch {
				throw usage(
					`${options.out} cannot be written: its folder is not there or is closed to you. Nothing was written.`
				);
			}
			await ensureIntake(home);
			const all = `select * from ${name(view)}`;
			let rows: number;
			if (options.format === 'csv')
				rows = await query(home, all, everyone, ({ columns, rows }) =>
					wholeFile(options.out, (out) => writeCsv(out, columns, rows))
				);
			else if (options.format === 'json')
				rows = await query(home, all, everyone, ({ rows }) => wholeFile(options.out, (out) => writeJson(out, rows)));
			else {
				// The same check as for any query: the view is there and may be read.
				await query(home, `select * from ${name(view)} limit 0`, everyone, async () => 0);
				if (options.format === 'parquet') rows = await writeParquet(home, view, options.out);
				else {
					const [run] = await query(home, 'select max(as_of) as as_of from adherence', everyone, async ({ rows }) => {
						const found: Row[] = [];
						for await (const row of rows) found.push(row);
						return found;
					}).catch(() => [] as Row[]);
					rows = await writeWorkbook(home, view, options.out, [
						['Product', 'OpenMTM'],
						['View', view],
						['Data through', String(run?.as_of ?? 'not computed')],
						['Filters', 'none: all rows'],
						['Identifiers', 'shown as loaded']
					]);
				}
			}
			const bytes = (await stat(options.out)).size;
			if (options.json) printJson({ view, format: options.format, out: options.out, rows, bytes });
			else say(`${rows} rows of ${view} written to ${options.out}.`);
		});
}
