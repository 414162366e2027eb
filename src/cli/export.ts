import { accessSync, constants } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { demoWords } from '$lib/domain/demo';
import { oldWords } from '$lib/domain/kept';
import { limitKeys } from '$lib/domain/scope';
import { demoOf } from '$lib/server/demo/mark';
import { descriptionOf } from '$lib/server/export/description';
import type { About } from '$lib/server/export/workbook';
import { formats, isFormat, sha256, writeTable, type Format, type Written } from '$lib/server/export/write';
import { homeAt, readCurrent, writeWhole, type Home } from '$lib/server/home';
import { oldOf } from '$lib/server/kept';
import { ensureIntake } from '$lib/server/load/intake';
import { copyView, publishedNames, query } from '$lib/server/query';
import { name } from '$lib/server/duckdb';
import { record } from '$lib/server/records/log';
import { usage } from '$lib/server/trouble';
import { ask } from '$lib/server/warehouse';
import { version } from '../../package.json';
import { answeringHome, printJson, say, shellBy, shellScope, takenView, withKept } from './terminal';

/** What the file says about itself, its rows aside. */
async function aboutOf(home: Home, view: string): Promise<About> {
	const scope = shellScope();
	const [run] =
		readCurrent(home).results === null
			? []
			: await ask<{ as_of: string; loads: number[] }>(home, 'latest_run', {}, scope);
	const latest = home.version
		? (await ask<{ as_of: string }>(homeAt(home.folder), 'latest_run', {}, scope))[0]!.as_of
		: null;
	const old = latest === null ? null : oldOf(home, latest);
	const demo = demoOf(home);
	const limits = limitKeys.filter((key) => scope.limits[key] !== null);
	return [
		['Product', `OpenMTM ${version}`],
		...(demo ? ([['Demo', demoWords[demo]]] as About) : []),
		['View', view],
		...(old ? ([['Results', oldWords(old)]] as About) : []),
		['Data through', run?.as_of ?? 'not computed'],
		['Loads', run?.loads.join(', ') ?? 'not computed'],
		['Filters', 'none: all rows'],
		['Level', scope.phi],
		['Limited to', limits.map((key) => `${key}: ${scope.limits[key]!.join(', ')}`).join('; ') || 'nothing: everybody'],
		['By', takenView()?.user.name ?? shellBy()],
		['Written', new Date().toISOString()]
	];
}

/** Writes a view beside `out`: the same rows and order in every format. */
async function write(home: Home, view: string, format: Format, path: string, about: About): Promise<Written> {
	const scope = shellScope();
	if (format !== 'parquet')
		return await query(home, `select * from ${name(view)}`, scope, ({ columns, rows }) =>
			writeTable(path, format, { name: view, columns, rows }, (count) => [...about, ['Rows', String(count)]])
		);
	const rows = await copyView(home, view, scope, path, about);
	return { path, rows, bytes: (await stat(path)).size, sha256: await sha256(path) };
}

/** `mtm export VIEW`: every row of a published view or intake table, in a file. */
export function register(program: Command): void {
	withKept(program.command('export <view>'))
		.description('all rows of a published view or intake table')
		.requiredOption('--format <format>', Object.keys(formats).join(', '))
		.requiredOption('--out <file>', 'the file to write')
		.option('--json', 'print one JSON value')
		.action(async (view: string, options: { format: string; out: string; json?: boolean }, command: Command) => {
			const home = await answeringHome(command);
			const { format } = options;
			if (!isFormat(format)) throw usage(`"${format}" is no format; choose ${Object.keys(formats).join(', ')}.`);
			if (!publishedNames().includes(view))
				throw usage(
					`"${view}" is no published view or intake table. There are: ${publishedNames().sort().join(', ')}.`
				);
			const out = resolve(options.out);
			try {
				accessSync(dirname(out), constants.W_OK);
			} catch {
				throw usage(
					`${options.out} cannot be written: its folder is not there or is closed to you. Nothing was written.`
				);
			}
			await ensureIntake(home);
			const beside = `${out}.part`;
			try {
				const about = await aboutOf(home, view);
				const written = await write(home, view, format, beside, about);
				const { rows, bytes, sha256 } = written;
				// The file is there only once its entry is.
				await record(home, {
					kind: 'export',
					by: shellBy(),
					detail: { table: view, format, rows, bytes, sha256, file: basename(out), phi: shellScope().phi }
				});
				await rename(beside, out);
				// A CSV cannot say what it is: that stands beside it.
				if (format === 'csv')
					writeWhole(`${out}.json`, descriptionOf(basename(out), written, [...about, ['Rows', String(rows)]]));
				if (options.json) printJson({ view, format, out: options.out, rows, bytes, sha256 });
				else say(`${rows} rows of ${view} written to ${options.out}.`);
			} finally {
				await rm(beside, { force: true });
			}
		});
}
