import { userInfo } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import { keepCommand } from '$lib/domain/kept';
import { listLoads, rollback, showLoad } from '$lib/server/load/history';
import { unmappedGroups, unmappedRows } from '$lib/server/ecareplan/listing';
import { exportRejects, rejectedRows } from '$lib/server/load/reject';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { denied } from '$lib/server/trouble';
import { homeOf, printJson, printTable, say, shellBy, shellScope, takenView } from './terminal';

const loadId = (text: string): number => {
	if (!/^\d+$/.test(text)) throw new InvalidArgumentError('the number of a load');
	return Number(text);
};

/** `mtm loads list, show, rollback, rejects, unmapped`: the history of what was loaded. */
export function register(program: Command): void {
	const loads = program.command('loads').description('the history of loads');
	loads
		.command('list')
		.description('all loads, oldest first')
		.option('--json', 'print one JSON value')
		.action((options: { json?: boolean }, command: Command) => {
			const found = listLoads(homeOf(command));
			if (options.json) return printJson(found);
			if (!found.length) return say('Nothing is loaded yet. "mtm load PATH" loads files.');
			printTable(
				found.flatMap((load) =>
					load.files.map((file) => ({
						load: load.load_id,
						loaded_at: load.loaded_at.slice(0, 19).replace('T', ' '),
						by: load.by,
						state: load.state,
						file: file.name,
						table: file.table,
						source: file.data_source,
						read: file.read,
						loaded: file.loaded,
						rejected: file.rejected,
						duplicate: file.duplicate,
						ignored: file.ignored
					}))
				)
			);
		});
	loads
		.command('show')
		.description('one load: its files, what was rejected and what it warns of')
		.argument('<id>', 'the load', loadId)
		.option('--json', 'print one JSON value')
		.action((id: number, options: { json?: boolean }, command: Command) => {
			const load = showLoad(homeOf(command), id);
			if (options.json) return printJson(load);
			process.stdout.write(`Load ${id}, ${load.state}, ${load.loaded_at} by ${load.by}\n`);
			if (load.rolled_back_at) process.stdout.write(`Rolled back ${load.rolled_back_at} by ${load.rolled_back_by}\n`);
			printTable(
				load.files.map(
					({ rejects: _, warnings: __, unknown_columns: ___, sha256: ____, sources: _____, ...file }) => file
				)
			);
			printTable((load.plans ?? []).map(({ sha256: _, bytes: __, ...plan }) => plan));
			printTable(
				load.files.flatMap((file) => [
					...file.rejects.map((each) => ({
						file: file.name,
						what: 'rejected',
						rows: each.rows,
						rule: each.rule,
						sentence: each.sentence,
						effect: each.effect
					})),
					...file.warnings.map((each) => ({
						file: file.name,
						what: 'warned',
						rows: each.rows,
						rule: each.rule,
						sentence: each.sentence,
						effect: each.effect
					}))
				])
			);
		});
	loads
		.command('rollback')
		.description('take a load out of what counts; its files stay in the history')
		.argument('<id>', 'the load', loadId)
		.option('--json', 'print one JSON value')
		.action(async (id: number, options: { json?: boolean }, command: Command) => {
			const home = homeOf(command);
			showLoad(home, id);
			await records(home);
			const load = await rollback(home, id, takenView()?.user.name ?? userInfo().username);
			await record(home, {
				kind: 'rollback',
				by: shellBy(),
				detail: { load: id, kept_results_dropped: load.dropped.map((kept) => kept.results) }
			});
			if (options.json) printJson(load);
			for (const { as_of, known } of load.dropped)
				say(
					`Kept results as of ${as_of}${known === null ? '' : ` by load ${known}`} were made from it, so they are dropped. "${keepCommand({ as_of, known: known === id ? null : known })}" makes them without it.`
				);
			say(`Load ${id} is rolled back. "mtm refresh" brings the results to what they were without it.`);
		});
	loads
		.command('rejects')
		.description('the rejected rows of a load, to be mended and loaded again')
		.argument('<id>', 'the load', loadId)
		.option('--out <file>', "write them in their file's own layout plus the reason")
		.option('--json', 'print one JSON value')
		.action(async (id: number, options: { out?: string; json?: boolean }, command: Command) => {
			const home = homeOf(command);
			const isWhole = shellScope().phi === 'P3';
			const looked = (rows: number) =>
				record(home, { kind: 'view_list', by: shellBy(), detail: { view: 'rejects', load: id, rows } });
			if (options.out) {
				if (!isWhole)
					throw denied('Rejected rows as they stand in the file name people. Nothing was written. Leave out --out.');
				await looked(showLoad(home, id).files.reduce((sum, file) => sum + file.rejected, 0));
				const written = await exportRejects(home, id, options.out);
				if (options.json) printJson(written);
				if (!written.length) say(`Load ${id} has no rejected rows.`);
				for (const each of written) say(`${each.rows} rejected rows of ${each.file} written to ${each.out}`);
				return;
			}
			const found = await rejectedRows(home, id);
			// The text of a row names a person.
			const rows = isWhole ? found : found.map((row) => ({ ...row, raw: '(not shown)' }));
			await looked(rows.length);
			if (options.json) return printJson(rows);
			if (!rows.length) say(`Load ${id} has no rejected rows.`);
			printTable(rows.map(({ sentence: _, ...row }) => row));
		});
	loads
		.command('unmapped')
		.description('what of the care plans of a load is in no row: file, line, path, kind of value and reason')
		.argument('<id>', 'the load', loadId)
		.option('--by-kind', 'like things together, with how often')
		.option('--json', 'print one JSON value')
		.action(async (id: number, options: { byKind?: boolean; json?: boolean }, command: Command) => {
			const home = homeOf(command);
			if (options.byKind) {
				const groups = await unmappedGroups(home, id);
				if (options.json) return printJson(groups);
				return printTable(groups);
			}
			const isWhole = shellScope().phi === 'P3';
			// A code beside a file's name may tell of one person.
			const rows = (await unmappedRows(home, id)).map((row) => (isWhole ? row : { ...row, code: null }));
			if (options.json) return printJson(rows);
			if (!rows.length)
				return say(`Nothing of load ${id} is listed: it holds no care plans, or all of them is in rows.`);
			printTable(rows.map(({ what: _, why: __, ...row }) => row));
		});
}
