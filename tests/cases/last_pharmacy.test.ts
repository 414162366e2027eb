import { afterAll, beforeAll, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

// As of 31 December 2025. Everybody is enrolled in MTM from 2024 on; which pharmacy stands for them follows from their fills, unless a session names one.
const [low, middle, high] = ['1000000001', '1000000002', '1000000003'];
const given: Given = { eligibility: [], pharmacy_claim: [], mtm_enrollment: [], mtm_service: [] };
const person = (person_id: string, fills: [on: string, pharmacy: string | null][]) => {
	given.eligibility!.push({
		person_id,
		birth_date: '1950-06-15',
		enrollment_start_date: '2024-01-01',
		enrollment_end_date: '2025-12-31'
	});
	given.mtm_enrollment!.push({
		person_id,
		contract_id: 'H1234',
		program: 'part_d',
		enrollment_date: '2024-01-01',
		met_criteria_date: '2024-01-01'
	});
	for (const [at, [on, npi]] of fills.entries())
		given.pharmacy_claim!.push({
			claim_id: `${person_id}${at}`,
			person_id,
			dispensing_date: on,
			days_supply: 30,
			ndc_code: '00071015523',
			dispensing_provider_npi: npi
		});
};
const session = (person_id: string, on: string, service_type: string, pharmacy_npi: string | null) =>
	given.mtm_service!.push({
		service_id: `${person_id}-${on}`,
		person_id,
		contract_id: 'H1234',
		program: 'part_d',
		service_type,
		service_date: on,
		status: 'completed',
		pharmacy_npi
	});

person('most is not last', [
	['2025-02-01', high],
	['2025-03-01', high],
	['2025-11-01', low]
]);
person('one day, two', [
	['2025-05-01', middle],
	['2025-05-01', high],
	['2025-05-01', low]
]);
person('by year', [
	['2024-12-31', high],
	['2025-01-01', low]
]);
person('last names none', [
	['2025-03-01', middle],
	['2025-04-01', null]
]);
person('none at all', [['2025-03-01', null]]);
person('365 days ago', [['2024-12-31', low]]);
person('a session names one', [['2025-03-01', low]]);
session('a session names one', '2025-04-01', 'tmr', middle!);
session('a session names one', '2025-05-01', 'tmr', high!);
session('a session names one', '2025-06-01', 'tmr', null);
person('the first review names one', [['2025-03-01', low]]);
session('the first review names one', '2025-04-01', 'cmr', middle!);
session('the first review names one', '2025-05-01', 'cmr', high!);

let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2025-12-31', only: ['cmr_fact', 'listable_patient', 'pharmacy_year'] });
}, 120_000);
afterAll(() => built.close());

// The pharmacy of the last fill of 2024, of 2025 or of the year before the as-of day; of several on that day, the one with the highest NPI.
const expected: Record<string, [of2024: string | null, of2025: string | null, listed: string | null]> = {
	'most is not last': [null, low!, low!],
	'one day, two': [null, high!, high!],
	'by year': [high!, low!, low!],
	'last names none': [null, middle!, middle!],
	'none at all': [null, null, null],
	'365 days ago': [low!, null, null],
	'a session names one': [null, high!, low!],
	'the first review names one': [null, middle!, low!]
};

test.each(Object.keys(expected))('%s', async (patient_id) => {
	const row = await built.connection.row<Record<string, string | null>>(
		`select
			any_value(cmr.pharmacy_npi) filter (where cmr.year = 2024) as of2024,
			any_value(cmr.pharmacy_npi) filter (where cmr.year = 2025) as of2025,
			any_value(listed.pharmacy_npi) as listed
		from cmr_fact as cmr
		inner join person using (patient_no)
		inner join listable_patient as listed using (patient_no)
		where person.patient_id = $patient_id`,
		{ patient_id }
	);
	expect(Object.values(row)).toEqual(expected[patient_id]);
});

test('of each year one pharmacy is the last, however many dispensed', async () => {
	expect(
		await built.connection.rows(
			`select count(*) as pharmacies, count(*) filter (where is_last) as last, sum(fills)::integer as fills
			from pharmacy_year inner join person using (patient_no) where patient_id = 'most is not last' group by year`
		)
	).toEqual([{ pharmacies: 2, last: 1, fills: 3 }]);
});
