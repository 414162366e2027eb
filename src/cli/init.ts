import type { Command } from 'commander';
import { madeHomeOf, printJson, say } from './terminal';

/** `mtm init`: makes the home folder. */
export function register(program: Command): void {
	program
		.command('init')
		.description('makes the home folder')
		.option('--json', 'print one JSON value')
		.action((options: { json?: boolean }, command: Command) => {
			const home = madeHomeOf(command);
			if (options.json) printJson({ home: home.folder });
			else
				say(
					`${home.folder} is ready. Load files with: mtm load FOLDER. There are no users yet: the shell's owner sees everything, and the web answers on this machine only.`
				);
		});
}
