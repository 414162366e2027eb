import { timeChart } from '$lib/domain/annotation';
import type { ChartRules } from '$lib/domain/control_chart';
import { hospitalMeasure, type HospitalMonth, type HospitalRate } from '$lib/domain/hospital_rate';
import type { Cell, Released } from '$lib/domain/hidden';
import { seesDays } from '$lib/domain/scope';
import { stepMeasures } from '$lib/domain/stay_step';
import { annotatedChart } from '$lib/server/annotations';
import { answer } from '$lib/server/door';
import { countedSpan } from '$lib/server/outcome';
import { listSeen } from '$lib/server/seen';
import { ask, measures } from '$lib/server/warehouse';
import { error } from '@sveltejs/kit';
import { outcomeAsked } from '../asked.server';
import type { PageServerLoad } from './$types';

/** A row of the panel `hospital_counted`. */
export type CountedRow = {
	pid: string;
	stay_id: string | null;
	admitted_on: string;
	discharged_on: string;
	kind: string;
	principal_diagnosis: string | null;
	facility_npi: string | null;
	plan: string | null;
	evidence: string | null;
};
/** A row of the panel `stay_steps`. */
export type StayStep = Released & {
	step: number;
	excluded_because: string | null;
	stays: Cell;
	remaining: Cell;
};

const mostRows = 200;

/** One hospital measure month by month: the chart, its signals, and the stays and visits of a month or the year. */
export const load: PageServerLoad = async (event) => {
	const { url, params } = event;
	const words = hospitalMeasure(params.measure);
	if (!words) error(404, 'There is no such measure.');
	const found = await outcomeAsked(event, 'see_totals');
	if (!found) return { ready: false as const };
	const { question, chosen, year } = found;
	// Here a period is a month of the chart.
	const problems = found.problems.filter((problem) => problem.key !== 'period');
	const { home, viewer, scope, run } = question;
	const { measure } = params;
	const card = (await measures(home, scope)).find((one) => one.id === measure)!;
	const span = countedSpan(url.searchParams, year);
	if (span.problem) problems.push(span.problem);
	const seesRows = viewer.can('see_patients') && seesDays(scope);
	const [months, rate, steps, rows, annotations, [rules]] = await Promise.all([
		answer(() => ask<HospitalMonth>(home, 'hospital_months', { measure, ...chosen }, scope)),
		answer(
			async () =>
				(await ask<HospitalRate>(home, 'hospital_rates', { year, ...chosen }, scope)).find(
					(row) => row.measure === measure
				) ?? null
		),
		answer(() =>
			Object.hasOwn(stepMeasures, measure) && chosen.dimension === 'all'
				? ask<StayStep>(home, 'stay_steps', { measure, year }, scope)
				: Promise.resolve([])
		),
		answer(async () => {
			if (!seesRows) return null;
			const shown = await ask<CountedRow>(
				home,
				'hospital_counted',
				{
					measure,
					from_on: span.from_on,
					to_on: span.to_on,
					plan: chosen.dimension === 'plan' ? chosen.value : null,
					first: 0,
					rows: mostRows + 1
				},
				scope
			);
			await listSeen(question, 'stays and visits', shown, { list: measure });
			return shown;
		}),
		annotatedChart(home, viewer, timeChart(measure, found.population, scope.limits), year),
		ask<ChartRules>(home, 'chart_rules', {}, scope)
	]);
	return {
		ready: true as const,
		asOf: run.as_of,
		words,
		card: {
			title: card.title,
			question: card.question,
			denominator: card.denominator,
			numerator: card.numerator,
			leftOut: card.leftOut,
			source: card.source,
			limits: card.limits
		},
		year,
		years: found.years,
		plans: found.plans,
		plan: chosen.dimension === 'plan' ? chosen.value : null,
		per: found.per,
		problems,
		hasRates: found.hasRates,
		months,
		rate,
		steps,
		rows,
		annotations,
		rules: rules!,
		mostRows,
		period: span.month,
		step: url.searchParams.get('step'),
		because: (url.searchParams.get('because') ?? '').slice(0, 120)
	};
};
