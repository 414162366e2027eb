import type { Day } from './day';
import { spanDays } from './day';

/**
 * Fills of one class for one patient and year, in order of day, as columns of equal length. A product with two
 * target ingredients has one row for each of them (CMS Technical Notes, Attachment L; domain rule R10).
 */
export interface Fills {
	count: number;
	day: ArrayLike<Day>;
	days: ArrayLike<number>;
	/** A small whole number for each target ingredient, 0 to 127; partners such as hydrochlorothiazide have no row. */
	ingredient: ArrayLike<number>;
}

/** Spans of days, both ends included, as columns of equal length. */
export interface Spans {
	count: number;
	from: Day[];
	to: Day[];
}

/** The treatment period (R2, R3) and the day up to which fills are known. */
export interface Period {
	/** The first counting fill of the year. */
	index: Day;
	/** The earliest of the last enrolled day, death and 31 December. */
	end: Day;
	asOf: Day;
}

/** What the fold makes of a patient's fills. */
export interface Fold {
	/** One span for each row of fills: the days it supplies after early refills moved forward. Not cut. */
	supply: Spans;
	/** Days on which enough ingredients of the class are on hand, merged. Not cut. */
	onHand: Spans;
	/** The stay days inside the period: out of numerator and denominator. */
	removed: Spans;
	/** The days that count as covered: onHand without the stay days, with the supply of those days pushed past them. Not cut. */
	counted: Spans;
}

/** Days counted over a fold; every span includes both its ends. */
export interface DayCount {
	/** Index to period end, less removed stay days. */
	periodDays: number;
	/** Index through the earlier of as-of and period end, less removed stay days. */
	elapsedDays: number;
	coveredDays: number;
	/** Stay days removed from the whole period. */
	removedDays: number;
	/** Days covered through the period's end by the supply dispensed so far. */
	coveredToEnd: number;
	/** The last day of all supply dispensed, shifted and pushed, not cut; null when the class was never on hand. */
	runsOutOn: Day | null;
}

/** How a counted patient stands, from best to most urgent in the order that the contract tests them. */
export type State = 'secured' | 'lost' | 'last_chance' | 'overdue' | 'due_soon' | 'on_track';

/** What can still be changed for a patient, as of a day. */
export interface Standing {
	adherent: boolean | null;
	missedDays: number;
	/** Days that may still be missed with the threshold in reach; negative when it is out of reach. */
	allowableDaysRemaining: number;
	daysLate: number;
	/** The last day on which a fill still reaches the threshold; null when not needed or too late. */
	lastImpactableOn: Day | null;
	/** Covered days still to be dispensed to reach the threshold by the period's end. */
	neededDays: number;
	state: State;
}

/** Days of warning before supply runs out, and allowable days that make a last chance. */
export interface Notice {
	dueSoonDays: number;
	lastChanceDays: number;
}

const INGREDIENTS = 128;
const NEVER = -0x80000000;
const nextFree = new Int32Array(INGREDIENTS);
const starts: number[] = [];
const ends: number[] = [];

function noSpans(): Spans {
	return { count: 0, from: [], to: [] };
}

/** An empty fold, whose arrays a batch uses again for each patient. */
export function newFold(): Fold {
	return { supply: noSpans(), onHand: noSpans(), removed: noSpans(), counted: noSpans() };
}

/**
 * Folds the sorted fills of one patient, class and year into covered days, by the public CMS Technical Notes:
 * an early refill of the same ingredient starts the day after the earlier supply ends, in chains (R8, R10); different
 * ingredients overlap (R9); stays are taken out and the supply on hand during them moves to the next uncovered days
 * after, at class level (Attachment L). `stays` are merged, in order, and may reach outside the period.
 */
export function foldFills(fills: Fills, stays: Spans, period: Period, minIngredients: number, into = newFold()): Fold {
	const ingredients = moveEarlyRefills(fills, into.supply);
	if (ingredients === 1 && minIngredients === 1) joinSpans(into.supply, into.onHand);
	else overlapSpans(into.supply, minIngredients, into.onHand);
	cutSpans(stays, period.index, period.end, into.removed);
	if (into.removed.count > 0) pushPastStays(into.onHand, into.removed, into.counted);
	else copySpans(into.onHand, into.counted);
	return into;
}

/** Gives each fill its own days: it waits until earlier supply of the same ingredient is used up. Returns the number of ingredients. */
function moveEarlyRefills(fills: Fills, supply: Spans): number {
	const { count, day, days, ingredient } = fills;
	const { from, to } = supply;
	for (let i = 0; i < count; i++) nextFree[ingredient[i]!] = NEVER;
	let ingredients = 0;
	for (let i = 0; i < count; i++) {
		const which = ingredient[i]!;
		const free = nextFree[which]!;
		if (free === NEVER) ingredients++;
		const start = day[i]! > free ? day[i]! : free;
		const next = start + days[i]!;
		from[i] = start;
		to[i] = next - 1;
		nextFree[which] = next;
	}
	supply.count = count;
	return ingredients;
}

/** Joins spans that are in order and never overlap. */
function joinSpans(spans: Spans, joined: Spans): void {
	joined.count = 0;
	for (let i = 0; i < spans.count; i++) addSpan(joined, spans.from[i]!, spans.to[i]!);
}

/** The days on which at least `least` of the spans are open; spans of one ingredient never overlap each other. */
function overlapSpans(spans: Spans, least: number, overlap: Spans): void {
	overlap.count = 0;
	const count = spans.count;
	for (let i = 0; i < count; i++) {
		insert(starts, i, spans.from[i]!);
		insert(ends, i, spans.to[i]!);
	}
	let open = 0;
	let since = 0;
	for (let s = 0, e = 0; e < count;) {
		if (s < count && starts[s]! <= ends[e]!) {
			if (++open === least) since = starts[s]!;
			s++;
		} else {
			if (open-- === least) addSpan(overlap, since, ends[e]!);
			e++;
		}
	}
}

/** Keeps `sorted` in order while its value number `count` is added: nearly always at the end. */
function insert(sorted: number[], count: number, value: number): void {
	let i = count;
	for (; i > 0 && sorted[i - 1]! > value; i--) sorted[i]! = sorted[i - 1]!;
	sorted[i] = value;
}

/**
 * Walks the calendar from the first stay on: a stay day is taken out and, when covered, gives one day to carry; the carried days
 * fill the next uncovered days outside the stays, past the period's end if need be. Before the first stay nothing moves, nor after the
 * last one once nothing is carried.
 */
function pushPastStays(onHand: Spans, stays: Spans, counted: Spans): void {
	counted.count = 0;
	const first = stays.from[0]!;
	const last = stays.to[stays.count - 1]!;
	let h = 0;
	for (; h < onHand.count && onHand.from[h]! < first; h++) {
		addSpan(counted, onHand.from[h]!, Math.min(onHand.to[h]!, first - 1));
		if (onHand.to[h]! >= first) break;
	}
	let carried = 0;
	let s = 0;
	let day = first;
	for (; (day <= last && h < onHand.count) || carried > 0; day++) {
		while (h < onHand.count && onHand.to[h]! < day) h++;
		while (s < stays.count && stays.to[s]! < day) s++;
		const covered = h < onHand.count && onHand.from[h]! <= day;
		const inStay = s < stays.count && stays.from[s]! <= day;
		if (inStay) {
			if (covered) carried++;
		} else if (covered) {
			addSpan(counted, day, day);
		} else if (carried > 0) {
			carried--;
			addSpan(counted, day, day);
		}
	}
	for (; h < onHand.count; h++)
		if (onHand.to[h]! >= day) addSpan(counted, Math.max(onHand.from[h]!, day), onHand.to[h]!);
}

/** Adds a span that starts after the start of the last one; joins it to the last when they touch. */
function addSpan(spans: Spans, from: Day, to: Day): void {
	const last = spans.count - 1;
	if (last >= 0 && from <= spans.to[last]! + 1) {
		if (to > spans.to[last]!) spans.to[last]! = to;
		return;
	}
	spans.from[spans.count] = from;
	spans.to[spans.count] = to;
	spans.count++;
}

function cutSpans(spans: Spans, from: Day, to: Day, cut: Spans): void {
	cut.count = 0;
	for (let i = 0; i < spans.count; i++) {
		if (spans.from[i]! <= to && spans.to[i]! >= from) {
			addSpan(cut, Math.max(spans.from[i]!, from), Math.min(spans.to[i]!, to));
		}
	}
}

function copySpans(spans: Spans, copy: Spans): void {
	for (let i = 0; i < spans.count; i++) {
		copy.from[i] = spans.from[i]!;
		copy.to[i] = spans.to[i]!;
	}
	copy.count = spans.count;
}

/** Days of merged spans that lie in a span, both ends counted. */
export function daysWithin(spans: Spans, from: Day, to: Day): number {
	let days = 0;
	for (let i = 0; i < spans.count && spans.from[i]! <= to; i++) {
		if (spans.to[i]! >= from) days += Math.min(spans.to[i]!, to) - Math.max(spans.from[i]!, from) + 1;
	}
	return days;
}

/** Counts a fold's days with the stay adjustment (`stays` true) or as if there were no stays. */
export function countDays(fold: Fold, period: Period, stays: boolean): DayCount {
	const covered = stays ? fold.counted : fold.onHand;
	const through = Math.min(period.asOf, period.end);
	const removedDays = stays ? daysWithin(fold.removed, period.index, period.end) : 0;
	const removedSoFar = removedDays > 0 ? daysWithin(fold.removed, period.index, through) : 0;
	return {
		periodDays: spanDays(period.index, period.end) - removedDays,
		elapsedDays: spanDays(period.index, through) - removedSoFar,
		coveredDays: daysWithin(covered, period.index, through),
		removedDays,
		coveredToEnd: daysWithin(covered, period.index, period.end),
		runsOutOn: covered.count > 0 ? covered.to[covered.count - 1]! : null
	};
}

/**
 * Where a patient stands, in whole numbers: adherent when covered x 100 >= threshold x elapsed (R13); allowable days =
 * floor(period days x (100 - threshold) / 100) - missed; the state is the first that holds of secured, lost, last chance,
 * overdue, due soon, on track. The year's own default thresholds come from data/reference/adherence_measure.csv.
 */
export function standing(count: DayCount, period: Period, thresholdPercent: number, notice: Notice): Standing {
	const through = Math.min(period.asOf, period.end);
	const missedDays = count.elapsedDays - count.coveredDays;
	const allowable = Math.floor((count.periodDays * (100 - thresholdPercent)) / 100) - missedDays;
	const runsOutOn = count.runsOutOn ?? period.index - 1;
	const daysLate = Math.max(0, through - runsOutOn);
	const secured = count.coveredToEnd * 100 >= thresholdPercent * count.periodDays;
	const lastFill = Math.max(runsOutOn, period.asOf) + 1 + allowable;
	const state = secured
		? 'secured'
		: allowable < 0
			? 'lost'
			: allowable <= notice.lastChanceDays
				? 'last_chance'
				: daysLate >= 1
					? 'overdue'
					: runsOutOn <= period.asOf + notice.dueSoonDays
						? 'due_soon'
						: 'on_track';
	return {
		adherent: count.elapsedDays > 0 ? count.coveredDays * 100 >= thresholdPercent * count.elapsedDays : null,
		missedDays,
		allowableDaysRemaining: allowable,
		daysLate,
		lastImpactableOn: secured || allowable < 0 || lastFill > period.end ? null : lastFill,
		neededDays: Math.max(0, Math.ceil((thresholdPercent * count.periodDays) / 100) - count.coveredToEnd),
		state
	};
}
