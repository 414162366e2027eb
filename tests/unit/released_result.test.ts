import { expect, test } from 'vitest';
import { openDatabase } from '$lib/server/duckdb';
import { sqlFile } from '$lib/server/sql';
import { makeShownViews } from '$lib/server/views';

test('below P2 SQL closes a rate whose rest is small, and rates that with others make up what may be hidden', async () => {
	const database = await openDatabase();
	try {
		const connection = await database.connect();
		await connection.run(sqlFile('macros', 'tells_hidden').text);
		await connection.run(`create schema kept; create table kept.measure_result as
			select measure, '2026' as period, date '2026-09-30' as as_of, 'all' as dimension, 'all' as dimension_value, n as numerator, d as denominator
			from (values ('discharge_without_fills', 80, 85), ('hospital_after_no_fill', 20, 80), ('readmission_30_days', 11, 22), ('cmr_completion', 75, 85),
				('problems_resolved_within_60_days', 50, 100)) as t(measure, n, d)`);
		const shown = async (phi: 'P0' | 'P1' | 'P2') => {
			await connection.run('drop view if exists main.measure_result');
			await makeShownViews(connection, 'kept', new Set(['measure_result']), ['measure_result'], phi);
			const rows = await connection.rows<{ measure: string }>(
				'select measure from main.measure_result order by measure'
			);
			return rows.map((row) => row.measure);
		};
		expect(await shown('P0')).toEqual(['readmission_30_days']);
		expect(await shown('P1')).toEqual(['readmission_30_days']);
		expect(await shown('P2')).toHaveLength(5);
	} finally {
		database.close();
	}
});
