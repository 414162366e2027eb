import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { refresh } from '$lib/server/build/refresh';
import type { Row } from '$lib/server/duckdb';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { rejectedRows } from '$lib/server/load/reject';
import { query } from '$lib/server/query';
import { ask } from '$lib/server/warehouse';
import { differences, readCsv } from './expected';
import { asked, emptyFolder, mtm, must } from './shell';

// What mtm/README.md says in words, compared with what the product makes of the two vendors' files.

const place = join('tests', 'known', 'mtm');
const folder = emptyFolder();
const home = openHome(folder);
const wanted = (file: string) => readCsv(readFileSync(join(place, 'expected', file), 'utf8'));
/** The people of one of the panels of the review page, in its order. */
const people = async (panel: string) =>
	(
		await ask<{ patient_id: string }>(
			home,
			panel,
			panel === 'reviews_due' ? { year: 2025, first: 0, rows: null } : { first: 0, rows: null },
			everyone
		)
	).map((row) => row.patient_id);

async function published(sql: string): Promise<Row[]> {
	return await query(home, sql, everyone, async ({ rows }) => {
		const all: Row[] = [];
		for await (const row of rows) all.push(row);
		return all;
	});
}

beforeAll(async () => {
	for (const drop of ['drop-1', 'drop-2']) await load(home, [join(place, drop)]);
	await refresh(home, { years: [2025], asOf: '2025-09-30' });
}, 300_000);

test('one row is refused, with its reason; the vanished enrolment and the session held later take effect', async () => {
	const rejects = await rejectedRows(home, 1);
	expect(rejects.map((row) => [row.file.split('/').at(-1), row.line])).toEqual([['mtm_service.csv', 5]]);
	expect(await published("select patient_id from cmr where patient_id = 'M30'")).toEqual([]);
	expect(
		await published("select status, count(*)::integer as rows from mtm_service where service_id = 'S004' group by status")
	).toEqual([{ status: 'completed', rows: 1 }]);
});

test('who is counted in CMR completion, and why not, and when each review was', async () => {
	const came = await published('select * from cmr where year = 2025');
	expect(differences(wanted('cmr_2025.csv'), came, ['patient_id', 'contract_id', 'program'])).toEqual([]);
});

test('each recommendation as answered and as later claims show it', async () => {
	const came = await published('select * from recommendation');
	expect(differences(wanted('recommendation.csv'), came, ['data_source', 'recommendation_id'])).toEqual([]);
});

test('each rate beside its numerator and denominator', async () => {
	const came = await published(
		`select measure, numerator, denominator from measure_result
		where period = '2025' and dimension = 'all' and measure in (${wanted('metric.csv').map((row) => `'${row.measure}'`)})`
	);
	expect(differences(wanted('metric.csv'), came, ['measure'])).toEqual([]);
});

test('the shell tells these rates of the people and recommendations that filters choose, and refuses filters that choose nothing', () => {
	const told = (id: string, ...filters: string[]) => {
		const words = filters.flatMap((filter) => ['--filter', filter]);
		const answer = mtm('--home', folder, 'metric', id, '--year', '2025', '--json', ...words);
		if (answer.status !== 0) return answer.status;
		const { numerator, denominator } = answer.json() as { numerator: number | null; denominator: number | null };
		return [numerator, denominator];
	};
	expect(told('cmr_completion', 'contract=H2002')).toEqual([1, 2]); // Vi and Bo
	expect(told('cmr_completion', 'contract=!H2002')).toEqual([6, 18]);
	expect(told('acceptance_of_made', 'action=start')).toEqual([2, 3]); // R001, R008 and careline's R002
	expect(told('acceptance_of_answered', 'action=start')).toEqual([2, 2]);
	expect(told('acceptance_of_made', 'action=start', 'channel=fax')).toEqual([1, 2]);
	expect(told('acceptance_verified', 'action=stop')).toEqual([1, 2]); // R002, not R012
	expect(told('problems_resolved_within_60_days', 'action=stop')).toEqual([1, 2]); // R002, not R012; R009 is too young
	expect(told('acceptance_of_made', 'action=change_drug')).toEqual([null, null]);
	for (const [id, filter] of [
		['cmr_completion', 'problem=adherence'],
		['cmr_completion', 'pdc=0..80'],
		['acceptance_of_made', 'problem=moon'],
		['acceptance_of_made', 'moon=1'],
		['drug_cost_change_plan', 'plan=x'],
		['hospital_admissions', 'plan=x']
	] as const)
		expect([id, filter, told(id, filter)]).toEqual([id, filter, 1]);
});

test('the review lists, in words', async () => {
	const came = await published('select * from review_list');
	expect(differences(wanted('review_list.csv'), came, ['patient_id', 'list'])).toEqual([]);
	const evidence = (patient: string, list: string) =>
		came.find((row) => row.patient_id === patient && row.list === list)?.evidence;
	expect(evidence('M18', 'statin_in_diabetes')).toBe('metformin; last fill 28 Sep; recommendation R008 of 1 Jun 2025');
	expect(evidence('M14', 'opioid_and_benzodiazepine')).toBe('lorazepam, oxycodone; last day with both 30 Aug');
});

test('what the audit flags of what was billed, and nothing else', async () => {
	expect(
		await published('select data_source, claim_id, rule_id from audit_flag order by data_source, claim_id, rule_id')
	).toEqual([
		{ data_source: 'bright_mtm', claim_id: 'C100', rule_id: 'A27' },
		{ data_source: 'bright_mtm', claim_id: 'C101', rule_id: 'A02' },
		{ data_source: 'bright_mtm', claim_id: 'C101', rule_id: 'A32' },
		{ data_source: 'careline', claim_id: 'C100', rule_id: 'A26' }
	]);
});

describe('the manager sees which reviews must happen by when to reach the goal', () => {
	test('twelve more of twelve, in the order in which they are due', async () => {
		const rate = must('--home', folder, 'metric', 'cmr_completion', '--year', '2025', '--json').json() as {
			numerator: number;
			denominator: number;
		};
		expect(Math.ceil(0.91 * rate.denominator) - rate.numerator).toBe(12);
		expect(await people('reviews_due')).toEqual(
			'M14 M13 M17 M16 M15 M18 M19 M20 M21 M22 M23 M24'.split(' ')
		);
	});

	test('in the shell: who may be called, with the last day and the phone', () => {
		const rows = asked(folder,
			`select review_list.patient_id, due_on, phone
			from review_list join eligibility on eligibility.person_id = review_list.patient_id
			where list = 'cmr_due' order by priority limit 3`
		);
		expect(rows).toEqual([
			{ patient_id: 'M14', due_on: '2025-10-30', phone: '555-0214' },
			{ patient_id: 'M13', due_on: '2025-11-15', phone: '555-0213' },
			{ patient_id: 'M17', due_on: '2025-12-31', phone: null }
		]);
	});
});

describe('the quality lead has one list over all reasons, each person once', () => {
	const listed = 'M13 M14 M16 M17 M18 M19 M20 M21 M22 M23 M24 M26'.split(' ');

	test('twelve people, fifteen reasons; who must be reached first stands first', async () => {
		const rows = await ask<{ patient_id: string; reason_count: number }>(
			home,
			'patients_with_reasons',
			{ first: 0, rows: null },
			everyone
		);
		expect(rows.map((row) => row.patient_id).toSorted()).toEqual(listed);
		expect(rows.slice(0, 2).map((row) => row.patient_id)).toEqual(['M14', 'M13']);
		expect(rows.at(-1)!.patient_id).toBe('M26');
		expect(rows.filter((row) => row.reason_count === 2).map((row) => row.patient_id).toSorted()).toEqual([
			'M14',
			'M18',
			'M19'
		]);
		expect(rows.reduce((sum, row) => sum + row.reason_count, 0)).toBe(15);
	});

	test('in the shell: the same people from one query of the published list', () => {
		const rows = readCsv(
			must(
				'--home', folder,
				'query',
				`select patient_id, string_agg(reason, ' | ' order by list) as reasons, min(due_on) as due_on
				from review_list where state <> 'dismissed' group by patient_id order by due_on nulls last, patient_id`,
				'--format',
				'csv'
			).out
		);
		expect(rows.map((row) => row.patient_id).toSorted()).toEqual(listed);
		expect(rows[0]).toMatchObject({
			patient_id: 'M14',
			reasons: 'Review to be held by 30 Oct 2025 | Opioid and benzodiazepine together on 60 days this year'
		});
	});
});
