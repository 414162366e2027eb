import type { DuckDBDataChunk } from '@duckdb/node-api';
import { dayOf, firstDayOf, lastDayOf, lastDayOfMonth } from '$lib/domain/day';
import type { Connection, Database } from '../duckdb';
import { readSettings } from '../setting';
import { sqlFile } from '../sql';
import type { Attribution } from './class_fills';
import { prepareClasses } from './class_rows';
import { fillFoldTable, FoldRows } from './fold_table';
import { Folding, type FoldRules, type YearRule } from './folding';
import { prepareReads, readRange } from './patient_range';

/** Which years to fold, the day up to which claims are known, and how the work is told and stopped. */
export type AdherenceOptions = {
	years: number[];
	/** 'YYYY-MM-DD'; fills after it are in no table given. */
	asOf: string;
	/** Told after each range of patients. */
	progress?: (patients: number, ofPatients: number) => void;
	signal?: AbortSignal;
	patientsInRange?: number;
};

/** The tables that the fold reads. */
export const foldReads = [
	'fill',
	'ndc_text',
	'ndc_class',
	'enrollment_span',
	'roster_span',
	'plan_name',
	'stay_span',
	'patient',
	'view_source',
	'setting',
	'adherence_year',
	'adherence_measure',
	'drug_class'
];
/** The tables that the fold makes on its way. */
export const foldMakes = ['measure_code', 'class_ingredient', 'adherence_fold'];

/**
 * Makes adherence_fact in the catalog `results` of the database: one row for each patient, measure and year with a final fill of the class. It
 * goes by ranges of patients: DuckDB reads the next range and writes the one before while this thread folds the range at hand. Also makes
 * measure_code and class_ingredient. Throws when `signal` aborts.
 */
export async function buildAdherence(database: Database, options: AdherenceOptions): Promise<void> {
	const reader = await database.connect();
	const writer = await database.connect();
	try {
		for (const connection of [reader, writer]) await connection.run("set search_path = 'results.main,memory.main'");
		await foldAll(reader, writer, options);
	} finally {
		reader.close();
		writer.close();
	}
}

async function foldAll(reader: Connection, writer: Connection, options: AdherenceOptions): Promise<void> {
	const { asOf, signal, progress, patientsInRange: size = 10_000 } = options;
	const classes = await prepareClasses(writer);
	await prepareReads(reader);
	const fact = sqlFile('facts', 'adherence_fact').text;
	await fillFoldTable(writer, []);
	await writer.run('set preserve_insertion_order = true');
	await writer.run(`create or replace table adherence_fact as ${fact}`);
	const { patients } = await reader.row<{ patients: number }>(
		'select coalesce(max(patient_no), 0) as patients from patient'
	);
	if (options.years.length === 0 || patients === 0) return;

	const rows = new FoldRows();
	const folding = new Folding(await readRules(reader, options.years), classes, dayOf(asOf), rows);
	const ask = (from: number) => handled(readRange(reader, from, from + size - 1, folding));
	let next = ask(1);
	let written = handled(Promise.resolve());
	const write = async (folded: DuckDBDataChunk[]) => {
		await written;
		await fillFoldTable(writer, folded);
		written = handled(writer.run(`insert into adherence_fact ${fact}`));
	};
	for (let from = 1; from <= patients; from += size) {
		const range = await next;
		if (from + size <= patients) next = ask(from + size);
		for (const fills of range.fills) folding.take(range, fills);
		folding.closePatient(range);
		signal?.throwIfAborted();
		const groups = rows.takeGroups();
		if (groups) await write(groups);
		progress?.(Math.min(from + size - 1, patients), patients);
	}
	await write(rows.takeRest());
	await written;
}

/** A promise that is awaited later: its failure shows there and not before. */
function handled<T>(promise: Promise<T>): Promise<T> {
	promise.catch(() => undefined);
	return promise;
}

/** The rules of the measures and years; the stay adjustment of a year before or after the table is that of its nearest year. */
async function readRules(connection: Connection, years: number[]): Promise<FoldRules> {
	const measures: FoldRules['measures'] = [];
	const rows = await connection.rows<{ measure_no: number; threshold_percent: number; min_ingredients: number }>(
		'select measure_no, threshold_percent, min_ingredients from measure_code'
	);
	for (const row of rows)
		measures[row.measure_no] = { threshold: row.threshold_percent, minIngredients: row.min_ingredients };
	const settings = await readSettings(connection);
	const adjustments = await connection.rows<{ year: number; stay_adjustment: boolean }>(
		'select year::integer as year, stay_adjustment::boolean as stay_adjustment from adherence_year order by year'
	);
	const yearRule = (year: number): YearRule => {
		const setting = adjustments.filter((row) => row.year <= year).at(-1) ?? adjustments[0];
		return {
			first: firstDayOf(year),
			last: lastDayOf(year),
			adjust: setting?.stay_adjustment ?? true,
			monthEnds: Array.from({ length: 12 }, (_, month) => lastDayOfMonth(year, month + 1))
		};
	};
	return {
		measures,
		years: new Map(years.map((year) => [year, yearRule(year)])),
		notice: { dueSoonDays: settings.number('due_soon_days'), lastChanceDays: settings.number('last_chance_days') },
		attribution: settings.word('attribution') as Attribution,
		pileUpDays: settings.number('pile_up_days')
	};
}
