import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

const ndc: Record<string, string> = {
	'atorvastatin 10': '00378395005',
	'atorvastatin 20': '00378395105',
	'atorvastatin 40': '00378395205',
	'lisinopril 10': '00143126701',
	'lisinopril 20': '00143126801',
	'lisinopril+hctz': '00143126301',
	'amlodipine+atorvastatin': '00378451305',
	apixaban: '00003089421',
	omeprazole: '00378615001',
	esomeprazole: '00186504005',
	warfarin: '00832121600'
};

/** Fills are `product day days [quantity]`; a day is month-day of 2025. Everything is known through 31 December 2025. */
type Case = {
	name: string;
	action: string;
	about?: string;
	proposed?: string;
	/** The day of the answer; null where the file has none. */
	answered?: string | null;
	identified?: string;
	response?: string;
	fills?: string[];
	/** Laboratory results `loinc day`, procedures `hcpcs day`. */
	labs?: string[];
	procedures?: string[];
	noMedicalCoverage?: boolean;
	expected: [verified: string | null, claim?: string | null, on?: string | null];
};
const cases: Case[] = [
	// start
	{
		name: 'start: filled on the sixtieth day',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['atorvastatin 10 07-31 30'],
		expected: ['yes', 'F1', '2025-07-31']
	},
	{
		name: 'start: filled on the sixty-first day',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['atorvastatin 10 08-01 30'],
		expected: ['no', null, null]
	},
	{
		name: 'start: filled on the day of the answer',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['atorvastatin 10 06-01 30'],
		expected: ['yes', 'F1', '2025-06-01']
	},
	{
		name: 'start: filled the day before the answer only',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['atorvastatin 10 05-31 30'],
		expected: ['no']
	},
	{
		name: 'start: no day of an answer, so from identification',
		action: 'start',
		proposed: 'atorvastatin',
		answered: null,
		identified: '05-01',
		fills: ['atorvastatin 10 06-30 30'],
		expected: ['yes', 'F1', '2025-06-30']
	},
	{
		name: 'start: a product that holds the ingredient among others',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['amlodipine+atorvastatin 06-20 30'],
		expected: ['yes', 'F1']
	},
	{
		name: 'start: a combination proposed, one ingredient filled',
		action: 'start',
		proposed: 'amlodipine;atorvastatin',
		fills: ['atorvastatin 10 06-20 30'],
		expected: ['no']
	},
	{
		name: 'start: a combination proposed and filled, however it is written',
		action: 'start',
		proposed: 'Atorvastatin + Amlodipine',
		fills: ['amlodipine+atorvastatin 06-20 30'],
		expected: ['yes', 'F1']
	},
	{
		name: 'start: window and run-out end on the as-of day',
		action: 'start',
		proposed: 'atorvastatin',
		answered: '10-02',
		expected: ['no']
	},
	{
		name: 'start: the run-out ends a day later',
		action: 'start',
		proposed: 'atorvastatin',
		answered: '10-03',
		expected: ['too_early']
	},
	{
		name: 'start: seen early, so yes',
		action: 'start',
		proposed: 'atorvastatin',
		answered: '12-01',
		fills: ['atorvastatin 10 12-03 30'],
		expected: ['yes', 'F1', '2025-12-03']
	},
	{
		name: 'start: nobody says what',
		action: 'start',
		expected: ['not_checkable']
	},
	{
		name: 'start: an ingredient that the drug tables do not know',
		action: 'start',
		proposed: 'wonderstatin',
		expected: ['not_checkable']
	},
	// change_drug
	{
		name: 'change: the new ingredient is filled',
		action: 'change_drug',
		about: 'lisinopril',
		proposed: 'apixaban',
		fills: ['lisinopril 10 05-01 30', 'apixaban 06-15 30'],
		expected: ['yes', 'F2', '2025-06-15']
	},
	{
		name: 'change: the old one goes on',
		action: 'change_drug',
		about: 'lisinopril',
		proposed: 'apixaban',
		fills: ['lisinopril 10 05-01 30', 'lisinopril 10 06-01 30'],
		expected: ['no']
	},
	{
		name: 'change: too early',
		action: 'change_drug',
		about: 'lisinopril',
		proposed: 'apixaban',
		answered: '12-01',
		expected: ['too_early']
	},
	{ name: 'change: to what is not said', action: 'change_drug', about: 'lisinopril', expected: ['not_checkable'] },
	// stop
	{
		name: 'stop: on hand until 14 June, no fill through 13 August',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-16 30', 'omeprazole 08-14 30'],
		expected: ['yes', null, null]
	},
	{
		name: 'stop: filled again on 13 August',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-16 30', 'omeprazole 08-13 30'],
		expected: ['no', 'F2', '2025-08-13']
	},
	{
		name: 'stop: filled on the day of the answer',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-16 30', 'omeprazole 06-01 30'],
		expected: ['no', 'F2', '2025-06-01']
	},
	{
		name: 'stop: two early refills carry supply to 29 July, so the window ends on 27 September',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-01 30', 'omeprazole 05-11 30', 'omeprazole 05-21 30', 'omeprazole 09-27 30'],
		expected: ['no', 'F4', '2025-09-27']
	},
	{
		name: 'stop: a day after that window',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-01 30', 'omeprazole 05-11 30', 'omeprazole 05-21 30', 'omeprazole 09-28 30'],
		expected: ['yes']
	},
	{
		name: 'stop: nothing on hand any more, so sixty days from the answer',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 01-01 30', 'omeprazole 08-01 30'],
		expected: ['yes']
	},
	{
		name: 'stop: supply on hand to 1 October, window to 30 November, run-out to 30 December',
		action: 'stop',
		about: 'omeprazole',
		answered: '09-20',
		fills: ['omeprazole 09-02 30'],
		expected: ['yes']
	},
	{
		name: 'stop: two days more on hand, too early',
		action: 'stop',
		about: 'omeprazole',
		answered: '09-20',
		fills: ['omeprazole 09-04 30'],
		expected: ['too_early']
	},
	{
		name: 'stop: nothing on hand any more, and the sixty days are not over',
		action: 'stop',
		about: 'omeprazole',
		answered: '11-01',
		fills: ['omeprazole 08-01 30'],
		expected: ['too_early']
	},
	{ name: 'stop: never seen in claims', action: 'stop', about: 'omeprazole', expected: ['not_checkable'] },
	{
		name: 'stop: last seen over a year before',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 2024-05-31 30'],
		expected: ['not_checkable']
	},
	// doses
	{
		name: 'more: a stronger tablet',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 20 06-20 30'],
		expected: ['yes', 'F2', '2025-06-20']
	},
	{
		name: 'more: on the day of the answer',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 20 06-01 30'],
		expected: ['yes', 'F2', '2025-06-01']
	},
	{
		name: 'more: two tablets a day',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 10 06-20 30 60'],
		expected: ['yes', 'F2']
	},
	{
		name: 'more: a stronger tablet, half of it a day',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 20 06-20 30 15'],
		expected: ['no']
	},
	{
		name: 'more: went down',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 20 05-01 30', 'atorvastatin 10 06-20 30'],
		expected: ['no']
	},
	{
		name: 'more: too early',
		action: 'increase_dose',
		about: 'atorvastatin',
		answered: '12-01',
		fills: ['atorvastatin 10 11-20 30', 'atorvastatin 10 12-20 30'],
		expected: ['too_early']
	},
	{
		name: 'more: nothing before to compare with',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 20 06-20 30'],
		expected: ['not_checkable']
	},
	{
		name: 'less: a weaker tablet',
		action: 'decrease_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 40 05-01 30', 'atorvastatin 20 06-20 90'],
		expected: ['yes', 'F2']
	},
	{
		name: 'less: the same',
		action: 'decrease_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 40 05-01 30', 'atorvastatin 40 06-20 90'],
		expected: ['no']
	},
	{
		name: 'less: too early',
		action: 'decrease_dose',
		about: 'atorvastatin',
		answered: '12-01',
		fills: ['atorvastatin 40 11-20 30'],
		expected: ['too_early']
	},
	{
		name: 'less: the fill before says no quantity',
		action: 'decrease_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 40 05-01 30 none', 'atorvastatin 20 06-20 30'],
		expected: ['not_checkable']
	},
	// longer supply
	{
		name: 'longer: 84 days',
		action: 'extend_supply',
		about: 'lisinopril',
		fills: ['lisinopril 10 05-01 30', 'lisinopril 10 06-10 84'],
		expected: ['yes', 'F2']
	},
	{
		name: 'longer: 83 days',
		action: 'extend_supply',
		about: 'lisinopril',
		fills: ['lisinopril 10 06-10 83'],
		expected: ['no']
	},
	{
		name: 'longer: too early',
		action: 'extend_supply',
		about: 'lisinopril',
		answered: '11-01',
		fills: ['lisinopril 10 11-10 30'],
		expected: ['too_early']
	},
	{ name: 'longer: of what is not said', action: 'extend_supply', expected: ['not_checkable'] },
	// adherence
	{
		name: 'adherence: refilled on the thirtieth day',
		action: 'adherence_support',
		about: 'lisinopril',
		fills: ['lisinopril+hctz 07-01 30'],
		expected: ['yes', 'F1', '2025-07-01']
	},
	{
		name: 'adherence: refilled on the thirty-first day',
		action: 'adherence_support',
		about: 'lisinopril',
		fills: ['lisinopril 10 07-02 30'],
		expected: ['no']
	},
	{
		name: 'adherence: window and run-out end on the as-of day',
		action: 'adherence_support',
		about: 'lisinopril',
		answered: '11-01',
		expected: ['no']
	},
	{
		name: 'adherence: a day later',
		action: 'adherence_support',
		about: 'lisinopril',
		answered: '11-02',
		expected: ['too_early']
	},
	{ name: 'adherence: to what is not said', action: 'adherence_support', expected: ['not_checkable'] },
	// cost
	{
		name: 'cost: 281.75 dollars for 30 days, then 3.25',
		action: 'reduce_cost',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		fills: ['esomeprazole 05-01 30', 'omeprazole 06-20 30'],
		expected: ['yes', 'F2']
	},
	{
		name: 'cost: the new one costs as much',
		action: 'reduce_cost',
		about: 'esomeprazole',
		proposed: 'apixaban',
		fills: ['esomeprazole 05-01 30', 'apixaban 06-20 30'],
		expected: ['no']
	},
	{
		name: 'cost: too early',
		action: 'reduce_cost',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		answered: '12-01',
		fills: ['esomeprazole 11-15 30'],
		expected: ['too_early']
	},
	{
		name: 'cost: nothing before to compare with',
		action: 'reduce_cost',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		fills: ['omeprazole 06-20 30'],
		expected: ['not_checkable']
	},
	// monitoring
	{
		name: 'monitor: a laboratory result',
		action: 'monitor',
		about: 'warfarin',
		labs: ['34714-6 06-20'],
		expected: ['yes', null, '2025-06-20']
	},
	{
		name: 'monitor: a claim for the test',
		action: 'monitor',
		about: 'warfarin',
		procedures: ['85610 06-21'],
		expected: ['yes', 'M1', '2025-06-21']
	},
	{
		name: 'monitor: a refill is no test',
		action: 'monitor',
		about: 'warfarin',
		fills: ['warfarin 06-10 30'],
		expected: ['no']
	},
	{
		name: 'monitor: another test',
		action: 'monitor',
		about: 'warfarin',
		labs: ['4548-4 06-20'],
		expected: ['no']
	},
	{
		name: 'monitor: medical claims need three months to come in',
		action: 'monitor',
		about: 'warfarin',
		answered: '08-04',
		expected: ['too_early']
	},
	{ name: 'monitor: no test is listed for it', action: 'monitor', about: 'omeprazole', expected: ['not_checkable'] },
	{
		name: 'monitor: no medical coverage',
		action: 'monitor',
		about: 'warfarin',
		noMedicalCoverage: true,
		expected: ['not_checkable']
	},
	// immunization
	{
		name: 'immunize: a claim for the vaccine',
		action: 'immunize',
		about: 'influenza vaccine',
		procedures: ['90662 06-30'],
		expected: ['yes', 'M1', '2025-06-30']
	},
	{ name: 'immunize: none', action: 'immunize', about: 'influenza vaccine', expected: ['no'] },
	{
		name: 'immunize: too early',
		action: 'immunize',
		about: 'influenza vaccine',
		answered: '10-01',
		expected: ['too_early']
	},
	{ name: 'immunize: against what is not said', action: 'immunize', expected: ['not_checkable'] },
	// others
	{ name: 'education leaves no claim', action: 'educate', about: 'lisinopril', expected: ['not_checkable'] },
	{ name: 'nor does another schedule', action: 'change_schedule', about: 'lisinopril', expected: ['not_checkable'] },
	{
		name: 'modified is accepted',
		action: 'start',
		proposed: 'atorvastatin',
		response: 'modified',
		fills: ['atorvastatin 10 06-20 30'],
		expected: ['yes', 'F1']
	},
	{
		name: 'declined is not verified',
		action: 'start',
		proposed: 'atorvastatin',
		response: 'declined',
		fills: ['atorvastatin 10 06-20 30'],
		expected: [null, null, null]
	}
];

const day = (word: string) => (word.length === 5 ? `2025-${word}` : word);
const price: Record<string, number> = { esomeprazole: 281.75, omeprazole: 3.25, apixaban: 565.75 };
const given: Given = {
	eligibility: [],
	pharmacy_claim: [],
	medical_claim: [],
	lab_result: [],
	mtm_service: [],
	mtm_recommendation: []
};
for (const [at, one] of cases.entries()) {
	const person_id = `P${at + 1}`;
	given.eligibility!.push({
		person_id,
		birth_date: '1950-01-01',
		enrollment_start_date: '2024-01-01',
		enrollment_end_date: '2025-12-31',
		medical_coverage: one.noMedicalCoverage ? false : null
	});
	given.mtm_recommendation!.push({
		recommendation_id: person_id,
		person_id,
		identified_date: day(one.identified ?? '05-01'),
		problem: 'needs_therapy',
		action: one.action,
		ingredient: one.about ?? null,
		new_ingredient: one.proposed ?? null,
		recipient: 'prescriber',
		response: one.response ?? 'accepted',
		response_date: one.answered === null ? null : day(one.answered ?? '06-01')
	});
	for (const [number, text] of (one.fills ?? []).entries()) {
		const [, product, on, days, quantity] = /^(.+) ((?:\d{4}-)?\d\d-\d\d) (\d+)(?: (\S+))?$/.exec(text)!;
		given.pharmacy_claim!.push({
			claim_id: `${person_id}-F${number + 1}`,
			person_id,
			dispensing_date: day(on!),
			ndc_code: ndc[product!]!,
			days_supply: days!,
			quantity: quantity === 'none' ? null : (quantity ?? days!),
			paid_amount: price[product!] ?? 10,
			copayment_amount: 1
		});
	}
	for (const text of one.labs ?? []) {
		const [code, on] = text.split(' ') as [string, string];
		given.lab_result!.push({ person_id, normalized_component_code: code, collection_datetime: `${day(on)} 09:00:00` });
	}
	for (const [number, text] of (one.procedures ?? []).entries()) {
		const [code, on] = text.split(' ') as [string, string];
		given.medical_claim!.push({
			claim_id: `${person_id}-M${number + 1}`,
			person_id,
			claim_start_date: day(on),
			hcpcs_code: code
		});
	}
}

// The acceptance case: 170 at least 30 days old by 31 December 2025, 30 younger; beside them those that stand apart.
const answers: [count: number, response: string, sent: string][] = [
	[70, 'accepted', '2025-12-01'],
	[14, 'modified', '2025-11-01'],
	[26, 'declined', '2025-10-01'],
	[45, 'no_response', '2025-09-01'],
	[15, 'pending', '2025-12-01'],
	[20, 'accepted', '2025-12-02'],
	[10, 'pending', '2025-12-02'],
	[7, 'unable_to_reach', '2025-06-01'],
	[5, 'withdrawn', '2025-06-01']
];
const acceptance: Given = { mtm_service: [], mtm_recommendation: [] };
for (const [at, [count, response, sent]] of answers.entries())
	for (let number = 0; number < count; number++)
		acceptance.mtm_recommendation!.push({
			recommendation_id: `A${at}-${number}`,
			person_id: `Q${at}-${number}`,
			// What was found on one day may be sent on a later one: the age counts from there.
			identified_date: '2025-05-20',
			sent_date: sent,
			problem: 'cost',
			action: 'educate',
			recipient: 'prescriber',
			response,
			response_date: ['accepted', 'modified', 'declined'].includes(response) ? '2025-12-30' : null,
			prescriber_npi: response === 'declined' ? '1000000001' : '1000000002'
		});

let built: Built;
let other: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2025-12-31' });
	other = await computed(acceptance, { asOf: '2025-12-31' });
});
afterAll(() => {
	built.close();
	other.close();
});

describe('what later claims show of a recommendation', () => {
	test.each(cases.map((one, at) => ({ ...one, id: `P${at + 1}` })))('$name', async (one) => {
		const [row] = await built.connection.rows('select * from recommendation where recommendation_id = $id', {
			id: one.id
		});
		const [verified, claim, on] = one.expected;
		expect(row!.verified).toBe(verified);
		if (claim !== undefined) expect(row!.verified_by_claim_id).toBe(claim && `${one.id}-${claim}`);
		if (on !== undefined) expect(row!.verified_on).toBe(on);
	});

	test('acceptance seen in claims leaves out what is too early or not checkable', async () => {
		const [row] = await built.connection.rows(
			`select sum(denominator)::integer as d, sum(numerator)::integer as n from measure_row where measure = 'acceptance_verified'`
		);
		const wanted = (verified: string) => cases.filter((one) => one.expected[0] === verified).length;
		expect(row).toEqual({ d: wanted('yes') + wanted('no'), n: wanted('yes') });
	});
});

describe('acceptance, three ways', () => {
	const rate = async (measure: string) =>
		(
			await other.connection.rows(
				`select sum(denominator)::integer as d, sum(numerator)::integer as n, round(100 * n / d, 1) as percent
				from measure_row where measure = $measure and year = 2025`,
				{ measure }
			)
		)[0];

	test('of all made: 84 of 170', async () => {
		expect(await rate('acceptance_of_made')).toEqual({ d: 170, n: 84, percent: 49.4 });
	});
	test('of those answered: 84 of 110', async () => {
		expect(await rate('acceptance_of_answered')).toEqual({ d: 110, n: 84, percent: 76.4 });
	});
	test('those left out say why', async () => {
		const rows = await other.connection.rows(
			`select excluded_because, count(*) as rows from measure_row where measure = 'acceptance_of_answered' and excluded_because is not null
			group by 1 order by 1`
		);
		expect(rows).toEqual([
			{ excluded_because: 'not_answered', rows: 60 },
			{ excluded_because: 'unable_to_reach', rows: 7 },
			{ excluded_because: 'under_30_days', rows: 30 },
			{ excluded_because: 'withdrawn', rows: 5 }
		]);
	});
	test('days to the answer count from sending', async () => {
		expect(
			await other.connection.rows(
				`select days_to_response, accepted, answered, count(*) as rows from recommendation where response = 'declined' group by all`
			)
		).toEqual([{ days_to_response: 90, accepted: false, answered: true, rows: 26 }]);
	});
});
