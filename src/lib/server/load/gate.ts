import { name, type Connection } from '$lib/server/duckdb';
import { currentRosterParts, currentSql, partSql, partsOf } from './current';
import type { Load, LoadedFile, Placed } from './manifest';
import { ruleSentence } from './rule';
import { intakeTable, intakeTables, type IntakeTable } from './table';

/** One reason why a load may not pass. */
export type Stop = {
	file: string;
	table: string;
	rule: string;
	column: string | null;
	share: number | null;
	message: string;
};

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)}%`;

const byKind: Record<string, string> = {
	days_supply_out_of_range: 'those fills would cover no day, and their patients would look less adherent than they are',
	malformed_ndc: 'those fills would belong to no drug, and their patients would look less adherent than they are',
	unreadable_date: 'what happened on those days would be lost',
	unknown_status: 'it could not be known whether those rows count'
};

/** The columns that the contract requires and a file lacks or leaves empty in every row. */
export function emptyStops(
	file: LoadedFile,
	table: IntakeTable,
	filled: Record<string, number>,
	goodRecords: number
): Stop[] {
	return table.columns
		.filter((column) => column.required)
		.flatMap((column) => {
			const effect = column.effect ?? 'the rows cannot be used';
			if (!file.columns.includes(column.name))
				return [
					{
						file: file.name,
						table: table.name,
						rule: 'required_column_missing',
						column: column.name,
						share: 1,
						message: `${file.name}: there is no column ${column.name}, which ${table.name} needs: ${effect}.`
					}
				];
			const isOtherwiseBad = file.rejects.some((each) => each.column === column.name && each.rule !== 'missing');
			if (goodRecords === 0 || filled[column.name]! > 0 || isOtherwiseBad) return [];
			return [
				{
					file: file.name,
					table: table.name,
					rule: 'required_column_empty',
					column: column.name,
					share: 1,
					message: `${file.name}: ${column.name} is empty in 100% of ${goodRecords.toLocaleString('en-US')} rows: ${effect}.`
				}
			];
		});
}

/** The percent of a file's rows that may be lost: 1 from a thousand rows on, 20 from ten rows on, or `maxRejects`. */
const limitOf = (file: LoadedFile, maxRejects: number | null) => maxRejects ?? (file.read >= 1000 ? 1 : 20);
/** Whether so many rows are more than may be lost; in whole numbers, so that a share of exactly the limit passes. */
const isTooMany = (rows: number, file: LoadedFile, maxRejects: number | null) =>
	file.read >= 10 && rows * 100 > limitOf(file, maxRejects) * file.read;

/** The stop of a file of which too large a share is rejected. */
export function shareStop(file: LoadedFile, maxRejects: number | null): Stop | null {
	if (!isTooMany(file.rejected, file, maxRejects)) return null;
	const limit = limitOf(file, maxRejects);
	const worst = [...file.rejects].sort((a, b) => b.rows - a.rows)[0]!;
	const column = worst.column
		? intakeTables()
				.find((each) => each.name === file.table)!
				.columns.find((each) => each.name === worst.column)
		: null;
	const effect =
		worst.rule === 'missing' && column?.effect
			? `in those rows ${column.effect}`
			: (byKind[worst.rule] ?? 'those rows would be lost');
	const share = file.rejected / file.read;
	return {
		file: file.name,
		table: file.table,
		rule: worst.rule,
		column: worst.column,
		share,
		message: `${file.name}: ${file.rejected.toLocaleString('en-US')} of ${file.read.toLocaleString('en-US')} rows (${percent(share)}) would be rejected, the gate is ${limit}%. Most: ${worst.sentence} (${worst.rows.toLocaleString('en-US')} rows); ${effect}.`
	};
}

/** The stop of a file in which too large a share of the rows has an id that rows of other persons have too: of each id only the last would count. */
export function sharedStop(file: LoadedFile, shared: number, maxRejects: number | null): Stop | null {
	if (!isTooMany(shared, file, maxRejects)) return null;
	const column = intakeTable(file.table).key[0]!;
	return {
		file: file.name,
		table: file.table,
		rule: 'id_of_several',
		column,
		share: shared / file.read,
		message: `${file.name}: ${shared.toLocaleString('en-US')} of ${file.read.toLocaleString('en-US')} rows (${percent(shared / file.read)}) have a ${column} that rows of other persons have too, the gate is ${limitOf(file, maxRejects)}%. Only the last row of each ${column} would count, and the other persons would lose theirs. Ask the sender for ids that no two of its patients share, or put the patient into them.`
	};
}

/** The care plans as the gate looks at them: one file for each table, because each folder alone may be of one patient. */
export function plansTogether(files: LoadedFile[]): LoadedFile[] {
	const plans = files.filter((each) => each.layout === 'ecareplan');
	return [...new Set(plans.map((each) => each.table))].map((table) => {
		const own = plans.filter((each) => each.table === table);
		const rejects = new Map<string, LoadedFile['rejects'][number]>();
		for (const each of own.flatMap((file) => file.rejects)) {
			const key = `${each.column} ${each.rule}`;
			rejects.set(key, { ...each, rows: each.rows + (rejects.get(key)?.rows ?? 0) });
		}
		return {
			...own[0]!,
			name: own.length > 1 ? `care plans of ${own.length} sources` : own[0]!.name,
			read: own.reduce((sum, each) => sum + each.read, 0),
			rejected: own.reduce((sum, each) => sum + each.rejected, 0),
			rejects: [...rejects.values()]
		};
	});
}

/** People (or other keys) that the last snapshot of each roster had and this load's no longer has. */
export async function vanished(
	connection: Connection,
	before: Placed[],
	pending: Placed,
	engine: string
): Promise<Load['vanished']> {
	const found: Load['vanished'] = [];
	if (pending.load.append) return found;
	for (const table of intakeTables().filter((each) => each.kind === 'roster')) {
		const parts = partsOf(table, [pending]);
		if (!parts.length) continue;
		const sources = [...new Set(parts.flatMap((part) => Object.keys(part.file.sources)))];
		const earlier = currentRosterParts(partsOf(table, before)).flatMap(({ part, sources: theirs }) =>
			theirs.some((source) => sources.includes(source)) ? [{ part, theirs }] : []
		);
		if (!earlier.length) continue;
		const who = table.who.map(name).join(', ');
		const people = (selects: string[]) => `select distinct data_source, ${who} from (${selects.join(' union all ')})`;
		const old = people(
			earlier.map(
				({ part, theirs }) =>
					`select * from (${partSql(table, part, { engine })}) where data_source in (${theirs.map((each) => `'${each.replaceAll("'", "''")}'`).join(', ')})`
			)
		);
		const now = people(parts.map((part) => partSql(table, part, { engine })));
		const same = ['data_source', ...table.who.map(name)]
			.map((each) => `old.${each} is not distinct from now.${each}`)
			.join(' and ');
		const rows = await connection.rows<{ data_source: string; before: number; vanished: number }>(
			`select old.data_source as data_source, count(*) as before, count(*) filter (where now.data_source is null) as vanished from (${old}) as old left join (${now}) as now on ${same} group by old.data_source order by 1`
		);
		for (const row of rows) if (sources.includes(row.data_source)) found.push({ table: table.name, ...row });
	}
	return found;
}

/** The stops of rosters of which over 5% of the people vanish. */
export function vanishStops(found: Load['vanished']): Stop[] {
	return found
		.filter((each) => each.vanished * 100 > 5 * each.before)
		.map((each) => ({
			file: each.table,
			table: each.table,
			rule: 'roster_shrinks',
			column: null,
			share: each.vanished / each.before,
			message: `${each.table} of ${each.data_source}: ${each.vanished.toLocaleString('en-US')} of ${each.before.toLocaleString('en-US')} (${percent(each.vanished / each.before)}) that the last load had are not in this one; over 5% stops a load. If the file is the whole roster, say --replace; if it adds to it, say --append.`
		}));
}

/**
 * The rows of a load's events whose day is before the person's birth, by part; births come from this load's rosters and those still current.
 * The earliest birth date known of a person counts.
 */
export async function beforeBirth(
	connection: Connection,
	before: Placed[],
	pending: Placed,
	engine: string
): Promise<Map<LoadedFile, number[]>> {
	const rows = new Map<LoadedFile, number[]>();
	const parts = intakeTables()
		.filter((table) => table.kind === 'events' && table.day && table.who.length === 1)
		.flatMap((table) => partsOf(table, [pending]).map((part) => ({ table, part })))
		.filter(({ table, part }) => part.file.from && part.file.columns.includes(table.day!));
	const eligibility = intakeTables().find((table) => table.name === 'eligibility')!;
	const known = parts.length ? currentSql(eligibility, [...before, pending], engine) : null;
	if (!known) return rows;
	const first = parts.map(({ part }) => part.file.from!.slice(0, 10)).sort()[0]!;
	await connection.run(
		`create or replace temp table late_born as select person_id, min(birth_date) as birth_date from (${known}) group by person_id having min(birth_date) > date '${first}'`
	);
	const { people } = await connection.row<{ people: number }>('select count(*) as people from late_born');
	if (people > 0)
		for (const { table, part } of parts) {
			const found = await connection.rows<{ row_no: number }>(
				`select each.row_no from (${partSql(table, part, { engine, withKeys: true })}) as each join late_born on late_born.person_id = each.${table.who[0]} where each.${table.day} < late_born.birth_date order by 1`
			);
			if (found.length)
				rows.set(
					part.file,
					found.map((each) => each.row_no)
				);
		}
	await connection.run('drop table late_born');
	return rows;
}

/** A rejected or warned rule with its words. */
export function counted(table: string, column: string | null, rule: string, rows: number) {
	const { sentence, effect } = ruleSentence(table, column, rule);
	return { rule, column, rows, sentence, effect };
}
