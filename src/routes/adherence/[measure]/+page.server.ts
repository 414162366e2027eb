import { error } from '@sveltejs/kit';
import { lastFullMonth } from '$lib/charts/trend';
import type { TrendMonth } from '$lib/domain/comparison';
import { timeChart } from '$lib/domain/annotation';
import type { AttritionStep } from '$lib/domain/explained';
import type { CutPoint, Headline, MeasureWords } from '$lib/domain/headline';
import { readPopulation, writePopulation } from '$lib/domain/population';
import { seesDays } from '$lib/domain/scope';
import type { UnitRate } from '$lib/domain/unit_rate';
import { annotatedChart } from '$lib/server/annotations';
import { answer, around, asked, relief, without, type Asked } from '$lib/server/door';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import type { FilterOption } from '$lib/ui/filter';
import type { PageServerLoad } from './$types';
import type { LastUsefulDay, MeasurePatient, PdcRow, SupplyLength } from './panel';

const tabs = ['distribution', 'trend', 'recoverable', 'supply', 'population'] as const;
export type Tab = (typeof tabs)[number];

/** The same population, narrowed to patients below the threshold who can still reach it. */
function recoverable({ population }: Asked, threshold: number) {
	const words = writePopulation(population);
	const pdcTo = Math.min(population.pdc.to ?? 100, threshold - 0.01).toFixed(2);
	words.set('pdc', `${population.pdc.from ?? ''}..${pdcTo}`);
	words.set('adr', `${Math.max(population.adr.from ?? 0, 0)}..${population.adr.to ?? ''}`);
	words.set('counted', 'yes');
	return readPopulation(words).population;
}

/** One measure: what the open tab shows, for the patients that the filters keep. */
export const load: PageServerLoad = async (event) => {
	const { url, params } = event;
	const question = await asked(event, 'see_totals');
	if (!question) return { empty: true as const };
	const { home, viewer, scope, run, year, population, problems } = question;
	const family = await ask<MeasureWords>(home, 'measure_family', {}, scope);
	const words = family.find((one) => one.measure === params.measure);
	if (!words) error(404, 'There is no such measure.');
	const { measure } = words;
	const wanted = url.searchParams.get('tab') ?? 'distribution';
	const tab = (tabs as readonly string[]).includes(wanted) ? (wanted as Tab) : 'distribution';
	if (tab !== wanted) problems.push({ key: 'tab', value: wanted, why: `there is no tab "${wanted}"` });
	const one = { measure, year };
	const noStatus = without(population, 'status', 'pdc', 'adr', 'late', 'lid', 'counted');

	const [options, line, cuts] = await Promise.all([
		ask<FilterOption>(
			home,
			'filter_options',
			{ year, chosen: [...population.pharm.in, ...population.presc.in] },
			scope
		),
		answer(async () => (await ask<Headline>(home, 'headline', { ...one, population }, scope))[0] ?? null),
		answer(() => ask<CutPoint>(home, 'cut_points', { plan_type: 'MA-PD' }, scope))
	]);
	const frame = {
		empty: false as const,
		tab,
		year,
		run,
		words,
		problems,
		options,
		line,
		cuts: (cuts.value ?? []).filter((cut) => cut.measure === measure),
		relief: line.value || line.failed ? [] : await relief(question, measure)
	};

	if (tab === 'distribution') {
		const units = (unit: 'pharm' | 'presc' | 'plan') =>
			answer(() => ask<UnitRate>(home, 'unit_rates', { ...one, unit, population: around(question, unit) }, scope));
		const [bins, statuses, pharm, presc, plan] = await Promise.all([
			answer(() => ask<PdcRow>(home, 'pdc_histogram', { ...one, population: around(question, 'pdc') }, scope)),
			answer(
				async () =>
					(await ask<Headline>(home, 'headline', { ...one, population: around(question, 'status') }, scope))[0] ?? null
			),
			units('pharm'),
			units('presc'),
			units('plan')
		]);
		return { ...frame, shown: { tab, bins, statuses, pharm, presc, plan } };
	}
	if (tab === 'trend') {
		const [months, annotations] = await Promise.all([
			answer(() => ask<TrendMonth>(home, 'trend', { ...one, population: noStatus }, scope)),
			annotatedChart(home, viewer, timeChart(measure, noStatus, scope.limits), year)
		]);
		return { ...frame, shown: { tab, lastMonth: lastFullMonth(run.as_of, year), months, annotations } };
	}
	if (tab === 'recoverable') {
		const narrowed = recoverable(question, words.threshold_percent);
		const [days, patients] = await Promise.all([
			answer(() => ask<LastUsefulDay>(home, 'last_useful_fills', { ...one, population }, scope)),
			answer(async () =>
				!viewer.can('see_patients') || !seesDays(scope)
					? null
					: await ask<MeasurePatient>(
							home,
							'patients',
							{ ...one, population: narrowed, sort: 'lid', descending: false, first: 0, rows: 25 },
							scope
						)
			)
		]);
		await listSeen(question, 'recoverable', patients.value ?? [], { measure });
		return { ...frame, shown: { tab, days, patients } };
	}
	if (tab === 'supply')
		return {
			...frame,
			shown: {
				tab,
				lengths: await answer(() => ask<SupplyLength>(home, 'supply_lengths', { ...one, population }, scope))
			}
		};
	return {
		...frame,
		shown: { tab, steps: await answer(() => ask<AttritionStep>(home, 'attrition', { ...one, population }, scope)) }
	};
};
