import { yearOf, type Day } from '$lib/domain/day';

const length = 86_400_000;
const written: string[] = [];
/** Days before this one (1905) are written without the table. */
const tableFrom = -23_741;

/** The number of a day of the calendar; months count from 1. */
export const dayOf = (year: number, month: number, day: number): Day => Date.UTC(year, month - 1, day) / length;

/** A day as YYYY-MM-DD. */
export function iso(day: Day): string {
	const at = day - tableFrom;
	if (at < 0) return new Date(day * length).toISOString().slice(0, 10);
	return (written[at] ??= new Date(day * length).toISOString().slice(0, 10));
}

/** A day as YYYY-MM-DD, or nothing. */
export const isoOrNone = (day: Day | null): string => (day === null ? '' : iso(day));

export const monthOf = (day: Day): number => new Date(day * length).getUTCMonth() + 1;
/** 0 for Sunday to 6 for Saturday. */
export const weekdayOf = (day: Day): number => (((day + 4) % 7) + 7) % 7;
export const monthEnd = (day: Day): Day => {
	const at = new Date(day * length);
	return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0) / length;
};
/** The same day of an earlier or later year (29 February becomes 1 March). */
export const addYears = (day: Day, years: number): Day => {
	const at = new Date(day * length);
	return Date.UTC(at.getUTCFullYear() + years, at.getUTCMonth(), at.getUTCDate()) / length;
};
/** Whole years lived on a day. */
export function ageOn(birth: Day, day: Day): number {
	const years = yearOf(day) - yearOf(birth);
	return addYears(birth, years) > day ? years - 1 : years;
}
/** Minutes since midnight as HH:MM. */
export const clock = (minutes: number): string =>
	`${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** First day of the demo's claims. */
export const firstDay = dayOf(2024, 1, 1);
/** Last day of the demo's claims; fixed, so that the demo is the same on every day it is made. */
export const lastDay = dayOf(2026, 9, 30);
/** Last day that coverage is known for. */
export const coverageEnd = dayOf(2026, 12, 31);
