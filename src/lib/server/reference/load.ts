import { join } from 'node:path';
import type { Names } from '$lib/domain/ingredient';
import { literal, type Connection } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { activeImports, partOf, type Import } from './imported';
import { readTable, shippedFolder, tables, type Table } from './table';

/** A select that reads the version of a table that counts in a home: the last imported, else the shipped. */
export function referenceTable(home: Home | null, table: Exclude<Table, 'setting'>): string {
	const own = activeImports(home).find((each) => each.kind === table);
	return readTable(table, own ? partOf(home, own, 'table') : join(shippedFolder(), `${table}.csv`));
}

/** Other names of ingredients and words for salts, as shipped. */
export async function readNames(connection: Connection): Promise<Names> {
	const csv = (file: string) =>
		`from read_csv(${literal(join(shippedFolder(), file))}, header = true, delim = ',', quote = '"', all_varchar = true)`;
	const other = await connection.rows<{ name: string; ingredient: string }>(csv('ingredient_name.csv'));
	const salts = await connection.rows<{ word: string }>(csv('salt_word.csv'));
	return {
		other: new Map(other.map((each) => [each.name, each.ingredient])),
		salts: new Set(salts.map((each) => each.word))
	};
}

/**
 * Creates the reference tables in the connection's current schema: drug_class, adherence_measure, adherence_year, value_set, cut_point and the other tables
 * above, ccs, hospital_code, and the tables of drugs. What the home's user imported wins over what was shipped; without a home, shipped only.
 */
export async function loadReference(connection: Connection, home: Home | null): Promise<void> {
	const imports = activeImports(home);
	for (const table of referenceTables) await loadTable(connection, home, table, imports);
	await loadDrugs(connection, home);
}

const parquetTables = ['ccs', 'hospital_code'] as const;
type ReferenceTable = Table | (typeof parquetTables)[number];

/** The tables that `loadTable` creates. */
export const referenceTables: readonly ReferenceTable[] = [...(Object.keys(tables) as Table[]), ...parquetTables];

/** Creates one of them, with what counts of the home's `imports`. */
export async function loadTable(
	connection: Connection,
	home: Home | null,
	table: ReferenceTable,
	imports: Import[]
): Promise<void> {
	const shipped = shippedFolder();
	if (!(table in tables)) {
		await connection.run(`create or replace table ${table} as ${parquet(join(shipped, `${table}.parquet`))}`);
		return;
	}
	const known = table as Table;
	const own = imports.find((each) => each.kind === known);
	// A user's settings count one by one; the others, and what a setting may be, stay as shipped.
	const path = own && known !== 'setting' ? partOf(home, own, 'table') : join(shipped, `${known}.csv`);
	await connection.run(`create or replace table ${known} as ${readTable(known, path)}`);
	if (own && known === 'setting')
		await connection.run(
			`update setting set value = own.value, source = own.source, mark = own.mark
			from (${readTable(known, partOf(home, own, 'table'))}) as own where setting.setting = own.setting`
		);
}

/**
 * The part of it that tells what an NDC is: the tables user_drug and user_class in the current schema, and the view reference_drug, in memory.
 */
export async function loadDrugs(connection: Connection, home: Home | null): Promise<void> {
	const imports = activeImports(home);
	// Claims name a few of very many packages, so these are read where they lie and not copied.
	const packages = `select * ${parquet(join(shippedFolder(), 'drug.parquet'))}`;
	const directory = imports.find((each) => each.kind === 'fda_directory');
	const own = directory && `select * ${parquet(partOf(home, directory, 'drug'))}`;
	await connection.run(
		`create or replace view memory.main.reference_drug as ${own ? `${packages} anti join (${own}) as own using (ndc11) union all by name ${own}` : packages}`
	);

	// Of two lists that name the same NDC, or decide the same measure and role, the one imported last counts.
	await connection.run('create or replace table user_drug(ndc11 varchar, ingredient varchar, class varchar)');
	await connection.run(
		'create or replace table user_class(ndc11 varchar, measure varchar, ingredient varchar, role varchar)'
	);
	for (const each of imports) {
		if (each.kind === 'drug_list') {
			const path = partOf(home, each, 'drug');
			await connection.run(`delete from user_drug where ndc11 in (select ndc11 ${parquet(path)})`);
			await connection.run(`insert into user_drug by name select ndc11, ingredient, class ${parquet(path)}`);
		}
		if (each.kind === 'class_list') {
			const path = partOf(home, each, 'class');
			await connection.run(`delete from user_class where (measure, role) in (select (measure, role) ${parquet(path)})`);
			await connection.run(`insert into user_class by name select ndc11, measure, ingredient, role ${parquet(path)}`);
		}
	}
}

const parquet = (path: string) => `from read_parquet(${literal(path)})`;
