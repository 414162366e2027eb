import { readdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { literal, openDatabase, type Connection } from '$lib/server/duckdb';
import { gatherPlans, type GatheredPlans } from '$lib/server/ecareplan/gather';
import { planStop } from '$lib/server/ecareplan/listing';
import type { Home } from '$lib/server/home';
import { usage } from '$lib/server/trouble';
import { version } from '../../../../package.json';
import { compareKeys } from './duplicate';
import { countFile, countPlans } from './file_counts';
import {
	beforeBirth,
	counted,
	emptyStops,
	plansTogether,
	sharedStop,
	shareStop,
	vanished,
	vanishStops,
	type Stop
} from './gate';
import { gather } from './input';
import { layoutNames } from './layout';
import { activeLoads, readLoads, type Load, type LoadedFile, type Placed } from './manifest';
import { makePart, type MadePart } from './part';
import { carePlanFiles, plannedFiles, withoutLoaded, type FileOptions, type Planned } from './planned';
import { writeRejects, type Reject } from './reject';
import { intakeTable } from './table';
import { reported, Stopped, type LoadResult } from './verdict';
import { fileWarnings, loadWarnings } from './warning';

export type LoadOptions = FileOptions & {
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

/**
 * Reads the files into parts in the folder and asks the gate; throws `Stopped` when it closes. Gives the load as its manifest would keep it, or
 * none where every file is loaded already.
 */
export async function examine(
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
		const planned = gathered
			? carePlanFiles(gathered, this.options)
			: plannedFiles(files, skipped, this.active, this.options);
		const { fresh, already } = gathered
			? { fresh: planned, already: gathered.already }
			: await withoutLoaded(planned, this.active, this.options.append ?? false);
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
			pending.plans = gathered.plans;
			result.plans = gathered.plans;
			result.unmapped = gathered.unmapped;
			const stop = planStop(gathered.patients, this.options.maxRejects ?? null);
			if (stop) stops.push(stop);
		}
		const placed: Placed = { load: pending, folder: this.folder };
		await this.setBirthsAside(placed);
		const shared = await compareKeys(this.connection, this.home, placed, this.all, this.active);
		for (const file of pending.files) {
			file.loaded = file.read - file.rejected - file.duplicate - file.ignored;
		}
		await countPlans(this.connection, placed);
		for (const file of [
			...pending.files.filter((each) => each.layout !== 'ecareplan'),
			...plansTogether(pending.files)
		]) {
			const stop = stops.some((each) => each.file === file.name)
				? null
				: shareStop(file, this.options.maxRejects ?? null);
			if (stop) stops.push(stop);
		}
		for (const [file, rows] of shared) {
			const stop = sharedStop(file, rows, this.options.maxRejects ?? null);
			if (stop) stops.push(stop);
		}
		pending.vanished = await vanished(this.connection, this.active, placed, this.engine);
		if (!this.options.replace) stops.push(...vanishStops(pending.vanished));
		this.options.progress?.({ file: null, number: 0, of: 0, doing: 'comparing', bytes: 0, size: 0 });
		for (const file of pending.files)
			file.warnings = await fileWarnings(this.connection, this.folder, file, this.active);
		for (const [file, rows] of shared)
			file.warnings.push(counted(file.table, intakeTable(file.table).key[0]!, 'id_of_several', rows));
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
			personSystem: this.options.mapping?.ecareplan?.columns?.person_id ?? null,
			source: this.options.source,
			progress: (plan, number, of) =>
				this.options.progress?.({ file: plan.name, number, of, doing: 'reading', bytes: number, size: of })
		});
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
			const { file, filled } = await countFile(this.connection, this.folder, planned, part, made);
			pending.files.push(file);
			this.made.set(file, { planned, part: made, births: [] });
			// One plan may be of one session without a status; the gate looks at all plans together.
			if (!input.origin) stops.push(...emptyStops(file, table, filled, made.rows));
		}
		return stops;
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
			file.rejects.push(counted(file.table, intakeTable(file.table).day, 'before_birth', distinct.length));
			this.made.get(file)!.births = distinct;
		}
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
