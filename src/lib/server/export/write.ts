import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Row } from '$lib/server/duckdb';
import { writeCsv, writeJson } from '$lib/server/output';
import { writeParquet } from './parquet';
import { writeWorkbook, type About } from './workbook';

/** The forms a table is exported in. */
export const formats = {
	csv: { title: 'CSV', type: 'text/csv; charset=utf-8' },
	xlsx: { title: 'Excel workbook', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
	parquet: { title: 'Parquet', type: 'application/vnd.apache.parquet' },
	json: { title: 'JSON', type: 'application/json' }
} as const;
export type Format = keyof typeof formats;

/** True for the name of a form. */
export const isFormat = (text: string): text is Format => Object.hasOwn(formats, text);

/** Rows under the names of their columns, in the order in which they are shown. */
export type Table = { name: string; columns: string[]; rows: AsyncIterable<Row> | Iterable<Row> };

/** A file that was written whole. */
export type Written = { path: string; rows: number; bytes: number; sha256: string };

/** Who waits for a long export: it may end it, and hears how many rows are written. */
export type Watch = { signal?: AbortSignal; progress?: (rows: number) => void };

/** The same rows; others of this process get their turn between them, and they end when nobody wants them any more. */
async function* watched(rows: Table['rows'], { signal, progress }: Watch): AsyncGenerator<Row> {
	let count = 0;
	for await (const row of rows) {
		if (++count % 500 === 0) {
			await breathe();
			signal?.throwIfAborted();
			progress?.(count);
		}
		yield row;
	}
	signal?.throwIfAborted();
	progress?.(count);
}

/**
 * Writes every row of a table into a file that its owner alone can read; `mark` puts a byte order mark before a CSV, for Excel. A failure or a
 * stop leaves no file.
 */
export async function writeTable(
	path: string,
	format: Format,
	table: Table,
	about: (rows: number) => About,
	watch: Watch & { mark?: boolean } = {}
): Promise<Written> {
	const rows = watched(table.rows, watch);
	const { columns } = table;
	try {
		let count: number;
		if (format === 'parquet') count = await writeParquet(path, dirname(path), columns, rows, about);
		else {
			const out = createWriteStream(path, { mode: 0o600 });
			const failed = once(out, 'error').then(([cause]) => {
				throw cause as Error;
			});
			failed.catch(() => undefined);
			const work = async () => {
				if (format === 'csv' && watch.mark) out.write('\ufeff');
				const written =
					format === 'csv'
						? await writeCsv(out, columns, rows)
						: format === 'json'
							? await writeJson(out, rows, columns)
							: await writeWorkbook(out, table.name, columns, rows, about);
				out.end();
				await once(out, 'close');
				return written;
			};
			try {
				count = await Promise.race([work(), failed]);
			} finally {
				out.destroy();
			}
		}
		return { path, rows: count, bytes: (await stat(path)).size, sha256: await sha256(path) };
	} catch (cause) {
		await rm(path, { force: true });
		throw cause;
	}
}

/** SHA-256 of a file's bytes, hex. */
export async function sha256(path: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)
		hash.update(piece);
	return hash.digest('hex');
}
