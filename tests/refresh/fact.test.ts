import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createByRanges } from '$lib/server/build/fact';
import { refresh } from '$lib/server/build/refresh';
import { attach, openDatabase } from '$lib/server/duckdb';
import { intakeFile, openHome, readCurrent, resultsFile } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { sqlFile } from '$lib/server/sql';
import { folder } from '../known/expected';
import { emptyFolder } from '../known/shell';

test('fills made for a few patients at a time are the fills made at once, in the same order', async () => {
	const home = openHome(join(emptyFolder(), 'home'));
	await load(home, [join(folder, 'drops', 'drop-1')]);
	await refresh(home, { asOf: '2025-09-30' });
	const current = readCurrent(home);
	const database = await openDatabase();
	const connection = await database.connect();
	await attach(connection, resultsFile(home, current.results!), 'results');
	await attach(connection, intakeFile(home, current.intake!), 'intake');
	await connection.run(`set search_path = 'memory.main,results.main,intake.main'`);
	const { claims } = await connection.row<{ claims: number }>('select count(*) as claims from pharmacy_claim');
	expect(claims).toBeGreaterThan(100);
	await createByRanges(connection, sqlFile('facts', 'fill'), 30);
	const both = (columns: string) => `
		(select ${columns} from memory.main.fill except all select ${columns} from results.main.fill)
		union all
		(select ${columns} from results.main.fill except all select ${columns} from memory.main.fill)`;
	expect(await connection.rows(both('*'))).toEqual([]);
	expect(await connection.rows(both('rowid as place, patient_no, dispensed_on'))).toEqual([]);
	connection.close();
	database.close();
});
