import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words of patients that nothing but a page, an export or an answer for who may see them can hold. */
export const planted = {
	id: 'PLANTEDID',
	first: 'Plantedfirst',
	last: 'Plantedlast',
	mbi: '1PLANTEDMB7',
	phone: '555PLANTED1',
	street: '1 Planted Street',
	badDay: 'PLANTED-DAY',
	note: 'asks for Planted the grocer'
};
export const traces = /planted/i;
/** Numbers of claims, services and recommendations: P2 shows them, no address and no message has them. In capitals, because what is random has small ones by chance. */
export const numbers = /SOWN/;
/** The person that is looked at. */
export const wanted = `${planted.id}03`;

const fillDays = ['2026-01-05', '2026-02-04', '2026-03-08', '2026-04-10', '2026-06-20', '2026-07-21'];

/**
 * Writes a drop of twelve people with fills, reviews, recommendations, MTM claims and stays, every id, name and text of whom is a planted word. One fill
 * has a day that cannot be read.
 */
export function plant(drop: string): void {
	mkdirSync(drop);
	const file = (table: string, columns: string, rows: (string | number)[][]) =>
		writeFileSync(join(drop, `${table}.csv`), [columns, ...rows.map((row) => row.join(','))].join('\n') + '\n');
	const { first, last, mbi, phone, street } = planted;
	const note = (at: number) => `${planted.note} ${at}`;
	const people = Array.from({ length: 12 }, (_, at) => `${planted.id}${String(at).padStart(2, '0')}`);
	file(
		'eligibility',
		'person_id,first_name,last_name,birth_date,gender,mbi,phone,address,city,state,zip_code,payer,plan,contract_id,enrollment_start_date,enrollment_end_date',
		people.map((person) =>
			`${person},${first},${last},1950-02-03,female,${mbi},${phone},${street},Town,OH,44101,Payer,P1,H0001,2025-01-01,2026-12-31`.split(
				','
			)
		)
	);
	file(
		'contact',
		'person_id,phone,best_time,caregiver_name,caregiver_phone',
		people.map((person, at) => [person, phone, note(at), `${first} ${last}`, phone])
	);
	file('pharmacy_claim', 'claim_id,person_id,dispensing_date,ndc_code,quantity,days_supply,dispensing_provider_npi', [
		...people.flatMap((person, at) =>
			fillDays
				.slice(0, 3 + (at % 4))
				.map((day, fill) => [`SOWN${at}-${fill}`, person, day, '00071015523', 30, 30, '1999000023'])
		),
		['SOWNX', wanted, planted.badDay, '00071015523', 30, 30, '1999000023']
	]);
	file(
		'medical_claim',
		'claim_id,person_id,claim_type,claim_start_date,claim_end_date,admission_date,discharge_date,discharge_disposition_code,bill_type_code,revenue_center_code,diagnosis_code_type,diagnosis_code_1,facility_npi,paid_amount',
		people.flatMap((person, at) => [
			[
				`SOWNH${at}`,
				person,
				'institutional',
				'2026-09-10',
				'2026-09-14',
				'2026-09-10',
				'2026-09-14',
				'01',
				'111',
				'0120',
				'icd-10-cm',
				'I5021',
				'1999000031',
				9000
			],
			[
				`SOWNE${at}`,
				person,
				'institutional',
				'2026-08-02',
				'2026-08-02',
				'',
				'',
				'01',
				'131',
				'0450',
				'icd-10-cm',
				'E11649',
				'1999000031',
				700
			]
		])
	);
	file(
		'mtm_enrollment',
		'person_id,contract_id,program,enrollment_date,targeting_reason',
		people.map((person) => [person, 'H0001', 'part_d', '2026-01-01', '01'])
	);
	file(
		'mtm_service',
		'service_id,person_id,contract_id,program,service_type,service_date,status,status_reason,delivery_method,setting,provider_type,provider_npi,pharmacy_npi,recipient,minutes,documented_at,note',
		people.map((person, at) => [
			`SOWNS${at}`,
			person,
			'H0001',
			'part_d',
			'cmr',
			'2026-05-06',
			'completed',
			note(at),
			'02',
			'call_center',
			'pharmacist',
			'1992000018',
			'1999000023',
			'01',
			35,
			'2026-05-06 15:00:00',
			note(at)
		])
	);
	file(
		'mtm_service_element',
		'service_id,element,state,value',
		people.map((_, at) => [`SOWNS${at}`, 'goals', 'yes', note(at)])
	);
	file(
		'mtm_medication',
		'service_id,line,ndc_code,ingredient,name,source,indication,indicated,effective,safe,adherent,decision',
		people.map((_, at) => [
			`SOWNS${at}`,
			1,
			'00071015523',
			'atorvastatin',
			'Lipitor',
			'rx',
			'sown words',
			'yes',
			'yes',
			'yes',
			'no',
			'continue'
		])
	);
	file(
		'mtm_recommendation',
		'recommendation_id,service_id,person_id,identified_date,problem,action,ingredient,recipient,prescriber_npi,channel,sent_date,response,response_date,decline_reason,barrier,strategy,rationale',
		people.map((person, at) => [
			`SOWNR${at}`,
			`SOWNS${at}`,
			person,
			'2026-05-06',
			'adherence',
			'adherence_support',
			'atorvastatin',
			'prescriber',
			'1050000011',
			'fax',
			'2026-05-06',
			at % 3 ? 'declined' : 'no_response',
			at % 3 ? '2026-05-20' : '',
			note(at),
			'forgets',
			note(at),
			note(at)
		])
	);
	file(
		'mtm_opportunity',
		'opportunity_id,person_id,source,problem,opened_on,status,service_id',
		people.map((person, at) => [`SOWNO${at}`, person, 'Payer', 'adherence', '2026-03-01', 'open', ''])
	);
	file(
		'mtm_claim',
		'claim_id,claim_line_number,person_id,service_id,payer,program,service_date,procedure_code,units,pharmacist_npi,pharmacy_npi,billed_amount,paid_amount,claim_status,denial_reason,approval_number,submitted_date,paid_date',
		people.map((person, at) => [
			`SOWNC${at}`,
			1,
			person,
			at % 2 ? `SOWNS${at}` : '',
			'Payer',
			'part_d',
			'2026-05-06',
			'99605',
			1,
			'1992000018',
			'1999000023',
			60,
			60,
			'paid',
			'',
			'SOWNPA',
			'2026-05-10',
			'2026-05-20'
		])
	);
	file(
		'lab_result',
		'person_id,source_component_code,result,source_units,collection_datetime',
		people.map((person) => [person, '4548-4', '7.1', '%', '2026-06-01 08:00:00'])
	);
}
