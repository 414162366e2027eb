import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ageBand, coarse, columnKinds, masked, shareBand, smallZipAreas, zipArea } from '$lib/domain/phi';
import { anyone, readPopulation } from '$lib/domain/population';
import { everyone, unlimited, type PhiLevel, type Scope } from '$lib/domain/scope';
import { openDatabase, attach } from '$lib/server/duckdb';
import { intakeFile, readCurrent, resultsFile, type Home } from '$lib/server/home';
import { sqlFiles } from '$lib/server/sql';
import { Trouble } from '$lib/server/trouble';
import { rules } from '$lib/server/views';
import { ask, panelNamed } from '$lib/server/warehouse';
import { computed } from '../cases/warehouse';
import { demoHome, rowsOf } from '../laws/scope_home';
import { dice, panelNames, someParameters, stockOf, type Person, type Stock } from '../laws/scope_question';

let home: Home;
let people: Person[];
let stock: Stock;
const at = (phi: PhiLevel): Scope => ({ limits: unlimited, phi });
const personPanels = panelNames.filter((panel) => panelNamed(panel).about === 'patients');

beforeAll(async () => {
	home = await demoHome(300);
	people = (await rowsOf(home, 'select distinct patient_id from adherence order by 1')).map((row) => ({
		patient_id: String(row.patient_id),
		patient_no: 0,
		pid: ''
	}));
	for (const person of people) {
		const [found] = await ask<{ pid: string }>(home, 'patient_by_id', { patient_id: person.patient_id }, everyone);
		const [key] = await ask<{ patient_no: number }>(home, 'patient_key', { pid: found!.pid }, everyone);
		Object.assign(person, found, key);
	}
	stock = await stockOf(home, people);
}, 300_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

test('an age of 90 or more is one band; the limits belong to the older band', () => {
	expect([0, 17, 18, 44, 45, 64, 65, 84, 85, 89, 90, 104].map(ageBand)).toEqual(
		'0-17 0-17 18-44 18-44 45-64 45-64 65-74 75-84 85-89 85-89 90+ 90+'.split(' ')
	);
});

test('a ZIP code keeps three digits, and none where few people live', () => {
	expect(smallZipAreas.size).toBe(17);
	expect(['55104', '55104-1234', '03601', '69201', '551', '', 'SW1A'].map(zipArea)).toEqual([
		'551',
		'551',
		'000',
		'000',
		'551',
		null,
		null
	]);
});

test('a share is told in steps of five points', () => {
	expect([0, 0.04999, 0.05, 0.7999, 0.8, 0.25 + 0.05, 1].map(shareBand)).toEqual([
		'0 to 4%',
		'0 to 4%',
		'5 to 9%',
		'75 to 79%',
		'80 to 84%',
		'30 to 34%',
		'100%'
	]);
});

test('a day becomes its year, or a number counted from the index day', () => {
	expect(coarse('date', '2026-02-28', null)).toBe(2026);
	expect(coarse('date', '2026-01-15', '2026-01-15')).toBe(1);
	expect(coarse('date', '2024-03-01', '2024-02-28')).toBe(3);
	expect(coarse('date', '2025-12-31', '2026-01-01')).toBe(0);
	expect(coarse('birth', '1930-01-01', null)).toBeNull();
	expect(coarse('end', '2026-12-31', '2026-01-15')).toBeNull();
	expect(coarse(undefined, 'anything', null)).toBeNull();
});

test('a column that nobody described is left out below P3', () => {
	const row = { pid: 'abc', shoe_size: 43, first_name: 'Ada' };
	expect(masked([row], 'P3', null)).toEqual([row]);
	expect(masked([row], 'P2', null)).toEqual([{ pid: 'abc', first_name: null }]);
	expect(masked([row], 'P1', null)).toEqual([{ pid: 'abc', first_name: null }]);
	expect(() => masked([row], 'P0', null)).toThrow();
});

test('every panel says what its rows are about, and every column about persons is described', async () => {
	const unknown = new Set<string>();
	const empty: string[] = [];
	const roll = dice(4);
	// Few people have a flagged claim: those are asked about when chance meets none.
	const flagged = new Set(
		(await rowsOf(home, 'select distinct patient_id from audit_flag')).map((row) => row.patient_id)
	);
	const audited = people.filter((person) => flagged.has(person.patient_id));
	for (const panel of personPanels) {
		let seen = false;
		for (let tries = 0; tries < 60 + 8 * audited.length && !seen; tries++) {
			const given = someParameters(
				roll,
				stock,
				panel,
				tries < 60 ? roll.one(people) : audited[Math.floor((tries - 60) / 8)]!
			);
			if (tries >= 60 && 'number' in given) given.number = 1 + ((tries - 60) % 8);
			if (tries > 20)
				for (const { name, optional, type } of panelNamed(panel).parameters)
					if (optional || type === 'population') given[name] = type === 'population' ? anyone() : undefined;
			const [row] = await ask<Record<string, unknown>>(home, panel, given, everyone);
			for (const column of Object.keys(row ?? {})) if (!columnKinds.has(column)) unknown.add(`${panel}.${column}`);
			seen = row !== undefined;
		}
		if (!seen) empty.push(panel);
	}
	expect([...unknown]).toEqual([]);
	// A panel without a row in this home would not be looked at.
	expect(empty).toEqual([]);
});

test('every column of a published view or intake table about persons is described', async () => {
	const { intake, results } = readCurrent(home);
	const database = await openDatabase();
	const connection = await database.connect();
	await attach(connection, intakeFile(home, intake!), 'intake');
	await attach(connection, resultsFile(home, results!), 'results');
	const columns = await connection.rows<{ t: string; c: string }>(
		"select table_name as t, column_name as c from duckdb_columns() where schema_name = 'main' and database_name in ('results', 'intake')"
	);
	database.close();
	const published = new Set([...sqlFiles('published'), ...sqlFiles('intake')].map((file) => file.name));
	const unknown = columns
		.filter(({ t, c }) => published.has(t) && rules.get(t) !== 'whole' && t !== 'measure_result' && !columnKinds.has(c))
		.map(({ t, c }) => `${t}.${c}`);
	expect([...new Set(unknown)]).toEqual([]);
});

/** What tells who somebody is, as loaded. */
async function identifiers(): Promise<Set<string>> {
	const rows = [
		...(await rowsOf(home, 'select person_id, member_id, mbi, first_name, last_name, address, phone from eligibility')),
		...(await rowsOf(home, 'select phone, caregiver_name, caregiver_phone from contact')),
		...(await rowsOf(home, 'select distinct prescription_number from pharmacy_claim'))
	];
	return new Set(
		rows.flatMap((row) => Object.values(row).filter((value) => value !== null && String(value).length > 3)).map(String)
	);
}

/** Every text and number of an answer, however deep; without the numbers to call of prescribers, which the demo shares with its patients. */
const valuesOf = (value: unknown): unknown[] =>
	Array.isArray(value)
		? value.flatMap(valuesOf)
		: value && typeof value === 'object'
			? Object.entries(value).flatMap(([key, item]) => (/^prescriber_(phone|fax)$/.test(key) ? [] : valuesOf(item)))
			: [value];

test('P2 and P1 show no identifier, P1 no day, exact age, ZIP code or note, in panels and in SQL', async () => {
	const secret = await identifiers();
	expect(secret.size).toBeGreaterThan(people.length);
	const zips = new Set(
		(await rowsOf(home, 'select distinct zip_code from eligibility')).map((row) => String(row.zip_code))
	);
	const notes = new Set(
		(await rowsOf(home, 'select note as text from mtm_service union select rationale from mtm_recommendation')).map(
			(row) => row.text
		)
	);
	const asOf = String((await ask<{ as_of: string }>(home, 'latest_run', {}, everyone))[0]!.as_of);
	const roll = dice(3);
	let seen = 0;
	const check = (what: string, phi: PhiLevel, rows: unknown) => {
		const values = valuesOf(rows).filter((value) => value !== null && value !== undefined);
		seen += values.length;
		const leaked = values.filter((value) => {
			const text = String(value);
			if (secret.has(text)) return true;
			if (phi === 'P1' && /\d{4}-\d{2}-\d{2}/.test(text) && text !== asOf) return true;
			if (phi === 'P1' && zips.has(text)) return true;
			return notes.has(value);
		});
		expect({ what, phi, leaked: leaked.slice(0, 5) }).toEqual({ what, phi, leaked: [] });
	};
	for (const phi of ['P2', 'P1'] as const) {
		for (const panel of personPanels)
			for (let tries = 0; tries < 12; tries++)
				check(
					panel,
					phi,
					await ask(home, panel, someParameters(roll, stock, panel, roll.one(people), phi !== 'P1'), at(phi))
				);
		for (const { name } of [...sqlFiles('published'), ...sqlFiles('intake')])
			if (rules.get(name) !== 'whole') check(name, phi, await rowsOf(home, `select * from ${name}`, at(phi)));
	}
	expect(seen).toBeGreaterThan(10_000);
}, 300_000);

test('P1 shows ages in bands and PDC in steps, and takes no filter on days', async () => {
	const rows = await ask<{ age: string; pdc: string | null; days_late: unknown; elapsed_days: unknown }>(
		home,
		'patients',
		{ year: 2026, measure: 'pdc_statins', sort: 'patient', descending: false, first: 0, population: anyone() },
		at('P1')
	);
	expect(rows.length).toBeGreaterThan(10);
	for (const row of rows) {
		expect(row.age).toMatch(/^(\d+-\d+|90\+)$/);
		if (row.pdc !== null) expect(row.pdc).toMatch(/^\d+ to \d+%$|^100%$/);
		// With a known as-of day, these lengths would give the days away.
		expect([row.days_late, row.elapsed_days]).toEqual([null, null]);
	}
	for (const words of ['lid=2026-10-01..2026-10-01', 'late=3..3', 'adr=0..7'])
		await expect(
			ask(
				home,
				'patients',
				{
					year: 2026,
					sort: 'patient',
					descending: false,
					first: 0,
					population: readPopulation(new URLSearchParams(words)).population
				},
				at('P1')
			)
		).rejects.toThrow(/Days are not shown/);
});

test('a ZIP filter or choice at P0 and P1 knows areas of three digits only, 000 for the small ones', async () => {
	for (const phi of ['P0', 'P1'] as const) {
		const options = await ask<{ key: string; value: string }>(home, 'filter_options', { year: 2026 }, at(phi));
		const areas = options.filter(({ key }) => key === 'zip3').map(({ value }) => value);
		expect(areas.filter((area) => smallZipAreas.has(area))).toEqual([]);
	}
});

test('at P0 a panel of persons is as if it were not there, and SQL has measure_result alone', async () => {
	const saying = async (work: () => Promise<unknown>) => {
		try {
			await work();
		} catch (cause) {
			return (cause as Trouble).message;
		}
		return 'answered';
	};
	for (const panel of panelNames) {
		const about = panelNamed(panel).about;
		if (about !== 'patients' && about !== 'keys') continue;
		expect(await saying(() => ask(home, panel, { pid: people[0]!.pid }, at('P0')))).toBe(
			`There is no panel "${panel}".`
		);
	}
	expect(await saying(() => ask(home, 'nonsense', {}, at('P0')))).toBe('There is no panel "nonsense".');
	for (const { name } of [...sqlFiles('published'), ...sqlFiles('intake')])
		expect(await saying(() => rowsOf(home, `select * from ${name}`, at('P0')))).toMatch(
			name === 'measure_result' ? /^answered$/ : /is none of them/
		);
});

test('measure_result in SQL tells no small count at P0 and P1: not above, below or beside the line, nor as a rest', async () => {
	type Result = {
		measure: string;
		period: string;
		dimension: string;
		numerator: number;
		denominator: number;
	};
	const all = (await rowsOf(home, 'select * from measure_result', at('P2'))) as Result[];
	const isSmall = (count: number) => count >= 1 && count < 11;
	expect(all.some(({ denominator }) => isSmall(denominator))).toBe(true);
	for (const phi of ['P0', 'P1'] as const) {
		const shown = (await rowsOf(home, 'select * from measure_result', at(phi))) as Result[];
		expect(shown.length).toBeGreaterThan(0);
		expect(shown.length).toBeLessThan(all.length);
		const groups = new Map<string, Result[]>();
		for (const row of shown) {
			expect(row.period).toMatch(/^\d{4}$/);
			expect([row.numerator, row.denominator, row.denominator - row.numerator].filter(isSmall)).toEqual([]);
			const key = `${row.measure} ${row.period} ${row.dimension}`;
			groups.set(key, [...(groups.get(key) ?? []), row]);
		}
		for (const [key, parts] of groups) {
			const [measure, period] = key.split(' ');
			const whole = all.find((row) => row.measure === measure && row.period === period && row.dimension === 'all')!;
			const rest = (of: (row: Result) => number) => of(whole) - parts.reduce((sum, row) => sum + of(row), 0);
			expect(
				[
					rest((row) => row.numerator),
					rest((row) => row.denominator),
					rest((row) => row.denominator - row.numerator)
				].filter(isSmall)
			).toEqual([]);
		}
	}
});

test('opaque ids are not made from the data', async () => {
	const eligibility = Array.from({ length: 50 }, (_, at) => ({
		person_id: `P${at}`,
		birth_date: '1950-01-01',
		enrollment_start_date: '2025-01-01',
		enrollment_end_date: '2025-12-31'
	}));
	const ids = async () => {
		const built = await computed({ eligibility }, { asOf: '2025-12-31', only: ['person_pid'] });
		const rows = await built.connection.rows<{ pid: string }>('select pid from person_pid order by patient_no');
		built.close();
		return rows.map((row) => row.pid);
	};
	const [first, again] = [await ids(), await ids()];
	// The same files give other ids each time, and no two people one.
	expect(new Set([...first, ...again]).size).toBe(100);
	for (const pid of first) expect(pid).toMatch(/^[0-9a-z]{10}$/);
});
