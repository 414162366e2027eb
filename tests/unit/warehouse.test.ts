import fs, { mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyone, numberKeys, pickKeys, readPopulation } from '$lib/domain/population';
import { everyone, type Scope } from '$lib/domain/scope';
import { attach, openDatabase } from '$lib/server/duckdb';
import { openHome, resultsFile, writeCurrent } from '$lib/server/home';
import { plannedPopulation } from '$lib/server/population';
import { ask } from '$lib/server/warehouse';

const home = openHome(mkdtempSync(join(tmpdir(), 'mtm-warehouse-')));

beforeAll(async () => {
	const database = await openDatabase();
	const connection = await database.connect();
	await attach(connection, resultsFile(home, 1), 'results', true);
	await connection.run(`create table results.patient as
		select i::integer as patient_no, 'P' || i as patient_id, 'X' || i as pid, date '1950-06-15' + (i * 400)::integer as birth_date, date_sub('year', birth_date, date '2025-09-30')::integer as age,
			if(i % 2 = 0, 'female', 'male') as gender, '5510' || i as zip_code, 'en' as language, null::varchar as phone, 'H1' as contract_id, true as on_roster, false as do_not_contact
		from range(10) as r(i)`);
	await connection.run(`create table results.adherence_fact as
		select patient_no, 'pdc_statins' as measure, 2025 as year, date '2025-09-30' as as_of, patient_no <> 9 as in_denominator,
			patient_no < 6 as adherent, patient_no * 0.1 as pdc, if(patient_no = 9, 'excluded', 'on_track') as status,
			'plan, one' as plan, '11' || patient_no as pharmacy_npi, '22' as prescriber_npi, patient_no as allowable_days_remaining,
			0 as days_late, date '2025-10-01' + patient_no as last_impactable_on
		from results.patient`);
	connection.close();
	database.close();
	writeCurrent(home, { results: 1 });
});
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

const headline = async (words: string) =>
	(
		await ask<Record<string, number>>(
			home,
			'headline',
			{ measure: 'pdc_statins', year: 2025, population: readPopulation(new URLSearchParams(words)).population },
			everyone
		)
	)[0];

test('a rate is counted patients over counted patients, with Wilson limits', async () => {
	const row = await headline('');
	expect(row).toMatchObject({ patients: 10, denominator: 9, numerator: 6, excluded: 1 });
	// Wilson 95% of 6 in 9, computed independently: 0.354 to 0.879.
	expect(row!.lower).toBeCloseTo(0.3542, 4);
	expect(row!.upper).toBeCloseTo(0.8794, 4);
});

test('each filter keeps what it says, at its limits', async () => {
	expect((await headline('sex=female'))!.patients).toBe(5);
	expect((await headline('sex=!female'))!.patients).toBe(5);
	expect((await headline('plan=plan,, one'))!.patients).toBe(10);
	expect(await headline('plan=plan one')).toBeUndefined();
	expect((await headline('pdc=20..30'))!.patients).toBe(2);
	expect((await headline('adr=..2'))!.patients).toBe(3);
	expect((await headline('lid=2025-10-03..2025-10-04'))!.patients).toBe(2);
	expect((await headline('counted=no'))!.patients).toBe(1);
	expect((await headline('pharm=110,113'))!.patients).toBe(2);
});

test('the first questions of a reader may come at once', async () => {
	const words = ['presc=22', 'zip3=551', 'lang=en', 'contract=H1', 'late=0..', 'presc=22&lang=en'];
	for (const one of words)
		expect(await Promise.all([0, 1, 2, 3, 4].map((day) => headline(`${one}&adr=..${5 + day}`)))).toHaveLength(5);
});

test('a question reads once which results are current and kept, so that it knows them as they stood together', async () => {
	const { readFileSync } = fs;
	const read: string[] = [];
	fs.readFileSync = ((...given: Parameters<typeof readFileSync>) => {
		read.push(String(given[0]));
		return readFileSync(...given);
	}) as typeof readFileSync;
	syncBuiltinESMExports();
	try {
		await headline('pdc=10..40');
	} finally {
		fs.readFileSync = readFileSync;
		syncBuiltinESMExports();
	}
	expect(read.filter((file) => file.endsWith('current.json'))).toHaveLength(1);
});

test('every filter of an address is one that the population knows', () => {
	const words = new URLSearchParams('status=lost&counted=yes');
	for (const key of pickKeys.filter((key) => key !== 'status')) words.set(key, 'a,!b');
	for (const key of numberKeys) words.set(key, '1..2');
	words.set('lid', '2025-01-01..2025-02-01');
	const { population, problems } = readPopulation(words);
	expect(problems.map(({ key }) => key)).toEqual(['age', 'age']);
	const planned = plannedPopulation({ ...population, age: { in: ['65-74'], out: ['75-84'] } }, 'select 1');
	const asked = planned.create.match(/\(f\)\.\w+ is null or/g);
	expect(asked).toHaveLength(new Set(asked).size);
	expect(asked).toHaveLength(26);
});

test('a question is joined with the patients only when it or a filter names one of their attributes', () => {
	const create = (words: string, question: string) =>
		plannedPopulation(readPopulation(new URLSearchParams(words)).population, question).create;
	const asked = 'select count(*) from population($measure, $year, $population)';
	expect(create('plan=a&late=1..', asked)).not.toMatch(/\bp\.|patient as p/);
	expect(create('zip3=551', asked)).toMatch(/patient as p/);
	expect(create('age=65-74', asked)).toMatch(/patient as p/);
	expect(create('', 'select phone from population($measure, $year, $population)')).toMatch(/p\.phone,[^]*patient as p/);
	const elsewhere = 'select patient.phone, found.pdc from patient join population(null, $year, $population) as found';
	expect(create('', elsewhere)).not.toMatch(/patient as p/);
});

test('an unknown parameter, panel or scope answers nothing', async () => {
	await expect(
		ask(home, 'headline', { measure: 'pdc_statins', year: 2025, population: anyone(), plan: 'x' }, everyone)
	).rejects.toThrow(/no parameter/);
	await expect(ask(home, 'nonsense', {}, everyone)).rejects.toThrow(/no panel/);
	await expect(
		ask(home, 'headline', { year: 2025, population: anyone() }, { kind: 'nobody' } as unknown as Scope)
	).rejects.toThrow();
	await expect(ask(home, 'headline', { population: anyone() }, everyone)).rejects.toThrow(/needs "year"/);
});

test('what cannot be understood in an address is told, never dropped', () => {
	const { problems } = readPopulation(new URLSearchParams('lid=2025-02-30&pdc=abc&status=lost,nice&counted=maybe'));
	expect(problems.map((problem) => problem.key).sort()).toEqual(['counted', 'lid', 'pdc', 'status']);
});
