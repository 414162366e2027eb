import type { Command } from 'commander';
import { changeKey } from '$lib/server/records/key';
import { usage } from '$lib/server/trouble';
import { homeOf, printJson, say, shellBy } from './terminal';

/** `mtm records key`: encrypts the records (users, sessions, access log), or changes their key. */
export function register(program: Command): void {
	const group = program.command('records').description('users, sessions and the access log: their key');
	group
		.command('key')
		.description('writes the records anew under the key in MTM_NEW_KEY; MTM_KEY is the one they have, or is not set')
		.option('--plain', 'without a key from now on')
		.option('--json', 'print one JSON value')
		.action(async (options: { plain?: boolean; json?: boolean }, command: Command) => {
			const key = process.env.MTM_NEW_KEY || null;
			if (options.plain ? key : !key)
				throw usage(
					options.plain
						? 'MTM_NEW_KEY and --plain contradict each other. Nothing was changed.'
						: 'Set MTM_NEW_KEY to the new key (a long one, such as "openssl rand -base64 32" prints), or say --plain. Nothing was changed.'
				);
			const had = Boolean(process.env.MTM_KEY);
			const entries = await changeKey(homeOf(command), key, shellBy());
			if (options.json) printJson({ encrypted: key !== null, entries });
			say(
				key
					? `The records are ${had ? 'under the new key' : 'encrypted'}; all ${entries} entries of the access log are there. Set MTM_KEY to the new key from now on. Backups made before need ${had ? 'the key of their day' : 'none, and are not encrypted'}.`
					: `The records have no key any more; all ${entries} entries of the access log are there. Take MTM_KEY away.`
			);
			if (!had)
				say('The old file was deleted, not overwritten: only an encrypted disk keeps its blocks from being read.');
		});
}
