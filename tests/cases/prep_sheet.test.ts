import { INTEGER } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from './warehouse';

// What a prep sheet shows of the 365 days before the as-of day, 30 June 2025: from 1 July 2024 on.

const stay = (claim_id: string, from: string, to: string | null, more: Record<string, string> = {}) => ({
	claim_id,
	person_id: 'P1',
	claim_type: 'institutional',
	bill_type_code: to ? '111' : '112',
	admission_date: from,
	claim_start_date: from,
	claim_end_date: to ?? '2025-06-30',
	...(to ? { discharge_date: to, discharge_disposition_code: '01' } : { discharge_disposition_code: '30' }),
	revenue_center_code: '0120',
	diagnosis_code_type: 'icd-10-cm',
	diagnosis_code_1: 'I5023',
	...more
});
const visit = (claim_id: string, day: string, more: Record<string, string> = {}) => ({
	claim_id,
	person_id: 'P1',
	claim_type: 'institutional',
	bill_type_code: '131',
	revenue_center_code: '0450',
	claim_start_date: day,
	claim_end_date: day,
	diagnosis_code_type: 'icd-10-cm',
	diagnosis_code_1: 'R55',
	...more
});
const result = (code: string, on: string, result: string | null, more: Record<string, string | null> = {}) => ({
	person_id: 'P1',
	normalized_component_code: code,
	result,
	source_units: '%',
	collection_datetime: `${on} 09:00:00`,
	...more
});

const given: Given = {
	eligibility: ['P1', 'P2'].map((person_id) => ({
		person_id,
		birth_date: '1950-05-05',
		enrollment_start_date: '2024-01-01',
		enrollment_end_date: '2025-12-31'
	})),
	medical_claim: [
		stay('A', '2024-06-20', '2024-06-30'), // its last day is the day before the first
		stay('B', '2024-06-25', '2024-07-01', { person_id: 'P2' }),
		stay('C', '2025-01-10', '2025-01-14'),
		visit('D', '2024-06-30'),
		visit('E', '2024-07-01'),
		visit('F', '2025-01-10'), // on the way into the stay
		visit('G', '2025-06-30'),
		visit('H', '2025-07-01') // after the as-of day
	],
	lab_result: [
		result('4548-4', '2024-06-30', '9.9'), // a day too old
		result('3016-3', '2024-06-30', '2.1'), // the only one of its kind, and too old
		result('4548-4', '2024-07-01', '8.1'),
		result('17856-6', '2025-03-01', '7.4'), // the same test by another code
		result('4548-4', '2025-07-01', '6.0'), // after the as-of day
		result('2823-3', '2025-02-01', '4.4', { source_units: 'mmol/L' }),
		result('2823-3', '2025-02-01', '4.4', { source_units: 'mmol/L', data_source: 'again' }),
		result('2951-2', '2025-02-01', ' '), // no result
		result('99999-9', '2025-02-01', 'positive', { source_units: null }),
		result('4548-4', '2025-06-01', '5.0', { person_id: 'P2' }),
		{
			person_id: 'P1',
			source_component_code: 'K-LOCAL',
			result: '3',
			collection_datetime: '2025-05-05'
		}
	]
};

let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2025-06-30' });
}, 120_000);
afterAll(() => built.close());

async function shown(panel: string, patient_id: string) {
	const [person] = await built.connection.rows<{ patient_no: number }>(
		`select patient_no from person where patient_id = '${patient_id}'`
	);
	return built.connection.rows<Record<string, unknown>>(
		sqlFile('panels', panel).text,
		{ patient_no: person!.patient_no, year: 2025 },
		{ patient_no: INTEGER, year: INTEGER }
	);
}

test('stays with a day in them and emergency visits outside stays, the latest first', async () => {
	const care = async (of: string) =>
		(await shown('patient_recent_care', of)).map((row) => [row.kind, row.from_on, row.to_on, row.principal_diagnosis]);
	expect(await care('P1')).toEqual([
		['emergency visit', '2025-06-30', '2025-06-30', 'R55'],
		['acute', '2025-01-10', '2025-01-14', 'I5023'],
		['emergency visit', '2024-07-01', '2024-07-01', 'R55']
	]);
	expect(await care('P2')).toEqual([['acute', '2024-06-25', '2024-07-01', 'I5023']]);
});

test('of each laboratory test the latest result, whatever its code, and the one before', async () => {
	const labs = (await shown('patient_labs', 'P1')).map((row) => [
		row.test,
		row.result,
		row.units,
		row.collected_on,
		row.earlier_result,
		row.earlier_on
	]);
	expect(labs).toEqual([
		['99999-9', 'positive', null, '2025-02-01', null, null],
		['Hemoglobin A1c', '7.4', '%', '2025-03-01', '8.1', '2024-07-01'],
		['K-LOCAL', '3', null, '2025-05-05', null, null],
		['Potassium', '4.4', 'mmol/L', '2025-02-01', null, null]
	]);
	expect((await shown('patient_labs', 'P2')).map((row) => row.result)).toEqual(['5.0']);
});
