import { expect, test } from 'vitest';
import { holdCases, type Case } from './recommendation_case';
import { computed } from './warehouse';

/** Answers of 1 June, whose sixty days end on 31 July. */
const start = { action: 'start', proposed: 'atorvastatin' };
/** On hand through 13 June, so that the sixty days end on 12 August. */
const stop = { action: 'stop', about: 'omeprazole', fills: ['omeprazole 05-15 30'] };
const monitor = { action: 'monitor', about: 'lisinopril' };

// What is not seen says something only where claims would have told of it.
const cases: Case[] = [
	{ name: 'covered to the last day of the window', ...start, covered: ['2024-01-01 07-31'], expected: ['no'] },
	{ name: 'covered to the day before it', ...start, covered: ['2024-01-01 07-30'], expected: ['not_checkable'] },
	{ name: 'covered from the day of the answer', ...start, covered: ['06-01 12-31'], expected: ['no'] },
	{ name: 'covered from the day after it', ...start, covered: ['06-02 12-31'], expected: ['not_checkable'] },
	{ name: 'a change of plan is no gap', ...start, covered: ['2024-01-01 06-30', '07-01 12-31'], expected: ['no'] },
	{
		name: 'a day without coverage is one',
		...start,
		covered: ['2024-01-01 06-30', '07-02 12-31'],
		expected: ['not_checkable']
	},
	{ name: 'no pharmacy coverage', ...start, noPharmacyCoverage: true, expected: ['not_checkable'] },
	{
		name: 'a fill that is seen needs no coverage',
		...start,
		covered: ['2024-01-01 05-31'],
		fills: ['atorvastatin 10 06-20 30'],
		expected: ['yes', 'F1']
	},
	{ name: 'died on the last day of the window', ...start, died: '07-31', expected: ['no'] },
	{ name: 'died the day before it', ...start, died: '07-30', expected: ['not_checkable'] },
	{
		name: 'the window lasts, and coverage has lasted to the as-of day',
		...start,
		answered: '11-20',
		covered: ['2024-01-01 12-31'],
		expected: ['too_early']
	},
	{
		name: 'the window lasts, and coverage ended before the as-of day',
		...start,
		answered: '11-20',
		covered: ['2024-01-01 12-30'],
		expected: ['not_checkable']
	},
	{ name: 'stopped, covered to the last day of the window', ...stop, covered: ['2024-01-01 08-12'], expected: ['yes'] },
	{ name: 'stopped, or no longer covered', ...stop, covered: ['2024-01-01 08-11'], expected: ['not_checkable'] },
	{ name: 'stopped, or dead', ...stop, died: '06-20', expected: ['not_checkable'] },
	{
		name: 'filled again before coverage ended',
		...stop,
		covered: ['2024-01-01 07-01'],
		fills: [...stop.fills, 'omeprazole 06-25 30'],
		expected: ['no', 'F2']
	},
	{
		name: 'a longer supply that cannot be seen',
		action: 'extend_supply',
		about: 'lisinopril',
		fills: ['lisinopril 10 06-10 30'],
		covered: ['2024-01-01 07-15'],
		expected: ['not_checkable']
	},
	{
		name: 'a test that is seen needs no coverage',
		...monitor,
		covered: ['2024-01-01 05-31'],
		labs: ['2823-3 06-10'],
		expected: ['yes']
	},
	{ name: 'no test, covered throughout', ...monitor, covered: ['2024-01-01 07-31'], expected: ['no'] },
	{
		name: 'no test, covered on the day of the answer alone',
		...monitor,
		covered: ['06-01 06-01'],
		expected: ['not_checkable']
	},
	{
		name: 'on no roster, followed by its fills',
		...start,
		covered: [],
		fills: ['lisinopril 10 05-01 30'],
		expected: ['no']
	},
	{ name: 'on no roster and without a fill', ...start, covered: [], expected: ['not_checkable'] }
];
holdCases(cases, []);

test('without any pharmacy claims nothing of medicines can be checked', async () => {
	const { connection, close } = await computed(
		{
			eligibility: [{ person_id: 'A', enrollment_start_date: '2025-01-01', enrollment_end_date: '2025-12-31' }],
			mtm_recommendation: [
				{
					recommendation_id: 'one',
					person_id: 'A',
					identified_date: '2025-03-01',
					action: 'start',
					new_ingredient: 'atorvastatin',
					response: 'accepted'
				}
			]
		},
		{ asOf: '2025-12-31' }
	);
	expect(await connection.rows('select verified from recommendation_fact')).toEqual([{ verified: 'not_checkable' }]);
	close();
});
