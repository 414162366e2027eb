import type { Dismissal, ProblemState } from '$lib/domain/problem';
import type { ShownDay } from '../patient';

/** A row of the panel problems, with the decision that stands about it. Days and texts are null where they are not shown. */
export type ProblemRow = {
	pid: string;
	patient_id: string | null;
	first_name: string | null;
	last_name: string | null;
	phone: string | null;
	age: number | string | null;
	language: string | null;
	plan: string | null;
	list: string;
	subject: string | null;
	measure: string | null;
	reason: string | null;
	evidence: string | null;
	priority: number;
	due_on: ShownDay;
	since_on: ShownDay;
	state: ProblemState;
	documented_by: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	decision: { at: string; by: string; reason: Dismissal; until_on: string } | null;
};
/** A row of the panel problems_documented. */
export type DocumentedRow = {
	pid: string;
	patient_id: string | null;
	first_name: string | null;
	last_name: string | null;
	sid: string | null;
	recommendation_id: string | null;
	identified_date: ShownDay;
	problem: string;
	problem_detail: string | null;
	action: string;
	ingredient: string | null;
	new_ingredient: string | null;
	response: string;
	response_date: ShownDay;
	verified: string | null;
	verified_on: ShownDay;
	resolved: string | null;
	resolved_date: ShownDay;
	is_resolved: boolean;
	service_type: string | null;
	plan: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	rows_in_all: number;
};
/** A row of the panel patients_with_reasons. */
export type ReasonRow = {
	pid: string;
	patient_id: string | null;
	first_name: string | null;
	last_name: string | null;
	phone: string | null;
	language: string | null;
	do_not_contact: boolean | null;
	age: number | string | null;
	plan: string | null;
	due_on: ShownDay;
	reason_count: number;
	list_count: number;
	lists: string;
	reasons: string | null;
	is_documented: boolean;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
};
/** A row of the panel problem_unlisted. */
export type Unlisted = { problem: string; recommendations: number | null; patients: number | null };
