import { cellCount, cellPlural, cellRate, hides, type Cell, type Released } from './hidden';
import { neededToGoal } from './interval';
import { count, dayAfter, percent, plural, rate, shortDay, type StatusName } from './wording';

/** A measure of the adherence family in words, as the panel measure_family gives it. */
export type MeasureWords = {
	measure: string;
	base_measure: string;
	title: string;
	short_title: string;
	drug_word: string;
	threshold_percent: number;
	is_star: boolean;
	in_pharmacy_view: boolean;
};

/** One measure of a population in numbers, as the panel headline gives it; rates are shares, hidden cells null. */
export type Headline = Released & {
	measure: string;
	year: number;
	as_of: string;
	patients: Cell;
	denominator: Cell;
	numerator: Cell;
	rate: number | null;
	lower: number | null;
	upper: number | null;
	secured: Cell;
	on_track: Cell;
	due_soon: Cell;
	overdue: Cell;
	last_chance: Cell;
	lost: Cell;
	not_yet_in_measure: Cell;
	excluded: Cell;
	floor_rate: number | null;
	ceiling_rate: number | null;
	below_and_recoverable: Cell;
	must_fill_within_week: Cell;
};

/** A published cut point: the least rate (a share) for so many stars. */
export type CutPoint = {
	measure: string;
	ratings_year: number;
	measure_year: number;
	plan_type: string;
	stars: number;
	minimum: number;
	source: string;
	is_goal: boolean;
};

/** The statuses of patients who are counted, in the order of the bar. */
export const countedStatuses = [
	'secured',
	'on_track',
	'due_soon',
	'overdue',
	'last_chance',
	'lost'
] as const satisfies StatusName[];

/** The goal of a measure (a share): the least rate for four stars of the latest MA-PD cut points; null without one. */
export const goalOf = (cuts: CutPoint[], measure: string) =>
	cuts.find((cut) => cut.measure === measure && cut.is_goal)?.minimum ?? null;

/** A measure whose rate is shown. */
export type Rated = Headline & { numerator: number; denominator: number };

/** True when numerator and denominator are shown. */
export const isRated = (line: Headline): line is Rated => line.numerator !== null && line.denominator !== null;

/** True when so few people are meant, or would follow, that nothing of the measure is shown. */
export const isTooFew = (line: Headline): boolean => hides(line, 'denominator');

/** "Statins: 82.0%, 21 patients short of 87%". */
export function measureFinding(words: MeasureWords, line: Headline | undefined, goal: number | null): string {
	if (!line || line.denominator === 0) return `${words.short_title}: nobody is in the measure yet`;
	if (isTooFew(line)) return `${words.short_title}: too few patients to show`;
	if (!isRated(line)) return `${words.short_title}: ${cellPlural(line, 'denominator', 'patient')}, rate not shown`;
	const value = rate(line.numerator, line.denominator);
	if (goal === null)
		return `${words.short_title}: ${value}, ${count(line.numerator)} of ${count(line.denominator)} patients`;
	const needed = neededToGoal(goal, line.numerator, line.denominator);
	return needed > 0
		? `${words.short_title}: ${value}, ${plural(needed, 'patient')} short of ${percent(goal, 0)}`
		: `${words.short_title}: ${value}, goal of ${percent(goal, 0)} reached`;
}

/** What the filters on outcomes leave: "Statins: 14 patients match the filters, 3 at 80% or above". A rate of them would say nothing. */
export function narrowedFinding(words: MeasureWords, line: Headline): string {
	if (isTooFew(line)) return `${words.short_title}: too few patients to show`;
	return `${words.short_title}: ${cellPlural(line, 'denominator', 'patient')} counted ${line.denominator === 1 ? 'matches' : 'match'} the filters, ${cellCount(line, 'numerator')} at ${words.threshold_percent}% or above`;
}

/** True when the as-of day is the last of the measurement year or later: nothing can be changed any more. */
export const yearIsOver = (line: Headline) => line.as_of >= `${line.year}-12-31`;

/** The last day of the week after the as-of day. */
export const weekEnd = (asOf: string) => dayAfter(asOf, 7);

/**
 * The measures of Home: the Star measures; their pharmacy views that count anybody when no Star measure does, as for a chain that has dispensing records and no eligibility file.
 */
export function homeMeasures(words: MeasureWords[], lines: Headline[]): MeasureWords[] {
	const counts = (word: MeasureWords) => lines.some((line) => line.measure === word.measure && line.denominator !== 0);
	const star = words.filter((word) => word.is_star);
	const views = words.filter(
		(word) => word.in_pharmacy_view && star.some((one) => one.measure === word.base_measure) && counts(word)
	);
	return views.length && !star.some(counts) ? views : star;
}

/** The one sentence of Home: the measure furthest from its goal, and how many must fill within a week. */
export function homeFinding(words: MeasureWords[], lines: Headline[], cuts: CutPoint[]): string {
	const counted = words.flatMap((word) => {
		const line = lines.find((one) => one.measure === word.measure);
		const goal = goalOf(cuts, word.measure);
		return line && isRated(line) && line.denominator > 0 && goal !== null
			? [{ word, line, needed: neededToGoal(goal, line.numerator, line.denominator) }]
			: [];
	});
	const first = [...counted].sort((a, b) => b.needed - a.needed)[0];
	if (!first) {
		const [line] = words
			.flatMap((word) => lines.filter((one) => one.measure === word.measure && one.denominator !== 0))
			.sort((a, b) => (b.must_fill_within_week ?? 0) - (a.must_fill_within_week ?? 0));
		if (!line) return 'No measure has patients yet';
		if (isTooFew(line)) return 'Too few patients to show';
		const word = words.find((one) => one.measure === line.measure)!;
		return `${word.short_title}: ${cellRate(line, 'numerator', 'denominator')}${
			line.must_fill_within_week !== 0
				? `; ${cellCount(line, 'must_fill_within_week')} must fill by ${shortDay(weekEnd(line.as_of))}`
				: ''
		}`;
	}
	if (first.needed === 0)
		return counted.length > 1
			? `All ${counted.length} measures are at their goal`
			: `${first.word.short_title}: at its goal`;
	return `${first.word.short_title} ${first.word.short_title.endsWith('s') && first.word.short_title !== 'Diabetes' ? 'are' : 'is'} ${plural(first.needed, 'patient')} short of goal${
		first.line.must_fill_within_week !== 0
			? `; ${cellCount(first.line, 'must_fill_within_week')} must fill by ${shortDay(weekEnd(first.line.as_of))}`
			: ''
	}`;
}
