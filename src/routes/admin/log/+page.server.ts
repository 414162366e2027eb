import { theHome, viewerWho } from '$lib/server/door';
import { readLog, verifyLog } from '$lib/server/records/log';
import { logFilterOf } from './filter.server';
import type { PageServerLoad } from './$types';

const pageRows = 50;
/** Up to so many entries the whole chain is walked for the page; beyond, the command does it. */
const walkedRows = 20_000;

/** Everybody's entries; the chain of all entries is walked when the first page of all of them is opened. */
export const load: PageServerLoad = async (event) => {
	viewerWho('see_log', event);
	const { searchParams } = event.url;
	const { filter, problems } = logFilterOf(searchParams);
	const page = Math.max(1, Math.floor(Number(searchParams.get('page') ?? 1)) || 1);
	const found = await readLog(theHome(), filter, { first: (page - 1) * pageRows, rows: pageRows });
	const isWhole = Object.values(filter).every((value) => value === undefined || value.length === 0);
	return {
		...found,
		page,
		pageRows,
		problems,
		chain: page === 1 && isWhole && found.total <= walkedRows ? await verifyLog(theHome()) : null,
		long: found.total > walkedRows,
		asked: {
			user: filter.user ?? '',
			patient: filter.patient ?? '',
			kind: filter.kinds?.[0] ?? '',
			from: filter.from ?? '',
			to: filter.to ?? ''
		}
	};
};
