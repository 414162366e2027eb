import { BOOLEAN, INTEGER, LIST, VARCHAR } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { products } from '$lib/server/demo/product';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from './warehouse';

const held = (service_id: string, service_date: string, more: Record<string, string | null> = {}) => ({
	service_id,
	person_id: more.person_id ?? 'A',
	program: 'part_d',
	service_type: 'cmr',
	service_date,
	status: 'completed',
	...more
});
const said = (service_id: string, element: string, state: string) => ({ service_id, element, state });
const medicine = (service_id: string, line: number, more: Record<string, string> = {}) => ({
	service_id,
	line,
	source: 'rx',
	indicated: 'yes',
	effective: 'yes',
	safe: 'yes',
	adherent: 'yes',
	...more
});
const required = [
	'medical_history',
	'medication_list',
	'otc_and_supplements',
	'allergies',
	'indication_reviewed',
	'effectiveness_reviewed',
	'safety_reviewed',
	'adherence_reviewed',
	'problems',
	'education',
	'action_plan'
];

const given: Given = {
	mtm_service: [
		held('whole', '2025-03-01'),
		held('silent', '2025-03-02'),
		held('three-things', '2025-03-03'),
		held('said-twice', '2025-03-04'),
		held('by-the-list', '2025-03-05'),
		held('list-not-assessed', '2025-03-06'),
		held('refused', '2025-03-07', { status: 'refused' }),
		held('targeted', '2025-03-08', { service_type: 'tmr' }),
		held('medicaid', '2025-03-09', { program: 'medicaid' }),
		held('no-programme', '2025-03-10', { program: null }),
		// Promises: B is called back by name, C by a follow-up, D late, E never, F is still open, G on the last day of grace.
		held('B1', '2025-06-01', { person_id: 'B', follow_up_due_date: '2025-06-20' }),
		held('B2', '2025-06-10', { person_id: 'B', service_type: 'adherence', follow_up_of: 'B1' }),
		held('C1', '2025-06-01', { person_id: 'C', follow_up_due_date: '2025-06-20' }),
		held('C2', '2025-07-04', { person_id: 'C', service_type: 'follow_up' }),
		held('D1', '2025-06-01', { person_id: 'D', follow_up_due_date: '2025-06-20' }),
		held('D2', '2025-07-05', { person_id: 'D', service_type: 'follow_up' }),
		held('E1', '2025-06-01', { person_id: 'E', follow_up_due_date: '2025-06-20' }),
		held('E2', '2025-06-15', { person_id: 'E', service_type: 'follow_up', status: 'no_show' }),
		held('F1', '2025-09-01', { person_id: 'F', follow_up_due_date: '2025-09-17' }),
		held('G1', '2025-09-01', { person_id: 'G', follow_up_due_date: '2025-09-16' }),
		// H: the later follow-up is of another session. I: it names a session of another source by the same number.
		held('H1', '2025-06-01', { person_id: 'H', follow_up_due_date: '2025-06-20' }),
		held('H2', '2025-06-05', { person_id: 'H' }),
		held('H3', '2025-06-10', { person_id: 'H', service_type: 'follow_up', follow_up_of: 'H2' }),
		held('I1', '2025-06-01', { person_id: 'I', follow_up_due_date: '2025-06-20' }),
		held('I2', '2025-06-10', { person_id: 'I', service_type: 'follow_up', follow_up_of: 'I1', data_source: 'vendor' })
	],
	mtm_service_element: [
		...required.map((element) => said('whole', element, 'yes')),
		said('whole', 'goals', 'no'),
		said('three-things', 'medical_history', 'yes'),
		said('three-things', 'allergies', 'no'),
		said('three-things', 'otc_and_supplements', 'not_applicable'),
		said('said-twice', 'problems', 'no'),
		said('said-twice', 'problems', 'yes'),
		said('said-twice', 'education', 'not_applicable'),
		said('said-twice', 'education', 'no'),
		said('by-the-list', 'safety_reviewed', 'no'),
		said('refused', 'problems', 'yes'),
		said('medicaid', 'goals', 'yes')
	],
	mtm_medication: [
		medicine('by-the-list', 1),
		medicine('by-the-list', 2, { source: 'otc', indicated: 'not_assessed' }),
		medicine('list-not-assessed', 1, { effective: 'not_assessed' })
	],
	mtm_opportunity: [
		['done', 'completed', '2025-10-01'],
		['expired', 'expired', '2025-10-01'],
		['last day today', 'open', '2025-10-01'],
		['last day yesterday', 'in_progress', '2025-09-30'],
		['removed', 'removed', '2025-09-30'],
		['no last day', null, null]
	].map(([opportunity_id, status, expires_on]) => ({
		opportunity_id: opportunity_id!,
		person_id: 'A',
		problem: opportunity_id === 'done' ? 'cost' : null,
		opened_on: '2025-08-01',
		status: status ?? null,
		expires_on: expires_on ?? null
	}))
};
let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2025-10-01' });
});
afterAll(() => built.close());

describe('what a session documented', () => {
	const expected: Record<string, [required: number, yes: number, no: number, notApplicable: number, missing: number]> =
		{
			whole: [11, 11, 0, 0, 0],
			silent: [11, 0, 0, 0, 11],
			'three-things': [11, 1, 1, 1, 8],
			'said-twice': [11, 1, 1, 0, 9],
			// The list shows itself, an over-the-counter medicine, indication, effectiveness and adherence; its elements say no to safety.
			'by-the-list': [11, 5, 1, 0, 5],
			'list-not-assessed': [11, 4, 0, 0, 7],
			medicaid: [15, 1, 0, 0, 14],
			'no-programme': [11, 0, 0, 0, 11]
		};
	test.each(Object.keys(expected))('%s', async (service_id) => {
		const [row] = await built.connection.rows(
			'select required, yes, no, not_applicable, missing from mtm_session_completeness inner join mtm_session using (session_no) where service_id = $service_id',
			{ service_id }
		);
		expect(Object.values(row!)).toEqual(expected[service_id]);
	});

	test('sessions that were not completed, and kinds that nothing is asked of, are not judged', async () => {
		expect(
			await built.connection.rows(
				`select service_id from mtm_session_completeness inner join mtm_session using (session_no) where service_id in ('refused', 'targeted')`
			)
		).toEqual([]);
		expect(
			await built.connection.rows(
				`select element from mtm_element inner join mtm_session using (session_no) where service_id = 'refused'`
			)
		).toEqual([]);
	});

	test('what is not applicable is not asked for; what is missing is named', async () => {
		const [row] = await built.connection.rows(
			`select denominator, numerator, evidence from measure_row where measure = 'session_completeness' and subject_id = 'three-things'`
		);
		expect(row).toEqual({
			denominator: 10,
			numerator: 1,
			evidence:
				'1 of 10 documented, 1 no, missing medication list, indication reviewed, effectiveness reviewed, safety reviewed, adherence reviewed, problems, education, action plan'
		});
	});
});

describe('follow-ups promised', () => {
	const expected = {
		B1: ['kept', '2025-06-10'],
		C1: ['kept', '2025-07-04'],
		D1: ['late', '2025-07-05'],
		E1: ['missed', null],
		F1: ['open', null],
		G1: ['missed', null],
		H1: ['missed', null],
		I1: ['missed', null]
	};
	test.each(Object.entries(expected))('%s', async (service_id, [state, kept_on]) => {
		// Fourteen days after 17 September is the as-of day: still open. After 16 September they are over.
		const rows = await built.connection.rows(
			'select state, kept_on from mtm_follow_up inner join mtm_session using (session_no) where service_id = $service_id',
			{
				service_id
			}
		);
		expect(rows).toEqual([{ state, kept_on }]);
	});
	test('the rate', async () => {
		expect(
			await built.connection.rows(
				`select numerator, denominator from measure_result where measure = 'follow_up_kept' and dimension = 'all'`
			)
		).toEqual([{ numerator: 2, denominator: 7 }]);
	});
});

test('a medicine of the list that was bought without a prescription is looked for in no claims, and is not missing from the list', async () => {
	const first = products.find((one) => one.ingredients === 'atorvastatin');
	const second = products.find((one) => one.ingredients === 'metformin');
	const { connection, close } = await computed(
		{
			mtm_service: [held('S', '2025-03-10')],
			mtm_medication: [
				medicine('S', 1, { source: 'otc', ingredient: first!.ingredients }),
				medicine('S', 2, { source: 'supplement', name: 'fish oil' })
			],
			pharmacy_claim: [first!, second!].map(({ ndc }) => ({
				claim_id: ndc,
				person_id: 'A',
				dispensing_date: '2025-03-01',
				days_supply: 30,
				ndc_code: ndc
			}))
		},
		{ asOf: '2025-10-01', only: ['mtm_session_medicine'] }
	);
	expect(
		await connection.rows('select line, ingredient, seen_in from mtm_session_medicine order by line nulls last')
	).toEqual([
		{ line: 1, ingredient: first!.ingredients, seen_in: 'reviewed' },
		{ line: 2, ingredient: null, seen_in: 'reviewed' },
		{ line: null, ingredient: second!.ingredients, seen_in: 'claims' }
	]);
	close();
});

test('a medicine of the list that has no NDC is told by its ingredient, or by its name alone', async () => {
	const known = products.find((one) => one.ingredients === 'atorvastatin')!;
	const { connection, close } = await computed(
		{
			mtm_service: [held('S', '2025-03-10')],
			mtm_medication: [
				medicine('S', 1, { ingredient: 'Atorvastatin' }),
				medicine('S', 2, { ingredient: 'lisinopril; Hydrochlorothiazide' }),
				medicine('S', 3, { name: 'second statin', ingredient: '' }),
				medicine('S', 4, { ndc_code: '00000000000', ingredient: '' })
			],
			pharmacy_claim: [
				{ claim_id: 'C', person_id: 'A', dispensing_date: '2025-03-01', days_supply: 30, ndc_code: known.ndc }
			]
		},
		{ asOf: '2025-10-01', only: ['mtm_session_medicine'] }
	);
	expect(
		await connection.rows('select line, ingredient, name, seen_in from mtm_session_medicine order by line, ingredient')
	).toEqual([
		{ line: 1, ingredient: 'atorvastatin', name: null, seen_in: 'both' },
		{ line: 2, ingredient: 'hydrochlorothiazide', name: null, seen_in: 'reviewed' },
		{ line: 2, ingredient: 'lisinopril', name: null, seen_in: 'reviewed' },
		{ line: 3, ingredient: null, name: 'second statin', seen_in: 'reviewed' },
		{ line: 4, ingredient: null, name: null, seen_in: 'reviewed' }
	]);
	close();
});

test('an opportunity is expired from the day after its last day', async () => {
	expect(
		Object.fromEntries(
			(await built.connection.rows('select opportunity_id, state from mtm_opportunity_fact')).map((row) => [
				row.opportunity_id,
				row.state
			])
		)
	).toEqual({
		done: 'done',
		expired: 'expired',
		'last day today': 'open',
		'last day yesterday': 'expired',
		removed: 'removed',
		'no last day': 'open'
	});
});

test('those that name no problem open to their rows, by a word of their own', async () => {
	const none = { year: 2025, only: null, never: null };
	const types = { year: INTEGER, only: LIST(VARCHAR), never: LIST(VARCHAR) };
	const counted = await built.connection.rows(sqlFile('panels', 'opportunities').text, none, types);
	expect(counted.map((row) => [row.problem, row.opened])).toEqual([
		['cost', 1],
		[null, 5]
	]);
	for (const { problem, opened } of counted) {
		const rows = await built.connection.rows(
			sqlFile('panels', 'opportunities_opened').text,
			{ ...none, problem: (problem as string | null) ?? 'not_stated', state: null, days: true, first: 0, rows: null },
			{ ...types, problem: VARCHAR, state: VARCHAR, days: BOOLEAN, first: INTEGER, rows: INTEGER }
		);
		expect(rows.map((row) => row.problem)).toEqual(Array.from({ length: Number(opened) }, () => problem));
	}
});
