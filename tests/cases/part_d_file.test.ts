import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elementText, fileLine, type Element } from '$lib/domain/part_d_file';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from './warehouse';

type Row = Given[string][number];

/** One invented person of 2025: what differs from a clean row of the file, and what the file and its edits make of it. */
type Case = {
	name: string;
	person?: Row;
	enrolled?: Row | Row[];
	sessions?: Row[];
	recommendations?: Row[];
	fields?: Record<string, unknown>;
	/** No row of the file. */
	isAbsent?: boolean;
	edits?: string[];
};

const clean = { received: true, cmrs: 1 };
const cmr = (held: string, more: Row = {}): Row => ({
	service_date: held,
	service_type: 'cmr',
	status: 'completed',
	summary_sent_date: held,
	summary_standard_format: true,
	delivery_method: '02',
	recipient: '01',
	provider_type: 'pharmacist',
	setting: 'call_center',
	...more
});
const made = (on: string, more: Row = {}): Row => ({
	identified_date: on,
	problem: 'needs_therapy',
	action: 'start',
	recipient: 'prescriber',
	response: 'accepted',
	resolved: 'yes',
	...more
});

const cases: Case[] = [
	{
		name: 'all in order',
		sessions: [cmr('2025-03-01')],
		fields: { ...clean, cmr_on_1: '2025-03-01', provider_code: '13', offered_on: '2025-03-01' }
	},
	{
		name: 'no review: received is no, nothing is missing',
		fields: { received: false, cmrs: 0, delivery_method: null, offered: false }
	},
	// A: contract
	{ name: 'a contract of six characters', enrolled: { contract_id: 'H00011' }, edits: ['contract_malformed'] },
	{ name: 'a regional contract', enrolled: { contract_id: 'R0001' } },
	{ name: 'no contract', enrolled: { contract_id: null }, edits: ['contract_malformed'] },
	{
		name: 'on the roster in this contract on one day of the year',
		person: { contract_id: 'H0001', enrollment_start_date: '2025-12-31' }
	},
	{
		name: 'on the roster in another contract',
		person: { contract_id: 'H0002' },
		edits: ['not_in_contract']
	},
	{
		name: 'on the roster in this contract from the next year on',
		person: { contract_id: 'H0001', enrollment_start_date: '2026-01-01' },
		edits: ['not_in_contract']
	},
	// B: identifier
	{
		name: 'an identifier with dashes and small letters is the same',
		person: { mbi: '1eg4-te5-mk72' },
		fields: { mbi: '1EG4TE5MK72' }
	},
	{ name: 'ten characters', person: { mbi: '1EG4TE5MK7' }, edits: ['mbi_malformed'] },
	{ name: 'a letter that CMS does not use', person: { mbi: '1SG4TE5MK73' }, edits: ['mbi_malformed'] },
	{ name: 'no identifier is missing, and not malformed', person: { mbi: null }, edits: ['mbi_missing'] },
	{ name: 'dashes alone are no identifier', person: { mbi: ' -- ' }, edits: ['mbi_missing'] },
	{ name: 'one character is an identifier, malformed', person: { mbi: '1' }, edits: ['mbi_malformed'] },
	// C to G
	{ name: 'no last name', person: { last_name: null }, edits: ['name_missing'] },
	{ name: 'a first name of 30 letters', person: { first_name: 'A'.repeat(30) } },
	{ name: 'a first name of 31 letters', person: { first_name: 'A'.repeat(31) }, edits: ['too_long'] },
	{
		name: 'the middle name gives its first letter',
		person: { middle_name: 'quincy' },
		fields: { middle_initial: 'Q' }
	},
	{ name: 'long-term care not said', enrolled: { ltc_resident: null }, edits: ['ltc_unknown'] },
	// H: CMS checks that the day lies in the year
	{ name: 'enrolled on 1 January', enrolled: { enrollment_date: '2025-01-01' }, fields: { enrolled_on: '2025-01-01' } },
	{
		name: 'enrolled on the day before, and still: told with 1 January',
		enrolled: { enrollment_date: '2024-12-31' },
		fields: { enrolled_on: '2025-01-01' }
	},
	{
		name: 'enrolled on 31 December',
		enrolled: { enrollment_date: '2025-12-31', met_criteria_date: '2025-12-31' },
		fields: { enrolled_on: '2025-12-31' }
	},
	// I and J
	{ name: 'criteria not said', enrolled: { targeting_reason: null }, edits: ['targeting_missing'] },
	{ name: 'criteria met, no day', enrolled: { met_criteria_date: null }, edits: ['criteria_day_missing'] },
	{ name: 'none met, no day', enrolled: { targeting_reason: '04', met_criteria_date: null } },
	{ name: 'none met, a day', enrolled: { targeting_reason: '04' }, edits: ['criteria_day_unasked'] },
	{ name: 'met on the last day of the year', enrolled: { met_criteria_date: '2025-12-31' } },
	{ name: 'met the day after', enrolled: { met_criteria_date: '2026-01-01' }, edits: ['criteria_day_late'] },
	{
		name: 'met on the day of the first pharmacy claim that is loaded',
		enrolled: { met_criteria_date: '2024-12-01' }
	},
	{ name: 'met the day before it', enrolled: { met_criteria_date: '2024-11-30' }, edits: ['criteria_day_early'] },
	// K and L
	{
		name: 'died in the year, and nobody opted them out: the days end, the file says nothing of it',
		person: { death_date: '2025-06-01' },
		sessions: [cmr('2025-05-31')],
		fields: { ...clean, opted_out_on: null },
		edits: ['died_enrolled']
	},
	{
		name: 'died and opted out',
		person: { death_date: '2025-06-01' },
		enrolled: { opt_out_date: '2025-06-01', opt_out_reason: '01' }
	},
	{
		name: 'died, opted out days later: the opt-out day is that of the file',
		person: { death_date: '2025-06-01' },
		enrolled: { opt_out_date: '2025-06-05', opt_out_reason: '01' },
		sessions: [cmr('2025-06-04')],
		fields: { ...clean, opted_out_on: '2025-06-05' }
	},
	{ name: 'died after the year', person: { death_date: '2026-01-01' } },
	{
		name: 'died before the year, and nobody opted them out: not in the file',
		person: { death_date: '2024-12-31' },
		enrolled: { enrollment_date: '2024-01-15', met_criteria_date: '2024-12-15' },
		isAbsent: true
	},
	{
		name: 'opted out with a reason',
		enrolled: { opt_out_date: '2025-06-01', opt_out_reason: '03' },
		fields: { opted_out_on: '2025-06-01', opt_out_reason: '03' }
	},
	{ name: 'opted out without', enrolled: { opt_out_date: '2025-06-01' }, edits: ['reason_missing'] },
	{ name: 'a reason without a day', enrolled: { opt_out_reason: '03' }, edits: ['reason_unasked'] },
	{
		name: 'opted out on 31 December',
		enrolled: { opt_out_date: '2025-12-31', opt_out_reason: '02' },
		fields: { opted_out_on: '2025-12-31' }
	},
	{
		name: 'opted out on 1 January: not told this year',
		enrolled: { opt_out_date: '2026-01-01', opt_out_reason: '02' },
		fields: { opted_out_on: null, opt_out_reason: null }
	},
	{
		name: 'opted out and back, and still enrolled: no opt-out is told',
		enrolled: [{ opt_out_date: '2025-03-01', opt_out_reason: '03' }, { enrollment_date: '2025-05-01' }],
		sessions: [cmr('2025-06-01')],
		fields: { ...clean, enrolled_on: '2025-01-15', opted_out_on: null, opt_out_reason: null }
	},
	{
		name: 'opted out twice: the last day, and its reason, which is missing',
		enrolled: [
			{ opt_out_date: '2025-03-01', opt_out_reason: '03' },
			{ enrollment_date: '2025-05-01', opt_out_date: '2025-08-01' }
		],
		fields: { opted_out_on: '2025-08-01', opt_out_reason: null },
		edits: ['reason_missing']
	},
	{
		name: "criteria met in the first enrolment, the plan's own in the next: met",
		enrolled: [
			{ opt_out_date: '2025-03-01', opt_out_reason: '03' },
			{ enrollment_date: '2025-05-01', targeting_reason: '04', met_criteria_date: null }
		],
		fields: { targeting_reason: '01', met_criteria_on: '2025-01-15' }
	},
	{
		name: 'taken back on the day of enrolment, and enrolled later: the later day is told',
		enrolled: [{ opt_out_date: '2025-01-15', opt_out_reason: '99' }, { enrollment_date: '2025-02-01' }],
		fields: { enrolled_on: '2025-02-01', opted_out_on: null, opt_out_reason: null }
	},
	// N
	{
		name: 'offered, never held',
		enrolled: { cmr_offered_date: '2025-02-20' },
		fields: { offered: true, offered_on: '2025-02-20', received: false }
	},
	{
		name: 'offered the year before, enrolled since then: no offer of this year',
		enrolled: { enrollment_date: '2024-12-01', met_criteria_date: '2024-12-15', cmr_offered_date: '2024-12-31' },
		fields: { offered: false, offered_on: null },
		edits: ['offer_of_another_year']
	},
	{
		name: 'offered the year before, and tried this year',
		enrolled: { enrollment_date: '2024-12-01', met_criteria_date: '2024-12-15', cmr_offered_date: '2024-12-31' },
		sessions: [cmr('2025-02-01', { status: 'no_show' })],
		fields: { offered: true, offered_on: '2025-02-01' }
	},
	{
		name: 'offered on 31 December, enrolled from January on: an offer of the enrolment',
		enrolled: { cmr_offered_date: '2024-12-31' },
		fields: { offered: true, offered_on: '2024-12-31' }
	},
	// O and P
	{
		name: 'summary not in the standard format',
		sessions: [cmr('2025-03-01', { summary_standard_format: false })],
		fields: { received: false, cmrs: 0, cmr_on_1: null, delivery_method: null },
		edits: ['summary_not_standard']
	},
	{
		name: 'summary not sent',
		sessions: [cmr('2025-03-01', { summary_sent_date: null })],
		fields: { received: false },
		edits: ['summary_not_standard']
	},
	{ name: 'a review on the day of enrolment', sessions: [cmr('2025-01-15')], fields: clean },
	{
		name: 'a review the day before',
		sessions: [cmr('2025-01-14')],
		fields: { received: false },
		edits: ['review_outside']
	},
	{
		name: 'a review on the day before opting out',
		enrolled: { opt_out_date: '2025-06-01', opt_out_reason: '03' },
		sessions: [cmr('2025-05-31')],
		fields: clean
	},
	{
		name: 'a review on the day of opting out',
		enrolled: { opt_out_date: '2025-06-01', opt_out_reason: '03' },
		sessions: [cmr('2025-06-01')],
		fields: { received: false },
		edits: ['review_outside']
	},
	{ name: 'a review on 31 December', sessions: [cmr('2025-12-31')], fields: clean },
	{ name: "next year's review is next year's", sessions: [cmr('2026-01-01')], fields: { received: false } },
	{
		name: "another contract's review is not this one's",
		sessions: [cmr('2025-03-01', { contract_id: 'H0002' })],
		fields: { received: false }
	},
	{
		name: 'a session that names no contract counts',
		sessions: [cmr('2025-03-01', { contract_id: null })],
		fields: clean
	},
	{
		name: 'an attempt is no review',
		sessions: [cmr('2025-03-01', { status: 'refused' })],
		fields: { received: false, offered_on: '2025-03-01' }
	},
	{
		name: 'five reviews',
		sessions: [1, 2, 3, 4, 5].map((month) => cmr(`2025-0${month + 1}-01`)),
		fields: { cmrs: 5, cmr_on_5: '2025-06-01' }
	},
	{
		name: 'six',
		sessions: [1, 2, 3, 4, 5, 6].map((month) => cmr(`2025-0${month + 1}-01`)),
		fields: { cmrs: 6, cmr_on_5: '2025-06-01' },
		edits: ['dates_left_out']
	},
	// Q to S, of the first review
	{
		name: 'the first of two reviews is told',
		sessions: [cmr('2025-04-01', { delivery_method: '01' }), cmr('2025-03-01', { delivery_method: '03' })],
		fields: { cmrs: 2, delivery_method: '03' }
	},
	{ name: 'delivery missing', sessions: [cmr('2025-03-01', { delivery_method: null })], edits: ['delivery_missing'] },
	{ name: 'recipient missing', sessions: [cmr('2025-03-01', { recipient: null })], edits: ['recipient_missing'] },
	{
		name: 'a pharmacist of a community pharmacy',
		sessions: [cmr('2025-03-01', { setting: 'community_pharmacy' })],
		fields: { provider_code: '06' }
	},
	{
		name: 'a code that CMS knows stands as it is',
		sessions: [cmr('2025-03-01', { provider_type: '09' })],
		fields: { provider_code: '09' }
	},
	{
		name: 'a technician has no code',
		sessions: [cmr('2025-03-01', { provider_type: 'technician' })],
		edits: ['provider_missing']
	},
	// T
	{
		name: 'targeted reviews',
		sessions: [cmr('2025-04-01', { service_type: 'tmr' }), cmr('2025-07-01', { service_type: 'tmr' })],
		fields: { tmrs: 2, first_tmr_on: '2025-04-01' }
	},
	// U and V
	{
		name: 'to the prescriber and to both count, to the patient not',
		recommendations: [
			made('2025-03-01'),
			made('2025-03-02', { recipient: 'both' }),
			made('2025-03-03', { recipient: 'patient' })
		],
		fields: { prescriber_recommendations: 2, resolutions: 2 }
	},
	{
		name: 'not resolved',
		recommendations: [made('2025-03-01', { resolved: 'no', implemented: 'yes' })],
		fields: { prescriber_recommendations: 1, resolutions: 0 }
	},
	{
		name: 'resolution unknown, implemented',
		recommendations: [made('2025-03-01', { resolved: 'unknown', implemented: 'yes' })],
		fields: { resolutions: 1 }
	},
	{
		name: 'withdrawn',
		recommendations: [made('2025-03-01', { response: 'withdrawn' })],
		fields: { prescriber_recommendations: 0 }
	},
	{ name: 'before enrolment', recommendations: [made('2025-01-14')], fields: { prescriber_recommendations: 0 } },
	// one row for each person and contract
	{
		name: 'two enrolments at once that say different things',
		enrolled: [{}, { enrollment_date: '2025-02-01', targeting_reason: '02' }],
		edits: ['conflicting_records']
	},
	{ name: 'another programme is not in the file', enrolled: { program: 'medicaid' }, isAbsent: true }
];

const mbiOf = (at: number) => `1EG4TE5M${'ACDEFGHJKM'[Math.floor(at / 10)]}${'0123456789'[at % 10]}${at % 7}`;
let built: Built;
let rows: Record<string, unknown>[];
let edits: Record<string, unknown>[];
let elements: Element[];

beforeAll(async () => {
	const given: Given = { eligibility: [], mtm_enrollment: [], mtm_service: [], mtm_recommendation: [] };
	given.pharmacy_claim = [
		{ claim_id: 'first', person_id: 'P000', dispensing_date: '2024-12-01', ndc_code: '00378395005', days_supply: 30 }
	];
	cases.forEach(({ person, enrolled, sessions, recommendations }, at) => {
		const person_id = `P${String(at).padStart(3, '0')}`;
		given.eligibility!.push({
			person_id,
			mbi: mbiOf(at),
			first_name: 'Ann',
			last_name: 'Example',
			birth_date: '1950-05-05',
			enrollment_start_date: '2025-01-01',
			enrollment_end_date: '2026-12-31',
			...person
		});
		for (const row of [enrolled ?? {}].flat())
			given.mtm_enrollment!.push({
				person_id,
				contract_id: 'H0001',
				program: 'part_d',
				enrollment_date: '2025-01-15',
				met_criteria_date: '2025-01-15',
				targeting_reason: '01',
				ltc_resident: false,
				cognitively_impaired: false,
				...row
			});
		sessions?.forEach((row, number) =>
			given.mtm_service!.push({
				service_id: `${person_id}-${number}`,
				person_id,
				contract_id: 'H0001',
				program: 'part_d',
				...row
			})
		);
		recommendations?.forEach((row, number) =>
			given.mtm_recommendation!.push({ recommendation_id: `${person_id}-${number}`, person_id, ...row })
		);
	});
	built = await computed(given, { asOf: '2026-06-30' });
	const asked = async (panel: string) =>
		await built.connection.rows(
			sqlFile('panels', panel).text.replaceAll('$year', '2025').replaceAll('$contract', 'null::varchar')
		);
	rows = await asked('beneficiary_file');
	edits = await asked('beneficiary_edits');
	elements = (await asked('beneficiary_elements')) as Element[];
}, 120_000);
afterAll(() => built.close());

describe('the beneficiary file of 2025', () => {
	test.each(cases.map((one, at) => [one.name, one, at] as const))(
		'%s',
		(_, { person, enrolled, fields, edits: expected, isAbsent }, at) => {
			const mine = edits.filter((edit) => edit.patient_id === `P${String(at).padStart(3, '0')}`);
			expect(mine.map((edit) => edit.edit)).toEqual(expected ?? []);
			if (isAbsent) return expect(rows.some((one) => one.mbi === mbiOf(at))).toBe(false);
			const mbi = person && 'mbi' in person ? undefined : mbiOf(at);
			const row = mbi ? rows.find((one) => one.mbi === mbi)! : null;
			if (row)
				expect(row).toMatchObject({
					contract_id: [enrolled ?? {}].flat()[0]!.contract_id ?? row.contract_id,
					...fields
				});
			else if (fields) expect(rows).toContainEqual(expect.objectContaining(fields));
		}
	);

	test('one row for each person and contract; another programme has none', () => {
		expect(rows).toHaveLength(cases.filter((one) => !one.isAbsent).length);
		expect(elements.map(({ letter }) => letter).join('')).toBe('ABCDEFGHIJKLMNNOOPPPPPQRSTTUV');
	});

	test('a review that names no contract lies outside only where no contract of the person holds it', async () => {
		const moved = await computed(
			{
				eligibility: ['A', 'B'].map((person_id) => ({
					person_id,
					mbi: mbiOf(person_id === 'A' ? 0 : 1),
					first_name: 'Ann',
					last_name: 'Example',
					birth_date: '1950-05-05',
					enrollment_start_date: '2025-01-01',
					enrollment_end_date: '2025-12-31'
				})),
				mtm_enrollment: ['A', 'B'].flatMap((person_id) =>
					[
						['H0001', '2025-01-15', '2025-04-01', '02'],
						['H0002', '2025-05-01', null, null]
					].map(([contract_id, enrollment_date, opt_out_date, opt_out_reason]) => ({
						person_id,
						contract_id: contract_id!,
						program: 'part_d',
						enrollment_date: enrollment_date!,
						met_criteria_date: '2025-01-15',
						opt_out_date: opt_out_date!,
						opt_out_reason: opt_out_reason!,
						targeting_reason: '01',
						ltc_resident: false
					}))
				),
				mtm_service: [
					{ service_id: 'A', person_id: 'A', ...cmr('2025-05-01') },
					{ service_id: 'B', person_id: 'B', ...cmr('2025-04-30') }
				]
			},
			{ asOf: '2025-12-31' }
		);
		const found = await moved.connection.rows(
			sqlFile('panels', 'beneficiary_edits').text.replaceAll('$year', '2025').replaceAll('$contract', 'null::varchar')
		);
		moved.close();
		expect(found.map(({ edit, contract_id, patient_id }) => [edit, contract_id, patient_id])).toEqual([
			['review_outside', 'H0001', 'B'],
			['review_outside', 'H0002', 'B']
		]);
	});

	test('an identifier on two persons of one contract is listed for both', async () => {
		const twice = await computed(
			{
				eligibility: ['A', 'B', 'C'].map((person_id) => ({
					person_id,
					mbi: '1EG4TE5MK72',
					first_name: 'Ann',
					last_name: 'Example',
					birth_date: '1950-05-05',
					enrollment_start_date: '2025-01-01',
					enrollment_end_date: '2025-12-31'
				})),
				mtm_enrollment: ['A', 'B', 'C'].map((person_id) => ({
					person_id,
					contract_id: person_id === 'C' ? 'H0002' : 'H0001',
					program: 'part_d',
					enrollment_date: '2025-01-15',
					met_criteria_date: '2025-01-15',
					targeting_reason: '01',
					ltc_resident: false
				}))
			},
			{ asOf: '2025-12-31' }
		);
		const found = await twice.connection.rows(
			sqlFile('panels', 'beneficiary_edits').text.replaceAll('$year', '2025').replaceAll('$contract', 'null::varchar')
		);
		twice.close();
		expect(found.map(({ edit, patient_id }) => [edit, patient_id])).toEqual([
			['mbi_twice', 'A'],
			['mbi_twice', 'B']
		]);
	});

	test('the letters of a year: G, H and I changed with 2022', async () => {
		const of = async (panel: string, year: number) =>
			await built.connection.rows(sqlFile('panels', panel).text.replaceAll('$year', String(year)));
		const letters = async (year: number) =>
			Object.fromEntries((await of('beneficiary_elements', year)).map((row) => [row.field, row.letter]));
		const first = await letters(2021);
		const next = await letters(2022);
		expect([first.targeting_reason, first.ltc_resident, first.enrolled_on]).toEqual(['G', 'H', 'I']);
		expect([next.targeting_reason, next.ltc_resident, next.enrolled_on]).toEqual(['I', 'G', 'H']);
		for (const field of Object.keys(next).filter(
			(one) => !['targeting_reason', 'ltc_resident', 'enrolled_on'].includes(one)
		))
			expect([field, first[field]]).toEqual([field, next[field]]);
		for (const year of [2023, 2024, 2025, 2026, 2027]) expect(await letters(year)).toEqual(next);
		expect(await letters(2020)).toEqual({});
		const places = (await of('beneficiary_elements', 2021)).map((row) => row.place);
		expect(places).toEqual(places.map((_, at) => at + 1));
		const checks = async (year: number) =>
			Object.fromEntries((await of('beneficiary_checks', year)).map((row) => [row.edit, row.letter]));
		expect((await checks(2021)).targeting_missing).toBe('G');
		expect((await checks(2022)).targeting_missing).toBe('I');
		expect(Object.values(await checks(2025))).not.toContain(null);
	});

	test('a line of 2021 says yes or no to the criteria; at risk alone does not meet them', async () => {
		const layout = (await built.connection.rows(
			sqlFile('panels', 'beneficiary_elements').text.replaceAll('$year', '2021')
		)) as Element[];
		const criteria = layout.find((element) => element.letter === 'G')!;
		expect(['01', '02', '03', '04', null].map((reason) => elementText(criteria, reason))).toEqual([
			'Y',
			'N',
			'Y',
			'N',
			''
		]);
	});

	test('a line, element by element', () => {
		const row = rows.find((one) => one.mbi === mbiOf(0))!;
		expect(fileLine(elements, row, 'pipe')).toBe(
			`H0001|${mbiOf(0)}|Ann||Example|19500505|N|20250115|01|20250115|||N|Y|20250301|Y|1|20250301|||||02|13|01|0||0|0`
		);
	});
});

test('what a form makes of a value, and of none', () => {
	const element = (form: string) => ({
		form,
		field: 'x',
		letter: 'X',
		title: 'x',
		place: 1,
		most_characters: 9,
		is_required: false,
		source: 'x'
	});
	expect(elementText(element('yyyymmdd'), '2025-03-01')).toBe('20250301');
	expect(['y_n', 'y_n_u'].map((form) => elementText(element(form), false))).toEqual(['N', 'N']);
	expect(['y_n', 'y_n_u', 'code'].map((form) => elementText(element(form), null))).toEqual(['', 'U', '']);
	expect(() => elementText(element('roman'), 1)).toThrow('roman');
	expect(() => fileLine([element('text')], { x: 'a\tb' }, 'tab')).toThrow('tab');
	expect(() => fileLine([element('text')], {}, 'tab')).toThrow('no row has');
});
