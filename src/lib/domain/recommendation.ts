/** What people read for the codes of MTM records. A code that is not here is shown as it was loaded, blanks for underscores. */
const words: Record<string, Record<string, string>> = {
	problem: {
		needs_therapy: 'Needs additional therapy',
		unnecessary_therapy: 'Unnecessary therapy',
		ineffective_drug: 'Ineffective drug',
		dose_too_low: 'Dose too low',
		needs_monitoring: 'Needs monitoring',
		adverse_event: 'Adverse event',
		dose_too_high: 'Dose too high',
		adherence: 'Adherence',
		cost: 'Cost'
	},
	action: {
		start: 'Start a medicine',
		stop: 'Stop a medicine',
		change_drug: 'Change the medicine',
		increase_dose: 'Increase the dose',
		decrease_dose: 'Decrease the dose',
		change_schedule: 'Change the schedule',
		monitor: 'Monitor',
		educate: 'Educate',
		adherence_support: 'Support adherence',
		reduce_cost: 'Reduce cost',
		extend_supply: 'Longer supply',
		immunize: 'Immunize'
	},
	response: {
		accepted: 'Accepted',
		modified: 'Accepted, modified',
		declined: 'Declined',
		no_response: 'No answer',
		pending: 'Waiting',
		unable_to_reach: 'Unable to reach',
		withdrawn: 'Withdrawn'
	},
	verified: { yes: 'Yes', no: 'No', too_early: 'Too early', not_checkable: 'Not checkable' },
	to: { prescriber: 'Prescriber', patient: 'Patient', both: 'Prescriber and patient' },
	service: {
		cmr: 'CMR',
		tmr: 'TMR',
		follow_up: 'Follow-up',
		adherence: 'Adherence',
		prescriber_consult: 'Prescriber consult',
		education: 'Education',
		immunization: 'Immunization',
		anticoagulation: 'Anticoagulation',
		wellness: 'Wellness',
		transition_of_care: 'Transition of care',
		other: 'Other'
	},
	channel: { ehr: 'EHR', fax: 'fax', phone: 'phone', conversation: 'conversation', message: 'message' },
	judged: {
		made: '30 days old or older',
		under_30_days: 'Under 30 days old',
		unable_to_reach: 'Unable to reach',
		withdrawn: 'Withdrawn'
	},
	barrier: {
		cost: 'Cost',
		side_effects: 'Side effects',
		forgets: 'Forgets',
		beliefs: 'Beliefs',
		access: 'Access',
		understanding: 'Understanding',
		other: 'Other'
	},
	around: {
		too_early: 'The days after, or the claims of them, are not over',
		no_class: 'No medicine of an adherence measure is named',
		not_to_go_on: 'The medicine was not to go on: stop, or another class',
		not_covered: 'Without pharmacy coverage throughout, or died',
		no_fill: 'No fill of these medicines',
		excluding_drug: 'Takes a medicine that excludes from the measure',
		started_later: 'First filled after these days began'
	},
	cost_of: {
		no_fill_before: 'No fill of the medicine in the year before the answer',
		no_claim_after: 'No claim after it',
		no_price: 'No paid amount on one of the fills'
	},
	severity: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((level) => [String(level), `Level ${level}`])),
	resolved: { yes: 'Yes', partly: 'Partly', no: 'No', unknown: 'Unknown' },
	waited: {
		under_30_days: 'Under 30 days',
		'30_to_59_days': '30 to 59 days',
		'60_to_89_days': '60 to 89 days',
		'90_days_or_more': '90 days and more'
	},
	sent: { yes: 'Sent', no: 'Not sent' },
	estimate: { yes: 'Estimated', no: 'Not estimated' },
	delivery: { '01': 'Face to face', '02': 'Telephone', '03': 'Telehealth', '99': 'Other' },
	provider: {
		'01': 'Physician',
		'02': 'Registered nurse',
		'03': 'Licensed practical nurse',
		'04': 'Nurse practitioner',
		'05': 'Physician assistant',
		'06': 'Local pharmacist',
		'07': 'Long-term care consultant pharmacist',
		'08': 'Plan sponsor pharmacist',
		'09': 'PBM pharmacist',
		'10': 'MTM vendor local pharmacist',
		'11': 'MTM vendor in-house pharmacist',
		'12': 'Hospital pharmacist',
		'13': 'Other pharmacist',
		'14': 'Supervised pharmacy intern',
		'99': 'Other'
	},
	recipient: { '01': 'Patient', '02': 'Prescriber', '03': 'Caregiver', '04': 'Other' },
	status: {
		completed: 'Completed',
		refused: 'Refused',
		unable_to_reach: 'Unable to reach',
		no_show: 'Did not come',
		scheduled: 'Scheduled'
	},
	targeting: {
		'01': 'meets the criteria',
		'02': 'at risk under drug management',
		'03': 'meets the criteria, and at risk under drug management',
		'04': 'does not meet the criteria'
	},
	opt_out: { '01': 'died', '02': 'left the plan', '03': 'asked to leave', '99': 'another reason' },
	left_out: {
		conflicting_records: 'Records that contradict each other',
		not_part_d: 'Other programme than Part D',
		birth_date_unknown: 'Birth date not known',
		under_18: 'Under 18 on 1 January',
		criteria_not_met: "Targeting criteria not met by the year's end",
		hospice: 'Hospice in the year',
		short_enrollment: 'Enrolled under 60 days, no review',
		carried_over: 'Enrolled before the year',
		ended_before_due: 'Enrolment ended before the 60 days',
		not_yet_due: 'Not yet due',
		not_documented: 'No source says when summaries were sent',
		no_summary: 'No summary sent',
		format_not_stated: 'Format of the summary not stated',
		quarter_open: 'Quarter not over'
	}
};

/** A code in words; "not stated" when there is none. */
export function codeWords(kind: string, code: string | null | undefined): string {
	if (code === null || code === undefined || code === '') return 'not stated';
	const known = words[kind]?.[code];
	if (known) return known;
	if (kind === 'detail') return detailWords(code);
	const plain = code.replaceAll('_', ' ');
	return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** A problem with its detail, as groups and filters have it: "adverse_event/bleeding" is "Adverse event: bleeding". */
function detailWords(code: string): string {
	const [problem, detail] = code.split(/\/(.*)/s) as [string, string | undefined];
	const of = codeWords('problem', problem);
	if (detail === undefined || detail === problem) return of;
	return `${of}: ${codeWords('', detail).toLowerCase()}`;
}

/** The codes of a kind that have words. */
export const codesOf = (kind: string): string[] => Object.keys(words[kind] ?? {});

/** How far the recommendations of a year went, as the panel `acceptance` gives it; null where a small count is hidden. */
export type Acceptance = {
	recommendations: number | null;
	patients: number | null;
	under_30_days: number | null;
	unable_to_reach: number | null;
	withdrawn: number | null;
	made: number | null;
	sent: number | null;
	answered: number | null;
	accepted: number | null;
	modified: number | null;
	declined: number | null;
	waiting: number | null;
	no_response: number | null;
	verified: number | null;
	resolved: number | null;
	/** Identified 60 days or more before the as-of day, with a medicine named. */
	resolvable: number | null;
	/** Of these, implemented or resolved within 60 days. */
	resolved_in_time: number | null;
	/** Some source says when recommendations were sent. */
	tells_sending: boolean;
	/** Some source says whether they were implemented or resolved. */
	tells_outcome: boolean;
	accepted_ever: number | null;
	verified_yes: number | null;
	verified_no: number | null;
	too_early: number | null;
	not_checkable: number | null;
	median_days_to_send: number | null;
	median_days_to_answer: number | null;
	median_days_to_claim: number | null;
	median_days_to_resolve: number | null;
	hidden?: Record<string, string>;
};

/** One row of the table of recommendations, as the panel `recommendations` gives it. */
export type RecommendationRow = {
	pid: string;
	patient_id: string | null;
	first_name: string | null;
	last_name: string | null;
	sid: string | null;
	recommendation_id: string | null;
	identified_date: string | number | null;
	problem: string;
	problem_detail: string | null;
	action: string;
	ingredient: string | null;
	new_ingredient: string | null;
	recipient: string;
	prescriber_npi: string | null;
	prescriber_name: string | null;
	channel: string | null;
	response: string;
	response_date: string | number | null;
	days_to_response: number | null;
	age_days: number | null;
	verified: string | null;
	verified_on: string | number | null;
	verified_by_claim_id: string | null;
	resolved: string | null;
	barrier: string | null;
	/** Why days before and after the answer are not told; null where they are, or where no barrier is named or the recommendation was not accepted. */
	around_because: string | null;
	around_days: number | null;
	/** Shares of days covered; at P1 a band of five points. */
	/** Change of what is paid for the medicine, in cents a day, where claims verify it and tell it; else why not. */
	plan_cents: number | null;
	patient_cents: number | null;
	cost_because: string | null;
	pdc_before: number | string | null;
	pdc_after: number | string | null;
	severity_level: number | null;
	service_type: string | null;
	plan: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
};

/** "amlodipine" or "lisinopril → losartan"; null when no medicine is named. */
export function medicineWords(row: { ingredient: string | null; new_ingredient: string | null }): string | null {
	if (row.ingredient && row.new_ingredient && row.ingredient !== row.new_ingredient)
		return `${row.ingredient} → ${row.new_ingredient}`;
	return row.new_ingredient ?? row.ingredient;
}

/** A change of so many cents a day in dollars, "−$0.42"; not computable when it is not known. */
export function costChange(cents: number | null): string {
	if (cents === null) return 'not computable';
	const whole = Math.round(cents);
	return `${whole < 0 ? '−' : whole > 0 ? '+' : ''}$${(Math.abs(whole) / 100).toFixed(2)}`;
}
