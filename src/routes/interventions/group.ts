/** The ways in which recommendations are grouped, and the filter that a group sets. */
export const units = {
	problem: { title: 'Problem', one: 'problem', filter: 'problem' },
	detail: { title: 'Problem in detail', one: 'problem in detail', filter: 'detail' },
	action: { title: 'Recommendation', one: 'recommendation', filter: 'action' },
	pharm: { title: 'Pharmacy', one: 'pharmacy', filter: 'pharm' },
	presc: { title: 'Prescriber', one: 'prescriber', filter: 'presc' },
	channel: { title: 'Channel', one: 'channel', filter: 'channel' },
	to: { title: 'Addressed to', one: 'recipient', filter: 'to' },
	service: { title: 'Session', one: 'kind of session', filter: 'service' },
	severity: { title: 'Severity', one: 'severity, as the pharmacist rated it', filter: 'severity' }
} as const;
export type Unit = keyof typeof units;

/**
 * The ways to group where small counts are hidden: not by severity, because the estimates beside it count the same people otherwise, and not by
 * detail, whose groups make up those of the problems.
 */
export const coarseUnits = (Object.keys(units) as Unit[]).filter((unit) => unit !== 'severity' && unit !== 'detail');

/** A row of the panel acceptance_groups; a hidden count is null. */
export type Group = {
	value: string | null;
	label: string | null;
	patients: number | null;
	made: number | null;
	answered: number | null;
	accepted: number | null;
	modified: number | null;
	declined: number | null;
	verified_yes: number | null;
	verified_no: number | null;
	too_early: number | null;
	not_checkable: number | null;
	hidden?: Record<string, string>;
};
/** A row of the panel decline_reasons. */
export type DeclineReason = { decline_word: string | null; recommendations: number | null; patients: number | null };
/** A row of the panel unanswered. */
export type OpenAge = {
	place: number;
	age: string;
	unanswered: number | null;
	waiting: number | null;
	no_response: number | null;
	patients: number | null;
};
/** A row of the panel barriers. */
export type Barrier = {
	barrier: string;
	strategy_word: string | null;
	recommendations: number | null;
	patients: number | null;
	accepted: number | null;
	verified_yes: number | null;
	verified_no: number | null;
	too_early: number | null;
	not_checkable: number | null;
	followed: number | null;
	around_open: number | null;
	no_class: number | null;
	not_to_go_on: number | null;
	not_covered: number | null;
	no_fill: number | null;
	excluding_drug: number | null;
	started_later: number | null;
	adherent_before: number | null;
	adherent_after: number | null;
	window_days: number | null;
	covered_before: number | null;
	covered_after: number | null;
	/** Days on either side of the answer (a setting). */
	around_days: number;
	hidden?: Record<string, string>;
};
/** A row of the panel severity_estimates; estimated in dollars. */
export type Estimate = {
	severity_level: number | null;
	recommendations: number | null;
	patients: number | null;
	with_estimate: number | null;
	estimated: number | null;
	hidden?: Record<string, string>;
};

/** A row of the panel drug_cost_groups, which is asked only where small counts are shown; action null is all of them. Cents are of a day. */
export type DrugCost = {
	action: string | null;
	recommendations: number;
	compared: number;
	no_fill_before: number;
	no_claim_after: number;
	no_price: number;
	plan_compared: number;
	patient_compared: number;
	plan_cents: number | null;
	/** Half the width of the 95% interval of the mean; null for fewer than two. */
	plan_half: number | null;
	patient_cents: number | null;
	patient_half: number | null;
};

/** A row of the panel acceptance_months, which is asked only where small counts are shown; period is YYYY-MM. */
export type AcceptanceMonth = {
	period: string;
	/** Some of the month's recommendations are younger than 30 days. */
	is_open: boolean;
	patients: number;
	made: number;
	accepted: number;
};
