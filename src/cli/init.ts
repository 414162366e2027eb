import type { Command } from 'commander';
import type { Home } from '$lib/server/home';
import { shellOwner } from '$lib/server/records/log';
import { linkAddress, linkHours, makeLink, originOf } from '$lib/server/sign_in/link';
import { addUser, checkPassword, choosePassword, hasNoUsers } from '$lib/server/sign_in/people';
import { Trouble } from '$lib/server/trouble';
import { ask, canAsk } from './ask';
import { madeHomeOf, printJson, say } from './terminal';

/** Says what the person can mend; anything else is thrown on. */
function again(cause: unknown): void {
	if (!(cause instanceof Trouble) || cause.exit !== 1) throw cause;
	say(cause.message);
}

/** Asks for a name and a password until they may be, and makes the first administrator. */
async function askForFirst(home: Home): Promise<void> {
	say('The first administrator of the web (leave the name empty to do it later in the browser).');
	for (;;) {
		const name = await ask('Name: ');
		if (!name.trim()) return;
		const password = await ask('Password: ', true);
		try {
			await checkPassword(home, { name }, password);
		} catch (cause) {
			again(cause);
			continue;
		}
		if ((await ask('The same again: ', true)) !== password) {
			say('The two differ. Nothing was made.');
			continue;
		}
		try {
			const person = await addUser(home, { name, role: 'administrator' }, shellOwner, true);
			await choosePassword(home, person, password);
			return say(`${person.name} is the first administrator.`);
		} catch (cause) {
			again(cause);
		}
	}
}

/** `mtm init`: makes the home folder and its first administrator. */
export function register(program: Command): void {
	program
		.command('init')
		.description('makes the home folder and its first administrator')
		.option(
			'--admin <name>',
			'the first administrator, who chooses a password through the one-time link that is printed'
		)
		.option('--json', 'print one JSON value')
		.action(async (options: { admin?: string; json?: boolean }, command: Command) => {
			const home = madeHomeOf(command);
			let link: string | null = null;
			if (options.admin) {
				const person = await addUser(home, { name: options.admin, role: 'administrator' }, shellOwner, true);
				link = linkAddress(originOf(home), await makeLink(home, person.id));
			} else if (!options.json && canAsk() && (await hasNoUsers(home))) await askForFirst(home);
			const nobody = await hasNoUsers(home);
			if (options.json) return printJson({ home: home.folder, administrator: options.admin ?? null, link });
			say(`${home.folder} is ready. Load files with: mtm load FOLDER.`);
			if (link) {
				say(
					`While "mtm serve" runs, this link lets ${options.admin} choose a password. It works once, within ${linkHours} hours:`
				);
				process.stdout.write(`${link}\n`);
			}
			if (nobody)
				say(
					'Nobody can sign in to the web yet: "mtm serve" asks for the first administrator in the browser on this machine, and "mtm init --admin NAME" prints a one-time link.'
				);
		});
}
