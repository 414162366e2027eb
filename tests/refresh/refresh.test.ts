import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refresh } from '$lib/server/build/refresh';
import { attach, openDatabase, type Row } from '$lib/server/duckdb';
import { openHome, readCurrent, resultsFile, type Home } from '$lib/server/home';
import { load } from '$lib/server/load/load';

const folder = mkdtempSync(join(tmpdir(), 'refresh-'));
let home: Home;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rows(sql: string): Promise<Row[]> {
	const database = await openDatabase();
	const connection = await database.connect();
	await attach(connection, resultsFile(home, readCurrent(home).results!), 'results');
	await connection.run('use results');
	const found = await connection.rows(sql);
	connection.close();
	database.close();
	return found;
}

const put = (name: string, lines: string[]) => {
	mkdirSync(join(folder, 'in', name), { recursive: true });
	return (table: string) => {
		const path = join(folder, 'in', name, `${table}.csv`);
		writeFileSync(path, `${lines.join('\n')}\n`);
		return path;
	};
};

beforeAll(async () => {
	home = openHome(join(folder, 'home'));
	const roster = put('plan', [
		'person_id,birth_date,enrollment_start_date,enrollment_end_date',
		'A,1950-01-01,2024-01-01,2025-12-31',
		'B,1950-01-01,2024-01-01,2025-12-31'
	])('eligibility');
	const fills = put('plan', [
		'claim_id,person_id,dispensing_date,ndc_code,days_supply',
		'1,A,2024-02-01,00071015523,90',
		'2,A,2024-06-01,00071015523,90',
		'3,A,2025-02-01,00071015523,90',
		'4,A,2025-05-01,00071015523,90',
		'5,B,2025-03-01,00071015523,90'
	])('pharmacy_claim');
	await load(home, [roster, fills], { by: 'test' });
});

test('every year with data is computed, as of the latest service date', async () => {
	const told: number[] = [];
	const summary = await refresh(home, { progress: (_, share) => told.push(share) });
	expect(summary).toMatchObject({
		results: 1,
		as_of: '2025-05-01',
		years: [2024, 2025],
		patients: 2,
		fills: 5,
		adherence_rows: 3
	});
	expect(told.every((share, at) => share >= 0 && share <= 1 && (at === 0 || share >= told[at - 1]!))).toBe(true);
	expect(await rows('select patient_id, year, as_of, covered_days from adherence order by all')).toEqual([
		{ patient_id: 'A', year: 2024, as_of: '2025-05-01', covered_days: 180 },
		{ patient_id: 'A', year: 2025, as_of: '2025-05-01', covered_days: 90 },
		{ patient_id: 'B', year: 2025, as_of: '2025-05-01', covered_days: 62 }
	]);
});

test('a year that is not asked for keeps its last result, and people keep their opaque id', async () => {
	const before = await rows('select patient_id, pid from patient order by patient_id');
	const more = put('late', [
		'claim_id,person_id,dispensing_date,ndc_code,days_supply,data_source',
		'6,A,2024-09-01,00071015523,30,plan',
		'7,A,2025-08-01,00071015523,90,plan',
		'8,0-first,2025-08-01,00071015523,90,plan'
	])('pharmacy_claim');
	await load(home, [more], { by: 'test' });
	const summary = await refresh(home, { years: [2025], asOf: '2025-08-31' });
	expect(summary).toMatchObject({ results: 2, as_of: '2025-08-31', years: [2024, 2025], patients: 3 });
	expect(await rows('select patient_id, year, as_of, covered_days from adherence order by all')).toEqual([
		{ patient_id: '0-first', year: 2025, as_of: '2025-08-31', covered_days: null },
		{ patient_id: 'A', year: 2024, as_of: '2025-05-01', covered_days: 180 },
		{ patient_id: 'A', year: 2025, as_of: '2025-08-31', covered_days: 211 },
		{ patient_id: 'B', year: 2025, as_of: '2025-08-31', covered_days: 90 }
	]);
	const after = await rows("select patient_id, pid from patient where patient_id <> '0-first' order by patient_id");
	expect(after).toEqual(before);
	expect(after.every((row) => /^[0-9a-hjkmnp-tv-z]{10}$/.test(String(row.pid)))).toBe(true);
	expect(await rows("select covered_days from adherence where patient_id = 'A' and year = 2024")).toEqual([
		{ covered_days: 180 }
	]);
	await refresh(home, { asOf: '2025-08-31' });
	expect(await rows("select covered_days from adherence where patient_id = 'A' and year = 2024")).toEqual([
		{ covered_days: 210 }
	]);
	expect(readdirSync(home.warehouse).filter((file) => /^results-\d+\.duckdb$/.test(file))).toEqual([
		'results-0002.duckdb',
		'results-0003.duckdb'
	]);
});

test('a refresh that is stopped leaves the last result and nothing of its own', async () => {
	const before = await rows('select * from adherence order by all');
	const stop = new AbortController();
	await expect(
		refresh(home, {
			signal: stop.signal,
			progress: (running) => running.includes('adherence_fact') && stop.abort(new Error('stopped'))
		})
	).rejects.toThrow('stopped');
	expect(readCurrent(home).results).toBe(3);
	expect(existsSync(resultsFile(home, 4))).toBe(false);
	expect(await rows('select * from adherence order by all')).toEqual(before);
});

test('the same loads give the same results, to the digit', async () => {
	const before = await rows('select * from adherence_fact order by all');
	await refresh(home, { asOf: '2025-08-31' });
	expect(await rows('select * from adherence_fact order by all')).toEqual(before);
});
