import type { Command } from 'commander';
import { writeCsv, writeJson } from '$lib/server/output';
import { query } from '$lib/server/query';
import { usage } from '$lib/server/trouble';
import { ensureIntake } from '$lib/server/load/intake';
import type { Row } from '$lib/server/duckdb';
import { record } from '$lib/server/records/log';
import { answeringHome, printTable, shellBy, shellScope, withKept } from './terminal';

/** `mtm query SQL`: one read-only select over the published views and the intake tables. */
export function register(program: Command): void {
	withKept(program.command('query <sql>'))
		.description('one read-only select over the published views and the intake tables')
		.option('--format <format>', 'json, csv or table', 'table')
		.option('--json', 'the same as --format json')
		.action(async (sql: string, options: { format: string; json?: boolean }, command: Command) => {
			const format = options.json ? 'json' : options.format;
			if (!['json', 'csv', 'table'].includes(format))
				throw usage(`"${format}" is no format; choose json, csv or table.`);
			const home = await answeringHome(command);
			await ensureIntake(home);
			await query(home, sql, shellScope(), async ({ columns, rows, words }) => {
				const logged = (detail: Record<string, unknown>) =>
					record(home, { kind: 'query', by: shellBy(), detail: { phi: shellScope().phi, ...detail } });
				if (format !== 'table') {
					// Rows go out as they come: that they do is logged before the first, how many there were after the last.
					const entry = await logged({ query: words, format });
					const count =
						format === 'json'
							? await writeJson(process.stdout, rows)
							: await writeCsv(process.stdout, columns, rows, true);
					await logged({ ends_entry: entry, rows: count });
				} else {
					const all: Row[] = [];
					for await (const row of rows) all.push(row);
					await logged({ query: words, format, rows: all.length });
					if (all.length) printTable(all);
					process.stderr.write(`${all.length} ${all.length === 1 ? 'row' : 'rows'}\n`);
				}
			});
		});
}
