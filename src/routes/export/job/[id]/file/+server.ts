import { notHere, viewerWho } from '$lib/server/door';
import { exportOf } from '$lib/server/export/job';
import { sent } from '../../../file.server';
import type { RequestHandler } from './$types';

/** The file of a ready export, once. */
export const GET: RequestHandler = (event) => {
	const { session } = viewerWho('export_totals', event);
	const job = exportOf(event.params.id, session);
	return job?.file ? sent(job) : notHere();
};

export const HEAD: RequestHandler = () => new Response(null, { status: 405, headers: { allow: 'GET' } });
