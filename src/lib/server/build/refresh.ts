import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isoOf } from '$lib/domain/day';
import { readCard } from '../catalog';
import { attach, literal, name, openDatabase, type Connection, type Database } from '../duckdb';
import { readCurrent, resultsFile, withLock, writeCurrent, type Home } from '../home';
import { ensureIntake } from '../load/intake';
import { activeLoads } from '../load/manifest';
import { dismissedProblems } from '../problem_decisions';
import { loadReference } from '../reference';
import { sqlFile, sqlFiles, type SqlFile } from '../sql';
import { usage } from '../trouble';
import { version } from '../../../../package.json';
import { buildAdherence, foldMakes, foldReads } from './adherence';
import { auditSteps } from './audit';
import { createFact } from './fact';
import { inOrder, tablesRead, type Step } from './order';
import { makePids } from './pid';

export type RefreshOptions = {
	/** Years to compute; every year with data when left out. Others keep their last result. */
	years?: number[];
	/** The as-of day; the latest service date in current claims, not after today, when left out. */
	asOf?: string;
	/** Told what is being made, and how much of the whole work is done (0 to 1). */
	progress?: (what: string, share: number) => void;
	signal?: AbortSignal;
};

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

type BuildOptions = RefreshOptions & { hasPrevious: boolean; loads: number[] };

/** A step of the build: a fact's select, or work that is not a select. */
type Work = Step & { does: () => Promise<void> };

/**
 * Makes every table and view of the results in the catalog `results`, from the catalog `intake` (and `previous`, the results before). The order
 * follows from what each select reads.
 */
export async function buildResults(
	database: Database,
	connection: Connection,
	home: Home | null,
	options: BuildOptions
): Promise<RunSummary> {
	for (const macro of sqlFiles('macros').filter((file) => file.name !== 'population')) await connection.run(macro.text);
	await connection.run('use results');
	await connection.run(`set search_path = 'results.main,intake.main,memory.main'`);
	await connection.run('set preserve_insertion_order = true');
	const asOf = await asOfDay(connection, options.asOf);
	await connection.run(
		`create table run as select date ${literal(asOf)} as as_of, []::integer[] as years, now()::timestamp as built_at,
		${literal(version)} as version, [${options.loads.map(Number).join(', ')}]::integer[] as loads, 0::double as seconds`
	);
	await loadReference(connection, home);
	const factWork = async (file: SqlFile): Promise<Work> => ({
		makes: file.name,
		reads: await tablesRead(connection, file),
		does: () => createFact(connection, file)
	});
	const works: Work[] = await Promise.all(sqlFiles('facts').map(factWork));
	works.push({ makes: 'person_pid', reads: ['person'], does: () => makePids(connection, options.hasPrevious) });
	works.push(...(await auditSteps(connection)));
	const adherence = works.find((work) => work.makes === 'adherence_fact')!;
	adherence.reads = [...adherence.reads, ...foldReads].filter((table) => !foldMakes.includes(table));
	adherence.does = async () => {
		await buildAdherence(database, {
			years: options.years ?? (await yearsWithFills(connection)),
			asOf,
			signal: options.signal,
			progress: (done, all) => told('adherence', done / all)
		});
	};
	const ordered = inOrder(works);
	const total = ordered.length + 3;
	let done = 0;
	const told = (what: string, part: number) => options.progress?.(what, (done + part) / total);
	for (const work of ordered) {
		options.signal?.throwIfAborted();
		told(work.makes, 0);
		await work.does();
		if (work.makes === 'adherence_fact') {
			if (options.years && options.hasPrevious) await keepOtherYears(connection, options.years);
			await storeByMeasure(connection);
		}
		done++;
	}
	told('measures and lists', 0);
	await makeMeasures(connection);
	await makeLists(connection);
	await makeDismissed(connection, home);
	await makePublished(connection);
	done += 2;
	told('checks', 0);
	const checks = await runChecks(connection);
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
	return { results: 0, as_of: asOf, ...counts, checks, seconds: 0 };
}

/** The latest service date in current claims that is not after today; a date given must be a day. */
async function asOfDay(connection: Connection, given?: string): Promise<string> {
	if (given !== undefined) return given;
	const today = isoOf(Math.floor((Date.now() - new Date().getTimezoneOffset() * 60_000) / 86_400_000));
	const { latest } = await connection.row<{ latest: string | null }>(`
		select max(day) as latest from (
			select max(dispensing_date) as day from pharmacy_claim where claim_status in ('paid', 'adjusted') and dispensing_date <= date ${literal(today)}
			union all
			select max(claim_start_date) from medical_claim where claim_status in ('paid', 'adjusted') and claim_start_date <= date ${literal(today)}
			union all
			select max(service_date) from mtm_service where status <> 'scheduled' and service_date <= date ${literal(today)}
			union all
			select max(service_date) from mtm_claim where service_date <= date ${literal(today)}
		)`);
	return latest ?? today;
}

async function yearsWithFills(connection: Connection): Promise<number[]> {
	const rows = await connection.rows<{ year: number }>(`
		select distinct year(dispensed_on)::integer as year
		from fill
		semi join ndc_class on fill.ndc_code = ndc_class.ndc_code and ndc_class.role = 'target'
		order by year`);
	return rows.map((row) => row.year);
}

/** Years that were not asked for keep their last result, under the patient numbers of this one. */
async function keepOtherYears(connection: Connection, years: number[]): Promise<void> {
	await connection.run(`
		insert into adherence_fact by name
		select before.* replace (person.patient_no as patient_no)
		from previous.main.adherence_fact as before
		inner join previous.main.patient as known on before.patient_no = known.patient_no
		inner join person on known.patient_id = person.patient_id
		where before.year not in (${years.map(Number).join(', ') || 'null'})`);
}

/** Stores adherence_fact by year and measure, patients in order within: a page asks one measure of one year and then reads no other rows. */
async function storeByMeasure(connection: Connection): Promise<void> {
	await connection.run('set preserve_insertion_order = true');
	await connection.run('alter table adherence_fact rename to adherence_by_patient');
	await connection.run('create table adherence_fact as from adherence_by_patient limit 0');
	const slices = await connection.rows<{ year: number; measure: string }>(
		'select distinct year, measure from adherence_by_patient order by year, measure'
	);
	for (const { year, measure } of slices)
		await connection.run(
			`insert into adherence_fact from adherence_by_patient where year = ${Number(year)} and measure = ${literal(measure)}`
		);
	await connection.run('drop table adherence_by_patient');
}

async function makeMeasures(connection: Connection): Promise<void> {
	const parts = sqlFiles('measures').map((file) => `select * from (\n${file.text}\n)`);
	await connection.run(`create view measure_row as ${parts.join('\nunion all by name\n')}`);
}

async function makeLists(connection: Connection): Promise<void> {
	const parts = sqlFiles('lists').map((file) => `select * from (\n${file.text}\n)`);
	await connection.run(
		`create table list_row as select * from (${parts.join('\nunion all by name\n')}) order by list, priority`
	);
}

/** Which problems of the lists somebody dismissed, and until when, as the records say now; nobody without a home. */
async function makeDismissed(connection: Connection, home: Home | null): Promise<void> {
	await connection.run(
		'create table dismissed_problem (patient_no integer, list varchar, subject varchar, until_on date)'
	);
	const decided = home ? [...(await dismissedProblems(home)).values()] : [];
	if (decided.length === 0) return;
	const rows = decided.map(
		(one) => `(${[one.pid, one.list, one.subject, one.until_on].map((text) => literal(text)).join(', ')})`
	);
	await connection.run(`
		insert into dismissed_problem
		select patient.patient_no, decided.list, decided.subject, decided.until_on::date
		from (values ${rows.join(', ')}) as decided (pid, list, subject, until_on)
		inner join patient on decided.pid = patient.pid`);
}

/** The views of the contract; one whose card says \`Kept: table\` is stored, the others are computed when asked. */
async function makePublished(connection: Connection): Promise<void> {
	for (const file of sqlFiles('published')) {
		const kind = readCard(file.text).fields.Kept === 'table' ? 'table' : 'view';
		await connection.run(`create ${kind} ${name(file.name)} as ${file.text}`);
	}
}

/**
 * Runs every check and keeps how many rows offend; the card says what it means (Sentence) and how bad it is (Severity). A check whose card says
 * `Sample: 100` sees one patient in a hundred in adherence_fact, and with it in supply.
 */
async function runChecks(connection: Connection): Promise<RunSummary['checks']> {
	await connection.run('create table check_result ("check" varchar, severity varchar, rows bigint, sentence varchar)');
	for (const file of sqlFiles('checks')) {
		const { Severity, Sentence, Sample } = readCard(file.text).fields;
		if (!Severity || !Sentence) throw new Error(`${file.path}: the card has no Severity or no Sentence`);
		const sample = Sample
			? `with adherence_fact as (select * from results.main.adherence_fact where patient_no % ${Number(Sample)} = 1), supply as (\n${sqlFile('published', 'supply').text}\n)\n`
			: '';
		await connection.run(
			`insert into check_result ${sample}select ${literal(file.name)}, ${literal(Severity)}, count(*), ${literal(Sentence)} from (\n${file.text}\n)`
		);
	}
	return await connection.rows('select "check", severity, rows, sentence from check_result order by "check"');
}
