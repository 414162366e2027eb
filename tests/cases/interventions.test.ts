import { LIST, VARCHAR, INTEGER, BOOLEAN, listValue, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from './warehouse';

// What the pages of interventions show, from hand-made records as of 31 December 2025.
const given: Given = { eligibility: [], mtm_recommendation: [], mtm_service: [], mtm_enrollment: [] };
let people = 0;
const person = (more: Record<string, string> = {}) => {
	const person_id = `P${++people}`;
	given.eligibility!.push({
		person_id,
		birth_date: '1950-05-05',
		gender: 'female',
		plan: 'North',
		contract_id: 'H1',
		enrollment_start_date: '2025-01-01',
		enrollment_end_date: '2025-12-31',
		...more
	});
	return person_id;
};
const recommended = (
	times: number,
	response: string,
	more: Record<string, string> = {},
	of: Record<string, string> = {}
) => {
	for (let at = 0; at < times; at++) {
		const person_id = person(of);
		given.mtm_recommendation!.push({
			recommendation_id: `R-${person_id}`,
			person_id,
			identified_date: '2025-06-01',
			sent_date: '2025-06-02',
			problem: 'needs_therapy',
			action: 'educate',
			recipient: 'prescriber',
			channel: 'fax',
			response,
			...(['accepted', 'modified', 'declined'].includes(response) ? { response_date: '2025-06-12' } : {}),
			...more
		});
	}
};
recommended(67, 'accepted');
recommended(1, 'accepted', { barrier: 'forgets', strategy: 'Pill box' });
recommended(1, 'accepted', { barrier: 'cost', strategy: 'Calls Mrs Doe' });
recommended(1, 'accepted', { severity_level: '4', estimated_cost_avoidance: '120' });
recommended(14, 'modified');
recommended(20, 'declined', { decline_reason: 'keeps current therapy' });
recommended(3, 'declined', { decline_reason: 'Not relevant' });
recommended(1, 'declined', { decline_reason: 'Mrs Doe does not want it' });
recommended(2, 'declined');
recommended(40, 'pending');
recommended(18, 'no_response', { problem: 'cost' }, { plan: 'South' });
recommended(1, 'no_response', { problem: 'cost', barrier: 'forgets', strategy: 'pill box ' }, { plan: 'South' });
recommended(1, 'no_response', { problem: 'cost', barrier: 'beliefs', strategy: 'Pill Box' }, { plan: 'South' });
recommended(30, 'pending', { identified_date: '2025-12-10', sent_date: '2025-12-10' });
recommended(5, 'unable_to_reach');
recommended(4, 'withdrawn');

// Reviews: done in March; enrolment that goes on (due 31 December); one that ended in June; under 18; one who refused.
const enrolled = (person_id: string, enrollment_date: string, more: Record<string, string> = {}) =>
	given.mtm_enrollment!.push({
		person_id,
		contract_id: 'H1',
		program: 'part_d',
		enrollment_date,
		met_criteria_date: enrollment_date,
		targeting_reason: '01',
		...more
	});
const session = (
	person_id: string,
	service_date: string,
	status = 'completed',
	more: Record<string, string | null> = {}
) =>
	given.mtm_service!.push({
		service_id: `S-${person_id}-${service_date}`,
		person_id,
		contract_id: 'H1',
		program: 'part_d',
		service_type: 'cmr',
		service_date,
		status,
		delivery_method: '02',
		...more
	});
const done = person();
enrolled(done, '2025-01-01');
// The same contract's other programme, of which no measure tells.
enrolled(done, '2025-01-01', { program: 'medicaid' });
session(done, '2025-03-10');
session(done, '2025-05-10', 'completed', { service_type: 'tmr', pharmacy_npi: '1000000002' });
session(done, '2025-08-10', 'completed', { service_type: 'tmr', pharmacy_npi: '1000000003' });
const waiting = person();
enrolled(waiting, '2025-02-01');
const refused = person();
enrolled(refused, '2025-01-15');
session(refused, '2025-04-01', 'refused');
const left = person();
enrolled(left, '2025-01-01', { opt_out_date: '2025-06-30' });
const young = person({ birth_date: '2010-01-01' });
enrolled(young, '2025-01-01');

// Reviews tried with people outside the programme: three who have no time, one who says more, one not reached by video, one who did not come, and what does not count.
for (const month of ['05', '06', '07'])
	session(person({ plan: 'South' }), `2025-${month}-01`, 'refused', {
		status_reason: month === '07' ? 'No time ' : 'no time'
	});
session(person({ plan: 'South' }), '2025-05-02', 'refused', { status_reason: 'Mrs Doe moves to her son' });
session(person({ plan: 'South' }), '2025-05-03', 'unable_to_reach', { delivery_method: '03', status_reason: null });
const lateComer = person({ plan: 'South' });
session(lateComer, '2025-05-04', 'no_show', { delivery_method: '03', setting: 'clinic', pharmacy_npi: '1000000001' });
session(lateComer, '2025-05-11', 'completed', { delivery_method: '03', setting: 'clinic', recipient: '03' });
session(lateComer, '2025-05-12', 'refused', { service_type: 'tmr' });
session(lateComer, '2025-12-20', 'scheduled');
session(lateComer, '2024-12-31', 'refused');
session(lateComer, '2025-12-21', 'refused'); // after the as-of day

let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2025-12-20' });
}, 120_000);
afterAll(() => built.close());

/** Asks a panel as the pages do: filters as two lists of texts. */
async function asked(
	panel: string,
	more: Record<string, DuckDBValue> = {},
	only: string[] | null = null,
	never: string[] | null = null
) {
	const values: Record<string, DuckDBValue> = {
		year: 2025,
		only: only && listValue(only),
		never: never && listValue(never),
		...more
	};
	const types: Record<string, DuckDBType> = { year: INTEGER, only: LIST(VARCHAR), never: LIST(VARCHAR) };
	for (const key of Object.keys(more))
		types[key] =
			typeof more[key] === 'number'
				? INTEGER
				: ['open', 'descending', 'completed', 'reached'].includes(key)
					? BOOLEAN
					: VARCHAR;
	const { text } = sqlFile('panels', panel);
	if (/\$days\b/.test(text)) {
		// Whoever asks here may see days.
		values.days = true;
		types.days = BOOLEAN;
	}
	return await built.connection.rows<Record<string, unknown>>(text, values, types);
}

/** The words of the list alone, none set. */
const none = { decline: null, strategy: null, around: null, cost: null, within: null, took: null };

describe('acceptance', () => {
	test('of 170 made, 110 answered and 84 accepted; 30 younger, 5 not reached and 4 withdrawn stand apart', async () => {
		expect((await asked('acceptance'))[0]).toMatchObject({
			recommendations: 209,
			made: 170,
			answered: 110,
			accepted: 84,
			modified: 14,
			declined: 26,
			waiting: 40,
			no_response: 20,
			under_30_days: 30,
			unable_to_reach: 5,
			withdrawn: 4,
			accepted_ever: 84,
			verified_yes: 0,
			verified_no: 0,
			too_early: 0,
			not_checkable: 84
		});
	});
	test('a value kept and a value left out split the same whole', async () => {
		const [kept] = await asked('acceptance', {}, ['plan', 'plan=South']);
		const [out] = await asked('acceptance', {}, null, ['plan=South']);
		expect([kept!.made, out!.made]).toEqual([20, 150]);
	});
	test('a filter that names no value that exists keeps nobody', async () =>
		expect((await asked('acceptance', {}, ['plan', 'plan=Nowhere']))[0]!.recommendations).toBe(0));
	test('groups add up to what was made', async () => {
		const groups = await asked('acceptance_groups', { unit: 'problem' });
		expect(groups.map(({ value, made, accepted }) => [value, made, accepted])).toEqual([
			['cost', 20, 0],
			['needs_therapy', 150, 84]
		]);
	});
	test('month by month: what is under 30 days old is not made yet and leaves its month open', async () =>
		expect(await asked('acceptance_months')).toEqual([
			{ period: '2025-06', is_open: false, patients: 170, made: 170, accepted: 84 },
			{ period: '2025-12', is_open: true, patients: 0, made: 0, accepted: 0 }
		]));
	test('a reason in own words of one or two people is not printed', async () => {
		const reasons = await asked('decline_reasons');
		expect(reasons.map((row) => [row.decline_word, row.recommendations])).toEqual([
			['keeps current therapy', 20],
			['Not relevant', 3],
			[null, 2],
			['in other words', 1]
		]);
	});
	test('the table has as many rows as the number that opens it', async () => {
		for (const [only, rows] of [
			[['judged', 'judged=made'], 170],
			[['judged', 'judged=made', 'response', 'response=accepted', 'response=modified'], 84],
			[['verified', 'verified=not_checkable'], 84],
			[['judged', 'judged=under_30_days'], 30],
			[['severity', 'severity=4'], 1],
			[['severity', 'severity=not_stated', 'response', 'response=accepted'], 69],
			[['estimate', 'estimate=yes'], 1],
			[['estimate', 'estimate=no', 'response', 'response=accepted'], 69]
		] as const) {
			const [found] = await asked('recommendations_found', { open: null, ...none }, [...only]);
			const table = await asked(
				'recommendations',
				{ open: null, ...none, sort: 'age', descending: false, first: 0, rows: null },
				[...only]
			);
			expect([found!.recommendations, table.length]).toEqual([rows, rows]);
		}
	});
	test('a reason opens to its recommendations by the word that is shown; one that is not shown opens nothing', async () => {
		const listed = async (decline: string) => {
			const chosen = { open: null, ...none, decline };
			const table = { ...chosen, sort: 'age', descending: false, first: 0, rows: null };
			const rows = await asked('recommendations', table);
			expect((await asked('recommendations_found', chosen))[0]).toMatchObject({ recommendations: rows.length });
			return rows.map((row) => row.decline_reason);
		};
		expect(await listed('Not relevant')).toEqual(['Not relevant', 'Not relevant', 'Not relevant']);
		expect(await listed('in other words')).toEqual(['Mrs Doe does not want it']);
		expect(await listed('Mrs Doe does not want it')).toEqual([]);
		expect(await listed('not_stated')).toEqual([null, null]);
	});
	test('a strategy of one or two people is not printed; each opens by its word, whatever else is filtered', async () => {
		expect(
			(await asked('barriers')).map((row) => [row.barrier, row.strategy_word, row.recommendations, row.accepted])
		).toEqual([
			['beliefs', 'Pill Box', 1, 0],
			['cost', 'in other words', 1, 1],
			['forgets', 'Pill Box', 2, 1]
		]);
		const found = async (strategy: string, only: string[] | null = null) =>
			(await asked('recommendations_found', { open: null, ...none, strategy }, only))[0]!.recommendations;
		expect(await found('Pill Box')).toBe(3);
		expect(await found('Pill Box', ['barrier', 'barrier=forgets', 'response', 'response=accepted'])).toBe(1);
		expect(await found('in other words')).toBe(1);
		expect(await found('Calls Mrs Doe')).toBe(0);
		expect(await found('not_stated')).toBe(0);
	});
	test('those without an answer wait, and do not count as refused', async () => {
		const days = await asked('response_times');
		// 200 were sent and neither withdrawn nor unreachable; 110 answered on day 10.
		expect(days).toHaveLength(1);
		expect(days[0]).toMatchObject({ days: 10, waiting: 200, answers: 110 });
		expect(Number(days[0]!.share)).toBeCloseTo(0.55, 10);
	});
	test('the unanswered by age', async () =>
		expect((await asked('unanswered')).map((row) => [row.place, row.waiting, row.no_response])).toEqual([
			[1, 30, 0],
			[4, 40, 20]
		]));
});

describe('reviews', () => {
	test('counted, done, and why one is left out', async () => {
		expect(
			(await asked('review_measures', { measure: null })).find((row) => row.measure === 'cmr_completion')
		).toMatchObject({
			rows: 6,
			denominator: 4,
			numerator: 1
		});
		expect(
			(await asked('review_left_out', { measure: 'cmr_completion' })).map((row) => [row.left_out_because, row.rows])
		).toEqual([
			[null, 4],
			['not_part_d', 1],
			['under_18', 1]
		]);
	});
	test('due: whose enrolment goes on, who refused last; who left can have none any more', async () => {
		const due = await asked('reviews_due', { first: 0, rows: 10 });
		expect(due.map((row) => [row.patient_id, row.review_due_on, row.refused])).toEqual([
			[waiting, '2025-12-31', 0],
			[refused, '2025-12-31', 1]
		]);
		expect((await asked('reviews_due_found'))[0]).toMatchObject({ rows: 2, patients: 2 });
		expect(due.map((row) => row.patient_id)).not.toContain(left);
	});
	test('month by month, and those without a review under month 0', async () =>
		expect((await asked('review_pace')).map((row) => [row.month, row.rows, row.can_still])).toEqual([
			[0, 3, 2],
			[3, 1, 0]
		]));
	test('first reviews by delivery method', async () =>
		expect((await asked('review_groups', { unit: 'delivery' })).map((row) => [row.value, row.numerator])).toEqual([
			['02', 1]
		]));
	test('each count opens to its rows: by reason, and by group of those counted', async () => {
		const opened = async (more: Record<string, DuckDBValue>) => {
			const nothing = { why: null, completed: null, unit: null, value: null, measure: null, reached: null };
			const none = { ...nothing, stands: null, stage: null, from_month: null, to_month: null };
			return (await asked('reviewed_people', { ...none, first: 0, rows: 10, ...more })).map((row) => row.patient_id);
		};
		expect(await opened({ why: 'under_18' })).toEqual([young]);
		expect((await opened({ why: 'counted' })).sort()).toEqual([done, waiting, refused, left].sort());
		expect(await opened({})).toHaveLength(6);
		expect(await opened({ why: 'counted', completed: true })).toEqual([done]);
		expect(await opened({ completed: false })).toHaveLength(5);
		expect(await opened({ measure: 'cmr_completion', reached: true })).toEqual([done]);
		expect(await opened({ measure: 'cmr_completion' })).toHaveLength(4);
		expect(await opened({ unit: 'delivery', value: '02' })).toEqual([done]);
		// Who had no review has no delivery either, and is none of its group "not stated".
		expect(await opened({ unit: 'delivery' })).toEqual([]);
		// Who is left out is in no group.
		expect((await opened({ unit: 'contract', value: 'H1' })).sort()).toEqual([done, waiting, refused, left].sort());
		expect(await opened({ unit: 'contract', value: 'H1', completed: true })).toEqual([done]);
		expect((await opened({ unit: 'pharm' })).length).toBe(3);
		expect(await opened({ stands: 'refused' })).toEqual([refused]);
		expect((await opened({ stage: 'reached' })).sort()).toEqual([done, refused].sort());
		expect((await opened({ stage: 'not_reached' })).sort()).toEqual([waiting, left].sort());
		expect((await opened({ stands: 'open' })).sort()).toEqual([waiting, refused, left].sort());
		expect(await opened({ from_month: 3, to_month: 3 })).toEqual([done]);
		expect(await opened({ from_month: 4, to_month: 12 })).toEqual([]);
		const [row] = await asked('reviewed_people', {
			...{ why: 'counted', completed: true, unit: null, value: null, measure: null, reached: null },
			...{ stands: null, stage: null, from_month: null, to_month: null, first: 0, rows: 1 }
		});
		expect(row).toMatchObject({ first_cmr_on: '2025-03-10', completed: true, excluded_because: null, rows_in_all: 1 });
	});
	test('a quarter is of the pharmacy of its targeted review, in the rate and in its list', async () => {
		const nothing = {
			why: null,
			completed: null,
			unit: null,
			value: null,
			stands: null,
			stage: null,
			from_month: null,
			to_month: null
		};
		for (const [pharmacy, quarters] of [
			['1000000002', ['Q2: 1 review']],
			// That of the enrolment, too: the last that a session names.
			['1000000003', ['Q1: no review', 'Q3: 1 review']]
		] as const) {
			const only = ['pharm', `pharm=${pharmacy}`];
			const line = (await asked('review_measures', { measure: null }, only)).find(
				(row) => row.measure === 'tmr_each_quarter'
			);
			const of = { ...nothing, measure: 'tmr_each_quarter', reached: null, first: 0, rows: null };
			const rows = await asked('reviewed_people', of, only);
			expect([line!.denominator, rows.map((row) => row.evidence)]).toEqual([quarters.length, quarters]);
		}
	});
});

describe('reviews tried', () => {
	const tries = async (unit: string, only: string[] | null = null) =>
		(await asked('review_tries', { unit }, only)).map((row) => [
			row.value,
			row.tries,
			row.patients,
			row.completed,
			row.refused,
			row.unable_to_reach,
			row.no_show
		]);
	test('by delivery method: held, refused, not reached, did not come; targeted, scheduled and later ones do not count', async () =>
		expect(await tries('delivery')).toEqual([
			['02', 6, 6, 1, 5, 0, 0],
			['03', 3, 2, 1, 0, 1, 1]
		]));
	test('each opens to its sessions: what is scheduled is listed, and not among those tried', async () => {
		const chosen = {
			service_type: 'cmr',
			element: null,
			state: null,
			unit: 'plan',
			value: 'South',
			with_list: null,
			recommended: null,
			reason: null
		};
		const listed = async (status: string | null) =>
			(await asked('sessions', { ...chosen, status, follow_up: null, first: 0, rows: null })).map((row) => row.status);
		expect(await listed('tried')).toHaveLength(7);
		expect(await listed('tried')).not.toContain('scheduled');
		expect(await listed('refused')).toEqual(['refused', 'refused', 'refused', 'refused']);
		expect(await listed('scheduled')).toEqual(['scheduled']);
		expect(await listed(null)).toHaveLength(8);
	});
	test('a reason opens to its sessions by the word that is shown; one that is not shown opens nothing', async () => {
		const nothing = { service_type: null, status: null, element: null, state: null, unit: null, value: null };
		const listed = async (reason: string) =>
			(
				await asked('sessions', {
					...nothing,
					with_list: null,
					follow_up: null,
					recommended: null,
					reason,
					first: 0,
					rows: null
				})
			).map((row) => row.status_reason ?? row.status);
		expect((await listed('No time')).map((word) => String(word).trim())).toEqual(['No time', 'no time', 'no time']);
		expect(await listed('in other words')).toEqual(['Mrs Doe moves to her son']);
		expect(await listed('Mrs Doe moves to her son')).toEqual([]);
		// A review that was held has no reason either, and is none of these.
		expect((await listed('not_stated')).sort()).toEqual(['no_show', 'refused', 'unable_to_reach']);
	});
	test('by plan, pharmacy, setting, recipient; a filter narrows', async () => {
		expect(await tries('plan')).toEqual([
			['North', 2, 2, 1, 1, 0, 0],
			['South', 7, 6, 1, 4, 1, 1]
		]);
		expect(await tries('plan', ['plan', 'plan=North'])).toEqual([['North', 2, 2, 1, 1, 0, 0]]);
		expect((await tries('pharm')).map(([value, count]) => [value, count])).toEqual([
			['1000000001', 1],
			[null, 8]
		]);
		expect((await tries('setting')).map(([value, count]) => [value, count])).toEqual([
			['clinic', 2],
			[null, 7]
		]);
		expect((await tries('recipient')).map(([value, count]) => [value, count])).toEqual([
			['03', 1],
			[null, 8]
		]);
		expect((await tries('provider')).map(([value, count]) => [value, count])).toEqual([[null, 9]]);
		expect((await tries('contract')).map(([value, count]) => [value, count])).toEqual([['H1', 9]]);
	});
	test('reasons in words by group; one of a single person is not printed', async () =>
		expect(
			(await asked('review_reasons', { unit: 'plan' })).map((row) => [
				row.value,
				row.status,
				String(row.reason_word).toLowerCase(),
				row.tries,
				row.patients
			])
		).toEqual([
			['North', 'refused', 'null', 1, 1],
			['South', 'refused', 'no time', 3, 3],
			['South', 'refused', 'in other words', 1, 1],
			['South', 'unable_to_reach', 'null', 1, 1],
			['South', 'no_show', 'null', 1, 1]
		]));
});
