import type { HospitalRate } from '$lib/domain/hospital_rate';
import { answer } from '$lib/server/door';
import { ask } from '$lib/server/warehouse';
import { outcomeAsked } from './asked.server';
import type { PageServerLoad } from './$types';

/** How often people with medical coverage were in hospital or an emergency department in a year, and the year before. */
export const load: PageServerLoad = async (event) => {
	const found = await outcomeAsked(event, 'see_totals');
	if (!found) return { ready: false as const };
	const { question, chosen, year } = found;
	const { home, scope, run } = question;
	const rates = (of: number) => answer(() => ask<HospitalRate>(home, 'hospital_rates', { year: of, ...chosen }, scope));
	const [now, before] = await Promise.all([rates(year), rates(year - 1)]);
	const { plans, per, problems, years, hasRates } = found;
	return {
		ready: true as const,
		asOf: run.as_of,
		year,
		years,
		plans,
		plan: chosen.dimension === 'plan' ? chosen.value : null,
		per,
		problems,
		hasRates,
		now,
		before
	};
};
