import { annotationsOn, flagsOf, groupKey, levelsOf, timeChart } from '$lib/domain/annotation';
import { controlChart, signalWords, type ChartRules } from '$lib/domain/control_chart';
import { funnel, unitInterval } from '$lib/domain/funnel';
import { hides, withMarks } from '$lib/domain/hidden';
import {
	aroundMeasures,
	hospitalMeasure,
	shownUnit,
	type HospitalMonth,
	type HospitalRate
} from '$lib/domain/hospital_rate';
import { seesDays } from '$lib/domain/scope';
import { stepMeasures } from '$lib/domain/stay_step';
import { annotations, groupChoices } from '$lib/server/annotations';
import { compareOf, unitsOf } from '$lib/server/compare';
import { notHere, type Asked } from '$lib/server/door';
import type { Row } from '$lib/server/duckdb';
import { followUpOf } from '$lib/server/follow_up';
import { countedSpan, outcomeOf } from '$lib/server/outcome';
import { ask } from '$lib/server/warehouse';

type Shown = { columns: string[]; rows: Row[]; order?: string };

/** Rows under these columns; what is hidden as its mark. */
const shown = (columns: string[], rows: object[], order?: string): Shown => ({
	columns,
	rows: rows.map((row) => withMarks(row) as Row),
	order
});
const measureOf = (words: URLSearchParams) => hospitalMeasure(words.get('measure') ?? '') ?? notHere();

/** Every rate of the page of outcomes, of the year and of the one before, in the person-time that the page shows. */
export async function ratesOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope } = question;
	const { chosen, year, per } = await outcomeOf(question, words);
	const rows: object[] = [];
	for (const of of [year, year - 1])
		for (const row of await ask<HospitalRate>(home, 'hospital_rates', { year: of, ...chosen }, scope)) {
			const measure = hospitalMeasure(row.measure);
			if (!measure) continue;
			const times = per === 'months' && measure.isByTime ? 1 / 12 : 1;
			// Days and dollars come in runs: no interval can be made from their count.
			const scaled = (value: number | null, isMade = true) => (value === null || !isMade ? null : value * times);
			rows.push({
				...row,
				title: measure.short,
				year: of,
				rate: scaled(row.rate),
				lower: scaled(row.lower, measure.chart !== 'mean'),
				upper: scaled(row.upper, measure.chart !== 'mean'),
				unit: measure.chart === 'p' ? 'proportion' : shownUnit(measure, per).unit
			});
		}
	return shown(
		['measure', 'title', 'year', 'numerator', 'denominator', 'rate', 'lower', 'upper', 'unit'],
		rows,
		'the year, then the one before'
	);
}

/** The months of one rate as the chart judges them, with its annotations' levels. */
export async function monthsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, viewer, scope } = question;
	const measure = measureOf(words);
	const { chosen, year, per, population } = await outcomeOf(question, words);
	const months = await ask<HospitalMonth>(home, 'hospital_months', { measure: measure.id, ...chosen }, scope);
	const on = annotationsOn(
		timeChart(measure.id, population, scope.limits),
		await annotations(home, viewer, await groupChoices(home, viewer, year))
	);
	const flags = flagsOf(
		on,
		months.map(({ period }) => period)
	);
	const [rules] = await ask<ChartRules>(home, 'chart_rules', {}, scope);
	const isHidden = (month: HospitalMonth) => hides(month, 'numerator', 'denominator');
	const chart = controlChart(
		months.map((month) => ({
			label: month.period,
			numerator: month.numerator ?? 0,
			denominator: isHidden(month) ? 0 : (month.denominator ?? 0),
			fillingIn: month.is_filling_in
		})),
		measure.chart,
		rules!,
		levelsOf(flags)
	);
	const { times, unit } = shownUnit(measure, per);
	const scaled = (value: number | null) => (value === null ? null : value * times);
	return shown(
		[
			...['measure', 'month', 'numerator', 'denominator', 'rate', 'unit', 'centre', 'lower_limit', 'upper_limit'],
			...['signals', 'is_filling_in', 'annotations']
		],
		months.map((month, at) => {
			const point = chart.points[at]!;
			return {
				...month,
				month: month.period,
				rate: scaled(point.value),
				unit,
				centre: scaled(point.centre),
				lower_limit: scaled(point.lower),
				upper_limit: scaled(point.upper),
				signals: point.signals.map((signal) => signalWords[signal]).join('; ') || null,
				annotations:
					flags
						.filter((flag) => flag.at === at)
						.map(({ annotation }) => `${annotation.on_day}: ${annotation.words}`)
						.join('; ') || null,
				hidden: { ...month.hidden, ...(isHidden(month) ? { rate: 'hidden' } : {}) }
			};
		})
	);
}

/** From the stays of a year to those that a measure counts, step by step. */
export async function stepsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const measure = measureOf(words).id;
	const { year } = await outcomeOf(question, words);
	const rows = await ask<Row>(question.home, 'stay_steps', { measure, year }, question.scope);
	const said = stepMeasures[measure]?.words ?? {};
	return shown(
		['step', 'excluded_because', 'words', 'stays', 'remaining'],
		rows.map((row) => ({ ...row, words: said[String(row.excluded_because)] ?? null }))
	);
}

/** The units of a comparison, by name, with the limits of chance and where each stands; those too small to draw say so. */
export async function comparedOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const compared = await compareOf(question, words);
	const rows = await unitsOf(question, compared);
	const hospital = hospitalMeasure(compared.chosen.id);
	const kind = hospital?.isByTime ? 'rate' : 'share';
	const { times, unit } = hospital ? shownUnit(hospital, 'years') : { times: 100, unit: '%' };
	const told = rows.filter((row) => !hides(row, 'numerator', 'denominator', 'patients'));
	const drawn = funnel(
		told.map(({ value, numerator, denominator, patients }) => ({
			id: String(value),
			numerator: numerator!,
			denominator: denominator!,
			patients: patients!
		})),
		kind,
		compared.adjust
	);
	return shown(
		[
			...['value', 'label', 'patients', 'numerator', 'denominator', 'rate', 'unit', 'lower', 'upper'],
			...['expected_from', 'expected_to', 'beside_the_others']
		],
		rows.map((row) => {
			const placed = drawn?.units.find((one) => one.id === String(row.value));
			const range = placed && unitInterval(placed, kind);
			return {
				...row,
				rate: placed ? placed.value * times : null,
				unit,
				lower: range ? range.lower * times : null,
				upper: range ? range.upper * times : null,
				expected_from: placed ? placed.lower95 * times : null,
				expected_to: placed ? placed.upper95 * times : null,
				beside_the_others: placed
					? placed.words
					: told.includes(row)
						? 'fewer than 11 patients: not drawn'
						: 'hidden to protect few people'
			};
		}),
		'by name'
	);
}

/** The months around the review, with and without one. */
export async function aroundOf({ home, scope }: Asked, words: URLSearchParams): Promise<Shown> {
	const wanted = words.get('measure') ?? '';
	const measure = Object.hasOwn(aroundMeasures, wanted) ? wanted : Object.keys(aroundMeasures)[0]!;
	const rows = await ask<Row>(home, 'around_review', { measure }, scope);
	return shown(
		['measure', 'arm', 'months_away', 'people', 'numerator', 'denominator', 'rate', 'lower', 'upper'],
		rows.filter((row) => row.months_away !== 0).map((row) => ({ measure, ...row }))
	);
}

/** The stays and visits above the line of one measure, of a month or the year; not there for who sees no days. */
export async function countedOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope } = question;
	if (!seesDays(scope)) return notHere();
	const measure = measureOf(words);
	const { chosen, year } = await outcomeOf(question, words);
	const { from_on, to_on } = countedSpan(words, year);
	const plan = chosen.dimension === 'plan' ? chosen.value : null;
	const rows = await ask<Row>(
		home,
		'hospital_counted',
		{ measure: measure.id, from_on, to_on, plan, first: 0, rows: null },
		scope
	);
	return shown(
		[
			...['pid', 'stay_id', 'admitted_on', 'discharged_on', 'kind', 'principal_diagnosis', 'facility_npi', 'plan'],
			'evidence'
		],
		rows,
		'latest first'
	);
}

const persons = ['patient_id', 'first_name', 'last_name', 'phone', 'best_time'];

/** One follow-up list in its own order, all pages of it. */
export async function followedOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope } = question;
	const { list, since } = followUpOf(question, words);
	const rows = await ask<Row>(home, 'follow_up', { list: list.id, within: since, first: 0, rows: null }, scope);
	const columns = [
		...['pid', ...persons, 'language', 'age', 'plan', 'pharmacy_npi', 'pharmacy_name'],
		...['list', 'since_on', 'due_on', 'reason', 'evidence']
	];
	return shown(
		scope.phi === 'P3' ? columns : columns.filter((column) => !persons.includes(column)),
		rows,
		'the list’s own'
	);
}

/** Every annotation that the view covers, by day. */
export async function annotationsTable({ home, viewer, year }: Asked): Promise<Shown> {
	const all = await annotations(home, viewer, await groupChoices(home, viewer, year));
	return shown(
		['on_day', 'words', 'about', 'group', 'measure', 'begins_level', 'by', 'at'],
		all.map((one) => ({ ...one, group: groupKey(one.group) })),
		'by day'
	);
}
