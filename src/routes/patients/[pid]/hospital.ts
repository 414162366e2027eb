/** A day, or at a level that shows no days its number from the index day. */
type On = string | number | null;

/** A row of the panel `patient_hospital_stays`. */
export type HospitalStay = {
	stay_id: string | null;
	admitted_on: On;
	discharged_on: On;
	length_of_stay: number;
	kind: string;
	is_admission: boolean;
	facility_npi: string | null;
	principal_diagnosis: string | null;
	discharge_disposition: string | null;
	is_index: boolean | null;
	excluded_because: string | null;
	planned: boolean | null;
	readmitted_within_30_days: boolean | null;
	readmission_stay_id: string | null;
	avoidable: string | null;
	adverse_drug_event: string | null;
	paid_amount: number | null;
	claims: number;
};
/** A row of the panel `patient_emergency_visits`. */
export type EmergencyVisit = {
	visit_id: string | null;
	visited_on: On;
	facility_npi: string | null;
	principal_diagnosis: string | null;
	led_to_stay: boolean;
	adverse_drug_event: string | null;
	paid_amount: number | null;
	claims: number;
};
/** A row of the panel `patient_stay_claims`. */
export type StayClaim = {
	stay_id: string | null;
	data_source: string | null;
	claim_id: string | null;
	claim_line_number: number;
	bill_type_code: string | null;
	from_on: On;
	to_on: On;
	revenue_center_code: string | null;
	hcpcs_code: string | null;
	discharge_disposition_code: string | null;
	facility_npi: string | null;
	source_file: string | null;
	source_line: number | null;
	load_id: number | null;
};

/** Kinds of stays as people read them. */
export const stayKinds: Record<string, string> = {
	acute: 'Acute hospital',
	psychiatric: 'Psychiatric',
	rehabilitation: 'Rehabilitation',
	long_term: 'Long-term hospital',
	snf: 'Skilled nursing facility',
	swing_bed: 'Swing bed',
	religious_nonmedical: 'Religious non-medical',
	newborn: 'Newborn',
	maternity: 'Maternity'
};

const tierWords: Record<string, string> = {
	definite: 'adverse effect of a medicine',
	poisoning: 'poisoning by a medicine',
	underdosing: 'a medicine not taken as it should be',
	possible: 'a symptom that a medicine on hand can cause'
};

/** What a stay counts as in the measures, in words: admission or part of one, readmission, avoidable, harm by a medicine. */
export function standingOf(stay: HospitalStay, notIndex: Record<string, string>): string[] {
	return [
		stay.kind === 'acute' && !stay.is_admission ? 'transferred in: part of the admission before' : '',
		stay.is_index
			? stay.readmitted_within_30_days
				? 'back within 30 days'
				: 'not back within 30 days'
			: stay.kind === 'acute' && stay.excluded_because
				? `no index stay for readmission: ${(notIndex[stay.excluded_because] ?? stay.excluded_because).toLowerCase()}`
				: '',
		stay.planned ? 'planned' : '',
		stay.avoidable ? `avoidable (PQI ${stay.avoidable})` : '',
		stay.adverse_drug_event ? (tierWords[stay.adverse_drug_event] ?? stay.adverse_drug_event) : ''
	].filter((words) => words !== '');
}

/** What a visit counts as, in words. */
export const visitStanding = (visit: EmergencyVisit): string[] =>
	[
		visit.led_to_stay ? 'led to a stay: part of it, and no visit of its own' : '',
		visit.adverse_drug_event ? (tierWords[visit.adverse_drug_event] ?? visit.adverse_drug_event) : ''
	].filter((words) => words !== '');
