import { join } from 'node:path';
import { literal, name, type Connection } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { loadDrugs } from '$lib/server/reference/load';
import { sqlFile } from '$lib/server/sql';
import { currentSql, partSql, partsOf } from './current';
import { counted } from './gate';
import type { LoadedFile, Placed, Warning } from './manifest';
import { intakeTable } from './table';

/** Whether a National Provider Identifier has ten digits and a right check digit (Luhn over 80840 and the number). */
export function isNpi(text: string): boolean {
	if (!/^\d{10}$/.test(text)) return false;
	let sum = 24;
	for (let at = 0; at < 10; at++) {
		let digit = text.charCodeAt(at) - 48;
		if (at % 2 === 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return sum % 10 === 0;
}

/** What a file's good rows make doubtful, counted by rule; needs nothing but the file. */
export async function fileWarnings(
	connection: Connection,
	folder: string,
	file: LoadedFile,
	active: Placed[]
): Promise<Warning[]> {
	const table = intakeTable(file.table);
	const has = (column: string) => file.columns.includes(column);
	const good = `(select * from read_parquet(${literal(join(folder, file.part))}) where reject is null)`;
	// Where one input row gives several, it is counted once for each word.
	const rowsSql = file.row === 'input_row' ? 'count(distinct input_row)' : 'count(*)';
	const warnings: Warning[] = [];
	const warn = (column: string | null, rule: string, rows: number) => {
		if (rows > 0) warnings.push(counted(file.table, column, rule, rows));
	};
	const today = localToday();
	const counts: string[] = [];
	const meaning: [string | null, string][] = [];
	const count = (column: string | null, rule: string, when: string) => {
		counts.push(`${rowsSql} filter (where ${when}) as ${name(`n${counts.length}`)}`);
		meaning.push([column, rule]);
	};
	if (table.day && has(table.day) && file.to && file.to > today)
		count(table.day, 'after_today', `${table.day}::date > date '${today}'`);
	for (const column of table.columns)
		if (has(column.name) && column.codes.length && !column.checks.some((check) => check.code === 'unknown_status'))
			count(
				column.name,
				'unknown_code',
				`${name(column.name)}::varchar not in (${column.codes.map(literal).join(', ')})`
			);
	if (counts.length) {
		const row = await connection.row<Record<string, number>>(`select ${counts.join(', ')} from ${good}`);
		meaning.forEach(([column, rule], at) => warn(column, rule, row[`n${at}`]!));
	}
	for (const column of table.columns.filter((each) => has(each.name) && /(^|_)npi$/.test(each.name))) {
		const values = await connection.rows<{ npi: string; rows: number }>(
			`select ${name(column.name)} as npi, ${rowsSql} as rows from ${good} where ${name(column.name)} is not null group by 1`
		);
		warn(
			column.name,
			'check_digit',
			values.reduce((sum, each) => sum + (isNpi(each.npi) ? 0 : each.rows), 0)
		);
	}
	const usual = active
		.flatMap(({ load }) => load.files)
		.filter((each) => each.table === file.table && each.data_source === file.data_source)
		.map((each) => each.read)
		.sort((a, b) => a - b);
	const middle = usual[usual.length >> 1];
	if (usual.length >= 2 && middle && file.read * 2 <= middle * 1.1) {
		const warning = counted(file.table, null, 'few_rows', file.read);
		warnings.push({ ...warning, sentence: `${file.read} rows; ${usual[0]} to ${usual[usual.length - 1]} came before` });
	}
	return warnings;
}

/** What only shows beside the other tables: unknown drugs, fills after death or coverage, reversals of nothing, names in notes. Added to the files' warnings. */
export async function loadWarnings(
	connection: Connection,
	home: Home,
	pending: Placed,
	active: Placed[],
	engine: string
): Promise<void> {
	await drugWarnings(connection, home, pending, engine);
	await noteWarnings(connection, pending, active, engine);
	const table = intakeTable('pharmacy_claim');
	const parts = partsOf(table, [pending]).filter((part) => part.file.columns.includes('dispensing_date'));
	const roster = parts.length ? currentSql(intakeTable('eligibility'), [...active, pending], engine) : null;
	if (roster)
		await connection.run(
			`create or replace temp table last_day as select person_id, max(death_date) as death_date, max(enrollment_end_date) as covered_to from (${roster}) group by person_id`
		);
	for (const part of parts) {
		if (!part.file.from) continue;
		const add = (column: string, rule: string, rows: number) => {
			if (rows > 0) part.file.warnings.push(counted(part.file.table, column, rule, rows));
		};
		if (roster) {
			const row = await connection.row<{ dead: number; ended: number }>(
				`select count(*) filter (where dispensing_date > death_date) as dead, count(*) filter (where dispensing_date > covered_to) as ended from (${partSql(table, part, { engine })}) join last_day using (person_id)`
			);
			add('dispensing_date', 'after_death', row.dead);
			add('dispensing_date', 'after_coverage', row.ended);
		}
	}
	if (roster) await connection.run('drop table last_day');
	const reversing = parts.filter((part) => part.file.columns.includes('claim_status'));
	if (!reversing.length) return;
	const claims = partsOf(table, [...active, pending])
		.map(
			(part) =>
				`select data_source, claim_id, claim_status, person_id, ndc_code, dispensing_date, dispensing_provider_npi from (${partSql(table, part, { engine })})`
		)
		.join(' union all ');
	for (const part of reversing) {
		const { reversed } = await connection.row<{ reversed: number }>(
			`select count(*) filter (where claim_status = 'reversed') as reversed from (${partSql(table, part, { engine })})`
		);
		if (!reversed) continue;
		const { rows } = await connection.row<{ rows: number }>(
			`with reversal as (select data_source, coalesce(original_claim_id, claim_id) as claim_id, original_claim_id is null as is_unnamed, person_id, ndc_code, dispensing_date, dispensing_provider_npi from (${partSql(table, part, { engine })}) where claim_status = 'reversed'),
			claim as (select * from (${claims}) where claim_status in ('paid', 'adjusted')),
			unnamed as (select * from reversal anti join claim using (data_source, claim_id))
			select (select count(*) from unnamed where not is_unnamed) + (select count(*) from (select * from unnamed where is_unnamed) as reversal anti join claim on reversal.data_source = claim.data_source and reversal.person_id = claim.person_id and reversal.ndc_code = claim.ndc_code and reversal.dispensing_date = claim.dispensing_date and reversal.dispensing_provider_npi is not distinct from claim.dispensing_provider_npi) as rows`
		);
		if (rows > 0)
			part.file.warnings.push(counted('pharmacy_claim', 'original_claim_id', 'reversal_without_original', rows));
	}
}

/** Fills whose NDC no drug table knows, and quantities that no such product is taken in. */
async function drugWarnings(connection: Connection, home: Home, pending: Placed, engine: string): Promise<void> {
	const table = intakeTable('pharmacy_claim');
	const parts = partsOf(table, [pending]).filter((part) => part.file.columns.includes('ndc_code') && part.file.from);
	if (!parts.length) return;
	const rows = parts
		.map((part) => `select ndc_code, days_supply from (${partSql(table, part, { engine })})`)
		.join(' union all ');
	await connection.run('create schema if not exists drugs; use drugs');
	try {
		await connection.run(
			`create or replace table claim_ndc as select ndc_code, count(*) as fills, sum(days_supply)::bigint as days from (${rows}) group by ndc_code`
		);
		// More texts than there are drug codes are no drug codes; the refresh counts and lists every unmapped one anyway.
		const { codes } = await connection.row<{ codes: number }>('select count(*) as codes from claim_ndc');
		if (codes > 300_000) return;
		await loadDrugs(connection, home);
		for (const fact of ['ndc_reading', 'ndc_package', 'drug'])
			await connection.run(`create or replace table ${fact} as ${sqlFile('facts', fact).text}`);
		for (const part of parts) {
			// [D] Tablets and capsules: 1 in 10 days to 20 a day; other forms (a monthly injection, a liquid): 1 in 100 days to 60 a day.
			const row = await connection.row<{ unmapped: number; unfit: number }>(
				`select count(*) filter (where ndc_match = 'none') as unmapped,
					count(*) filter (where quantity <= 0 or quantity > days_supply * most or quantity * rarest < days_supply) as unfit
				from (${partSql(table, part, { engine })}) as fill
				inner join (select ndc_code, ndc_match, if(form like '%tablet%' or form like '%capsule%', 20, 60) as most, if(form like '%tablet%' or form like '%capsule%', 10, 100) as rarest from drug) as known using (ndc_code)`
			);
			if (row.unmapped > 0) part.file.warnings.push(counted(table.name, 'ndc_code', 'unmapped_ndc', row.unmapped));
			if (row.unfit > 0) part.file.warnings.push(counted(table.name, 'quantity', 'quantity_days', row.unfit));
		}
	} finally {
		await connection.run('use memory.main; drop schema drugs cascade');
	}
}

/** Free texts that hold the family name of the person they are about. */
async function noteWarnings(connection: Connection, pending: Placed, active: Placed[], engine: string): Promise<void> {
	const notes = [
		['mtm_service', 'note'],
		['mtm_recommendation', 'rationale']
	] as const;
	const parts = notes.flatMap(([name, column]) =>
		partsOf(intakeTable(name), [pending])
			.filter((part) => part.file.columns.includes(column))
			.map((part) => ({ table: intakeTable(name), column, part }))
	);
	const roster = parts.length ? currentSql(intakeTable('eligibility'), [...active, pending], engine) : null;
	if (!roster) return;
	for (const { table, column, part } of parts) {
		const { rows } = await connection.row<{ rows: number }>(
			`select count(*) as rows from (${partSql(table, part, { engine })}) as said join (select person_id, any_value(lower(last_name)) as last_name from (${roster}) where length(last_name) > 2 group by person_id) as person using (person_id) where contains(lower(said.${column}), person.last_name)`
		);
		if (rows > 0) part.file.warnings.push(counted(table.name, column, 'name_in_note', rows));
	}
}

/** Today in the machine's own zone, YYYY-MM-DD. */
function localToday(): string {
	const now = new Date();
	return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}
