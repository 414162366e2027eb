import type { Day } from '$lib/domain/day';
import {
	countDays,
	foldFills,
	newFold,
	standing,
	type DayCount,
	type Notice,
	type Period,
	type Spans
} from '$lib/domain/fold';
import { ClassFills, type Attribution } from './class_fills';
import { EXCLUSION, VIEW, type ClassRows } from './class_rows';
import { columns, flag, FoldRows, states } from './fold_table';
import { UNKNOWN, type FillVector, type PatientRange } from './patient_range';

/** What the fold leans on: by measure number its threshold and least ingredients on hand, the years, and the settings. */
export type FoldRules = {
	measures: { threshold: number; minIngredients: number }[];
	years: Map<number, YearRule>;
	notice: Notice;
	attribution: Attribution;
	/** Days that a fill may wait for earlier supply before the data are doubted. */
	pileUpDays: number;
};
/** A measurement year: its days, and whether stays are adjusted for in the main result. */
export type YearRule = { first: Day; last: Day; adjust: boolean; monthEnds: Day[] };

/** The running fold: takes fills in order, keeps the open classes of one patient, and writes a row for each when the patient ends. */
export class Folding {
	readonly first: Day;
	readonly last: Day;
	private readonly yearOfDay: Int16Array;
	private readonly fold = newFold();
	private readonly stays: Spans = { count: 0, from: [], to: [] };
	private readonly byMeasure: ClassFills[] = [];
	private readonly open: ClassFills[] = [];
	private patient = -1;

	constructor(
		private readonly rules: FoldRules,
		private readonly classes: ClassRows,
		private readonly asOf: Day,
		private readonly rows: FoldRows
	) {
		const years = [...rules.years.values()];
		this.first = Math.min(...years.map((year) => year.first));
		this.last = Math.max(...years.map((year) => year.last));
		this.yearOfDay = new Int16Array(this.last - this.first + 1);
		for (const [year, { first, last }] of rules.years)
			this.yearOfDay.fill(year, first - this.first, last - this.first + 1);
	}

	/** Takes fills in order of patient and day; their days lie between first and last. */
	take(range: PatientRange, { keys, payloads }: FillVector): void {
		const { yearOfDay, first } = this;
		const { start, measure: measures, ingredient: ingredients, from, to } = this.classes;
		for (let i = 0; i < keys.length; i += 2) {
			const low = keys[i]!;
			const high = keys[i + 1]!;
			const year = yearOfDay[high & 32767]!;
			if (year === 0) continue;
			const patient = range.firstPatient + (high >>> 15);
			if (patient !== this.patient) {
				this.closePatient(range);
				this.patient = patient;
			}
			const day = first + (high & 32767);
			const days = low & 511;
			const ndc = (low >>> 9) & 0xfffff;
			const isEnrolled = (low & 0x20000000) !== 0;
			const inView = (low & 0x40000000) !== 0;
			const end = start[ndc + 1]!;
			let countedIn = -1;
			for (let r = start[ndc]!; r < end; r++) {
				if (day < from[r]! || day > to[r]!) continue;
				const measure = measures[r]!;
				const isView = measure >= VIEW;
				if (isView && !inView) continue;
				const ingredient = ingredients[r]!;
				const group = this.classOf(range, measure, year);
				const isCovered = isEnrolled || isView;
				if (ingredient === EXCLUSION) {
					if (isCovered) group.lastExclusion = day;
					continue;
				}
				group.hasTarget = true;
				if (!isCovered) continue;
				group.add(day, days, ingredient);
				if (countedIn === measure) continue;
				countedIn = measure;
				group.count(day, days, ingredient, payloads[i]! & 0xffffff, payloads[i]! >>> 24, payloads[i + 1]!);
			}
		}
	}

	/** The open class of a measure in a year; an open one of another year is written first. */
	private classOf(range: PatientRange, measure: number, year: number): ClassFills {
		const group = (this.byMeasure[measure] ??= new ClassFills(measure));
		if (group.year !== year) {
			if (group.year === 0) this.open.push(group);
			else this.write(range, group);
			group.begin(year);
		}
		return group;
	}

	/** Ends the open classes of the patient, if any, and writes their rows. */
	closePatient(range: PatientRange): void {
		for (const group of this.open) {
			this.write(range, group);
			group.year = 0;
		}
		this.open.length = 0;
		this.patient = -1;
	}

	private write(range: PatientRange, group: ClassFills): void {
		if (!group.hasTarget) return;
		const { patient } = this;
		const { measure, fills } = group;
		const row = this.rows.open();
		const out = this.rows.out;
		const kind = measure | (group.year << 8);
		let column = 0;
		out[column++]![row] = patient;
		if (fills.count === 0) {
			out[column++]![row] = kind;
			for (; column < columns.length; column++) out[column]![row] = UNKNOWN;
			return;
		}
		const rule = this.rules.measures[measure]!;
		const year = this.rules.years.get(group.year)!;
		const isView = measure >= VIEW;
		const index = fills.day[0]!;
		const end = isView ? this.viewEnd(range, index, year) : this.periodEnd(range, index, year);
		const hasGap = !isView && this.hasGap(range, index, end);
		const period: Period = { index, end, asOf: this.asOf };
		const fold = foldFills(fills, this.staysOf(range, isView), period, rule.minIngredients, this.fold);
		const plain = countDays(fold, period, false);
		const adjusted = fold.removed.count > 0 ? countDays(fold, period, true) : plain;
		const main = year.adjust ? adjusted : plain;
		const stand = standing(main, period, rule.threshold, this.rules.notice);
		const pharmacy = group.pharmacies.largest(this.rules.attribution);
		const prescriber = group.prescribers.largest(this.rules.attribution);
		const adherent = (count: DayCount) =>
			count.elapsedDays > 0 && count.coveredDays * 100 >= rule.threshold * count.elapsedDays;
		const flags =
			states.indexOf(stand.state) |
			(hasGap ? flag.gap : 0) |
			(group.lastExclusion >= index ? flag.exclusion : 0) |
			(adherent(main) ? flag.adherent : 0) |
			(adherent(plain) ? flag.adherentWithoutStays : 0) |
			(adherent(adjusted) ? flag.adherentWithStays : 0);
		out[column++]![row] = kind | (flags << 20);
		out[column++]![row] = index;
		out[column++]![row] = end;
		out[column++]![row] = group.fillDays | (group.counted << 9);
		out[column++]![row] = pharmacy ? pharmacy.fills : UNKNOWN;
		out[column++]![row] = this.longWaits(group, end);
		out[column++]![row] = three(main.elapsedDays, main.coveredDays, main.removedDays);
		out[column++]![row] = three(plain.coveredDays, adjusted.coveredDays, adjusted.periodDays);
		out[column++]![row] = stand.allowableDaysRemaining;
		out[column++]![row] = main.runsOutOn ?? UNKNOWN;
		out[column++]![row] = stand.daysLate;
		out[column++]![row] = stand.lastImpactableOn ?? UNKNOWN;
		out[column++]![row] = this.months(period, year, rule.threshold);
		out[column++]![row] = pharmacy ? pharmacy.no : UNKNOWN;
		out[column++]![row] = prescriber ? prescriber.no : UNKNOWN;
		out[column++]![row] = isView ? UNKNOWN : this.planOn(range, end);
		out[column++]![row] = group.lastFill;
		out[column]![row] = group.lastIngredient | (group.lastDays << 8) | (group.lastRefills << 17);
	}

	/** The end of the treatment period (R3): the last covered day of the year, from the index on. */
	private periodEnd(range: PatientRange, index: Day, year: YearRule): Day {
		range.coverage.seek(this.patient);
		const { start, end, spans } = range.coverage;
		let last = index;
		for (let i = start; i < end; i++)
			if (spans.from[i]! <= year.last && spans.to[i]! >= index) last = Math.min(spans.to[i]!, year.last);
		return last;
	}

	/** Whether the span of coverage that holds the index ends before the period does (R6). */
	private hasGap(range: PatientRange, index: Day, periodEnd: Day): boolean {
		const { start, end, spans } = range.coverage;
		for (let i = start; i < end; i++)
			if (spans.from[i]! <= index && spans.to[i]! >= index) return spans.to[i]! < periodEnd;
		return index < periodEnd;
	}

	/** In the pharmacy view coverage is assumed to the end of the year, or to death where it is known. */
	private viewEnd(range: PatientRange, index: Day, year: YearRule): Day {
		range.deaths.seek(this.patient);
		const { start, end, spans } = range.deaths;
		return start < end ? Math.max(index, Math.min(year.last, spans.from[start]!)) : year.last;
	}

	/** The patient's stays; the pharmacy view knows none. */
	private staysOf(range: PatientRange, isView: boolean): Spans {
		this.stays.count = 0;
		if (isView) return this.stays;
		range.stays.seek(this.patient);
		const { start, end, spans } = range.stays;
		for (let i = start; i < end; i++) {
			this.stays.from[i - start] = spans.from[i]!;
			this.stays.to[i - start] = spans.to[i]!;
		}
		this.stays.count = end - start;
		return this.stays;
	}

	/** The plan that covers a day; where several do, the one that began last. */
	private planOn(range: PatientRange, day: Day): number {
		range.roster.seek(this.patient);
		const { start, end, spans } = range.roster;
		let plan = UNKNOWN;
		for (let i = start; i < end; i++) if (spans.from[i]! <= day && spans.to[i]! >= day) plan = spans.code[i]!;
		return plan;
	}

	/** Fills that start to count inside the period, but only long after they were dispensed. */
	private longWaits({ fills }: ClassFills, periodEnd: Day): number {
		const { supply } = this.fold;
		let waits = 0;
		for (let i = 0; i < fills.count; i++)
			if (supply.from[i]! - fills.day[i]! > this.rules.pileUpDays && supply.from[i]! <= periodEnd) waits++;
		return waits;
	}

	/** Adherence to date at each month's end: bits 0 to 11 adherent, 12 to 23 counted (begun by then and not after the as-of month). */
	private months(period: Period, year: YearRule, threshold: number): number {
		const { asOf } = this;
		const { monthEnds } = year;
		const { index, end } = period;
		const covered = year.adjust ? this.fold.counted : this.fold.onHand;
		const removed = this.fold.removed;
		const isAdjusted = year.adjust && removed.count > 0;
		let bits = 0;
		let at = 0;
		let whole = 0;
		for (let month = 0; month < 12; month++) {
			const monthEnd = monthEnds[month]!;
			if (index > monthEnd) continue;
			if (month > 0 && monthEnds[month - 1]! >= asOf) break;
			const through = Math.min(monthEnd, asOf, end);
			while (at < covered.count && covered.to[at]! <= through) {
				whole += covered.to[at]! - covered.from[at]! + 1;
				at++;
			}
			const days = whole + (at < covered.count && covered.from[at]! <= through ? through - covered.from[at]! + 1 : 0);
			let elapsed = through - index + 1;
			if (isAdjusted)
				for (let i = 0; i < removed.count && removed.from[i]! <= through; i++)
					elapsed -= Math.min(removed.to[i]!, through) - removed.from[i]! + 1;
			bits |= 4096 << month;
			if (elapsed > 0 && days * 100 >= threshold * elapsed) bits |= 1 << month;
		}
		return bits;
	}
}

/** Three numbers of days in a year in one. */
const three = (low: number, middle: number, high: number): number => low | (middle << 10) | (high << 20);
