import type { PerTime } from '$lib/domain/hospital_rate';
import { anyone, writePopulation, type Population, type Problem } from '$lib/domain/population';
import type { Asked } from './door';
import { hidesSmallCells } from './release';
import { ask } from './warehouse';

/** What a page of hospital rates was asked: everybody or one plan, which person-time, what in the address is not used. */
export type OutcomeAsked = {
	question: Asked;
	chosen: { dimension: 'all' | 'plan'; value: string };
	/** The same as a population. */
	population: Population;
	plans: string[];
	per: PerTime;
	problems: Problem[];
	year: number;
	years: number[];
	hasRates: boolean;
};

/**
 * Reads the words of an address about hospital rates. Of the filters one plan is used: rates are computed for everybody and by plan.
 * Where small counts are hidden no plan is used either, because plans of a whole would tell each other's.
 */
export async function outcomeOf(question: Asked, words: URLSearchParams): Promise<OutcomeAsked> {
	const { home, scope, population } = question;
	const problems = [...question.problems].filter((problem) => problem.key !== 'y');
	const [loaded] = await ask<{ has_rates: boolean; years: number[] | null }>(home, 'hospital_loaded', {}, scope);
	const years = [...(loaded?.years ?? [])].sort((a, b) => b - a);
	const wanted = Number(words.get('y') ?? question.year);
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
		population: { ...anyone(), plan: { in: plan === undefined ? [] : [plan], out: [] } },
		plans: hides ? [] : plans,
		per: words.get('per') === 'months' ? 'months' : 'years',
		problems,
		year,
		years,
		hasRates: loaded?.has_rates ?? false
	};
}

/** The days that a list of counted stays and visits is about: a month of the address (`period=2026-03`), else the year. A period that is no month is a problem. */
export function countedSpan(
	words: URLSearchParams,
	year: number
): { month: string | null; from_on: string; to_on: string; problem: Problem | null } {
	const period = words.get('period');
	if (period !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(period)) {
		const last = new Date(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)), 0));
		return { month: period, from_on: `${period}-01`, to_on: last.toISOString().slice(0, 10), problem: null };
	}
	return {
		month: null,
		from_on: `${year}-01-01`,
		to_on: `${year}-12-31`,
		problem: period === null ? null : { key: 'period', value: period, why: `"${period}" is no month; write 2026-03` }
	};
}
