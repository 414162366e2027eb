import type { AroundMonth } from '$lib/charts/around_review';
import { aroundMeasures } from '$lib/domain/hospital_rate';
import { writePopulation } from '$lib/domain/population';
import { answer, asked } from '$lib/server/door';
import { ask } from '$lib/server/warehouse';
import type { PageServerLoad } from './$types';

/** Rates by month around the first review, beside people in MTM without one: described, no effect is estimated. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const question = await asked(event, 'see_totals');
	if (!question) return { ready: false as const };
	const { home, scope, run, population } = question;
	const problems = [
		...question.problems,
		...[...writePopulation(population)].map(([key, value]) => ({
			key,
			value,
			why: 'this page is about everybody with a review or in MTM; filters are not used'
		}))
	];
	const wanted = url.searchParams.get('measure') ?? 'emergency_visits';
	const measure = (Object.hasOwn(aroundMeasures, wanted) ? wanted : 'emergency_visits') as keyof typeof aroundMeasures;
	if (measure !== wanted)
		problems.push({ key: 'measure', value: wanted, why: `"${wanted}" is not told around reviews` });
	const [loaded] = await ask<{ has_rates: boolean }>(home, 'hospital_loaded', {}, scope);
	return {
		ready: true as const,
		asOf: run.as_of,
		hasRates: loaded?.has_rates ?? false,
		offered: aroundMeasures,
		measure,
		problems,
		months: await answer(() => ask<AroundMonth>(home, 'around_review', { measure }, scope))
	};
};
