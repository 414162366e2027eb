import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Names } from '$lib/domain/ingredient';
import { literal, type Connection } from './duckdb';
import type { Home } from './home';

/** What an import brings: the FDA directory, a list of drugs, a list of the NDCs of measures, or a table of ours in its user's version. */
export type Kind = 'fda_directory' | 'drug_list' | 'class_list' | Table;

/** The tables of data/reference that a user may replace with a version of the same columns. */
export const tables = {
	drug_class: {
		measure: 'varchar',
		class: 'varchar',
		ingredient: 'varchar',
		role: 'varchar',
		route_filter: 'varchar',
		brand_exclude: 'varchar',
		valid_from: 'date',
		valid_to: 'date',
		source: 'varchar'
	},
	adherence_measure: {
		measure: 'varchar',
		title: 'varchar',
		short_title: 'varchar',
		drug_word: 'varchar',
		threshold_percent: 'integer',
		min_ingredients: 'integer',
		min_age: 'integer',
		excludes_esrd: 'boolean',
		excludes_hospice: 'boolean',
		exclusion_reason: 'varchar',
		is_star: 'boolean',
		source: 'varchar'
	},
	adherence_year: { year: 'integer', stay_adjustment: 'boolean', source: 'varchar' },
	setting: {
		setting: 'varchar',
		value: 'varchar',
		allowed: 'varchar',
		unit: 'varchar',
		meaning: 'varchar',
		source: 'varchar',
		mark: 'varchar'
	},
	value_set: { set: 'varchar', code_system: 'varchar', code: 'varchar', match: 'varchar', source: 'varchar' },
	cut_point: {
		measure: 'varchar',
		ratings_year: 'integer',
		measure_year: 'integer',
		plan_type: 'varchar',
		stars: 'integer',
		minimum: 'integer',
		source: 'varchar'
	},
	symptom_drug: { symptom: 'varchar', code: 'varchar', ingredient: 'varchar', source: 'varchar' },
	discharge_medicine: {
		condition: 'varchar',
		code_system: 'varchar',
		code: 'varchar',
		also: 'varchar',
		drug_group: 'varchar',
		source: 'varchar',
		mark: 'varchar'
	},
	verification_window: {
		action: 'varchar',
		shown_by: 'varchar',
		window_days: 'integer',
		run_out_days: 'integer',
		least: 'integer',
		source: 'varchar'
	},
	verification_code: {
		shown_by: 'varchar',
		ingredient: 'varchar',
		code_system: 'varchar',
		code: 'varchar',
		source: 'varchar'
	},
	chronic_condition: {
		condition: 'varchar',
		title: 'varchar',
		core_disease: 'varchar',
		strong_claims: 'varchar',
		other_claims: 'integer',
		look_back_months: 'integer',
		source: 'varchar'
	},
	chronic_condition_code: { condition: 'varchar', role: 'varchar', code: 'varchar' },
	session_element: {
		program: 'varchar',
		service_type: 'varchar',
		element: 'varchar',
		place: 'integer',
		part: 'varchar',
		title: 'varchar',
		is_required: 'boolean',
		source: 'varchar'
	},
	mtm_criteria: {
		year: 'integer',
		program: 'varchar',
		conditions: 'integer',
		drugs: 'integer',
		annual_cost: 'double',
		source: 'varchar'
	},
	part_d_element: {
		from_year: 'integer',
		to_year: 'integer',
		place: 'integer',
		letter: 'varchar',
		field: 'varchar',
		title: 'varchar',
		form: 'varchar',
		most_characters: 'integer',
		is_required: 'boolean',
		source: 'varchar'
	},
	part_d_edit: {
		edit: 'varchar',
		place: 'integer',
		field: 'varchar',
		severity: 'varchar',
		sentence: 'varchar',
		source: 'varchar'
	},
	part_d_provider: { provider_type: 'varchar', setting: 'varchar', code: 'varchar', source: 'varchar' },
	drug_group: { drug_group: 'varchar', ingredient: 'varchar', source: 'varchar' },
	drug_pair: {
		first: 'varchar',
		first_is_group: 'boolean',
		second: 'varchar',
		second_is_group: 'boolean',
		severity: 'varchar',
		meaning: 'varchar',
		source: 'varchar'
	},
	drug_condition: {
		drug: 'varchar',
		is_group: 'boolean',
		condition: 'varchar',
		severity: 'varchar',
		meaning: 'varchar',
		source: 'varchar'
	},
	monitored_drug: { ingredient: 'varchar', within_days: 'integer', test: 'varchar', source: 'varchar' },
	dose_limit: { ingredient: 'varchar', unit: 'varchar', most_a_day: 'double', source: 'varchar' },
	complexity_limit: { what: 'varchar', at_least: 'integer', source: 'varchar' },
	problem_exclusion: { list: 'varchar', reason: 'varchar', code: 'varchar', match: 'varchar', source: 'varchar' },
	audit_parameter: { parameter: 'varchar', allowed: 'varchar', unit: 'varchar', meaning: 'varchar' },
	audit_value: {
		program: 'varchar',
		payer: 'varchar',
		parameter: 'varchar',
		value: 'varchar',
		effective_from: 'date',
		effective_to: 'date',
		source: 'varchar',
		mark: 'varchar'
	},
	audit_level: {
		payer: 'varchar',
		level: 'integer',
		medications: 'integer',
		problems: 'integer',
		conditions: 'integer',
		minutes: 'integer',
		units: 'integer',
		effective_from: 'date',
		effective_to: 'date',
		source: 'varchar',
		mark: 'varchar'
	},
	ecareplan_code: {
		field: 'varchar',
		system: 'varchar',
		code: 'varchar',
		value: 'varchar',
		source: 'varchar',
		mark: 'varchar'
	},
	problem_list: {
		list: 'varchar',
		problem: 'varchar',
		problem_detail: 'varchar',
		action: 'varchar',
		drug_group: 'varchar',
		source: 'varchar'
	}
} as const;
export type Table = keyof typeof tables;

/** One import kept in the home folder's reference/, as its imports.json tells it; `parts` are the files beside it by what they hold. */
export type Import = {
	id: number;
	kind: Kind;
	files: { name: string; sha256: string }[];
	parts: Record<string, string>;
	rows: number;
	/** What the files say of their own date, such as the latest start of marketing. */
	version: string | null;
	/** For a class list: the measures and roles whose NDCs it decides. */
	decides: { measure: string; role: string; rows: number }[];
	imported_at: string;
};

const up = (folder: string): string | null => {
	const found = join(folder, 'data', 'reference');
	if (existsSync(join(found, 'drug.parquet'))) return found;
	return dirname(folder) === folder ? null : up(dirname(folder));
};

/** The folder of the tables that come with the program; throws when the program was moved away from them. */
export function shippedFolder(): string {
	const found = up(dirname(fileURLToPath(import.meta.url))) ?? up(process.cwd());
	if (!found) throw new Error('data/reference with drug.parquet is not beside the program');
	return found;
}

/** A reference table as `mtm reference list` shows it; `counts` is false when a later import took its place. */
export type Listed = {
	name: string;
	title: string;
	rows: number;
	source: string;
	version: string | null;
	date: string;
	licence: string;
	origin: 'shipped' | 'imported';
	counts: boolean;
	note: string;
};

const titles: Record<Kind, string> = {
	fda_directory: 'FDA NDC Directory',
	drug_list: 'Own list of drugs',
	class_list: 'List of the NDCs of measures',
	drug_class: 'Measures by ingredient',
	adherence_measure: 'Adherence measures',
	adherence_year: 'Stay adjustment by year',
	setting: 'Settings of the calculations',
	value_set: 'Diagnosis and service codes',
	cut_point: 'Star cut points',
	verification_window: 'Windows in which claims show a recommendation',
	symptom_drug: 'Symptoms that a medicine on hand may have caused',
	discharge_medicine: 'Medicines that a discharge calls for',
	verification_code: 'Codes of monitoring and immunization',
	chronic_condition: 'Chronic conditions',
	chronic_condition_code: 'Diagnoses of chronic conditions',
	session_element: 'What a session documents',
	mtm_criteria: 'Who belongs in MTM',
	part_d_element: 'Elements of the Part D beneficiary file',
	part_d_edit: 'Edits of the Part D beneficiary file',
	part_d_provider: 'Provider codes of the Part D beneficiary file',
	drug_group: 'Groups of ingredients',
	drug_pair: 'Interacting pairs',
	drug_condition: 'Medicines and conditions',
	monitored_drug: 'Medicines that need monitoring',
	dose_limit: 'Highest daily doses',
	complexity_limit: 'When a regimen is complex',
	problem_exclusion: 'Diagnoses that keep people off problem lists',
	audit_parameter: 'What audit rules may be told',
	audit_value: 'What audit rules are told, by payer and date',
	audit_level: 'Levels of a resource-based fee',
	ecareplan_code: 'Codes of pharmacist care plans',
	problem_list: 'Which recommendations document what a list finds'
};

/** The reference tables, shipped first, then what was imported, with what counts and what it changes. */
export async function listReference(connection: Connection, home: Home | null): Promise<Listed[]> {
	const shipped = shippedFolder();
	const active = activeImports(home);
	const listed: Listed[] = [];
	const rows = await connection.rows<Omit<Listed, 'rows' | 'origin' | 'counts' | 'note'>>(
		`from read_csv(${literal(join(shipped, 'shipped.csv'))}, header = true, delim = ',', quote = '"', all_varchar = true)`
	);
	for (const each of rows) {
		const isTable = each.name in tables;
		const from = isTable
			? readTable(each.name as Table, join(shipped, `${each.name}.csv`))
			: `from read_parquet(${literal(join(shipped, `${each.name}.parquet`))})`;
		const { count } = await connection.row<{ count: number }>(`select count(*) as count ${from}`);
		const replaced = isTable && active.some((one) => one.kind === each.name);
		const directory = each.name === 'drug' && active.some((one) => one.kind === 'fda_directory');
		listed.push({
			...each,
			rows: count,
			origin: 'shipped',
			counts: !replaced,
			note: replaced ? 'an imported version counts' : directory ? 'for NDCs the imported directory lacks' : ''
		});
	}
	for (const each of readImports(home)) {
		const counts = active.some((one) => one.id === each.id);
		const decides = each.decides.map((one) => `${one.measure} (${one.role}s, ${one.rows} NDCs)`).join(', ');
		listed.push({
			name: `import ${each.id}`,
			title: titles[each.kind],
			rows: each.rows,
			source: each.files.map((file) => file.name).join(', '),
			version: each.version,
			date: each.imported_at.slice(0, 10),
			licence: 'the owner of the file',
			origin: 'imported',
			counts,
			note: !counts ? 'a later import counts' : decides ? `replaces our list for ${decides}` : ''
		});
	}
	return listed;
}

/** What was imported into a home, oldest first. */
export function readImports(home: Home | null): Import[] {
	const path = home && join(home.reference, 'imports.json');
	if (!path || !existsSync(path)) return [];
	return JSON.parse(readFileSync(path, 'utf8')) as Import[];
}

/** The imports that count: the latest directory and the latest version of a table; every list. */
export function activeImports(home: Home | null): Import[] {
	const imports = readImports(home);
	const isList = (kind: Kind) => kind === 'drug_list' || kind === 'class_list';
	return imports.filter(
		(each) => isList(each.kind) || !imports.some((later) => later.kind === each.kind && later.id > each.id)
	);
}

/** The file of a table that counts: its user's version, else the shipped one. */
export function tablePath(home: Home | null, table: Table): string {
	const own = activeImports(home).find((each) => each.kind === table);
	return own ? join(home!.reference, own.parts.table!) : join(shippedFolder(), `${table}.csv`);
}

/** A select that reads one of the CSV tables with its types. */
export function readTable(table: Table, path: string): string {
	const columns = Object.entries(tables[table])
		.map(([column, type]) => `${literal(column)}: ${literal(type)}`)
		.join(', ');
	return `from read_csv(${literal(path)}, header = true, delim = ',', quote = '"', escape = '"', columns = {${columns}})`;
}

/** The same for the version of a table that counts in a home: the last imported, else the shipped. */
export function referenceTable(home: Home | null, table: Exclude<Table, 'setting'>): string {
	const own = activeImports(home).find((each) => each.kind === table);
	return readTable(table, own ? join(home!.reference, own.parts.table!) : join(shippedFolder(), `${table}.csv`));
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
const partOf = (home: Home | null, each: Import, name: string) => join(home!.reference, each.parts[name]!);
