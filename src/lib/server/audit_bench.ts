import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeTables } from './build/tables';
import { literal, openDatabase, type Connection } from './duckdb';
import { intakeTables } from './load/table';
import { shippedFolder } from './reference/table';
import { stepClock } from './step_clock';

/** The steps of a refresh that are the audit's. */
const steps = [
	'mtm_claim_line',
	'audit_term',
	'mtm_source',
	'session_note',
	'audit_line',
	'audit_rule',
	'audit_finding',
	'audit_claim',
	'unbilled_session',
	'unbilled_line',
	'unbilled_finding'
];

/**
 * Fills the intake with `lines` lines of MTM claims: two a session, four sessions a patient, one session in fifty with something wrong and one in fifty
 * never billed; twelve fills, three visits to a doctor and a stay in hospital a patient, a problem a session and four medicines a review, so that
 * every rule has something to read.
 */
async function fill(connection: Connection, lines: number): Promise<void> {
	for (const table of intakeTables()) {
		const columns = table.columns.map((column) => `"${column.name}" ${column.type}`).join(', ');
		await connection.run(
			`create table intake.main.${table.name} (${columns}, source_file varchar, source_line bigint, load_id integer)`
		);
	}
	const sessions = 4 * Math.ceil(lines / 2 / 0.98 / 4);
	const rows = (table: string, select: string) =>
		connection.run(
			`insert into intake.main.${table} by name select *, 'bench' as data_source, 'bench' as source_file, 1 as source_line, 1 as load_id from (${select})`
		);
	await rows(
		'eligibility',
		`select 'P' || p as person_id, date '1950-01-01' as birth_date, date '2024-01-01' as enrollment_start_date, date '2025-12-31' as enrollment_end_date,
			'Payer ' || p % 4 as payer, 'medicare' as payer_type, 'H1' as contract_id from range(${sessions / 4}) as r(p)`
	);
	await rows(
		'mtm_enrollment',
		`select 'P' || p as person_id, 'H1' as contract_id, 'part_d' as program, date '2024-01-01' as enrollment_date from range(${sessions / 4}) as r(p)`
	);
	// Nine digits and their check digit: Luhn's, after the prefix 80840 whose digits add 24.
	await connection.run(`create table memory.pharmacist as
		select n, (base * 10 + (10 - (24 + digits) % 10) % 10)::varchar as npi
		from (
			select n, 100000000 + n as base,
				list_sum(list_transform(range(9), lambda place:
					(base // (10 ** place)::bigint) % 10 * if(place % 2 = 0, 2, 1)
					- if(place % 2 = 0 and (base // (10 ** place)::bigint) % 10 > 4, 9, 0)))::bigint as digits
			from range(3000) as r(n)
		)`);
	await rows('provider', `select npi, date '2010-01-01' as licensed_from from memory.pharmacist`);
	await rows(
		'fee_schedule',
		`select 'part_d' as program, code as procedure_code, fee as unit_fee, date '2023-01-01' as effective_from
		from (values ('99605', 60), ('99606', 40), ('99607', 20)) as t(code, fee)`
	);
	// A pharmacist has a patient every forty minutes; one in fifty sessions begins too early, is too short, or has another's note.
	const session = `select s, 'P' || s // 4 as person_id, date '2024-01-08' + ((s % 4) * 150 + hash(s // 4) % 100)::integer as service_date,
		pharmacist.npi, hash(s, 3) % 50 = 0 as is_wrong, 480 + 40 * (hash(s, 5) % 14)::integer as starts
		from range(${sessions}) as r(s) inner join memory.pharmacist on hash(s, 2) % 3000 = pharmacist.n`;
	await rows(
		'mtm_service',
		`select 'S' || s as service_id, person_id, 'H1' as contract_id, 'part_d' as program, if(s % 4 = 0, 'cmr', 'follow_up') as service_type, service_date,
			'completed' as status, '01' as delivery_method, npi as provider_npi, '1700000000' as pharmacy_npi, service_date + to_minutes(starts) as start_time,
			service_date + to_minutes(starts + if(is_wrong, 10, 35)) as end_time, if(is_wrong, 10, 35) as minutes, service_date + 5 as summary_sent_date,
			service_date + to_minutes(starts + 60) as documented_at,
			array_to_string(list_transform(range(40), lambda n: 'word' || hash(if(is_wrong, s % 100, s), n) % 5000), ' ') as note
		from (${session})`
	);
	await rows(
		'mtm_recommendation',
		`select 'R' || s as recommendation_id, 'S' || s as service_id, person_id, service_date as identified_date,
			if(s % 3 = 0, 'adherence', 'needs_therapy') as problem, if(s % 3 = 0, 'adherence_support', 'start') as action, 'atorvastatin' as ingredient,
			'atorvastatin' as new_ingredient, 'prescriber' as recipient, '1000000004' as prescriber_npi, if(s % 2 = 0, 'accepted', 'declined') as response,
			service_date + 5 as response_date, if(s % 2 = 0, 'yes', 'no') as resolved, if(is_wrong, 6, 3) as severity_level
		from (${session})`
	);
	await rows(
		'mtm_medication',
		`select 'S' || s as service_id, line, list_extract(['atorvastatin', 'metformin', 'lisinopril', 'amlodipine'], line::integer) as ingredient, 'rx' as source
		from range(0, ${sessions}, 4) as r(s), range(1, 5) as l(line)`
	);
	await rows(
		'pharmacy_claim',
		`select 'F' || p || '-' || n as claim_id, 1 as claim_line_number, 'P' || p as person_id, date '2024-01-03' + 60 * n::integer as dispensing_date,
			list_extract(ndcs, 1 + (p % len(ndcs))::integer) as ndc_code, 60 as days_supply, 60 as quantity, 10 as paid_amount, 'paid' as claim_status,
			'1700000000' as dispensing_provider_npi
		from range(${sessions / 4}) as r(p), range(12) as f(n),
			(select list(ndc11 order by ndc11)[1:40] as ndcs from ${literal(join(shippedFolder(), 'drug.parquet'))}
			where ingredients in (['atorvastatin'], ['metformin'], ['lisinopril'], ['amlodipine']))`
	);
	await rows(
		'medical_claim',
		`select 'M' || p || '-' || n as claim_id, 1 as claim_line_number, if(n = 0, 'institutional', 'professional') as claim_type, 'P' || p as person_id,
			date '2024-02-01' + (100 * n + p % 90)::integer as claim_start_date, if(n = 0, claim_start_date + 3, claim_start_date) as claim_end_date,
			if(n = 0, claim_start_date, null) as admission_date, if(n = 0, claim_start_date + 3, null) as discharge_date, if(n = 0, '111', null) as bill_type_code,
			'icd-10-cm' as diagnosis_code_type, if(n % 2 = 0, 'I10', 'E119') as diagnosis_code_1, 'paid' as claim_status
		from range(${sessions / 4}) as r(p), range(4) as c(n)`
	);
	await rows(
		'mtm_claim',
		`select 'C' || s as claim_id, line as claim_line_number, person_id, 'S' || s as service_id, 'Payer ' || (s // 4) % 4 as payer, 'part_d' as program,
			service_date, if(line = 2, '99607', if(s % 4 = 0, '99605', '99606')) as procedure_code, 1 as units, npi as pharmacist_npi, '1700000000' as pharmacy_npi,
			'01' as place_of_service_code, if(line = 2, 20, 40) as paid_amount, 'paid' as claim_status, service_date + 5 as submitted_date, '837p' as claim_format
		from (${session}), (values (1), (2)) as l(line) where hash(s, 7) % 50 > 0`
	);
}

/** Seconds of all rules of the audit over so many claim lines, the slowest of its steps, and of a sort of the same lines by patient and day. */
export async function benchAudit(folder: string, lines: number, peak: () => number) {
	mkdirSync(folder, { recursive: true });
	const files = ['audit_intake.duckdb', 'audit.duckdb'].map((file) => join(folder, file));
	const [intake, results] = files.map((file) => `${literal(file)} as`);
	const database = await openDatabase({ memory: process.env.MTM_MEMORY ?? '4GB', spill: join(folder, 'spill') });
	try {
		const connection = await database.connect();
		await connection.run(
			`attach ${intake} intake; attach ${results} results (recovery_mode 'no_wal_writes', storage_version 'latest')`
		);
		await fill(connection, lines);
		const clock = stepClock();
		await makeTables(database, connection, null, {
			only: steps,
			asOf: '2025-12-31',
			loads: [1],
			earlier: [],
			progress: clock.told
		});
		clock.told([]);
		const from = performance.now();
		await connection.run(
			'create table memory.sorted as select * from mtm_claim_line order by patient_no, service_date, claim_id'
		);
		const baseline = (performance.now() - from) / 1000;
		const { flags } = await connection.row<{ flags: number }>('select count(*) as flags from audit_finding');
		return {
			seconds: steps.reduce((sum, step) => sum + (clock.seconds.get(step) ?? 0), 0),
			baseline_seconds: baseline,
			peak_mb: peak(),
			flags,
			steps: steps.map((step) => `${step} ${(clock.seconds.get(step) ?? 0).toFixed(1)}`).join(', ')
		};
	} finally {
		database.close();
		for (const file of files) for (const left of [file, `${file}.wal`]) rmSync(left, { force: true });
	}
}
