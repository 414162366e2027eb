import { join } from 'node:path';
import { literal, name, type Connection } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { partSql, partsOf, type Part } from './current';
import { loadFolder, type Load, type Placed } from './manifest';
import { intakeTables } from './table';

/** Counts duplicates by file and lists the keys that occur more than once up to this load. */
export async function countDuplicates(
	connection: Connection,
	home: Home,
	placed: Placed,
	all: Load[],
	active: Placed[]
): Promise<void> {
	const { load: pending, folder } = placed;
	const { engine } = pending;
	for (const table of intakeTables()) {
		const parts = partsOf(table, [placed]);
		if (!parts.length) continue;
		const keysOf = (of: Part[]) =>
			of
				.map((part) => `select key_hash from (${partSql(table, part, { engine, withKeys: true })})`)
				.join(' union all ');
		const isCompared = table.kind === 'events' || pending.append;
		const earlier = isCompared
			? partsOf(
					table,
					all.map((each) => ({ load: each, folder: loadFolder(home, each.load_id) }))
				)
			: [];
		const list = `candidate_${table.name}.parquet`;
		const old = earlier.length
			? ` union select key_hash from (${keysOf(earlier)}) semi join (${keysOf(parts)}) as mine using (key_hash)`
			: '';
		await connection.run(
			`create or replace temp table candidate as select key_hash from (${keysOf(parts)}) group by key_hash having count(*) > 1${old}`
		);
		const { rows } = await connection.row<{ rows: number }>('select count(*) as rows from candidate');
		if (rows > 0) {
			await connection.run(`copy candidate to ${literal(join(folder, list))} (format parquet)`);
			pending.candidates[table.name] = list;
			const compared = partsOf(table, isCompared ? [...active, placed] : [placed]);
			const every = compared
				.map(
					(part) =>
						`select * from (${partSql(table, part, { engine, withKeys: true })}) semi join candidate using (key_hash)`
				)
				.join(' union all ');
			const content = table.columns.map((column) => name(column.name)).join(', ');
			const counts = await connection.rows<{ file_order: number; rows: number }>(
				`with copies as (select file_order, load_order, row_no, row_number() over (partition by ${content} order by load_order, file_order, row_no) as copy_no from (${every})),
				mine as (select file_order, row_no, min(copy_no) as copy_no, count(*) as copies from copies where load_order = ${pending.load_id} group by all)
				select file_order, count(*) as rows from mine where copy_no > 1 ${fannedOut(folder, parts)} group by file_order`
			);
			for (const each of counts) pending.files[each.file_order]!.duplicate = each.rows;
		}
		await connection.run('drop table candidate');
	}
}

/** In a fanned-out part an input row is a duplicate only when all its rows are. */
function fannedOut(folder: string, parts: Part[]): string {
	const fanned = parts.filter((part) => part.file.row === 'input_row');
	if (!fanned.length) return '';
	const rows = fanned
		.map(
			(part) =>
				`select ${part.order} as file_order, input_row as row_no, count(*) as copies from read_parquet(${literal(join(folder, part.file.part))}) group by input_row`
		)
		.join(' union all ');
	return `and (file_order, row_no, copies) in (select (file_order, row_no, copies) from (${rows})) or (copy_no > 1 and file_order not in (${fanned.map((part) => part.order).join(', ')}))`;
}
