import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openHome, type Home } from '$lib/server/home';
import { importReference } from '$lib/server/reference/import';
import { computed, type Given } from './warehouse';

// Ann: covered all year. Bob: covered to June, with a claim in August that counts nowhere. Cyd: covered all year, no claim. Dov: no medical coverage.
const folder = mkdtempSync(join(tmpdir(), 'mtm-paid-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let claims = 0;
const medical = (person_id: string, on: string, paid_amount: number | null) => ({
	claim_id: `M${++claims}`,
	claim_type: 'professional',
	person_id,
	claim_start_date: `2025-${on}`,
	place_of_service_code: '11',
	paid_amount
});
const fill = (person_id: string, on: string, paid_amount: number | null) => ({
	claim_id: `F${++claims}`,
	person_id,
	dispensing_date: `2025-${on}`,
	days_supply: 30,
	ndc_code: '00071015523',
	paid_amount
});
const covered = (person_id: string, to = '12-31', medical_coverage = true) => ({
	person_id,
	birth_date: '1950-01-01',
	enrollment_start_date: '2025-01-01',
	enrollment_end_date: `2025-${to}`,
	medical_coverage,
	plan: 'PLAN'
});
const given = (lines: Given[string]): Given => ({
	eligibility: [covered('Ann'), covered('Bob', '06-30'), covered('Cyd'), covered('Dov', '12-31', false)],
	medical_claim: lines,
	pharmacy_claim: [
		fill('Ann', '01-10', 40),
		fill('Bob', '02-10', 20),
		fill('Dov', '12-10', 60),
		fill('Bob', '08-10', 999)
	]
});
const lines = [
	medical('Ann', '01-05', 1000),
	medical('Ann', '12-05', 200),
	medical('Bob', '03-05', 600),
	medical('Bob', '08-05', 5000),
	medical('Dov', '04-05', 7000)
];

type Paid = { numerator: number; denominator: number; rate: number };
async function paid(measure: string, rows: Given[string] = lines, home: Home | null = null): Promise<Paid | undefined> {
	const built = await computed(given(rows), { asOf: '2025-12-31', home, only: ['hospital_result'] });
	try {
		return (
			await built.connection.rows<Paid>(
				`select numerator::integer as numerator, denominator::integer as denominator, rate from hospital_result
				where measure = $measure and period = '2025' and dimension = 'all'`,
				{ measure }
			)
		)[0];
	} finally {
		built.close();
	}
}
async function homeWith(setting: string, value: number): Promise<Home> {
	const home = openHome(join(folder, `${setting}-${value}`));
	const file = join(folder, 'setting.csv');
	writeFileSync(
		file,
		`setting,value,allowed,unit,meaning,source,mark\n${setting},${value},anything,days,ours,our own,D\n`
	);
	await importReference(home, [file]);
	return home;
}

test('medical: 1,800 dollars on covered days over 12 + 6 + 12 months', async () => {
	expect(await paid('medical_paid')).toEqual({ numerator: 1800, denominator: 30, rate: 60 });
});

test('pharmacy: whoever has drug coverage, in the months that fills tell of', async () => {
	// Ann, Cyd and Dov twelve months, Bob six: 120 dollars.
	expect(await paid('pharmacy_paid')).toEqual({ numerator: 120, denominator: 42, rate: 120 / 42 });
});

test('trimming at the 60th percentile of 0, 600 and 1,200 cuts 1,200 to 600; at the 67th it does not', async () => {
	expect((await paid('medical_paid', lines, await homeWith('trim_paid_percentile', 60)))?.numerator).toBe(1200);
	expect((await paid('medical_paid', lines, await homeWith('trim_paid_percentile', 67)))?.numerator).toBe(1800);
});

test('amounts on 19 of 20 lines are enough, on 18 of 19 not: then it is not computable, and not 0', async () => {
	const many = (known: number) => [
		...Array.from({ length: known }, () => medical('Ann', '01-05', 10)),
		medical('Ann', '12-05', null)
	];
	expect((await paid('medical_paid', many(19)))?.numerator).toBe(190);
	expect(await paid('medical_paid', many(18))).toBeUndefined();
	expect(await paid('medical_paid', many(18), await homeWith('paid_known_percent', 94))).toMatchObject({
		numerator: 180
	});
});
