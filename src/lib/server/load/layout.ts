import { sqlFiles } from '$lib/server/sql';
import { usage } from '$lib/server/trouble';
import type { Mapping } from './column';
import { intakeTable, intakeTables, type IntakeTable } from './table';

/** How one kind of file of another sender becomes a table of the contract. */
export type Layout = {
	layout: string;
	name: string;
	table: string;
	/** Columns the select reads; those that a file lacks read as null. */
	reads: string[];
	/** Columns by which such a file is known. */
	needs: string[];
	/** A select from `input` that gives the contract's columns and passes `input_row` on. */
	sql: string;
};

/** The layouts a file may have beside the contract's own; ecareplan is FHIR and is read by src/lib/server/ecareplan. */
export const layoutNames = ['canonical', 'synpuf', 'ecareplan'] as const;

/** The files of one layout of sql/layouts; 'canonical' has none, for it is the contract itself. */
export function layoutFiles(layout: string): Layout[] {
	return sqlFiles(`layouts/${layout}`).map((file) => {
		const head = (label: string) => {
			const found = new RegExp(`^-- ${label}: ((?:.*)(?:\n--   .*)*)$`, 'm').exec(file.text)?.[1];
			if (!found) throw new Error(`${file.path} lacks "-- ${label}:"`);
			return found.replaceAll(/\n--\s+/g, ' ').trim();
		};
		return {
			layout,
			name: file.name,
			table: head('Makes'),
			reads: expand(head('Reads')),
			needs: expand(head('Needs')),
			sql: file.text.replace(/;\s*$/, '')
		};
	});
}

/** 'A, B_1..3' as A, B_1, B_2, B_3. */
function expand(list: string): string[] {
	return list.split(',').flatMap((each) => {
		const range = /^(.*?)(\d+)\.\.(\d+)$/.exec(each.trim());
		if (!range) return [each.trim()];
		return Array.from(
			{ length: Number(range[3]) - Number(range[2]) + 1 },
			(_, at) => range[1]! + (Number(range[2]) + at)
		);
	});
}

/** A header's name as it is compared: small letters, no blanks around, other signs as underscores. */
export const plainName = (header: string) =>
	header
		.trim()
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '_')
		.replaceAll(/^_+|_+$/g, '');

/** Column names that DuckDB can hold side by side: as written, numbered where two are alike or one is empty. */
export function distinctNames(header: string[]): string[] {
	const taken = new Set<string>();
	return header.map((each, at) => {
		let name = each.trim() || `column_${at + 1}`;
		while (taken.has(name.toLowerCase())) name = `${name}_${at + 1}`;
		taken.add(name.toLowerCase());
		return name;
	});
}

/** Which of a file's columns (by name) gives each column of the table, and which are unknown to it. */
export function matchColumns(
	table: IntakeTable,
	header: string[],
	mapping: Mapping = {}
): { found: Map<string, string>; unknown: string[] } {
	const byName = new Map<string, string>();
	for (const each of header) if (!byName.has(plainName(each))) byName.set(plainName(each), each);
	const found = new Map<string, string>();
	for (const column of table.columns) {
		const mapped = mapping.columns?.[column.name];
		if (mapped !== undefined) {
			const theirs = byName.get(plainName(mapped));
			if (theirs === undefined)
				throw usage(
					`The mapping says ${column.name} is "${mapped}", but the file has no such column. Nothing was changed.`
				);
			found.set(column.name, theirs);
			continue;
		}
		const theirs = [column.name, ...column.also].map((each) => byName.get(each)).find((each) => each !== undefined);
		if (theirs !== undefined) found.set(column.name, theirs);
	}
	const used = new Set(found.values());
	return { found, unknown: header.filter((each) => !used.has(each)) };
}

/** The column that `mtm loads rejects` adds to what it writes. */
export const rejectReason = 'reject_reason';

const fits = (table: IntakeTable, header: string[], mapping: Mapping = {}) => {
	const { found } = matchColumns(table, header, mapping);
	return { whole: table.columns.every((column) => !column.required || found.has(column.name)), count: found.size };
};

export type Identified =
	{ kind: 'table'; table: string } | { kind: 'layout'; layout: Layout } | { kind: 'unknown' } | { kind: 'no_data' };

/**
 * What a data file holds: by the asker's word, else a layout's columns, else its name (the longest table name it starts with or contains,
 * unless its header can only be another table's), else its header. A file that shares no column with any table is no data file.
 */
export function identify(
	fileName: string,
	header: string[],
	options: { table?: string; layouts: Layout[]; mappings?: Record<string, Mapping> }
): Identified {
	const names = new Set(header.map(plainName));
	const layouts = options.layouts.filter((each) => !options.table || each.table === options.table);
	const layout = layouts.find((each) => each.needs.every((column) => names.has(plainName(column))));
	if (layout) return { kind: 'layout', layout };
	if (options.layouts.length)
		return options.layouts.some((each) => each.reads.some((column) => names.has(plainName(column))))
			? { kind: 'unknown' }
			: { kind: 'no_data' };
	if (options.table) {
		if (!intakeTables().some((table) => table.name === options.table))
			throw usage(
				`There is no table ${options.table}. Nothing was changed. Tables: ${intakeTables()
					.map((table) => table.name)
					.join(', ')}.`
			);
		return { kind: 'table', table: options.table };
	}
	const stem = plainName(fileName.replace(/\.(csv|tsv|txt|parquet|ndjson|jsonl)(\.gz)?$/i, ''));
	const scored = intakeTables().map((table) => ({
		table: table.name,
		...fits(table, header, options.mappings?.[table.name])
	}));
	const named = intakeTables()
		.map((table) => table.name)
		.filter((table) => stem.includes(table))
		.sort((a, b) => Number(stem.startsWith(b)) - Number(stem.startsWith(a)) || b.length - a.length)
		.sort((a, b) => b.length - a.length)[0];
	const whole = scored.filter((each) => each.whole).sort((a, b) => b.count - a.count);
	if (named && (header.length === 0 || scored.find((each) => each.table === named)!.whole))
		return { kind: 'table', table: named };
	const best = whole[0];
	if (best && (whole.length === 1 || best.count > whole[1]!.count || !named)) {
		const isClear = best.count >= 3 && (whole.length === 1 || best.count > whole[1]!.count);
		if (isClear) return { kind: 'table', table: best.table };
	}
	if (named) return { kind: 'table', table: named };
	return scored.some((each) => each.count >= 2) ? { kind: 'unknown' } : { kind: 'no_data' };
}

/** The table a layout or a name leads to. */
export const tableOf = (identified: Identified): IntakeTable | null =>
	identified.kind === 'table'
		? intakeTable(identified.table)
		: identified.kind === 'layout'
			? intakeTable(identified.layout.table)
			: null;
