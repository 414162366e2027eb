import { isoOf } from '$lib/domain/day';
import { readCard } from '../catalog';
import { literal, name, type Connection, type Database } from '../duckdb';
import type { Home } from '../home';
import { dismissedProblems } from '../problem_decisions';
import { activeImports } from '../reference/imported';
import { loadDrugs, loadTable, referenceTables } from '../reference/load';
import { sqlFile, sqlFiles, type SqlFile } from '../sql';
import { version } from '../../../../package.json';
import { buildAdherence, foldMakes, foldReads } from './adherence';
import { auditTasks } from './audit';
import { doBeside, type Doing, type Told } from './beside';
import { byRanges, createByRanges, createFact } from './fact';
import { nameMedicines } from './named_medicine';
import { inOrder, needed, tablesRead, type Work } from './order';
import { makePids } from './pid';

export type TableOptions = {
	/** Years of adherence to compute; every year with data when left out. Others keep their last result. */
	years?: number[];
	/** The as-of day; the latest service date in current claims, not after today, when left out. */
	asOf?: string;
	/** Told what is being made now, and how much of the whole work is done (0 to 1). */
	progress?: Told;
	signal?: AbortSignal;
	/** The loads that the intake holds. */
	loads: number[];
	/** The catalogs that hold results made before, `previous` (the current ones) first where it is there. */
	earlier: string[];
	/** The tables and views wanted; they and what they are made from are made, and nothing else. Everything when left out. */
	only?: string[];
};

/** A step of the build: a fact's select, or work that is not a select. */
type Task = Work & Pick<Doing, 'beside' | 'does'>;

/** Where the build looks for tables: the results so far, the intake, and what lies in memory while it works. */
const searched = 'results.main,intake.main,memory.main';

/** Claims up to which facts are made two at once (8 million were measured, within 3.7 GB): beyond, each has all memory for its sorts. */
const claimsBeside = 10_000_000;

/**
 * Makes the tables and views of the results in the catalog `results`, from the catalog `intake` (and `previous`, the results before), and returns the
 * as-of day. The order follows from what each select reads.
 */
export async function makeTables(
	database: Database,
	connection: Connection,
	home: Home | null,
	options: TableOptions
): Promise<string> {
	for (const macro of sqlFiles('macros').filter((file) => file.name !== 'population')) await connection.run(macro.text);
	await connection.run('use results');
	await connection.run(`set search_path = '${searched}'`);
	const asOf = await asOfDay(connection, options.asOf);
	await connection.run(
		`create table run as select date ${literal(asOf)} as as_of, []::integer[] as years, now()::timestamp as built_at,
		${literal(version)} as version, [${options.loads.map(Number).join(', ')}]::integer[] as loads, 0::double as seconds`
	);
	await loadDrugs(connection, home);
	const imports = activeImports(home);
	const { claims } = await connection.row<{ claims: number }>(
		'select (select count(*) from pharmacy_claim) + (select count(*) from medical_claim) as claims'
	);
	const isLarge = claims > claimsBeside;
	const tasks = [
		...referenceTables.map((table): Task => ({
			makes: table,
			reads: async () => [],
			beside: false,
			does: (on) => loadTable(on, home, table, imports)
		})),
		...factTasks(database, connection, asOf, isLarge, options),
		...[...auditTasks(connection), ...laterTasks(connection, home)].map((task) => ({ ...task, beside: false }))
	];
	const steps = inOrder(await needed(tasks, options.only ?? tasks.map((task) => task.makes)));
	const second = isLarge ? null : await database.connect();
	try {
		await second?.run('use results');
		for (const each of second ? [connection, second] : [connection]) await each.run(`set search_path = '${searched}'`);
		await connection.run('set preserve_insertion_order = true');
		await doBeside(steps, second ? [connection, second] : [connection], options.progress, options.signal);
	} finally {
		second?.close();
	}
	return asOf;
}

/** The tables that files of SQL read; what the fold makes on its way is adherence_fact's. */
async function readBy(connection: Connection, files: SqlFile[]): Promise<string[]> {
	const read = new Set<string>();
	for (const file of files)
		for (const table of await tablesRead(connection, file))
			read.add(foldMakes.includes(table) ? 'adherence_fact' : table);
	return [...read];
}

/** The facts that one or several are made of, those themselves too; reference tables and what is loaded aside. */
export async function factsBehind(connection: Connection, facts: string[]): Promise<string[]> {
	const files = sqlFiles('facts');
	const works = files.map((file): Work => ({ makes: file.name, reads: () => factReads(connection, file) }));
	return (await needed(works, facts)).map((step) => step.makes);
}

/** What a fact is made of; adherence also of what the fold reads. */
const factReads = async (connection: Connection, file: SqlFile): Promise<string[]> => [
	...(await readBy(connection, [file])),
	...(file.name === 'adherence_fact' ? foldReads : [])
];

/** The facts, each made by its select but for adherence and the opaque ids. One by ranges of patients changes how all of DuckDB plans, so it goes alone. */
function factTasks(
	database: Database,
	connection: Connection,
	asOf: string,
	isLarge: boolean,
	options: TableOptions
): Task[] {
	const tasks: Task[] = sqlFiles('facts').map((file) => ({
		makes: file.name,
		reads: () => factReads(connection, file),
		beside: !byRanges(file),
		does: (on) => (byRanges(file) ? createByRanges(on, file) : createFact(on, file, isLarge))
	}));
	tasks.push({
		makes: 'person_pid',
		reads: async () => ['person'],
		beside: false,
		does: (on) => makePids(on, options.earlier)
	});
	tasks.push({ makes: 'named_medicine', reads: async () => [], beside: true, does: nameMedicines });
	const adherence = tasks.find((task) => task.makes === 'adherence_fact')!;
	adherence.does = async (on, told) => {
		await buildAdherence(database, {
			years: options.years ?? (await yearsWithFills(on)),
			asOf,
			signal: options.signal,
			progress: (done, all) => told(done / all)
		});
		if (options.years && options.earlier.includes('previous')) await keepOtherYears(on, options.years);
		await storeByMeasure(on);
	};
	return tasks;
}

/** What is not made of one select of its own: measures, lists, what was dismissed, the views of the contract, checks. */
function laterTasks(connection: Connection, home: Home | null): Omit<Task, 'beside'>[] {
	const ofFiles = (makes: string, files: SqlFile[], does: () => Promise<void>): Omit<Task, 'beside'> => ({
		makes,
		reads: () => readBy(connection, files),
		does
	});
	return [
		ofFiles('measure_row', sqlFiles('measures'), () => makeMeasures(connection)),
		ofFiles('list_row', sqlFiles('lists'), () => makeLists(connection)),
		{ makes: 'dismissed_problem', reads: async () => ['patient'], does: () => makeDismissed(connection, home) },
		...sqlFiles('published').map((file) => ofFiles(file.name, [file], () => makePublished(connection, file))),
		ofFiles('check_result', sqlFiles('checks'), () => runChecks(connection))
	];
}

/** The service days of current claims and of sessions. */
export const claimDays = `
	select dispensing_date as day from pharmacy_claim where claim_status in ('paid', 'adjusted')
	union all
	select claim_start_date from medical_claim where claim_status in ('paid', 'adjusted')
	union all
	select service_date from mtm_service where status <> 'scheduled'
	union all
	select service_date from mtm_claim`;

/** The latest service date in current claims that is not after today; a date given must be a day. */
async function asOfDay(connection: Connection, given?: string): Promise<string> {
	if (given !== undefined) return given;
	const today = isoOf(Math.floor((Date.now() - new Date().getTimezoneOffset() * 60_000) / 86_400_000));
	const { latest } = await connection.row<{ latest: string | null }>(
		`select max(day) as latest from (${claimDays}) where day <= date ${literal(today)}`
	);
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

/** A view of the contract; one whose card says `Kept: table` is stored, the others are computed when asked. */
async function makePublished(connection: Connection, file: SqlFile): Promise<void> {
	const kind = readCard(file.text).fields.Kept === 'table' ? 'table' : 'view';
	await connection.run(`create ${kind} ${name(file.name)} as ${file.text}`);
}

/**
 * Runs every check and keeps how many rows offend; the card says what it means (Sentence) and how bad it is (Severity). A check whose card says
 * `Sample: 100` sees one patient in a hundred in adherence_fact, and with it in supply.
 */
async function runChecks(connection: Connection): Promise<void> {
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
}
