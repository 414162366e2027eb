import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventInterval } from '$lib/domain/poisson';
import { sqlFile } from '$lib/server/sql';
import { medicalLine, rosterRows } from './stay_claim';
import { computed, type Built, type Given } from './warehouse';

/**
 * Eleven people, introduced in words. Medical claims run from January to November 2025; the as-of day is 30 November.
 * a to f: covered all year by PLAN. a: admitted twice, back within 30 days. b: a transfer. c: an emergency visit and one that led to a stay. d: heart failure.
 * g: covered to 15 March, died that day. h: covered from 1 October. i: no medical coverage, with a stay all the same. j: no roster, with a stay. k: medical coverage
 * to 15 March, then drugs only, with a stay on 20 March.
 */
const claims: Record<string, string[]> = {
	a: ['A 111 01-10..01-14 dx M1711', 'B 111 02-01..02-03 dx M1711'],
	b: ['A 111 03-01..03-05 dx M1711 to 02', 'B 111 03-05..03-09 at F2 dx M1711'],
	c: ['A 131 05-01 ward 0450 dx R55', 'B 131 06-01 ward 0450 dx R55', 'C 111 06-01..06-04 dx M1711'],
	d: ['A 111 07-30..08-09 dx I5023', 'N 211 08-09..08-30 at N1'],
	e: [],
	f: ['A pro 11-30 pos 11 hcpcs 99213'],
	g: ['A 111 03-10..03-15 to 20 dx M1711'],
	h: ['A 131 09-20 ward 0450 dx R55', 'B 131 10-20 ward 0450 dx R55'],
	i: ['A 111 04-01..04-10'],
	j: ['A 111 04-01..04-10'],
	k: ['A 111 03-20..03-22']
};
const about: Record<string, string[]> = {
	g: ['covered 01-01..03-15', 'died 03-15'],
	h: ['covered 10-01..12-31'],
	i: ['no medical'],
	j: ['no roster'],
	k: ['covered 01-01..03-15', 'covered 03-16..12-31']
};

type Result = {
	numerator: number;
	denominator: number;
	rate: number;
	lower: number | null;
	upper: number | null;
	unit: string;
};
let built: Built;
const result = async (measure: string, period = '2025', dimension = 'all', value = 'all') =>
	(
		await built.connection.rows<Result>(
			`select numerator, denominator, rate, lower, upper, unit from measure_result
			where measure = $measure and period = $period and dimension = $dimension and dimension_value = $value`,
			{ measure, period, dimension, value }
		)
	)[0];

beforeAll(async () => {
	built = await computed(
		{
			eligibility: Object.keys(claims).flatMap((person) =>
				rosterRows(person, about[person] ?? []).map((row, at) => ({
					...row,
					plan: 'PLAN',
					contract_id: 'H1',
					...(at === 1 ? { medical_coverage: false } : {})
				}))
			),
			medical_claim: Object.entries(claims).flatMap(([person, own]) => own.map((claim) => medicalLine(person, claim)))
		},
		{ asOf: '2025-11-30' }
	);
});
afterAll(() => built.close());

describe('person-time', () => {
	// a to f: 11 months each; g and k: January to March; h: October and November.
	const months = 6 * 11 + 3 + 2 + 3;

	test('admissions: six, of 74 member-months', async () => {
		// a 2, b 1 (the transfer is not another), c 1, d 1, g 1.
		expect(await result('hospital_admissions')).toMatchObject({
			numerator: 6,
			denominator: months,
			rate: expect.closeTo((6 / months) * 12000, 9),
			unit: 'per 1,000 member-years'
		});
	});
	test('the interval is exact below ten events: 2.201894 to 13.059474', async () => {
		const { lower, upper } = (await result('hospital_admissions'))!;
		expect(lower).toBeCloseTo((2.201894 / months) * 12000, 2);
		expect(upper).toBeCloseTo((13.059474 / months) * 12000, 2);
	});
	test('bed days: nights; the nursing facility is none', async () => {
		// a 4 + 2, b 8, c 3, d 10, g 5.
		expect(await result('hospital_bed_days')).toMatchObject({ numerator: 32, denominator: months });
		expect(await result('length_of_stay')).toMatchObject({
			numerator: 32,
			denominator: 6,
			rate: 32 / 6,
			lower: null,
			unit: 'days'
		});
	});
	test('emergency visits: not the one that led to a stay, not the one before coverage', async () => {
		expect(await result('emergency_visits')).toMatchObject({ numerator: 2, denominator: months });
	});
	test('nothing after a gap in supply, or of fills after discharge, where there are no fills: not computable, and not 0', async () => {
		expect(await result('hospital_after_gap')).toBeUndefined();
		expect(await result('discharge_without_fills')).toBeUndefined();
	});
	test('an admission counts in the month in which it began', async () => {
		expect(await result('hospital_admissions', '2025-07')).toMatchObject({ numerator: 1, denominator: 6 });
		expect(await result('hospital_bed_days', '2025-07')).toMatchObject({ numerator: 10 });
		expect(await result('hospital_admissions', '2025-08')).toMatchObject({ numerator: 0, denominator: 6 });
	});
	test('death ends person-time', async () => {
		expect(await result('hospital_admissions', '2025-03')).toMatchObject({ numerator: 2, denominator: 8 });
		expect(await result('hospital_admissions', '2025-04')).toMatchObject({ numerator: 0, denominator: 6 });
	});
	test('no month before the first medical claim or after the last', async () => {
		expect(await result('hospital_admissions', '2025-12')).toBeUndefined();
		expect(await result('hospital_admissions', '2024')).toBeUndefined();
	});
	test('who has no medical coverage, or no roster, has no row', async () => {
		const people = await built.connection.rows<{ patient_id: string }>(
			`select distinct patient_id from measure_row where unit = 'per 1,000 member-years' order by patient_id`
		);
		expect(people.map((row) => row.patient_id).join('')).toBe('abcdefghk');
	});
	test("each person's row adds up to the rate", async () => {
		const [sum] = await built.connection.rows(
			`select sum(numerator)::integer as n, sum(denominator)::integer as d from measure_row where measure = 'hospital_admissions'`
		);
		expect(sum).toEqual({ n: 6, d: months });
	});
	test('by plan and contract', async () => {
		expect(await result('hospital_admissions', '2025', 'plan', 'PLAN')).toMatchObject({
			numerator: 6,
			denominator: months
		});
		expect(await result('hospital_admissions', '2025', 'contract', 'H1')).toMatchObject({
			numerator: 6,
			denominator: months
		});
		expect(await result('hospital_admissions', '2025-07', 'plan', 'PLAN')).toMatchObject({ numerator: 1 });
	});
});

test('readmissions, as a proportion', async () => {
	// Index: a's first (back after 18 days) and second, b's second, c's, d's. Not g's, who died; not i's and j's. Last discharge: 30 August, so that d's of 9 August is too recent.
	expect(await result('readmission_30_days')).toMatchObject({
		numerator: 1,
		denominator: 4,
		rate: 0.25,
		unit: 'proportion'
	});
	expect(await result('readmission_30_days', '2025-01')).toMatchObject({ numerator: 1, denominator: 1 });
});

test('avoidable admissions', async () => {
	expect(await result('avoidable_admissions')).toMatchObject({ numerator: 1 });
	expect(await result('avoidable_admissions_medicine')).toMatchObject({ numerator: 1 });
});

test('without medical claims there is no rate, not a rate of 0', async () => {
	const none = await computed({ eligibility: rosterRows('a', []) } as Given, { asOf: '2025-11-30' });
	const rows = await none.connection.rows(
		`select measure from measure_result where measure in ('hospital_admissions', 'emergency_visits', 'readmission_30_days')`
	);
	none.close();
	expect(rows).toEqual([]);
});

test('claims in ICD-9 have admissions, and no rate of avoidable ones', async () => {
	const old = await computed(
		{
			eligibility: [
				{
					person_id: 'a',
					birth_date: '1940-01-01',
					enrollment_start_date: '2009-01-01',
					enrollment_end_date: '2009-12-31'
				}
			],
			medical_claim: [medicalLine('a', 'A 111 2009-03-01..2009-03-05 dx 4280 icd 9')]
		},
		{ asOf: '2009-12-31' }
	);
	const rows = await old.connection.rows<{ measure: string; numerator: number }>(
		`select measure, numerator from measure_result where period = '2009' and dimension = 'all' order by measure`
	);
	old.close();
	expect(rows.map((row) => `${row.measure} ${row.numerator}`)).toEqual([
		'emergency_visits 0',
		'hospital_admissions 1',
		'hospital_bed_days 4',
		'length_of_stay 4',
		'medical_paid 100',
		'observation_stays 0'
	]);
});

test('a stay opens to its claims, with file and line', async () => {
	const { patient_no } = await built.connection.row<{ patient_no: number }>(
		`select patient_no from patient where patient_id = 'b'`
	);
	const panel = (name: string) =>
		built.connection.rows<Record<string, unknown>>(sqlFile('panels', name).text, { patient_no, year: 2025 });
	expect(
		(await panel('patient_hospital_stays')).map((stay) => [
			stay.stay_id,
			stay.kind,
			stay.is_admission,
			stay.excluded_because
		])
	).toEqual([
		['plan/b-A', 'acute', true, 'transferred'],
		['plan/b-B', 'acute', false, null]
	]);
	expect(
		(await panel('patient_stay_claims')).map((line) => [
			line.stay_id,
			line.claim_id,
			line.source_file,
			line.source_line
		])
	).toEqual([
		['plan/b-A', 'b-A', 'medical_claim.csv', expect.any(Number)],
		['plan/b-B', 'b-B', 'medical_claim.csv', expect.any(Number)]
	]);
	expect(await panel('patient_emergency_visits')).toEqual([]);
});

test('the months of a rate, the last three still filling in', async () => {
	const months = await built.connection.rows<{ period: string; numerator: number; is_filling_in: boolean }>(
		sqlFile('panels', 'hospital_months').text,
		{ measure: 'hospital_admissions', dimension: 'all', value: 'all', days: true }
	);
	expect(months.map((month) => month.period)).toEqual(
		Array.from({ length: 11 }, (_, at) => `2025-${String(at + 1).padStart(2, '0')}`)
	);
	expect(months.map((month) => month.numerator).join(' ')).toBe('1 1 2 0 0 1 1 0 0 0 0');
	expect(months.map((month) => (month.is_filling_in ? 'f' : '-')).join('')).toBe('--------fff');
});

test('the steps from all stays to those judged for readmission', async () => {
	const steps = await built.connection.rows<{ excluded_because: string | null; stays: number; remaining: number }>(
		sqlFile('panels', 'stay_steps').text,
		{ measure: 'readmission_30_days', year: 2025, days: true }
	);
	expect(
		steps
			.filter((step) => step.stays > 0 || step.excluded_because === null)
			.map((step) => [step.excluded_because, step.stays, step.remaining])
	).toEqual([
		[null, 0, 11],
		['not_acute', 1, 10],
		['transferred', 1, 9],
		['died', 1, 8],
		['age_not_known', 1, 7],
		['not_covered_30_days', 2, 5],
		['too_recent', 1, 4]
	]);
	expect(steps.at(-1)!.remaining).toBe((await result('readmission_30_days'))!.denominator);
});

test('intervals of counts are the same in SQL and on the screen', async () => {
	const rows = await built.connection.rows<{ n: number; lower: number; upper: number }>(
		'select n::integer as n, byar_lower(n) as lower, byar_upper(n) as upper from range(0, 200) as r(n)'
	);
	for (const { n, lower, upper } of rows) {
		expect(eventInterval(n).lower, `lower of ${n}`).toBeCloseTo(lower, 6);
		expect(eventInterval(n).upper, `upper of ${n}`).toBeCloseTo(upper, 6);
	}
});
