import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Limits } from '$lib/domain/scope';
import { everyone, unlimited } from '$lib/domain/scope';
import type { Row } from '$lib/server/duckdb';
import { openHome, type Home } from '$lib/server/home';
import { query } from '$lib/server/query';
import { closeRecords } from '$lib/server/records/open';
import type { Scope } from '$lib/domain/scope';
import { makeDemo } from '../../src/cli/demo';

/**
 * A home of one's own with a small synthetic population: adherence, stays, MTM documentation. It is made once in a run of all tests and
 * copied for each file that wants one like it.
 */
export async function demoHome(patients: number, seed = 5): Promise<Home> {
	const folder = mkdtempSync(join(tmpdir(), 'mtm-scope-'));
	const shared = process.env.MTM_TEST_HOMES;
	if (shared) cpSync(await madeOnce(join(shared, `${patients}-${seed}`), patients, seed), folder, { recursive: true });
	else await makeDemo(openHome(folder), { patients, seed });
	return openHome(folder);
}

/** Makes the home at `place` unless another file of tests has made it, or is making it now. */
async function madeOnce(place: string, patients: number, seed: number): Promise<string> {
	for (;;) {
		if (existsSync(place)) return place;
		try {
			mkdirSync(`${place}.lock`);
		} catch {
			await new Promise((done) => setTimeout(done, 200));
			continue;
		}
		try {
			const home = openHome(`${place}.part`);
			await makeDemo(home, { patients, seed });
			await closeRecords(home);
			renameSync(home.folder, place);
		} finally {
			rmSync(`${place}.part`, { recursive: true, force: true });
			rmdirSync(`${place}.lock`);
		}
	}
}

/** All rows of a query. */
export const rowsOf = async (home: Home, sql: string, scope: Scope = everyone): Promise<Row[]> =>
	await query(home, sql, scope, async ({ rows }) => {
		const all: Row[] = [];
		for await (const row of rows) all.push(row);
		return all;
	});

const quoted = (values: string[]) => values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ') || "''";

/** The ids, as loaded, of the patients within limits: worked out anew from the published views, as the rule is written. */
export async function within(home: Home, limits: Limits): Promise<Set<string>> {
	const parts: string[] = [
		'select person_id from eligibility union select person_id from pharmacy_claim union select person_id from medical_claim union select person_id from mtm_service union select person_id from mtm_opportunity union select person_id from mtm_enrollment'
	];
	if (limits.pharmacies)
		parts.push(`select patient_id from adherence where pharmacy_npi in (${quoted(limits.pharmacies)})
			union select person_id from mtm_service where pharmacy_npi in (${quoted(limits.pharmacies)})
			union select person_id from mtm_opportunity where pharmacy_npi in (${quoted(limits.pharmacies)})`);
	if (limits.plans)
		parts.push(`select patient_id from adherence where plan in (${quoted(limits.plans)})
			union select person_id from eligibility where plan in (${quoted(limits.plans)})`);
	if (limits.contracts)
		parts.push(`select person_id from (
				select person_id, arg_max(contract_id, (enrollment_start_date, load_id, source_line)) as contract_id from eligibility group by person_id
			) where contract_id in (${quoted(limits.contracts)})
			union select person_id from mtm_enrollment where contract_id in (${quoted(limits.contracts)})`);
	if (limits.programs) parts.push(`select person_id from mtm_enrollment where program in (${quoted(limits.programs)})`);
	const rows = await rowsOf(home, parts.map((part) => `(${part})`).join(' intersect '));
	return new Set(rows.map((row) => String(Object.values(row)[0])));
}

/** Limits to try: of each kind, two kinds together, and nobody. */
export async function someLimits(home: Home): Promise<Limits[]> {
	const top = async (sql: string) => (await rowsOf(home, sql)).map((row) => String(row.value));
	const pharmacies = await top(
		'select pharmacy_npi as value from adherence where pharmacy_npi is not null group by 1 order by count(*) desc, 1 limit 4'
	);
	const plans = await top(
		'select plan as value from adherence where plan is not null group by 1 order by count(*), 1 limit 2'
	);
	const contracts = await top(
		'select contract_id as value from eligibility where contract_id is not null group by 1 order by count(*), 1 limit 1'
	);
	return [
		{ ...unlimited, pharmacies: [pharmacies[0]!] },
		{ ...unlimited, pharmacies: pharmacies.slice(1, 3), plans },
		{ ...unlimited, plans: [plans[0]!] },
		{ ...unlimited, contracts },
		{ ...unlimited, programs: ['medicaid'] },
		{ ...unlimited, pharmacies: [] }
	];
}
