import { readerOf, type Problem } from './population';
import { codeWords } from './recommendation';
import { monthName } from './wording';

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
	/** What shows that the measure asked for is reached or not. */
	evidence: string | null;
	rows_in_all: number;
};

/** The measures beside completion whose rows can be asked for; of each, what its rows are and what is said of one that reaches it or not. */
export const reviewMeasures = {
	cmr_offered_within_60_days: {
		title: 'Offered within 60 days of enrolment',
		counted: 'newly enrolled, counted',
		reached: 'offered a review within 60 days',
		missed: 'not offered a review within 60 days'
	},
	cmr_summary_within_14_days: {
		title: 'Summary sent within 14 days',
		counted: 'first reviews, counted',
		reached: 'summary sent within 14 days',
		missed: 'summary not sent within 14 days'
	},
	cmr_summary_standard_format: {
		title: "Summary in CMS's standard format",
		counted: 'summaries of first reviews, counted',
		reached: 'in the standard format',
		missed: 'not in the standard format'
	},
	tmr_each_quarter: {
		title: 'Targeted review (TMR) in each quarter enrolled',
		counted: 'quarters enrolled, counted',
		reached: 'with a targeted review (TMR)',
		missed: 'without a targeted review (TMR)'
	}
} as const;
export type ReviewMeasure = keyof typeof reviewMeasures;

/** How those counted in CMR completion without a review stand. */
export const openReviews = {
	open: 'all of them',
	refused: 'refused',
	unable_to_reach: 'could not be reached',
	no_show: 'did not come',
	never_offered: 'were offered none'
} as const;

/** How far those counted in CMR completion came; reached: had a review or refused one. */
export const reviewStages = {
	offered: 'offered a review',
	reached: 'reached',
	not_reached: 'not reached (yet)'
} as const;

/** Which people enrolled in MTM are asked for; with a unit, those of its group `value`, null for not stated; null chooses all. */
export type ChosenReviewed = {
	why: string | null;
	completed: boolean | null;
	unit: ReviewUnit | null;
	value: string | null;
	/** Only those whom a measure counts, and whether they reach it. */
	measure: ReviewMeasure | null;
	reached: boolean | null;
	stands: keyof typeof openReviews | null;
	stage: keyof typeof reviewStages | null;
	/** The months of the first review, from and to. */
	from_month: number | null;
	to_month: number | null;
};

/** The words of an address that choose people enrolled in MTM. */
export const reviewedKeys = ['why', 'completed', 'group', 'rate', 'reached', 'stands', 'stage', 'month'] as const;

/** Words of an address that choose other people enrolled in MTM, or nobody: what is not given goes. */
export const reviewedPatch = (words: Partial<Record<(typeof reviewedKeys)[number], string | null>> = {}) => ({
	...(Object.fromEntries(reviewedKeys.map((key) => [key, null])) as Record<(typeof reviewedKeys)[number], null>),
	...words
});

/**
 * Reads by what an address groups reviews and whose rows it asks for; what is not known is a problem and chooses nothing. Who had a first
 * review in a month (`month=3`, `month=1..3`) is chosen only where `days` are shown.
 */
export function readReviewed(
	words: URLSearchParams,
	days: boolean
): { by: ReviewUnit; chosen: ChosenReviewed; isChosen: boolean; problems: Problem[] } {
	const problems: Problem[] = [];
	const known = readerOf(words, problems);
	const answer = (key: string) => {
		const value = known(key, ['yes', 'no'], (one) => `${key} is yes or no, not "${one}"`);
		return value === null ? null : value === 'yes';
	};
	const group = words.get('group');
	const by = known('by', Object.keys(reviewUnits) as ReviewUnit[], (one) => `there is no grouping by "${one}"`);
	const isUnit = by !== null || !words.has('by');
	const unit = by ?? 'plan';
	if (group !== null && !isUnit)
		problems.push({ key: 'group', value: group, why: `the group "${group}" is of a grouping that does not exist` });
	const isGroup = group !== null && isUnit;
	const measure = known(
		'rate',
		Object.keys(reviewMeasures) as ReviewMeasure[],
		(one) => `there is no such rate: "${one}"`
	);
	const reached = answer('reached');
	if (reached !== null && measure === null)
		problems.push({ key: 'reached', value: words.get('reached')!, why: 'a rate is reached, and none is named' });
	const month = words.get('month');
	const [, from, , to] = /^(1[0-2]|[1-9])(\.\.(1[0-2]|[1-9]))?$/.exec(month ?? '') ?? [];
	if (month !== null && (!from || !days))
		problems.push({
			key: 'month',
			value: month,
			why: days
				? `there is no month "${month}": one is 1 to 12, several are 1..3`
				: 'days are not shown at your level, so nobody is chosen by the month of a review'
		});
	const isMonth = from !== undefined && days;
	const chosen = {
		why: known('why', ['counted', ...leftOutReasons], (one) => `there is no such reason: "${one}"`),
		completed: answer('completed'),
		unit: isGroup ? unit : null,
		value: isGroup && group !== notStated ? group : null,
		measure,
		reached: measure === null ? null : reached,
		stands: known(
			'stands',
			Object.keys(openReviews) as (keyof typeof openReviews)[],
			(one) => `nobody without a review stands so: "${one}"`
		),
		stage: known(
			'stage',
			Object.keys(reviewStages) as (keyof typeof reviewStages)[],
			(one) => `there is no such stage: "${one}"`
		),
		from_month: isMonth ? Number(from) : null,
		to_month: isMonth ? Number(to ?? from) : null
	};
	return { by: unit, chosen, isChosen: Object.values(chosen).some((one) => one !== null), problems };
}

/** Who is asked for, in words: "left out: Hospice in the year", "counted, with a review; plan North". `label`: the group's name, where it has one. */
export function reviewedWords(chosen: ChosenReviewed, label?: string | null): string {
	const { why, completed, unit, value, measure, reached, stands, stage, from_month: from, to_month: to } = chosen;
	const said: string[] = [];
	if (measure !== null) {
		said.push(reviewMeasures[measure].counted);
		if (reached !== null) said.push(reviewMeasures[measure][reached ? 'reached' : 'missed']);
	}
	if (why !== null) said.push(why === 'counted' ? 'counted' : `left out: ${codeWords('left_out', why)}`);
	else if (measure === null) said.push((unit ?? stands ?? stage ?? from) ? 'counted' : 'enrolled in MTM');
	if (completed !== null) said.push(completed ? 'with a review' : 'without a review');
	if (stands !== null) said.push(`without a review${stands === 'open' ? '' : `: ${openReviews[stands]}`}`);
	if (stage !== null) said.push(reviewStages[stage]);
	if (from !== null && to !== null)
		said.push(`first reviewed in ${from === to ? monthName(from) : `${monthName(from)} to ${monthName(to)}`}`);
	if (unit === null) return said.join(', ');
	const name = reviewUnits[unit].isRate ? (label ?? value ?? 'not stated') : codeWords(unit, value);
	return `${said.join(', ')}; ${reviewUnits[unit].title.toLowerCase()} ${name}`;
}
