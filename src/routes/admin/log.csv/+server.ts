import { createHash } from 'node:crypto';
import { theHome, viewerWho } from '$lib/server/door';
import { csvLine } from '$lib/server/output';
import { eachLogRow, record } from '$lib/server/records/log';
import { logColumns, logFileRows } from '$lib/server/records/log_file';
import { logFilterOf } from '../log/filter.server';
import type { RequestHandler } from './$types';

/** The entries of the page as a file, all of them; that they were taken out is an entry itself. */
export const GET: RequestHandler = async (event) => {
	const { user, session } = viewerWho('see_log', event);
	const { filter } = logFilterOf(event.url.searchParams);
	const lines = [csvLine([...logColumns])];
	for await (const row of logFileRows(eachLogRow(theHome(), filter)))
		lines.push(csvLine(logColumns.map((column) => row[column])));
	const text = lines.join('');
	const rows = lines.length - 1;
	await record(theHome(), {
		kind: 'export',
		by: user.id,
		session,
		patient: filter.patient,
		detail: {
			table: 'access_log',
			format: 'csv',
			rows,
			sha256: createHash('sha256').update(text).digest('hex'),
			...(filter.user ? { user: filter.user } : {}),
			...(filter.kinds?.length ? { kinds: filter.kinds } : {}),
			...(filter.from ? { from: filter.from } : {}),
			...(filter.to ? { to: filter.to } : {})
		}
	});
	return new Response(text, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="mtm_access_log_${new Date().toISOString().slice(0, 10)}_${rows}.csv"`
		}
	});
};
