import { theHome, viewerWho } from '$lib/server/door';
import { readLog } from '$lib/server/records/log';
import type { PageServerLoad } from './$types';

const pageRows = 50;

/** One's own entries. */
export const load: PageServerLoad = async (event) => {
	const { user } = viewerWho('see_own_log', event);
	const page = Math.max(1, Math.floor(Number(event.url.searchParams.get('page') ?? 1)) || 1);
	const found = await readLog(theHome(), { by: user.id }, { first: (page - 1) * pageRows, rows: pageRows });
	return { ...found, page, pageRows };
};
