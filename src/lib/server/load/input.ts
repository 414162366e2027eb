import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { literal, type Connection } from '$lib/server/duckdb';
import { gate, usage } from '$lib/server/trouble';
import { UnreadableFile } from './bytes';
import { readHeader } from './fields';

/** A data file as it lies on the disk. */
export type InputFile = {
	path: string;
	name: string;
	/** The folder's name: the data source of a file that names none. */
	folder: string;
	format: 'csv' | 'json' | 'parquet';
	isGzip: boolean;
	bytes: number;
	/** The asker named the file itself, not a folder it lies in. */
	isNamed: boolean;
	header: string[];
	headerText: string;
	delimiter: string;
	lineEnd: '\n' | '\r\n';
	/** For rows that care plans became: where the plans lie, and file and line of each row. `path` then holds the rows. */
	origin?: { path: string; rows: { file: string; line: number }[] };
};

const formats: [RegExp, InputFile['format']][] = [
	[/\.(csv|tsv|txt)(\.gz)?$/i, 'csv'],
	[/\.(ndjson|jsonl)(\.gz)?$/i, 'json'],
	[/\.parquet$/i, 'parquet']
];

/** The files at a path, through and through. */
export function filesUnder(path: string, isNamed: boolean): { path: string; isNamed: boolean }[] {
	let stat;
	try {
		stat = statSync(path);
	} catch {
		throw usage(`There is no file or folder ${path}. Nothing was changed.`);
	}
	if (!stat.isDirectory()) return [{ path: resolve(path), isNamed }];
	return readdirSync(path)
		.filter((each) => !each.startsWith('.'))
		.sort()
		.flatMap((each) => filesUnder(join(path, each), false));
}

/** The data files at the given paths (folders are read through and through), in order of path, and what else lies there. */
export async function gather(
	connection: Connection,
	paths: string[]
): Promise<{ files: InputFile[]; skipped: { path: string; why: string }[] }> {
	const files: InputFile[] = [];
	const skipped: { path: string; why: string }[] = [];
	const seen = new Set<string>();
	const found = paths
		.flatMap((path) => filesUnder(path, true))
		.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
	for (const { path, isNamed } of found) {
		if (seen.has(path)) continue;
		seen.add(path);
		const format = formats.find(([pattern]) => pattern.test(path))?.[1];
		if (!format) {
			if (isNamed)
				throw usage(
					`${path} is no data file that can be read here (csv, csv.gz, parquet, ndjson). Nothing was changed.${
						/\.(xml|json)(\.gz)?$/i.test(path) ? ' A pharmacist care plan is read with --layout ecareplan.' : ''
					}`
				);
			skipped.push({ path, why: 'not a data file' });
			continue;
		}
		const input: InputFile = {
			path,
			name: basename(path),
			folder: basename(dirname(path)) || 'files',
			format,
			isGzip: /\.gz$/i.test(path),
			bytes: statSync(path).size,
			isNamed,
			header: [],
			headerText: '',
			delimiter: ',',
			lineEnd: '\n'
		};
		try {
			if (format === 'csv') Object.assign(input, await readHeader(path, input.isGzip));
			else if (input.bytes > 0) input.header = await columnNames(connection, input);
		} catch (cause) {
			const why = cause instanceof UnreadableFile ? cause.message : (cause as Error).message.split('\n')[0];
			throw gate(`${input.name} cannot be read: ${why}. Nothing was changed.`);
		}
		files.push(input);
	}
	return { files, skipped };
}

async function columnNames(connection: Connection, input: InputFile): Promise<string[]> {
	if (input.format === 'parquet') {
		const rows = await connection.rows<{ column_name: string }>(
			`describe select * from read_parquet(${literal(input.path)})`
		);
		return rows.map((row) => row.column_name);
	}
	const rows = await connection.rows<{ key: string }>(
		`select distinct unnest(json_keys(line)) as key from (select line from ${jsonLines(input.path, input.isGzip)} limit 5000) where json_valid(line) and json_type(line) = 'OBJECT' order by key`
	);
	return rows.map((row) => row.key);
}

/** The lines of a JSON-lines file as a relation with one text column. */
export const jsonLines = (path: string, isGzip: boolean) =>
	`read_csv(${literal(path)}, auto_detect = false, header = false, columns = {'line': 'varchar'}, delim = '\u0001', quote = '', escape = '', max_line_size = 16000000${isGzip ? ", compression = 'gzip'" : ''})`;
