import { phiLevels, type PhiLevel } from './scope';

/**
 * What a column tells about a person, and from which level on it is shown as it is:
 * plain: at every level. identifier, note: P3 alone (a name, a number given to the person, a text that may hold a name).
 * told: a text of ours with days in it, or a short one that senders may fill as they like. number: a number that singles out one claim, file or service, or a place in an order of days. place: smaller than a state.
 * birth, end: a day (or, as length, a number of days) that gives another day away, because it begins or ends where everybody knows.
 * date, instant, age, zip, share: shown coarser at P1, as a year or day number, a band, three digits or 000.
 */
export type ColumnKind =
	| 'plain'
	| 'identifier'
	| 'note'
	| 'told'
	| 'number'
	| 'place'
	| 'birth'
	| 'end'
	| 'length'
	| 'date'
	| 'instant'
	| 'age'
	| 'zip'
	| 'share';

const named = (kind: ColumnKind, names: string): [string, ColumnKind][] =>
	names.split(/\s+/).flatMap((name) => (name ? [[name, kind]] : []));
const counted = (kind: ColumnKind, name: string, to: number): [string, ColumnKind][] =>
	Array.from({ length: to }, (_, at) => [`${name}_${at + 1}`, kind]);

/** Every column of every panel, published view and intake table that has rows about persons. One that is not named here is shown at P3 alone. */
export const columnKinds: ReadonlyMap<string, ColumnKind> = new Map([
	...named(
		'identifier',
		`patient_id person_id patient_no member_id mbi first_name middle_name last_name address phone
		caregiver_name caregiver_phone prescription_number subject_id`
	),
	...named('note', 'note rationale value strategy status_reason decline_reason best_time'),
	...named('told', 'reason reasons evidence result finding expected found indication denial_reason'),
	...named(
		'number',
		`priority claim_id original_claim_id service_id follow_up_of recommendation_id opportunity_id approval_number
		documented_by source_file source_line load_id claim_file claim_line claim_load verified_by_claim_id stay_id visit_id readmission_stay_id`
	),
	...named('place', 'city'),
	...named('birth', 'birth_date'),
	...named('zip', 'zip_code'),
	...named('age', 'age'),
	...named('share', 'pdc best_possible_pdc pdc_before pdc_after'),
	...named('end', 'send_by_on period_end last_impactable_on counted_to due_on review_due_on index_day'),
	...named(
		'length',
		`period_days elapsed_days covered_days removed_days missed_days allowable_days_remaining days_late
		covered_days_without_stay_adjustment period_days_without_stay_adjustment enrolled_days days_to_cmr member_months age_days
		window_days covered_before covered_after`
	),
	...named(
		'date',
		`death_date index_date runs_out_on last_fill_on since_on dispensed_on counted_from from_on to_on
		enrollment_start_date enrollment_end_date hospice_start_date hospice_end_date dispensing_date paid_date received_date sold_date
		claim_start_date claim_end_date claim_line_start_date claim_line_end_date admission_date discharge_date
		enrollment_date met_criteria_date opt_out_date cmr_offered_date service_date summary_sent_date prescriber_plan_sent_date
		consent_date follow_up_due_date identified_date sent_date response_date implemented_date resolved_date opened_on expires_on
		submitted_date submitted_on paid_on held_on summary_sent_on prescriber_plan_sent_on follow_up_due_on enrolled_on offered_on last_offered_on offer_due_on last_attempt_on
		window_to_on first_cmr_on verified_on answered_on first_on last_on qualified_on admitted_on discharged_on visited_on`
	),
	...named(
		'date',
		`consented_on follow_up_due_on held_on kept_on last_attempt_on offered_on last_offered_on prescriber_plan_sent_on summary_sent_on window_to_on`
	),
	...named('identifier', 'middle_initial'),
	...named('plain', 'annual_cost core_diseases diseases is_resolved standing_because'),
	...named('date', 'collected_on earlier_on'),
	...named('told', 'earlier_result'),
	...named('plain', 'earlier_units test'),
	...named('date', 'cmr_on_1 cmr_on_2 cmr_on_3 cmr_on_4 cmr_on_5 first_tmr_on met_criteria_on opted_out_on'),
	...named(
		'plain',
		'cmrs edit letter offered prescriber_recommendations provider_code received resolutions rows_in_all sentence tmrs'
	),
	...named('length', 'age_days waiting_days'),
	...named(
		'plain',
		'adherent_after adherent_before attempts days follow_up is_required missing no not_applicable part required seen_in shown_by standing title yes'
	),
	...counted('date', 'procedure_date', 25),
	...named('instant', 'collection_datetime start_time end_time documented_at last_edited_at'),
	...named(
		'plain',
		`place pid as_of year measure measures status excluded_because in_denominator adherent adherent_without_stay_adjustment fills
		gender race state language do_not_contact consent_to_text caregiver_authorized on_roster plan payer payer_type contract_id
		original_reason_entitlement_code dual_status_code medicare_status_code low_income_subsidy medical_coverage pharmacy_coverage
		long_term_institutional pcp_npi data_source pharmacy_npi pharmacy_name store_number pharmacy_fills counted_fills
		prescriber_npi prescriber_name prescriber_phone prescriber_fax last_ingredient last_days_supply last_refills_remaining
		list coverage kind ndc_code ndc_match ingredient strength form brand quantity days_supply supply_days refills refills_remaining
		is_covered drug_coverage_status claim_line_number claim_type claim_status prescribing_provider_npi dispensing_provider_npi
		paid_amount price allowed_amount charge_amount coinsurance_amount copayment_amount deductible_amount in_network_flag
		admit_source_code admit_type_code discharge_disposition_code place_of_service_code bill_type_code drg_code_type drg_code
		revenue_center_code service_unit_quantity hcpcs_code rendering_npi billing_npi facility_npi diagnosis_code_type
		procedure_code_type source_component_code source_order_code normalized_component_code source_units
		program targeting_reason opt_out_reason cognitively_impaired ltc_resident cmr_offer_channel service_type delivery_method setting
		provider_type provider_npi recipient minutes medications_reviewed summary_standard_format problem problem_detail action
		new_ingredient channel response implemented resolved barrier severity_level estimated_cost_avoidance source
		procedure_code modifier units pharmacist_npi diagnosis_code billed_amount patient_paid_amount claim_format
		reason_for_service professional_service result_of_service level_of_effort line name indicated effective safe decision
		element code has_phone sid number session_number recommendations refused unable_to_reach no_show
		completed summary_days days_to_response accepted answered verified condition claims is_current core_disease daily_units dose_a_day dose_unit is_by_ml
		length_of_stay bed_days is_admission principal_diagnosis discharge_disposition is_index planned readmitted_within_30_days avoidable adverse_drug_event
		led_to_stay sex drugs chronic_conditions stays ed_visits medical_paid pharmacy_paid mtm_eligible mtm_enrolled
		rule_id rule_version severity amount_at_risk claim_number codes billed paid claim_paid fee at_risk flags rules lines step message recovers documents can_send told
		part_name frame drawn is_final is_reversed around_days around_because plan_cents patient_cents cost_because subject lists reason_count list_count is_documented`
	),
	...counted('plain', 'hcpcs_modifier', 5),
	...counted('plain', 'diagnosis_code', 25),
	...counted('plain', 'diagnosis_poa', 25),
	...counted('plain', 'procedure_code', 25)
]);

/** ZIP areas of three digits with 20,000 people or fewer, from the list of the 2000 census in HHS's guidance (from memory): shown as 000. */
export const smallZipAreas: ReadonlySet<string> = new Set(
	'036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893'.split(' ')
);

/** The first three digits of a ZIP code, 000 where few people live; null for what is no ZIP code. */
export function zipArea(zip: string): string | null {
	const area = /^\d{3}/.exec(zip)?.[0];
	return area === undefined ? null : smallZipAreas.has(area) ? '000' : area;
}

const ageLimits = [18, 45, 65, 75, 85, 90];

/** The band of an age in years; everybody of 90 or more is one band. */
export function ageBand(age: number): string {
	const at = ageLimits.findIndex((limit) => age < limit);
	if (at < 0) return '90+';
	return `${at === 0 ? 0 : ageLimits[at - 1]}-${ageLimits[at]! - 1}`;
}

/** A share of days in steps of five points: exact shares of few days would give the days away. */
export function shareBand(share: number): string {
	const from = Math.min(Math.floor(share * 20 + 1e-9) * 5, 100);
	return from === 100 ? '100%' : `${from} to ${from + 4}%`;
}

const shownFrom: Record<ColumnKind, PhiLevel> = {
	plain: 'P1',
	identifier: 'P3',
	note: 'P3',
	told: 'P2',
	number: 'P2',
	place: 'P2',
	birth: 'P2',
	end: 'P2',
	length: 'P2',
	date: 'P2',
	instant: 'P2',
	age: 'P2',
	zip: 'P2',
	share: 'P2'
};

/** True when a column is shown as it is at a level. */
export const showsAsIs = (column: string, phi: PhiLevel): boolean => {
	const kind = columnKinds.get(column);
	return phi === 'P3' || (kind !== undefined && phiLevels.indexOf(phi) >= phiLevels.indexOf(shownFrom[kind]));
};

const dayNumberOf = (iso: string) => Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / 86_400_000;

/**
 * One value about a person as P1 shows it: a day as its year, or as a day number (1 is the index day) when the index day is given;
 * an age as a band, a ZIP code as its area, a share as a band. Null when P1 does not show it at all.
 */
export function coarse(kind: ColumnKind | undefined, value: unknown, indexDay: string | null): unknown {
	if (value === null || value === undefined) return null;
	if (kind === 'date' && typeof value === 'string')
		return indexDay === null ? Number(value.slice(0, 4)) : dayNumberOf(value) - dayNumberOf(indexDay) + 1;
	if (kind === 'instant' && typeof value === 'string') return Number(value.slice(0, 4));
	if (kind === 'age' && typeof value === 'number') return ageBand(value);
	if (kind === 'zip' && typeof value === 'string') return zipArea(value);
	if (kind === 'share' && typeof value === 'number') return shareBand(value);
	return null;
}

/**
 * Rows about persons as a level shows them, in new objects. A column that is not known is left out below P3; `indexDay` names the
 * column whose day is 1 for all days of its row. P0 shows no rows about persons: asking for it throws.
 */
export function masked(
	rows: Record<string, unknown>[],
	phi: PhiLevel,
	indexDay: string | null
): Record<string, unknown>[] {
	if (phi === 'P3') return rows;
	if (phi === 'P0') throw new Error('rows about persons are not shown at P0');
	const columns = Object.keys(rows[0] ?? {}).filter((column) => columnKinds.has(column));
	return rows.map((row) => {
		const from = indexDay === null ? null : ((row[indexDay] as string | null) ?? null);
		const shown: Record<string, unknown> = {};
		for (const column of columns) {
			const kind = columnKinds.get(column)!;
			if (showsAsIs(column, phi)) shown[column] = row[column];
			else if (phi === 'P1' && !(indexDay !== null && from === null && kind === 'date'))
				shown[column] = coarse(kind, row[column], from);
			else shown[column] = null;
		}
		return shown;
	});
}
