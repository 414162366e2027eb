import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attach, name, openDatabase } from '$lib/server/duckdb';
import { intakeFile, readCurrent, withLock, writeCurrent, writeWhole, type Home } from '$lib/server/home';
import { sqlFiles } from '$lib/server/sql';
import { currentSql } from './current';
import { activeLoads, type Placed } from './manifest';
import { intakeTables } from './table';

/** What an intake file was made of: the loads that counted and the text of sql/intake. */
const madeOf = (loads: Placed[]) =>
	createHash('sha256')
		.update(JSON.stringify([loads.map(({ load }) => load.load_id), sqlFiles('intake').map((file) => file.text)]))
		.digest('hex');

const noteFile = (home: Home, version: number) => intakeFile(home, version).replace('.duckdb', '.json');

/** Whether the current intake file stands for the loads that are active now. */
function isFresh(home: Home, loads: Placed[]): boolean {
	const { intake } = readCurrent(home);
	if (intake === null || !existsSync(intakeFile(home, intake)) || !existsSync(noteFile(home, intake))) return false;
	return (JSON.parse(readFileSync(noteFile(home, intake), 'utf8')) as { made_of: string }).made_of === madeOf(loads);
}

/**
 * The path of the database that holds every input table's current rows; made anew (beside the old one, then swapped) when the set of active
 * loads or the tables changed.
 */
export async function ensureIntake(home: Home, progress?: (text: string) => void): Promise<string> {
	if (isFresh(home, activeLoads(home))) return intakeFile(home, readCurrent(home).intake!);
	return await withLock(home, 'intake', async () => {
		const loads = activeLoads(home);
		if (isFresh(home, loads)) return intakeFile(home, readCurrent(home).intake!);
		return await buildIntake(home, loads, progress);
	});
}

async function buildIntake(home: Home, loads: Placed[], progress?: (text: string) => void): Promise<string> {
	mkdirSync(home.warehouse, { recursive: true });
	const version = (readCurrent(home).intake ?? 0) + 1;
	const path = intakeFile(home, version);
	const beside = `${path}.making`;
	for (const each of readdirSync(home.warehouse))
		if (/^intake-.*\.making/.test(each)) rmSync(join(home.warehouse, each), { recursive: true, force: true });
	const database = await openDatabase({ spill: join(home.warehouse, `${version}.making-spill`) });
	try {
		const connection = await database.connect();
		const engine = (await connection.row<{ version: string }>('select version() as version')).version;
		await attach(connection, beside, 'intake', true);
		await connection.run('use intake');
		for (const table of intakeTables()) {
			const columns = table.columns.map((column) => `${name(column.name)} ${column.type}`).join(', ');
			const select = currentSql(table, loads, engine);
			if (select) {
				progress?.(`intake: ${table.name}`);
				await connection.run(`create table ${table.name} as ${select}`);
			} else
				await connection.run(
					`create table ${table.name} (${columns}, source_file varchar, source_line bigint, load_id integer)`
				);
		}
		await connection.run('use memory');
		await connection.run('detach intake');
		connection.close();
	} finally {
		database.close();
		rmSync(join(home.warehouse, `${version}.making-spill`), { recursive: true, force: true });
	}
	writeWhole(
		noteFile(home, version),
		JSON.stringify({ made_of: madeOf(loads), loads: loads.map(({ load }) => load.load_id) })
	);
	renameSync(beside, path);
	writeCurrent(home, { intake: version });
	// The version before stays for readers who opened it a moment ago.
	for (const each of readdirSync(home.warehouse)) {
		const other = /^intake-(\d+)\./.exec(each)?.[1];
		if (other && Number(other) < version - 1) rmSync(join(home.warehouse, each), { force: true });
	}
	return path;
}
