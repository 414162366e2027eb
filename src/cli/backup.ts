import type { Command } from 'commander';
import { backUp, restore } from '$lib/server/backup';
import { homeOf, printJson, say, shellBy } from './terminal';

/** `mtm backup` and `mtm restore`: everything a home is made of in one file, and a home from such a file. */
export function register(program: Command): void {
	program
		.command('backup <file>')
		.description('everything in one file, checksummed; also while serving or loading')
		.option('--json', 'print one JSON value')
		.action(async (file: string, options: { json?: boolean }, command: Command) => {
			const made = await backUp(homeOf(command), file, { by: shellBy() });
			if (options.json) printJson(made);
			say(
				`${made.files} files (${(made.bytes / 1e6).toFixed(1)} MB) of ${made.loads.length} loads written to ${file}. SHA-256 ${made.sha256}`
			);
			say('It holds every claim, and not encrypted: keep it where only its owner can read it.');
		});
	program
		.command('restore <file>')
		.description('makes a home from a backup; --home names a new or empty folder')
		.option('--json', 'print one JSON value')
		.action(async (file: string, options: { json?: boolean }, command: Command) => {
			const home = homeOf(command);
			const made = await restore(file, home, { by: shellBy() });
			if (options.json) printJson({ home: home.folder, ...made });
			say(
				`${home.folder} is as it was on ${made.made_at}: ${made.loads.length} loads, ${made.log.entries} entries in the access log.`
			);
			say(
				`Everybody signs in again: ${made.ended.sessions} session${made.ended.sessions === 1 ? '' : 's'} and ${made.ended.links} one-time link${made.ended.links === 1 ? '' : 's'} of that day ended. Users and passwords are those of that day, too: who was disabled since may sign in again ("mtm users list", "mtm users disable NAME").`
			);
			if (made.log.broken)
				say(
					`The access log in this backup is broken at entry ${made.log.broken.seq}: ${made.log.broken.why}. Everything else was restored as saved.`
				);
		});
}
