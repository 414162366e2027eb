import { existsSync } from 'node:fs';
import { columnKinds, showsAsIs, smallZipAreas, type ColumnKind } from '$lib/domain/phi';
import { leavesOutNobody, limitKeys, type Limits, type PhiLevel } from '$lib/domain/scope';
import { attach, literal, name, type Connection } from './duckdb';
import { intakeFile, resultsFile, type Current, type Home } from './home';
import { tables as referenceTables } from './reference/table';
import { smallestShown } from './release';
import { sqlFiles } from './sql';

/** Tables of sums that are made again slowly and asked often: a reader of panels makes each when the first question needs it, and keeps it. */
export const summedOnce: readonly string[] = ['hospital_result', 'measure_result'];

/** The columns that name a person; a table that has one shows the rows of its scope's patients. */
const personColumns = ['patient_no', 'patient_id', 'person_id'] as const;

/**
 * How a table without a person's column stands to a scope with limits.
 * service_id: rows of its patients' MTM sessions. again: made again, by its own file of sql, from narrowed tables (some have a
 * person's column and are quicker so). whole: no row comes from a person. refused: not there.
 */
export type Rule = 'service_id' | 'again' | 'whole' | 'refused';

const ruled = (rule: Rule, tables: string): [string, Rule][] => tables.split(/\s+/).map((table) => [table, rule]);

/** The rules of tables; a table that has neither a person's column nor a rule is not there for a scope with limits. */
export const rules: ReadonlyMap<string, Rule> = new Map([
	...ruled('service_id', 'mtm_medication mtm_service_element'),
	...ruled('again', 'adherence hospital_result measure_result review_list supply unmapped_drug'),
	...ruled('whole', Object.keys(referenceTables).join(' ')),
	...ruled(
		'whole',
		`audit_rule audit_term ccs class_ingredient dispensing_pharmacy drug drug_strength fee_schedule group_ndc hospital_code measure_code ndc_class
		mtm_source ndc_package ndc_reading ndc_text pharmacy plan_name prescriber provider run setting user_class user_drug view_source`
	),
	// Sums over everybody, texts that somebody wrote, and claims and stays that name no person.
	...ruled('refused', 'check_result claim_ndc claim_removed code_group medical_removed named_medicine stay_code')
]);

/** A table or view of one of the two files: its name with its catalog, and the column that names a person. */
type Table = { from: string; person: (typeof personColumns)[number] | null };

/** The tables and views of the two files of a version, in the catalogs `results` and `intake`. */
async function attached(connection: Connection, home: Home, version: Current): Promise<Map<string, Table>> {
	const found = new Map<string, Table>();
	for (const [as, file] of [
		['results', version.results === null ? null : resultsFile(home, version.results)],
		['intake', version.intake === null ? null : intakeFile(home, version.intake)]
	] as const) {
		if (!file || !existsSync(file)) continue;
		await attach(connection, file, as);
		const rows = await connection.rows<{ table_name: string; columns: string[] }>(
			`select table_name, list(column_name) as columns from duckdb_columns()
			where database_name = $as and schema_name = 'main' and not internal group by table_name order by table_name`,
			{ as }
		);
		for (const { table_name: table, columns } of rows)
			if (!found.has(table))
				found.set(table, {
					from: `${as}.main.${name(table)}`,
					person: personColumns.find((column) => columns.includes(column)) ?? null
				});
	}
	return found;
}

const inList = (column: string, values: string[]) =>
	values.length ? `${column} in (${values.map(literal).join(', ')})` : 'false';

/**
 * Makes the table scope_patient (patient_no, patient_id): the patients that every list of the limits holds. A pharmacy's are those
 * attributed to it on any adherence row or named in its MTM services and opportunities; a plan's by any adherence row or span of
 * the roster; a contract's and a programme's by the roster and the MTM enrolment.
 */
async function makeScopePatients(connection: Connection, limits: Limits, tables: Map<string, Table>): Promise<void> {
	const patient = tables.get('patient')?.from;
	const ways: Record<(typeof limitKeys)[number], [table: string, key: string, column: string][]> = {
		pharmacies: [
			['adherence_fact', 'patient_no', 'pharmacy_npi'],
			['mtm_service', 'person_id', 'pharmacy_npi'],
			['mtm_opportunity', 'person_id', 'pharmacy_npi']
		],
		plans: [
			['adherence_fact', 'patient_no', 'plan'],
			['roster_span', 'patient_no', 'plan']
		],
		contracts: [
			['patient', 'patient_no', 'contract_id'],
			['mtm_enrollment', 'person_id', 'contract_id']
		],
		programs: [['mtm_enrollment', 'person_id', 'program']]
	};
	const parts = limitKeys.flatMap((limit) => {
		const values = limits[limit];
		if (values === null || !patient) return [];
		const selects = ways[limit]
			.filter(([table]) => tables.has(table))
			.map(([table, key, column]) =>
				key === 'patient_no'
					? `select patient_no from ${tables.get(table)!.from} where ${inList(column, values)}`
					: `select p.patient_no from ${tables.get(table)!.from} as t inner join ${patient} as p on t.person_id = p.patient_id where ${inList(`t.${column}`, values)}`
			);
		return [`select distinct patient_no from (${selects.join(' union all ') || 'select 0 as patient_no where false'})`];
	});
	await connection.run(
		patient
			? `create table scope_patient as select patient_no, patient_id from ${patient} ${parts.map((part) => `semi join (${part}) using (patient_no)`).join(' ')}`
			: 'create table scope_patient (patient_no integer, patient_id varchar)'
	);
}

/** The rows of a table that a scope with limits sees; null when it is not there, or is made again. */
function narrowed(table: string, { from, person }: Table, tables: Map<string, Table>): string | null {
	const rule = rules.get(table);
	if (rule === 'again' || rule === 'refused') return null;
	if (rule === 'whole') return `select * from ${from}`;
	const own = (rows: string, column: string) =>
		`${rows} semi join main.scope_patient on t.${column} = scope_patient.${column === 'patient_no' ? 'patient_no' : 'patient_id'}`;
	if (rule === 'service_id') {
		const service = tables.get('mtm_service');
		return service
			? `select * from ${from} as s semi join (${own(`select t.data_source, t.service_id from ${service.from} as t`, 'person_id')}) as o
				on s.data_source is not distinct from o.data_source and s.service_id = o.service_id`
			: null;
	}
	return person && own(`select * from ${from} as t`, person);
}

const area = (column: string) =>
	`case when left(${column}, 3) in (${[...smallZipAreas].map(literal).join(', ')}) then '000' when regexp_matches(${column}, '^[0-9]{3}') then left(${column}, 3) end`;

/** Which views a reader is given. */
export type Wanted = {
	limits: Limits;
	/** ZIP codes as areas of three digits, 000 where few people live: what P0 and P1 count and filter by. */
	coarse: boolean;
	/** The schema that gets the views; main when left out. */
	schema?: string;
	/** Tables to be made again that whoever asks makes later. */
	later?: readonly string[];
};

/**
 * Attaches a version's two files and makes a view over every table that the wanted limits may see; gives their names.
 * Unqualified names in the SQL of the product then read those views, so that no question can go round them.
 */
export async function makeViews(
	connection: Connection,
	home: Home,
	version: Current,
	{ limits, coarse, schema = 'main', later = [] }: Wanted
): Promise<Set<string>> {
	const tables = await attached(connection, home, version);
	const made = new Set<string>();
	const whole = leavesOutNobody(limits);
	if (!whole) await makeScopePatients(connection, limits, tables);
	if (schema !== 'main') await connection.run(`create schema ${name(schema)}`);
	const make = async (table: string, select: string) => {
		await connection.run(`create view ${name(schema)}.${name(table)} as ${select}`);
		made.add(table);
	};
	for (const [table, source] of tables) {
		const select = whole ? `select * from ${source.from}` : narrowed(table, source, tables);
		if (select === null) continue;
		await make(
			table,
			coarse && table === 'patient' ? `select * replace (${area('zip_code')} as zip_code) from (${select})` : select
		);
	}
	if (!whole)
		for (const file of [...sqlFiles('facts'), ...sqlFiles('published')])
			if (rules.get(file.name) === 'again' && tables.has(file.name) && !later.includes(file.name))
				await make(file.name, file.text);
	return made;
}

/** A column as a level shows it in SQL, under its own name; null when it is left out. */
function shownColumn(column: string, type: string, phi: PhiLevel): string | null {
	const kind: ColumnKind | undefined = columnKinds.get(column);
	const as = ` as ${name(column)}`;
	const from = `t.${name(column)}`;
	if (kind === undefined) return null;
	if (showsAsIs(column, phi)) return from;
	if (column === 'patient_id' || column === 'person_id') return `who.pid${as}`;
	if (phi === 'P1') {
		if (kind === 'date' || kind === 'instant') return `year(${from})::integer${as}`;
		if (kind === 'zip') return `${area(from)}${as}`;
		if (kind === 'share')
			return `case when ${from} >= 1 then '100%' else (floor(${from} * 20 + 1e-9) * 5)::integer || ' to ' || (floor(${from} * 20 + 1e-9) * 5 + 4)::integer || '%' end${as}`;
	}
	return `null::${type}${as}`;
}

/**
 * measure_result for who may see no small cells: years only, because months that follow each other tell their difference, and of a
 * measure's groups all or none, and none of a measure whose numbers and others make up one that may be hidden. A group of 1 to 10 above, below or beside the line, or such a rest to everybody, closes its dimension.
 */
const releasedResults = (from: string, smallest: number): string => {
	const small = (count: string) => `(${count} >= 1 and ${count} < ${smallest})`;
	const any = (n: string, d: string) => `${small(n)} or ${small(d)} or ${small(`(${d} - ${n})`)}`;
	return `with told as (
		select *, ${any('numerator', 'denominator')} as is_small from ${from} where regexp_full_match(period, '[0-9]{4}') and not tells_hidden(measure)
	),
	everybody as (select measure, period, as_of, numerator, denominator from told where dimension = 'all'),
	summed as (
		select measure, period, as_of, dimension, bool_or(is_small) as is_small, sum(numerator) as numerator, sum(denominator) as denominator
		from told group by all
	),
	open as (
		select s.measure, s.period, s.as_of, s.dimension
		from summed as s
		inner join everybody as e on s.measure = e.measure and s.period = e.period and s.as_of = e.as_of
		where not s.is_small and not (${any('(e.numerator - s.numerator)', '(e.denominator - s.denominator)')})
	)
	select told.* exclude (is_small) from told semi join open using (measure, period, as_of, dimension)`;
};

/**
 * Makes, in main, the views that a question in SQL may name: the published tables of `schema` as a level shows them. Persons go by
 * their opaque ids. Organisations, drugs and fees are shown whole. Gives their names.
 */
export async function makeShownViews(
	connection: Connection,
	schema: string,
	tables: Set<string>,
	published: string[],
	phi: PhiLevel
): Promise<Set<string>> {
	const made = new Set<string>();
	for (const table of published) {
		if (!tables.has(table)) continue;
		const from = `${name(schema)}.${name(table)}`;
		if (table === 'measure_result' && (phi === 'P0' || phi === 'P1'))
			await connection.run(`create view main.measure_result as ${releasedResults(from, smallestShown())}`);
		else if (phi === 'P3' || rules.get(table) === 'whole' || table === 'measure_result')
			await connection.run(`create view main.${name(table)} as select * from ${from}`);
		else {
			const columns = await connection.rows<{ column_name: string; column_type: string }>(`describe ${from}`);
			const shown = columns
				.map(({ column_name, column_type }) => shownColumn(column_name, column_type, phi))
				.filter((column) => column !== null);
			const person = columns.find(({ column_name }) => column_name === 'patient_id' || column_name === 'person_id');
			await connection.run(
				`create view main.${name(table)} as select ${shown.join(', ')} from ${from} as t${
					person ? ` left join ${name(schema)}.patient as who on t.${name(person.column_name)} = who.patient_id` : ''
				}${
					// Files and lists stand in an order of days: without days rows stand in none.
					phi === 'P1' ? ' order by hash(t)' : ''
				}`
			);
		}
		made.add(table);
	}
	return made;
}
