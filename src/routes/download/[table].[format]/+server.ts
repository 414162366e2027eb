import { error } from '@sveltejs/kit';
import { notHere, theHome } from '$lib/server/door';
import { startExport } from '$lib/server/export/job';
import { isFormat } from '$lib/server/export/write';
import { sent } from '../../export/file.server';
import { orderOf, wantedOf } from '../../export/order.server';
import type { RequestHandler } from './$types';

/** Any table of the pages as a file, complete: the same rows as on the screen, in the same order; for scripts and for pages without forms. */
export const GET: RequestHandler = async (event) => {
	const { table, format } = event.params;
	if (!isFormat(format)) return notHere();
	const wanted = await wantedOf(event, table);
	const says = (key: string) => event.url.searchParams.get(key) === 'yes';
	const told = { mark: says('bom'), described: says('described') };
	const job = startExport(theHome(), await orderOf(wanted, format, told));
	event.request.signal.addEventListener('abort', () => job.file === null && job.cancel());
	await job.ended;
	if (job.file) return sent(job);
	error(job.status ?? 500, job.message ?? 'The export was ended. Nothing was handed out.');
};

// Without this, asking for the heads alone would make the file and send it nowhere.
export const HEAD: RequestHandler = () => new Response(null, { status: 405, headers: { allow: 'GET' } });
