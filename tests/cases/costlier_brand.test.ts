import { afterAll, beforeAll, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

/** Lipitor 10 and 20 mg, and atorvastatin 10 mg of another maker. */
const lipitor10 = '00071015523';
const lipitor20 = '00071015623';
const generic10 = '00378395005';
const norvasc5 = '00069153041';
const genericAmlodipine5 = '00054010120';

/** A fill of one person: product, month-day of 2026, units, what the plan and the patient paid; null where the claim does not say. */
type Fill = [ndc: string, on: string, units: number, plan: number | null, patient: number | null];

/** Two others filled the generic too; with that of "the last fill is the generic" the median is 0.15 a tablet by the plan and 0.10 by the patient. */
const people: Record<string, { fills: Fill[]; expected: { reason: string; evidence: string } | null }> = {
	'Lipitor at 90 and 30 for 30 tablets against 4.50 and 3': {
		fills: [[lipitor10, '10-10', 30, 90, 30]],
		expected: {
			reason: 'Lipitor: $112.50 more in 30 days than generic atorvastatin',
			evidence: 'Plan $85.50, patient $27.00 in 30 days; median of 3 generic fills; last fill 10 Oct'
		}
	},
	'two tablets a day cost twice as much more': {
		fills: [[lipitor10, '10-10', 60, 180, 60]],
		expected: {
			reason: 'Lipitor: $225.00 more in 30 days than generic atorvastatin',
			evidence: 'Plan $171.00, patient $54.00 in 30 days; median of 3 generic fills; last fill 10 Oct'
		}
	},
	'the patient pays less, all together more': {
		fills: [[lipitor10, '10-10', 30, 90, 0]],
		expected: {
			reason: 'Lipitor: $82.50 more in 30 days than generic atorvastatin',
			evidence: 'Plan $85.50, patient -$3.00 in 30 days; median of 3 generic fills; last fill 10 Oct'
		}
	},
	'the same price is not more': { fills: [[lipitor10, '10-10', 30, 4.5, 3]], expected: null },
	'a cent more is': {
		fills: [[lipitor10, '10-10', 30, 4.51, 3]],
		expected: {
			reason: 'Lipitor: $0.01 more in 30 days than generic atorvastatin',
			evidence: 'Plan $0.01, patient $0.00 in 30 days; median of 3 generic fills; last fill 10 Oct'
		}
	},
	'no generic of that strength in claims': { fills: [[lipitor20, '10-10', 30, 90, 30]], expected: null },
	'no price': { fills: [[lipitor10, '10-10', 30, null, null]], expected: null },
	'the last fill is the generic': {
		fills: [
			[lipitor10, '09-20', 30, 90, 30],
			[generic10, '10-10', 30, 4.5, 3]
		],
		expected: null
	},
	'no longer on hand': { fills: [[lipitor10, '09-01', 30, 90, 30]], expected: null }
};

const names = Object.keys(people);
let built: Built;
beforeAll(async () => {
	const given: Given = { eligibility: [], pharmacy_claim: [] };
	const add = (person_id: string, fills: Fill[]) => {
		given.eligibility!.push({
			person_id,
			birth_date: '1950-01-01',
			enrollment_start_date: '2026-01-01',
			enrollment_end_date: '2026-12-31'
		});
		fills.forEach(([ndc_code, on, quantity, paid_amount, copayment_amount], at) =>
			given.pharmacy_claim!.push({
				claim_id: `${person_id}-${at}`,
				person_id,
				dispensing_date: `2026-${on}`,
				ndc_code,
				days_supply: quantity === 90 ? 90 : 30,
				quantity,
				paid_amount,
				copayment_amount
			})
		);
	};
	names.forEach((name, at) => add(`P${at}`, people[name]!.fills));
	add('X', [[generic10, '03-01', 30, 3, 3]]);
	add('Y', [[generic10, '04-01', 90, 18, 9]]);
	add('Z', [[genericAmlodipine5, '04-01', 30, 3, 3]]);
	// Two brands as two lines of one claim.
	add('two lines', [[lipitor10, '10-10', 30, 90, 30]]);
	const line = given.pharmacy_claim!.at(-1)!;
	given.pharmacy_claim!.push({ ...line, claim_line_number: 2, ndc_code: norvasc5 });
	built = await computed(given, { asOf: '2026-10-31' });
}, 60_000);
afterAll(() => built.close());

test.each(names)('%s', async (name) => {
	const rows = await built.connection.rows(
		`select reason, evidence from review_list where patient_id = $id and list = 'costlier_brand'`,
		{ id: `P${names.indexOf(name)}` }
	);
	const { expected } = people[name]!;
	expect(rows).toEqual(expected ? [expected] : []);
});

test('each of two brands on one claim', async () => {
	const rows = await built.connection.rows(
		"select reason from review_list where patient_id = 'two lines' and list = 'costlier_brand' order by 1"
	);
	expect(rows.map((row) => row.reason)).toEqual([
		'Lipitor: $112.50 more in 30 days than generic atorvastatin',
		'Norvasc: $114.00 more in 30 days than generic amlodipine'
	]);
});
