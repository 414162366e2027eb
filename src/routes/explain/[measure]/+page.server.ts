import { error } from '@sveltejs/kit';
import { explainPart } from '$lib/domain/explained';
import { asked } from '$lib/server/door';
import { explain } from '$lib/server/explain';
import type { PageServerLoad } from './$types';

/** The explanation of one measure as a page of its own, to be linked and printed. */
export const load: PageServerLoad = async (event) => {
	const { url, params } = event;
	const question = await asked(event, 'see_totals');
	if (!question) return { empty: true as const };
	const data = await explain(
		question,
		params.measure,
		explainPart(url.searchParams.get('part')),
		url.searchParams.get('of')
	);
	if (!data) error(404, 'There is no such measure.');
	return { empty: false as const, data };
};
