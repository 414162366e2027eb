import { join } from 'node:path';
import { literal, type Connection } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { activeImports, readImports, type Kind } from './imported';
import { readTable, shippedFolder, tables, type Table } from './table';

/** A reference table as `mtm reference list` shows it; `counts` is false when a later import took its place. */
export type Listed = {
	name: string;
	title: string;
	rows: number;
	source: string;
	version: string | null;
	date: string;
	licence: string;
	origin: 'shipped' | 'imported';
	counts: boolean;
	note: string;
};

const titles: Record<Kind, string> = {
	fda_directory: 'FDA NDC Directory',
	drug_list: 'Own list of drugs',
	class_list: 'List of the NDCs of measures',
	drug_class: 'Measures by ingredient',
	adherence_measure: 'Adherence measures',
	adherence_year: 'Stay adjustment by year',
	setting: 'Settings of the calculations',
	value_set: 'Diagnosis and service codes',
	cut_point: 'Star cut points',
	verification_window: 'Windows in which claims show a recommendation',
	symptom_drug: 'Symptoms that a medicine on hand may have caused',
	discharge_medicine: 'Medicines that a discharge calls for',
	verification_code: 'Codes of monitoring and immunization',
	chronic_condition: 'Chronic conditions',
	chronic_condition_code: 'Diagnoses of chronic conditions',
	session_element: 'What a session documents',
	mtm_criteria: 'Who belongs in MTM',
	part_d_element: 'Elements of the Part D beneficiary file',
	part_d_edit: 'Edits of the Part D beneficiary file',
	part_d_provider: 'Provider codes of the Part D beneficiary file',
	drug_group: 'Groups of ingredients',
	drug_pair: 'Interacting pairs',
	drug_condition: 'Medicines and conditions',
	monitored_drug: 'Medicines that need monitoring',
	dose_limit: 'Highest daily doses',
	complexity_limit: 'When a regimen is complex',
	problem_exclusion: 'Diagnoses that keep people off problem lists',
	audit_parameter: 'What audit rules may be told',
	audit_value: 'What audit rules are told, by payer and date',
	audit_level: 'Levels of a resource-based fee',
	ecareplan_code: 'Codes of pharmacist care plans',
	lab_test: 'Names of laboratory tests',
	rural_zip: 'Rural and urban ZIP codes',
	problem_list: 'Which recommendations document what a list finds',
	row_action: 'Which actions document a row that a list shows'
};

/** The reference tables, shipped first, then what was imported, with what counts and what it changes. */
export async function listReference(connection: Connection, home: Home | null): Promise<Listed[]> {
	const shipped = shippedFolder();
	const active = activeImports(home);
	const listed: Listed[] = [];
	const rows = await connection.rows<Omit<Listed, 'rows' | 'origin' | 'counts' | 'note'>>(
		`from read_csv(${literal(join(shipped, 'shipped.csv'))}, header = true, delim = ',', quote = '"', all_varchar = true)`
	);
	for (const each of rows) {
		const isTable = each.name in tables;
		const from = isTable
			? readTable(each.name as Table, join(shipped, `${each.name}.csv`))
			: `from read_parquet(${literal(join(shipped, `${each.name}.parquet`))})`;
		const { count } = await connection.row<{ count: number }>(`select count(*) as count ${from}`);
		const replaced = isTable && active.some((one) => one.kind === each.name);
		const directory = each.name === 'drug' && active.some((one) => one.kind === 'fda_directory');
		listed.push({
			...each,
			rows: count,
			origin: 'shipped',
			counts: !replaced,
			note: replaced ? 'an imported version counts' : directory ? 'for NDCs the imported directory lacks' : ''
		});
	}
	for (const each of readImports(home)) {
		const counts = active.some((one) => one.id === each.id);
		const decides = each.decides.map((one) => `${one.measure} (${one.role}s, ${one.rows} NDCs)`).join(', ');
		listed.push({
			name: `import ${each.id}`,
			title: titles[each.kind],
			rows: each.rows,
			source: each.files.map((file) => file.name).join(', '),
			version: each.version,
			date: each.imported_at.slice(0, 10),
			licence: 'the owner of the file',
			origin: 'imported',
			counts,
			note: !counts ? 'a later import counts' : decides ? `replaces our list for ${decides}` : ''
		});
	}
	return listed;
}
