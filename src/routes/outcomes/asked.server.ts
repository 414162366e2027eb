import type { Problem } from '$lib/domain/population';
import { writePopulation } from '$lib/domain/population';
import type { PerTime } from '$lib/domain/hospital_rate';
import type { Ability } from '$lib/domain/role';
import { asked, type Asked, type Request } from '$lib/server/door';
import { hidesSmallCells } from '$lib/server/release';
import { ask } from '$lib/server/warehouse';

/** What a page of hospital rates was asked: everybody or one plan, which person-time, what in the address is not used. */
export type OutcomeAsked = {
	question: Asked;
	chosen: { dimension: 'all' | 'plan'; value: string };
	plans: string[];
	per: PerTime;
	problems: Problem[];
	year: number;
	years: number[];
	hasRates: boolean;
};

/**
 * Reads the address of a page of hospital rates; null when nothing has been computed. Of the filters one plan is used: rates are computed for everybody and by plan.
 * Where small counts are hidden no plan is used either, because plans of a whole would tell each other's.
 */
export async function outcomeAsked(event: Request, ability: Ability): Promise<OutcomeAsked | null> {
	const question = await asked(event, ability);
	if (!question) return null;
	const { home, scope, population } = question;
	const problems = [...question.problems].filter((problem) => problem.key !== 'y');
	const [loaded] = await ask<{ has_rates: boolean; years: number[] | null }>(home, 'hospital_loaded', {}, scope);
	const years = [...(loaded?.years ?? [])].sort((a, b) => b - a);
	const wanted = Number(event.url.searchParams.get('y') ?? question.year);
	const year = years.includes(wanted) ? wanted : (years[0] ?? question.year);
	if (years.length && year !== wanted)
		problems.push({
			key: 'y',
			value: String(wanted),
			why: `medical claims tell of ${years.join(', ')}; ${year} is shown`
		});
	const plans = (await ask<{ value: string }>(home, 'hospital_plans', { year }, scope)).map((row) => row.value);
	const hides = hidesSmallCells(scope);
	const plan = hides ? undefined : population.plan.in.length === 1 ? population.plan.in[0] : undefined;
	for (const [key, value] of writePopulation(population))
		if (key !== 'plan' || plan === undefined)
			problems.push({
				key,
				value,
				why: hides
					? 'at your level these rates are shown for everybody together, without filters'
					: 'hospital rates are computed for everybody and by plan; choose one plan or none'
			});
	return {
		question,
		chosen: plan === undefined ? { dimension: 'all', value: 'all' } : { dimension: 'plan', value: plan },
		plans: hides ? [] : plans,
		per: event.url.searchParams.get('per') === 'months' ? 'months' : 'years',
		problems,
		year,
		years,
		hasRates: loaded?.has_rates ?? false
	};
}
