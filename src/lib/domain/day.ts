/** A calendar day: whole days since 1 January 1970, without a time zone. */
export type Day = number;

const MILLISECONDS = 86_400_000;

/** Reads 'YYYY-MM-DD'; throws on anything that is not a day of the calendar. */
export function dayOf(iso: string): Day {
	const day = Date.parse(`${iso}T00:00:00Z`) / MILLISECONDS;
	if (!/^\d{4}-\d{2}-\d{2}$/.test(iso) || isoOf(day) !== iso)
		throw new RangeError(`"${iso}" is not a day (YYYY-MM-DD)`);
	return day;
}

/** Writes a day as 'YYYY-MM-DD'. */
export function isoOf(day: Day): string {
	return Number.isFinite(day) ? new Date(day * MILLISECONDS).toISOString().slice(0, 10) : '';
}

/** The calendar year a day is in. */
export function yearOf(day: Day): number {
	return new Date(day * MILLISECONDS).getUTCFullYear();
}

/** 1 January of a year. */
export function firstDayOf(year: number): Day {
	return Date.UTC(year, 0, 1) / MILLISECONDS;
}

/** 31 December of a year. */
export function lastDayOf(year: number): Day {
	return Date.UTC(year, 11, 31) / MILLISECONDS;
}

/** The last day of a month; January is 1. */
export function lastDayOfMonth(year: number, month: number): Day {
	return Date.UTC(year, month, 0) / MILLISECONDS;
}

/** Days of a span, both ends counted; 0 when it ends before it starts. */
export function spanDays(from: Day, to: Day): number {
	return to < from ? 0 : to - from + 1;
}
