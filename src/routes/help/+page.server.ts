import { resultsOf, viewerWho } from '$lib/server/door';
import { version } from '../../../package.json';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { scope } = viewerWho(null, event);
	const { run } = await resultsOf(event, scope);
	return { version, asOf: run?.as_of ?? null };
};
