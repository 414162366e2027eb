import type { Answer } from '$lib/domain/answer';
import { decimal } from '$lib/domain/wording';

/** A day as the viewer's level shows it: ISO text, a year or a day number, or not at all. */
export type ShownDay = string | number | null;

/** What a sheet's head says of a patient. */
export type Person = {
	pid: string;
	patient_id: string | null;
	first_name: string | null;
	last_name: string | null;
	birth_date: ShownDay;
	age: number | string | null;
	gender: string | null;
	phone: string | null;
	language: string | null;
	do_not_contact: boolean | null;
	plan: string | null;
	contract_id: string | null;
};
/** A row of the panel mtm_patient_conditions. */
export type Condition = {
	condition: string;
	title: string;
	core_disease: string | null;
	first_on: ShownDay;
	last_on: ShownDay;
	claims: number;
	is_current: boolean;
};
/** A row of the panel mtm_patient_medications. */
export type Medication = {
	ingredient: string;
	strength: string | null;
	daily_units: number | null;
	/** Strength times units a day, in its unit; null where the drug tables do not tell it. */
	dose_a_day: number | null;
	dose_unit: string | null;
	/** Units are milliliters. */
	is_by_ml: boolean;
	last_fill_on: ShownDay;
	days_supply: number | null;
	refills_remaining: number | null;
	runs_out_on: ShownDay;
	prescriber_npi: string | null;
	prescriber_name: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
};
/** A row of the panel patient_sessions. */
export type Session = {
	number: number;
	service_type: string;
	held_on: ShownDay;
	status: string;
	status_reason: string | null;
	delivery_method: string | null;
	setting: string | null;
	provider_type: string | null;
	provider_npi: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	recipient: string | null;
	minutes: number | null;
	medications_reviewed: number | null;
	summary_sent_on: ShownDay;
	summary_standard_format: boolean | null;
	prescriber_plan_sent_on: ShownDay;
	follow_up_due_on: ShownDay;
	language: string | null;
	program: string | null;
	recommendations: number;
	source_file: string | null;
	source_line: number | null;
	load_id: number | null;
};
/** A row of the panel patient_recommendations. */
export type Recommended = {
	session_number: number | null;
	recommendation_id: string | null;
	identified_date: ShownDay;
	problem: string;
	problem_detail: string | null;
	action: string;
	ingredient: string | null;
	new_ingredient: string | null;
	recipient: string;
	prescriber_npi: string | null;
	prescriber_name: string | null;
	channel: string | null;
	sent_date: ShownDay;
	response: string;
	response_date: ShownDay;
	decline_reason: string | null;
	implemented: string | null;
	resolved: string | null;
	resolved_date: ShownDay;
	barrier: string | null;
	strategy: string | null;
	severity_level: number | null;
	estimated_cost_avoidance: number | null;
	rationale: string | null;
	verified: string | null;
	verified_on: ShownDay;
	window_to_on: ShownDay;
	verified_by_claim_id: string | null;
	/** Days before and after the answer, of all measures of its medicines, and those that these covered; null where they are not computed. */
	window_days: number | null;
	covered_before: number | null;
	covered_after: number | null;
	/** Why the days around the answer cannot be told. */
	around_because: string | null;
	claim_file: string | null;
	claim_line: number | null;
	claim_load: number | null;
	source_file: string | null;
	source_line: number | null;
};
/** A row of the panel patient_recent_care. */
export type Care = { kind: string | null; from_on: ShownDay; to_on: ShownDay; principal_diagnosis: string | null };
/** A row of the panel patient_labs; results are null where they are not shown. */
export type Lab = {
	test: string | null;
	result: string | null;
	units: string | null;
	collected_on: ShownDay;
	earlier_result: string | null;
	earlier_units: string | null;
	earlier_on: ShownDay;
};
/** What the sheet needs of a row of the panel patient_adherence. */
export type Adherence = {
	measure: string;
	year: number;
	status: string;
	pdc: number | string | null;
	covered_days: number | null;
	elapsed_days: number | null;
	last_ingredient: string | null;
	runs_out_on: ShownDay;
	last_impactable_on: ShownDay;
};
/** What the sheet needs of a row of the panel patient_lists. */
export type ListRow = {
	list: string;
	subject: string | null;
	measure: string | null;
	reason: string | null;
	evidence: string | null;
};
/** All that one prep sheet shows. */
export type PrepFacts = {
	person: Person;
	asOf: string;
	year: number;
	named: boolean;
	days: boolean;
	conditions: Answer<Condition[]>;
	/** Medicines on hand; null where no pharmacy claims are loaded. */
	medications: Answer<Medication[] | null>;
	adherence: Answer<Adherence[]>;
	/** Stays and emergency visits of the days before; null where no medical claims are loaded. */
	care: Answer<Care[] | null>;
	/** Laboratory results of the days before; null where none are loaded. */
	labs: Answer<Lab[] | null>;
	/** Problems that nobody dismissed. */
	lists: Answer<ListRow[]>;
	sessions: Answer<Session[]>;
	recommendations: Answer<Recommended[]>;
};

/** A row of the panel patient_programmes; days are years where days are not shown. */
export type Enrolment = {
	program: string;
	contract_id: string | null;
	enrolled_on: ShownDay;
	targeting_reason: string | null;
	met_criteria_on: ShownDay;
	offered_on: ShownDay;
	opted_out_on: ShownDay;
	opt_out_reason: string | null;
};

/** What is taken a day by the last fill: "80 mg (2 units)", "30 units (0.3 ml)"; the units alone where the drug tables do not tell the dose. */
export function doseWords({ daily_units, dose_a_day, dose_unit, is_by_ml }: Medication): string {
	if (daily_units === null) return 'not computable';
	const amount = decimal(daily_units, daily_units === Math.round(daily_units) ? 0 : 1);
	const units = `${amount} ${is_by_ml ? 'ml' : daily_units === 1 ? 'unit' : 'units'}`;
	return dose_a_day === null ? units : `${Number(dose_a_day.toPrecision(3))} ${dose_unit} (${units})`;
}
