import { join } from 'node:path';
import { literal, name, type Connection } from '$lib/server/duckdb';
import { counted } from './gate';
import { plainName, rejectReason } from './layout';
import type { LoadedFile, Placed } from './manifest';
import { placesOf, type MadePart } from './part';
import type { Planned } from './planned';

/** Counts what became of a part's rows, for the manifest: the file, and by required column how many rows fill it. */
export async function countFile(
	connection: Connection,
	folder: string,
	planned: Planned,
	part: string,
	made: MadePart
): Promise<{ file: LoadedFile; filled: Record<string, number> }> {
	const { input, table, identified, source } = planned;
	const from = `read_parquet(${literal(join(folder, part))}, file_row_number = true)`;
	const has = (column: string) => made.columns.includes(column);
	const day = table.day && has(table.day) ? table.day : null;
	const required = table.columns.filter((column) => column.required && has(column.name));
	const counts = await connection.row<Record<string, number> & { first: string | null; last: string | null }>(
		`select count(*) as rows, count(distinct ${made.row}) filter (where reject is not null) as rejected, ${made.row === 'input_row' ? 'count(distinct input_row)' : 'count(*)'} as taken,
			${day ? `min(${day}) filter (where reject is null)::date` : 'null'} as first, ${day ? `max(${day}) filter (where reject is null)::date` : 'null'} as last
			${required.map((column) => `, count(${name(column.name)}) as ${name(`filled ${column.name}`)}`).join('')} from ${from}`
	);
	const kinds = counts.rejected
		? await connection.rows<{ reject: string; rows: number }>(
				`select reject, count(distinct ${made.row}) as rows from ${from} where reject is not null group by reject order by rows desc, reject`
			)
		: [];
	const rejects = kinds.map((each) => {
		const [column, rule] = each.reject.split(' ') as [string, string];
		return counted(table.name, column || null, rule, each.rows);
	});
	const faults = new Map<string, number>();
	for (const each of made.bad) faults.set(each.fault, (faults.get(each.fault) ?? 0) + 1);
	for (const [fault, rows] of faults) rejects.push(counted(table.name, null, fault, rows));
	const sources = await connection.rows<{ data_source: string; rows: number }>(
		`select data_source, count(*) as rows from ${from} where reject is null group by data_source order by data_source`
	);
	// In a fanned-out part one bad row takes the rows of the same input row with it.
	let aside: string | null = null;
	if (made.row === 'input_row' && counts.rejected) {
		aside = part.replace('.parquet', '_aside.parquet');
		await connection.run(
			`copy (select distinct input_row as row from ${from} where reject is not null) to ${literal(join(folder, aside))} (format parquet)`
		);
	}
	const file: LoadedFile = {
		name: input.name,
		path: input.origin?.path ?? input.path,
		table: table.name,
		layout: identified.kind === 'layout' ? identified.layout.layout : input.origin ? 'ecareplan' : 'canonical',
		data_source: source,
		sha256: made.sha256,
		bytes: input.bytes,
		read: made.rows + made.bad.length,
		loaded: 0,
		rejected: counts.rejected! + made.bad.length,
		duplicate: 0,
		ignored: made.rows - counts.taken!,
		rejects,
		warnings: [],
		unknown_columns: made.unknown,
		sources: sources.length
			? Object.fromEntries(sources.map((each) => [each.data_source, each.rows]))
			: { [source]: 0 },
		from: counts.first,
		to: counts.last,
		part,
		columns: made.columns,
		row: made.row,
		places: input.origin ? { kind: 'rows' } : await placesOf(connection, folder, part, made.lines),
		aside,
		header: input.header.filter((each) => plainName(each) !== rejectReason).join('\n'),
		delimiter: input.delimiter,
		format: input.format
	};
	return {
		file,
		filled: Object.fromEntries(required.map((column) => [column.name, counts[`filled ${column.name}`]!]))
	};
}

/** Counts what became of the rows of each care plan, by the parts that hold them with those of the others; duplicates are counted before. */
export async function countPlans(connection: Connection, { load, folder }: Placed): Promise<void> {
	for (const file of load.files.filter((each) => each.places.kind === 'rows')) {
		const at = (each: string) => literal(join(folder, each));
		const aside = file.aside ? `file_row_number in (select row from read_parquet(${at(file.aside)}))` : 'false';
		for (const each of await connection.rows<{ plan_no: number; read: number; rejected: number }>(
			`select plan_no, count(*) as read, count(*) filter (where reject is not null or ${aside}) as rejected
			from read_parquet(${at(file.part)}, file_row_number = true) group by plan_no`
		)) {
			const plan = load.plans![each.plan_no]!;
			plan.read += each.read;
			plan.rejected += each.rejected;
		}
	}
	for (const plan of load.plans ?? []) plan.loaded = plan.read - plan.rejected - plan.duplicate;
}
