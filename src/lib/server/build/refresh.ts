import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attach, literal, openDatabase, type Connection, type Database } from '../duckdb';
import type { Kept } from '$lib/domain/kept';
import {
	intakeFile,
	nextVersion,
	readCurrent,
	readKept,
	resultsFile,
	withLock,
	writeCurrent,
	type Home
} from '../home';
import { sweepWarehouse } from '../kept';
import { ensureIntake, intakeFor } from '../load/intake';
import { activeLoads, readLoads, type Placed } from '../load/manifest';
import { usage } from '../trouble';
import { claimDays, makeTables, type TableOptions } from './tables';
import { version } from '../../../../package.json';

/** Which years, as of which day, whether beside the current results, and how the work is told and stopped. */
export type RefreshOptions = Pick<TableOptions, 'years' | 'asOf' | 'progress' | 'signal'> & {
	/** Keeps what is made beside the current results, which stay current. */
	keep?: boolean;
	/** Makes them from the standing loads up to this one alone, and keeps them. */
	known?: number;
};

/** What a refresh made. */
export type RunSummary = {
	results: number;
	/** Whether they are kept beside the current ones, and the last load that counted there; null for the current results. */
	kept: { known: number | null } | null;
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

/** The loads that results are made from; throws exit 1 when they cannot be made so. */
function loadsFor(home: Home, { known, keep, years }: RefreshOptions): Placed[] {
	const standing = activeLoads(home);
	if ((keep || known !== undefined) && years)
		throw usage('Results that are kept hold every year, so --year has no place there. Nothing was changed.');
	if (known === undefined) return standing;
	const load = readLoads(home).find((each) => each.load_id === known);
	if (!load) throw usage(`There is no load ${known}. Nothing was changed. "mtm loads list" shows them.`);
	if (load.state === 'rolled_back')
		throw usage(
			`Load ${known} was rolled back on ${load.rolled_back_at?.slice(0, 10)}, so it counts for nothing. Nothing was changed. Name a load that stands ("mtm loads list").`
		);
	return standing.filter(({ load: { load_id } }) => load_id <= known);
}

/** Refuses a day before everything that the intake tells of, and an intake that tells of no day. */
async function checkDay(connection: Connection, asOf: string | undefined, known: number | undefined): Promise<void> {
	const { first } = await connection.row<{ first: string | null }>(`select min(day) as first from (${claimDays})`);
	const of = known === undefined ? 'what is loaded' : `what had been received by load ${known}`;
	if (first === null)
		throw usage(
			`No claim and no session stands in ${of}, so there is nothing to compute as of a day. Nothing was changed.`
		);
	if (asOf !== undefined && asOf < first)
		throw usage(
			`${asOf} lies before the first service of ${of}, which is of ${first}. Nothing was changed. Choose that day or a later one.`
		);
}

/**
 * Computes the results from the current intake, beside the old ones, and points readers to them when they are whole; a stop at any moment leaves
 * the old ones. With `keep` or `known` they are kept beside the current ones instead, in place of those kept of the same day and load. Throws exit
 * 1 when nothing is loaded, the day lies before the first claim or the load does not stand; exit 4 when somebody else works in this home.
 */
export async function refresh(home: Home, options: RefreshOptions = {}): Promise<RunSummary> {
	return await withLock(home, 'refresh', async () => {
		const started = performance.now();
		const { known } = options;
		const keeps = options.keep === true || known !== undefined;
		const before = readCurrent(home);
		const placed = loadsFor(home, options);
		const loads = placed.map(({ load }) => load.load_id);
		if (loads.length === 0 && before.results === null)
			throw usage(
				'Nothing is loaded yet, so nothing was computed. Load files first (mtm load), or explore the demo (mtm demo).'
			);
		if (keeps && before.results === null)
			throw usage(
				'Results are kept beside current ones, and there are none yet. Nothing was changed. Compute those first (mtm refresh).'
			);
		let intake = known === undefined ? null : await intakeFor(home, placed);
		if (intake === null) {
			await ensureIntake(home);
			intake = readCurrent(home).intake!;
		}
		const next = nextVersion(home, 'results');
		const file = resultsFile(home, next);
		for (const left of [file, `${file}.wal`]) rmSync(left, { force: true });
		const database = await openDatabase({
			memory: process.env.MTM_MEMORY ?? '4GB',
			spill: join(home.warehouse, 'spill')
		});
		let summary: RunSummary;
		try {
			const connection = await database.connect();
			await attach(connection, intakeFile(home, intake), 'intake');
			if (keeps) {
				await connection.run('use intake');
				await checkDay(connection, options.asOf, known);
				await connection.run('use memory');
			}
			// Built beside the last results and thrown away when a stop leaves it half done, so it needs no log of its own.
			await connection.run(
				`attach ${literal(file)} as results (recovery_mode 'no_wal_writes', storage_version 'latest')`
			);
			const earlier = await attachEarlier(connection, home);
			summary = await buildResults(database, connection, home, { ...options, loads, earlier });
			summary.results = next;
			summary.kept = keeps ? { known: known ?? null } : null;
			summary.seconds = Math.round(performance.now() - started) / 1000;
			await connection.run(`update results.main.run set seconds = ${summary.seconds}`);
			await connection.run('use memory');
			await connection.run('checkpoint results');
			await connection.run('detach results');
			connection.close();
		} catch (cause) {
			database.close();
			for (const left of [file, `${file}.wal`]) rmSync(left, { force: true });
			sweepWarehouse(home, before);
			throw cause;
		}
		database.close();
		toDisk(file);
		if (!keeps) {
			writeCurrent(home, { results: next });
			sweepWarehouse(home, before);
			return summary;
		}
		const { as_of } = summary;
		const kept: Kept = {
			results: next,
			intake,
			as_of,
			known: known ?? null,
			loads,
			built_at: new Date().toISOString(),
			version
		};
		const all = readKept(home);
		const others = all.filter((one) => one.as_of !== as_of || one.known !== kept.known);
		const replaced = all.find((one) => !others.includes(one));
		writeCurrent(home, { kept: [...others, kept] });
		// What was replaced stays until the next refresh, for a reader who has it open.
		sweepWarehouse(home, replaced ?? before);
		return summary;
	});
}

/** Attaches the results made before, the current ones as `previous`; gives their catalogs, whose people keep their opaque ids. */
async function attachEarlier(connection: Connection, home: Home): Promise<string[]> {
	const { results } = readCurrent(home);
	const made = [
		...(results === null ? [] : [{ catalog: 'previous', results }]),
		...readKept(home)
			.reverse()
			.map((kept) => ({ catalog: `kept_${kept.results}`, results: kept.results }))
	].filter((each) => existsSync(resultsFile(home, each.results)));
	for (const each of made) await attach(connection, resultsFile(home, each.results), each.catalog);
	return made.map(({ catalog }) => catalog);
}

function toDisk(file: string): void {
	const handle = openSync(file, 'r');
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
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
	return { results: 0, kept: null, as_of: asOf, ...counts, checks, seconds: 0 };
}
