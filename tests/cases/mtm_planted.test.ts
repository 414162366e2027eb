import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { products } from '$lib/server/demo/product';
import { openDatabase } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { query } from '$lib/server/query';
import { shippedFolder } from '$lib/server/reference/table';
import { ask } from '$lib/server/warehouse';
import { demoHome } from '../laws/scope_home';

let home: Home;

beforeAll(async () => {
	home = await demoHome(1500, 4);
}, 600_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

const rows = async <T>(sql: string): Promise<T[]> =>
	await query(home, sql, everyone, async (answer) => {
		const found: T[] = [];
		for await (const row of answer.rows) found.push(row as T);
		return found;
	});
const truth = (name: string) => {
	const [header, ...lines] = readFileSync(join(home.folder, 'demo', 'truth', name), 'utf8')
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

const day = (text: string) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86_400_000;

test('monitoring and immunization: what claims show is what a walk over all tests, vaccines and fills finds', async () => {
	const codes = readFileSync(join(shippedFolder(), 'verification_code.csv'), 'utf8')
		.trim()
		.split('\n')
		.slice(1)
		.map((line) => line.split(','))
		.map(([by, ingredient, system, code]) => ({ by, ingredient, system, code }));
	const [run] = await ask<{ as_of: string }>(home, 'latest_run', {}, everyone);
	const asOf = day(run!.as_of);
	const named = new Map(products.map((one) => [one.ndc, one.ingredients]));
	const accepted = await rows<
		Seen & Record<'patient_id' | 'ingredient' | 'new_ingredient' | 'ndc_code' | 'on', string>
	>(`
		select *, coalesce(response_date, identified_date)::varchar as on from recommendation
		where accepted and action in ('monitor', 'immunize')`);
	const tests = await rows<{ person_id: string; code: string; on: string }>(
		'select person_id, normalized_component_code as code, collection_datetime::date::varchar as on from lab_result'
	);
	const lines = await rows<{ person_id: string; code: string; on: string }>(`
		select person_id, hcpcs_code as code, coalesce(claim_line_start_date, claim_start_date)::varchar as on
		from medical_claim where hcpcs_code is not null`);
	const covered = await rows<{ person_id: string; from_on: string; to_on: string }>(`
		select person_id, enrollment_start_date::varchar as from_on, enrollment_end_date::varchar as to_on
		from eligibility where coalesce(medical_coverage, true)`);
	const told = accepted.map((one) => {
		const target = (one.ingredient ?? one.new_ingredient ?? named.get(one.ndc_code) ?? '').toLowerCase();
		const by = one.action === 'monitor' ? 'monitoring' : 'immunization';
		const listed = codes.filter((code) => code.by === by && code.ingredient === target);
		const inWindow = (event: { person_id: string; on: string }) =>
			event.person_id === one.patient_id &&
			day(event.on) >= day(one.on) &&
			day(event.on) <= Math.min(asOf, day(one.on) + 60);
		const isListed = (system: string, code: string) => listed.some((row) => row.system === system && row.code === code);
		const shown = [
			...tests.filter((event) => inWindow(event) && isListed('loinc', event.code)),
			...lines.filter((event) => inWindow(event) && isListed('hcpcs', event.code))
		];
		const isCovered = covered.some(
			(span) => span.person_id === one.patient_id && span.from_on <= one.on && span.to_on >= one.on
		);
		const verified =
			listed.length === 0 || (shown.length === 0 && !isCovered)
				? 'not_checkable'
				: shown.length
					? 'yes'
					: day(one.on) + 60 + 90 > asOf
						? 'too_early'
						: 'no';
		const first = shown.map((event) => event.on).sort()[0] ?? '';
		return {
			wanted: `${one.recommendation_id} ${target} ${verified} ${first}`,
			got: `${one.recommendation_id} ${target} ${one.verified} ${one.verified_on ?? ''}`
		};
	});
	expect(told.map((one) => one.got)).toEqual(told.map((one) => one.wanted));
	const kinds = new Set(accepted.map((one) => one.verified));
	expect([...kinds].sort()).toEqual(['no', 'not_checkable', 'too_early', 'yes']);
});

test('enrolments, reviews and responses are as many as the demo planted, and each first review is on its day', async () => {
	const planted = (
		JSON.parse(readFileSync(join(home.folder, 'demo', 'truth', 'truth.json'), 'utf8')) as {
			truth: { mtm: { enrolments: number; completedCmrs: number; recommendations: Record<string, number> } };
		}
	).truth.mtm;
	// Who was made for one rule of the audit is documented by hand and not counted there.
	const byHand = truth('person.csv').filter((one) => one.planted !== '');
	expect(byHand.length).toBeGreaterThan(40);
	const others = `not in (${byHand.map((one) => `'${one.person_id}'`).join(', ')})`;
	const [counted] = await rows<{ enrolments: number; reviews: number }>(`select
		(select count(*) from mtm_enrollment where person_id ${others})::integer as enrolments,
		(select count(*) from mtm_service where service_type = 'cmr' and status = 'completed' and person_id ${others})::integer as reviews`);
	expect(counted).toEqual({ enrolments: planted.enrolments, reviews: planted.completedCmrs });
	const responses = await rows<{ response: string; made: number }>(
		`select response, count(*)::integer as made from recommendation where patient_id ${others} group by response`
	);
	expect(Object.fromEntries(responses.map((row) => [row.response, row.made]))).toEqual(planted.recommendations);
	// Each person's first review and first day of eligibility, one by one.
	const people = truth('person.csv').filter((one) => one.first_cmr_on !== '');
	expect(people.length).toBeGreaterThan(100);
	const first = new Map(
		(
			await rows<{ patient_id: string; on: string }>(
				'select patient_id, min(first_cmr_on)::varchar as on from cmr where completed group by patient_id'
			)
		).map((row) => [row.patient_id, row.on])
	);
	const differs = people.filter((one) => first.get(one.person_id!) !== one.first_cmr_on);
	expect(differs.map((one) => [one.person_id, one.first_cmr_on, first.get(one.person_id!) ?? 'none'])).toEqual([]);
});
