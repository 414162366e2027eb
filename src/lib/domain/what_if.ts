import { dayOf, isoOf, type Day } from './day';
import { countDays, foldFills, standing, type DayCount, type Fills, type Fold, type Period, type Spans } from './fold';

/** A fill of a class's ingredient as people write it. */
export type DispensedFill = { ingredient: string; dispensed_on: string; days_supply: number };
/** Days from one to another, both included, as people write them. */
export type DaySpan = { from_on: string; to_on: string };
/** A patient's treatment period in a measure, and the day through which fills are known. */
export type TreatmentPeriod = { index_date: string; period_end: string; as_of: string };
/** The measure's rule: percent of days and how many of its ingredients must be on hand. */
export type Rule = { threshold_percent: number; min_ingredients: number };

/** One patient's fills, stays and period in one measure and year, ready to be folded again. */
export type History = { fills: DispensedFill[]; stays: DaySpan[]; period: TreatmentPeriod; rule: Rule };

/** How the year would end: one more fill, and nothing after it. */
export type Outcome = {
	fill_on: string;
	days_supply: number;
	/** Covered days over the whole period's days, if no other fill follows. */
	pdc_at_end: number;
	reaches: boolean;
};

/** What a patient's history comes to, and what one more fill would change. */
export type WhatIf = {
	/** Spans that count as covered, stay days taken out and pushed supply put in; not cut. */
	covered: DaySpan[];
	/** Days on hand before the stay adjustment. */
	on_hand: DaySpan[];
	/** Spans from index through the as-of day (or the period's end) that no supply covers. */
	gaps: (DaySpan & { days: number })[];
	/** Days of supply still to be dispensed before the threshold is certain; 0 when it is. */
	needed_days: number;
	/** PDC at the period's end if no fill follows at all. */
	pdc_without_a_fill: number;
	outcomes: Outcome[];
};

const spansOf = (spans: Spans): DaySpan[] =>
	Array.from({ length: spans.count }, (_, at) => ({ from_on: isoOf(spans.from[at]!), to_on: isoOf(spans.to[at]!) }));

function columns(fills: DispensedFill[]): Fills {
	const names: string[] = [];
	const rows = fills
		.map((fill) => {
			if (!names.includes(fill.ingredient)) names.push(fill.ingredient);
			return { day: dayOf(fill.dispensed_on), days: fill.days_supply, ingredient: names.indexOf(fill.ingredient) };
		})
		.sort((a, b) => a.day - b.day);
	return {
		count: rows.length,
		day: rows.map((row) => row.day),
		days: rows.map((row) => row.days),
		ingredient: rows.map((row) => row.ingredient)
	};
}

function spans(days: DaySpan[]): Spans {
	const sorted = days.map((span) => [dayOf(span.from_on), dayOf(span.to_on)] as const).sort((a, b) => a[0] - b[0]);
	return { count: sorted.length, from: sorted.map(([from]) => from), to: sorted.map(([, to]) => to) };
}

function refold(history: History, fills: DispensedFill[]): { fold: Fold; count: DayCount; period: Period } {
	const period: Period = {
		index: dayOf(history.period.index_date),
		end: dayOf(history.period.period_end),
		asOf: dayOf(history.period.as_of)
	};
	const fold = foldFills(columns(fills), spans(history.stays), period, history.rule.min_ingredients);
	return { fold, count: countDays(fold, period, history.stays.length > 0), period };
}

/** The spans of [from, to] that are in none of the given ones, which are merged and in order. */
function outside(from: Day, to: Day, ...taken: Spans[]): DaySpan[] {
	const left: DaySpan[] = [];
	const all = taken
		.flatMap((some) => Array.from({ length: some.count }, (_, at) => [some.from[at]!, some.to[at]!] as const))
		.sort((a, b) => a[0] - b[0]);
	let next = from;
	for (const [start, end] of all) {
		if (start > next && next <= to) left.push({ from_on: isoOf(next), to_on: isoOf(Math.min(start - 1, to)) });
		if (end + 1 > next) next = end + 1;
	}
	if (next <= to) left.push({ from_on: isoOf(next), to_on: isoOf(to) });
	return left;
}

const recentDays = 120;

function ingredientsToRefill({ fills, period, rule }: History): string[] {
	const latest = new Map<string, string>();
	for (const { ingredient, dispensed_on } of fills)
		if (dispensed_on > (latest.get(ingredient) ?? '')) latest.set(ingredient, dispensed_on);
	const newestFirst = [...latest].sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
	return rule.min_ingredients === 1
		? newestFirst.slice(0, 1).map(([ingredient]) => ingredient)
		: newestFirst.filter(([, on]) => dayOf(period.as_of) - dayOf(on) <= recentDays).map(([ingredient]) => ingredient);
}

/**
 * Folds a patient's own fills again, alone and with one more fill on the day after the as-of day, for each length of supply asked
 * for: of the ingredient last filled, or, where several must be on hand, of each one filled in the last 120 days. Days are ISO; outcomes are empty when the period is over.
 */
export function whatIf(history: History, supplies: readonly number[] = [30, 90]): WhatIf {
	const { fold, count, period } = refold(history, history.fills);
	const through = Math.min(period.asOf, period.end);
	const refilled = ingredientsToRefill(history);
	const fillOn = period.asOf + 1;
	const share = (counted: DayCount) => (counted.periodDays > 0 ? counted.coveredToEnd / counted.periodDays : 0);
	const outcomes =
		refilled.length && fillOn <= period.end
			? supplies.map((days_supply) => {
					const after = refold(history, [
						...history.fills,
						...refilled.map((ingredient) => ({ ingredient, dispensed_on: isoOf(fillOn), days_supply }))
					]).count;
					return {
						fill_on: isoOf(fillOn),
						days_supply,
						pdc_at_end: share(after),
						reaches: after.coveredToEnd * 100 >= history.rule.threshold_percent * after.periodDays
					};
				})
			: [];
	return {
		covered: spansOf(fold.counted),
		on_hand: spansOf(fold.onHand),
		gaps: outside(period.index, through, fold.counted, fold.removed).map((gap) => ({
			...gap,
			days: dayOf(gap.to_on) - dayOf(gap.from_on) + 1
		})),
		needed_days: standing(count, period, history.rule.threshold_percent, { dueSoonDays: 7, lastChanceDays: 7 })
			.neededDays,
		pdc_without_a_fill: share(count),
		outcomes
	};
}
