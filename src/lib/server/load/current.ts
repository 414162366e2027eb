import { join } from 'node:path';
import { literal, name } from '$lib/server/duckdb';
import type { LoadedFile, Placed } from './manifest';
import type { IntakeTable } from './table';

/** One part of a table, with what it takes to read it. */
export type Part = { placed: Placed; file: LoadedFile; order: number };

/** The parts of a table in load and file order. */
export function partsOf(table: IntakeTable, loads: Placed[]): Part[] {
	return loads.flatMap((placed) =>
		placed.load.files.map((file, order) => ({ placed, file, order })).filter((part) => part.file.table === table.name)
	);
}

/** The hash of a row's key, as parts keep it: data_source and the id columns, else the whole row. */
export function keySql(table: IntakeTable, columnSql: (column: string) => string): string {
	const columns = table.key.length ? ['data_source', ...table.key] : table.columns.map((column) => column.name);
	return `hash(${columns.map(columnSql).join(', ')})`;
}

const lineSql = (part: Part, row: string) => {
	const places = part.file.places;
	if (places.kind === 'offset') return `(${row} + ${places.offset})::bigint`;
	if (places.kind === 'rows') return 'part.source_line';
	if (places.kind === 'file') return 'place.line + (place_row.row_no - place.row)';
	const [first, ...others] = places.segments;
	if (!first) return 'null::bigint';
	const cases = [...others]
		.reverse()
		.map((segment) => `when ${row} >= ${segment.row} then ${row} + ${segment.line - segment.row}`);
	const last = `${row} + ${first.line - first.row}`;
	return `(${cases.length ? `case ${cases.join(' ')} else ${last} end` : last})::bigint`;
};

export type PartSql = {
	/** Adds load_order, file_order and row_no for comparing versions, and key_hash. */
	withKeys?: boolean;
	/** The version of DuckDB that reads: parts hashed by another are hashed again. */
	engine: string;
};

/** A select of the rows of a part that are not rejected: the contract's columns, source_file, source_line, load_id. */
export function partSql(table: IntakeTable, part: Part, options: PartSql): string {
	const { file, placed } = part;
	const has = new Set(file.columns);
	const at = (each: string) => literal(join(placed.folder, each));
	const column = (each: string) => `part.${name(each)}`;
	const row = `part.${file.row}`;
	const columns = table.columns.map((each) =>
		has.has(each.name) ? column(each.name) : `${each.preset ?? 'null'}::${each.type} as ${name(each.name)}`
	);
	const valueSql = (each: string) => {
		const found = table.columns.find((other) => other.name === each)!;
		return has.has(each) ? column(each) : `${found.preset ?? 'null'}::${found.type}`;
	};
	const hash = placed.load.engine === options.engine ? 'part.key_hash' : keySql(table, valueSql);
	const keys = options.withKeys
		? `, ${hash} as key_hash, ${placed.load.load_id} as load_order, ${part.order} as file_order, ${row} as row_no`
		: '';
	const isFile = file.places.kind === 'file';
	const places = isFile
		? ` asof join read_parquet(${at((file.places as { file: string }).file)}) as place on part.row_no >= place.row`
		: '';
	const aside = file.aside ? ` anti join read_parquet(${at(file.aside)}) as aside on ${row} = aside.row` : '';
	const line = isFile ? 'place.line + (part.row_no - place.row)' : lineSql(part, row);
	const inner = `(select *${isFile ? `, ${file.row} as row_no` : ''} from read_parquet(${at(file.part)}, file_row_number = true) where reject is null) as part`;
	return `select ${columns.join(', ')}, ${file.places.kind === 'rows' ? 'part.source_file' : literal(file.name)} as source_file, ${line}::bigint as source_line, ${placed.load.load_id}::integer as load_id${keys} from ${inner}${places}${aside}`;
}

/** For each part of a roster the data sources whose current snapshot it belongs to; parts of replaced snapshots are left out. */
export function currentRosterParts(parts: Part[]): { part: Part; sources: string[] }[] {
	const since = new Map<string, number>();
	for (const { placed, file } of parts)
		if (!placed.load.append) for (const source of Object.keys(file.sources)) since.set(source, placed.load.load_id);
	return parts
		.map((part) => ({
			part,
			sources: Object.keys(part.file.sources).filter((source) => part.placed.load.load_id >= (since.get(source) ?? 0))
		}))
		.filter((each) => each.sources.length > 0);
}

/** Whether a row is a reversal; versions compete only among reversals and among the others. */
const reversedSql = (table: IntakeTable) =>
	table.columns.some((column) => column.name === 'claim_status') ? "claim_status = 'reversed'" : 'false';

const versionDays = (table: IntakeTable) =>
	['received_date', 'paid_date'].filter((day) => table.columns.some((column) => column.name === day));

/**
 * What replaces goes before what it replaces where no day tells them apart: a bill that voids (frequency 8) or replaces (7), an adjusted row. So
 * the order of arrival does not matter for corrections under the same id.
 */
const correctionOrder = (table: IntakeTable) => [
	...(table.columns.some((column) => column.name === 'bill_type_code')
		? ["case right(bill_type_code, 1) when '8' then 2 when '7' then 1 else 0 end desc"]
		: []),
	...(table.columns.some((column) => column.name === 'claim_status') ? ["(claim_status = 'adjusted') desc"] : [])
];

/** The order of versions, current first: the latest received_date, else paid_date, else a correction, else what was loaded last. */
const versionOrder = (table: IntakeTable) => {
	const days = versionDays(table);
	return [
		...(days.length > 1 ? [`coalesce(${days.join(', ')}) desc nulls last`] : []),
		...(days.length ? [`${days[days.length - 1]} desc nulls last`] : []),
		...correctionOrder(table),
		'load_order desc',
		'file_order desc',
		'row_no desc'
	].join(', ');
};

/**
 * A select of a table's current rows over the given loads: rosters' last snapshots, events' current versions, duplicates once.
 * Only rows whose key occurs more than once (the loads' candidate lists) are compared; the others pass straight through.
 */
export function currentSql(table: IntakeTable, loads: Placed[], engine: string): string | null {
	const columns = table.columns.map((column) => name(column.name)).join(', ');
	const shown = `${columns}, source_file, source_line, load_id`;
	const parts = partsOf(table, loads);
	const chosen =
		table.kind === 'roster'
			? currentRosterParts(parts)
			: parts.map((part) => ({ part, sources: Object.keys(part.file.sources) }));
	if (!chosen.length) return null;
	const candidates = loads
		.filter(({ load }) => load.candidates[table.name])
		.map(({ load, folder }) => join(folder, load.candidates[table.name]!));
	const isRehashed = loads.some(({ load }) => load.engine !== engine);
	const withKeys = candidates.length > 0;
	const selects = chosen.map(({ part, sources }) => {
		const all = Object.keys(part.file.sources);
		const where = sources.length < all.length ? ` where data_source in (${sources.map(literal).join(', ')})` : '';
		return `select * from (${partSql(table, part, { engine, withKeys: withKeys || isRehashed })})${where}`;
	});
	const every = selects.join('\nunion all ');
	if (!withKeys && !isRehashed) return `select ${shown} from (${every})`;
	const candidate = isRehashed
		? `select key_hash from every_row group by key_hash having count(*) > 1`
		: `select distinct key_hash from read_parquet([${candidates.map(literal).join(', ')}])`;
	const only = `select *, row_number() over (partition by ${columns} order by load_order, file_order, row_no) as copy_no from every_row semi join candidate using (key_hash)`;
	const current =
		table.kind === 'roster' || !table.key.length
			? `select ${shown} from (${only}) where copy_no = 1`
			: `select ${shown} from (select *, row_number() over (partition by data_source, ${table.key.join(', ')}, ${reversedSql(table)} order by ${versionOrder(table)}) as version_no from (${only}) where copy_no = 1) where version_no = 1`;
	return `with every_row as not materialized (${every}), candidate as materialized (${candidate})
select ${shown} from every_row anti join candidate using (key_hash)
union all
${current}`;
}
