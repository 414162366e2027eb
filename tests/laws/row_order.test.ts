import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTables } from '$lib/server/build/tables';
import { readCard } from '$lib/server/catalog';
import { attach, literal, name, openDatabase, type Connection } from '$lib/server/duckdb';
import { intakeFile, readCurrent } from '$lib/server/home';
import { intakeTables } from '$lib/server/load/table';
import { loadDrugs } from '$lib/server/reference/load';
import { sqlFiles } from '$lib/server/sql';
import { demoHome } from './scope_home';

const folder = mkdtempSync(join(tmpdir(), 'order-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Made by chance or by the clock; the opaque ids (pid) are by chance too. */
const byChance = ['run', 'person_pid'];

/** Results of the intake in `path`, its rows lying as `order by` says, in a file of their own. */
async function resultsOf(intake: string, order: string, file: string): Promise<void> {
	const database = await openDatabase();
	const connection = await database.connect();
	await attach(connection, intake, 'loaded');
	await connection.run(`attach ':memory:' as intake; attach ${literal(file)} as results`);
	for (const { name: table } of intakeTables())
		await connection.run(`create table intake.main.${table} as from loaded.main.${table} order by ${order}`);
	await makeTables(database, connection, null, { loads: [1], earlier: [] });
	database.close();
}

/** How many rows of two tables, or selects, are not in both; opaque ids aside. */
async function apart(connection: Connection, one: string, other: string): Promise<number> {
	const [a, b] = [one, other].map((from) => `select columns(c -> c <> 'pid') from ${from}`);
	const { rows } = await connection.row<{ rows: number }>(
		`select count(*) as rows from ((${a} except all ${b}) union all (${b} except all ${a}))`
	);
	return rows;
}

const tablesOf = async (connection: Connection, database: string) =>
	(
		await connection.rows<{ table: string }>(
			`select table_name as table from duckdb_tables() where database_name = ${literal(database)} order by table_name`
		)
	)
		.map(({ table }) => table)
		.filter((table) => !byChance.includes(table));

let intake: string;
const files = ['as-loaded', 'backwards', 'mixed'].map((each) => join(folder, `${each}.duckdb`));
beforeAll(async () => {
	const home = await demoHome(300);
	intake = intakeFile(home, readCurrent(home).intake!);
	const order = 'load_id, source_file, source_line';
	await resultsOf(intake, order, files[0]!);
	await resultsOf(intake, order.replaceAll(/(,|$)/g, ' desc$1'), files[1]!);
	await resultsOf(intake, 'hash(source_file, source_line)', files[2]!);
});

test('the order in which rows lie in the files changes no result', async () => {
	const database = await openDatabase();
	const connection = await database.connect();
	for (const [at, file] of files.entries()) await attach(connection, file, `r${at}`);
	const different: string[] = [];
	for (const table of await tablesOf(connection, 'r0'))
		for (const other of ['r1', 'r2'])
			if ((await apart(connection, `r0.main.${name(table)}`, `${other}.main.${name(table)}`)) > 0)
				different.push(`${table} of ${other}`);
	database.close();
	expect(different).toEqual([]);
});

test('the order in which rows of a table lie changes nothing that is made of it', async () => {
	const database = await openDatabase();
	const connection = await database.connect();
	for (const macro of sqlFiles('macros').filter((file) => file.name !== 'population')) await connection.run(macro.text);
	await loadDrugs(connection, null);
	await attach(connection, files[0]!, 'results');
	await connection.run(`attach ':memory:' as intake; attach ':memory:' as mixed; attach ':memory:' as mixed_intake`);
	await attach(connection, intake, 'loaded');
	const copy = (from: string, to: string, order: string) =>
		connection.run(`create table ${to} as from ${from} order by ${order}`);
	for (const { name: table } of intakeTables()) {
		await copy(`loaded.main.${table}`, `intake.main.${table}`, 'load_id, source_file, source_line');
		await copy(`loaded.main.${table}`, `mixed_intake.main.${table}`, 'hash(source_file, source_line)');
	}
	await connection.run(`set search_path = 'results.main,intake.main,memory.main'`);
	const kept = await connection.rows<{ kept: string }>(
		`select table_name as kept from duckdb_tables() where database_name = 'results'
		union all select view_name from duckdb_views() where database_name = 'results' and not internal`
	);
	for (const { kept: table } of kept)
		await copy(`results.main.${name(table)}`, `mixed.main.${name(table)}`, 'hash(columns(*))');

	const different: string[] = [];
	for (const folder of ['facts', 'lists', 'measures', 'published', 'audit_rules'])
		for (const file of sqlFiles(folder)) {
			// Adherence is folded from rows that DuckDB reads in order; its law is of its own.
			if (file.name === 'adherence_fact' || readCard(file.text).fields['Not run']) continue;
			for (const [made, from] of [
				['one', 'results.main,intake.main'],
				['other', 'mixed.main,mixed_intake.main']
			]) {
				await connection.run(`set search_path = '${from},memory.main'`);
				await connection.run('set variable first_patient = 1; set variable last_patient = 1000000');
				await connection.run(`create or replace table memory.main.${made} as ${file.text}`);
			}
			const rows = await apart(connection, 'memory.main.one', 'memory.main.other');
			if (rows > 0) different.push(`${file.path}: ${rows} rows`);
		}
	database.close();
	expect(different).toEqual([]);
});
