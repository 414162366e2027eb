import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

/** One invented person: an enrolment (or several), sessions, and what the CMS rate makes of it in one contract and year. */
type Case = {
	name: string;
	/** Enrolments: `from`, `from..opt-out`; ` in CONTRACT`; ` reason NN`, ` met DAY`, ` program P`, ` offered DAY`. */
	enrolled: string[];
	/** Completed reviews, or `refused DAY` and the like; ` in CONTRACT`. */
	sessions?: string[];
	born?: string | null;
	hospice?: [string, string];
	contract?: string;
	year?: number;
	expected: Record<string, unknown>;
};

const out = (excluded_because: string, more: Record<string, unknown> = {}) => ({
	in_denominator: false,
	excluded_because,
	...more
});
const counted = (more: Record<string, unknown> = {}) => ({ in_denominator: true, excluded_because: null, ...more });

const cases: Case[] = [
	{
		name: 'opted out on 2 March: 31 + 28 + 1 = 60 days',
		enrolled: ['2025-01-01..2025-03-02'],
		expected: counted({ enrolled_days: 60, completed: false })
	},
	{
		name: 'opted out on 1 March: 59 days',
		enrolled: ['2025-01-01..2025-03-01'],
		expected: out('short_enrollment', { enrolled_days: 59 })
	},
	{
		name: 'opted out on 1 March with a review: counted',
		enrolled: ['2025-01-01..2025-03-01'],
		sessions: ['2025-02-28'],
		expected: counted({ enrolled_days: 59, completed: true, first_cmr_on: '2025-02-28', days_to_cmr: 58 })
	},
	{
		name: 'a review on the opt-out day is not within the enrolment',
		enrolled: ['2025-01-01..2025-03-01'],
		sessions: ['2025-03-01'],
		expected: out('short_enrollment', { completed: false })
	},
	{
		name: 'a review on the enrolment day is',
		enrolled: ['2025-05-01'],
		sessions: ['2025-05-01'],
		expected: counted({ completed: true, days_to_cmr: 0 })
	},
	{
		name: 'a review before enrolment does not count',
		enrolled: ['2025-05-01'],
		sessions: ['2025-04-30'],
		expected: counted({ completed: false, first_cmr_on: null })
	},
	{
		name: 'enrolled on 2 November and staying: 60 days to 31 December',
		enrolled: ['2025-11-02'],
		expected: counted({ enrolled_days: 60 })
	},
	{
		name: 'enrolled on 3 November: 59 days',
		enrolled: ['2025-11-03'],
		expected: out('short_enrollment', { enrolled_days: 59 })
	},
	{
		name: 'enrolled last year: this year counts from 1 January',
		enrolled: ['2024-06-01'],
		sessions: ['2024-07-01'],
		expected: counted({ enrolled_days: 365, completed: false })
	},
	{
		name: 'enrolled last year: last year has its own review',
		enrolled: ['2024-06-01'],
		sessions: ['2024-07-01'],
		year: 2024,
		expected: counted({ enrolled_days: 214, completed: true, days_to_cmr: 30 })
	},
	{
		name: 'a leap year has 366 days',
		enrolled: ['2024-01-01'],
		year: 2024,
		expected: counted({ enrolled_days: 366 })
	},
	{
		name: '30 days in each of two contracts: out of the first',
		enrolled: ['2025-01-01..2025-01-31 in H0001', '2025-02-01..2025-03-03 in H0002'],
		contract: 'H0001',
		expected: out('short_enrollment', { enrolled_days: 30 })
	},
	{
		name: '30 days in each of two contracts: out of the second',
		enrolled: ['2025-01-01..2025-01-31 in H0001', '2025-02-01..2025-03-03 in H0002'],
		contract: 'H0002',
		expected: out('short_enrollment', { enrolled_days: 30 })
	},
	{
		name: "another contract's review does not count",
		enrolled: ['2025-01-01 in H0001'],
		sessions: ['2025-03-01 in H0002'],
		contract: 'H0001',
		expected: counted({ completed: false })
	},
	{
		name: 'a session that names no contract counts',
		enrolled: ['2025-01-01 in H0001'],
		sessions: ['2025-03-01 in none'],
		contract: 'H0001',
		expected: counted({ completed: true })
	},
	{
		name: 'two spells of 30 days in one contract add up',
		enrolled: ['2025-01-01..2025-01-31', '2025-06-01..2025-07-01'],
		expected: counted({ enrolled_days: 60 })
	},
	{
		name: 'eighteen on 1 January',
		born: '2007-01-01',
		enrolled: ['2025-01-01'],
		expected: counted()
	},
	{
		name: 'eighteen on 2 January',
		born: '2007-01-02',
		enrolled: ['2025-01-01'],
		sessions: ['2025-03-01'],
		expected: out('under_18', { completed: true })
	},
	{ name: 'on no roster: age not known', born: null, enrolled: ['2025-01-01'], expected: out('birth_date_unknown') },
	{
		name: 'hospice for a week in the year',
		enrolled: ['2025-01-01'],
		sessions: ['2025-03-01'],
		hospice: ['2025-12-01', '2025-12-07'],
		expected: out('hospice', { completed: true })
	},
	{
		name: 'hospice in another year',
		enrolled: ['2024-06-01'],
		hospice: ['2024-12-01', '2024-12-07'],
		expected: counted()
	},
	{
		name: 'criteria never met',
		enrolled: ['2025-01-01 reason 04'],
		sessions: ['2025-03-01'],
		expected: out('criteria_not_met')
	},
	{
		name: "the plan's own criteria first, CMS criteria met later: the review between counts",
		enrolled: ['2025-01-01 reason 01 met 2025-09-01'],
		sessions: ['2025-03-01'],
		expected: counted({ completed: true, first_cmr_on: '2025-03-01' })
	},
	{
		name: 'criteria met only next year',
		enrolled: ['2025-01-01 met 2026-01-01'],
		expected: out('criteria_not_met')
	},
	{ name: 'at risk under drug management', enrolled: ['2025-01-01 reason 02'], expected: counted() },
	{
		name: 'two enrolments with days in common that differ',
		enrolled: ['2025-01-01', '2025-02-01'],
		sessions: ['2025-03-01'],
		expected: out('conflicting_records')
	},
	{
		name: 'conflicting in one contract only',
		enrolled: ['2025-01-01 in H0001', '2025-02-01 in H0001', '2025-01-01 in H0002'],
		contract: 'H0002',
		expected: counted()
	},
	{
		name: 'conflicting this year only: last year stands',
		enrolled: ['2024-01-01', '2025-02-01'],
		year: 2024,
		expected: counted({ enrolled_days: 366 })
	},
	{
		name: 'a conflict of last year is over',
		enrolled: ['2024-01-01', '2024-02-01..2024-03-01'],
		expected: counted({ enrolled_days: 365 })
	},
	{
		name: 'the same enrolment twice is no conflict',
		enrolled: ['2025-01-01', '2025-01-01'],
		expected: counted({ enrolled_days: 365 })
	},
	{
		name: 'back on the day of opting out is no conflict',
		enrolled: ['2025-01-01..2025-02-01', '2025-02-01'],
		expected: counted({ enrolled_days: 365 })
	},
	{
		name: 'one that ended on the day it began has no day in common with another',
		enrolled: ['2025-01-01', '2025-02-01..2025-02-01'],
		expected: counted({ enrolled_days: 365 })
	},
	{
		name: 'one that ended on the day after has',
		enrolled: ['2025-01-01', '2025-02-01..2025-02-02'],
		expected: out('conflicting_records')
	},
	{
		name: 'an enrolment without a day alone: left out, and told',
		enrolled: ['2025-02-01..2025-02-01'],
		expected: out('short_enrollment', { enrolled_days: 0 })
	},
	{ name: 'a Medicaid programme', enrolled: ['2025-01-01 program medicaid'], expected: out('not_part_d') },
	{
		name: 'refused, then no show, then done',
		enrolled: ['2025-01-01'],
		sessions: ['refused 2025-02-01', 'no_show 2025-03-01', '2025-04-01'],
		expected: counted({ completed: true, first_cmr_on: '2025-04-01', days_to_cmr: 90 })
	},
	{
		name: 'scheduled is not completed',
		enrolled: ['2025-01-01'],
		sessions: ['scheduled 2025-04-01'],
		expected: counted({ completed: false })
	},
	{
		name: 'the first of two reviews counts, with its summary',
		enrolled: ['2025-01-01'],
		sessions: ['2025-06-01', '2025-04-01 summary 2025-04-15'],
		expected: counted({ first_cmr_on: '2025-04-01', summary_days: 14 })
	}
];

const given: Given = { eligibility: [], mtm_enrollment: [], mtm_service: [] };
const person = (at: number) => `P${at + 1}`;
const after = (text: string, word: string) => new RegExp(` ${word} (\\S+)`).exec(text)?.[1] ?? null;
for (const [at, one] of cases.entries()) {
	if (one.born !== null)
		given.eligibility!.push({
			person_id: person(at),
			birth_date: one.born ?? '1950-01-01',
			enrollment_start_date: '2024-01-01',
			enrollment_end_date: '2026-12-31',
			hospice_start_date: one.hospice?.[0] ?? null,
			hospice_end_date: one.hospice?.[1] ?? null
		});
	for (const text of one.enrolled) {
		const [from, to] = text.split(' ')[0]!.split('..');
		const isPlain = after(text, 'reason') === null && after(text, 'met') === null;
		given.mtm_enrollment!.push({
			person_id: person(at),
			contract_id: after(text, 'in') ?? 'H0001',
			program: after(text, 'program') ?? 'part_d',
			enrollment_date: from!,
			opt_out_date: to ?? null,
			targeting_reason: isPlain ? '01' : after(text, 'reason'),
			met_criteria_date: after(text, 'met')
		});
	}
	for (const [number, text] of (one.sessions ?? []).entries()) {
		const [, status, day] = /^(?:(\w+) )?(\d{4}-\d{2}-\d{2})/.exec(text)!;
		const contract = after(text, 'in');
		given.mtm_service!.push({
			service_id: `${person(at)}-${number}`,
			person_id: person(at),
			contract_id: contract === 'none' ? null : (contract ?? 'H0001'),
			service_type: 'cmr',
			service_date: day!,
			status: status ?? 'completed',
			summary_sent_date: after(text, 'summary')
		});
	}
}

let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2025-12-31' });
});
afterAll(() => built.close());

describe('comprehensive medication reviews, CMS measure D11', () => {
	test.each(cases.map((one, at) => ({ ...one, at })))('$name', async (one) => {
		const [row] = await built.connection.rows(
			'select * from cmr where patient_id = $id and contract_id = $contract and year = $year',
			{ id: person(one.at), contract: one.contract ?? 'H0001', year: one.year ?? 2025 }
		);
		expect(row).toMatchObject(one.expected);
	});

	test('an offer is of one year: the next one is due a year after the last, told by roster, session or attempt', async () => {
		const { connection, close } = await computed(
			{
				eligibility: [{ person_id: 'A', enrollment_start_date: '2024-01-01', enrollment_end_date: '2026-12-31' }],
				mtm_enrollment: [
					{ person_id: 'A', program: 'part_d', enrollment_date: '2024-02-01', cmr_offered_date: '2024-03-05' }
				],
				mtm_service: [
					{ service_id: '1', person_id: 'A', service_type: 'cmr', service_date: '2024-05-01', status: 'no_show' },
					{ service_id: '2', person_id: 'A', service_type: 'cmr', service_date: '2025-04-01', status: 'refused' },
					{ service_id: '3', person_id: 'A', service_type: 'cmr', service_date: '2025-06-01', status: 'completed' }
				]
			},
			{ asOf: '2026-06-30', only: ['cmr_fact'] }
		);
		expect(
			await connection.rows('select year, offered_on, first_offered_on, last_offered_on from cmr_fact order by year')
		).toEqual([
			{ year: 2024, offered_on: '2024-03-05', first_offered_on: '2024-03-05', last_offered_on: null },
			{ year: 2025, offered_on: '2025-04-01', first_offered_on: '2024-03-05', last_offered_on: '2024-05-01' },
			{ year: 2026, offered_on: null, first_offered_on: '2024-03-05', last_offered_on: '2025-06-01' }
		]);
		close();
	});

	test('the rate counts what the rows say', async () => {
		const [sum] = await built.connection.rows(
			`select sum(denominator)::integer as denominator, sum(numerator)::integer as numerator
			from measure_row where measure = 'cmr_completion' and year = 2025`
		);
		const [rows] = await built.connection.rows(
			`select count(*) filter (where in_denominator) as denominator, count(*) filter (where in_denominator and completed) as numerator
			from cmr where year = 2025`
		);
		expect(sum).toEqual(rows);
	});
});
