import { afterAll, beforeAll, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

const person = (person_id: string, plan: string, contract_id: string) => ({
	person_id,
	birth_date: '1950-01-01',
	enrollment_start_date: '2025-01-01',
	enrollment_end_date: '2025-12-31',
	plan,
	contract_id
});
const enrolled = (person_id: string, contract_id: string, more: Record<string, string> = {}) => ({
	person_id,
	contract_id,
	program: 'part_d',
	enrollment_date: '2025-01-01',
	targeting_reason: '01',
	...more
});
let services = 0;
const session = (
	person_id: string,
	service_type: string,
	service_date: string,
	more: Record<string, string | boolean> = {}
) => ({
	service_id: `S${++services}`,
	person_id,
	contract_id: 'H0001',
	service_type,
	service_date,
	status: 'completed',
	pharmacy_npi: '1000000001',
	provider_npi: '3000000001',
	...more
});

const given: Given = {
	eligibility: [
		person('A', 'GOLD', 'H0001'),
		person('B', 'GOLD', 'H0001'),
		person('C', 'SILVER', 'H0001'),
		person('D', 'SILVER', 'H0002'),
		person('E', 'SILVER', 'H0002'),
		person('F', 'SILVER', 'H0002')
	],
	mtm_enrollment: [
		enrolled('A', 'H0001', { cmr_offered_date: '2025-03-02' }),
		enrolled('B', 'H0001', { cmr_offered_date: '2025-03-03' }),
		enrolled('C', 'H0001', { enrollment_date: '2025-08-02' }),
		enrolled('D', 'H0002', { enrollment_date: '2025-08-03' }),
		enrolled('E', 'H0002', { enrollment_date: '2025-03-01', opt_out_date: '2025-04-20' }),
		enrolled('F', 'H0002', { enrollment_date: '2025-03-01' })
	],
	mtm_service: [
		session('A', 'cmr', '2025-03-20', { summary_sent_date: '2025-04-03', summary_standard_format: true }),
		session('B', 'cmr', '2025-09-10', { summary_sent_date: '2025-09-25', pharmacy_npi: '1000000002' }),
		session('C', 'cmr', '2025-09-18'),
		session('F', 'cmr', '2025-04-30', { status: 'refused', contract_id: 'H0002' }),
		session('A', 'tmr', '2025-01-15'),
		session('A', 'tmr', '2025-02-15'),
		session('A', 'tmr', '2025-06-30'),
		session('A', 'tmr', '2025-08-30')
	]
};
let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2025-10-01' });
});
afterAll(() => built.close());

const rows = (measure: string) =>
	built.connection.rows(
		`select patient_id, denominator, numerator, excluded_because, value, evidence from measure_row where measure = $measure
		order by patient_id, subject_id`,
		{ measure }
	);
const counted = async (measure: string) =>
	(await rows(measure)).map(
		(row) => `${row.patient_id}: ${row.excluded_because ?? `${row.numerator} of ${row.denominator}`}`
	);

test('an offer by the sixtieth day counts, one on the sixty-first does not; a refused review was offered', async () => {
	expect(await counted('cmr_offered_within_60_days')).toEqual([
		'A: 1 of 1', // enrolled 1 January, offered 2 March
		'B: 0 of 1', // 3 March
		'C: 1 of 1', // enrolled 2 August, reviewed on 18 September
		'D: not_yet_due', // enrolled 3 August: due 2 October
		'E: ended_before_due',
		'F: 1 of 1' // enrolled 1 March, refused on 30 April
	]);
});

test('a summary on the fourteenth day counts, on the fifteenth it does not', async () => {
	expect(await counted('cmr_summary_within_14_days')).toEqual(['A: 1 of 1', 'B: 0 of 1', 'C: not_yet_due']);
	expect((await rows('cmr_summary_within_14_days'))[0]).toMatchObject({
		value: 14,
		evidence: 'Review 20 Mar; summary sent 3 Apr, 14 days later, standard format'
	});
});

test('of summaries sent by the as-of day, those said to be in the standard format; said to be not and not said are two things', async () => {
	const summary = (person_id: string, more: Record<string, string | boolean>) =>
		session(person_id, 'cmr', '2025-03-20', more);
	const told = await computed(
		{
			...given,
			mtm_service: [
				summary('A', { summary_sent_date: '2025-04-03', summary_standard_format: true }),
				summary('B', { summary_sent_date: '2025-10-01', summary_standard_format: false }),
				summary('C', { service_date: '2025-09-10', summary_sent_date: '2025-10-02', summary_standard_format: true }),
				summary('D', { service_date: '2025-09-10', contract_id: 'H0002', summary_sent_date: '2025-09-12' }),
				summary('F', { contract_id: 'H0002', summary_standard_format: true })
			]
		},
		{ asOf: '2025-10-01' }
	);
	const found = await told.connection.rows(
		`select patient_id || ': ' || coalesce(excluded_because, numerator || ' of ' || denominator) as said, evidence
		from measure_row where measure = 'cmr_summary_standard_format' order by patient_id`
	);
	told.close();
	expect(found.map((row) => row.said)).toEqual([
		'A: 1 of 1',
		'B: 0 of 1', // sent on the as-of day
		'C: no_summary', // sent the day after it
		'D: format_not_stated',
		'F: no_summary'
	]);
	expect(found[1]!.evidence).toBe('Review 20 Mar; summary sent 1 Oct, not in standard format');
});

test('a review whose fourteenth day is the as-of day is due; the day before it is not yet', async () => {
	const next = await computed(given, { asOf: '2025-10-02' });
	const [row] = await next.connection.rows(
		`select denominator, numerator, excluded_because from measure_row where measure = 'cmr_summary_within_14_days' and patient_id = 'C'`
	);
	next.close();
	expect(row).toEqual({ denominator: 1, numerator: 0, excluded_because: null });
});

test('each quarter of enrolment that is over asks for a targeted review', async () => {
	expect((await counted('tmr_each_quarter')).filter((row) => row.startsWith('A') || row.startsWith('E'))).toEqual([
		'A: 1 of 1',
		'A: 1 of 1',
		'A: 1 of 1',
		'A: quarter_open',
		'E: 0 of 1',
		'E: 0 of 1'
	]);
});

test('results stand by plan, contract, pharmacy and provider', async () => {
	expect(
		await built.connection.rows(
			`select dimension, dimension_value, numerator, denominator, round(rate, 3) as rate, period, unit
			from measure_result where measure = 'cmr_completion' order by dimension, dimension_value`
		)
	).toEqual(
		[
			['all', 'all', 3, 5],
			['contract', 'H0001', 3, 3],
			['contract', 'H0002', 0, 2],
			['pharmacy', '1000000001', 2, 3],
			['pharmacy', '1000000002', 1, 1],
			['plan', 'GOLD', 2, 2],
			['plan', 'SILVER', 1, 3],
			['provider', '3000000001', 3, 3]
		].map(([dimension, dimension_value, numerator, denominator]) => ({
			dimension,
			dimension_value,
			numerator,
			denominator,
			rate: Math.round((Number(numerator) / Number(denominator)) * 1000) / 1000,
			period: '2025',
			unit: 'proportion'
		}))
	);
});
