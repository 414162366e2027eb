import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { lockHolder, readCurrent, readKept } from '$lib/server/home';
import { listLoads } from '$lib/server/load/history';
import { ask } from '$lib/server/warehouse';
import { version } from '../../package.json';
import { homeOf, printJson, shellScope } from './terminal';

/** Bytes of all files below a folder; a folder that is not there has none. */
function bytesBelow(folder: string): number {
	let bytes = 0;
	try {
		for (const entry of readdirSync(folder, { withFileTypes: true })) {
			const path = join(folder, entry.name);
			bytes += entry.isDirectory() ? bytesBelow(path) : statSync(path).size;
		}
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
	}
	return bytes;
}

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** `mtm status`: is tonight's load good: freshness by source, the last load, versions, disk. Exit 2 when stale. */
export function register(program: Command): void {
	program
		.command('status')
		.description('freshness by source, last load, versions, disk; exit 2 when stale')
		.option('--max-age <days>', 'days after its newest service date at which a claims source counts as stale', '45')
		.option('--json', 'print one JSON value')
		.action(async (options: { maxAge: string; json?: boolean }, command: Command) => {
			const home = homeOf(command);
			const loads = listLoads(home);
			const active = loads.filter((load) => load.state === 'active');
			const current = readCurrent(home);
			const today = new Date().toISOString().slice(0, 10);
			const run =
				current.results === null
					? null
					: ((
							await ask<{ as_of: string; years: number[]; built_at: string; version: string; loads: number[] }>(
								home,
								'latest_run',
								{},
								shellScope()
							)
						)[0] ?? null);
			const sources = new Map<
				string,
				{
					data_source: string;
					table: string;
					files: number;
					rows: number;
					data_through: string | null;
					loaded_at: string;
				}
			>();
			for (const load of active)
				for (const file of load.files)
					for (const [source, rows] of Object.entries(file.sources)) {
						const key = `${source}\n${file.table}`;
						const known = sources.get(key);
						sources.set(key, {
							data_source: source,
							table: file.table,
							files: (known?.files ?? 0) + 1,
							rows: (known?.rows ?? 0) + rows,
							data_through:
								[known?.data_through, file.to]
									.filter((day): day is string => Boolean(day))
									.sort()
									.at(-1) ?? null,
							loaded_at: load.loaded_at
						});
					}
			const maxAge = Number(options.maxAge);
			const freshness = [...sources.values()].map((source) => {
				const lag = source.data_through ? daysBetween(source.data_through, today) : null;
				const claims = source.table === 'pharmacy_claim' || source.table === 'medical_claim';
				return { ...source, lag_days: lag, verdict: claims && lag !== null && lag > maxAge ? 'stale' : 'current' };
			});
			const computed = run !== null && JSON.stringify(run.loads) === JSON.stringify(active.map((load) => load.load_id));
			const reasons = [
				...(active.length === 0 ? ['nothing is loaded: mtm load'] : []),
				...(active.length > 0 && !computed ? ['the results do not hold the current loads: mtm refresh'] : []),
				...freshness
					.filter((source) => source.verdict === 'stale')
					.map(
						(source) =>
							`${source.table} of ${source.data_source} ends ${source.data_through}, ${source.lag_days} days ago (expected within ${maxAge})`
					)
			];
			const last = active.at(-1);
			const holder = lockHolder(home);
			const answer = {
				home: home.folder,
				verdict: reasons.length ? 'stale' : 'current',
				reasons,
				results: run && {
					version: current.results,
					as_of: run.as_of,
					years: run.years,
					built_at: run.built_at,
					loads: run.loads,
					computed_by: run.version
				},
				kept: readKept(home),
				last_load: last && {
					load_id: last.load_id,
					loaded_at: last.loaded_at,
					by: last.by,
					read: last.files.reduce((sum, file) => sum + file.read, 0),
					loaded: last.files.reduce((sum, file) => sum + file.loaded, 0),
					rejected: last.files.reduce((sum, file) => sum + file.rejected, 0),
					duplicate: last.files.reduce((sum, file) => sum + file.duplicate, 0),
					ignored: last.files.reduce((sum, file) => sum + file.ignored, 0)
				},
				sources: freshness,
				working: holder && { what: holder.what, pid: holder.pid, since: holder.since },
				disk: { loads_bytes: bytesBelow(home.loads), warehouse_bytes: bytesBelow(home.warehouse) },
				version
			};
			if (reasons.length) process.exitCode = 2;
			if (options.json) return printJson(answer);
			const lines = [
				answer.verdict === 'current' ? 'Current.' : `Stale: ${reasons.join('; ')}.`,
				run
					? `Results as of ${run.as_of} for ${run.years.join(', ')}, computed ${run.built_at} from loads ${run.loads.join(', ')}.`
					: 'Nothing has been computed yet.',
				...(answer.kept.length
					? [
							`Kept beside them: ${answer.kept.map((kept) => `as of ${kept.as_of}${kept.known === null ? '' : ` by load ${kept.known}`}`).join(', ')} (mtm results).`
						]
					: []),
				...(answer.last_load
					? [
							`Last load ${answer.last_load.load_id}, ${answer.last_load.loaded_at} by ${answer.last_load.by}: ${answer.last_load.read} read = ${answer.last_load.loaded} loaded + ${answer.last_load.rejected} rejected + ${answer.last_load.duplicate} duplicate + ${answer.last_load.ignored} ignored.`
						]
					: []),
				...freshness.map(
					(source) =>
						`  ${source.data_source} ${source.table}: ${source.rows} rows, ${source.data_through ? `data through ${source.data_through}, ${source.lag_days} days ago` : 'no day of its own'}, ${source.verdict}`
				),
				...(holder ? [`At work: ${holder.what} (process ${holder.pid}) since ${holder.since}.`] : []),
				`Disk: loads ${megabytes(answer.disk.loads_bytes)}, warehouse ${megabytes(answer.disk.warehouse_bytes)}. OpenMTM ${version}.`
			];
			process.stdout.write(`${lines.join('\n')}\n`);
		});
}
