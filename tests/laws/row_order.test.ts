import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeTables } from '$lib/server/build/tables';
import { attach, literal, name, openDatabase, type Connection } from '$lib/server/duckdb';
import { intakeFile, readCurrent } from '$lib/server/home';
import { intakeTables } from '$lib/server/load/table';
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
	await makeTables(database, connection, null, { loads: [1], hasPrevious: false });
	database.close();
}

test('the order in which rows lie in the files changes no result', async () => {
	const home = await demoHome(300);
	const intake = intakeFile(home, readCurrent(home).intake!);
	const files = ['as-loaded', 'backwards', 'mixed'].map((each) => join(folder, `${each}.duckdb`));
	const orders = [
		'load_id, source_file, source_line',
		'load_id desc, source_file desc, source_line desc',
		'hash(source_file, source_line)'
	];
	for (const [at, file] of files.entries()) await resultsOf(intake, orders[at]!, file);

	const database = await openDatabase();
	const connection = await database.connect();
	for (const [at, file] of files.entries()) await attach(connection, file, `r${at}`);
	const different: string[] = [];
	for (const table of await tablesOf(connection))
		for (const other of ['r1', 'r2']) {
			const of = (results: string) => `select columns(c -> c <> 'pid') from ${results}.main.${name(table)}`;
			const { rows } = await connection.row<{ rows: number }>(
				`select count(*) as rows from (
					(${of('r0')} except all ${of(other)})
					union all (${of(other)} except all ${of('r0')}))`
			);
			if (rows > 0) different.push(`${table} ${other} ${rows}`);
		}
	database.close();
	expect(different).toEqual([]);
});

const tablesOf = async (connection: Connection) =>
	(
		await connection.rows<{ table: string }>(
			"select table_name as table from duckdb_tables() where database_name = 'r0' order by table_name"
		)
	)
		.map(({ table }) => table)
		.filter((table) => !byChance.includes(table));
