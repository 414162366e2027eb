import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyone, type Limits } from '$lib/domain/scope';
import { attach, name, openDatabase } from '$lib/server/duckdb';
import { homeAt, intakeFile, readCurrent, resultsFile, type Home } from '$lib/server/home';
import { sqlFiles } from '$lib/server/sql';
import { Trouble } from '$lib/server/trouble';
import { rules } from '$lib/server/views';
import { ask, panelNamed } from '$lib/server/warehouse';
import { demoHome, rowsOf, someLimits, within } from './scope_home';
import { dice, panelNames, someFilters, someParameters, stockOf, type Person, type Stock } from './scope_question';

let home: Home;
let people: Person[];
let stock: Stock;
let limits: Limits[];
let inside: Set<string>[];
const folders: string[] = [];

beforeAll(async () => {
	home = await demoHome(300);
	folders.push(home.folder);
	const all = await ask<{ pid: string; patient_id: string }>(
		home,
		'patients',
		{ year: 2026, sort: 'patient', descending: false, first: 0 },
		everyone
	);
	people = [];
	for (const { pid } of all) {
		const [key] = await ask<{ patient_no: number; patient_id: string }>(home, 'patient_key', { pid }, everyone);
		people.push({ pid, ...key! });
	}
	stock = await stockOf(home, people);
	limits = await someLimits(home);
	inside = await Promise.all(limits.map((one) => within(home, one)));
}, 300_000);
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A copy of the home from which everybody else was deleted, table by table, by what the columns say. */
async function without(kept: Set<string>): Promise<Home> {
	const folder = mkdtempSync(join(tmpdir(), 'mtm-scope-pruned-'));
	folders.push(folder);
	cpSync(home.folder, folder, { recursive: true });
	const pruned = homeAt(folder);
	const { intake, results } = readCurrent(pruned);
	const database = await openDatabase();
	const connection = await database.connect();
	for (const macro of sqlFiles('macros').filter((file) => file.name !== 'population')) await connection.run(macro.text);
	await attach(connection, intakeFile(pruned, intake!), 'intake', true);
	await attach(connection, resultsFile(pruned, results!), 'results', true);
	await connection.run('create table memory.kept (patient_id varchar)');
	for (const id of kept) await connection.run('insert into memory.kept values ($id)', { id });
	await connection.run(
		'create table memory.kept_no as select patient_no from results.main.person semi join memory.kept using (patient_id)'
	);
	await connection.run(
		'create table memory.kept_service as select data_source, service_id from intake.main.mtm_service where person_id in (select patient_id from memory.kept)'
	);
	const columns = await connection.rows<{ db: string; place: string; t: string; cols: string[] }>(
		`select database_name as db, schema_name as place, table_name as t, list(column_name) as cols from duckdb_columns()
		semi join duckdb_tables() using (database_name, schema_name, table_name)
		where database_name in ('results', 'intake') group by all`
	);
	for (const { db, place, t, cols } of columns) {
		const table = `${db}.${name(place)}.${name(t)}`;
		if (cols.includes('patient_no'))
			await connection.run(`delete from ${table} where patient_no not in (select patient_no from memory.kept_no)`);
		else if (cols.includes('patient_id') || cols.includes('person_id'))
			await connection.run(
				`delete from ${table} where ${cols.includes('patient_id') ? 'patient_id' : 'person_id'} not in (select patient_id from memory.kept)`
			);
		else if (t === 'mtm_medication' || t === 'mtm_service_element')
			await connection.run(
				`delete from ${table} where (data_source, service_id) not in (select (data_source, service_id) from memory.kept_service)`
			);
	}
	await connection.run("set search_path = 'results.main,intake.main,memory.main'");
	// What was summed up at the refresh is summed up again, facts before what is published.
	const stored = new Set(
		(
			await connection.rows<{ t: string }>(
				"select table_name as t from duckdb_tables() where database_name = 'results'"
			)
		).map(({ t }) => t)
	);
	for (const file of [...sqlFiles('facts'), ...sqlFiles('published')])
		if (rules.get(file.name) === 'again' && stored.has(file.name))
			await connection.run(`create or replace table results.main.${name(file.name)} as ${file.text}`);
	connection.close();
	database.close();
	return pruned;
}

/** Why a panel is not there for limits: it reads a table of sums over everybody. */
const refusedPanels = ['checks', 'data_problems'];

test('every table has a way to be narrowed, or is left out on purpose', async () => {
	const { intake, results } = readCurrent(home);
	const database = await openDatabase();
	const connection = await database.connect();
	await attach(connection, intakeFile(home, intake!), 'intake');
	await attach(connection, resultsFile(home, results!), 'results');
	const tables = await connection.rows<{ t: string; cols: string[] }>(
		`select table_name as t, list(column_name) as cols from duckdb_columns()
		where database_name in ('results', 'intake') and not internal group by all`
	);
	database.close();
	expect(
		tables
			.filter(
				({ t, cols }) => !rules.has(t) && !cols.some((one) => ['patient_no', 'patient_id', 'person_id'].includes(one))
			)
			.map(({ t }) => t)
	).toEqual([]);
	// A table that is said to be whole may not hold a person.
	expect(
		tables
			.filter(
				({ t, cols }) =>
					rules.get(t) === 'whole' && cols.some((one) => ['patient_no', 'patient_id', 'person_id'].includes(one))
			)
			.map(({ t }) => t)
	).toEqual([]);
});

test('limits answer every panel and view as a home would that holds nobody else', async () => {
	let counted = 0;
	for (const [at, limit] of limits.entries()) {
		const scope = { limits: limit, phi: 'P3' as const };
		const pruned = await without(inside[at]!);
		const roll = dice(100 + at);
		for (const panel of panelNames) {
			if (refusedPanels.includes(panel)) {
				await expect(ask(home, panel, {}, scope)).rejects.toThrow();
				continue;
			}
			const given = someParameters(roll, stock, panel, roll.one(people));
			const [seen, left] = await Promise.all([ask(home, panel, given, scope), ask(pruned, panel, given, everyone)]);
			if (JSON.stringify(seen) !== JSON.stringify(left)) expect([panel, given, seen]).toEqual([panel, given, left]);
		}
		for (const { name: view } of [...sqlFiles('published'), ...sqlFiles('intake')]) {
			// Rows by their number and the sum of their hashes; one by one only where these differ.
			const sum = `select count(*) as n, sum(hash(t)::hugeint)::varchar as hashes from ${view} as t`;
			const [seen, left] = await Promise.all([rowsOf(home, sum, scope), rowsOf(pruned, sum)]);
			const all = `select * from ${view} order by all`;
			if (JSON.stringify(seen) !== JSON.stringify(left))
				expect([view, await rowsOf(home, all, scope)]).toEqual([view, await rowsOf(pruned, all)]);
			counted += Number(seen[0]!.n);
		}
	}
	expect(counted).toBeGreaterThan(10_000);
}, 600_000);

/** The words of an answer: whatever could be an id, of each text once. */
function wordsOf(told: unknown): Set<string> {
	const texts = new Set<string>();
	const walk = (value: unknown): void => {
		if (typeof value === 'string' || typeof value === 'number') texts.add(String(value));
		else if (value && typeof value === 'object')
			for (const [key, one] of Object.entries(value)) {
				if (!Array.isArray(value)) texts.add(key);
				walk(one);
			}
	};
	walk(told);
	return new Set([...texts].flatMap((text) => [text, ...text.split(/[^\w-]+/)]));
}

test('1,000 attempts reach nobody outside the limits', async () => {
	const roll = dice(7);
	let refused = 0;
	let rows = 0;
	// Scope by scope, so that each is opened once.
	const scopes = limits.flatMap((one, at) =>
		(['P1', 'P2', 'P3', 'P3'] as const).map((phi) => ({ at, scope: { limits: one, phi } }))
	);
	const each = Math.ceil(1000 / scopes.length);
	for (const [attempt, { at, scope }] of scopes.flatMap((one) => Array<typeof one>(each).fill(one)).entries()) {
		const outsiders = people.filter((person) => !inside[at]!.has(person.patient_id));
		const target = roll.one(outsiders);
		const insider = roll.one(people.filter((person) => inside[at]!.has(person.patient_id)).concat(target));
		let told: unknown;
		try {
			told = roll.is(0.6) ? await byPanel(scope, target) : await bySql(scope, target, insider);
		} catch (cause) {
			// Only what is said to the asker counts as a refusal; a fault of ours is none.
			if (!(cause instanceof Trouble)) throw cause;
			refused++;
			told = cause.message.replaceAll(target.patient_id, '').replaceAll(target.pid, '');
		}
		if (Array.isArray(told)) rows += told.length;
		const words = wordsOf(told);
		const seen = outsiders.filter(({ patient_id, pid }) => words.has(patient_id) || words.has(pid));
		expect({ attempt, seen }).toEqual({ attempt, seen: [] });
	}
	// The attempts did ask something: most are answered, and with rows.
	expect(refused).toBeLessThan(600);
	expect(rows).toBeGreaterThan(1000);

	async function byPanel(scope: { limits: Limits; phi: 'P1' | 'P2' | 'P3' }, target: Person) {
		const panel = roll.one(panelNames.filter((one) => !refusedPanels.includes(one)));
		const given = someParameters(roll, stock, panel, target, scope.phi !== 'P1');
		const answer = await ask(home, panel, given, scope);
		// What is about this one person must be empty, whatever its rows say.
		if (panelNamed(panel).parameters.some(({ name: key }) => ['pid', 'patient_no', 'patient_id'].includes(key)))
			expect([panel, answer.length]).toEqual([panel, 0]);
		return answer;
	}

	async function bySql(scope: { limits: Limits; phi: 'P1' | 'P2' | 'P3' }, target: Person, insider: Person) {
		const table = roll.one(
			'adherence supply review_list eligibility pharmacy_claim medical_claim contact mtm_service mtm_enrollment mtm_recommendation mtm_claim mtm_opportunity'.split(
				' '
			)
		);
		const id = ['adherence', 'supply', 'review_list'].includes(table) ? 'patient_id' : 'person_id';
		const where = roll.one([
			`${id} = '${target.patient_id}'`,
			`${id} in ('${insider.patient_id}', '${target.pid}', '${target.patient_id}')`,
			'true',
			`${id} <> '${insider.patient_id}'`,
			`${id} not in (select person_id from eligibility)`,
			`1 = 1 or ${id} is null`
		]);
		return await rowsOf(
			home,
			roll.one([
				`select * from ${table} where ${where}`,
				`select ${id}, count(*) from ${table} where ${where} group by all order by 1 desc`,
				`select string_agg(${id}, ' ') from ${table} where ${where}`,
				`select t.* from ${table} as t full join eligibility as e on t.${id} = e.person_id`,
				`with ${table}_ as (select * from ${table}) select * from ${table}_ where ${where}`,
				`with recursive seen as (select ${id} as p from ${table} union select person_id from pharmacy_claim) select * from seen`,
				`select (select max(${id}) from ${table})`,
				`select * from ${table} union all by name select * from pharmacy_claim limit 3000`,
				`select * from mtm_medication as m join mtm_service as s using (service_id)`,
				`select * from mtm_service_element as e left join mtm_service as s using (service_id)`,
				`select * from results.main.${table}`,
				`select * from intake.main.eligibility`,
				`select * from narrowed.patient`,
				`select * from memory.narrowed.${table}`,
				`select * from main.scope_patient`,
				`select * from patient where pid = '${target.pid}'`,
				`select * from duckdb_views()`,
				`select * from query_table('results.main.patient')`,
				`from ${table} select columns('.*_id')`,
				`select * from measure_result where dimension = 'pharmacy'`
			]),
			scope
		);
	}
}, 600_000);

test('lists of sums agree with the rows one may see: nothing is counted that cannot be opened', async () => {
	const roll = dice(31);
	for (const [at, limit] of limits.entries()) {
		const scope = { limits: limit, phi: 'P3' as const };
		const words = someFilters(roll, stock, true);
		const rows = await rowsOf(home, 'select patient_id, measure, year from adherence', scope);
		expect(rows.every((row) => inside[at]!.has(String(row.patient_id)))).toBe(true);
		const all = await rowsOf(home, 'select patient_id from adherence');
		expect(rows.length).toBe(all.filter((row) => inside[at]!.has(String(row.patient_id))).length);
		expect(words).toBeDefined();
	}
});
