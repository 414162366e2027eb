import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { refresh } from '$lib/server/build/refresh';
import { generateDemo, type DemoSummary } from '$lib/server/demo/generate';
import { products } from '$lib/server/demo/product';
import { openDatabase } from '$lib/server/duckdb';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { query } from '$lib/server/query';
import { shippedFolder } from '$lib/server/reference';
import { ask } from '$lib/server/warehouse';

const place = process.env.MTM_KEEP ?? mkdtempSync(join(tmpdir(), 'mtm-demo-'));
const home = openHome(join(place, 'home'));
let made: DemoSummary;

beforeAll(async () => {
	made = await generateDemo(join(place, 'made'), { patients: 1500, seed: 4 });
	await load(home, [made.folder], { by: 'test' });
	await refresh(home);
}, 600_000);
afterAll(() => {
	if (!process.env.MTM_KEEP) rmSync(place, { recursive: true, force: true });
});

const rows = async <T>(sql: string): Promise<T[]> =>
	await query(home, sql, everyone, async (answer) => {
		const found: T[] = [];
		for await (const row of answer.rows) found.push(row as T);
		return found;
	});
const truth = (name: string) => {
	const [header, ...lines] = readFileSync(join(made.folder, '..', 'truth', name), 'utf8')
		.trim()
		.split('\n');
	const names = header!.split(',');
	return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at]!, cell])));
};

type Seen = {
	recommendation_id: string;
	action: string;
	verified: string;
	verified_by_claim_id: string | null;
	verified_on: string | null;
};

test('what claims show of accepted recommendations is what the demo planted', async () => {
	const seen = new Map(
		(
			await rows<Seen>(
				'select recommendation_id, action, verified, verified_by_claim_id, verified_on::varchar as verified_on from recommendation where accepted'
			)
		).map((row) => [row.recommendation_id, row])
	);
	const planted = truth('recommendation.csv').filter((one) => !['monitor', 'immunize'].includes(one.action!));
	expect(planted.length).toBeGreaterThan(150);
	// The drug table gives some products no strength: a dose cannot be told from them.
	const database = await openDatabase();
	const connection = await database.connect();
	const unmeasured = new Set(
		(
			await connection.rows<{ ingredient: string }>(
				`select distinct array_to_string(ingredients, ';') as ingredient from read_parquet($file)
				where strength is null and ndc11 in (${products.map((one) => `'${one.ndc}'`).join(', ')})`,
				{ file: join(shippedFolder(), 'drug.parquet') }
			)
		).map((row) => row.ingredient)
	);
	database.close();
	const differs = planted
		.map((one) => ({ one, row: seen.get(one.recommendation_id!)! }))
		.filter(
			({ one, row }) =>
				!(one.action!.endsWith('_dose') && row.verified === 'not_checkable' && unmeasured.has(one.ingredient!))
		)
		.map(({ one, row }) => [
			`${one.recommendation_id} ${one.action} ${one.verified} ${one.claim_id} ${one.shown_on}`,
			`${row.recommendation_id} ${row.action} ${row.verified} ${row.verified_by_claim_id ?? ''} ${row.verified_on ?? ''}`
		])
		.filter(([wanted, got]) => wanted !== got);
	expect(differs).toEqual([]);
});

test('as many people have a completed review in a year as sessions say, and none outside an enrolment', async () => {
	const [counts] = await rows<{ view: number; files: number }>(`
		select
			(select count(*) from cmr where completed)::integer as view,
			(
				select count(*)::integer from (
					select distinct s.person_id, e.contract_id, e.program, year(s.service_date)
					from mtm_service s inner join mtm_enrollment e
						on e.person_id = s.person_id and e.contract_id is not distinct from s.contract_id and e.program = s.program
						and s.service_date >= e.enrollment_date and s.service_date < coalesce(e.opt_out_date, date '2100-01-01')
					where s.service_type = 'cmr' and s.status = 'completed'
				)
			) as files`);
	expect(counts!.view).toBeGreaterThan(100);
	expect(counts!.view).toBe(counts!.files);
});

type Row = Record<string, number | string | boolean | null>;
const panel = (name: string, parameters: Record<string, string | number | string[] | boolean | null> = {}) =>
	ask<Row>(home, name, parameters, everyone);
const total = (rows: Row[], column: string) => rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);

test('panels agree with each other and with the rows they open to', async () => {
	const year = 2025;
	const measures = new Map((await panel('mtm_headline', { year })).map((row) => [row.measure, row]));
	const reviews = await panel('mtm_reviews', { year });
	expect(total(reviews, 'denominator')).toBe(measures.get('cmr_completion')!.denominator);
	expect(total(reviews, 'completed')).toBe(measures.get('cmr_completion')!.numerator);
	const months = (await panel('mtm_review_months', { year })).filter((row) => row.year === year);
	expect(months.at(-1)!.completed_so_far).toBe(total(reviews, 'completed'));
	const left = await panel('mtm_left_out', { measure: 'cmr_completion', year });
	expect(total(left, 'rows')).toBe(total(reviews, 'enrolled') - total(reviews, 'denominator'));

	for (const by of [
		'all',
		'problem',
		'action',
		'recipient',
		'channel',
		'prescriber',
		'pharmacy',
		'provider',
		'month'
	]) {
		const rows = await panel('mtm_acceptance', { year, by });
		expect([by, total(rows, 'made'), total(rows, 'accepted')]).toEqual([
			by,
			measures.get('acceptance_of_made')!.denominator,
			measures.get('acceptance_of_made')!.numerator
		]);
		expect(total(rows, 'answered')).toBe(measures.get('acceptance_of_answered')!.denominator);
		expect(total(rows, 'seen') + total(rows, 'not_seen')).toBe(measures.get('acceptance_verified')!.denominator);
	}
	const [all] = await panel('mtm_acceptance', { year, by: 'all' });
	const listed = await panel('mtm_recommendations', { year, first: 0 });
	expect(listed.length).toBe(
		Number(all!.made) + Number(all!.under_30_days) + Number(all!.unable_to_reach) + Number(all!.withdrawn)
	);
	expect((await panel('mtm_recommendations', { year, verified: 'yes', first: 0 })).length).toBe(all!.seen);
	expect(
		(await panel('mtm_recommendations', { year, first: 10, rows: 5 })).map((row) => row.recommendation_id)
	).toEqual(listed.slice(10, 15).map((row) => row.recommendation_id));

	const now = await panel('mtm_reviews', { year: 2026 });
	const due = await panel('mtm_reviews_due', { year: 2026, first: 0 });
	expect(due.length).toBe(total(now, 'possible'));
	expect(due.length).toBeGreaterThan(10);
	expect(due.map((row) => row.due_on)).toEqual(due.map((row) => row.due_on).sort());
	const one = String(now.find((row) => Number(row.possible) > 0)!.contract_id);
	expect((await panel('mtm_reviews_due', { year: 2026, first: 0, contracts: [one] })).length).toBe(
		total(
			now.filter((row) => row.contract_id === one),
			'possible'
		)
	);

	for (const unit of ['pharm', 'provider', 'plan', 'contract'])
		expect(total(await panel('mtm_units', { measure: 'session_completeness', year, unit }), 'numerator')).toBe(
			measures.get('session_completeness')!.numerator
		);
	const stages = new Map((await panel('mtm_stages', { year })).map((row) => [row.stage, Number(row.reached)]));
	expect([...stages.keys()].length).toBe(9);
	expect(stages.get('reviewed')!).toBeLessThanOrEqual(stages.get('reached')!);
	expect(stages.get('verified')!).toBe(all!.seen);

	for (const curve of ['mtm_response_time', 'mtm_review_time']) {
		const shares = (await panel(curve, { year })).map((row) =>
			Number(row[curve === 'mtm_response_time' ? 'share_answered' : 'share_reviewed'])
		);
		expect(shares.length).toBeGreaterThan(5);
		expect(shares).toEqual([...shares].sort((a, b) => a - b));
		expect(shares.at(-1)).toBeLessThanOrEqual(1);
	}
	for (const by of ['delivery_method', 'setting', 'provider_type', 'recipient', 'language', 'status'])
		expect((await panel('mtm_review_splits', { year, by })).length).toBeGreaterThan(0);
	expect(total(await panel('mtm_opportunities', { year }), 'done')).toBe(measures.get('opportunities_done')!.numerator);
});

test('a session opens to its elements and medicines, a patient to sessions, conditions, medicines and recommendations', async () => {
	const [busy] = await rows<{ service_id: string; person_id: string; medicines: number }>(`
		select s.service_id, s.person_id, count(*)::integer as medicines
		from mtm_service s inner join mtm_medication m using (service_id)
		where s.service_type = 'cmr' and s.status = 'completed' group by all order by medicines desc, s.service_id limit 1`);
	const { service_id } = busy!;
	const [session] = await panel('mtm_session', { service_id });
	const elements = await panel('mtm_session_elements', { service_id });
	expect(elements.length).toBe(21);
	const needed = elements.filter((row) => row.is_required);
	expect(needed.length).toBe(session!.required);
	for (const state of ['yes', 'no', 'not_applicable', 'missing'])
		expect(needed.filter((row) => row.state === state).length).toBe(session![state]);
	const medicines = await panel('mtm_session_medications', { service_id });
	expect(new Set(medicines.filter((row) => row.line !== null).map((row) => row.line)).size).toBe(busy!.medicines);
	expect(medicines.filter((row) => row.seen_in === 'both').length).toBeGreaterThan(0);
	const patient_no = Number(session!.patient_no);
	const sessions = await panel('mtm_patient_sessions', { patient_no });
	expect(sessions.map((row) => row.service_id)).toContain(service_id);
	expect((await panel('mtm_patient_enrollments', { patient_no })).length).toBeGreaterThan(0);
	const counted = async (view: string) =>
		(
			await rows<{ n: number }>(`select count(*)::integer as n from ${view} where patient_id = '${busy!.person_id}'`)
		)[0]!.n;
	expect((await panel('mtm_patient_conditions', { patient_no })).length).toBe(await counted('condition'));
	expect((await panel('mtm_patient_medications', { patient_no })).length).toBe(await counted('medication'));
	expect((await panel('mtm_patient_recommendations', { patient_no })).length).toBe(await counted('recommendation'));
	const completeness = await panel('mtm_completeness', { year: 2025 });
	for (const row of completeness)
		expect(Number(row.yes) + Number(row.no) + Number(row.not_applicable) + Number(row.missing)).toBe(row.sessions);
});
