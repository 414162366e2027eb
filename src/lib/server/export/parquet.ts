import { createWriteStream, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { literal, name, openDatabase, type Row } from '$lib/server/duckdb';

const isDay = (value: unknown) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
const isInstant = (value: unknown) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value);

/** The narrowest type that holds every value of a column, its sort so far widened by one more value. */
function widened(type: string | null, value: unknown): string {
	const one =
		typeof value === 'boolean'
			? 'boolean'
			: typeof value === 'number'
				? Number.isInteger(value)
					? 'bigint'
					: 'double'
				: isDay(value)
					? 'date'
					: isInstant(value)
						? 'timestamp'
						: Array.isArray(value) && value.every((item) => typeof item === 'string')
							? 'varchar[]'
							: value !== null && typeof value === 'object'
								? 'json'
								: 'varchar';
	if (type === null || type === one) return one;
	if ([type, one].every((each) => each === 'bigint' || each === 'double')) return 'double';
	return [type, one].some((each) => each === 'json' || each === 'varchar[]') ? 'json' : 'varchar';
}

/**
 * Writes rows as a Parquet file with typed columns and what it says about itself as metadata, and returns how many there were. The rows
 * pass through a file in `folder`, which goes again.
 */
export async function writeParquet(
	path: string,
	folder: string,
	columns: string[],
	rows: AsyncIterable<Row> | Iterable<Row>,
	about: (rows: number) => [string, string][]
): Promise<number> {
	const between = join(folder, 'rows.ndjson');
	const out = createWriteStream(between, { mode: 0o600 });
	const kinds = new Map<string, string>();
	let count = 0;
	try {
		let text = '';
		for await (const row of rows) {
			count++;
			for (const column of columns) {
				const value = row[column];
				if (value !== null && value !== undefined) kinds.set(column, widened(kinds.get(column) ?? null, value));
			}
			text += `${JSON.stringify(columns.map((column) => row[column] ?? null))}\n`;
			if (text.length > 65_536) {
				if (!out.write(text)) await once(out, 'drain');
				text = '';
			}
		}
		out.end(text);
		await once(out, 'close');
		await copy(path, folder, between, columns, kinds, about(count));
		return count;
	} finally {
		out.destroy();
		await rm(between, { force: true });
	}
}

async function copy(
	path: string,
	folder: string,
	between: string,
	columns: string[],
	kinds: Map<string, string>,
	about: [string, string][]
): Promise<void> {
	const database = await openDatabase({ spill: join(folder, 'spill') });
	try {
		const connection = await database.connect();
		const picked = columns.map((column, at) => {
			const kind = kinds.get(column) ?? 'varchar';
			const value = kind === 'json' || kind === 'varchar[]' ? `json -> ${at}` : `json ->> ${at}`;
			return `(${value})::${kind === 'json' ? 'varchar' : kind} as ${name(column)}`;
		});
		const words = about.map(([key, value]) => `${name(key)}: ${literal(value)}`).join(', ');
		// Made for its owner alone; the database fills this very file.
		writeFileSync(path, '', { mode: 0o600 });
		await connection.run(
			`copy (select ${picked.join(', ')} from read_ndjson_objects(${literal(between)}, maximum_object_size = 67108864))
			to ${literal(path)} (format parquet, compression zstd, use_tmp_file false${words ? `, kv_metadata {${words}}` : ''})`
		);
	} finally {
		database.close();
	}
}
