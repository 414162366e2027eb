import { afterAll, beforeAll, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

/** Eight products of the demo, each another ingredient. */
const products = [
	'00378395005',
	'00143126701',
	'00003089421',
	'00378615001',
	'00186504005',
	'00832121600',
	'00179011930',
	'00054010220'
];
/** E11.9 diabetes, I10 hypertension, E78.5 dyslipidemia; each in two office claims. */
const three = ['E119', 'I10', 'E785'];

/** People of 31 October 2026: diseases, drugs in the last 90 days, what each fill cost, and more. */
const people: Record<
	string,
	{
		diseases: string[];
		drugs: number;
		price: number | null;
		payer?: string;
		enrolled?: string;
		reason?: string;
		medical?: boolean;
		day?: string;
		/** The day of opting out. */
		out?: string;
		/** Drugs of these are covered as enhanced or over the counter. */
		aside?: ('E' | 'O')[];
		/** Drugs of these name no price. */
		unpriced?: number;
		/** Drugs of these have an NDC that no list knows. */
		unknown?: number;
		expected: [standing: string, evidence: string, because: string];
	}
> = {
	// 8 fills at 39.875 are 319.00, times four 1,276.00: the threshold of 2026.
	threshold: {
		diseases: three,
		drugs: 8,
		price: 39.875,
		expected: ['eligible_not_enrolled', '3 core diseases of 3, 8 drugs of 8, $1276 a year of $1276', 'criteria']
	},
	'a cent below': {
		diseases: three,
		drugs: 8,
		price: 39.8746,
		expected: ['neither', '3 core diseases of 3, 8 drugs of 8, $1276 a year of $1276', 'cost']
	},
	'two diseases': {
		diseases: ['E119', 'I10'],
		drugs: 8,
		price: 100,
		expected: ['neither', '2 core diseases of 3, 8 drugs of 8, $3200 a year of $1276', 'diseases']
	},
	'three that are two core diseases': {
		diseases: ['E119', 'J449', 'J45909'],
		drugs: 8,
		price: 100,
		expected: ['neither', '2 core diseases of 3, 8 drugs of 8, $3200 a year of $1276', 'diseases']
	},
	'seven drugs': {
		diseases: three,
		drugs: 7,
		price: 100,
		expected: ['neither', '3 core diseases of 3, 7 drugs of 8, $2800 a year of $1276', 'drugs']
	},
	'last filled 90 days ago': {
		diseases: three,
		drugs: 8,
		price: 100,
		day: '2026-08-02',
		expected: ['neither', '3 core diseases of 3, 0 drugs of 8, $0 a year of $1276', 'drugs+cost']
	},
	'last filled 89 days ago': {
		diseases: three,
		drugs: 8,
		price: 100,
		day: '2026-08-03',
		expected: ['eligible_not_enrolled', '3 core diseases of 3, 8 drugs of 8, $3200 a year of $1276', 'criteria']
	},
	'enrolled and belongs': {
		diseases: three,
		drugs: 8,
		price: 100,
		enrolled: 'part_d',
		expected: ['eligible_and_enrolled', '3 core diseases of 3, 8 drugs of 8, $3200 a year of $1276', 'criteria']
	},
	'enrolled and does not': {
		diseases: ['I10'],
		drugs: 2,
		price: 10,
		enrolled: 'part_d',
		expected: [
			'enrolled_not_eligible',
			'1 core diseases of 3, 2 drugs of 8, $80 a year of $1276',
			'diseases+drugs+cost'
		]
	},
	'at risk': {
		diseases: [],
		drugs: 1,
		price: 10,
		enrolled: 'part_d',
		reason: '02',
		expected: [
			'eligible_and_enrolled',
			'at risk under drug management; 0 core diseases of 3, 1 drugs of 8, $40 a year of $1276',
			'at_risk'
		]
	},
	'no medical coverage': {
		diseases: [],
		drugs: 8,
		price: 100,
		medical: false,
		expected: ['not_computable', 'core diseases not computable of 3, 8 drugs of 8, $3200 a year of $1276', 'no_medical']
	},
	'no medical coverage and too few drugs': {
		diseases: [],
		drugs: 2,
		price: 100,
		medical: false,
		expected: ['neither', 'core diseases not computable of 3, 2 drugs of 8, $800 a year of $1276', 'drugs+cost']
	},
	'no prices': {
		diseases: three,
		drugs: 8,
		price: null,
		expected: ['not_computable', '3 core diseases of 3, 8 drugs of 8, cost not computable a year of $1276', 'no_cost']
	},
	// Seven fills at 45.58 are 319.06, times four 1,276.24: what the eighth cost changes nothing.
	'one fill names no price, the others reach the threshold': {
		diseases: three,
		drugs: 8,
		price: 45.58,
		unpriced: 1,
		expected: ['eligible_not_enrolled', '3 core diseases of 3, 8 drugs of 8, $1276 a year of $1276', 'criteria']
	},
	// Seven at 45.57 are 318.99: whether the eighth cost a quarter of a dollar is not known.
	'one fill names no price, the others stay below': {
		diseases: three,
		drugs: 8,
		price: 45.57,
		unpriced: 1,
		expected: ['not_computable', '3 core diseases of 3, 8 drugs of 8, cost not computable a year of $1276', 'no_cost']
	},
	'one fill names no price, and the drugs are too few': {
		diseases: three,
		drugs: 7,
		price: 10,
		unpriced: 1,
		expected: ['neither', '3 core diseases of 3, 7 drugs of 8, cost not computable a year of $1276', 'drugs']
	},
	'at risk by both reasons (03)': {
		diseases: [],
		drugs: 1,
		price: 10,
		enrolled: 'part_d',
		reason: '03',
		expected: [
			'eligible_and_enrolled',
			'at risk under drug management; 0 core diseases of 3, 1 drugs of 8, $40 a year of $1276',
			'at_risk'
		]
	},
	'opted out on the as-of day': {
		diseases: three,
		drugs: 8,
		price: 100,
		enrolled: 'part_d',
		out: '2026-10-31',
		expected: ['eligible_not_enrolled', '3 core diseases of 3, 8 drugs of 8, $3200 a year of $1276', 'criteria']
	},
	'opts out the day after': {
		diseases: three,
		drugs: 8,
		price: 100,
		enrolled: 'part_d',
		out: '2026-11-01',
		expected: ['eligible_and_enrolled', '3 core diseases of 3, 8 drugs of 8, $3200 a year of $1276', 'criteria']
	},
	'enhanced and over-the-counter fills aside': {
		diseases: three,
		drugs: 8,
		price: 100,
		aside: ['E', 'O'],
		expected: ['neither', '3 core diseases of 3, 6 drugs of 8, $2400 a year of $1276', 'drugs']
	},
	'an unknown NDC counts as one drug': {
		diseases: three,
		drugs: 8,
		price: 100,
		unknown: 1,
		expected: ['eligible_not_enrolled', '3 core diseases of 3, 8 drugs of 8, $3200 a year of $1276', 'criteria']
	},
	'Medicaid, one disease': {
		diseases: ['E119'],
		drugs: 4,
		price: 1,
		payer: 'medicaid',
		expected: ['neither', '1 core diseases of 2, 4 drugs of 4', 'diseases']
	},
	'Medicaid, three drugs': {
		diseases: ['E119', 'I10'],
		drugs: 3,
		price: 1,
		payer: 'medicaid',
		expected: ['neither', '2 core diseases of 2, 3 drugs of 4', 'drugs']
	},
	'enrolled in Medicaid MTM, whoever pays': {
		diseases: ['E119', 'I10'],
		drugs: 4,
		price: 1,
		enrolled: 'medicaid',
		expected: ['eligible_and_enrolled', '2 core diseases of 2, 4 drugs of 4', 'criteria']
	},
	'Medicaid asks for less, and no cost': {
		diseases: ['E119', 'I10'],
		drugs: 4,
		price: 1,
		payer: 'medicaid',
		expected: ['eligible_not_enrolled', '2 core diseases of 2, 4 drugs of 4', 'criteria']
	}
};

const given: Given = { eligibility: [], pharmacy_claim: [], medical_claim: [], mtm_enrollment: [] };
for (const [person_id, one] of Object.entries(people)) {
	given.eligibility!.push({
		person_id,
		birth_date: '1950-01-01',
		enrollment_start_date: '2026-01-01',
		enrollment_end_date: '2026-12-31',
		payer_type: one.payer ?? 'medicare',
		medical_coverage: one.medical ?? null
	});
	for (const [at, code] of one.diseases.entries())
		for (const day of ['2026-02-01', '2026-05-01'])
			given.medical_claim!.push({
				claim_id: `${person_id} ${at} ${day}`,
				person_id,
				claim_start_date: day,
				diagnosis_code_1: code
			});
	for (let at = 0; at < one.drugs; at++)
		given.pharmacy_claim!.push({
			claim_id: `${person_id} ${at}`,
			person_id,
			dispensing_date: one.day ?? '2026-10-01',
			days_supply: 30,
			ndc_code: at < (one.unknown ?? 0) ? '99999000001' : products[at]!,
			drug_coverage_status: one.aside?.[at] ?? null,
			allowed_amount: at < (one.unpriced ?? 0) ? null : one.price
		});
	if (one.enrolled)
		given.mtm_enrollment!.push({
			person_id,
			program: one.enrolled,
			enrollment_date: '2026-02-01',
			opt_out_date: one.out ?? null,
			targeting_reason: one.reason ?? '01'
		});
}
let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2026-10-31' });
});
afterAll(() => built.close());

test.each(Object.keys(people))('%s', async (person_id) => {
	const rows = await built.connection.rows(
		`select fact.standing, fact.evidence, fact.standing_because as because from mtm_eligibility as fact inner join patient using (patient_no) where patient_id = $person_id`,
		{ person_id }
	);
	const [standing, evidence, because] = people[person_id]!.expected;
	expect(rows).toEqual([{ standing, evidence, because }]);
});

test('a year of which the table has no criteria is not computable, and not a year in which nobody is covered', async () => {
	const on = async (asOf: string) => {
		const { connection, close } = await computed(
			{
				eligibility: ['any', 'at risk'].map((person_id) => ({
					person_id,
					birth_date: '1950-01-01',
					payer_type: 'medicare',
					enrollment_start_date: '2023-01-01',
					enrollment_end_date: '2024-12-31'
				})),
				mtm_enrollment: [
					{ person_id: 'at risk', program: 'part_d', enrollment_date: '2023-01-01', targeting_reason: '02' }
				]
			},
			{ asOf, only: ['mtm_eligibility'] }
		);
		const rows = await connection.rows(
			'select patient_id as who, standing, standing_because as why, evidence from mtm_eligibility inner join patient using (patient_no) order by who'
		);
		close();
		return rows;
	};
	expect(await on('2023-12-31')).toEqual([
		{
			who: 'any',
			standing: 'not_computable',
			why: 'no_criteria',
			evidence: 'core diseases not computable, drugs not computable; no criteria of 2023'
		},
		{
			who: 'at risk',
			standing: 'eligible_and_enrolled',
			why: 'at_risk',
			evidence: 'at risk under drug management; core diseases not computable, drugs not computable; no criteria of 2023'
		}
	]);
	expect((await on('2024-01-01')).map(({ why }) => why)).toEqual(['no_pharmacy', 'at_risk']);
});

test('without any pharmacy claims nobody is below the criteria for too few drugs', async () => {
	const roster = (person_id: string) => ({
		person_id,
		birth_date: '1950-01-01',
		payer_type: 'medicare',
		enrollment_start_date: '2026-01-01',
		enrollment_end_date: '2026-12-31'
	});
	const diagnosed = three.map((code, at) => ({
		claim_id: `${at}`,
		person_id: 'ill',
		claim_type: 'institutional',
		bill_type_code: '111',
		claim_start_date: '2026-03-01',
		claim_end_date: '2026-03-02',
		admission_date: '2026-03-01',
		discharge_date: '2026-03-02',
		diagnosis_code_type: 'icd-10-cm',
		diagnosis_code_1: code
	}));
	const { connection, close } = await computed(
		{ eligibility: [roster('ill'), roster('well')], medical_claim: diagnosed },
		{ asOf: '2026-10-31' }
	);
	expect(
		await connection.rows(
			'select patient_id as who, standing, standing_because as why, drugs, annual_cost, evidence from mtm_eligibility inner join patient using (patient_no) order by who'
		)
	).toEqual([
		{
			who: 'ill',
			standing: 'not_computable',
			why: 'no_pharmacy',
			drugs: null,
			annual_cost: null,
			evidence: '3 core diseases of 3, drugs not computable of 8, cost not computable a year of $1276'
		},
		{
			who: 'well',
			standing: 'neither',
			why: 'diseases',
			drugs: null,
			annual_cost: null,
			evidence: '0 core diseases of 3, drugs not computable of 8, cost not computable a year of $1276'
		}
	]);
	close();
});
