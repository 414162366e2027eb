import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildAdherence } from './build/adherence';
import { attach, literal, openDatabase, type Connection } from './duckdb';
import { homeAt, readCurrent, resultsFile } from './home';
import { shippedFolder } from './reference/table';
import { median, seconds } from './timing';

/** How many fills of each of three classes a patient has in each of how many years, the last of them 2025. */
export type Fills = { years: number; aYear: number };
/** 3 classes x 2 years x 10 = 60 fills a patient, 60 million for a million. */
export const sixty: Fills = { years: 2, aYear: 10 };
/** 3 classes x 1 year x 8 = 24 fills a patient, as in published comparisons. */
export const twentyFour: Fills = { years: 1, aYear: 8 };

/** Writes the benchmark's files: a roster, fills of three classes with early refills, switches and combinations, and stays. */
async function makeFiles(connection: Connection, folder: string, size: number, { years, aYear }: Fills): Promise<void> {
	const first = 2026 - years;
	mkdirSync(folder, { recursive: true });
	await connection.run(`copy (
		select 'P' || lpad(p::varchar, 8, '0') as person_id, date '1935-01-01' + (hash(p) % 12000)::integer as birth_date,
			if(hash(p, 1) % 2 = 0, 'female', 'male') as gender, date '${first}-01-01' as enrollment_start_date,
			if(hash(p, 2) % 20 = 0, date '2025-04-01' + (hash(p, 3) % 200)::integer, date '2025-12-31') as enrollment_end_date,
			'H1234-00' || hash(p, 4) % 3 as plan, 'bench' as data_source
		from range(${size}) as r(p)
	) to ${literal(join(folder, 'eligibility.csv'))} (header)`);
	await connection.run(`copy (
		with product as (
			select row_number() over (partition by class, kind order by ndc11) - 1 as n, class, kind, ndc11
			from (
				select ndc11, case
						when ingredients = ['atorvastatin'] or ingredients = ['rosuvastatin'] then 0
						when list_contains(ingredients, 'lisinopril') or ingredients = ['losartan'] then 1
						when list_contains(ingredients, 'metformin') and len(ingredients) <= 2 or ingredients = ['glipizide'] then 2
					end as class,
					case when ingredients = ['atorvastatin'] or list_contains(ingredients, 'lisinopril') or list_contains(ingredients, 'metformin')
						then 0 else 1 end as kind
				from ${literal(join(shippedFolder(), 'drug.parquet'))}
				where (route is null or lower(route) like '%oral%')
			) where class is not null
			qualify n < 40
		),
		fill as (
			select p, c, y, i, hash(p, c, y, i) as h,
				if(hash(p, c, 9) % 8 = 0 and i >= ${aYear / 2}, 1, 0) as kind,
				make_date(${first} + y::integer, 1, 1) + (hash(p, c) % 30)::integer + (i * (${280 / aYear} + hash(p, c, 5) % 9))::integer + (hash(p, c, y, i) % 7)::integer - 3 as dispensing_date
			from range(${size}) as a(p), range(3) as b(c), range(${years}) as d(y), range(${aYear}) as e(i)
		)
		select 'C' || lpad((((p * 3 + c) * ${years} + y) * ${aYear} + i)::varchar, 10, '0') as claim_id, 'P' || lpad(p::varchar, 8, '0') as person_id,
			'H1234-00' || hash(p, 4) % 3 as plan, (1500000000 + hash(p, 6) % 5000)::varchar as prescribing_provider_npi,
			(1700000000 + (hash(p, 7) + if(h % 9 = 0, 1, 0)) % 800)::varchar as dispensing_provider_npi, dispensing_date, ndc11 as ndc_code,
			30 as quantity, 30 as days_supply, dispensing_date + 5 as paid_date, (h % 5000) / 100.0 as paid_amount, 'bench' as data_source
		from fill inner join product on product.class = fill.c and product.kind = fill.kind and product.n = fill.h % 40
	) to ${literal(join(folder, 'pharmacy_claim.csv'))} (header)`);
	await connection.run(`copy (
		select 'M' || lpad((p * 2 + y)::varchar, 10, '0') as claim_id, 1 as claim_line_number, 'institutional' as claim_type,
			'P' || lpad(p::varchar, 8, '0') as person_id, make_date(${first} + y::integer, 1, 1) + (hash(p, y, 11) % 330)::integer as claim_start_date,
			claim_start_date + (1 + hash(p, y, 12) % 9)::integer as claim_end_date, claim_start_date as admission_date, claim_end_date as discharge_date,
			'111' as bill_type_code, '01' as discharge_disposition_code, '0120' as revenue_center_code, 'icd-10-cm' as diagnosis_code_type,
			'I5020' as diagnosis_code_1, (1900000000 + hash(p) % 50)::varchar as facility_npi, 'bench' as data_source
		from range(${size}) as r(p), range(${years}) as d(y) where hash(p, y, 10) % 6 = 0
	) to ${literal(join(folder, 'medical_claim.csv'))} (header)`);
}

/** Writes them into the folder's `in`. */
export async function benchFiles(folder: string, size: number, fills: Fills) {
	const database = await openDatabase();
	await makeFiles(await database.connect(), join(folder, 'in'), size, fills);
	database.close();
	return {};
}

/** The fold over the fills of a home beside plain sorts of the same rows, in seconds. */
export async function benchAdherence(folder: string, size: number, peak: () => number) {
	const home = homeAt(join(folder, 'home'));
	const database = await openDatabase({ memory: process.env.MTM_MEMORY ?? '4GB', spill: join(folder, 'spill') });
	const connection = await database.connect();
	await attach(connection, resultsFile(home, readCurrent(home).results!), 'results', true);
	await connection.run("set search_path = 'results.main,memory.main'");
	// The same rows that the fold reads: once as claims arrive (in no order), once as the facts store them (by patient).
	const rows = `select fill.patient_no, ndc_class.measure, ndc_class.ingredient, fill.dispensed_on, fill.days_supply
		from fill inner join ndc_class on fill.ndc_code = ndc_class.ndc_code`;
	await connection.run(`create temp table arrived as ${rows} order by hash(fill.claim_id)`);
	await connection.run(`create temp table stored as ${rows} order by fill.patient_no`);
	const sort = (table: string) =>
		seconds(async () => {
			const sorted = await connection.stream(
				`select * from ${table} order by patient_no, measure, ingredient, dispensed_on`
			);
			for (let chunk = await sorted.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await sorted.fetchChunk());
		});
	const fold = () =>
		seconds(async () => {
			await buildAdherence(database, { years: [2024, 2025], asOf: '2025-12-31' });
			await connection.run('checkpoint results');
		});
	const rounds = size > 200_000 ? 1 : 3;
	const sorts: number[] = [];
	const storedSorts: number[] = [];
	const folds: number[] = [];
	for (let round = 0; round < rounds; round++) {
		sorts.push(await sort('arrived'));
		storedSorts.push(await sort('stored'));
		folds.push(await fold());
	}
	const { fills } = await connection.row<{ fills: number }>('select count(*) as fills from fill');
	database.close();
	return {
		seconds: median(folds),
		baseline_seconds: median(sorts),
		stored_seconds: median(storedSorts),
		fills,
		peak_mb: peak()
	};
}
