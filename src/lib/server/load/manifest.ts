import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '$lib/server/home';

/** A rule that spoke, with the number of rows and what it means for results. */
export type Warning = { rule: string; column: string | null; rows: number; sentence: string; effect: string };

/** How a row of a part finds its place in the file it came from. */
export type Places =
	/** line = row + offset, row counted from 0. */
	| { kind: 'offset'; offset: number }
	/** From each `row` on, line = `line` + (row - `row`). */
	| { kind: 'segments'; segments: { row: number; line: number }[] }
	/** The segments stand in a Parquet file of the load (row, line). */
	| { kind: 'file'; file: string }
	/** The part holds rows of several files: source_file and source_line of each, and plan_no, its file's place among the load's care plans. */
	| { kind: 'rows' };

/** One file of a load: what came, what became of it, and the part that holds its typed rows. */
export type LoadedFile = {
	name: string;
	path: string;
	table: string;
	layout: string;
	data_source: string;
	sha256: string;
	bytes: number;
	read: number;
	loaded: number;
	rejected: number;
	duplicate: number;
	ignored: number;
	/** Rejected rows by column and rule. */
	rejects: Warning[];
	warnings: Warning[];
	unknown_columns: string[];
	/** Rows by data_source. */
	sources: Record<string, number>;
	from: string | null;
	to: string | null;
	part: string;
	/** The contract's columns that the part holds. */
	columns: string[];
	row: 'file_row_number' | 'input_row';
	places: Places;
	/** The rows of the part that are not loaded beside those with a `reject`, or null. */
	aside: string | null;
	header: string;
	delimiter: string;
	format: 'csv' | 'json' | 'parquet';
};

/** One file of pharmacist care plans of a load, and what became of its rows; these lie with those of the others, a part for each table and source. */
export type CarePlanFile = {
	name: string;
	data_source: string;
	sha256: string;
	bytes: number;
	/** STU3, R4, or both where nothing tells. */
	version: string;
	resources: number;
	whole_resources_unmapped: number;
	elements_unmapped: number;
	read: number;
	loaded: number;
	rejected: number;
	duplicate: number;
};

export type Load = {
	load_id: number;
	loaded_at: string;
	by: string;
	/** The made-up people of the demo; absent in loads of before, whose `by` says so. */
	demo?: boolean;
	state: 'active' | 'rolled_back';
	rolled_back_at?: string;
	rolled_back_by?: string;
	/** The file adds to the rosters it belongs to instead of replacing them. */
	append: boolean;
	version: string;
	/** DuckDB's version: key hashes of two versions are not compared. */
	engine: string;
	/** People (or other keys) of a roster that the new snapshot no longer has, by table and source. */
	vanished: { table: string; data_source: string; before: number; vanished: number }[];
	/** Tables with keys that occur more than once up to this load, and the files that list them. */
	candidates: Record<string, string>;
	files: LoadedFile[];
	/** The care plans of a load by layout ecareplan. */
	plans?: CarePlanFile[];
};

export const loadFolder = (home: Home, id: number) => join(home.loads, String(id).padStart(4, '0'));

/** All loads of a home, oldest first, rolled back ones too; an unfinished one does not exist. */
export function readLoads(home: Home): Load[] {
	if (!existsSync(home.loads)) return [];
	return readdirSync(home.loads)
		.filter((name) => /^\d+$/.test(name) && existsSync(join(home.loads, name, 'load.json')))
		.map((name) => JSON.parse(readFileSync(join(home.loads, name, 'load.json'), 'utf8')) as Load)
		.sort((a, b) => a.load_id - b.load_id);
}

/** A load with the folder its parts lie in. */
export type Placed = { load: Load; folder: string };

/** The loads that count, oldest first. */
export const activeLoads = (home: Home): Placed[] =>
	readLoads(home)
		.filter((load) => load.state === 'active')
		.map((load) => ({ load, folder: loadFolder(home, load.load_id) }));
