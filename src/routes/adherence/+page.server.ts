import { lastFullMonth } from '$lib/charts/trend';
import type { TrendMonth } from '$lib/domain/comparison';
import type { CutPoint, Headline, MeasureWords } from '$lib/domain/headline';
import type { UnitRate } from '$lib/domain/unit_rate';
import { answer, around, asked, relief, without } from '$lib/server/door';
import { ask } from '$lib/server/warehouse';
import type { FilterOption } from '$lib/ui/filter';
import type { PageServerLoad } from './$types';

/** The adherence overview: a card for each measure; leaderboards of the measure in `unit`, the first Star measure unless told. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const question = await asked(event, 'see_totals');
	if (!question) return { empty: true as const };
	const { home, scope, run, year, population, problems } = question;
	const lastMonth = lastFullMonth(run.as_of, year);
	const words = await ask<MeasureWords>(home, 'measure_family', {}, scope);
	const wanted = url.searchParams.get('unit');
	const board = words.find((one) => one.measure === wanted) ?? words[0]!;
	const units = (unit: 'pharm' | 'presc' | 'plan') =>
		answer(() =>
			ask<UnitRate>(
				home,
				'unit_rates',
				{ measure: board.measure, year, unit, population: around(question, unit) },
				scope
			)
		);
	const [options, lines, cuts, pharm, presc, plan, trends] = await Promise.all([
		ask<FilterOption>(
			home,
			'filter_options',
			{ year, chosen: [...population.pharm.in, ...population.presc.in] },
			scope
		),
		answer(() => ask<Headline>(home, 'headline', { year, population }, scope)),
		answer(() => ask<CutPoint>(home, 'cut_points', { plan_type: 'MA-PD' }, scope)),
		units('pharm'),
		units('presc'),
		units('plan'),
		answer(async () => {
			const kept = without(population, 'status', 'pdc', 'adr', 'late', 'lid', 'counted');
			const rows = await ask<TrendMonth>(home, 'trend', { year, population: kept }, scope);
			return rows.filter(({ month }) => month === lastMonth || month === lastMonth - 1);
		})
	]);
	const nobody = lines.value?.every((line) => line.patients === 0) ?? false;
	return {
		empty: false as const,
		year,
		problems,
		words,
		board: board.measure,
		options,
		lines,
		cuts,
		pharm,
		presc,
		plan,
		trends,
		lastMonth,
		relief: nobody ? await relief(question) : []
	};
};
