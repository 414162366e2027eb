const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const thin = '\u2009';
const minus = '\u2212';

/** A whole number with thin spaces in its thousands: 12406 -> "12 406"; null reads "not computable". */
export function count(value: number | null | undefined): string {
	if (value === null || value === undefined || !Number.isFinite(value)) return 'not computable';
	const digits = String(Math.abs(Math.round(value))).replace(/\B(?=(\d{3})+$)/g, thin);
	return value < 0 && digits !== '0' ? minus + digits : digits;
}

/** A number with so many decimals, thin spaces and a minus sign; null reads "not computable". */
export function decimal(value: number | null | undefined, places = 1): string {
	if (value === null || value === undefined || !Number.isFinite(value)) return 'not computable';
	const [whole = '0', part] = Math.abs(value).toFixed(places).split('.');
	const text = whole.replace(/\B(?=(\d{3})+$)/g, thin) + (part ? `.${part}` : '');
	return value < 0 && Number(text.replaceAll(thin, '')) !== 0 ? minus + text : text;
}

/**
 * A share (0..1) as a percentage with one decimal: 0.8204 -> "82.0%". A share short of 80% never reads "80.0%":
 * below a threshold it is cut, not rounded up.
 */
export function percent(share: number | null | undefined, places = 1): string {
	return share === null || share === undefined || !Number.isFinite(share)
		? 'not computable'
		: `${percentNumber(share, places)}%`;
}

/** As `percent`, without the sign. */
export function percentNumber(share: number, places = 1): string {
	const rounded = Number((share * 100).toFixed(places));
	const crossed = [80, 90, 100].some((line) => share * 100 < line - 1e-9 && rounded >= line);
	return (crossed ? rounded - 10 ** -places : rounded).toFixed(places);
}

/** A numerator over a denominator as a percentage; "not computable" when nobody is counted. */
export const rate = (numerator: number, denominator: number, places = 1) =>
	denominator > 0 ? percent(numerator / denominator, places) : 'not computable';

/** A difference of two shares (0..1) in points: "+1.2 points", "−0.4 points". */
export function points(difference: number | null | undefined): string {
	if (difference === null || difference === undefined || !Number.isFinite(difference)) return 'not computable';
	const text = decimal(difference * 100, 1);
	return `${difference > 0 && text !== '0.0' ? '+' : ''}${text} points`;
}

/** A calendar day as people read it: "2026-09-30" -> "30 Sep 2026" (no-break spaces); null reads as a dash. */
export function day(iso: string | null | undefined): string {
	if (!iso) return '–';
	const [year, month, date] = iso.slice(0, 10).split('-');
	return `${Number(date)}\u00a0${months[Number(month) - 1]}\u00a0${year}`;
}

/** A calendar day without its year: "30 Sep". */
export function shortDay(iso: string | null | undefined): string {
	return iso ? day(iso).slice(0, -5) : '–';
}

/** The short name of month 1..12. */
export const monthName = (month: number) => months[month - 1] ?? '';

/** The calendar day so many days after another. */
export function dayAfter(iso: string, days: number): string {
	return new Date(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Days from one calendar day to another. */
export function daysBetween(from: string, to: string): number {
	return Math.round(
		(Date.parse(`${to.slice(0, 10)}T00:00:00Z`) - Date.parse(`${from.slice(0, 10)}T00:00:00Z`)) / 86_400_000
	);
}

/** A count with its noun: "1 patient", "12 406 patients". */
export const plural = (value: number, one: string, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** The state of a patient in a measure, in the order of the rule, with the words people read. */
export const statusWords = {
	secured: 'Secured',
	on_track: 'On track',
	due_soon: 'Due soon',
	overdue: 'Overdue',
	last_chance: 'Last chance',
	lost: 'Lost for year',
	not_yet_in_measure: 'Not yet in measure',
	excluded: 'Excluded'
} as const;

export type StatusName = keyof typeof statusWords;

/** One sentence on what a status means. */
export const statusMeaning: Record<StatusName, string> = {
	secured: 'Supply on hand already reaches 80% of the period, whatever happens next.',
	on_track: 'Has supply for more than a week and days to spare.',
	due_soon: 'Supply runs out within 7 days.',
	overdue: 'Supply has run out; a fill still helps.',
	last_chance: '7 or fewer days can still be missed.',
	lost: 'Cannot reach 80% this year; may still need care.',
	not_yet_in_measure: 'A later fill could still bring the patient into the measure.',
	excluded: 'Not counted, for the reason given.'
};

/** Why a patient is not counted, in words. */
export const excludedWords: Record<string, string> = {
	not_enrolled: 'Not on an enrolment file',
	under_18: 'Under 18 on 1 January',
	under_40: 'Under 40 on 1 January',
	hospice: 'Hospice in the year',
	esrd: 'End-stage renal disease or dialysis in the year',
	insulin: 'Insulin filled in the treatment period',
	sacubitril_valsartan: 'Sacubitril/valsartan filled in the treatment period',
	other_anticoagulant: 'Another anticoagulant filled in the treatment period',
	coverage_gap: 'Gap in coverage inside the treatment period',
	one_fill_date: 'Fills on one day only',
	short_period: 'Treatment period under 91 days',
	stays_cover_period: 'Hospital or nursing facility stays cover the whole period'
};
