import type { Problem } from './population';
import { codeWords } from './recommendation';

/** The ways in which reviews are grouped: rates of those counted, or how the first reviews were held. */
export const reviewUnits = {
	plan: { title: 'Plan', isRate: true },
	contract: { title: 'Contract', isRate: true },
	pharm: { title: 'Pharmacy', isRate: true },
	delivery: { title: 'Delivery', isRate: false },
	provider: { title: 'Provider', isRate: false },
	setting: { title: 'Setting', isRate: false },
	recipient: { title: 'Recipient', isRate: false }
} as const;
export type ReviewUnit = keyof typeof reviewUnits;

/** Why CMR completion leaves out an enrolment: the codes of cmr_fact.excluded_because. */
export const leftOutReasons = [
	'conflicting_records',
	'not_part_d',
	'birth_date_unknown',
	'under_18',
	'criteria_not_met',
	'hospice',
	'short_enrollment'
] as const;

/** The word of an address for the group of those whose plan, pharmacy, delivery, ... is not stated. */
export const notStated = 'not_stated';

/** A row of the panel reviewed_people. Days are null where there is none. */
export type ReviewedRow = {
	pid: string;
	first_name: string | null;
	last_name: string | null;
	phone: string | null;
	do_not_contact: boolean | null;
	plan: string | null;
	contract_id: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	enrolled_on: string | number | null;
	offered_on: string | number | null;
	first_cmr_on: string | number | null;
	completed: boolean;
	excluded_because: string | null;
	rows_in_all: number;
};

/** Which people enrolled in MTM are asked for; with a unit, those of its group `value`, null for not stated. */
export type ChosenReviewed = {
	why: string | null;
	completed: boolean | null;
	unit: ReviewUnit | null;
	value: string | null;
};

/** Reads by what an address groups reviews and whose rows it asks for; what is not known is a problem and chooses nothing. */
export function readReviewed(words: URLSearchParams): {
	by: ReviewUnit;
	chosen: ChosenReviewed;
	isChosen: boolean;
	problems: Problem[];
} {
	const problems: Problem[] = [];
	const [by, why, completed, group] = ['by', 'why', 'completed', 'group'].map((key) => words.get(key));
	const isUnit = by == null || Object.hasOwn(reviewUnits, by);
	if (!isUnit) problems.push({ key: 'by', value: by!, why: `there is no grouping by "${by}"` });
	const isReason = why === 'counted' || (leftOutReasons as readonly string[]).includes(why ?? '');
	if (why != null && !isReason) problems.push({ key: 'why', value: why, why: `there is no such reason: "${why}"` });
	const isAnswer = completed === 'yes' || completed === 'no';
	if (completed != null && !isAnswer)
		problems.push({ key: 'completed', value: completed, why: `completed is yes or no, not "${completed}"` });
	if (group != null && !isUnit)
		problems.push({ key: 'group', value: group, why: `the group "${group}" is of a grouping that does not exist` });
	const unit = isUnit ? ((by ?? 'plan') as ReviewUnit) : 'plan';
	const isGroup = group != null && isUnit;
	const chosen = {
		why: isReason ? why! : null,
		completed: isAnswer ? completed === 'yes' : null,
		unit: isGroup ? unit : null,
		value: isGroup && group !== notStated ? group : null
	};
	return { by: unit, chosen, isChosen: isReason || isAnswer || isGroup, problems };
}

/** Who is asked for, in words: "left out: Hospice in the year", "counted, with a review; plan North". `label`: the group's name, where it has one. */
export function reviewedWords({ why, completed, unit, value }: ChosenReviewed, label?: string | null): string {
	const said = [
		why === null
			? unit === null
				? 'enrolled in MTM'
				: 'counted'
			: why === 'counted'
				? 'counted'
				: `left out: ${codeWords('left_out', why)}`
	];
	if (completed !== null) said.push(completed ? 'with a review' : 'without a review');
	if (unit === null) return said.join(', ');
	const name = reviewUnits[unit].isRate ? (label ?? value ?? 'not stated') : codeWords(unit, value);
	return `${said.join(', ')}; ${reviewUnits[unit].title.toLowerCase()} ${name}`;
}
