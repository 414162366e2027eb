import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

// The acceptance case: 170 at least 30 days old by 31 December 2025, 30 younger; beside them those that stand apart.
const answers: [count: number, response: string, sent: string][] = [
	[70, 'accepted', '2025-12-01'],
	[14, 'modified', '2025-11-01'],
	[26, 'declined', '2025-10-01'],
	[45, 'no_response', '2025-09-01'],
	[15, 'pending', '2025-12-01'],
	[20, 'accepted', '2025-12-02'],
	[10, 'pending', '2025-12-02'],
	[7, 'unable_to_reach', '2025-06-01'],
	[5, 'withdrawn', '2025-06-01']
];
const acceptance: Given = { mtm_service: [], mtm_recommendation: [] };
for (const [at, [count, response, sent]] of answers.entries())
	for (let number = 0; number < count; number++)
		acceptance.mtm_recommendation!.push({
			recommendation_id: `A${at}-${number}`,
			person_id: `Q${at}-${number}`,
			// What was found on one day may be sent on a later one: the age counts from there.
			identified_date: '2025-05-20',
			sent_date: sent,
			problem: 'cost',
			action: 'educate',
			recipient: 'prescriber',
			response,
			response_date: ['accepted', 'modified', 'declined'].includes(response) ? '2025-12-30' : null,
			prescriber_npi: response === 'declined' ? '1000000001' : '1000000002'
		});

let other: Built;
beforeAll(async () => {
	other = await computed(acceptance, { asOf: '2025-12-31' });
});
afterAll(() => other.close());

describe('acceptance, three ways', () => {
	const rate = async (measure: string) =>
		(
			await other.connection.rows(
				`select sum(denominator)::integer as d, sum(numerator)::integer as n, round(100 * n / d, 1) as percent
				from measure_row where measure = $measure and year = 2025`,
				{ measure }
			)
		)[0];

	test('of all made: 84 of 170', async () => {
		expect(await rate('acceptance_of_made')).toEqual({ d: 170, n: 84, percent: 49.4 });
	});
	test('of those answered: 84 of 110', async () => {
		expect(await rate('acceptance_of_answered')).toEqual({ d: 110, n: 84, percent: 76.4 });
	});
	test('those left out say why', async () => {
		const rows = await other.connection.rows(
			`select excluded_because, count(*) as rows from measure_row where measure = 'acceptance_of_answered' and excluded_because is not null
			group by 1 order by 1`
		);
		expect(rows).toEqual([
			{ excluded_because: 'not_answered', rows: 60 },
			{ excluded_because: 'unable_to_reach', rows: 7 },
			{ excluded_because: 'under_30_days', rows: 30 },
			{ excluded_because: 'withdrawn', rows: 5 }
		]);
	});
	test('days to the answer count from sending', async () => {
		expect(
			await other.connection.rows(
				`select days_to_response, accepted, answered, count(*) as rows from recommendation where response = 'declined' group by all`
			)
		).toEqual([{ days_to_response: 90, accepted: false, answered: true, rows: 26 }]);
	});
});
