import { BOOLEAN, LIST, VARCHAR, INTEGER, listValue, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reviewLists } from '$lib/server/review_lists';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from './warehouse';

// Six people as of 31 October 2026. A: diabetes without a statin, nothing written. B: the same, and a statin was proposed. C: the same was proposed and the
// statin is filled: resolved. D: proposed 365 days ago or withdrawn. E: proposed 364 days ago, never seen in claims, and two things that no list looks for.
const given: Given = { eligibility: [], pharmacy_claim: [], mtm_recommendation: [] };
const ndc = {
	metformin: '00093104801',
	pravastatin: '00093077198',
	naproxen: '00004002828',
	ibuprofen: '00009346302',
	nortriptyline: '00043623916'
};
const person = (person_id: string, plan: string, fills: [keyof typeof ndc, string][]) => {
	given.eligibility!.push({
		person_id,
		birth_date: '1960-06-15',
		plan,
		enrollment_start_date: '2024-01-01',
		enrollment_end_date: '2026-12-31'
	});
	for (const [at, [drug, on]] of fills.entries())
		given.pharmacy_claim!.push({
			claim_id: `${person_id}${at}`,
			person_id,
			dispensing_date: on,
			days_supply: 90,
			quantity: 90,
			ndc_code: ndc[drug],
			dispensing_provider_npi: '1000000001'
		});
};
const recommended = (person_id: string, on: string, more: Record<string, string> = {}) =>
	given.mtm_recommendation!.push({
		recommendation_id: `R${given.mtm_recommendation!.length + 1}`,
		person_id,
		identified_date: on,
		problem: 'needs_therapy',
		action: 'start',
		new_ingredient: 'pravastatin',
		recipient: 'prescriber',
		response: 'pending',
		...more
	});
const diabetes: [keyof typeof ndc, string][] = [
	['metformin', '2026-02-01'],
	['metformin', '2026-05-01']
];
person('A', 'North', diabetes);
person('B', 'North', diabetes);
recommended('B', '2026-06-01');
person('C', 'South', [...diabetes, ['pravastatin', '2026-07-01']]);
recommended('C', '2026-06-01', { response: 'accepted', response_date: '2026-06-10' });
// The statin's claim, and another of that number from another source.
const statinClaim = given.pharmacy_claim!.at(-1)!;
const statinLine = given.pharmacy_claim!.length + 1;
given.pharmacy_claim!.push({
	...statinClaim,
	data_source: 'chain',
	dispensing_date: '2026-03-01',
	ndc_code: ndc.metformin,
	source_file: 'chain.csv',
	source_line: 1
});
person('D', 'South', []);
recommended('D', '2025-10-31'); // 365 days ago: out
recommended('D', '2025-11-01', { response: 'withdrawn' });
person('E', 'South', []);
recommended('E', '2025-11-01'); // 364 days ago, and no claim shows a problem: not resolved
recommended('E', '2026-03-01', { problem: 'adverse_event', action: 'educate' });
recommended('E', '2026-03-01', { new_ingredient: 'lisinopril' }); // a start, but of no statin
// F: two anti-inflammatories, of which one is to stop, and so is an anticholinergic; both recommendations tell the medicine by its NDC alone.
person('F', 'East', [
	['naproxen', '2026-08-15'],
	['ibuprofen', '2026-08-15'],
	['nortriptyline', '2026-01-01']
]);
const stopped = { action: 'stop', new_ingredient: '' };
recommended('F', '2026-10-01', {
	...stopped,
	problem: 'unnecessary_therapy',
	problem_detail: 'duplication',
	ndc_code: ndc.naproxen
});
recommended('F', '2026-10-02', { ...stopped, problem: 'adverse_event', ndc_code: ndc.nortriptyline });

let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2026-10-31' });
}, 120_000);
afterAll(() => built.close());

type Filters = { only?: string[]; never?: string[]; dismissed?: string[] };
async function asked(panel: string, filters: Filters = {}, more: Record<string, DuckDBValue> = {}) {
	const texts = (list?: string[]) => (list ? listValue(list) : null);
	const values: Record<string, DuckDBValue> = {
		only: texts(filters.only),
		never: texts(filters.never),
		...(['problem_unlisted', 'problems_documented'].includes(panel) ? {} : { dismissed: texts(filters.dismissed) }),
		...more
	};
	const types: Record<string, DuckDBType> = Object.fromEntries(
		Object.keys(values).map((key) => [
			key,
			['only', 'never', 'dismissed', 'lists'].includes(key)
				? LIST(VARCHAR)
				: ['first', 'rows'].includes(key)
					? INTEGER
					: ['days', 'resolved'].includes(key)
						? BOOLEAN
						: VARCHAR
		])
	);
	return await built.connection.rows<Record<string, unknown>>(sqlFile('panels', panel).text, values, types);
}
const pidOf = async (person_id: string) =>
	(await built.connection.row<{ pid: string }>('select pid from patient where patient_id = $person_id', { person_id }))
		.pid;
const statins = async (filters: Filters = {}) =>
	(await asked('problem_yield', filters)).find((row) => row.list === 'statin_in_diabetes');

test('visible and undocumented, visible and documented, documented and not visible: each counted once', async () => {
	expect(await statins()).toMatchObject({
		shown: 2, // A and B
		patients: 2,
		new: 1, // A
		documented: 1, // B
		dismissed: 0,
		not_shown: 2, // C, resolved by a fill; E, never seen. D's are 365 days old, or withdrawn
		not_shown_resolved: 1 // C
	});
});

test('filters keep and leave out on both sides', async () => {
	expect(await statins({ only: ['plan', 'plan=North'] })).toMatchObject({ shown: 2, not_shown: 0 });
	expect(await statins({ never: ['plan=North'] })).toMatchObject({ shown: 0, not_shown: 2 });
});

test('a dismissed problem is neither new nor documented, and is no reason to call', async () => {
	const dismissed = [`${await pidOf('A')}|statin_in_diabetes|`];
	expect(await statins({ dismissed })).toMatchObject({ shown: 2, new: 0, documented: 1, dismissed: 1 });
	const rows = await asked(
		'problems',
		{ dismissed },
		{ list: 'statin_in_diabetes', state: null, days: true, first: 0, rows: null }
	);
	expect(rows.map((row) => [row.patient_id, row.state, row.documented_by])).toEqual([
		['B', 'documented', 'R1'],
		['A', 'dismissed', null]
	]);
	const lists = listValue(['statin_in_diabetes']);
	expect(
		(await asked('patients_with_reasons', { dismissed }, { lists, days: true, first: 0, rows: null })).map(
			(row) => row.patient_id
		)
	).toEqual(['B']);
	expect((await asked('patients_with_reasons_found', { dismissed }, { lists }))[0]).toEqual({
		patients: 1,
		reasons: 1
	});
	// Another person's, or of another list, it does not touch.
	expect(await statins({ dismissed: [`${await pidOf('C')}|statin_in_diabetes|`] })).toMatchObject({ dismissed: 0 });
	expect(await statins({ dismissed: [`${await pidOf('A')}|statin_in_diabetes|metformin`] })).toMatchObject({ new: 1 });
});

test('what no list looks for is told by its problem', async () => {
	expect((await asked('problem_unlisted')).map((row) => [row.problem, row.recommendations, row.patients])).toEqual([
		['adverse_event', 1, 1],
		['needs_therapy', 1, 1] // the start of lisinopril
	]);
});

test('a recommendation that tells its medicine by NDC alone documents as one that names it', async () => {
	const rows = await built.connection.rows(
		"select list, subject, state, documented_by from list_row where patient_id = 'F' order by 1"
	);
	expect(rows).toEqual([{ list: 'duplication', subject: 'class_nsaid', state: 'documented', documented_by: 'R8' }]);
	expect(await documented({ list: 'two_anticholinergics' })).toEqual([['F', 'R9', false]]);
});

test('the claim that shows a recommendation is told by its own file and line', async () => {
	const key = await built.connection.row<{ patient_no: number }>(
		"select patient_no from patient where patient_id = 'C'"
	);
	expect(await built.connection.rows(sqlFile('panels', 'patient_recommendations').text, key)).toMatchObject([
		{
			verified: 'yes',
			verified_by_claim_id: statinClaim.claim_id,
			claim_file: 'pharmacy_claim.csv',
			claim_line: statinLine
		}
	]);
});

/** The recommendations behind a number of documented problems: those of a list, or those that no list looks for. */
async function documented(more: Record<string, DuckDBValue>, filters: Filters = {}) {
	const left = { list: null, resolved: null, problem: null, days: true, first: 0, rows: null };
	const rows = await asked('problems_documented', filters, { ...left, ...more });
	expect(rows.every((row) => more.rows || row.rows_in_all === rows.length)).toBe(true);
	return rows.map((row) => [row.patient_id, row.recommendation_id, row.is_resolved]);
}

test('what is documented only opens to its recommendations, as many as are counted', async () => {
	const list = 'statin_in_diabetes';
	const [c, e] = [
		['C', 'R2', true],
		['E', 'R5', false]
	];
	expect(await documented({ list })).toEqual([c, e]); // the latest first
	expect(await documented({ list, resolved: true })).toEqual([c]);
	expect(await documented({ list, resolved: false })).toEqual([e]);
	expect(await documented({ list, first: 1, rows: 1 })).toEqual([e]);
	expect(await documented({ list }, { only: ['plan', 'plan=North'] })).toEqual([]);
	expect(await documented({ list }, { only: ['plan', 'plan=South'] })).toEqual([c, e]);
	expect(await documented({ list }, { never: ['plan=South'] })).toEqual([]);
	expect(await documented({ list: 'cmr_due' })).toEqual([]);
	expect(await documented({ problem: 'adverse_event' })).toEqual([['E', 'R6', false]]);
	expect(await documented({ problem: 'needs_therapy' })).toEqual([['E', 'R7', false]]);
	expect(await documented({ problem: 'needs_therapy' }, { never: ['plan=South'] })).toEqual([]);
	expect(await documented({ problem: 'cost' })).toEqual([]);
	for (const filters of [{}, { only: ['plan', 'plan=North'] }, { never: ['plan=North'] }]) {
		for (const row of await asked('problem_yield', filters)) {
			const of = { list: String(row.list) };
			expect([of.list, (await documented(of, filters)).length]).toEqual([of.list, Number(row.not_shown)]);
			expect((await documented({ ...of, resolved: true }, filters)).length).toBe(Number(row.not_shown_resolved));
		}
		const unlisted = await asked('problem_unlisted', filters);
		for (const row of unlisted)
			expect((await documented({ problem: String(row.problem) }, filters)).length).toBe(Number(row.recommendations));
		expect((await documented({}, filters)).length).toBe(
			unlisted.reduce((sum, row) => sum + Number(row.recommendations), 0)
		);
	}
});

test('one row a patient, every reason in it, whose first day to act ends soonest on top', async () => {
	const rows = await asked('patients_with_reasons', {}, { lists: null, days: true, first: 0, rows: null });
	expect(new Set(rows.map((row) => row.patient_id)).size).toBe(rows.length);
	const all = await built.connection.rows<{ patient_id: string; reason: string }>(
		'select patient_id, reason from list_row'
	);
	expect(rows.reduce((sum, row) => sum + Number(row.reason_count), 0)).toBe(all.length);
	for (const { patient_id, reason } of all)
		expect(String(rows.find((row) => row.patient_id === patient_id)!.reasons)).toContain(reason);
	const due = rows.map((row) => String(row.due_on ?? '9999'));
	expect(due).toEqual([...due].sort());
	expect(due.every((day) => day >= '2026-10-31')).toBe(true);
	// Somebody's day is over: it presses nobody.
	expect(
		(await built.connection.rows("select 1 from list_row where due_on < date '2026-10-31'")).length
	).toBeGreaterThan(0);
	expect(rows.length).toBeGreaterThan(1);
});

test('every list of problems says which recommendations document it', async () => {
	const known = new Set(
		(await built.connection.rows<{ list: string }>('select distinct list from problem_list')).map((row) => row.list)
	);
	for (const { id } of reviewLists('MTM')) if (id !== 'cmr_due') expect([id, known.has(id)]).toEqual([id, true]);
	const lists = new Set(reviewLists('all').map((list) => list.id));
	expect([...known].filter((list) => !lists.has(list))).toEqual([]);
});
