import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { literal, name, openDatabase } from '$lib/server/duckdb';
import {
	intakeFile,
	nextVersion,
	readCurrent,
	readKept,
	withLock,
	writeCurrent,
	writeWhole,
	type Home
} from '$lib/server/home';
import { sweepWarehouse } from '$lib/server/kept';
import { sqlFiles } from '$lib/server/sql';
import { Trouble } from '$lib/server/trouble';
import { currentSql, partsOf } from './current';
import { activeLoads, type Placed } from './manifest';
import { intakeTables } from './table';

/** What an intake file was made of: the loads that counted and the text of sql/intake. */
const madeOf = (loads: Placed[]) =>
	createHash('sha256')
		.update(JSON.stringify([loads.map(({ load }) => load.load_id), sqlFiles('intake').map((file) => file.text)]))
		.digest('hex');

const noteFile = (home: Home, version: number) => intakeFile(home, version).replace('.duckdb', '.json');

/** Whether an intake file stands for these loads. */
function standsFor(home: Home, intake: number | null, loads: Placed[]): boolean {
	if (intake === null || !existsSync(intakeFile(home, intake)) || !existsSync(noteFile(home, intake))) return false;
	return (JSON.parse(readFileSync(noteFile(home, intake), 'utf8')) as { made_of: string }).made_of === madeOf(loads);
}

/** Whether the current intake file stands for the loads that are active now. */
const isFresh = (home: Home, loads: Placed[]): boolean => standsFor(home, readCurrent(home).intake, loads);

/**
 * The path of the database that holds every input table's current rows; made anew (beside the old one, then swapped) when the set of active
 * loads or the tables changed. A home that is held to a version has that version's.
 */
export async function ensureIntake(home: Home, progress?: (text: string) => void): Promise<string> {
	if (home.version) return intakeFile(home, home.version.intake!);
	if (isFresh(home, activeLoads(home))) return intakeFile(home, readCurrent(home).intake!);
	try {
		return await withLock(home, 'intake', async () => {
			const loads = activeLoads(home);
			const before = readCurrent(home).intake;
			if (isFresh(home, loads)) return intakeFile(home, before!);
			const version = await buildIntake(home, loads, progress);
			writeCurrent(home, { intake: version });
			// The version before stays for readers who opened it a moment ago.
			sweepWarehouse(home, { intake: before });
			return intakeFile(home, version);
		});
	} catch (cause) {
		// While somebody else loads, readers keep what they have.
		const { intake } = readCurrent(home);
		if (cause instanceof Trouble && cause.exit === 4 && intake !== null && existsSync(intakeFile(home, intake)))
			return intakeFile(home, intake);
		throw cause;
	}
}

/**
 * The number of an intake made from these loads alone, for results kept beside the current ones: the current one or a kept one where it
 * stands for them, else a new one that nothing points to yet. Only while holding the lock.
 */
export async function intakeFor(home: Home, loads: Placed[], progress?: (text: string) => void): Promise<number> {
	const made = [readCurrent(home).intake, ...readKept(home).map((kept) => kept.intake)];
	return made.find((intake) => standsFor(home, intake, loads)) ?? (await buildIntake(home, loads, progress));
}

async function buildIntake(home: Home, loads: Placed[], progress?: (text: string) => void): Promise<number> {
	mkdirSync(home.warehouse, { recursive: true });
	const version = nextVersion(home, 'intake');
	const path = intakeFile(home, version);
	const beside = `${path}.making`;
	for (const each of readdirSync(home.warehouse))
		if (/^intake-.*\.making/.test(each)) rmSync(join(home.warehouse, each), { recursive: true, force: true });
	const database = await openDatabase({ spill: join(home.warehouse, `${version}.making-spill`) });
	try {
		const connection = await database.connect();
		const engine = (await connection.row<{ version: string }>('select version() as version')).version;
		// The newest storage packs text faster; a checkpoint that merges row groups would write everything twice.
		await connection.run(`attach ${literal(beside)} as intake (storage_version 'latest')`);
		await connection.run('set max_vacuum_tasks = 0');
		await connection.run('use intake');
		// Columns that no file gave are not stored: a view shows them as null, so that every table has all its columns.
		await connection.run('create schema stored');
		for (const table of intakeTables()) {
			const select = currentSql(table, loads, engine);
			const given = new Set(select ? partsOf(table, loads).flatMap((part) => part.file.columns) : []);
			for (const column of table.columns) if (select && column.preset) given.add(column.name);
			const origin = ['source_file', 'source_line', 'load_id'];
			if (select) {
				progress?.(`intake: ${table.name}`);
				const stored = [
					...table.columns.filter((column) => given.has(column.name)).map((column) => name(column.name)),
					...origin
				];
				await connection.run(`create table stored.${table.name} as select ${stored.join(', ')} from (${select})`);
			} else
				await connection.run(
					`create table stored.${table.name} (source_file varchar, source_line bigint, load_id integer)`
				);
			const shown = table.columns.map((column) =>
				given.has(column.name) ? name(column.name) : `null::${column.type} as ${name(column.name)}`
			);
			await connection.run(
				`create view ${table.name} as select ${[...shown, ...origin].join(', ')} from stored.${table.name}`
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
	return version;
}
