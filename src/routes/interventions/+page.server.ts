import type { ResponseDay } from '$lib/charts/response_time';
import { timeChart } from '$lib/domain/annotation';
import type { ChartRules } from '$lib/domain/control_chart';
import { anyone } from '$lib/domain/population';
import type { Acceptance } from '$lib/domain/recommendation';
import { seesDays } from '$lib/domain/scope';
import { annotatedChart } from '$lib/server/annotations';
import { hidesSmallCells } from '$lib/server/release';
import { answer } from '$lib/server/door';
import { ask } from '$lib/server/warehouse';
import { mtmAsked, opens } from './asked.server';
import {
	coarseUnits,
	units,
	type AcceptanceMonth,
	type Barrier,
	type DeclineReason,
	type DrugCost,
	type Estimate,
	type Group,
	type OpenAge,
	type Unit
} from './group';
import type { Attempts, MtmMeasure } from './reviews/review';
import type { PageServerLoad } from './$types';

/** How far the recommendations of a year went, by whom and how soon they were answered, and what claims show. */
export const load: PageServerLoad = async (event) => {
	const found = await mtmAsked(event, 'see_totals', 'recommendations', 'counts');
	if (!found) return { ready: false as const };
	const { question, chosen, problems, options, loaded } = found;
	const { home, viewer, scope, run, year } = question;
	const wanted = event.url.searchParams.get('by') ?? 'problem';
	// Where small counts are hidden these numbers take no filters, so a group is no link.
	const hides = hidesSmallCells(scope);
	const offered = hides ? coarseUnits : (Object.keys(units) as Unit[]);
	const by = offered.find((unit) => unit === wanted) ?? 'problem';
	if (by !== wanted)
		problems.push({
			key: 'by',
			value: wanted,
			why: Object.hasOwn(units, wanted)
				? `at your level there is no grouping by ${wanted}: it would tell small counts`
				: `there is no grouping by "${wanted}"`
		});
	const frame = {
		ready: true as const,
		year,
		asOf: run.as_of,
		problems,
		options,
		loaded,
		by,
		offered,
		narrows: !hides,
		opens: opens(question),
		days: seesDays(scope)
	};
	if (!loaded.has_recommendations) return { ...frame, cards: null };
	const narrowed = timeChart('acceptance_of_made', hides ? anyone() : question.population, scope.limits);
	const chart = { ...narrowed, isNarrowed: chosen.only !== null || chosen.never !== null };
	const [people, line, groups, reasons, open, times, barriers, estimates, costs, months, annotations, [rules]] =
		await Promise.all([
			answer(async () => {
				if (!loaded.has_enrollments) return null;
				const [lines, [attempts]] = await Promise.all([
					ask<MtmMeasure>(home, 'review_measures', chosen, scope),
					ask<Attempts>(home, 'review_attempts', chosen, scope)
				]);
				return { lines, attempts };
			}),
			answer(async () => (await ask<Acceptance>(home, 'acceptance', chosen, scope))[0]!),
			answer(() => ask<Group>(home, 'acceptance_groups', { ...chosen, unit: by }, scope)),
			answer(() => ask<DeclineReason>(home, 'decline_reasons', chosen, scope)),
			answer(() => ask<OpenAge>(home, 'unanswered', chosen, scope)),
			answer(() => (hides ? Promise.resolve(null) : ask<ResponseDay>(home, 'response_times', chosen, scope))),
			answer(() => ask<Barrier>(home, 'barriers', chosen, scope)),
			answer(() => ask<Estimate>(home, 'severity_estimates', chosen, scope)),
			answer(() => (hides ? Promise.resolve(null) : ask<DrugCost>(home, 'drug_cost_groups', chosen, scope))),
			answer(() => (hides ? Promise.resolve(null) : ask<AcceptanceMonth>(home, 'acceptance_months', chosen, scope))),
			annotatedChart(home, viewer, chart, year),
			ask<ChartRules>(home, 'chart_rules', {}, scope)
		]);
	return {
		...frame,
		cards: {
			people,
			line,
			groups,
			reasons,
			open,
			times,
			barriers,
			estimates,
			costs,
			months,
			annotations,
			rules: rules!
		}
	};
};
