import { INTEGER } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlFile } from '$lib/server/sql';
import { doseWords, type Medication } from '../../src/routes/interventions/patient';
import { computed, type Built, type Given } from './warehouse';

/** Claims are `code day [bill type]`; a day is month-day of 2025. Everything is known through 31 December 2025. */
type Case = { name: string; condition: string; claims: string[]; expected: Record<string, unknown> | null };
const cases: Case[] = [
	{
		name: 'diabetes: two office claims on two days',
		condition: 'diabetes',
		claims: ['E11.9 02-01', 'E11.65 06-01'],
		expected: { first_on: '2025-02-01', last_on: '2025-06-01', claims: 2, qualified_on: '2025-06-01', is_current: true }
	},
	{ name: 'diabetes: one office claim', condition: 'diabetes', claims: ['E11.9 02-01'], expected: null },
	{
		name: 'diabetes: two office claims on one day',
		condition: 'diabetes',
		claims: ['E11.9 02-01', 'E11.9 02-01'],
		expected: null
	},
	{
		name: 'diabetes: one hospital claim',
		condition: 'diabetes',
		claims: ['E11.9 02-01 111'],
		expected: { claims: 1, qualified_on: '2025-02-01' }
	},
	{
		name: 'diabetes: one skilled nursing claim',
		condition: 'diabetes',
		claims: ['E11.9 02-01 0211'],
		expected: { claims: 1 }
	},
	{ name: 'diabetes: one outpatient claim', condition: 'diabetes', claims: ['E11.9 02-01 131'], expected: null },
	{
		name: 'diabetes: two years apart to the day',
		condition: 'diabetes',
		claims: ['E11.9 2023-06-01', 'E11.9 06-01'],
		expected: { qualified_on: '2025-06-01' }
	},
	{
		name: 'diabetes: two years and a day apart',
		condition: 'diabetes',
		claims: ['E11.9 2023-05-31', 'E11.9 06-01'],
		expected: null
	},
	{
		name: 'diabetes: long ago, and not seen since',
		condition: 'diabetes',
		claims: ['E11.9 2022-01-01', 'E11.9 2022-06-01'],
		expected: { qualified_on: '2022-06-01', is_current: false }
	},
	{
		name: 'hypertension looks back one year',
		condition: 'hypertension',
		claims: ['I10 2024-06-01', 'I10 06-02'],
		expected: null
	},
	{
		name: 'hypertension: a year to the day',
		condition: 'hypertension',
		claims: ['I10 2024-06-01', 'I10 06-01'],
		expected: { core_disease: 'hypertension' }
	},
	{
		name: 'a heart attack needs a hospital claim: two office claims do not do',
		condition: 'acute_myocardial_infarction',
		claims: ['I21.4 02-01', 'I21.4 06-01'],
		expected: null
	},
	{
		name: 'a heart attack in hospital',
		condition: 'acute_myocardial_infarction',
		claims: ['I21.4 02-01 111'],
		expected: { claims: 1 }
	},
	{
		name: 'a heart attack two years ago is no longer current',
		condition: 'acute_myocardial_infarction',
		claims: ['I21.4 2023-12-30 111', 'I21.4 02-01'],
		expected: { claims: 2, qualified_on: '2023-12-30', is_current: false }
	},
	{ name: 'cataract: one claim', condition: 'cataract', claims: ['H25.11 02-01'], expected: { claims: 1 } },
	{
		name: 'anxiety: a home health claim is as any other',
		condition: 'anxiety_disorders',
		claims: ['F41.1 02-01 321'],
		expected: null
	},
	{ name: 'stroke: one office claim', condition: 'stroke', claims: ['I63.9 02-01'], expected: { claims: 1 } },
	{
		name: 'stroke: not when the claim is about an injury',
		condition: 'stroke',
		claims: ['I63.9+S06340A 02-01'],
		expected: null
	},
	{
		name: 'depression belongs to mental health in Part D',
		condition: 'depression',
		claims: ['F32.9 02-01', 'F33.1 05-01'],
		expected: { core_disease: 'mental_health', claims: 2 }
	},
	{
		name: 'two ways to write one claim: any of its lines',
		condition: 'copd',
		claims: ['J44.9 02-01', 'J44.1 03-01', 'J44.9 04-01'],
		expected: { claims: 3, qualified_on: '2025-03-01' }
	}
];

const day = (word: string) => (word.length === 5 ? `2025-${word}` : word);
const given: Given = { medical_claim: [], eligibility: [], pharmacy_claim: [] };
for (const [at, one] of cases.entries())
	for (const [number, text] of one.claims.entries()) {
		const [codes, on, bill] = text.split(' ') as [string, string, string | undefined];
		const [first, second] = codes.split('+') as [string, string | undefined];
		given.medical_claim!.push({
			claim_id: `C${at}-${number}`,
			person_id: `P${at}`,
			claim_start_date: day(on),
			bill_type_code: bill ?? null,
			diagnosis_code_1: first,
			diagnosis_code_2: second ?? null
		});
	}

/** Fills are `product day days [quantity]`. */
const ndc: Record<string, string> = {
	atorvastatin: '00378395005',
	'atorvastatin 40': '00378395205',
	'amlodipine+atorvastatin': '00378451305',
	insulin: '00088221900',
	unknown: '99999123456'
};
const fills: Record<string, string[]> = {
	'on hand on its last day': ['atorvastatin 12-02 30'],
	'ran out the day before': ['atorvastatin 12-01 30'],
	'an early refill carries on': ['atorvastatin 11-01 30', 'atorvastatin 11-11 30 15'],
	'a late refill starts anew': ['atorvastatin 01-01 30', 'atorvastatin 12-20 30'],
	'another strength of the same': ['atorvastatin 12-01 30', 'atorvastatin 40 12-11 30 60'],
	'a combination is two medicines': ['amlodipine+atorvastatin 12-20 30'],
	'nobody knows the product': ['unknown 12-20 30'],
	insulin: ['insulin 12-20 20 10'],
	'a year and a day ago': ['atorvastatin 2024-12-31 366'],
	'exactly a year ago': ['atorvastatin 01-01 365']
};
for (const [who, list] of Object.entries(fills))
	for (const [number, text] of list.entries()) {
		const [, product, on, days, quantity] = /^(.+) ((?:\d{4}-)?\d\d-\d\d) (\d+)(?: (\d+))?$/.exec(text)!;
		given.pharmacy_claim!.push({
			claim_id: `${who}-${number}`,
			person_id: who,
			dispensing_date: day(on!),
			days_supply: days!,
			quantity: quantity ?? days!,
			ndc_code: ndc[product!]!,
			prescribing_provider_npi: `100000000${number}`,
			dispensing_provider_npi: `200000000${number}`
		});
	}

let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2025-12-31' });
});
afterAll(() => built.close());

describe('chronic conditions', () => {
	test.each(cases.map((one, at) => ({ ...one, at })))('$name', async (one) => {
		const [row] = await built.connection.rows(
			'select * from condition where patient_id = $id and condition = $condition',
			{ id: `P${one.at}`, condition: one.condition }
		);
		if (one.expected === null) expect(row).toBeUndefined();
		else expect(row).toMatchObject(one.expected);
	});
});

describe('medicines on hand on 31 December', () => {
	const of = (who: string) =>
		built.connection.rows('select * exclude (patient_id) from medication where patient_id = $who order by ingredient', {
			who
		});
	const row = (more: Record<string, unknown>) => ({
		ingredient: 'atorvastatin',
		ndc_code: '00378395005',
		prescriber_npi: '1000000000',
		pharmacy_npi: '2000000000',
		daily_units: 1,
		...more
	});
	const second = { prescriber_npi: '1000000001', pharmacy_npi: '2000000001' };
	const expected: Record<string, unknown[]> = {
		'on hand on its last day': [row({ last_fill_on: '2025-12-02', runs_out_on: '2025-12-31' })],
		'ran out the day before': [],
		'an early refill carries on': [],
		'a late refill starts anew': [row({ last_fill_on: '2025-12-20', runs_out_on: '2026-01-18', ...second })],
		'another strength of the same': [
			row({
				ndc_code: '00378395205',
				last_fill_on: '2025-12-11',
				runs_out_on: '2026-01-29',
				daily_units: 2,
				...second
			})
		],
		'a combination is two medicines': [
			row({
				ingredient: 'amlodipine',
				ndc_code: '00378451305',
				last_fill_on: '2025-12-20',
				runs_out_on: '2026-01-18'
			}),
			row({ ndc_code: '00378451305', last_fill_on: '2025-12-20', runs_out_on: '2026-01-18' })
		],
		'nobody knows the product': [],
		'a year and a day ago': [],
		'exactly a year ago': [row({ last_fill_on: '2025-01-01', runs_out_on: '2025-12-31' })]
	};
	test.each(Object.keys(expected))('%s', async (who) => {
		expect(await of(who)).toEqual(expected[who]);
	});
	test('the dose a day is strength times units of the last fill; a combination has none of its own', async () => {
		const doses = async (who: string) => {
			const [patient] = await built.connection.rows<{ patient_no: number }>(
				'select patient_no from patient where patient_id = $who',
				{ who }
			);
			return await built.connection.rows<Medication>(
				sqlFile('panels', 'mtm_patient_medications').text,
				{ patient_no: patient!.patient_no },
				{ patient_no: INTEGER }
			);
		};
		const words = async (who: string) => (await doses(who)).map(doseWords);
		expect(await words('on hand on its last day')).toEqual(['10 mg (1 unit)']);
		expect(await words('another strength of the same')).toEqual(['80 mg (2 units)']);
		expect(await words('a combination is two medicines')).toEqual(['1 unit', '1 unit']);
		expect(await words('insulin')).toEqual(['50 units (0.5 ml)']);
		expect(doseWords({ ...(await doses('insulin'))[0]!, daily_units: null })).toBe('not computable');
	});
});
