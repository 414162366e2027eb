import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { readCurrent, readKept, resultsFile, withLock } from '$lib/server/home';
import { dropKept, ownFiles } from '$lib/server/kept';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { usage } from '$lib/server/trouble';
import { ask } from '$lib/server/warehouse';
import { homeOf, printJson, printTable, resultsNumber, say, shellBy, shellScope } from './terminal';

const bytesOf = (files: string[]) =>
	files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);

/** `mtm results`: which results there are, the current and the kept ones; `--drop` removes a kept one. */
export function register(program: Command): void {
	program
		.command('results')
		.description('the current results and those kept beside them: as-of day, loads, size')
		.option('--drop <results>', 'remove these kept results', resultsNumber)
		.option('--json', 'print one JSON value')
		.action(async (options: { drop?: number; json?: boolean }, command: Command) => {
			const home = homeOf(command);
			if (options.drop !== undefined) {
				const { drop } = options;
				if (readCurrent(home).results === drop)
					throw usage(`Results ${drop} are the current ones. Nothing was changed. Only kept ones can be dropped.`);
				if (!readKept(home).some((kept) => kept.results === drop))
					throw usage(`There are no kept results ${drop}. Nothing was changed. "mtm results" lists them.`);
				await records(home);
				const [dropped] = await withLock(home, `drop of results ${drop}`, async () =>
					dropKept(home, (kept) => kept.results === drop)
				);
				if (dropped) {
					const { results, as_of, known } = dropped;
					await record(home, { kind: 'refresh', by: shellBy(), detail: { dropped: { results, as_of, known } } });
					say(`Results ${results}, as of ${as_of}${known === null ? '' : ` by load ${known}`}, are no longer kept.`);
				}
			}
			const { results } = readCurrent(home);
			const [run] =
				results === null
					? []
					: await ask<{ as_of: string; loads: number[]; built_at: string }>(home, 'latest_run', {}, shellScope());
			const found = [
				...(run && results !== null
					? [
							{
								results,
								state: 'current',
								as_of: run.as_of,
								known: null,
								loads: run.loads,
								built_at: run.built_at,
								bytes: bytesOf([resultsFile(home, results)])
							}
						]
					: []),
				...readKept(home).map((kept) => ({
					results: kept.results,
					state: 'kept',
					as_of: kept.as_of,
					known: kept.known,
					loads: kept.loads,
					built_at: kept.built_at,
					bytes: bytesOf(ownFiles(home, kept))
				}))
			];
			if (options.json) return printJson(found);
			if (!found.length) return say('Nothing has been computed yet. "mtm refresh" computes.');
			printTable(
				found.map(({ bytes, built_at, ...one }) => ({
					...one,
					built_at: built_at.slice(0, 19).replace('T', ' '),
					megabytes: Math.round(bytes / 1e5) / 10
				}))
			);
		});
}
