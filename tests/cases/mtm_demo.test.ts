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
