import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { literal, name, type Connection } from '$lib/server/duckdb';
import { faultCases, presetSql, trimmed, typedSql, type Mapping } from './column';
import { keySql } from './current';
import { jsonLines, type InputFile } from './input';
import { distinctNames, matchColumns, rejectReason, type Layout } from './layout';
import type { Places } from './manifest';
import { requoted } from './fields';
import { countLines } from './line_count';
import { scan, type Scan } from './scan';
import type { IntakeTable } from './table';

export type PartPlan = {
	input: InputFile;
	table: IntakeTable;
	layout: Layout | null;
	mapping: Mapping;
	/** The data source of rows that name none. */
	source: string;
	/** The part's file name inside the load's folder. */
	part: string;
};

export type MadePart = {
	sha256: string;
	columns: string[];
	unknown: string[];
	row: 'file_row_number' | 'input_row';
	/** Records the reader took (input rows, whatever they become). */
	rows: number;
	bad: Scan['bad'];
	/** Physical lines of the rows; null for Parquet, whose row number is its line. */
	lines: Scan['lines'] | null;
};

/** DuckDB's strict reader of a CSV file as text columns; it guesses line ends wrongly when the first one stands inside quotes, so it is told. */
const csv = (
	path: string,
	names: string[],
	form: { delimiter: string; lineEnd: '\n' | '\r\n'; header: boolean; isGzip: boolean }
) =>
	`read_csv(${literal(path)}, auto_detect = false, header = ${form.header}, columns = {${names
		.map((each) => `${literal(each)}: 'varchar'`)
		.join(', ')}}, delim = ${literal(form.delimiter)}, quote = '"', escape = '"', strict_mode = true, new_line = '${
		form.lineEnd === '\n' ? '\\n' : '\\r\\n'
	}'${form.isGzip ? ", compression = 'gzip'" : ''})`;

/** What a row of care plans says of the file it came from. */
const placeColumns = ['plan_no', 'source_file', 'source_line'];

/** Below this many bytes a file is looked through before DuckDB reads it; a larger one is tried at once. */
const small = 16 << 20;

/**
 * Reads one file into a Parquet part of typed rows in file order, with `key_hash` and `reject` ('column code', null for a good row).
 * Broken records never reach DuckDB: they are found by `scan` and given back as `bad`.
 */
export async function makePart(
	connection: Connection,
	folder: string,
	plan: PartPlan,
	progress: (bytes: number) => void
): Promise<MadePart> {
	const { input } = plan;
	const names = distinctNames(input.header);
	const target = join(folder, plan.part);
	const copy = async (relation: string) => await copyTyped(connection, folder, plan, relation, names, target);
	const rowsIn = async (path: string) =>
		(await connection.row<{ rows: number }>(`select count(*) as rows from read_parquet(${literal(path)})`)).rows;

	if (input.format === 'parquet') {
		const { sha256 } = await countLines(input.path, { isGzip: false, progress });
		const made = await copy(
			`(select ${input.header.map((each, at) => `${name(each)}::varchar as ${name(names[at]!)}`).join(', ')} from read_parquet(${literal(input.path)}))`
		);
		return { sha256, ...made.shape, rows: made.rows ?? (await rowsIn(target)), bad: [], lines: null };
	}

	if (input.format === 'json') {
		const seen = await scan(input.path, { isGzip: input.isGzip, isJson: true, progress });
		const path = seen.isPlain ? input.path : await cleaned(input, folder, seen);
		const told = input.origin ? ['refused', ...placeColumns] : [];
		const fields = `json_transform(case when json_valid(line) and json_type(line) = 'OBJECT' then line end, ${literal(
			JSON.stringify(Object.fromEntries([...input.header, ...told].map((each) => [each, 'VARCHAR'])))
		)})`;
		const relation = names.length
			? `(select ${input.header.map((each, at) => `fields[${literal(each)}] as ${name(names[at]!)}`).join(', ')}${told.map((each) => `, fields['${each}'] as ${each}`).join('')}, not (json_valid(line) and json_type(line) = 'OBJECT') as is_broken from (select line, ${fields} as fields from ${jsonLines(path, input.isGzip && seen.isPlain)}))`
			: `(select true as is_broken from ${jsonLines(path, input.isGzip && seen.isPlain)})`;
		const made = await copy(relation);
		return {
			sha256: seen.sha256,
			...made.shape,
			rows: made.rows ?? (await rowsIn(target)),
			bad: seen.bad,
			lines: seen.lines
		};
	}

	if (!names.length) {
		const seen = await scan(input.path, { isGzip: input.isGzip, progress });
		const made = await copy('(select null::varchar as nothing where false)');
		return { sha256: seen.sha256, ...made.shape, rows: 0, bad: [], lines: [] };
	}

	const relation = csv(input.path, names, { ...input, header: true });
	if (input.bytes >= small) {
		const [made, counted] = await Promise.all([
			copy(relation).catch(() => null),
			countLines(input.path, { isGzip: input.isGzip, progress })
		]);
		if (made && !counted.hasZero) {
			const rows = made.rows ?? (await rowsIn(target));
			if (counted.lines === rows + 1)
				return { sha256: counted.sha256, ...made.shape, rows, bad: [], lines: [{ row: 0, line: 2 }] };
		}
	}
	const seen = await scan(input.path, { isGzip: input.isGzip, progress });
	for (const isPlain of seen.isPlain ? [true, false] : [false]) {
		try {
			const made = await copy(
				isPlain
					? relation
					: csv(await cleaned(input, folder, seen), names, {
							delimiter: ',',
							lineEnd: '\n',
							header: false,
							isGzip: false
						})
			);
			const rows = made.rows ?? (await rowsIn(target));
			if (rows === seen.rows) return { sha256: seen.sha256, ...made.shape, rows, bad: seen.bad, lines: seen.lines };
		} catch (cause) {
			if (!isPlain) throw cause;
		}
	}
	throw new Error(`${input.name}: the reader did not give the ${seen.rows} records that the file holds`);
}

/** Writes the good records of a file alone, each field in quotes (JSON lines as they are); gives the path. */
async function cleaned(input: InputFile, folder: string, seen: Scan): Promise<string> {
	const path = join(folder, `clean-${input.name}.txt`);
	const out = createWriteStream(path);
	let waiting: string[] = [];
	await scan(input.path, {
		isGzip: input.isGzip,
		isJson: input.format === 'json',
		visit: (record) => {
			if (record.fault) return;
			waiting.push(input.format === 'json' ? record.bytes.toString('utf8') : requoted(record, seen.delimiter));
			if (waiting.length >= 4096) {
				out.write(`${waiting.join('\n')}\n`);
				waiting = [];
			}
		}
	});
	if (waiting.length) out.write(`${waiting.join('\n')}\n`);
	out.end();
	await once(out, 'finish');
	return path;
}

async function copyTyped(
	connection: Connection,
	folder: string,
	plan: PartPlan,
	relation: string,
	names: string[],
	target: string
): Promise<{ shape: Pick<MadePart, 'columns' | 'unknown' | 'row'>; rows: number | null }> {
	const { table, layout, mapping, input } = plan;
	let from = relation;
	let header = names;
	let unknown: string[] = [];
	let rows: number | null = null;
	if (layout) {
		const raw = join(folder, `raw-${plan.part}`);
		await connection.run(`copy (select * from ${relation}) to ${literal(raw)} (format parquet)`);
		rows = (await connection.row<{ rows: number }>(`select count(*) as rows from read_parquet(${literal(raw)})`)).rows;
		const has = new Map(names.map((each) => [each.toLowerCase(), each]));
		const reads = layout.reads.map((each) =>
			has.has(each.toLowerCase())
				? `nullif(trim(${name(has.get(each.toLowerCase())!)}), '') as ${name(each)}`
				: `null::varchar as ${name(each)}`
		);
		const broken = input.format === 'json' ? ', is_broken' : '';
		await connection.run(
			`create or replace temp view input as select ${reads.join(', ')}, ${literal(input.name)} as input_file, file_row_number as input_row${broken} from read_parquet(${literal(raw)}, file_row_number = true)`
		);
		const described = await connection.rows<{ column_name: string }>(`describe (${layout.sql})`);
		header = described.map((each) => each.column_name).filter((each) => each !== 'input_row');
		const used = new Set(layout.reads.map((each) => each.toLowerCase()));
		unknown = names.filter((each) => !used.has(each.toLowerCase()));
		from = `(select input_row, ${header.map((each) => `${name(each)}::varchar as ${name(each)}`).join(', ')} from (${layout.sql}))`;
	}
	const matched = matchColumns(table, header, layout ? {} : mapping);
	if (!layout) unknown = matched.unknown;
	unknown = unknown.filter((each) => each.toLowerCase() !== rejectReason);

	const present = table.columns.filter((column) => matched.found.has(column.name));
	const raw = (column: string) => name(`raw ${column}`);
	const dayColumn = table.columns.find((column) => column.name === table.day && matched.found.has(column.name));
	const daySql = dayColumn && dayColumn.type === 'date' ? typedSql(dayColumn, raw(dayColumn.name), mapping) : null;
	const isJson = input.format === 'json' && !layout;
	const passed = [
		...(layout ? ['input_row'] : []),
		...(isJson ? ['is_broken'] : []),
		...(input.origin ? ['refused', ...placeColumns] : [])
	];
	const texts = present.map((column) => `${trimmed(matched.found.get(column.name)!)} as ${raw(column.name)}`);
	const typed = present.map(
		(column) =>
			`${typedSql(column, raw(column.name), mapping, column.type === 'timestamp' && column.name !== table.day ? daySql : null)} as ${name(column.name)}`
	);
	const faults = present.flatMap((column) => faultCases(column, raw(column.name), name(column.name)));
	for (const column of table.columns)
		if (column.required && !matched.found.has(column.name))
			faults.unshift(`when true then ${literal(`${column.name} missing`)}`);
	for (const order of table.orders)
		if ((order.sql.match(/\w+/g) ?? []).every((each) => matched.found.has(each)))
			faults.push(`when not (${order.sql}) then ${literal(`${order.column} ${order.code}`)}`);
	if (input.origin) faults.unshift('when refused is not null then refused');
	if (isJson) faults.unshift(`when is_broken then ' broken_json'`);
	const valueSql = (column: string) => {
		const found = table.columns.find((each) => each.name === column)!;
		if (column === 'data_source')
			return matched.found.has(column) ? `coalesce(data_source, ${literal(plan.source)})` : literal(plan.source);
		if (!matched.found.has(column)) return `${presetSql(found)}::${found.type}`;
		return found.preset ? `coalesce(${name(column)}, ${found.preset})` : name(column);
	};
	const kept = table.columns.filter((column) => matched.found.has(column.name) || column.name === 'data_source');
	await connection.run(`copy (
	select ${[...kept.map((column) => `${valueSql(column.name)} as ${name(column.name)}`), ...(layout ? ['input_row'] : []), ...(input.origin ? placeColumns.map((each) => `${each}::${each === 'source_file' ? 'varchar' : 'bigint'} as ${each}`) : [])].join(', ')},
		${keySql(table, valueSql)} as key_hash, ${faults.length ? `case ${faults.join('\n\t\t')} end` : 'null::varchar'} as reject
	from (select *, ${typed.join(', ') || 'null'} from (select ${[...passed, ...texts].join(', ') || 'null as nothing'} from ${from}))
) to ${literal(target)} (format parquet, compression lz4_raw, write_bloom_filter false)`);
	return {
		shape: { columns: kept.map((column) => column.name), unknown, row: layout ? 'input_row' : 'file_row_number' },
		rows
	};
}

/** How the rows of a part find their lines, written beside the part when there are many turns. */
export async function placesOf(
	connection: Connection,
	folder: string,
	part: string,
	lines: Scan['lines'] | null
): Promise<Places> {
	if (lines === null) return { kind: 'offset', offset: 1 };
	if (lines.length <= 1) return { kind: 'offset', offset: (lines[0]?.line ?? 2) - (lines[0]?.row ?? 0) };
	if (lines.length <= 16) return { kind: 'segments', segments: lines };
	const file = part.replace('.parquet', '_lines.parquet');
	const text = join(folder, `${file}.csv`);
	const out = createWriteStream(text);
	for (let from = 0; from < lines.length; from += 8192)
		out.write(
			lines
				.slice(from, from + 8192)
				.map((each) => `${each.row},${each.line}\n`)
				.join('')
		);
	out.end();
	await once(out, 'finish');
	await connection.run(
		`copy (select row, line from read_csv(${literal(text)}, auto_detect = false, header = false, columns = {'row': 'bigint', 'line': 'bigint'})) to ${literal(join(folder, file))} (format parquet)`
	);
	return { kind: 'file', file };
}
