import { shareOf, type Cell, type Released } from './hidden';
import type { Problem } from './population';
import { monthName, percent, points } from './wording';

/** PDC to date at the end of one month: who was adherent of those counted, this year and last. */
export type TrendMonth = Released & {
	measure: string;
	month: number;
	numerator: Cell;
	denominator: Cell;
	last_numerator: Cell;
	last_denominator: Cell;
};

/** What a rate is compared with: the same month of the year before, the month before, the goal, or nothing. */
export const comparisons = ['py', 'prev', 'goal', 'none'] as const;
export type Comparison = (typeof comparisons)[number];

/** Each comparison as a reader calls it. */
export const comparisonWords: Record<Comparison, string> = {
	py: 'Same month last year',
	prev: 'Month before',
	goal: 'Goal',
	none: 'Nothing'
};

/** Fewest patients of a month whose rate is compared. */
const leastCompared = 11;

/** The comparison that an address asks for (`cmp`): the year before when it asks for none, or for one that does not exist, which is then told as a problem. */
export function readComparison(words: URLSearchParams): { comparison: Comparison; problems: Problem[] } {
	const value = words.get('cmp') ?? 'py';
	const comparison = comparisons.find((one) => one === value);
	if (comparison) return { comparison, problems: [] };
	const why = `"${value}" is nothing to compare with; there are ${comparisons.join(', ')}`;
	return { comparison: 'py', problems: [{ key: 'cmp', value, why }] };
}

const rateOf = (numerator: number | null, denominator: number | null): number | null =>
	(denominator ?? 0) < leastCompared ? null : shareOf(numerator, denominator);

/** The rate of a month and the one it is compared with, as shares; null where fewer than 11 are counted, a number is hidden, or there is none. */
function compared(months: TrendMonth[], month: number, comparison: Comparison, goal: number | null) {
	const line = months.find((one) => one.month === month);
	const before = months.find((one) => one.month === month - 1);
	const now = line ? rateOf(line.numerator, line.denominator) : null;
	const other = {
		py: line ? rateOf(line.last_numerator, line.last_denominator) : null,
		prev: before ? rateOf(before.numerator, before.denominator) : null,
		goal,
		none: null
	}[comparison];
	return { now, other };
}

/** The difference of a month's rate from what it is compared with, as a share; null where either is not known or not shown. */
export function differenceOf(
	months: TrendMonth[],
	month: number,
	comparison: Comparison,
	goal: number | null
): number | null {
	const { now, other } = compared(months, month, comparison, goal);
	return now === null || other === null ? null : now - other;
}

/**
 * How PDC to date stands at the end of a month beside what it is compared with, without a full stop: "1.2 points lower than a year before
 * (83.2%)". `months` are one measure's, `goal` a share. Null when nothing is to be compared, or the month's own rate is not shown.
 */
export function comparedWords(
	months: TrendMonth[],
	month: number,
	comparison: Comparison,
	goal: number | null
): string | null {
	const { now, other } = compared(months, month, comparison, goal);
	if (now === null || comparison === 'none') return null;
	const name = comparison === 'py' ? 'a year before' : `at the end of ${monthName(month - 1)}`;
	if (other === null)
		return comparison === 'goal'
			? 'no cut point gives it a goal'
			: comparison === 'prev' && month === 1
				? 'PDC to date begins anew each January, so there is no month before'
				: `no rate ${name} is shown to compare with`;
	const size = points(Math.abs(now - other)).replace('+', '');
	const [lower, higher, same] =
		comparison === 'goal'
			? ['below', 'above', 'at'].map((word) => `${word} the goal of ${percent(other, 0)}`)
			: [`lower than ${name} (${percent(other)})`, `higher than ${name} (${percent(other)})`, `the same as ${name}`];
	return Math.abs(now - other) < 0.0005 ? same! : `${size} ${now < other ? lower : higher}`;
}

/** How a measure stands at the end of its last whole month, in a sentence: "At the end of Sep 82.0%, 1.2 points lower than a year before (83.2%)." Null when there is nothing to tell. */
export function changeSentence(
	months: TrendMonth[],
	month: number,
	comparison: Comparison,
	goal: number | null
): string | null {
	const line = months.find((one) => one.month === month);
	const words = comparedWords(months, month, comparison, goal);
	if (!line || words === null) return null;
	return `At the end of ${monthName(month)} ${percent(shareOf(line.numerator, line.denominator)!)}, ${words}.`;
}
