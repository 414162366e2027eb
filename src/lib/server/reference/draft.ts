import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { literal, type Connection } from '$lib/server/duckdb';
import type { Import } from './imported';

/** What an import would keep. */
export type Draft = {
	/** Files made, by what they hold; they lie in the scratch folder. */
	parts: Record<string, string>;
	rows: number;
	version: string | null;
	decides: Import['decides'];
	notes: string[];
};

/** Writes rows as a Parquet file in the scratch folder. */
export async function parquet(
	rows: object[],
	columns: Record<string, string>,
	order: string,
	part: string,
	connection: Connection,
	scratch: string
) {
	const json = join(scratch, `${part}.json`);
	const path = join(scratch, `${part}.parquet`);
	writeFileSync(json, rows.map((row) => JSON.stringify(row)).join('\n'));
	const types = Object.entries(columns).map(([column, type]) => `${column}: ${literal(type)}`);
	await connection.run(
		`copy (from read_json(${literal(json)}, format = 'newline_delimited', columns = {${types.join(', ')}}) order by ${order})
		to ${literal(path)} (format parquet, compression zstd)`
	);
	return path;
}
