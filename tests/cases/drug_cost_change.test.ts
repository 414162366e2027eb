import { INTEGER, LIST, VARCHAR } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { costChange } from '$lib/domain/recommendation';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from './warehouse';

const ndc: Record<string, string> = {
	'atorvastatin 10': '00378395005',
	'atorvastatin 20': '00378395105',
	omeprazole: '00378615001',
	esomeprazole: '00186504005'
};

/** A fill: product, month-day of 2025, days, what the plan paid, what the patient paid (copayment), what was allowed; null where the claim does not say. */
type Fill = [product: string, on: string, days: number, plan: number | null, copay: number | null, allowed?: number];

/** One accepted recommendation of 1 June 2025 with the fills around it, and the cents a day that the plan's and the patient's part changed by. */
const cases: Record<
	string,
	{
		action: string;
		about: string;
		proposed?: string;
		fills: Fill[];
		expected: [plan: number | null, patient: number | null, because: string | null] | null;
	}
> = {
	'esomeprazole at 240 and 30 becomes omeprazole at 6 and 3, each for 30 days': {
		action: 'change_drug',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		fills: [
			['esomeprazole', '05-10', 30, 240, 30],
			['omeprazole', '06-08', 30, 6, 3]
		],
		expected: [-780, -90, null]
	},
	'a longer fill is compared by the day': {
		action: 'extend_supply',
		about: 'atorvastatin',
		fills: [
			['atorvastatin 10', '05-10', 30, 9, 6],
			['atorvastatin 10', '06-08', 90, 18, 9]
		],
		expected: [-10, -10, null]
	},
	'the last fill before counts, not an earlier one': {
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: [
			['atorvastatin 10', '04-10', 30, 300, 30],
			['atorvastatin 10', '05-10', 30, 3, 3],
			['atorvastatin 20', '06-08', 30, 6, 3]
		],
		expected: [10, 0, null]
	},
	'started: nothing before': {
		action: 'start',
		about: 'atorvastatin',
		proposed: 'atorvastatin',
		fills: [['atorvastatin 10', '06-08', 30, 9, 6]],
		expected: [30, 20, null]
	},
	'stopped: nothing after': {
		action: 'stop',
		about: 'omeprazole',
		fills: [['omeprazole', '05-10', 30, 9, 6]],
		expected: [-30, -20, null]
	},
	'the patient paid what was allowed and not paid by the plan': {
		action: 'stop',
		about: 'omeprazole',
		fills: [['omeprazole', '05-10', 30, 9, null, 15]],
		expected: [-30, -20, null]
	},
	'no part of the patient known: the plan alone': {
		action: 'stop',
		about: 'omeprazole',
		fills: [['omeprazole', '05-10', 30, 9, null]],
		expected: [-30, null, null]
	},
	'no price before': {
		action: 'change_drug',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		fills: [
			['esomeprazole', '05-10', 30, null, null],
			['omeprazole', '06-08', 30, 6, 3]
		],
		expected: [null, null, 'no_price']
	},
	'no fill before': {
		action: 'change_drug',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		fills: [['omeprazole', '06-08', 30, 6, 3]],
		expected: [null, null, 'no_fill_before']
	},
	'not verified: no row': {
		action: 'change_drug',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		fills: [['esomeprazole', '05-10', 30, 240, 30]],
		expected: null
	},
	'support of adherence has no price to compare: no row': {
		action: 'adherence_support',
		about: 'omeprazole',
		fills: [
			['omeprazole', '05-10', 30, 9, 6],
			['omeprazole', '06-08', 30, 6, 3]
		],
		expected: null
	}
};

const names = Object.keys(cases);
let built: Built;
beforeAll(async () => {
	const given: Given = { eligibility: [], pharmacy_claim: [], mtm_recommendation: [] };
	names.forEach((name, at) => {
		const person_id = `P${at}`;
		const { action, about, proposed, fills } = cases[name]!;
		given.eligibility!.push({
			person_id,
			birth_date: '1950-01-01',
			enrollment_start_date: '2025-01-01',
			enrollment_end_date: '2025-12-31'
		});
		given.mtm_recommendation!.push({
			recommendation_id: `R${at}`,
			person_id,
			identified_date: '2025-05-20',
			problem: 'cost',
			action,
			ingredient: about,
			new_ingredient: proposed ?? null,
			recipient: 'prescriber',
			response: 'accepted',
			response_date: '2025-06-01'
		});
		fills.forEach(([product, on, days_supply, paid_amount, copayment_amount, allowed_amount], number) =>
			given.pharmacy_claim!.push({
				claim_id: `${person_id}-${number}`,
				person_id,
				dispensing_date: `2025-${on}`,
				ndc_code: ndc[product]!,
				days_supply,
				quantity: days_supply,
				paid_amount,
				copayment_amount,
				allowed_amount: allowed_amount ?? null
			})
		);
	});
	built = await computed(given, { asOf: '2025-12-31' });
}, 60_000);
afterAll(() => built.close());

test.each(names)('%s', async (name) => {
	const rows = await built.connection.rows(
		'select plan_cents, patient_cents, left_out_because from drug_cost_change where recommendation_id = $id',
		{ id: `R${names.indexOf(name)}` }
	);
	const { expected } = cases[name]!;
	expect(rows).toEqual(
		expected ? [{ plan_cents: expected[0], patient_cents: expected[1], left_out_because: expected[2] }] : []
	);
});

test('the price after is that of the line that verifies it, not of another line or another sender with that claim number', async () => {
	const fill = (claim_id: string, ndc_code: string, on: string, paid_amount: number, more = {}) => ({
		claim_id,
		person_id: 'P',
		dispensing_date: on,
		ndc_code,
		days_supply: 30,
		quantity: 30,
		paid_amount,
		copayment_amount: 3,
		...more
	});
	const { connection, close } = await computed(
		{
			eligibility: [
				{
					person_id: 'P',
					birth_date: '1950-01-01',
					enrollment_start_date: '2025-01-01',
					enrollment_end_date: '2025-12-31'
				}
			],
			pharmacy_claim: [
				fill('1', ndc.esomeprazole!, '2025-05-10', 240),
				fill('2', ndc['atorvastatin 10']!, '2025-06-08', 90, { claim_line_number: 1 }),
				fill('2', ndc.omeprazole!, '2025-06-08', 6, { claim_line_number: 2 }),
				fill('2', ndc['atorvastatin 20']!, '2025-06-08', 60, { claim_line_number: 2, data_source: 'another' })
			],
			mtm_recommendation: [
				{
					recommendation_id: 'R',
					person_id: 'P',
					identified_date: '2025-05-20',
					problem: 'cost',
					action: 'change_drug',
					ingredient: 'esomeprazole',
					new_ingredient: 'omeprazole',
					recipient: 'prescriber',
					response: 'accepted',
					response_date: '2025-06-01'
				}
			]
		},
		{ asOf: '2025-12-31' }
	);
	expect(await connection.rows('select plan_cents, patient_cents, left_out_because from drug_cost_change')).toEqual([
		{ plan_cents: -780, patient_cents: 0, left_out_because: null }
	]);
	close();
}, 60_000);

test('the measures are means of those cents, each over those that name its part', async () => {
	const rows = await built.connection.rows<{ measure: string; rate: number; lower: number; upper: number }>(
		`select measure, numerator, denominator, rate, lower, upper, unit from measure_result
		where measure like 'drug_cost_change%' and dimension = 'all' order by measure`
	);
	const parts = names.flatMap((name) => (cases[name]!.expected ? [cases[name]!.expected!] : []));
	for (const [at, part] of (['patient', 'plan'] as const).entries()) {
		const cents = parts.map((one) => one[part === 'plan' ? 0 : 1]).filter((one) => one !== null);
		const sum = cents.reduce((total, one) => total + one, 0);
		const mean = sum / cents.length;
		const half =
			1.959963984540054 *
			Math.sqrt(cents.reduce((total, one) => total + (one - mean) ** 2, 0) / (cents.length - 1) / cents.length);
		expect(rows[at]).toMatchObject({
			measure: `drug_cost_change_${part}`,
			numerator: sum,
			denominator: cents.length,
			unit: 'cents a day'
		});
		expect(rows[at]!.rate).toBeCloseTo(mean, 9);
		expect(rows[at]!.lower).toBeCloseTo(mean - half, 9);
		expect(rows[at]!.upper).toBeCloseTo(mean + half, 9);
	}
});

test('the page tells them by action: how many are compared, why the others are not, and the mean of each part', async () => {
	const rows = await built.connection.rows(
		sqlFile('panels', 'drug_cost_groups').text,
		{ year: 2025, only: null, never: null },
		{ year: INTEGER, only: LIST(VARCHAR), never: LIST(VARCHAR) }
	);
	const given = names.flatMap((name) => {
		const { action, expected } = cases[name]!;
		return expected ? [{ action, plan: expected[0], patient: expected[1], because: expected[2] }] : [];
	});
	const actions = [...new Set(given.map((one) => one.action))].toSorted();
	expect(rows.map((row) => row.action)).toEqual([null, ...actions]);
	for (const row of rows) {
		const of = given.filter((one) => row.action === null || one.action === row.action);
		const because = (why: string | null) => of.filter((one) => one.because === why).length;
		expect(row).toMatchObject({
			recommendations: of.length,
			patients: of.length,
			compared: because(null),
			no_fill_before: because('no_fill_before'),
			no_claim_after: 0,
			no_price: because('no_price')
		});
		for (const part of ['plan', 'patient'] as const) {
			const cents = of.map((one) => one[part]).filter((one) => one !== null);
			const mean = cents.reduce((total, one) => total + one, 0) / cents.length;
			expect(row[`${part}_compared`]).toBe(cents.length);
			if (cents.length) expect(row[`${part}_cents`]).toBeCloseTo(mean, 9);
			else expect(row[`${part}_cents`]).toBeNull();
			if (cents.length < 2) expect(row[`${part}_half`]).toBeNull();
			else
				expect(row[`${part}_half`]).toBeCloseTo(
					1.959963984540054 *
						Math.sqrt(cents.reduce((total, one) => total + (one - mean) ** 2, 0) / (cents.length - 1) / cents.length),
					9
				);
		}
	}
});

test('each number of that page opens to those it counts', async () => {
	const told = async (state: string) =>
		(
			await built.connection.rows<{ recommendation_id: string }>(
				`select recommendation_id from drug_cost_change
				where cost_state(recommendation_id, left_out_because, plan_cents, patient_cents, $state) order by recommendation_id`,
				{ state }
			)
		).map((row) => row.recommendation_id);
	const those = (holds: (expected: [number | null, number | null, string | null]) => boolean) =>
		names.flatMap((name, at) => (cases[name]!.expected && holds(cases[name]!.expected) ? [`R${at}`] : [])).toSorted();
	expect(await told('compared')).toEqual(those(([, , because]) => because === null));
	expect(await told('plan')).toEqual(those(([plan]) => plan !== null));
	expect(await told('patient')).toEqual(those(([, patient]) => patient !== null));
	expect((await told('patient')).length).toBeLessThan((await told('plan')).length);
	for (const why of ['no_fill_before', 'no_price'])
		expect(await told(why)).toEqual(those(([, , because]) => because === why));
});

test('a change of cents a day in words', () => {
	expect(costChange(-780)).toBe('−$7.80');
	expect(costChange(12.4)).toBe('+$0.12');
	expect(costChange(-0.4)).toBe('$0.00');
	expect(costChange(null)).toBe('not computable');
});
