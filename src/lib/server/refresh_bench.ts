import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { refresh } from './build/refresh';
import { factsBehind } from './build/tables';
import { attach, literal, openDatabase, type Connection } from './duckdb';
import { openHome, readCurrent, resultsFile, type Home } from './home';
import { load } from './load/load';
import { stepClock } from './step_clock';

/** Refreshes the years 2024 and 2025 of a home; gives the seconds of the whole and of each step. */
export async function timedRefresh(home: Home): Promise<{ seconds: number; steps: Map<string, number> }> {
	const clock = stepClock();
	const started = performance.now();
	await refresh(home, { years: [2024, 2025], asOf: '2025-12-31', progress: clock.told });
	const seconds = (performance.now() - started) / 1000;
	clock.told([]);
	return { seconds, steps: clock.seconds };
}

/** The slowest steps in words, each with its seconds. */
export const slowest = (steps: Map<string, number>, most = 10): string =>
	[...steps]
		.sort(([, one], [, other]) => other - one)
		.slice(0, most)
		.map(([what, seconds]) => `${what} ${seconds.toFixed(1)}`)
		.join(', ');

const writeCsv = (connection: Connection, folder: string, table: string, select: string) =>
	connection.run(`copy (${select}) to ${literal(join(folder, `${table}.csv`))} (header)`);

const person = `'P' || lpad(p::varchar, 8, '0') as person_id`;

/**
 * Writes about twenty lines of medical claims a patient over two years: office visits, emergency visits billed by hospital and physician, and
 * stays billed in two interim bills of two lines, one patient-year in six.
 */
async function makeMedicalLines(connection: Connection, folder: string, size: number): Promise<void> {
	const about = `${person}, 'icd-10-cm' as diagnosis_code_type, 'bench' as data_source`;
	const diagnoses = `['I10', 'E119', 'I5023', 'J441', 'N179', 'K922', 'R55', 'J189', 'I214', 'T45515A']`;
	await writeCsv(
		connection,
		folder,
		'medical_claim',
		`select 'V' || p || '-' || i as claim_id, 1 as claim_line_number, 'professional' as claim_type, ${about},
			date '2024-01-01' + (hash(p, i, 20) % 730)::integer as claim_start_date, claim_start_date as claim_end_date, '11' as place_of_service_code,
			'99213' as hcpcs_code, ${diagnoses}[(1 + hash(p, i, 21) % 5)::integer] as diagnosis_code_1, (1500000000 + hash(p, 6) % 5000)::varchar as rendering_npi,
			(5000 + hash(p, i) % 9000) / 100.0 as paid_amount
		from range(${size}) as r(p), range(17) as v(i)
		union all by name
		select 'E' || p || '-' || y || '-' || line as claim_id, 1 as claim_line_number, if(line = 1, 'institutional', 'professional') as claim_type, ${about},
			make_date(2024 + y::integer, 1, 1) + (hash(p, y, 22) % 360)::integer as claim_start_date, claim_start_date as claim_end_date,
			if(line = 1, '131', null) as bill_type_code, if(line = 1, '0450', null) as revenue_center_code, if(line = 2, '23', null) as place_of_service_code,
			'99284' as hcpcs_code, ${diagnoses}[(1 + hash(p, y, 23) % 10)::integer] as diagnosis_code_1, (1900000000 + hash(p) % 50)::varchar as facility_npi,
			(20000 + hash(p, y) % 90000) / 100.0 as paid_amount
		from range(${size}) as r(p), range(2) as d(y), (values (1), (2)) as l(line) where hash(p, y, 24) % 2 = 0
		union all by name
		select 'S' || p || '-' || y || '-' || bill as claim_id, line as claim_line_number, 'institutional' as claim_type, ${about},
			make_date(2024 + y::integer, 1, 1) + (hash(p, y, 25) % 330)::integer as admission_date,
			if(bill = 1, admission_date, admission_date + 4) as claim_start_date, if(bill = 1, admission_date + 3, admission_date + 8) as claim_end_date,
			if(bill = 1, null, claim_end_date) as discharge_date, if(bill = 1, '112', '114') as bill_type_code, if(bill = 1, '30', '01') as discharge_disposition_code,
			if(line = 1, '0120', '0250') as revenue_center_code, ${diagnoses}[(1 + hash(p, y, 26) % 10)::integer] as diagnosis_code_1,
			${diagnoses}[(1 + hash(p, y, 27) % 10)::integer] as diagnosis_code_2, (1900000000 + hash(p) % 50)::varchar as facility_npi, 4000 as paid_amount
		from range(${size}) as r(p), range(2) as d(y), (values (1), (2)) as b(bill), (values (1), (2)) as l(line) where hash(p, y, 28) % 6 = 0`
	);
}

/** Writes MTM documentation: an enrolment, three sessions and three recommendations a patient, five elements and three medicines of each review. */
async function makeMtm(connection: Connection, folder: string, size: number): Promise<void> {
	const each = `range(${size}) as a(p), range(3) as b(n)`;
	const write = (table: string, select: string) =>
		writeCsv(connection, folder, table, `select *, 'bench' as data_source from (${select})`);
	await write(
		'mtm_enrollment',
		`select ${person}, 'H1234' as contract_id, 'part_d' as program, date '2024-01-01' + (hash(p, 21) % 500)::integer as enrollment_date,
			date '2024-01-01' as met_criteria_date from range(${size}) as a(p)`
	);
	await write(
		'mtm_service',
		`select 'S' || p || '-' || n as service_id, ${person}, 'H1234' as contract_id, 'part_d' as program,
			(['cmr', 'tmr', 'follow_up'])[n + 1] as service_type, date '2025-01-01' + (hash(p, n, 22) % 360)::integer as service_date,
			if(hash(p, n, 23) % 5 = 0, 'refused', 'completed') as status, 'phone' as delivery_method, 'pharmacist' as provider_type,
			date '2025-06-01' as follow_up_due_date from ${each}`
	);
	await write(
		'mtm_service_element',
		`select 'S' || p || '-0' as service_id, (['medical_history', 'medication_list', 'allergies', 'problems', 'action_plan'])[n + 1] as element,
			'yes' as state from range(${size}) as a(p), range(5) as b(n)`
	);
	await write(
		'mtm_medication',
		`select 'S' || p || '-0' as service_id, n + 1 as line, (['lisinopril', 'metformin', 'atorvastatin'])[n + 1] as ingredient from ${each}`
	);
	await write(
		'mtm_recommendation',
		`select 'R' || p || '-' || n as recommendation_id, 'S' || p || '-' || n as service_id, ${person},
			date '2025-01-01' + (hash(p, n, 24) % 330)::integer as identified_date, if(n = 0, 'adherence', 'needs_therapy') as problem,
			(['adherence_support', 'start', 'stop', 'increase_dose', 'extend_supply', 'reduce_cost', 'change_drug'])[1 + (hash(p, n, 25) % 7)::integer] as action,
			(['lisinopril', 'metformin', 'atorvastatin'])[n + 1] as ingredient, (['losartan', 'glipizide', 'rosuvastatin'])[n + 1] as new_ingredient,
			'prescriber' as recipient, (['accepted', 'accepted', 'declined', 'pending'])[1 + (hash(p, n, 26) % 4)::integer] as response,
			if(response = 'pending', null, identified_date + 14) as response_date,
			if(n = 0, (['cost', 'forgets', 'side_effects'])[1 + (hash(p, 27) % 3)::integer], null) as barrier from ${each}`
	);
}

/** Loads the files of `folder`/in with those that `make` writes into a home of their own, refreshes it, and asks `ask` of it before it goes. */
async function refreshed<T>(
	folder: string,
	make: (connection: Connection, folder: string) => Promise<void>,
	ask: (home: Home, took: Awaited<ReturnType<typeof timedRefresh>>) => Promise<T>
): Promise<T> {
	const more = join(folder, 'more');
	mkdirSync(more, { recursive: true });
	const home = openHome(join(folder, 'home-more'));
	try {
		const database = await openDatabase();
		await make(await database.connect(), more);
		database.close();
		await load(home, [join(folder, 'in'), more], { by: 'bench' });
		return await ask(home, await timedRefresh(home));
	} finally {
		rmSync(home.folder, { recursive: true, force: true });
		rmSync(more, { recursive: true, force: true });
	}
}

/** Seconds of a refresh of everything over the fills in `folder`/in and about twenty medical lines a patient, beside a sort of the same lines and fills by patient and day. */
export const benchHospital = (folder: string, size: number, peak: () => number) =>
	refreshed(
		folder,
		(connection, more) => makeMedicalLines(connection, more, size),
		async (home, { seconds, steps }) => {
			const database = await openDatabase({ memory: '4GB', spill: join(folder, 'spill') });
			try {
				const connection = await database.connect();
				await attach(connection, resultsFile(home, readCurrent(home).results!), 'results', true);
				const counts = await connection.row<{ lines: number; fills: number; stays: number }>(`
					select (select count(*) from results.final_medical_line) as lines, (select count(*) from results.fill) as fills,
						(select count(*) from results.stay_fact) as stays`);
				const started = performance.now();
				await connection.run(
					'create temp table sorted_line as from results.final_medical_line order by patient_no, starts_on, claim_id'
				);
				await connection.run(
					'create temp table sorted_fill as from results.fill order by patient_no, dispensed_on, claim_id'
				);
				const sorted = (performance.now() - started) / 1000;
				return { seconds, baseline_seconds: sorted, peak_mb: peak(), ...counts, steps: slowest(steps) };
			} finally {
				database.close();
			}
		}
	);

/** The facts made of MTM documentation, and those of claims that tell of MTM. */
const mtmFacts = [
	'mtm_enrollment_span',
	'mtm_enrollment_year',
	'mtm_source',
	'mtm_session',
	'mtm_quarter',
	'cmr_fact',
	'mtm_element',
	'mtm_session_completeness',
	'mtm_session_medicine',
	'mtm_follow_up',
	'mtm_opportunity_fact',
	'recommendation_verified',
	'recommendation_fact',
	'recommended_ingredient',
	'adherence_around_answer',
	'documented_problem',
	'drug_cost_change',
	'beneficiary_fact',
	'mtm_eligibility',
	'condition_fact',
	'medication_fact'
];

/**
 * Seconds of the MTM facts beside those of the adherence facts, in one refresh of the fills in `folder`/in with three sessions and three recommendations a patient.
 * Adherence facts: adherence_fact and every fact it is made of, from the fill on. MTM facts: those above and every fact they are made of that adherence is not.
 * fold_seconds: adherence_fact alone.
 */
export const benchMtm = (folder: string, size: number, peak: () => number) =>
	refreshed(
		folder,
		(connection, more) => makeMtm(connection, more, size),
		async (home, { steps }) => {
			const database = await openDatabase();
			try {
				const connection = await database.connect();
				await attach(connection, resultsFile(home, readCurrent(home).results!), 'results', true);
				const counts = await connection.row<{ sessions: number; recommendations: number }>(`
					select (select count(*) from results.mtm_session) as sessions, (select count(*) from results.recommendation_fact) as recommendations`);
				const adherence = await factsBehind(connection, ['adherence_fact']);
				const mtm = (await factsBehind(connection, mtmFacts)).filter((fact) => !adherence.includes(fact));
				const of = (facts: string[]) => new Map([...steps].filter(([step]) => facts.includes(step)));
				const total = (some: Map<string, number>) => [...some.values()].reduce((sum, one) => sum + one, 0);
				return {
					seconds: total(of(mtm)),
					baseline_seconds: total(of(adherence)),
					fold_seconds: steps.get('adherence_fact') ?? 0,
					peak_mb: peak(),
					...counts,
					steps: slowest(of(mtm)),
					adherence_steps: slowest(of(adherence))
				};
			} finally {
				database.close();
			}
		}
	);
