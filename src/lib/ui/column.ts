import { markOf } from '$lib/domain/hidden';
import { count, day, decimal, percent, statusWords, type StatusName } from '$lib/domain/wording';

/** What a column holds; it gives the format and the side the cells stand on. */
export type ColumnKind = 'text' | 'count' | 'decimal' | 'percent' | 'day' | 'status' | 'yes_no' | 'custom';

export type Column = {
	key: string;
	label: string;
	kind?: ColumnKind;
	/** One sentence that a pointer or a reader of the head gets. */
	meaning?: string;
	/** The word of `sort=` in the address; no link without one. */
	sort?: string;
	/** Where the cell leads. */
	href?: (row: Record<string, unknown>) => string | null | undefined;
	/** Numbers stand right unless told otherwise. */
	align?: 'left' | 'right';
	/** Never broken into lines. */
	whole?: boolean;
};

export const isRight = (column: Column) =>
	column.align ? column.align === 'right' : ['count', 'decimal', 'percent'].includes(column.kind ?? 'text');

/** A cell as people read it: a hidden one as its mark, nothing there as a dash. */
export function cellText(column: Column, value: unknown, row?: object): string {
	const mark = markOf(row, column.key);
	if (mark !== null) return mark;
	if (value === null || value === undefined || value === '') return '–';
	switch (column.kind) {
		case 'count':
			return count(Number(value));
		case 'decimal':
			return decimal(Number(value));
		case 'percent':
			return percent(Number(value));
		case 'day':
			return day(String(value));
		case 'status':
			return statusWords[String(value) as StatusName] ?? String(value);
		case 'yes_no':
			return value ? 'yes' : 'no';
		default:
			return Array.isArray(value) ? value.join(', ') : String(value);
	}
}
