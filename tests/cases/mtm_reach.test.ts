import { INTEGER, VARCHAR } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from './warehouse';

// Who is reached by the commuting area of the roster's ZIP code, as of 30 June 2025.

/** ZIP codes on the edges of the areas, by their codes in the table, and what is no ZIP code or in no area. */
const zips: [zip: string | null, ruca: string, area: string | null][] = [
	['55102', '1', 'metropolitan'],
	['55102-1234', '1', 'metropolitan'],
	['551021234', '1', 'metropolitan'],
	['07001', '1', 'metropolitan'],
	['7001', '1, its zero lost', 'metropolitan'],
	['70011234', '1, its zero lost', 'metropolitan'],
	['55003', '1', 'metropolitan'],
	['00077', '3', 'metropolitan'],
	['55019', '4', 'micropolitan'],
	['00152', '6', 'micropolitan'],
	['56143', '7', 'small town'],
	['55009', '7.1', 'small town'],
	['00135', '9', 'small town'],
	['55606', '10', 'rural'],
	['02652', '10.3', 'rural'],
	['02108', '99', null],
	['551', 'three digits', null],
	['99999', 'no such code', null],
	['unknown', 'none', null],
	[null, 'none', null]
];

let built: Built;
beforeAll(async () => {
	const given: Given = { eligibility: [], mtm_enrollment: [], mtm_service: [] };
	zips.forEach(([zip_code], at) => {
		const person_id = `P${at}`;
		given.eligibility!.push({
			person_id,
			zip_code,
			birth_date: '1950-05-05',
			enrollment_start_date: '2025-01-01',
			enrollment_end_date: '2025-12-31',
			contract_id: 'H1'
		});
		given.mtm_enrollment!.push({
			person_id,
			contract_id: 'H1',
			program: 'part_d',
			enrollment_date: '2025-01-01',
			met_criteria_date: '2025-01-01'
		});
		if (at % 2 === 0)
			given.mtm_service!.push({
				service_id: `S${at}`,
				person_id,
				contract_id: 'H1',
				program: 'part_d',
				service_type: 'cmr',
				service_date: '2025-03-01',
				status: 'completed'
			});
	});
	built = await computed(given, { asOf: '2025-06-30' });
}, 120_000);
afterAll(() => built.close());

const reach = () =>
	built.connection.rows<{ value: string | null; enrolled: number; counted: number; reviewed: number }>(
		sqlFile('panels', 'mtm_reach').text,
		{ year: 2025, unit: 'area' },
		{ year: INTEGER, unit: VARCHAR }
	);

test('people are counted once each, in the area of their ZIP code', async () => {
	const expected = new Map<string | null, [number, number]>();
	zips.forEach(([, , area], at) => {
		const [enrolled, reviewed] = expected.get(area) ?? [0, 0];
		expected.set(area, [enrolled + 1, reviewed + Number(at % 2 === 0)]);
	});
	const rows = await reach();
	expect(rows.map((row) => row.value)).toEqual(['metropolitan', 'micropolitan', 'rural', 'small town', null]);
	for (const row of rows)
		expect([row.value, row.enrolled, row.reviewed]).toEqual([row.value, ...expected.get(row.value)!]);
});

test('the cases stand in the table as they say', async () => {
	const known = await built.connection.rows<{ zip_code: string; ruca: number }>('select zip_code, ruca from rural_zip');
	const codes = new Map(known.map((row) => [row.zip_code, row.ruca]));
	expect(codes.size).toBe(known.length);
	for (const [zip, ruca] of zips)
		if (/^\d{5}$/.test(zip ?? '') && zip !== '99999') expect([zip, codes.get(zip!)]).toEqual([zip, Number(ruca)]);
	for (const ruca of codes.values()) expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99]).toContain(Math.trunc(ruca));
});
