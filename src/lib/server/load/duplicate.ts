import { join } from 'node:path';
import { literal, name, type Connection } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { partSql, partsOf, type Part } from './current';
import { loadFolder, type Load, type LoadedFile, type Placed } from './manifest';
import { intakeTables } from './table';

/**
 * Counts duplicates by file and care plan, and lists the keys that occur more than once up to this load. Gives the rows by file whose key rows of
 * other persons have too: of these only the last would be current.
 */
export async function compareKeys(
	connection: Connection,
	home: Home,
	placed: Placed,
	all: Load[],
	active: Placed[]
): Promise<Map<LoadedFile, number>> {
	const { load: pending, folder } = placed;
	const { engine } = pending;
	const shared = new Map<LoadedFile, number>();
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
			const key = ['data_source', ...table.key].map(name).join(', ');
			const isShared =
				table.kind === 'events' && table.key.length && table.columns.some((column) => column.name === 'person_id')
					? `min(person_id) over (partition by ${key}) is distinct from max(person_id) over (partition by ${key})`
					: 'false';
			await connection.run(
				`create or replace temp table mine as
				select file_order, row_no, min(copy_no) as copy_no, count(*) as copies, bool_or(is_shared) as is_shared
				from (select file_order, load_order, row_no, ${isShared} as is_shared, row_number() over (partition by ${content} order by load_order, file_order, row_no) as copy_no from (${every}))
				where load_order = ${pending.load_id} group by file_order, row_no`
			);
			await connection.run(
				`create or replace temp table repeated as select file_order, row_no from mine where copy_no > 1 ${fannedOut(folder, parts)}`
			);
			for (const each of await connection.rows<{ file_order: number; rows: number }>(
				'select file_order, count(*) as rows from repeated group by file_order'
			))
				pending.files[each.file_order]!.duplicate = each.rows;
			for (const part of parts.filter(({ file }) => file.places.kind === 'rows'))
				for (const each of await connection.rows<{ plan_no: number; rows: number }>(
					`select part.plan_no, count(*) as rows from read_parquet(${literal(join(folder, part.file.part))}, file_row_number = true) as part
					semi join repeated on part.file_row_number = repeated.row_no and repeated.file_order = ${part.order} group by part.plan_no`
				))
					pending.plans![each.plan_no]!.duplicate += each.rows;
			for (const each of await connection.rows<{ file_order: number; rows: number }>(
				'select file_order, count(*) as rows from mine where is_shared group by file_order'
			))
				shared.set(pending.files[each.file_order]!, each.rows);
			await connection.run('drop table mine; drop table repeated');
		}
		await connection.run('drop table candidate');
	}
	return shared;
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
