import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '$lib/server/duckdb';
import { wrongSetting, type Setting } from '$lib/server/setting';
import { gate } from '$lib/server/trouble';
import type { Draft } from './draft';
import { cells, stopAt, thousands, type Given } from './given';
import { readTable, shippedFolder, tables, type Table } from './table';

const allowed: Partial<Record<Table, Record<string, string[]>>> = {
	drug_class: { role: ['target', 'exclusion'] },
	value_set: { match: ['exact', 'prefix'] },
	cut_point: { plan_type: ['MA-PD', 'PDP'] }
};
/** Columns that a row of a table may leave empty, beside its source. */
const mayBeEmpty: Partial<Record<Table, string[]>> = {
	drug_class: ['class', 'route_filter', 'brand_exclude', 'valid_from', 'valid_to'],
	adherence_measure: ['exclusion_reason'],
	verification_window: ['least'],
	chronic_condition: ['core_disease', 'strong_claims', 'other_claims'],
	mtm_criteria: ['annual_cost'],
	part_d_element: ['to_year'],
	part_d_provider: ['setting'],
	audit_value: ['program', 'payer', 'effective_to'],
	audit_level: ['effective_to'],
	problem_list: ['problem', 'problem_detail', 'action', 'drug_group'],
	row_action: ['drug_group'],
	discharge_medicine: ['also']
};

/** The table that has the columns of a file's header, if one has. */
export const tableOf = (file: Given): Table | undefined =>
	(Object.keys(tables) as Table[]).find((each) =>
		Object.keys(tables[each]).every((column) => column === 'source' || file.header.includes(column))
	);

/** A table of ours in its user's version: same columns, cells that the program knows. */
export async function tableDraft(table: Table, file: Given, connection: Connection, scratch: string): Promise<Draft> {
	const rows = await cells(file, connection, scratch);
	const wrong: string[] = [];
	const columns = Object.keys(tables[table]);
	rows.forEach((row, at) => {
		for (const column of columns) {
			if (!row[column] && column !== 'source' && !mayBeEmpty[table]?.includes(column))
				wrong.push(`row ${at + 1}: ${column} is empty`);
			const words = allowed[table]?.[column];
			if (words && row[column] && !words.includes(row[column]))
				wrong.push(`row ${at + 1}: ${column} is "${row[column]}", not ${words.join(' or ')}`);
		}
	});
	if (table === 'setting') {
		const shipped = await connection.rows<Setting>(readTable(table, join(shippedFolder(), 'setting.csv')));
		rows.forEach((row, at) => {
			const sentence = wrongSetting({ setting: row.setting ?? '', value: row.value ?? '' }, shipped);
			if (sentence) wrong.push(`row ${at + 1}: ${sentence}`);
		});
	}
	if (table === 'audit_value') {
		const known = await connection.rows<{ setting: string; value: string; allowed: string }>(
			`select parameter as setting, '' as value, allowed from (${readTable('audit_parameter', join(shippedFolder(), 'audit_parameter.csv'))})`
		);
		rows.forEach((row, at) => {
			const sentence = wrongSetting({ setting: row.parameter ?? '', value: row.value ?? '' }, known);
			if (sentence) wrong.push(`row ${at + 1}: ${sentence}`);
		});
	}
	stopAt(file, wrong, rows.length);
	if (rows.length === 0) throw gate(`${file.name} has no rows. Nothing was changed.`);
	const quoted = (text: string | null | undefined) => (text ? `"${text.replaceAll('"', '""')}"` : '');
	const path = join(scratch, `${file.sha256.slice(0, 8)}-table.csv`);
	const lines = rows.map((row) => columns.map((column) => quoted(row[column])).join(','));
	writeFileSync(path, `${columns.join(',')}\n${lines.join('\n')}\n`);
	try {
		await connection.rows(`select count(*) ${readTable(table, path)}`);
		await connection.run(`create or replace temp table checked as ${readTable(table, path)}`);
	} catch (cause) {
		throw gate(
			`${file.name} does not fit the table ${table}: ${(cause as Error).message.split('\n')[0]}. Nothing was changed. Its columns are ${Object.entries(
				tables[table]
			)
				.map(([column, type]) => `${column} (${type})`)
				.join(', ')}.`
		);
	}
	return {
		parts: { table: path },
		rows: rows.length,
		version: null,
		decides: [],
		notes: [`${thousands(rows.length)} rows; they count instead of the shipped ${table}.`]
	};
}
