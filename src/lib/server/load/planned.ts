import { basename } from 'node:path';
import type { GatheredPlans } from '$lib/server/ecareplan/gather';
import { usage } from '$lib/server/trouble';
import type { Mapping } from './column';
import type { InputFile } from './input';
import {
	identify,
	layoutFiles,
	layoutNames,
	plainName,
	rejectReason,
	tableOf,
	type Identified,
	type Layout
} from './layout';
import { countLines } from './line_count';
import type { Placed } from './manifest';
import { intakeTable, type IntakeTable } from './table';

/** What the person who loads says of the files. */
export type FileOptions = {
	layout?: string;
	mapping?: Record<string, Mapping>;
	table?: string;
	source?: string;
};

/** A file with the table it is read into; `mends` when it is rejects given back. */
export type Planned = {
	input: InputFile;
	identified: Identified;
	table: IntakeTable;
	source: string;
	mends: boolean;
};

/** Whether a file's rows say themselves who sent them. */
const namesSource = (planned: Planned) => planned.input.header.some((each) => plainName(each) === 'data_source');

/** The rows of care plans, a file for each table and data source. */
export const carePlanFiles = (found: GatheredPlans, options: FileOptions): Planned[] =>
	found.inputs.map(({ input, table }) => ({
		input,
		identified: { kind: 'table', table },
		table: intakeTable(table),
		mends: false,
		source: options.source ?? input.folder
	}));

/** What each file is; throws for a data file that nothing is known about. */
export function plannedFiles(
	files: InputFile[],
	skipped: { path: string; why: string }[],
	active: Placed[],
	options: FileOptions
): Planned[] {
	const layouts = layoutFiles(options.layout ?? 'canonical');
	const all: Layout[] = layoutNames.flatMap((each) => layoutFiles(each));
	const planned: Planned[] = [];
	for (const input of files) {
		const mends = input.header.some((each) => plainName(each) === rejectReason);
		const identified = identify(input.name, input.header, {
			table: options.table,
			layouts,
			mappings: options.mapping
		});
		const table = tableOf(identified);
		if (!table) {
			if (identified.kind === 'no_data' && !input.isNamed) {
				skipped.push({ path: input.path, why: 'no column of any table' });
				continue;
			}
			const other = identify(input.name, input.header, { layouts: all });
			throw usage(
				`${input.path}: which table is this? Neither its name nor its header says. Nothing was changed. ${
					other.kind === 'layout'
						? `Its columns are those of --layout ${other.layout.layout}.`
						: 'Say --table, name it after its table (such as pharmacy_claim_2025-03.csv), or map its columns with --mapping.'
				}`
			);
		}
		planned.push({
			input,
			identified,
			table,
			mends,
			source: options.source ?? (mends ? mended(input, table, active) : null) ?? input.folder
		});
	}
	if (!planned.length)
		throw usage(
			skipped.length
				? `No table is known by the name or the header of ${paths(files, skipped)}. Nothing was changed. Say --table, or map its columns with --mapping.`
				: `There is no data file at ${paths(files, skipped)}. Nothing was changed.`
		);
	// Rosters first: births are known before services are looked at.
	return planned.sort((a, b) => Number(b.table.kind === 'roster') - Number(a.table.kind === 'roster'));
}

/** The data source of the file that this one mends: the last one loaded with the same header and rejects. */
function mended(input: InputFile, table: IntakeTable, active: Placed[]): string | null {
	const header = input.header.filter((each) => plainName(each) !== rejectReason).join('\n');
	for (const { load: each } of [...active].reverse())
		for (const file of each.files)
			if (file.table === table.name && file.rejected > 0 && file.header === header) return file.data_source;
	return null;
}

/** Leaves out the files whose bytes an active load already holds for the same table and source. */
export async function withoutLoaded(
	planned: Planned[],
	active: Placed[],
	append: boolean
): Promise<{ fresh: Planned[]; already: { name: string; load_id: number }[] }> {
	const already = new Map<Planned, number>();
	for (const each of planned) {
		const known = active.flatMap(({ load: one }) =>
			one.files
				.filter(
					(file) =>
						file.table === each.table.name &&
						(namesSource(each) || file.data_source === each.source) &&
						file.bytes === each.input.bytes
				)
				.map((file) => ({ sha256: file.sha256, load_id: one.load_id }))
		);
		if (!known.length) continue;
		const { sha256 } = await countLines(each.input.path, { isGzip: false });
		const same = known.find((one) => one.sha256 === sha256);
		if (same) already.set(each, same.load_id);
	}
	// A roster's files of one load are one snapshot: it is read whole as soon as one of them is new.
	const fresh = planned.filter(
		(each) =>
			!already.has(each) ||
			(each.table.kind === 'roster' &&
				!append &&
				planned.some((other) => other.table === each.table && other.source === each.source && !already.has(other)))
	);
	return {
		fresh,
		already: planned
			.filter((each) => !fresh.includes(each))
			.map((each) => ({ name: each.input.name, load_id: already.get(each)! }))
			.filter((each, at, all) => all.findIndex((one) => one.name === each.name && one.load_id === each.load_id) === at)
	};
}

const paths = (files: InputFile[], skipped: { path: string }[]) =>
	[...new Set([...files.map((file) => file.path), ...skipped.map((each) => each.path)])]
		.slice(0, 3)
		.map((each) => basename(each))
		.join(', ') || 'the given place';
