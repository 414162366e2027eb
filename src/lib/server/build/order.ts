import type { Connection } from '../duckdb';
import type { SqlFile } from '../sql';

type Node = { [key: string]: unknown };

const known = new Map<string, string[]>();

/** The tables that a select names, as DuckDB itself reads it; names of its own with-clauses are left out. Throws on what is no select. */
export async function tablesRead(connection: Connection, file: SqlFile): Promise<string[]> {
	const read = known.get(file.text) ?? (await tablesParsed(connection, file));
	known.set(file.text, read);
	return read;
}

async function tablesParsed(connection: Connection, file: SqlFile): Promise<string[]> {
	const { json } = await connection.row<{ json: string }>('select json_serialize_sql($sql::varchar) as json', {
		sql: file.text
	});
	const parsed = JSON.parse(json) as { error: boolean; error_message?: string };
	if (parsed.error) throw new Error(`${file.path}: ${parsed.error_message}`);
	const read = new Set<string>();
	const own = new Set<string>();
	const walk = (node: unknown): void => {
		if (Array.isArray(node)) for (const item of node) walk(item);
		else if (node && typeof node === 'object') {
			const { type, table_name: table, cte_map: with_ } = node as Node;
			if (type === 'BASE_TABLE') read.add(String(table));
			for (const entry of (with_ as { map?: { key: string }[] } | undefined)?.map ?? []) own.add(entry.key);
			for (const item of Object.values(node)) walk(item);
		}
	};
	walk(parsed);
	return [...read].filter((table) => !own.has(table));
}

/** Something that makes one table from others. */
export type Step = { makes: string; reads: string[] };

/** The steps in an order in which each comes after what it reads; steps that do not depend on each other go by name. Throws on a circle. */
export function inOrder<S extends Step>(steps: S[]): S[] {
	const waiting = [...steps].sort((a, b) => (a.makes < b.makes ? -1 : 1));
	const ordered: S[] = [];
	while (waiting.length > 0) {
		const unmade = new Set(waiting.map((step) => step.makes));
		const ready = waiting.findIndex((step) => !step.reads.some((table) => table !== step.makes && unmade.has(table)));
		if (ready < 0) throw new Error(`these tables read each other: ${[...unmade].join(', ')}`);
		ordered.push(...waiting.splice(ready, 1));
	}
	return ordered;
}

/** A step that finds out what it reads when it is asked. */
export type Work = { makes: string; reads: () => Promise<string[]> };

/** Of all works, those that make what is wanted or what such a work reads, with what they read. */
export async function needed<W extends Work>(works: W[], wanted: string[]): Promise<(Omit<W, 'reads'> & Step)[]> {
	const byName = new Map(works.map((work) => [work.makes, work]));
	const kept = new Map<string, Omit<W, 'reads'> & Step>();
	const keep = async (table: string): Promise<void> => {
		const work = byName.get(table);
		if (!work || kept.has(table)) return;
		const { reads, ...rest } = work;
		const step = { ...rest, makes: table, reads: [] as string[] };
		kept.set(table, step);
		step.reads.push(...(await reads()));
		for (const read of step.reads) await keep(read);
	};
	for (const table of wanted) await keep(table);
	return [...kept.values()];
}
