import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { literal, openDatabase } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { readLog } from '$lib/server/records/log';
import { ask } from '$lib/server/warehouse';
import { sheetOf, unzip } from '../export/workbook';
import { emptyFolder, mtm } from '../known/shell';
import { serve, serveDemo, type Served } from './served';

let home: Home;
let server: Served;
let lead: string;
let viewer: string;

beforeAll(async () => {
	const served = await serveDemo(300);
	({ home, lead, viewer } = served);
	server = served;
}, 300_000);
afterAll(async () => await server?.stop());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
const lastExport = async () => (await readLog(home, { kinds: ['export'] }, { first: 0, rows: 1 })).rows[0]!;
const left = () => (existsSync(join(home.folder, 'scratch')) ? readdirSync(join(home.folder, 'scratch')) : []);

test('every format has the rows of the page in its order, its name counts them, and the log has its hash', async () => {
	const wanted = (
		await ask<{ pid: string; pdc: number | null }>(
			home,
			'patients',
			{ year: 2026, sort: 'lid', descending: true, first: 0, rows: null },
			everyone
		)
	).map((row) => row.pid);
	expect(wanted.length).toBeGreaterThan(100);
	const folder = emptyFolder();
	for (const format of ['csv', 'xlsx', 'parquet', 'json'] as const) {
		const answer = await server.ask(lead, `/download/patients.${format}?list=all&sort=lid&dir=desc`);
		expect(answer.status).toBe(200);
		const bytes = await bytesOf(answer);
		expect(answer.headers.get('content-disposition')).toBe(
			`attachment; filename="mtm_patients_2026-09-30_${wanted.length}.${format}"`
		);
		const path = join(folder, `patients.${format}`);
		writeFileSync(path, bytes);
		let got: string[];
		if (format === 'xlsx') {
			const [head, ...rows] = sheetOf(bytes, 1);
			const [letter] = Object.entries(head!).find(([, cell]) => cell.text === 'pid')!;
			got = rows.map((row) => row[letter]!.text);
			const about = Object.fromEntries(sheetOf(bytes, 2).map((row) => [row.A!.text, row.B!.text]));
			expect(about).toMatchObject({
				Rows: String(wanted.length),
				Demo: expect.stringContaining('synthetic') as string,
				Filters: 'List: everybody',
				Level: expect.stringContaining('P2') as string,
				By: expect.stringContaining('Quality lead') as string,
				'Data through': '2026-09-30'
			});
			expect(about['Definition: pdc_statins']).toContain('Denominator');
		} else {
			const database = await openDatabase();
			const connection = await database.connect();
			const from =
				format === 'csv'
					? `read_csv(${literal(path)}, all_varchar = true)`
					: format === 'json'
						? `read_json(${literal(path)})`
						: `read_parquet(${literal(path)})`;
			got = (await connection.rows<{ pid: string }>(`select pid from ${from}`)).map((row) => row.pid);
			database.close();
		}
		expect(got).toEqual(wanted);
		expect(await lastExport()).toMatchObject({
			detail: { rows: wanted.length, format, sha256: sha256(bytes), filters: ['List: everybody'], phi: 'P2' }
		});
	}
	await expect.poll(left, { timeout: 30_000 }).toEqual([]);
});

test('a CSV with its description is a zip of both: filters, address, level, rows and the hash that the log keeps', async () => {
	const answer = await server.ask(lead, '/download/patients.csv?list=all&sex=female&described=yes');
	const name = /filename="(.+)"/.exec(answer.headers.get('content-disposition')!)![1]!;
	expect(name).toMatch(/^mtm_patients_2026-09-30_\d+\.csv\.zip$/);
	const bytes = await bytesOf(answer);
	const csv = unzip(bytes).get(name.replace('.zip', ''))!;
	const { detail } = await lastExport();
	const told = JSON.parse(unzip(bytes).get(name.replace('.zip', '.json'))!) as {
		about: Record<string, string>;
		rows: number;
	};
	expect(told).toMatchObject({
		file: name.replace('.zip', ''),
		sha256: sha256(Buffer.from(csv)),
		bytes: Buffer.byteLength(csv),
		about: {
			Filters: 'List: everybody; Sex: female',
			Level: expect.stringContaining('P2') as string,
			By: expect.stringContaining('Quality lead') as string,
			Address: expect.stringContaining('sex=female') as string,
			'Data through': '2026-09-30'
		}
	});
	expect(csv.trimEnd().split('\r\n').length - 1).toBe(told.rows);
	expect(detail).toMatchObject({ rows: told.rows, sha256: sha256(Buffer.from(csv)), archive_sha256: sha256(bytes) });
	// Only a CSV needs it.
	const workbook = await server.ask(lead, '/download/patients.xlsx?list=all&described=yes');
	expect(workbook.headers.get('content-disposition')).toMatch(/\.xlsx"$/);
	await bytesOf(workbook);
	await expect.poll(left, { timeout: 30_000 }).toEqual([]);
});

test('the panel tells rows, columns and level; its form hands out the file once, and to its session alone', async () => {
	const panel = await (await server.ask(lead, '/export/patients?list=all')).text();
	expect(panel).toContain('P2: days and places');
	const sent = await server.ask(lead, '/export/patients?list=all', { format: 'csv' });
	expect(sent.status).toBe(303);
	const file = sent.headers.get('location')!;
	expect(file).toMatch(/^\/export\/job\/[0-9a-f]{32}\/file$/);
	const other = await server.signIn('quality_lead');
	expect((await server.ask(other, file)).status).toBe(404);
	expect((await server.ask(lead, file, undefined, 'HEAD')).status).toBe(405);
	const both = await Promise.all([server.ask(lead, file), server.ask(lead, file)]);
	expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
	const bytes = await bytesOf(both.find(({ status }) => status === 200)!);
	expect(sha256(bytes)).toBe((await lastExport()).detail.sha256);
	expect(panel).toContain(
		`Export ${(await lastExport()).detail.rows as number} rows`.replace(/(\d)(\d{3}) /, '$1 $2 ')
	);
	expect((await server.ask(lead, file)).status).toBe(404);
	await expect.poll(left, { timeout: 30_000 }).toEqual([]);
});

test('a long export goes on beside the page, which tells how far it is; cancelled, nothing of it is left or to be had', async () => {
	process.env.MTM_EXPORT_PATIENCE = '0';
	const slow = await serve(home);
	delete process.env.MTM_EXPORT_PATIENCE;
	try {
		const begin = async (format: string) => {
			const sent = await slow.ask(lead, '/export/patients?list=all', { format });
			const job = sent.headers.get('location')!;
			expect([sent.status, job]).toEqual([303, expect.stringMatching(/^\/export\/job\/[0-9a-f]{32}$/)]);
			return job;
		};
		const lead = await slow.signIn('quality_lead');
		const told = async (job: string) => await (await slow.ask(lead, job)).text();

		const whole = await begin('csv');
		while (!/Save mtm_patients_2026/.test(await told(whole))) await new Promise((done) => setTimeout(done, 50));
		const other = await slow.ask(await slow.signIn('quality_lead'), whole);
		expect(await other.text()).toContain('There is no such export.');
		const bytes = await bytesOf(await slow.ask(lead, `${whole}/file`));
		expect(sha256(bytes)).toBe((await lastExport()).detail.sha256);

		const ended = await begin('xlsx');
		const out = await slow.ask(lead, `${ended}?/cancel`, { now: 'yes' });
		expect([out.status, out.headers.get('location')]).toEqual([303, '/export/patients?list=all']);
		expect((await slow.ask(lead, `${ended}/file`)).status).toBe(404);
		expect((await slow.ask(lead, `${ended}?/cancel`, { now: 'yes' })).status).toBe(404);
		while (left().length) await new Promise((done) => setTimeout(done, 50));
	} finally {
		await slow.stop();
	}
});

test('who may not export rows is told that there is nothing, as of a table that is not there, and that they asked is logged', async () => {
	const nothing = await server.ask(viewer, '/download/nothing.csv');
	const refused = await server.ask(viewer, '/download/patients.csv');
	expect([refused.status, await refused.text()]).toEqual([nothing.status, await nothing.text()]);
	expect(refused.status).toBe(404);
	expect((await server.ask(viewer, '/export/patients')).status).toBe(404);
	expect((await server.ask(viewer, '/export/patients', { format: 'csv' })).status).toBe(404);
	const { rows } = await readLog(home, { kinds: ['refused'] }, { first: 0, rows: 10 });
	expect(rows.filter((row) => row.detail.export === 'patients').length).toBeGreaterThanOrEqual(3);
	expect(await (await server.ask(viewer, '/patients')).status).toBe(404);
	// Numbers it may take out, small ones hidden.
	const totals = await server.ask(viewer, '/download/unit_rates.csv?measure=pdc_statins&unit=pharm');
	expect(totals.status).toBe(200);
	const cells = (await totals.text()).split(/[,\r\n]+/);
	expect(cells).toContain('<11');
	expect((await lastExport()).detail.phi).toBe('P0');
});

test('what a killed server left behind goes when the next one starts; of one that lives, it stays', async () => {
	const dead = join(home.folder, 'scratch', `${hostname()}.999999999.0123456789ab`);
	const alive = join(home.folder, 'scratch', `${hostname()}.${process.pid}.0123456789ab`);
	for (const folder of [dead, alive]) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'table.csv'), 'left behind');
	}
	await (await serve(home)).stop();
	expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
	rmSync(alive, { recursive: true });
});

test('the shell exports through the same door: all rows for the owner, those in sight for a user, logged', async () => {
	const folder = emptyFolder();
	const out = (name: string) => join(folder, name);
	const whole = mtm(
		'--home',
		home.folder,
		'export',
		'adherence',
		'--format',
		'parquet',
		'--out',
		out('a.parquet'),
		'--json'
	);
	expect(whole.status).toBe(0);
	const { rows, sha256: hash } = whole.json() as { rows: number; sha256: string };
	expect(hash).toBe(sha256(readFileSync(out('a.parquet'))));
	expect((await lastExport()).detail).toMatchObject({ rows, sha256: hash, table: 'adherence' });
	const csv = mtm('--home', home.folder, 'export', 'adherence', '--format', 'csv', '--out', out('a.csv'), '--json');
	expect((csv.json() as { rows: number }).rows).toBe(rows);
	const as = mtm(
		'--home',
		home.folder,
		'--as',
		'viewer-2',
		'export',
		'adherence',
		'--format',
		'csv',
		'--out',
		out('b.csv')
	);
	expect(as.status).not.toBe(0);
	expect(existsSync(out('b.csv'))).toBe(false);
	const lead = mtm(
		'--home',
		home.folder,
		'--as',
		'quality_lead-1',
		'export',
		'eligibility',
		'--format',
		'csv',
		'--out',
		out('c.csv')
	);
	expect(lead.status).toBe(0);
	const [head, first] = readFileSync(out('c.csv'), 'utf8').split('\r\n');
	expect(first!.split(',')[head!.split(',').indexOf('last_name')] ?? '').toBe('');
	expect(readdirSync(folder).sort()).toEqual(['a.csv', 'a.csv.json', 'a.parquet', 'c.csv', 'c.csv.json']);
	const told = JSON.parse(readFileSync(out('a.csv.json'), 'utf8')) as object;
	expect(told).toMatchObject({
		file: 'a.csv',
		rows,
		sha256: sha256(readFileSync(out('a.csv'))),
		about: { View: 'adherence' }
	});
	for (const name of readdirSync(folder)) expect([name, statSync(out(name)).mode & 0o777]).toEqual([name, 0o600]);
});
