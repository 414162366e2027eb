import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { refresh } from '$lib/server/build/refresh';
import type { Row } from '$lib/server/duckdb';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { query } from '$lib/server/query';
import { folder } from '../known/expected';
import { emptyFolder } from '../known/shell';

test('years that were not asked for keep their last adherence, whoever joined since: rows, rates, lists', async () => {
	const home = openHome(join(emptyFolder(), 'home'));
	const asked = async (sql: string) =>
		await query(home, sql, everyone, async ({ rows }) => {
			const all: Row[] = [];
			for await (const row of rows) all.push(row);
			return all;
		});
	const kept = async () => ({
		adherence: await asked('select * from adherence where year = 2025 order by patient_id, measure'),
		rates: await asked(
			"select * from measure_result where measure like 'pdc%' and period like '2025%' order by measure, period, dimension, dimension_value"
		),
		lists: await asked('select * from review_list order by list, priority, patient_id')
	});
	for (const drop of ['drop-1', 'drop-2']) await load(home, [join(folder, 'drops', drop)]);
	await refresh(home, { years: [2025], asOf: '2025-09-30' });
	const before = await kept();
	expect(before.lists.length).toBeGreaterThan(20);

	// Somebody who sorts before and somebody who sorts among the others.
	const vendor = join(emptyFolder(), 'vendor');
	mkdirSync(vendor);
	writeFileSync(
		join(vendor, 'pharmacy_claim.csv'),
		`claim_id,person_id,dispensing_date,ndc_code,days_supply
1,0000,2024-02-01,00071015523,30
2,0017a,2024-02-01,00071015523,30
`
	);
	await load(home, [vendor]);
	await refresh(home, { years: [2024], asOf: '2025-12-31' });
	expect(await kept()).toEqual(before);
	expect(await asked("select patient_id from adherence where year = 2024 and patient_id like '00%a'")).toEqual([
		{ patient_id: '0017a' },
		{ patient_id: '0017a' }
	]);
});
