import { hospitalMeasure } from '$lib/domain/hospital_rate';
import { compareOf, unitsOf } from '$lib/server/compare';
import { answer, asked } from '$lib/server/door';
import type { PageServerLoad } from './$types';

/** One measure unit by unit against all of them together; no ranks. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const question = await asked(event, 'see_totals');
	if (!question) return { ready: false as const };
	const compared = await compareOf(question, url.searchParams);
	return {
		ready: true as const,
		asOf: question.run.as_of,
		...compared,
		hospital: hospitalMeasure(compared.chosen.id) ?? null,
		rows: await answer(() => unitsOf(question, compared))
	};
};
