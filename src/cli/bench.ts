import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { benchAdherence, benchFiles, sixty, twentyFour } from '$lib/server/adherence_bench';
import { benchAudit } from '$lib/server/audit_bench';
import { attach, literal, openDatabase } from '$lib/server/duckdb';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { benchPanels } from '$lib/server/panel_bench';
import { benchHospital, benchMtm, slowest, timedRefresh } from '$lib/server/refresh_bench';
import { median, seconds } from '$lib/server/timing';
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

const peak = () => Math.round(process.resourceUsage().maxRSS / 1024);

/** What a child process of the benchmark does: one task on the files or the home of one size. */
const tasks: Record<string, (folder: string, size: number) => Promise<unknown>> = {
	files: (folder, size) => benchFiles(folder, size, sixty),
	files_24: (folder, size) => benchFiles(folder, size, twentyFour),
	adherence: (folder, size) => benchAdherence(folder, size, peak),
	panels: (folder) => benchPanels(folder, peak),
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
