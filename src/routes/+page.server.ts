import { redirect } from '@sveltejs/kit';
import { lastFullMonth } from '$lib/charts/trend';
import type { TrendMonth } from '$lib/domain/comparison';
import { homeMeasures, type CutPoint, type Headline, type MeasureWords } from '$lib/domain/headline';
import type { Cell, Released } from '$lib/domain/hidden';
import { anyone } from '$lib/domain/population';
import { leavesOutNobody, unlimited } from '$lib/domain/scope';
import type { UnitRate } from '$lib/domain/unit_rate';
import { answer, around, asked, latestYear, theHome, without } from '$lib/server/door';
import { emergenciesFor } from '$lib/server/emergency';
import { ask } from '$lib/server/warehouse';
import type { FilterOption } from '$lib/ui/filter';
import type { PageServerLoad } from './$types';

/** Home: where each measure stands, which stores are off course, what needs attention. */
export const load: PageServerLoad = async (event) => {
	const { locals } = event;
	if (!locals.viewer?.can('see_totals') && locals.viewer?.can('see_data')) redirect(307, '/data');
	const emergencies = locals.viewer?.can('see_log') ? await emergenciesFor(theHome(), locals.viewer.user.id) : [];
	const question = await asked(event, 'see_totals');
	if (!question) return { empty: true as const, emergencies };
	const { home, viewer, scope, run, year, population, problems } = question;
	const lastMonth = lastFullMonth(run.as_of, year);
	const words = await ask<MeasureWords>(home, 'measure_family', {}, scope);
	const [options, lines, network, cuts, units, data, lists, calls, trends] = await Promise.all([
		ask<FilterOption>(
			home,
			'filter_options',
			{ year, chosen: [...population.pharm.in, ...population.presc.in] },
			scope
		),
		answer(() => ask<Headline>(home, 'headline', { year, population }, scope)),
		// Beside one's own part the sum over everybody, as a number alone.
		answer(async () =>
			viewer.can('see_network') && !leavesOutNobody(scope.limits)
				? await ask<Headline>(home, 'headline', { year, population: anyone() }, { limits: unlimited, phi: 'P0' })
				: []
		),
		answer(() => ask<CutPoint>(home, 'cut_points', { plan_type: 'MA-PD' }, scope)),
		answer(() =>
			ask<UnitRate>(home, 'unit_rates', { year, unit: 'pharm', population: around(question, 'pharm') }, scope)
		),
		answer(async () =>
			!viewer.can('see_data')
				? []
				: await ask<{
						unmapped_fills: Cell;
						unmapped_codes: number;
						fills: number;
						checks: number;
						check_rows: Cell;
						hidden?: Record<string, string>;
					}>(home, 'data_problems', {}, scope)
		),
		// Review lists are of the latest year only.
		answer(async () =>
			year === latestYear(run)
				? await ask<Released & { list: string; patients: Cell; rows: Cell }>(
						home,
						'list_sizes',
						{ year, population },
						scope
					)
				: []
		),
		answer(async () =>
			year === latestYear(run)
				? await ask<Released & { value: string; patients: Cell }>(
						home,
						'store_calls',
						{ year, population: around(question, 'pharm') },
						scope
					)
				: []
		),
		answer(async () => {
			const kept = without(population, 'status', 'pdc', 'adr', 'late', 'lid', 'counted');
			const rows = await ask<TrendMonth>(home, 'trend', { year, population: kept }, scope);
			return rows.filter(({ month }) => month === lastMonth || month === lastMonth - 1);
		})
	]);
	const shown = homeMeasures(words, lines.value ?? []);
	return {
		empty: false as const,
		emergencies,
		run,
		year,
		problems,
		shown,
		options,
		lines,
		network,
		cuts,
		units,
		data,
		lists,
		calls,
		trends,
		lastMonth
	};
};
