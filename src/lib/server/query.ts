import { writeFileSync } from 'node:fs';
import type { DuckDBResult } from '@duckdb/node-api';
import { checkScope, seesDays, type Scope } from '$lib/domain/scope';
import { literal, name, openDatabase, plain, type Connection, type Row } from './duckdb';
import { readCurrent, type Current, type Home } from './home';
import { queryWords } from './query_words';
import { reading, type Purpose } from './reader';
import { sqlFiles } from './sql';
import { usage, withoutValues } from './trouble';
import { makeShownViews, makeViews } from './views';

/** Table functions that read nothing but their arguments. */
const harmless = new Set(['range', 'generate_series', 'unnest', 'repeat', 'json_each', 'json_tree']);

/** Functions of a value that show settings or the machine, write, or wait. */
const forbidden = new Set(['current_setting', 'getvariable', 'getenv', 'nextval', 'currval', 'write_log', 'sleep_ms']);

type Node = { [key: string]: unknown };

/** The published views and the intake tables: all that a question in SQL may name. */
export const publishedNames = (): string[] =>
	[...sqlFiles('published'), ...sqlFiles('intake')].map((file) => file.name);

/**
 * Refuses (exit 1) whatever is not one select over `allowed` names: other statements, files, other catalogs, functions that read.
 * It asks DuckDB itself how it reads the text, so what is checked is what would run.
 */
export async function checkQuery(connection: Connection, sql: string, allowed: Set<string>): Promise<void> {
	const { json } = await connection.row<{ json: string }>('select json_serialize_sql($sql::varchar) as json', { sql });
	const parsed = JSON.parse(json) as {
		error: boolean;
		error_type?: string;
		error_message?: string;
		statements?: unknown[];
	};
	if (parsed.error)
		throw usage(
			parsed.error_type === 'parser'
				? `The query cannot be read: ${parsed.error_message}`
				: 'A query is one select over the published views and the intake tables. Anything else is refused; nothing was changed.'
		);
	if (parsed.statements?.length !== 1)
		throw usage('A query is one select; several statements are refused. Nothing was run.');
	// A name that the query makes itself (with ...) holds only where DuckDB would find it: inside that select, after it was made.
	const walk = (node: unknown, made: Set<string>): void => {
		if (Array.isArray(node)) {
			for (const item of node) walk(item, made);
			return;
		}
		if (!node || typeof node !== 'object') return;
		const { cte_map, ...rest } = node as Node;
		checkNode(rest, allowed, made);
		let inside = made;
		if (rest.type === 'RECURSIVE_CTE_NODE') inside = new Set([...made, String(rest.cte_name).toLowerCase()]);
		for (const entry of (cte_map as { map?: { key: string; value: unknown }[] } | undefined)?.map ?? []) {
			walk(entry.value, inside);
			inside = new Set([...inside, entry.key.toLowerCase()]);
		}
		for (const item of Object.values(rest)) walk(item, inside);
	};
	walk(parsed.statements, new Set());
}

function checkNode(node: Node, allowed: Set<string>, made: Set<string>): void {
	if (node.type === 'BASE_TABLE') {
		const table = String(node.table_name).toLowerCase();
		const catalog = String(node.catalog_name ?? '').toLowerCase();
		const schema = String(node.schema_name ?? '').toLowerCase();
		const own = (catalog === '' || catalog === 'memory') && (schema === '' || schema === 'main');
		if (!own || !(allowed.has(table) || (made.has(table) && schema === '' && catalog === '')))
			throw usage(
				`A query reads the published views and the intake tables only; "${[catalog, schema, node.table_name].filter(Boolean).join('.')}" is none of them (or not loaded). They are: ${[...allowed].sort().join(', ')}.`
			);
	}
	if (node.type === 'TABLE_FUNCTION') {
		const called = String((node.function as Node | undefined)?.function_name ?? '').toLowerCase();
		if (!harmless.has(called))
			throw usage(`A query may not call ${called}(): it reads the published views and the intake tables only.`);
	}
	if (node.type === 'SHOW_REF' && !node.query && node.table_name !== '"tables"')
		throw usage('A query may describe a select or show tables; nothing else is shown.');
	if (node.type === 'FUNCTION' && forbidden.has(String(node.function_name).toLowerCase()))
		throw usage(`A query may not call ${node.function_name}(): settings are not shown, nothing is written.`);
}

/** A query's result, row by row, in the order of its columns; `words` is the query without its values, for the log. */
export type Answer = { columns: string[]; rows: AsyncGenerator<Row>; words: string };

/** DuckDB's own words, without the values it quotes: they come from rows. */
const cannotRun = (cause: unknown) => usage(`The query cannot be run: ${withoutValues((cause as Error).message)}`);

async function* rowsOf(result: DuckDBResult, columns: string[]): AsyncGenerator<Row> {
	for (;;) {
		const chunk = await result.fetchChunk().catch((cause: unknown) => {
			throw cannotRun(cause);
		});
		if (!chunk || chunk.rowCount === 0) return;
		const vectors = columns.map((_, index) => chunk.getColumnVector(index));
		for (let at = 0; at < chunk.rowCount; at++) {
			const row: Row = {};
			for (let index = 0; index < columns.length; index++) row[columns[index]!] = plain(vectors[index]!.getItem(at));
			yield row;
		}
	}
}

/**
 * Makes the views that a question in SQL may name, and gives their names: the published views and intake tables narrowed to the
 * scope's patients and masked to its level. At P0 only measure_result is there.
 */
async function makeQueryViews(
	connection: Connection,
	home: Home,
	version: Current,
	scope: Scope
): Promise<Set<string>> {
	const { limits, phi } = scope;
	const tables = await makeViews(connection, home, version, {
		limits,
		coarse: !seesDays(scope),
		schema: 'narrowed'
	});
	return await makeShownViews(
		connection,
		'narrowed',
		tables,
		phi === 'P0' ? ['measure_result'] : publishedNames(),
		phi
	);
}

const questions: Purpose = { shows: ({ phi }) => `SQL ${phi}`, makeViews: makeQueryViews };

/**
 * Runs one read-only select over the published views and the intake tables for those the asker may see, and hands its rows to `use`.
 * The database it runs in holds nothing else and cannot reach files, settings or writes.
 */
export async function query<T>(home: Home, sql: string, scope: Scope, use: (answer: Answer) => Promise<T>): Promise<T> {
	checkScope(scope);
	return await reading(
		home,
		scope,
		async ({ database, tables }) => {
			const connection = await database.connect();
			try {
				await checkQuery(connection, sql, tables);
				const words = await queryWords(connection, sql);
				let result: DuckDBResult;
				try {
					result = await connection.stream(sql);
				} catch (cause) {
					throw cannotRun(cause);
				}
				const columns = result.deduplicatedColumnNames();
				return await use({ columns, rows: rowsOf(result, columns), words });
			} finally {
				connection.close();
			}
		},
		questions
	);
}

/** What is said of a view that is not there, or not for the asker. */
const noView = (view: string, allowed: Set<string>) =>
	usage(
		`"${view}" is no published view or intake table here. There are: ${[...allowed].sort().join(', ') || 'none yet; load files first (mtm load)'}.`
	);

/**
 * Writes all rows of one published view or intake table, as the asker may see them, into a Parquet file, and returns how many there were.
 * Exit 1 when the view is not there for them.
 */
export async function copyView(
	home: Home,
	view: string,
	scope: Scope,
	file: string,
	about: [string, string][]
): Promise<number> {
	checkScope(scope);
	const database = await openDatabase({ spill: `${home.warehouse}/spill` });
	try {
		const connection = await database.connect();
		for (const macro of sqlFiles('macros').filter((macro) => macro.name !== 'population'))
			await connection.run(macro.text);
		const allowed = await makeQueryViews(connection, home, readCurrent(home), scope);
		if (!allowed.has(view)) throw noView(view, allowed);
		const words = about.map(([key, value]) => `${name(key)}: ${literal(value)}`).join(', ');
		// Made for its owner alone; the database fills this very file.
		writeFileSync(file, '', { mode: 0o600 });
		const { Count } = await connection.row<{ Count: number }>(
			`copy (select * from ${name(view)}) to ${literal(file)} (format parquet, compression zstd, use_tmp_file false, kv_metadata {${words}})`
		);
		return Count;
	} finally {
		database.close();
	}
}
