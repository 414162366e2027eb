import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

type Row = Given[string][number];
type State = 'in_time' | 'not_in_time' | 'under_60_days' | 'no_medicine' | 'not_documented';

// Problems identified on 1 March 2025, sixty days after which is 30 April; everything is known through 31 December.
const cases: [name: string, row: Row, state: State][] = [
	['implemented on the sixtieth day', { implemented: 'yes', implemented_date: '2025-04-30' }, 'in_time'],
	['implemented on the day after', { implemented: 'yes', implemented_date: '2025-05-01' }, 'not_in_time'],
	['implemented, no day', { implemented: 'yes' }, 'not_in_time'],
	['partly implemented', { implemented: 'partly', implemented_date: '2025-03-10' }, 'not_in_time'],
	['resolved on the sixtieth day', { resolved: 'yes', resolved_date: '2025-04-30' }, 'in_time'],
	['resolved on the day after', { resolved: 'yes', resolved_date: '2025-05-01' }, 'not_in_time'],
	[
		'implemented in time and resolved later: performed is resolved',
		{ implemented: 'yes', implemented_date: '2025-03-10', resolved: 'yes', resolved_date: '2025-07-01' },
		'in_time'
	],
	[
		'implemented too late, resolved in time',
		{ implemented: 'yes', implemented_date: '2025-07-01', resolved: 'yes', resolved_date: '2025-04-01' },
		'in_time'
	],
	['resolved without a day, implemented in time', { resolved: 'yes', implemented_date: '2025-04-30' }, 'in_time'],
	['resolved without any day', { resolved: 'yes' }, 'not_in_time'],
	['partly resolved', { resolved: 'partly', resolved_date: '2025-03-10' }, 'not_in_time'],
	['nothing said', {}, 'not_in_time'],
	['withdrawn: nobody is left out', { response: 'withdrawn' }, 'not_in_time'],
	['no medicine named', { ingredient: null, implemented: 'yes', implemented_date: '2025-03-10' }, 'no_medicine'],
	['a medicine by its NDC alone', { ingredient: null, ndc_code: '00378395005' }, 'not_in_time'],
	['a new medicine alone', { ingredient: null, new_ingredient: 'atorvastatin' }, 'not_in_time'],
	['sixty days ago', { identified_date: '2025-11-01' }, 'not_in_time'],
	['fifty-nine days ago', { identified_date: '2025-11-02' }, 'under_60_days'],
	[
		'fifty-nine days ago, implemented',
		{ identified_date: '2025-11-02', implemented: 'yes', implemented_date: '2025-11-03' },
		'under_60_days'
	],
	['a source that says of nothing what came of it', { data_source: 'silent' }, 'not_documented'],
	['such a source, unknown', { data_source: 'silent', implemented: 'unknown', resolved: 'unknown' }, 'not_documented'],
	['a source that says it once', { data_source: 'once', implemented: 'no' }, 'not_in_time'],
	['that source, of another', { data_source: 'once' }, 'not_in_time']
];

let built: Built;
beforeAll(async () => {
	built = await computed(
		{
			eligibility: [{ person_id: 'A', enrollment_start_date: '2025-01-01', enrollment_end_date: '2025-12-31' }],
			mtm_recommendation: cases.map(([, row], at) => ({
				recommendation_id: `R${at}`,
				person_id: 'A',
				identified_date: '2025-03-01',
				problem: 'needs_therapy',
				action: 'start',
				ingredient: 'atorvastatin',
				response: 'accepted',
				...row
			}))
		},
		{ asOf: '2025-12-31' }
	);
});
afterAll(() => built.close());

describe('problems resolved within 60 days', () => {
	test.each(cases.map(([name, , state], at) => ({ name, state, at })))('$name', async ({ state, at }) => {
		const rows = await built.connection.rows(
			`select denominator, numerator, excluded_because from measure_row
			where measure = 'problems_resolved_within_60_days' and subject_id = $id`,
			{ id: `R${at}` }
		);
		const isCounted = state === 'in_time' || state === 'not_in_time';
		expect(rows).toEqual([
			{
				denominator: Number(isCounted),
				numerator: Number(state === 'in_time'),
				excluded_because: isCounted ? null : state
			}
		]);
	});
});
