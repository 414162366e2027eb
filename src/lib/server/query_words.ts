import type { Connection } from './duckdb';

/** Every value of a parsed select as a question mark: ids and names stand in values. */
function masked(node: unknown): unknown {
	if (Array.isArray(node)) return node.map(masked);
	if (!node || typeof node !== 'object') return node;
	if ((node as { class?: unknown }).class === 'CONSTANT')
		return { ...node, value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value: '?' } };
	return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, masked(value)]));
}

/** A select as the log may keep it: as DuckDB reads it, comments gone and every value a question mark. */
export async function queryWords(connection: Connection, sql: string): Promise<string> {
	const { json } = await connection.row<{ json: string }>('select json_serialize_sql($sql::varchar) as json', { sql });
	// Places in the text are of no use, and larger than a number of JavaScript.
	const parsed: unknown = JSON.parse(json.replaceAll(/"query_location":\d+/g, '"query_location":0'));
	const { words } = await connection.row<{ words: string }>('select json_deserialize_sql($json::json) as words', {
		json: JSON.stringify(masked(parsed))
	});
	return words;
}
