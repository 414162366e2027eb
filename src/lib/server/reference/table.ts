import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { literal } from '$lib/server/duckdb';

/** The tables of data/reference that a user may replace with a version of the same columns. */
export const tables = {
	drug_class: {
		measure: 'varchar',
		class: 'varchar',
		ingredient: 'varchar',
		role: 'varchar',
		route_filter: 'varchar',
		brand_exclude: 'varchar',
		valid_from: 'date',
		valid_to: 'date',
		source: 'varchar'
	},
	adherence_measure: {
		measure: 'varchar',
		title: 'varchar',
		short_title: 'varchar',
		drug_word: 'varchar',
		threshold_percent: 'integer',
		min_ingredients: 'integer',
		min_age: 'integer',
		excludes_esrd: 'boolean',
		excludes_hospice: 'boolean',
		exclusion_reason: 'varchar',
		is_star: 'boolean',
		source: 'varchar'
	},
	adherence_year: { year: 'integer', stay_adjustment: 'boolean', source: 'varchar' },
	setting: {
		setting: 'varchar',
		value: 'varchar',
		allowed: 'varchar',
		unit: 'varchar',
		meaning: 'varchar',
		source: 'varchar',
		mark: 'varchar'
	},
	value_set: { set: 'varchar', code_system: 'varchar', code: 'varchar', match: 'varchar', source: 'varchar' },
	cut_point: {
		measure: 'varchar',
		ratings_year: 'integer',
		measure_year: 'integer',
		plan_type: 'varchar',
		stars: 'integer',
		minimum: 'integer',
		source: 'varchar'
	},
	symptom_drug: { symptom: 'varchar', code: 'varchar', ingredient: 'varchar', source: 'varchar' },
	discharge_medicine: {
		condition: 'varchar',
		code_system: 'varchar',
		code: 'varchar',
		also: 'varchar',
		drug_group: 'varchar',
		source: 'varchar',
		mark: 'varchar'
	},
	verification_window: {
		action: 'varchar',
		shown_by: 'varchar',
		window_days: 'integer',
		run_out_days: 'integer',
		least: 'integer',
		source: 'varchar'
	},
	verification_code: {
		shown_by: 'varchar',
		ingredient: 'varchar',
		code_system: 'varchar',
		code: 'varchar',
		source: 'varchar'
	},
	chronic_condition: {
		condition: 'varchar',
		title: 'varchar',
		core_disease: 'varchar',
		strong_claims: 'varchar',
		other_claims: 'integer',
		look_back_months: 'integer',
		source: 'varchar'
	},
	chronic_condition_code: { condition: 'varchar', role: 'varchar', code: 'varchar' },
	session_element: {
		program: 'varchar',
		service_type: 'varchar',
		element: 'varchar',
		place: 'integer',
		part: 'varchar',
		title: 'varchar',
		is_required: 'boolean',
		source: 'varchar'
	},
	mtm_criteria: {
		year: 'integer',
		program: 'varchar',
		conditions: 'integer',
		drugs: 'integer',
		annual_cost: 'double',
		source: 'varchar'
	},
	part_d_element: {
		from_year: 'integer',
		to_year: 'integer',
		place: 'integer',
		letter: 'varchar',
		field: 'varchar',
		title: 'varchar',
		form: 'varchar',
		most_characters: 'integer',
		is_required: 'boolean',
		source: 'varchar'
	},
	part_d_edit: {
		edit: 'varchar',
		place: 'integer',
		field: 'varchar',
		severity: 'varchar',
		sentence: 'varchar',
		source: 'varchar'
	},
	part_d_provider: { provider_type: 'varchar', setting: 'varchar', code: 'varchar', source: 'varchar' },
	drug_group: { drug_group: 'varchar', ingredient: 'varchar', source: 'varchar' },
	drug_pair: {
		first: 'varchar',
		first_is_group: 'boolean',
		second: 'varchar',
		second_is_group: 'boolean',
		severity: 'varchar',
		meaning: 'varchar',
		source: 'varchar'
	},
	drug_condition: {
		drug: 'varchar',
		is_group: 'boolean',
		condition: 'varchar',
		severity: 'varchar',
		meaning: 'varchar',
		source: 'varchar'
	},
	monitored_drug: { ingredient: 'varchar', within_days: 'integer', test: 'varchar', source: 'varchar' },
	dose_limit: { ingredient: 'varchar', unit: 'varchar', most_a_day: 'double', source: 'varchar' },
	complexity_limit: { what: 'varchar', at_least: 'integer', source: 'varchar' },
	problem_exclusion: { list: 'varchar', reason: 'varchar', code: 'varchar', match: 'varchar', source: 'varchar' },
	audit_parameter: { parameter: 'varchar', allowed: 'varchar', unit: 'varchar', meaning: 'varchar' },
	audit_value: {
		program: 'varchar',
		payer: 'varchar',
		parameter: 'varchar',
		value: 'varchar',
		effective_from: 'date',
		effective_to: 'date',
		source: 'varchar',
		mark: 'varchar'
	},
	audit_level: {
		payer: 'varchar',
		level: 'integer',
		medications: 'integer',
		problems: 'integer',
		conditions: 'integer',
		minutes: 'integer',
		units: 'integer',
		effective_from: 'date',
		effective_to: 'date',
		source: 'varchar',
		mark: 'varchar'
	},
	ecareplan_code: {
		field: 'varchar',
		system: 'varchar',
		code: 'varchar',
		value: 'varchar',
		source: 'varchar',
		mark: 'varchar'
	},
	lab_test: { code: 'varchar', test: 'varchar', source: 'varchar' },
	rural_zip: { zip_code: 'varchar', ruca: 'double' },
	problem_list: {
		list: 'varchar',
		problem: 'varchar',
		problem_detail: 'varchar',
		action: 'varchar',
		drug_group: 'varchar',
		source: 'varchar'
	},
	row_action: { list: 'varchar', row_action: 'varchar', drug_group: 'varchar', source: 'varchar' }
} as const;
export type Table = keyof typeof tables;

const up = (folder: string): string | null => {
	const found = join(folder, 'data', 'reference');
	if (existsSync(join(found, 'drug.parquet'))) return found;
	return dirname(folder) === folder ? null : up(dirname(folder));
};

/** The folder of the tables that come with the program; throws when the program was moved away from them. */
export function shippedFolder(): string {
	const found = up(dirname(fileURLToPath(import.meta.url))) ?? up(process.cwd());
	if (!found) throw new Error('data/reference with drug.parquet is not beside the program');
	return found;
}

/** A select that reads one of the CSV tables with its types. */
export function readTable(table: Table, path: string): string {
	const columns = Object.entries(tables[table])
		.map(([column, type]) => `${literal(column)}: ${literal(type)}`)
		.join(', ');
	return `from read_csv(${literal(path)}, header = true, delim = ',', quote = '"', escape = '"', columns = {${columns}})`;
}
