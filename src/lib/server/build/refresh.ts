import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attach, literal, openDatabase, type Connection, type Database } from '../duckdb';
import { readCurrent, resultsFile, withLock, writeCurrent, type Home } from '../home';
import { ensureIntake } from '../load/intake';
import { activeLoads } from '../load/manifest';
import { usage } from '../trouble';
import { makeTables, type TableOptions } from './tables';

/** Which years, as of which day, and how the work is told and stopped. */
export type RefreshOptions = Pick<TableOptions, 'years' | 'asOf' | 'progress' | 'signal'>;

/** What a refresh made. */
export type RunSummary = {
	results: number;
	as_of: string;
	years: number[];
	patients: number;
	fills: number;
	adherence_rows: number;
	list_rows: number;
	unmapped_fills: number;
	checks: { check: string; severity: string; rows: number; sentence: string }[];
	seconds: number;
};

/**
 * Computes the results from the current intake, beside the old ones, and points readers to them when they are whole; a stop
 * at any moment leaves the old ones. Throws exit 1 when nothing is loaded, exit 4 when somebody else works in this home.
 */
export async function refresh(home: Home, options: RefreshOptions = {}): Promise<RunSummary> {
	return await withLock(home, 'refresh', async () => {
		const started = performance.now();
		const loads = activeLoads(home).map(({ load }) => load.load_id);
		if (loads.length === 0 && readCurrent(home).results === null)
			throw usage(
				'Nothing is loaded yet, so nothing was computed. Load files first (mtm load), or explore the demo (mtm demo).'
			);
		const intake = await ensureIntake(home);
		const current = readCurrent(home);
		const next = (current.results ?? 0) + 1;
		const file = resultsFile(home, next);
		for (const left of [file, `${file}.wal`]) rmSync(left, { force: true });
		const database = await openDatabase({
			memory: process.env.MTM_MEMORY ?? '4GB',
			spill: join(home.warehouse, 'spill')
		});
		let summary: RunSummary;
		try {
			const connection = await database.connect();
			const before = current.results === null ? null : resultsFile(home, current.results);
			await attach(connection, intake, 'intake');
			// Built beside the last results and thrown away when a stop leaves it half done, so it needs no log of its own.
			await connection.run(
				`attach ${literal(file)} as results (recovery_mode 'no_wal_writes', storage_version 'latest')`
			);
			if (before && existsSync(before)) await attach(connection, before, 'previous');
			summary = await buildResults(database, connection, home, {
				...options,
				loads,
				hasPrevious: Boolean(before && existsSync(before))
			});
			summary.results = next;
			summary.seconds = Math.round(performance.now() - started) / 1000;
			await connection.run(`update results.main.run set seconds = ${summary.seconds}`);
			await connection.run('use memory');
			await connection.run('checkpoint results');
			await connection.run('detach results');
			connection.close();
		} catch (cause) {
			database.close();
			for (const left of [file, `${file}.wal`]) rmSync(left, { force: true });
			throw cause;
		}
		database.close();
		toDisk(file);
		writeCurrent(home, { results: next });
		removeOld(home, next);
		return summary;
	});
}

function toDisk(file: string): void {
	const handle = openSync(file, 'r');
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}

/** Removes results before the last one: a reader that still has the last one open may finish. */
function removeOld(home: Home, next: number): void {
	for (const file of readdirSync(home.warehouse)) {
		const number = /^results-(\d+)\.duckdb/.exec(file)?.[1];
		if (number && Number(number) < next - 1) rmSync(join(home.warehouse, file), { force: true });
	}
}

/** Makes every table and view of the results, and tells what they hold. */
export async function buildResults(
	database: Database,
	connection: Connection,
	home: Home | null,
	options: Omit<TableOptions, 'only'>
): Promise<RunSummary> {
	const asOf = await makeTables(database, connection, home, options);
	await connection.run(
		`update run set years = coalesce((select list(distinct year order by year) from adherence_fact), []::integer[])`
	);
	const counts = await connection.row<{
		patients: number;
		fills: number;
		adherence_rows: number;
		list_rows: number;
		unmapped_fills: number;
		years: number[];
	}>(`
		select
			(select count(*) from patient) as patients,
			(select count(*) from fill) as fills,
			(select count(*) from adherence_fact) as adherence_rows,
			(select count(*) from review_list) as list_rows,
			(select coalesce(sum(fills), 0)::bigint from unmapped_drug) as unmapped_fills,
			(select years from run) as years`);
	const checks = await connection.rows<RunSummary['checks'][number]>(
		'select "check", severity, rows, sentence from check_result order by "check"'
	);
	return { results: 0, as_of: asOf, ...counts, checks, seconds: 0 };
}
