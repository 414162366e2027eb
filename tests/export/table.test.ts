import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { literal, openDatabase, type Row } from '$lib/server/duckdb';
import { exportOf, startExport, type Order } from '$lib/server/export/job';
import { sheetRows } from '$lib/server/export/workbook';
import { writeTable, type Format } from '$lib/server/export/write';
import { openHome } from '$lib/server/home';
import { readLog } from '$lib/server/records/log';
import { closeRecords, records } from '$lib/server/records/open';
import { sheetOf } from './workbook';

const folder = mkdtempSync(join(tmpdir(), 'mtm-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columns = ['id', 'name', 'day', 'left', 'share', 'yes', 'at', 'list', 'nothing'];
const names = [
	'=HYPERLINK("http://x")',
	'+1',
	'-2',
	'@x',
	'\tt',
	'José, "the" 😀\r\nline two',
	'plain',
	'a & b < c > d',
	'_x0041_',
	'bell \u0007'
];
/** Rows of every kind of value, in an order that no column sorts. */
const rows = (count: number): Row[] =>
	Array.from({ length: count }, (_, at) => ({
		id: String((at * 7919) % count).padStart(6, '0'),
		name: names[at % names.length],
		day: at % 3 ? `2026-0${1 + (at % 9)}-1${at % 10}` : null,
		left: (at % 40) - 20,
		share: at / 7,
		yes: at % 2 === 0,
		at: `2026-09-30T12:30:0${at % 10}`,
		list: at % 4 ? ['a', `b${at}`] : [],
		nothing: null
	}));

const table = (count: number) => ({ name: 'patients', columns, rows: rows(count) });
const about = (count: number): [string, string][] => [
	['Product', 'OpenMTM'],
	['Rows', String(count)],
	['Filters', 'Plan: A\'s "best"']
];
const write = (format: Format, count: number, mark = false) =>
	writeTable(join(folder, `t.${format}`), format, table(count), about, { mark });

/** Reads RFC 4180. */
function readCsv(text: string): string[][] {
	const lines: string[][] = [[]];
	for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
		lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
		if (end === '\r\n') lines.push([]);
	}
	return lines.filter((line) => line.length > 1);
}

describe('every form has the same rows in the same order', () => {
	const count = 12_406;
	const sum = (numbers: number[]) => Math.round(numbers.reduce((total, each) => total + each, 0) * 1000);
	const wanted = rows(count);
	const sums = [sum(wanted.map((row) => row.left as number)), sum(wanted.map((row) => row.share as number))];

	test('CSV: formula-like text is neutralised, real negative numbers stay numbers, zeros and accents stay', async () => {
		const written = await write('csv', count);
		const bytes = readFileSync(written.path);
		expect(written).toMatchObject({
			rows: count,
			bytes: bytes.length,
			sha256: createHash('sha256').update(bytes).digest('hex')
		});
		const [head, ...lines] = readCsv(bytes.toString('utf8'));
		expect(head).toEqual(columns);
		expect(lines.length).toBe(count);
		expect(lines.map((line) => line[0])).toEqual(wanted.map((row) => row.id));
		expect(lines.slice(0, 10).map((line) => line[1])).toEqual(
			names.map((name) => (/^[=+\-@\t]/.test(name) ? `'${name}` : name))
		);
		expect(lines[0]![3]).toBe('-20');
		expect([sum(lines.map((line) => Number(line[3]))), sum(lines.map((line) => Number(line[4])))]).toEqual(sums);
	});

	test('CSV for Excel begins with a byte order mark', async () => {
		expect(readFileSync((await write('csv', 3, true)).path).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
		expect(readFileSync((await write('csv', 3)).path).subarray(0, 2)).toEqual(Buffer.from('id'));
	});

	test('XLSX: days typed, ids and formula-like text as text, a sheet about it', async () => {
		const written = await write('xlsx', count);
		expect(written.rows).toBe(count);
		const bytes = readFileSync(written.path);
		const [head, ...lines] = sheetOf(bytes, 1);
		expect(Object.values(head!).map((cell) => cell.text)).toEqual(columns);
		expect(lines.length).toBe(count);
		expect(lines.map((line) => line.A)).toEqual(wanted.map((row) => ({ text: row.id, kind: 'text' })));
		expect(lines.map((line) => line.B)).toEqual(wanted.map((row) => ({ text: row.name, kind: 'text' })));
		expect(lines.map((line) => line.C ?? null)).toEqual(
			wanted.map((row) => (row.day === null ? null : { text: row.day, kind: 'day' }))
		);
		expect(lines[1]!.G).toEqual({ text: '2026-09-30T12:30:01', kind: 'instant' });
		expect([sum(lines.map((line) => Number(line.D!.text))), sum(lines.map((line) => Number(line.E!.text)))]).toEqual(
			sums
		);
		expect(sheetOf(bytes, 2).map((line) => [line.A!.text, line.B!.text])).toEqual([['What', 'Words'], ...about(count)]);
	});

	test('Parquet: typed columns, lists, and what it is about as metadata', async () => {
		const written = await write('parquet', count);
		expect(written.rows).toBe(count);
		const database = await openDatabase();
		const connection = await database.connect();
		const from = `read_parquet(${literal(written.path)})`;
		const types = await connection.rows<{ column_name: string; column_type: string }>(`describe select * from ${from}`);
		expect(Object.fromEntries(types.map((each) => [each.column_name, each.column_type]))).toEqual({
			id: 'VARCHAR',
			name: 'VARCHAR',
			day: 'DATE',
			left: 'BIGINT',
			share: 'DOUBLE',
			yes: 'BOOLEAN',
			at: 'TIMESTAMP',
			list: 'VARCHAR[]',
			nothing: 'VARCHAR'
		});
		const got = await connection.rows(`select * from ${from}`);
		expect(got).toEqual(wanted);
		const told = await connection.rows<{ key: string; value: string }>(
			`select decode(key) as key, decode(value) as value from parquet_kv_metadata(${literal(written.path)})`
		);
		expect(told).toEqual(about(count).map(([key, value]) => ({ key, value })));
		database.close();
	});

	test('JSON', async () => {
		const written = await write('json', count);
		expect(JSON.parse(readFileSync(written.path, 'utf8'))).toEqual(wanted);
	});
});

test.each(['csv', 'xlsx', 'parquet', 'json'] as const)('a file (%s) is for its owner alone', async (format) => {
	expect(statSync((await write(format, 3)).path).mode & 0o777).toBe(0o600);
});

test('a workbook of more rows than a sheet holds is refused with another way, never cut', async () => {
	function* many() {
		for (let at = 0; at <= sheetRows; at++) yield { n: at };
	}
	await expect(
		writeTable(join(folder, 'many.xlsx'), 'xlsx', { name: 'many', columns: ['n'], rows: many() }, about)
	).rejects.toThrow(/1,048,575 rows.*CSV or Parquet/);
	expect(existsSync(join(folder, 'many.xlsx'))).toBe(false);
});

test('a cell that is too long for a sheet is refused, never cut', async () => {
	const long = { name: 'long', columns: ['n'], rows: [{ n: 'x'.repeat(32_768) }] };
	await expect(writeTable(join(folder, 'long.xlsx'), 'xlsx', long, about)).rejects.toThrow(/32767 characters/);
	await expect(writeTable(join(folder, 'nowhere', 'a.csv'), 'csv', long, about)).rejects.toThrow(/ENOENT/);
});

describe('an export at work', () => {
	const home = openHome(join(folder, 'home'));
	afterAll(() => closeRecords(home));
	const order = (session: string, count: number, format: Format = 'csv'): Order => ({
		format,
		read: async () => ({ table: table(count), about, detail: { filters: ['none'] } }),
		fileName: (rows) => `mtm_patients_2026-09-30_${rows}.${format}`,
		back: '/export/patients',
		entry: { by: 'u1', session }
	});
	const left = () => (existsSync(join(home.folder, 'scratch')) ? readdirSync(join(home.folder, 'scratch')) : []);

	test('is logged with its hash before it can be fetched, is for its session alone, and goes when it was fetched', async () => {
		const job = startExport(home, order('s1', 1000));
		expect(job.file).toBe(null);
		await job.ended;
		expect(job).toMatchObject({ state: 'ready', rows: 1000, of: 1000 });
		expect(job.file!.name).toBe('mtm_patients_2026-09-30_1000.csv');
		const bytes = readFileSync(job.file!.path);
		const { rows } = await readLog(home, { kinds: ['export'] }, { first: 0, rows: 1 });
		expect(rows[0]).toMatchObject({
			by: 'u1',
			session: 's1',
			detail: { rows: 1000, sha256: createHash('sha256').update(bytes).digest('hex'), filters: ['none'] }
		});
		expect(exportOf(job.id, 's1')).toBe(job);
		expect(exportOf(job.id, 's2')).toBe(null);
		job.cancel();
		expect(left()).toEqual([]);
		expect(exportOf(job.id, 's1')).toBe(null);
	});

	test('ends when it is cancelled, at every stage, and leaves nothing', async () => {
		for (const format of ['csv', 'xlsx', 'parquet', 'json'] as const)
			for (const moment of [0, 5, 40]) {
				const job = startExport(home, order('s1', 60_000, format));
				await new Promise((done) => setTimeout(done, moment));
				job.cancel();
				await job.ended;
				expect([format, moment, job.state]).toEqual([format, moment, 'cancelled']);
				expect(job.file).toBe(null);
				expect(left()).toEqual([]);
			}
	});

	test('that fails says so and leaves nothing', async () => {
		const job = startExport(home, {
			...order('s1', 10),
			read: async () => {
				throw new Error("Could not convert string 'secret' to INT32");
			}
		});
		await job.ended;
		expect(job).toMatchObject({ state: 'failed', file: null });
		expect(job.message).not.toContain('secret');
		expect(left()).toEqual([]);
	});

	test('that cannot be logged is not handed out', async () => {
		await (await records(home)).$client.execute('alter table access_log rename to elsewhere');
		const job = startExport(home, order('s1', 10));
		await job.ended;
		expect(job).toMatchObject({ state: 'failed', file: null });
		expect(left()).toEqual([]);
	});
});
