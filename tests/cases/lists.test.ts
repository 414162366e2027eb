import { afterAll, beforeAll, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

const atorvastatin = '00071015523';
const lisinopril = '00006001528';
let built: Built;

const person = (person_id: string, more: Record<string, string | boolean | null> = {}) => ({
	person_id,
	birth_date: '1950-01-01',
	enrollment_start_date: '2025-01-01',
	enrollment_end_date: '2025-12-31',
	plan: 'PLAN',
	...more
});
let claims = 0;
const fill = (
	person_id: string,
	dispensing_date: string,
	days_supply: number,
	more: Record<string, string | number> = {}
) => ({
	claim_id: `C${++claims}`,
	person_id,
	dispensing_date: `2025-${dispensing_date}`,
	days_supply,
	ndc_code: atorvastatin,
	...more
});

const given: Given = {
	eligibility: [
		person('last-chance'),
		person('overdue'),
		person('overdue-two-measures'),
		person('overdue-discharged'),
		person('due-soon'),
		person('in-hand'),
		person('first-fill'),
		person('lost'),
		person('no-refills'),
		person('refills-unknown'),
		person('dead', { death_date: '2025-09-15' }),
		person('asked-not-to-be-called'),
		person('on-both')
	],
	contact: [{ person_id: 'asked-not-to-be-called', do_not_contact: true }],
	medical_claim: [
		{
			claim_id: 'M1',
			person_id: 'overdue-discharged',
			claim_start_date: '2025-09-10',
			claim_end_date: '2025-09-10',
			bill_type_code: '111'
		}
	],
	pharmacy: [{ npi: '1000000001', name: 'Corner' }],
	pharmacy_claim: [
		// 31 January to 8 April are missed: 68 of 73.
		fill('last-chance', '01-01', 30),
		fill('last-chance', '04-09', 190),
		// These ran out on 31 August, 30 days late: 43 of 73 left. The discharged one lost a day of the year and a missed day: 43 of 72.
		...['overdue', 'overdue-two-measures', 'asked-not-to-be-called', 'dead', 'on-both'].flatMap((who) => [
			fill(who, '01-01', 120, { dispensing_provider_npi: '1000000001' }),
			fill(who, '05-01', 123, { dispensing_provider_npi: '1000000002' })
		]),
		fill('overdue-two-measures', '01-01', 120, { ndc_code: lisinopril }),
		fill('overdue-two-measures', '05-01', 124, { ndc_code: lisinopril }),
		fill('overdue-discharged', '01-01', 120),
		fill('overdue-discharged', '05-01', 123),
		fill('due-soon', '01-01', 120),
		fill('due-soon', '05-01', 155),
		fill('in-hand', '01-01', 250),
		fill('in-hand', '09-15', 30),
		fill('first-fill', '09-10', 30),
		fill('lost', '01-01', 30),
		fill('lost', '06-01', 30),
		fill('no-refills', '01-01', 120, { refills_remaining: 1 }),
		fill('no-refills', '05-01', 130, { refills_remaining: 0 }),
		fill('refills-unknown', '01-01', 120),
		fill('refills-unknown', '05-01', 130),
		// The chain's own dispensing records: a person of its own, and one whom the plan knows too.
		...['chain-only', 'on-both'].flatMap((who) => [
			fill(who, '02-01', 90, { data_source: 'chain', dispensing_provider_npi: '1000000009' }),
			fill(who, '05-02', 123, { data_source: 'chain', dispensing_provider_npi: '1000000009' })
		])
	]
};

beforeAll(async () => {
	built = await computed(given, { asOf: '2025-09-30' });
});
afterAll(() => built.close());

const list = async (name: string) =>
	await built.connection.rows<{ who: string; reason: string; measure: string; priority: number }>(
		'select patient_id as who, reason, measure, priority from review_list where list = $name order by priority',
		{ name }
	);

test('the at-risk list goes by state, last impactable date, measures at stake, discharge, then patient', async () => {
	const rows = await list('adherence_at_risk');
	expect(rows.map((row) => `${row.priority} ${row.who} ${row.measure}`)).toEqual([
		'1 last-chance pdc_statins',
		'2 chain-only pdc_statins_pharmacy_view',
		'3 overdue-two-measures pdc_statins',
		'4 overdue-discharged pdc_statins',
		'5 overdue pdc_statins',
		'6 overdue-two-measures pdc_rasa',
		'7 no-refills pdc_statins',
		'8 refills-unknown pdc_statins',
		'9 due-soon pdc_statins'
	]);
});

test('a reason says what happened, what is left and until when', async () => {
	const reasons = new Map((await list('adherence_at_risk')).map((row) => [`${row.who} ${row.measure}`, row.reason]));
	expect(reasons.get('overdue pdc_statins')).toBe(
		'Statin ran out 31 Aug, 30 days late; 43 days left to lose this year; last useful fill 13 Nov'
	);
	expect(reasons.get('due-soon pdc_statins')).toBe(
		'Statin runs out 2 Oct, in 2 days; 73 days left to lose this year; last useful fill 15 Dec'
	);
	expect(reasons.get('last-chance pdc_statins')).toBe(
		'Statin runs out 15 Oct, in 15 days; 5 days left to lose this year; last useful fill 21 Oct'
	);
});

test('the dead and those who asked not to be called are on no list', async () => {
	const rows = await built.connection.rows(
		"select * from review_list where patient_id in ('dead', 'asked-not-to-be-called')"
	);
	expect(rows).toEqual([]);
});

test('the other lists', async () => {
	expect(await list('first_fill_only')).toMatchObject([
		{ who: 'first-fill', reason: 'Statin filled once this year, 10 Sep; next fill due 10 Oct' }
	]);
	expect(await list('lost_for_year_clinical')).toMatchObject([
		{
			who: 'lost',
			reason: 'Statin ran out 30 Jun, 92 days ago; 213 days missed since 1 Jan, more than the year allows'
		}
	]);
	expect((await list('no_refills_left')).map((row) => row.who)).toEqual(['no-refills']);
	expect((await list('move_to_90_days')).map((row) => row.who)).toEqual(['in-hand']);
});

test('a person of a chain without a roster has the pharmacy view, and the ordinary row says not enrolled', async () => {
	const rows = await built.connection.rows(
		`select measure, in_denominator, excluded_because, index_date, period_end, covered_days, elapsed_days, fills, plan, pharmacy_npi
		from adherence where patient_id = 'chain-only' order by measure`
	);
	expect(rows).toMatchObject([
		{
			measure: 'pdc_statins',
			in_denominator: false,
			excluded_because: 'not_enrolled',
			covered_days: null,
			fills: null
		},
		{
			measure: 'pdc_statins_pharmacy_view',
			in_denominator: true,
			excluded_because: null,
			index_date: '2025-02-01',
			period_end: '2025-12-31',
			covered_days: 213,
			elapsed_days: 242,
			fills: 2,
			plan: null,
			pharmacy_npi: '1000000009'
		}
	]);
});

test('the pharmacy view counts own fills only, the ordinary measure fills of every source, and nobody is listed twice for one measure', async () => {
	const rows = await built.connection.rows(
		"select measure, fills, covered_days, runs_out_on from adherence where patient_id = 'on-both' order by measure"
	);
	expect(rows).toEqual([
		{ measure: 'pdc_statins', fills: 4, covered_days: 273, runs_out_on: '2026-04-01' },
		{ measure: 'pdc_statins_pharmacy_view', fills: 2, covered_days: 213, runs_out_on: '2025-09-01' }
	]);
	expect(
		await built.connection.rows("select * from review_list where patient_id = 'on-both' and list = 'adherence_at_risk'")
	).toEqual([]);
});

test("a patient's pharmacy is the one of most days' supply, with the counts", async () => {
	const [row] = await built.connection.rows(
		"select pharmacy_npi, pharmacy_fills, counted_fills from adherence_fact inner join patient using (patient_no) where patient_id = 'overdue'"
	);
	expect(row).toEqual({ pharmacy_npi: '1000000002', pharmacy_fills: 1, counted_fills: 2 });
});

test('rates have an interval, by month and by group', async () => {
	const rows = await built.connection.rows(
		"select numerator, denominator, round(lower, 6) as lower, round(upper, 6) as upper from measure_result where measure = 'pdc_statins' and period = '2025' and dimension = 'all'"
	);
	expect(rows).toHaveLength(1);
	const [{ numerator, denominator, lower, upper }] = rows as [Record<string, number>];
	expect(denominator).toBe(12);
	expect(numerator).toBe(10);
	expect(lower).toBeCloseTo(0.551966, 5);
	expect(upper).toBeCloseTo(0.953038, 5);
	const [counted] = await built.connection.rows<{ n: number; d: number }>(
		"select sum((in_denominator and adherent)::integer)::integer as n, sum(in_denominator::integer)::integer as d from adherence where measure = 'pdc_statins' and year = 2025"
	);
	expect(counted).toEqual({ n: numerator, d: denominator });
});

test('no check finds a fault', async () => {
	const checks = await built.connection.rows<{ severity: string; rows: number; check: string }>('from check_result');
	expect(checks.filter((check) => check.severity === 'fault' && check.rows > 0)).toEqual([]);
	expect(checks.length).toBeGreaterThan(5);
});
