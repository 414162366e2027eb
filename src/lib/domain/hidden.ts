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

const at = (row: object, column: string): Cell => (row as Record<string, Cell>)[column] ?? null;

/** A count as people read it, or the mark in its place. */
export const cellCount = (row: object, column: string): string => markOf(row, column) ?? count(at(row, column));

/** A count with its noun, or the mark in its place: "<11 patients". */
export const cellPlural = (row: object, column: string, one: string, many = `${one}s`): string =>
	`${cellCount(row, column)} ${at(row, column) === 1 ? one : many}`;

/** One count over another as a share; null when either is hidden or nobody is counted. */
export const shareOf = (numerator: Cell, denominator: Cell): number | null =>
	numerator === null || !denominator ? null : numerator / denominator;

/** One count over another as a percentage; "hidden" when either is hidden, "not computable" when nobody is counted. */
export function cellRate(row: object, numerator: string, denominator: string): string {
	if (hides(row, numerator, denominator)) return 'hidden';
	return percent(shareOf(at(row, numerator), at(row, denominator)));
}

/** The row with marks in the place of hidden cells, as files carry it. */
export function withMarks<R extends object>(row: R): R {
	const { hidden, ...rest } = row as R & Released;
	return (hidden ? { ...rest, ...hidden } : row) as R;
}

/** The sum of a column; null when one of its cells is hidden. */
export const cellSum = (rows: object[], column: string): Cell =>
	rows.some((row) => hides(row, column)) ? null : rows.reduce((sum, row) => sum + (at(row, column) ?? 0), 0);

/** What a mark means, for the pointer and for notes. */
export const markMeaning = (mark: string): string =>
	mark === 'hidden'
		? 'Not shown: it would tell a count of few people.'
		: `A count of few people (${mark}) is not shown, to protect them.`;

/** The note under a table or picture with hidden cells. */
export const hiddenNote =
	'Counts of 1 to 10 people read "<11" and are not shown; "hidden" stands where a number would tell such a count. Zero is shown.';
