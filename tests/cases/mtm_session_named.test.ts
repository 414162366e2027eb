import { expect, test } from 'vitest';
import { sqlFile } from '$lib/server/sql';
import { computed, type Given } from './warehouse';

const session = (service_id: string, person_id: string, more: Record<string, string> = {}) => ({
	service_id,
	person_id,
	program: 'part_d',
	contract_id: 'H1',
	pharmacy_npi: `pharmacy of ${person_id}`,
	service_type: 'cmr',
	service_date: '2025-03-01',
	status: 'completed',
	...more
});
const made = (recommendation_id: string, person_id: string, service_id: string | null) => ({
	recommendation_id,
	person_id,
	service_id,
	identified_date: '2025-03-01',
	problem: 'adherence',
	action: 'educate',
	recipient: 'patient',
	response: 'accepted'
});
const opened = (opportunity_id: string, person_id: string, service_id: string | null) => ({
	opportunity_id,
	person_id,
	service_id,
	source: 'plan',
	problem: 'adherence',
	opened_on: '2025-02-01',
	status: 'completed'
});

/** What the panel of sessions side by side is asked. */
const asked: Record<string, string> = {
	$year: '2025',
	$only: 'null::varchar[]',
	$never: 'null::varchar[]',
	$service_type: "'cmr'",
	$unit: "'setting'"
};

const given: Given = {
	mtm_service: [session('one', 'A'), session('two', 'B')],
	mtm_recommendation: [
		made('own', 'A', 'one'),
		made('of another', 'A', 'two'),
		made('of none', 'A', null),
		made('of one not loaded', 'A', 'three'),
		// The session of the same number that another sender has is not loaded from this one.
		{ ...made('of another sender', 'A', 'one'), data_source: 'other' }
	],
	mtm_opportunity: [opened('own', 'B', 'two'), opened('of another', 'B', 'one')],
	mtm_service_element: [
		{ service_id: 'one', element: 'allergies', state: 'yes' },
		{ service_id: 'three', element: 'allergies', state: 'yes' }
	],
	mtm_medication: [
		{ service_id: 'two', line: 1, name: 'aspirin' },
		{ service_id: 'three', line: 1, name: 'aspirin' },
		{ service_id: 'three', line: 2, name: 'zinc' }
	]
};

test('what names a session of another patient, or one that is not loaded, is of no session, and a check tells of it', async () => {
	const { connection, close } = await computed(given, { asOf: '2025-12-31' });
	expect(
		await connection.rows(
			'select recommendation_id as id, pharmacy_npi, session_no from recommendation_fact order by id'
		)
	).toEqual([
		{ id: 'of another', pharmacy_npi: null, session_no: null },
		{ id: 'of another sender', pharmacy_npi: null, session_no: null },
		{ id: 'of none', pharmacy_npi: null, session_no: null },
		{ id: 'of one not loaded', pharmacy_npi: null, session_no: null },
		{ id: 'own', pharmacy_npi: 'pharmacy of A', session_no: 1 }
	]);
	// A session leaves what was recommended to its own patient.
	const groups = sqlFile('panels', 'session_groups').text.replaceAll(/\$\w+/g, (word) => asked[word]!);
	expect(
		(await connection.rows<{ sessions: number; with_recommendation: number }>(groups)).map((row) => [
			row.sessions,
			row.with_recommendation
		])
	).toEqual([[2, 1]]);
	expect(
		await connection.rows('select opportunity_id as id, done_on::varchar as day from mtm_opportunity_fact order by id')
	).toEqual([
		{ id: 'of another', day: null },
		{ id: 'own', day: '2025-03-01' }
	]);
	expect(
		await connection.rows(
			`select "check", severity, rows from check_result where "check" like 'session%' and rows > 0 order by "check"`
		)
	).toEqual([
		{ check: 'session_not_loaded', severity: 'warning', rows: 5 },
		{ check: 'session_of_another', severity: 'warning', rows: 2 }
	]);
	close();
});
