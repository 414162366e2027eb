import { randomBytes } from 'node:crypto';
import {
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readdirSync,
	renameSync,
	rmSync,
	writeSync
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { literal, name, openDatabase, type Connection } from '$lib/server/duckdb';
import { gatherPlans, type GatheredPlans } from '$lib/server/ecareplan/gather';
import { planStop, summarised, writeUnmapped, type UnmappedGroup } from '$lib/server/ecareplan/listing';
import { endDemoUsers } from '$lib/server/demo/mark';
import { withLock, type Home } from '$lib/server/home';
import { shellOwner } from '$lib/server/records/log';
import { recordsFile } from '$lib/server/records/open';
import { Trouble, usage } from '$lib/server/trouble';
import { version } from '../../../../package.json';
import type { Mapping } from './column';
import { partSql, partsOf } from './current';
import { beforeBirth, counted, emptyStops, plansTogether, shareStop, vanished, vanishStops, type Stop } from './gate';
import { gather, type InputFile } from './input';
import { ensureIntake } from './intake';
import {
	identify,
	layoutFiles,
	layoutNames,
	plainName,
	rejectReason,
	tableOf,
	type Identified,
	type Layout
} from './layout';
import {
	activeLoads,
	loadFolder,
	readLoads,
	type CarePlanFile,
	type Load,
	type LoadedFile,
	type Placed
} from './manifest';
import { makePart, placesOf, type MadePart } from './part';
import { writeRejects, type Reject } from './reject';
import { countLines } from './line_count';
import { intakeTable, intakeTables, type IntakeTable } from './table';
import { fileWarnings, loadWarnings } from './warning';

export type LoadOptions = {
	layout?: string;
	mapping?: Record<string, Mapping>;
	table?: string;
	source?: string;
	append?: boolean;
	replace?: boolean;
	/** Percent of a file's rows that may be rejected. */
	maxRejects?: number;
	/** Who loads; the system user when absent. */
	by?: string;
	/** The same as the access log names them; the owner in the shell when absent. */
	actor?: string;
	/** The made-up people of the demo. */
	demo?: boolean;
	progress?: (step: Step) => void;
};

/** What a load is doing now. */
export type Step = { file: string | null; number: number; of: number; doing: string; bytes: number; size: number };

/** What became of one file, as it is reported. */
export type ReportedFile = ReturnType<typeof reported>;

const reported = (file: LoadedFile) => ({
	name: file.name,
	table: file.table,
	layout: file.layout,
	data_source: file.data_source,
	sha256: file.sha256,
	bytes: file.bytes,
	read: file.read,
	loaded: file.loaded,
	rejected: file.rejected,
	duplicate: file.duplicate,
	ignored: file.ignored,
	rejects: file.rejects,
	warnings: file.warnings,
	unknown_columns: file.unknown_columns,
	sources: file.sources,
	from: file.from,
	to: file.to,
	format: file.format
});

export type LoadResult = {
	verdict: 'loaded' | 'passes' | 'already_loaded' | 'stopped';
	load_id: number | null;
	loaded_at: string | null;
	by: string;
	files: ReportedFile[];
	already: { name: string; load_id: number }[];
	skipped: { path: string; why: string }[];
	vanished: Load['vanished'];
	stops: Stop[];
	/** Care plans read, and what of them is in no row, like things together. */
	plans: CarePlanFile[];
	unmapped: UnmappedGroup[];
	/** Users of the demo whom this load shut out, because its files are not the demo's. */
	demo_users_disabled: string[];
};

/** A load that the gate stopped: nothing was changed; `result` says what was seen. */
export class Stopped extends Trouble {
	constructor(readonly result: LoadResult) {
		super(
			2,
			`Stopped by the gate; nothing was changed.\n${result.stops.map((stop) => `- ${stop.message}`).join('\n')}\nMend the file or the mapping and load it again${
				result.stops.some(
					(stop) => stop.share !== null && stop.rule !== 'roster_shrinks' && !stop.rule.startsWith('required_column')
				)
					? '; if the rows may be lost, --max-rejects PERCENT lets them go'
					: ''
			}.`
		);
	}
}

type Planned = { input: InputFile; identified: Identified; table: IntakeTable; source: string; mends: boolean };

/** Whether a file's rows say themselves who sent them. */
const namesSource = (planned: Planned) => planned.input.header.some((each) => plainName(each) === 'data_source');

const unfinished = '.tmp-';

/** Loads files or folders whole or not at all; throws `Stopped` (exit 2) when the gate closes. The same bytes load once. */
export async function load(home: Home, paths: string[], options: LoadOptions = {}): Promise<LoadResult> {
	return await withLock(home, 'load', async () => {
		for (const each of existsSync(home.loads) ? readdirSync(home.loads) : [])
			if (each.startsWith(unfinished)) rmSync(join(home.loads, each), { recursive: true, force: true });
		mkdirSync(home.loads, { recursive: true });
		const folder = join(home.loads, `${unfinished}${process.pid}-${randomBytes(4).toString('hex')}`);
		mkdirSync(folder, { mode: 0o700 });
		try {
			const { result, pending } = await examine(home, folder, paths, options);
			if (!pending) return result;
			options.progress?.({ file: null, number: 0, of: 0, doing: 'commit', bytes: 0, size: 0 });
			// Before anything is there to be seen: users without a password are for made-up people alone.
			if (!options.demo && existsSync(recordsFile(home)))
				result.demo_users_disabled = await endDemoUsers(home, options.actor ?? shellOwner);
			commit(home, folder, pending);
			await ensureIntake(home, (doing) =>
				options.progress?.({ file: null, number: 0, of: 0, doing, bytes: 0, size: 0 })
			);
			return { ...result, verdict: 'loaded' };
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
}

/** The same check as `load`, leaving nothing behind: it throws what a load would throw and says what a load would do. */
export async function validate(home: Home, paths: string[], options: LoadOptions = {}): Promise<LoadResult> {
	const folder = mkdtempSync(join(tmpdir(), 'mtm-validate-'));
	try {
		return (await examine(home, folder, paths, options)).result;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function commit(home: Home, folder: string, pending: Load): void {
	const manifest = openSync(join(folder, 'load.json'), 'w', 0o600);
	writeSync(manifest, JSON.stringify(pending));
	fsyncSync(manifest);
	closeSync(manifest);
	renameSync(folder, loadFolder(home, pending.load_id));
	const loads = openSync(home.loads, 'r');
	fsyncSync(loads);
	closeSync(loads);
}

async function examine(
	home: Home,
	folder: string,
	paths: string[],
	options: LoadOptions
): Promise<{ result: LoadResult; pending: Load | null }> {
	if (!paths.length) throw usage('Say which files or folders to load. Nothing was changed.');
	if (options.append && options.replace)
		throw usage('--append and --replace contradict each other. Nothing was changed.');
	if (options.layout && !layoutNames.includes(options.layout as never))
		throw usage(`There is no layout ${options.layout}. Nothing was changed. Layouts: ${layoutNames.join(', ')}.`);
	if (options.maxRejects !== undefined && !(options.maxRejects >= 0 && options.maxRejects <= 100))
		throw usage('--max-rejects is a percentage from 0 to 100. Nothing was changed.');
	const database = await openDatabase({ spill: join(folder, 'spill') });
	try {
		const connection = await database.connect();
		return await new Examination(connection, home, folder, options).run(paths);
	} finally {
		database.close();
	}
}

class Examination {
	private engine = '';
	private readonly all: Load[];
	private readonly active: Placed[];
	private readonly made = new Map<LoadedFile, { planned: Planned; part: MadePart; births: number[] }>();

	constructor(
		private readonly connection: Connection,
		private readonly home: Home,
		private readonly folder: string,
		private readonly options: LoadOptions
	) {
		this.all = readLoads(home);
		this.active = activeLoads(home);
	}

	async run(paths: string[]): Promise<{ result: LoadResult; pending: Load | null }> {
		// Layouts read days written YYYY-MM-DD or YYYYMMDD.
		await this.connection.run(
			`create temp macro iso_day(day) as case when regexp_full_match(day, '[0-9]{8}') then day[1:4] || '-' || day[5:6] || '-' || day[7:8] else day end`
		);
		this.engine = (await this.connection.row<{ version: string }>('select version() as version')).version;
		const isPlans = this.options.layout === 'ecareplan';
		const gathered = isPlans ? await this.gatherPlans(paths) : null;
		const { files, skipped } = gathered
			? { files: [], skipped: gathered.skipped }
			: await gather(this.connection, paths);
		const planned = gathered ? this.planned(gathered) : this.plan(files, skipped);
		const { fresh, already } = await this.withoutLoaded(planned);
		const by = this.options.by ?? userInfo().username;
		const result: LoadResult = {
			verdict: 'passes',
			load_id: null,
			loaded_at: null,
			by,
			files: [],
			already,
			skipped,
			vanished: [],
			stops: [],
			plans: [],
			unmapped: [],
			demo_users_disabled: []
		};
		if (!fresh.length) return { result: { ...result, verdict: 'already_loaded' }, pending: null };
		const pending: Load = {
			load_id: Math.max(0, ...this.all.map((each) => each.load_id)) + 1,
			loaded_at: new Date().toISOString(),
			by,
			demo: this.options.demo ?? false,
			state: 'active',
			append: this.options.append ?? (!this.options.replace && fresh.every((each) => each.mends)),
			version,
			engine: this.engine,
			vanished: [],
			candidates: {},
			files: []
		};
		const stops = await this.readFiles(fresh, pending);
		if (gathered) {
			const isFresh = (sha256: string) => fresh.some((each) => each.input.origin?.sha256 === sha256);
			const known = already.map((each) => each.name);
			pending.plans = gathered.plans.filter((each) => isFresh(each.sha256) || !known.includes(each.name));
			const listed = gathered.unmapped.filter((each) => pending.plans!.some((one) => one.sha256 === each.sha256));
			result.plans = pending.plans;
			result.unmapped = summarised(listed);
			await writeUnmapped(this.connection, this.folder, listed);
			const stop = planStop(gathered.patients, this.options.maxRejects ?? null);
			if (stop) stops.push(stop);
		}
		const placed: Placed = { load: pending, folder: this.folder };
		await this.setBirthsAside(placed);
		await this.countDuplicates(placed);
		for (const file of pending.files) {
			file.loaded = file.read - file.rejected - file.duplicate - file.ignored;
		}
		for (const file of [
			...pending.files.filter((each) => each.layout !== 'ecareplan'),
			...plansTogether(pending.files)
		]) {
			const stop = stops.some((each) => each.file === file.name)
				? null
				: shareStop(file, this.options.maxRejects ?? null);
			if (stop) stops.push(stop);
		}
		pending.vanished = await vanished(this.connection, this.active, placed, this.engine);
		if (!this.options.replace) stops.push(...vanishStops(pending.vanished));
		this.options.progress?.({ file: null, number: 0, of: 0, doing: 'comparing', bytes: 0, size: 0 });
		for (const file of pending.files)
			file.warnings = await fileWarnings(this.connection, this.folder, file, this.active);
		await loadWarnings(this.connection, this.home, placed, this.active, this.engine);
		result.files = pending.files.map(reported);
		result.vanished = pending.vanished;
		result.stops = stops;
		if (stops.length) throw new Stopped({ ...result, verdict: 'stopped' });
		await this.writeRejected(pending);
		this.tidy(pending);
		return { result: { ...result, load_id: pending.load_id, loaded_at: pending.loaded_at }, pending };
	}

	private async gatherPlans(paths: string[]): Promise<GatheredPlans> {
		return await gatherPlans(this.connection, this.home, this.folder, paths, this.active, {
			engine: this.engine,
			personSystem: this.options.mapping?.ecareplan?.columns?.person_id ?? null
		});
	}

	/** The rows of care plans, a file for each table. */
	private planned = (found: GatheredPlans): Planned[] =>
		found.inputs.map(({ input, table }) => ({
			input,
			identified: { kind: 'table', table },
			table: intakeTable(table),
			mends: false,
			source: this.options.source ?? input.folder
		}));

	/** What each file is; throws for a data file that nothing is known about. */
	private plan(files: InputFile[], skipped: { path: string; why: string }[]): Planned[] {
		const layouts = layoutFiles(this.options.layout ?? 'canonical');
		const all: Layout[] = layoutNames.flatMap((each) => layoutFiles(each));
		const planned: Planned[] = [];
		for (const input of files) {
			const mends = input.header.some((each) => plainName(each) === rejectReason);
			const identified = identify(input.name, input.header, {
				table: this.options.table,
				layouts,
				mappings: this.options.mapping
			});
			const table = tableOf(identified);
			if (!table) {
				if (identified.kind === 'no_data' && !input.isNamed) {
					skipped.push({ path: input.path, why: 'no column of any table' });
					continue;
				}
				const other = identify(input.name, input.header, { layouts: all });
				throw usage(
					`${input.path}: which table is this? Neither its name nor its header says. Nothing was changed. ${
						other.kind === 'layout'
							? `Its columns are those of --layout ${other.layout.layout}.`
							: 'Say --table, name it after its table (such as pharmacy_claim_2025-03.csv), or map its columns with --mapping.'
					}`
				);
			}
			planned.push({
				input,
				identified,
				table,
				mends,
				source: this.options.source ?? (mends ? this.mended(input, table) : null) ?? input.folder
			});
		}
		if (!planned.length)
			throw usage(
				skipped.length
					? `No table is known by the name or the header of ${paths(files, skipped)}. Nothing was changed. Say --table, or map its columns with --mapping.`
					: `There is no data file at ${paths(files, skipped)}. Nothing was changed.`
			);
		// Rosters first: births are known before services are looked at.
		return planned.sort((a, b) => Number(b.table.kind === 'roster') - Number(a.table.kind === 'roster'));
	}

	/** The data source of the file that this one mends: the last one loaded with the same header and rejects. */
	private mended(input: InputFile, table: IntakeTable): string | null {
		const header = input.header.filter((each) => plainName(each) !== rejectReason).join('\n');
		for (const { load: each } of [...this.active].reverse())
			for (const file of each.files)
				if (file.table === table.name && file.rejected > 0 && file.header === header) return file.data_source;
		return null;
	}

	/** Leaves out the files whose bytes an active load already holds for the same table and source. */
	private async withoutLoaded(
		planned: Planned[]
	): Promise<{ fresh: Planned[]; already: { name: string; load_id: number }[] }> {
		const already = new Map<Planned, number>();
		for (const each of planned) {
			const known = this.active.flatMap(({ load: one }) =>
				one.files
					.filter(
						(file) =>
							file.table === each.table.name &&
							(namesSource(each) || file.data_source === each.source) &&
							file.bytes === each.input.bytes
					)
					.map((file) => ({ sha256: file.sha256, load_id: one.load_id }))
			);
			if (!known.length) continue;
			const sha256 = each.input.origin?.sha256 ?? (await countLines(each.input.path, { isGzip: false })).sha256;
			const same = known.find((one) => one.sha256 === sha256);
			if (same) already.set(each, same.load_id);
		}
		// A roster's files of one load are one snapshot: it is read whole as soon as one of them is new.
		const fresh = planned.filter(
			(each) =>
				!already.has(each) ||
				(each.table.kind === 'roster' &&
					!this.options.append &&
					planned.some((other) => other.table === each.table && other.source === each.source && !already.has(other)))
		);
		return {
			fresh,
			already: planned
				.filter((each) => !fresh.includes(each))
				.map((each) => ({ name: each.input.name, load_id: already.get(each)! }))
				.filter(
					(each, at, all) => all.findIndex((one) => one.name === each.name && one.load_id === each.load_id) === at
				)
		};
	}

	private async readFiles(fresh: Planned[], pending: Load): Promise<Stop[]> {
		const stops: Stop[] = [];
		for (const [at, planned] of fresh.entries()) {
			const { input, table, identified } = planned;
			const step = (doing: string, bytes: number) =>
				this.options.progress?.({
					file: input.name,
					number: at + 1,
					of: fresh.length,
					doing,
					bytes,
					size: input.bytes
				});
			step('reading', 0);
			const part = `${String(at + 1).padStart(3, '0')}_${table.name}.parquet`;
			const layout = identified.kind === 'layout' ? identified.layout : null;
			const made = await makePart(
				this.connection,
				this.folder,
				{ input, table, layout, mapping: this.options.mapping?.[table.name] ?? {}, source: planned.source, part },
				(bytes) => step('reading', bytes)
			);
			step('checking', input.bytes);
			const { file, filled } = await this.describe(planned, part, made);
			pending.files.push(file);
			this.made.set(file, { planned, part: made, births: [] });
			// One plan may be of one session without a status; the gate looks at all plans together.
			if (!input.origin) stops.push(...emptyStops(file, table, filled, made.rows));
		}
		return stops;
	}

	private async describe(
		planned: Planned,
		part: string,
		made: MadePart
	): Promise<{ file: LoadedFile; filled: Record<string, number> }> {
		const { input, table, identified, source } = planned;
		const from = `read_parquet(${literal(join(this.folder, part))}, file_row_number = true)`;
		const has = (column: string) => made.columns.includes(column);
		const day = table.day && has(table.day) ? table.day : null;
		const required = table.columns.filter((column) => column.required && has(column.name));
		const counts = await this.connection.row<Record<string, number> & { first: string | null; last: string | null }>(
			`select count(*) as rows, count(distinct ${made.row}) filter (where reject is not null) as rejected, ${made.row === 'input_row' ? 'count(distinct input_row)' : 'count(*)'} as taken,
				${day ? `min(${day}) filter (where reject is null)::date` : 'null'} as first, ${day ? `max(${day}) filter (where reject is null)::date` : 'null'} as last
				${required.map((column) => `, count(${name(column.name)}) as ${name(`filled ${column.name}`)}`).join('')} from ${from}`
		);
		const kinds = counts.rejected
			? await this.connection.rows<{ reject: string; rows: number }>(
					`select reject, count(distinct ${made.row}) as rows from ${from} where reject is not null group by reject order by rows desc, reject`
				)
			: [];
		const rejects = kinds.map((each) => {
			const [column, rule] = each.reject.split(' ') as [string, string];
			return counted(table.name, column || null, rule, each.rows);
		});
		const faults = new Map<string, number>();
		for (const each of made.bad) faults.set(each.fault, (faults.get(each.fault) ?? 0) + 1);
		for (const [fault, rows] of faults) rejects.push(counted(table.name, null, fault, rows));
		const sources = await this.connection.rows<{ data_source: string; rows: number }>(
			`select data_source, count(*) as rows from ${from} where reject is null group by data_source order by data_source`
		);
		// In a fanned-out part one bad row takes the rows of the same input row with it.
		let aside: string | null = null;
		if (made.row === 'input_row' && counts.rejected) {
			aside = part.replace('.parquet', '_aside.parquet');
			await this.connection.run(
				`copy (select distinct input_row as row from ${from} where reject is not null) to ${literal(join(this.folder, aside))} (format parquet)`
			);
		}
		const file: LoadedFile = {
			name: input.name,
			path: input.origin?.path ?? input.path,
			table: table.name,
			layout: identified.kind === 'layout' ? identified.layout.layout : input.origin ? 'ecareplan' : 'canonical',
			data_source: source,
			sha256: made.sha256,
			bytes: input.bytes,
			read: made.rows + made.bad.length,
			loaded: 0,
			rejected: counts.rejected! + made.bad.length,
			duplicate: 0,
			ignored: made.rows - counts.taken!,
			rejects,
			warnings: [],
			unknown_columns: made.unknown,
			sources: sources.length
				? Object.fromEntries(sources.map((each) => [each.data_source, each.rows]))
				: { [source]: 0 },
			from: counts.first,
			to: counts.last,
			part,
			columns: made.columns,
			row: made.row,
			places: await placesOf(this.connection, this.folder, part, made.origin ?? made.lines),
			aside,
			header: input.header.filter((each) => plainName(each) !== rejectReason).join('\n'),
			delimiter: input.delimiter,
			format: input.format
		};
		return {
			file,
			filled: Object.fromEntries(required.map((column) => [column.name, counts[`filled ${column.name}`]!]))
		};
	}

	private async setBirthsAside(placed: Placed): Promise<void> {
		const found = await beforeBirth(this.connection, this.active, placed, this.engine);
		for (const [file, rows] of found) {
			const aside = file.part.replace('.parquet', '_aside.parquet');
			const before = file.aside ? `select row from read_parquet(${literal(join(this.folder, file.aside))}) union ` : '';
			const distinct = [...new Set(rows)];
			await this.connection.run(
				`create or replace temp table set_aside as ${before}select unnest([${distinct.join(', ')}]::bigint[]) as row`
			);
			await this.connection.run(`copy set_aside to ${literal(join(this.folder, aside))} (format parquet)`);
			await this.connection.run('drop table set_aside');
			file.aside = aside;
			file.rejected += distinct.length;
			file.rejects.push(
				counted(
					file.table,
					intakeTables().find((table) => table.name === file.table)!.day,
					'before_birth',
					distinct.length
				)
			);
			this.made.get(file)!.births = distinct;
		}
	}

	/** Counts duplicates by file and lists the keys that occur more than once up to this load. */
	private async countDuplicates(placed: Placed): Promise<void> {
		const { load: pending } = placed;
		for (const table of intakeTables()) {
			const parts = partsOf(table, [placed]);
			if (!parts.length) continue;
			const keysOf = (of: ReturnType<typeof partsOf>) =>
				of
					.map((part) => `select key_hash from (${partSql(table, part, { engine: this.engine, withKeys: true })})`)
					.join(' union all ');
			const isCompared = table.kind === 'events' || pending.append;
			const earlier = isCompared
				? partsOf(
						table,
						this.all.map((each) => ({ load: each, folder: loadFolder(this.home, each.load_id) }))
					)
				: [];
			const list = `candidate_${table.name}.parquet`;
			const old = earlier.length
				? ` union select key_hash from (${keysOf(earlier)}) semi join (${keysOf(parts)}) as mine using (key_hash)`
				: '';
			await this.connection.run(
				`create or replace temp table candidate as select key_hash from (${keysOf(parts)}) group by key_hash having count(*) > 1${old}`
			);
			const { rows } = await this.connection.row<{ rows: number }>('select count(*) as rows from candidate');
			if (rows > 0) {
				await this.connection.run(`copy candidate to ${literal(join(this.folder, list))} (format parquet)`);
				pending.candidates[table.name] = list;
				const compared = partsOf(table, isCompared ? [...this.active, placed] : [placed]);
				const every = compared
					.map(
						(part) =>
							`select * from (${partSql(table, part, { engine: this.engine, withKeys: true })}) semi join candidate using (key_hash)`
					)
					.join(' union all ');
				const content = table.columns.map((column) => name(column.name)).join(', ');
				const counts = await this.connection.rows<{ file_order: number; rows: number }>(
					`with copies as (select file_order, load_order, row_no, row_number() over (partition by ${content} order by load_order, file_order, row_no) as copy_no from (${every})),
					mine as (select file_order, row_no, min(copy_no) as copy_no, count(*) as copies from copies where load_order = ${pending.load_id} group by all)
					select file_order, count(*) as rows from mine where copy_no > 1 ${this.fannedOut(parts)} group by file_order`
				);
				for (const each of counts) pending.files[each.file_order]!.duplicate = each.rows;
			}
			await this.connection.run('drop table candidate');
		}
	}

	/** In a fanned-out part an input row is a duplicate only when all its rows are. */
	private fannedOut(parts: ReturnType<typeof partsOf>): string {
		const fanned = parts.filter((part) => part.file.row === 'input_row');
		if (!fanned.length) return '';
		const rows = fanned
			.map(
				(part) =>
					`select ${part.order} as file_order, input_row as row_no, count(*) as copies from read_parquet(${literal(join(this.folder, part.file.part))}) group by input_row`
			)
			.join(' union all ');
		return `and (file_order, row_no, copies) in (select (file_order, row_no, copies) from (${rows})) or (copy_no > 1 and file_order not in (${fanned.map((part) => part.order).join(', ')}))`;
	}

	private async writeRejected(pending: Load): Promise<void> {
		const rejects: Reject[] = [];
		for (const [order, file] of pending.files.entries()) {
			if (!file.rejected) continue;
			const { planned, part, births } = this.made.get(file)!;
			const rows = await this.connection.rows<{ row: number; reject: string }>(
				`select ${file.row} as row, min(reject) as reject from read_parquet(${literal(join(this.folder, file.part))}, file_row_number = true) where reject is not null group by 1 order by 1`
			);
			const day = planned.table.day;
			rejects.push({
				order,
				file,
				input: planned.input,
				lines: part.lines,
				origin: part.origin,
				bad: part.bad,
				rows: [...rows, ...births.map((row) => ({ row, reject: `${day} before_birth` }))].sort((a, b) => a.row - b.row)
			});
		}
		if (rejects.length) await writeRejects(this.connection, this.folder, rejects);
	}

	/** Leaves in the folder only what the load keeps. */
	private tidy(pending: Load): void {
		const keeps = new Set([
			'rejects.parquet',
			'unmapped.parquet',
			...Object.values(pending.candidates),
			...pending.files.flatMap((file) => [
				file.part,
				file.aside ?? '',
				file.places.kind === 'file' ? file.places.file : ''
			])
		]);
		for (const each of readdirSync(this.folder))
			if (!keeps.has(each)) rmSync(join(this.folder, each), { recursive: true, force: true });
	}
}

const paths = (files: InputFile[], skipped: { path: string }[]) =>
	[...new Set([...files.map((file) => file.path), ...skipped.map((each) => each.path)])]
		.slice(0, 3)
		.map((each) => basename(each))
		.join(', ') || 'the given place';
