import type { Command } from 'commander';
import { openDatabase } from '$lib/server/duckdb';
import { forgetImport, importReference } from '$lib/server/reference/import';
import { listReference } from '$lib/server/reference/listing';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { usage } from '$lib/server/trouble';
import { homeOf, madeHomeOf, printJson, printTable, say, shellBy } from './terminal';

export function register(program: Command): void {
	const reference = program
		.command('reference')
		.description('drug and code tables: what counts, and importing newer or own ones');

	reference
		.command('list')
		.description('the tables with rows, source, version and date')
		.option('--json', 'one JSON value on stdout')
		.action(async (options: { json?: boolean }, command: Command) => {
			const database = await openDatabase();
			try {
				const listed = await listReference(await database.connect(), homeOf(command));
				if (options.json) printJson(listed);
				else
					printTable(
						listed.map(({ name, title, rows, version, date, counts, note }) => ({
							name,
							title,
							rows,
							version,
							date,
							counts: counts ? 'yes' : 'no',
							note
						}))
					);
			} finally {
				database.close();
			}
		});

	reference
		.command('import')
		.argument('<files...>', 'product.txt and package.txt of the FDA NDC Directory, or lists and tables as CSV')
		.description(
			'an FDA NDC Directory; a list (ndc, ingredient[, class]) that adds or corrects drugs; a list (ndc, measure[, role]) ' +
				'that replaces ours for its measures and roles; or a table of data/reference in your own version'
		)
		.option('--json', 'one JSON value on stdout')
		.action(async (files: string[], options: { json?: boolean }, command: Command) => {
			const home = madeHomeOf(command);
			await records(home);
			const done = await importReference(home, files);
			await record(home, {
				kind: 'reference_import',
				by: shellBy(),
				detail: { imports: done.map((each) => each.import.id), files: files.length }
			});
			for (const each of done) {
				say(`import ${each.import.id}: ${each.import.files.map((file) => file.name).join(', ')}`);
				for (const note of each.notes) say(`  ${note}`);
			}
			if (done.some((each) => each.isNew)) say('It takes effect at the next mtm refresh.');
			if (options.json) printJson(done.map((each) => ({ ...each.import, is_new: each.isNew, notes: each.notes })));
		});

	reference
		.command('forget')
		.argument('<number>', 'the number of an import, from reference list')
		.description('takes an import out again')
		.action(async (number: string, _options: object, command: Command) => {
			const id = Number(number);
			if (!Number.isInteger(id)) throw usage(`"${number}" is not the number of an import. Nothing was changed.`);
			const home = madeHomeOf(command);
			await records(home);
			const gone = await forgetImport(home, id);
			await record(home, { kind: 'reference_import', by: shellBy(), detail: { forgotten: id } });
			say(
				`Import ${id} (${gone.files.map((file) => file.name).join(', ')}) is out. It takes effect at the next mtm refresh.`
			);
		});
}
