import { expect, test } from 'vitest';
import { computed } from './warehouse';

/** Enough people that some of their rows of the same days are sorted one way for one window and another way for the next. */
const people = Array.from({ length: 500 }, (_, at) => `P${at}`);

test('a person on several rosters of the same days is covered once, and each fill is one fill', async () => {
	const built = await computed(
		{
			eligibility: people.flatMap((person_id, at) =>
				['plan', 'vendor', 'third'].slice(0, 1 + (at % 3)).map((data_source) => ({
					person_id,
					data_source,
					birth_date: '1950-01-01',
					enrollment_start_date: '2025-01-01',
					enrollment_end_date: '2025-12-31'
				}))
			),
			pharmacy_claim: people.map((person_id) => ({
				claim_id: person_id,
				person_id,
				dispensing_date: '2025-03-01',
				days_supply: 30,
				ndc_code: '00378395005'
			}))
		},
		{ asOf: '2025-12-31', only: ['enrollment_span', 'fill'] }
	);
	const spans = await built.connection.rows(
		'select coverage, count(*)::integer as spans, min(from_on)::varchar as from_on, max(to_on)::varchar as to_on from enrollment_span group by coverage order by coverage'
	);
	const [fills] = await built.connection.rows('select count(*)::integer as fills from fill');
	built.close();
	expect(spans).toEqual(
		['medical', 'pharmacy'].map((coverage) => ({ coverage, spans: 500, from_on: '2025-01-01', to_on: '2025-12-31' }))
	);
	expect(fills).toEqual({ fills: 500 });
});

test('two hospital bills of the same days are one span in hospital', async () => {
	const built = await computed(
		{
			medical_claim: people.flatMap((person_id, at) =>
				['111', '211', '181'].slice(0, 1 + (at % 3)).map((bill_type_code) => ({
					claim_id: `${person_id} ${bill_type_code}`,
					person_id,
					bill_type_code,
					claim_start_date: '2025-03-01',
					claim_end_date: '2025-03-05',
					admission_date: '2025-03-01',
					discharge_date: '2025-03-05'
				}))
			)
		},
		{ asOf: '2025-12-31', only: ['stay_span'] }
	);
	const [spans] = await built.connection.rows('select count(*)::integer as spans from stay_span');
	built.close();
	expect(spans).toEqual({ spans: 500 });
});

test('a claim that two sources tell is one visit to the emergency department, or one stay under observation', async () => {
	const told = (kind: string, more: Record<string, string>) =>
		people.flatMap((person_id, at) =>
			['plan', 'vendor', 'third'].slice(0, 1 + (at % 3)).map((data_source) => ({
				claim_id: `${person_id} ${kind}`,
				data_source,
				person_id,
				bill_type_code: '131',
				...more
			}))
		);
	const built = await computed(
		{
			medical_claim: [
				...told('visit', { claim_start_date: '2025-03-01', claim_end_date: '2025-03-01', revenue_center_code: '0450' }),
				...told('observed', { claim_start_date: '2025-06-01', claim_end_date: '2025-06-02', hcpcs_code: 'G0378' })
			]
		},
		{ asOf: '2025-12-31', only: ['ed_visit_fact', 'observation_fact'] }
	);
	const [counted] = await built.connection.rows(
		`select (select count(*) from ed_visit_fact)::integer as visits, (select count(*) from observation_fact)::integer as observed`
	);
	built.close();
	expect(counted).toEqual({ visits: 500, observed: 500 });
});
