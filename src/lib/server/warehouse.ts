import {
	BOOLEAN,
	DATE,
	DOUBLE,
	INTEGER,
	LIST,
	VARCHAR,
	listValue,
	type DuckDBType,
	type DuckDBValue
} from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import { anyone, type Population } from '$lib/domain/population';
import { isWhole, type Scope } from '$lib/domain/scope';
import { measuresOf, readPanel, type Measure, type Panel } from './catalog';
import { attach, dateOf, lockDown, name, openDatabase, type Connection, type Database, type Row } from './duckdb';
import { intakeFile, readCurrent, resultsFile, type Current, type Home } from './home';
import { plannedPopulation, type PlannedPopulation } from './population';
import { sqlFiles } from './sql';
import { usage } from './trouble';

/** What a question may be given: text, number, yes or no, a day as ISO text, a list of texts, or a population. */
export type Answerable = string | number | boolean | string[] | Population | null | undefined;

/** One version of the warehouse opened for reading only, with every way out shut. */
export type Reader = {
	version: Current;
	database: Database;
	tables: Set<string>;
	/** The population macros made so far, one for each set of filters. */
	macros: Set<string>;
	answers: Map<string, Promise<Row[]>>;
	users: number;
};

type Readers = Map<string, Promise<Reader>>;
const parked = globalThis as typeof globalThis & { openmtmReaders?: Readers };
const readers: Readers = (parked.openmtmReaders ??= new Map());

/** Opens the current version of a home for reading. Throws exit 1 when nothing has been computed yet and `results` is asked for. */
async function openReader(home: Home, version: Current): Promise<Reader> {
	const database = await openDatabase({ spill: `${home.warehouse}/spill` });
	const connection = await database.connect();
	const tables = new Set<string>();
	for (const [as, file] of [
		['results', version.results === null ? null : resultsFile(home, version.results)],
		['intake', version.intake === null ? null : intakeFile(home, version.intake)]
	] as const) {
		if (!file || !existsSync(file)) continue;
		await attach(connection, file, as);
		const found = await connection.rows<{ table_name: string }>(
			`select table_name from duckdb_tables() where database_name = $as and schema_name = 'main' union all
			select view_name from duckdb_views() where database_name = $as and schema_name = 'main' and not internal`,
			{ as }
		);
		for (const { table_name } of found)
			if (!tables.has(table_name)) {
				tables.add(table_name);
				await connection.run(`create view ${name(table_name)} as select * from ${as}.main.${name(table_name)}`);
			}
	}
	const macros = sqlFiles('macros').filter((macro) => macro.name !== 'population');
	for (const macro of macros) await connection.run(macro.text);
	await lockDown(connection);
	connection.close();
	return { version, database, tables, macros: new Set(), answers: new Map(), users: 0 };
}

/** Runs `work` on a reader of the current version; a version that was replaced closes when its last question is answered. */
export async function reading<T>(home: Home, work: (reader: Reader) => Promise<T>): Promise<T> {
	const version = readCurrent(home);
	const key = `${home.folder} ${version.intake} ${version.results}`;
	let opening = readers.get(key);
	if (!opening) {
		opening = openReader(home, version);
		readers.set(key, opening);
		opening.catch(() => readers.delete(key));
		for (const [other, old] of readers)
			if (other !== key && other.startsWith(`${home.folder} `)) {
				readers.delete(other);
				void old.then((reader) => {
					const close = () => (reader.users ? setTimeout(close, 1000).unref() : reader.database.close());
					setTimeout(close, 1000).unref();
				});
			}
	}
	const reader = await opening;
	reader.users++;
	try {
		return await work(reader);
	} finally {
		reader.users--;
	}
}

const types: Record<string, { type: DuckDBType; value: (given: Answerable) => DuckDBValue }> = {
	varchar: { type: VARCHAR, value: (given) => given as string },
	integer: { type: INTEGER, value: (given) => given as number },
	double: { type: DOUBLE, value: (given) => given as number },
	boolean: { type: BOOLEAN, value: (given) => given as boolean },
	date: { type: DATE, value: (given) => dateOf(given as string) },
	'varchar[]': { type: LIST(VARCHAR), value: (given) => listValue(given as string[]) }
};

let panels: Map<string, Panel> | undefined;

/** The panel of that name; throws when there is none. */
export function panelNamed(wanted: string): Panel {
	panels ??= new Map(sqlFiles('panels').map((file) => [file.name, readPanel(file)]));
	const panel = panels.get(wanted);
	if (!panel) throw usage(`There is no panel "${wanted}".`);
	return panel;
}

/** The SQL of a scope: what it puts before a question so that it sees the scope's patients only. Everyone sees all. */
function narrow(scope: Scope): void {
	if (!isWhole(scope)) throw new Error('an unknown scope answers nothing');
}

/**
 * Answers one fixed question (a file of sql/panels) for those the asker may see.
 * Parameters are bound, never pasted; unknown or missing ones throw exit 1. Days come back as ISO text, whole numbers as numbers.
 * Answers are kept until the warehouse changes, so callers must not alter them.
 */
export async function ask<T = Row>(
	home: Home,
	panel: string,
	parameters: Record<string, Answerable>,
	scope: Scope
): Promise<T[]> {
	narrow(scope);
	const { sql, parameters: wanted } = panelNamed(panel);
	let planned: PlannedPopulation | null = null;
	for (const given of Object.keys(parameters))
		if (!wanted.some((parameter) => parameter.name === given))
			throw usage(`The panel "${panel}" has no parameter "${given}".`);
	const values: Record<string, DuckDBValue> = {};
	const kinds: Record<string, DuckDBType> = {};
	for (const parameter of wanted) {
		if (parameter.type === 'population') {
			planned = plannedPopulation((parameters[parameter.name] as Population | undefined) ?? anyone());
			values[parameter.name] = planned.value;
			kinds[parameter.name] = planned.type;
			continue;
		}
		const kind = types[parameter.type];
		if (!kind)
			throw new Error(`sql/panels/${panel}.sql: the type "${parameter.type}" of $${parameter.name} is unknown`);
		const given = parameters[parameter.name];
		if ((given === undefined || given === null) && !parameter.optional)
			throw usage(`The panel "${panel}" needs "${parameter.name}".`);
		values[parameter.name] = given === undefined || given === null ? null : kind.value(given);
		kinds[parameter.name] = kind.type;
	}
	return await reading(home, async (reader) => {
		if (reader.version.results === null)
			throw usage(
				'Nothing has been computed yet. Load files (mtm load) and compute (mtm refresh), or explore the demo (mtm demo).'
			);
		const key = JSON.stringify([panel, parameters, scope]);
		let answer = reader.answers.get(key);
		if (!answer) {
			answer = answerOf(reader, sql, planned, values, kinds);
			if (reader.answers.size > 300) reader.answers.clear();
			reader.answers.set(key, answer);
			// Long answers (downloads) are not kept: they would hold memory for a question nobody asks twice.
			answer.then(
				(rows) => rows.length > 2000 && reader.answers.delete(key),
				() => reader.answers.delete(key)
			);
		}
		return (await answer) as T[];
	});
}

async function answerOf(
	reader: Reader,
	sql: string,
	planned: PlannedPopulation | null,
	values: Record<string, DuckDBValue>,
	kinds: Record<string, DuckDBType>
): Promise<Row[]> {
	const connection: Connection = await reader.database.connect();
	try {
		if (!planned) return await connection.rows(sql, values, kinds);
		if (!reader.macros.has(planned.macro)) {
			await connection.run(planned.create);
			reader.macros.add(planned.macro);
		}
		return await connection.rows(sql.replaceAll(/\bpopulation\(/g, `${planned.macro}(`), values, kinds);
	} finally {
		connection.close();
	}
}

/** Every measure of the catalog, with the words of its card filled in. */
export async function measures(home: Home, scope: Scope): Promise<Measure[]> {
	return measuresOf(await ask(home, 'measure_family', {}, scope));
}
