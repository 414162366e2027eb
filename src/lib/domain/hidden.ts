import { count, percent } from './wording';

/** A count that may be hidden; null then, and `hidden` of its row says what stands in its place. */
export type Cell = number | null;

/** A row some of whose cells are hidden: by column, "<11" for a small count and "hidden" for one that would tell a small count. */
export type Released = { hidden?: Record<string, string> };

/** What stands in the place of a hidden cell; null when it is not hidden. */
export const markOf = (row: object | null | undefined, column: string): string | null =>
	(row as Released | null | undefined)?.hidden?.[column] ?? null;

/** True when one of the columns is hidden. */
export const hides = (row: object | null | undefined, ...columns: string[]): boolean =>
	columns.some((column) => markOf(row, column) !== null);

/** A count as people read it, or the mark in its place. */
export const cellCount = <R extends object>(row: R, column: keyof R & string): string =>
	markOf(row, column) ?? count(row[column] as Cell);

/** A count with its noun, or the mark in its place: "<11 patients". */
export const cellPlural = <R extends object>(row: R, column: keyof R & string, one: string, many = `${one}s`): string =>
	`${cellCount(row, column)} ${row[column] === 1 ? one : many}`;

/** One count over another as a share; null when either is hidden or nobody is counted. */
export const shareOf = (numerator: Cell, denominator: Cell): number | null =>
	numerator === null || !denominator ? null : numerator / denominator;

/** One count over another as a percentage; "hidden" when either is hidden, "not computable" when nobody is counted. */
export function cellRate<R extends object>(row: R, numerator: keyof R & string, denominator: keyof R & string): string {
	if (hides(row, numerator, denominator)) return 'hidden';
	return percent(shareOf(row[numerator] as Cell, row[denominator] as Cell));
}

/** The row with marks in the place of hidden cells, as files carry it. */
export function withMarks<R extends object>(row: R): R {
	const { hidden, ...rest } = row as R & Released;
	return (hidden ? { ...rest, ...hidden } : row) as R;
}

/** The sum of a column; null when one of its cells is hidden. */
export const cellSum = <R extends object>(rows: R[], column: keyof R & string): Cell =>
	rows.some((row) => hides(row, column)) ? null : rows.reduce((sum, row) => sum + (row[column] as number), 0);

/** What a mark means, for the pointer and for notes. */
export const markMeaning = (mark: string): string =>
	mark === 'hidden'
		? 'Not shown: it would tell a count of few people.'
		: `A count of few people (${mark}) is not shown, to protect them.`;

/** The note under a table or picture with hidden cells. */
export const hiddenNote =
	'Counts of 1 to 10 people read "<11" and are not shown; "hidden" stands where a number would tell such a count. Zero is shown.';
