import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readPopulation } from '$lib/domain/population';
import { everyone } from '$lib/domain/scope';
import { buildAdherence } from '$lib/server/build/adherence';
import { literal, openDatabase, attach, type Connection } from '$lib/server/duckdb';
import { homeAt, openHome, readCurrent, resultsFile } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { shippedFolder } from '$lib/server/reference/table';
import { ask, panelNamed, type Answerable } from '$lib/server/warehouse';
import { benchAudit } from '$lib/server/audit_bench';
import { benchHospital, benchMtm, slowest, timedRefresh } from '$lib/server/refresh_bench';
import { printJson } from './terminal';

/** One figure of the benchmark; seconds and baseline are taken in the same run, peak_mb is the whole process's. */
type Figure = {
	name: string;
	size: number;
	seconds: number;
	baseline_seconds: number;
	ratio: number;
	peak_mb: number;
	note?: string;
};

const seconds = async (work: () => Promise<unknown>) => {
	const started = performance.now();
	await work();
	return (performance.now() - started) / 1000;
};
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024);

/** How many fills of each of three classes a patient has in each of how many years, the last of them 2025. */
type Fills = { years: number; aYear: number };
/** 3 classes x 2 years x 10 = 60 fills a patient, 60 million for a million. */
const sixty: Fills = { years: 2, aYear: 10 };
/** 3 classes x 1 year x 8 = 24 fills a patient, as in published comparisons. */
const twentyFour: Fills = { years: 1, aYear: 8 };

/** Writes the benchmark's files: a roster, fills of three classes with early refills, switches and combinations, and stays. */
async function makeFiles(connection: Connection, folder: string, size: number, { years, aYear }: Fills): Promise<void> {
	const first = 2026 - years;
	mkdirSync(folder, { recursive: true });
	await connection.run(`copy (
		select 'P' || lpad(p::varchar, 8, '0') as person_id, date '1935-01-01' + (hash(p) % 12000)::integer as birth_date,
			if(hash(p, 1) % 2 = 0, 'female', 'male') as gender, date '${first}-01-01' as enrollment_start_date,
			if(hash(p, 2) % 20 = 0, date '2025-04-01' + (hash(p, 3) % 200)::integer, date '2025-12-31') as enrollment_end_date,
			'H1234-00' || hash(p, 4) % 3 as plan, 'bench' as data_source
		from range(${size}) as r(p)
	) to ${literal(join(folder, 'eligibility.csv'))} (header)`);
	await connection.run(`copy (
		with product as (
			select row_number() over (partition by class, kind order by ndc11) - 1 as n, class, kind, ndc11
			from (
				select ndc11, case
						when ingredients = ['atorvastatin'] or ingredients = ['rosuvastatin'] then 0
						when list_contains(ingredients, 'lisinopril') or ingredients = ['losartan'] then 1
						when list_contains(ingredients, 'metformin') and len(ingredients) <= 2 or ingredients = ['glipizide'] then 2
					end as class,
					case when ingredients = ['atorvastatin'] or list_contains(ingredients, 'lisinopril') or list_contains(ingredients, 'metformin')
						then 0 else 1 end as kind
				from ${literal(join(shippedFolder(), 'drug.parquet'))}
				where (route is null or lower(route) like '%oral%')
			) where class is not null
			qualify n < 40
		),
		fill as (
			select p, c, y, i, hash(p, c, y, i) as h,
				if(hash(p, c, 9) % 8 = 0 and i >= ${aYear / 2}, 1, 0) as kind,
				make_date(${first} + y::integer, 1, 1) + (hash(p, c) % 30)::integer + (i * (${280 / aYear} + hash(p, c, 5) % 9))::integer + (hash(p, c, y, i) % 7)::integer - 3 as dispensing_date
			from range(${size}) as a(p), range(3) as b(c), range(${years}) as d(y), range(${aYear}) as e(i)
		)
		select 'C' || lpad((((p * 3 + c) * ${years} + y) * ${aYear} + i)::varchar, 10, '0') as claim_id, 'P' || lpad(p::varchar, 8, '0') as person_id,
			'H1234-00' || hash(p, 4) % 3 as plan, (1500000000 + hash(p, 6) % 5000)::varchar as prescribing_provider_npi,
			(1700000000 + (hash(p, 7) + if(h % 9 = 0, 1, 0)) % 800)::varchar as dispensing_provider_npi, dispensing_date, ndc11 as ndc_code,
			30 as quantity, 30 as days_supply, dispensing_date + 5 as paid_date, (h % 5000) / 100.0 as paid_amount, 'bench' as data_source
		from fill inner join product on product.class = fill.c and product.kind = fill.kind and product.n = fill.h % 40
	) to ${literal(join(folder, 'pharmacy_claim.csv'))} (header)`);
	await connection.run(`copy (
		select 'M' || lpad((p * 2 + y)::varchar, 10, '0') as claim_id, 1 as claim_line_number, 'institutional' as claim_type,
			'P' || lpad(p::varchar, 8, '0') as person_id, make_date(${first} + y::integer, 1, 1) + (hash(p, y, 11) % 330)::integer as claim_start_date,
			claim_start_date + (1 + hash(p, y, 12) % 9)::integer as claim_end_date, claim_start_date as admission_date, claim_end_date as discharge_date,
			'111' as bill_type_code, '01' as discharge_disposition_code, '0120' as revenue_center_code, 'icd-10-cm' as diagnosis_code_type,
			'I5020' as diagnosis_code_1, (1900000000 + hash(p) % 50)::varchar as facility_npi, 'bench' as data_source
		from range(${size}) as r(p), range(${years}) as d(y) where hash(p, y, 10) % 6 = 0
	) to ${literal(join(folder, 'medical_claim.csv'))} (header)`);
}

async function files(folder: string, size: number, fills: Fills): Promise<unknown> {
	const database = await openDatabase();
	await makeFiles(await database.connect(), join(folder, 'in'), size, fills);
	database.close();
	return {};
}

/** What a child process of the benchmark does: one task on the files or the home of one size. */
const tasks: Record<string, (folder: string, size: number) => Promise<unknown>> = {
	files: (folder, size) => files(folder, size, sixty),
	files_24: (folder, size) => files(folder, size, twentyFour),
	audit: (folder, size) => benchAudit(join(folder, 'audit'), size, peak),
	hospital: (folder, size) => benchHospital(folder, size, peak),
	mtm: (folder, size) => benchMtm(folder, size, peak),
	async bare(folder) {
		const database = await openDatabase();
		const connection = await database.connect();
		await attach(connection, join(folder, 'bare.duckdb'), 'bare', true);
		const took = await seconds(() =>
			connection.run(
				`create table bare.fill as select * from read_csv(${literal(join(folder, 'in', 'pharmacy_claim.csv'))})`
			)
		);
		database.close();
		rmSync(join(folder, 'bare.duckdb'));
		return { seconds: took, peak_mb: peak() };
	},
	async load(folder) {
		const home = openHome(join(folder, `home-${process.pid}`));
		const took = await seconds(() => load(home, [join(folder, 'in', 'pharmacy_claim.csv')], { by: 'bench' }));
		rmSync(home.folder, { recursive: true });
		return { seconds: took, peak_mb: peak() };
	},
	async refresh(folder) {
		const home = openHome(join(folder, 'home'));
		await load(home, [join(folder, 'in')], { by: 'bench' });
		const { seconds: took, steps } = await timedRefresh(home);
		return { seconds: took, slowest: slowest(steps, 8), peak_mb: peak() };
	},
	async adherence(folder, size) {
		const home = homeAt(join(folder, 'home'));
		const database = await openDatabase({ memory: process.env.MTM_MEMORY ?? '4GB', spill: join(folder, 'spill') });
		const connection = await database.connect();
		await attach(connection, resultsFile(home, readCurrent(home).results!), 'results', true);
		await connection.run("set search_path = 'results.main,memory.main'");
		// The same rows that the fold reads: once as claims arrive (in no order), once as the facts store them (by patient).
		const rows = `select fill.patient_no, ndc_class.measure, ndc_class.ingredient, fill.dispensed_on, fill.days_supply
			from fill inner join ndc_class on fill.ndc_code = ndc_class.ndc_code`;
		await connection.run(`create temp table arrived as ${rows} order by hash(fill.claim_id)`);
		await connection.run(`create temp table stored as ${rows} order by fill.patient_no`);
		const sort = (table: string) =>
			seconds(async () => {
				const sorted = await connection.stream(
					`select * from ${table} order by patient_no, measure, ingredient, dispensed_on`
				);
				for (let chunk = await sorted.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await sorted.fetchChunk());
			});
		const fold = () =>
			seconds(async () => {
				await buildAdherence(database, { years: [2024, 2025], asOf: '2025-12-31' });
				await connection.run('checkpoint results');
			});
		const rounds = size > 200_000 ? 1 : 3;
		const sorts: number[] = [];
		const storedSorts: number[] = [];
		const folds: number[] = [];
		for (let round = 0; round < rounds; round++) {
			sorts.push(await sort('arrived'));
			storedSorts.push(await sort('stored'));
			folds.push(await fold());
		}
		const { fills } = await connection.row<{ fills: number }>('select count(*) as fills from fill');
		database.close();
		return {
			seconds: median(folds),
			baseline_seconds: median(sorts),
			stored_seconds: median(storedSorts),
			fills,
			peak_mb: peak()
		};
	},
	async panels(folder) {
		const home = homeAt(join(folder, 'home'));
		const filters = [
			'',
			'plan=H1234-001',
			'age=65-74',
			'sex=female',
			'status=overdue,last_chance',
			'pdc=60..80',
			'adr=0..7',
			'late=1..',
			'plan=!H1234-002&sex=male'
		];
		const questions = ['headline', 'attrition', 'pdc_histogram', 'trend', 'unit_rates', 'patients'].map(panelNamed);
		const took: number[] = [];
		const each: Record<string, number[]> = {};
		for (let round = 0; round < 12; round++)
			for (const panel of questions)
				for (const words of filters) {
					// A day's difference in the filter keeps the answer from being one that was kept.
					const { population } = readPopulation(new URLSearchParams(words));
					const given: Record<string, Answerable> = {
						measure: 'pdc_statins',
						year: 2025,
						population: { ...population, late: { from: population.late.from ?? -1 - round, to: null } },
						unit: 'pharm',
						sort: 'priority',
						descending: false,
						first: 0,
						rows: 50
					};
					const asked = Object.fromEntries(
						panel.parameters.filter(({ name }) => name in given).map(({ name }) => [name, given[name]])
					);
					const one = await seconds(() => ask(home, panel.name, asked, everyone));
					if (round === 0) continue;
					took.push(one);
					(each[panel.name] ??= []).push(one);
				}
		const p95 = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)]!;
		return {
			seconds: p95(took),
			count: took.length,
			panels: Object.entries(each)
				.map(([panel, values]) => `${panel} ${Math.round(p95(values) * 1000)}`)
				.join(', '),
			peak_mb: peak()
		};
	}
};

function child(
	task: string,
	size: number,
	folder: string
): { seconds: number; baseline_seconds: number; peak_mb: number; [key: string]: unknown } {
	const done = spawnSync(
		process.execPath,
		[...process.execArgv, process.argv[1]!, 'bench', '--task', task, '--size', String(size), '--folder', folder],
		{
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'inherit'],
			env: process.env
		}
	);
	if (done.status !== 0) throw new Error(`the task "${task}" at ${size} patients ended with ${done.status}`);
	return JSON.parse(done.stdout);
}

/** `mtm bench`: speed as ratios to plain DuckDB work, taken in one run. */
export function register(program: Command): void {
	program
		.command('bench', { hidden: true })
		.description('speed as ratios to plain DuckDB work, taken in one run')
		.option('--size <patients...>', 'how many patients; 10000, 100000 and 1000000 when left out')
		.option('--folder <folder>', 'where the files go; a temporary folder when left out')
		.option('--task <task>', 'one part, for the benchmark itself')
		.option('--json', 'one JSON value a line')
		.action(async (options: { size?: string[]; folder?: string; task?: string; json?: boolean }) => {
			if (options.task) return printJson(await tasks[options.task]!(options.folder!, Number(options.size![0])));
			const sizes = (options.size ?? ['10000', '100000', '1000000']).map(Number);
			const figures: Figure[] = [];
			const report = (figure: Figure) => {
				figures.push(figure);
				if (options.json) process.stdout.write(`${JSON.stringify(figure)}\n`);
				else
					process.stdout.write(
						`${figure.name.padEnd(24)} ${String(figure.size).padStart(8)} patients  ${figure.seconds.toFixed(3).padStart(9)} s  baseline ${figure.baseline_seconds.toFixed(3).padStart(8)} s  ratio ${figure.ratio.toFixed(2).padStart(6)}  peak ${figure.peak_mb} MB${figure.note ? `  ${figure.note}` : ''}\n`
					);
			};
			for (const size of sizes) {
				const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'mtm-bench-'));
				try {
					child('files', size, folder);
					const rounds = size > 200_000 ? 1 : 3;
					const bare: number[] = [];
					const ours: number[] = [];
					let mb = 0;
					for (let round = 0; round < rounds; round++) {
						bare.push(child('bare', size, folder).seconds);
						const one = child('load', size, folder);
						ours.push(one.seconds);
						mb = Math.max(mb, one.peak_mb);
					}
					const loaded = median(ours);
					const base = median(bare);
					report({
						name: 'load',
						size,
						seconds: loaded,
						baseline_seconds: base,
						ratio: loaded / base,
						peak_mb: mb,
						note: 'bare read_csv into a table'
					});
					const whole = child('refresh', size, folder);
					// Before the adherence is made anew alone: a refresh stores its rows as pages ask for them.
					const panels = size <= 100_000 ? child('panels', size, folder) : null;
					if (size <= 100_000) {
						const hospital = child('hospital', size, folder);
						report({
							name: 'refresh_with_medical',
							size,
							seconds: hospital.seconds,
							baseline_seconds: hospital.baseline_seconds,
							ratio: hospital.seconds / hospital.baseline_seconds,
							peak_mb: hospital.peak_mb,
							note: `everything over ${String(hospital.lines)} medical lines and ${String(hospital.fills)} fills, to a plain sort of both; slowest steps in s: ${String(hospital.steps)}`
						});
						const mtm = child('mtm', size, folder);
						report({
							name: 'mtm_facts',
							size,
							seconds: mtm.seconds,
							baseline_seconds: mtm.baseline_seconds,
							ratio: mtm.seconds / mtm.baseline_seconds,
							peak_mb: mtm.peak_mb,
							note: `facts of ${String(mtm.sessions)} sessions and ${String(mtm.recommendations)} recommendations, to the facts that adherence is made of, from the fill on (${String(mtm.adherence_steps)}); adherence_fact alone took ${Number(mtm.fold_seconds).toFixed(1)} s; slowest steps in s: ${String(mtm.steps)}`
						});
					}
					const adherence = child('adherence', size, folder);
					report({
						name: 'adherence',
						size,
						seconds: adherence.seconds,
						baseline_seconds: adherence.baseline_seconds,
						ratio: adherence.seconds / adherence.baseline_seconds,
						peak_mb: adherence.peak_mb,
						note: 'plain order by of the same fill rows as they arrive'
					});
					report({
						name: 'adherence_stored',
						size,
						seconds: adherence.seconds,
						baseline_seconds: Number(adherence.stored_seconds),
						ratio: adherence.seconds / Number(adherence.stored_seconds),
						peak_mb: adherence.peak_mb,
						note: 'the same, of rows already stored by patient'
					});
					report({
						name: 'refresh',
						size,
						seconds: whole.seconds,
						baseline_seconds: adherence.baseline_seconds,
						ratio: whole.seconds / adherence.baseline_seconds,
						peak_mb: whole.peak_mb,
						note: `facts, adherence, lists and results, to the same order by; slowest steps in s: ${String(whole.slowest)}`
					});
					if (panels)
						report({
							name: 'panels_p95',
							size,
							seconds: panels.seconds,
							baseline_seconds: 0.05,
							ratio: panels.seconds / 0.05,
							peak_mb: panels.peak_mb,
							note: `${panels.count} warm questions, to a budget of 50 ms; p95 in ms: ${panels.panels}`
						});
					if (size === 100_000) {
						const year = join(folder, 'year');
						child('files_24', size, year);
						child('refresh', size, year);
						const fewer = child('adherence', size, year);
						report({
							name: 'adherence_24_fills',
							size,
							seconds: fewer.seconds,
							baseline_seconds: fewer.baseline_seconds,
							ratio: fewer.seconds / fewer.baseline_seconds,
							peak_mb: fewer.peak_mb,
							note: '24 fills a patient in one year; plain order by of the same fill rows as they arrive'
						});
					}
				} finally {
					rmSync(folder, { recursive: true, force: true });
				}
			}
			const lines = Math.max(...sizes);
			const scratch = mkdtempSync(join(options.folder ?? tmpdir(), 'mtm-bench-'));
			try {
				const audit = child('audit', lines, scratch);
				report({
					name: 'audit',
					size: lines,
					seconds: audit.seconds,
					baseline_seconds: audit.baseline_seconds,
					ratio: audit.seconds / audit.baseline_seconds,
					peak_mb: audit.peak_mb,
					note: `all rules over so many lines of MTM claims, to a sort of the lines; ${String(audit.steps)}`
				});
			} finally {
				rmSync(scratch, { recursive: true, force: true });
			}
			for (const name of ['adherence', 'load']) {
				const of = (size: number) => figures.find((figure) => figure.name === name && figure.size === size)?.seconds;
				const [small, large] = [of(100_000), of(1_000_000)];
				if (small && large)
					report({
						name: `${name}_growth`,
						size: 1_000_000,
						seconds: large,
						baseline_seconds: small,
						ratio: Math.log10(large / small),
						peak_mb: 0,
						note: 'growth exponent from 100,000 patients'
					});
			}
		});
}
