import type { LogRow } from '$lib/domain/log_kind';
import type { Row } from '$lib/server/duckdb';

/** The columns of the access log in a file. */
export const logColumns = [
	'seq',
	'at',
	'kind',
	'by',
	'name',
	'session',
	'patient',
	'purpose',
	'reason',
	'detail',
	'hash'
] as const;

/** Entries as rows of a file: the detail as JSON text. */
export async function* logFileRows(rows: AsyncIterable<LogRow>): AsyncGenerator<Row> {
	for await (const row of rows) yield { ...row, detail: JSON.stringify(row.detail) };
}
