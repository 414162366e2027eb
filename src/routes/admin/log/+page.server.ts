import { theHome, viewerWho } from '$lib/server/door';
import { readLog, verifyLog } from '$lib/server/records/log';
import { logFilterOf } from './filter.server';
import type { PageServerLoad } from './$types';

const pageRows = 50;

/** Everybody's entries; the chain of all entries is walked each time the first page is opened. */
export const load: PageServerLoad = async (event) => {
	viewerWho('see_log', event);
	const { searchParams } = event.url;
	const { filter, problems } = logFilterOf(searchParams);
	const page = Math.max(1, Math.floor(Number(searchParams.get('page') ?? 1)) || 1);
	const found = await readLog(theHome(), filter, { first: (page - 1) * pageRows, rows: pageRows });
	return {
		...found,
		page,
		pageRows,
		problems,
		chain: page === 1 ? await verifyLog(theHome()) : null,
		asked: {
			user: filter.user ?? '',
			patient: filter.patient ?? '',
			kind: filter.kinds?.[0] ?? '',
			from: filter.from ?? '',
			to: filter.to ?? ''
		}
	};
};
