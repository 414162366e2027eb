import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';

/** The columns of each file the demo writes, in order. */
export const columns = {
	eligibility:
		'person_id,member_id,gender,race,birth_date,death_date,enrollment_start_date,enrollment_end_date,payer,payer_type,plan,original_reason_entitlement_code,dual_status_code,medicare_status_code,first_name,last_name,address,city,state,zip_code,phone,data_source,mbi,contract_id,low_income_subsidy,medical_coverage,pharmacy_coverage,hospice_start_date,hospice_end_date,long_term_institutional,language,pcp_npi',
	pharmacy_claim:
		'claim_id,claim_line_number,person_id,member_id,payer,plan,prescribing_provider_npi,dispensing_provider_npi,dispensing_date,ndc_code,quantity,days_supply,refills,paid_date,paid_amount,allowed_amount,copayment_amount,in_network_flag,data_source,claim_status,original_claim_id,received_date,prescription_number,refills_remaining,drug_coverage_status',
	medical_claim:
		'claim_id,claim_line_number,claim_type,person_id,member_id,payer,plan,claim_start_date,claim_end_date,admission_date,discharge_date,admit_source_code,admit_type_code,discharge_disposition_code,place_of_service_code,bill_type_code,drg_code_type,drg_code,revenue_center_code,service_unit_quantity,hcpcs_code,rendering_npi,billing_npi,facility_npi,paid_date,paid_amount,allowed_amount,charge_amount,diagnosis_code_type,diagnosis_code_1,diagnosis_code_2,diagnosis_code_3,diagnosis_code_4,diagnosis_code_5,diagnosis_code_6,diagnosis_poa_1,diagnosis_poa_2,diagnosis_poa_3,procedure_code_type,procedure_code_1,procedure_date_1,data_source,claim_status,original_claim_id,received_date',
	lab_result:
		'person_id,source_order_code,source_component_code,normalized_component_code,result,source_units,collection_datetime,data_source',
	mtm_enrollment:
		'person_id,contract_id,program,enrollment_date,met_criteria_date,targeting_reason,opt_out_date,opt_out_reason,cognitively_impaired,ltc_resident,cmr_offered_date,cmr_offer_channel,data_source',
	mtm_service:
		'service_id,person_id,contract_id,program,service_type,service_date,status,status_reason,delivery_method,setting,provider_type,provider_npi,pharmacy_npi,recipient,start_time,end_time,minutes,medications_reviewed,summary_sent_date,summary_standard_format,prescriber_plan_sent_date,consent_date,approval_number,language,follow_up_of,follow_up_due_date,documented_at,last_edited_at,note,data_source',
	mtm_medication:
		'service_id,line,ndc_code,ingredient,name,source,indication,indicated,effective,safe,adherent,decision,data_source',
	mtm_service_element: 'service_id,element,state,code,value,data_source',
	mtm_recommendation:
		'recommendation_id,service_id,person_id,identified_date,problem,problem_detail,action,ndc_code,ingredient,new_ingredient,recipient,prescriber_npi,channel,sent_date,response,response_date,decline_reason,implemented,implemented_date,resolved,resolved_date,barrier,strategy,severity_level,estimated_cost_avoidance,rationale,data_source',
	mtm_opportunity:
		'opportunity_id,person_id,source,problem,ingredient,pharmacy_npi,opened_on,expires_on,status,service_id,data_source',
	mtm_claim:
		'claim_id,claim_line_number,person_id,service_id,payer,plan,program,service_date,procedure_code,modifier,units,pharmacist_npi,pharmacy_npi,place_of_service_code,diagnosis_code,billed_amount,allowed_amount,paid_amount,patient_paid_amount,claim_status,denial_reason,original_claim_id,submitted_date,paid_date,claim_format,reason_for_service,professional_service,result_of_service,level_of_effort,approval_number,data_source',
	fee_schedule: 'program,payer,procedure_code,modifier,unit_fee,effective_from,effective_to',
	provider:
		'npi,name,kind,credential,specialty,phone,fax,licensed_from,licensed_to,certified_from,certified_to,excluded_from',
	pharmacy: 'npi,name,store_number,ncpdp_id,address,city,state,zip_code,phone',
	contact:
		'person_id,phone,best_time,language,do_not_contact,consent_to_text,caregiver_name,caregiver_phone,caregiver_authorized'
} as const;

export type Table = keyof typeof columns;
export type Cell = string | number;

/** What the demo knows about one of its files: rows written, rows that a load must reject (by what is wrong), exact repeats. */
export type FileTruth = {
	file: string;
	table: Table;
	rows: number;
	rejected: Record<string, number>;
	duplicate: number;
	sha256: string;
};

const chunk = 1 << 20;
const needsQuotes = /[",\n\r]/;
/** A cell as CSV writes it. */
export const quoted = (cell: Cell): Cell =>
	typeof cell === 'string' && needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
/** Files with cells that may hold commas or quotes; the cells of the others never do. */
const freeText = new Set<Table>([
	'pharmacy',
	'mtm_service',
	'mtm_recommendation',
	'mtm_medication',
	'mtm_service_element'
]);

/** One CSV file, written in pieces of a megabyte. */
export class DemoFile {
	rows = 0;
	duplicate = 0;
	readonly rejected: Record<string, number> = {};
	private readonly bytes = Buffer.allocUnsafe(chunk);
	private filled = 0;
	private readonly handle: number;
	private readonly hash: Hash = createHash('sha256');

	constructor(
		folder: string,
		readonly name: string,
		readonly table: Table
	) {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		this.handle = openSync(join(folder, name), 'w', 0o600);
		this.raw(columns[table]);
	}

	/** Writes one row; cells in the order of the columns. */
	row(cells: readonly Cell[]): void {
		this.rows++;
		this.raw(freeText.has(this.table) ? cells.map(quoted).join(',') : cells.join(','));
	}

	/** Writes one row that is a line of CSV already. */
	line(line: string): void {
		this.rows++;
		this.raw(line);
	}

	/** Writes the same line once more: a load must count it as a duplicate. */
	again(line: string): void {
		this.line(line);
		this.duplicate++;
	}

	/** Writes a row that a load must reject, and remembers what is wrong with it. */
	bad(wrong: string, cells: readonly Cell[]): void {
		this.row(cells);
		this.rejected[wrong] = (this.rejected[wrong] ?? 0) + 1;
	}

	// Bytes at once: text kept as strings until a chunk is full costs more in garbage collection than all the rest.
	private raw(line: string): void {
		if (this.filled + 3 * line.length + 1 > chunk) this.flush();
		this.filled += this.bytes.write(line, this.filled);
		this.bytes[this.filled++] = 10;
	}

	private flush(): void {
		for (let at = 0; at < this.filled;) at += writeSync(this.handle, this.bytes, at, this.filled - at);
		this.hash.update(this.bytes.subarray(0, this.filled));
		this.filled = 0;
	}

	close(): FileTruth {
		this.flush();
		closeSync(this.handle);
		return {
			file: this.name,
			table: this.table,
			rows: this.rows,
			rejected: this.rejected,
			duplicate: this.duplicate,
			sha256: this.hash.digest('hex')
		};
	}
}

/** A small CSV of what is true. */
export class TruthFile {
	private readonly handle: number;
	private text: string;

	constructor(folder: string, name: string, header: string) {
		this.handle = openSync(join(folder, name), 'w', 0o600);
		this.text = header + '\n';
	}

	row(cells: readonly Cell[]): void {
		this.text += cells.map(quoted).join(',') + '\n';
		if (this.text.length > 1 << 16) this.flush();
	}

	private flush(): void {
		writeSync(this.handle, this.text);
		this.text = '';
	}

	close(): void {
		this.flush();
		closeSync(this.handle);
	}
}

/** The files of MTM documentation and its claims. */
export type MtmFiles = Record<
	| 'mtm_enrollment'
	| 'mtm_service'
	| 'mtm_medication'
	| 'mtm_service_element'
	| 'mtm_recommendation'
	| 'mtm_opportunity'
	| 'mtm_claim',
	DemoFile
>;
