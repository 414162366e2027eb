import { makeTables } from '$lib/server/build/tables';
import { openDatabase, type Connection, type Database } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { intakeTables } from '$lib/server/load/table';

export type Given = Record<string, Record<string, string | number | boolean | null>[]>;

export type Built = { database: Database; connection: Connection; close: () => void };

/**
 * Fills the input tables as a load would (source, line, claim defaults), and computes the results from them with the real engine: everything, or `only` the
 * tables and views named with what they are made from.
 */
export async function computed(
	given: Given,
	options: { asOf?: string; years?: number[]; home?: Home | null; only?: string[] } = {}
): Promise<Built> {
	const database = await openDatabase();
	const connection = await database.connect();
	await connection.run(`attach ':memory:' as intake; attach ':memory:' as results`);
	for (const table of intakeTables()) {
		const columns = table.columns.map((column) => `"${column.name}" ${column.type}`).join(', ');
		await connection.run(
			`create table intake.main.${table.name} (${columns}, source_file varchar, source_line bigint, load_id integer)`
		);
		const rows = given[table.name] ?? [];
		if (rows.length === 0) continue;
		const names = [...table.columns.map((column) => column.name), 'source_file', 'source_line', 'load_id'];
		const whole = rows.map((row, at) => {
			const cells: Given[string][number] = {
				data_source: 'plan',
				source_file: `${table.name}.csv`,
				source_line: at + 2,
				load_id: 1,
				...(table.columns.some((column) => column.name === 'claim_line_number') ? { claim_line_number: 1 } : {}),
				...(['pharmacy_claim', 'medical_claim'].includes(table.name) ? { claim_status: 'paid' } : {}),
				...row
			};
			return names.map((column) => (cells[column] === '' ? null : (cells[column] ?? null)));
		});
		await connection.run(
			`insert into intake.main.${table.name} select ${names.map((_, at) => `row[${at + 1}]`).join(', ')}
			from (select unnest(from_json($rows::varchar, '[["varchar"]]')) as row)`,
			{ rows: JSON.stringify(whole) }
		);
	}
	await makeTables(database, connection, options.home ?? null, { ...options, loads: [1], earlier: [] });
	return {
		database,
		connection,
		close: () => {
			connection.close();
			database.close();
		}
	};
}
