import { buildResults } from '$lib/server/build/refresh';
import { literal, openDatabase, type Connection, type Database } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { intakeTables } from '$lib/server/load/table';

export type Given = Record<string, Record<string, string | number | boolean | null>[]>;

export type Built = { database: Database; connection: Connection; close: () => void };

const cell = (value: string | number | boolean | null | undefined) =>
	value === null || value === undefined || value === '' ? 'null' : literal(String(value));

/** Fills the input tables as a load would (source, line, claim defaults), and computes the results from them with the real engine. */
export async function computed(
	given: Given,
	options: { asOf?: string; years?: number[]; home?: Home | null } = {}
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
		const values = rows.map((row, at) => {
			const whole: Record<string, string | number | boolean | null> = {
				data_source: 'plan',
				source_file: `${table.name}.csv`,
				source_line: at + 2,
				load_id: 1,
				...(table.columns.some((column) => column.name === 'claim_line_number') ? { claim_line_number: 1 } : {}),
				...(['pharmacy_claim', 'medical_claim'].includes(table.name) ? { claim_status: 'paid' } : {}),
				...row
			};
			return `(${[...table.columns.map((column) => column.name), 'source_file', 'source_line', 'load_id'].map((column) => cell(whole[column])).join(', ')})`;
		});
		for (let at = 0; at < values.length; at += 500)
			await connection.run(`insert into intake.main.${table.name} values ${values.slice(at, at + 500).join(', ')}`);
	}
	await buildResults(database, connection, options.home ?? null, { ...options, loads: [1], hasPrevious: false });
	return {
		database,
		connection,
		close: () => {
			connection.close();
			database.close();
		}
	};
}
