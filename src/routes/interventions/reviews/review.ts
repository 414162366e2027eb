import { percent, plural } from '$lib/domain/wording';

/** A row of the panel review_measures. */
export type MtmMeasure = {
	measure: string;
	rows: number | null;
	patients: number | null;
	denominator: number | null;
	numerator: number | null;
	median: number | null;
	hidden?: Record<string, string>;
};
/** A row of the panel review_left_out; those counted have no reason. */
export type LeftOut = { left_out_because: string | null; rows: number | null; patients: number | null };
/** A row of the panel review_groups. */
export type ReviewGroup = {
	value: string | null;
	label: string | null;
	patients: number | null;
	denominator: number | null;
	numerator: number | null;
};
/** A row of the panel review_tries: reviews tried and what became of them; a hidden count is null. */
export type TriedGroup = {
	value: string | null;
	label: string | null;
	patients: number | null;
	tries: number | null;
	completed: number | null;
	refused: number | null;
	unable_to_reach: number | null;
	no_show: number | null;
	hidden?: Record<string, string>;
};
/** A row of the panel review_reasons, which is asked only where small counts are shown. */
export type TriedReason = {
	value: string | null;
	label: string | null;
	status: 'refused' | 'unable_to_reach' | 'no_show';
	reason_word: string | null;
	tries: number;
	patients: number;
};
/** A row of the panel review_pace; month 0 holds those without a review. */
export type PaceRow = { month: number; rows: number | null; can_still: number | null; patients: number | null };
/** The row of the panel review_attempts. */
export type Attempts = {
	open: number | null;
	refused: number | null;
	unable_to_reach: number | null;
	no_show: number | null;
	offered: number | null;
	never_offered: number | null;
};
/** How far those came whom CMR completion counts; reached: had a review or refused one. A number that would tell a hidden one is null. */
export function reviewPath(completion: MtmMeasure | undefined, attempts: Attempts | undefined) {
	const { denominator: identified, numerator: reviewed } = completion ?? { denominator: 0, numerator: 0 };
	const { never_offered, refused } = attempts ?? { never_offered: null, refused: null };
	return {
		identified,
		offered: identified === null || never_offered === null ? null : identified - never_offered,
		reached: reviewed === null || refused === null ? null : reviewed + refused,
		reviewed
	};
}
/** A row of the panel reviews_due. Days are null where they are not shown. */
export type DueRow = {
	pid: string;
	patient_id: string | null;
	first_name: string | null;
	last_name: string | null;
	phone: string | null;
	has_phone: boolean;
	best_time: string | null;
	language: string | null;
	do_not_contact: boolean | null;
	age: number | string | null;
	plan: string | null;
	contract_id: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	enrolled_on: string | number | null;
	offered_on: string | number | null;
	/** The last offer of an earlier year. */
	last_offered_on: string | number | null;
	offer_due_on: string | number | null;
	review_due_on: string | null;
	refused: number;
	unable_to_reach: number;
	no_show: number;
	last_attempt_on: string | number | null;
	cognitively_impaired: boolean | null;
	ltc_resident: boolean | null;
};

/** A day on which first reviews were completed, counted from enrolment: how many still waited, how many were held, the share reviewed by then. */
export type ReviewDay = { days: number; at_risk: number; reviews: number; share: number };

/** "Half are reviewed within 83 days of enrolment; 41.0% by day 60." by Kaplan-Meier; who is still enrolled counts as waiting. */
export function reviewTimeWords(days: ReviewDay[]): string {
	if (!days.length) return 'No review has been completed.';
	const half = days.find((one) => one.share >= 0.5)?.days;
	const by60 = days.filter((one) => one.days <= 60).at(-1)?.share ?? 0;
	return `${half === undefined ? 'Fewer than half are reviewed so far' : `Half are reviewed within ${plural(half, 'day')}`}; ${percent(by60)} by day 60.`;
}

/** What was tried with somebody, in words: "refused twice, not reached once". */
export function attemptWords(row: Pick<DueRow, 'refused' | 'unable_to_reach' | 'no_show'>): string {
	const times = (value: number) => (value === 1 ? 'once' : value === 2 ? 'twice' : `${value} times`);
	return (
		[
			[row.refused, 'refused'],
			[row.unable_to_reach, 'not reached'],
			[row.no_show, 'did not come']
		] as const
	)
		.filter(([value]) => value > 0)
		.map(([value, word]) => `${word} ${times(value)}`)
		.join(', ');
}
