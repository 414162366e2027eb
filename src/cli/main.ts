import { Command, CommanderError } from 'commander';
import { faultWords, Trouble } from '$lib/server/trouble';
import { takeView } from './terminal';
import { version } from '../../package.json';

type Verb = { register: (program: Command) => void };

const verbs = import.meta.glob<Verb>(['./*.ts', '!./ask.ts', '!./main.ts', '!./terminal.ts'], { eager: true });

const program = new Command('mtm')
	.description('OpenMTM: population analytics and outcomes for Medication Therapy Management')
	.option('--home <dir>', 'the project folder (or MTM_HOME)')
	.option('--as <user>', 'narrow to what this user would see')
	.version(version, '--version')
	.exitOverride()
	.showHelpAfterError('(mtm --help lists the verbs)')
	.configureHelp({ showGlobalOptions: true });

for (const path of Object.keys(verbs).sort()) verbs[path]!.register(program);

// `--home` and `--as` may stand before or after the verb.
for (const verb of program.commands) {
	verb.exitOverride();
	for (const inner of [verb, ...verb.commands])
		inner
			.option('--home <dir>', 'the project folder (or MTM_HOME)')
			.option('--as <user>', 'narrow to what this user would see')
			.exitOverride();
}
program.hook('preAction', (_, command) => takeView(command));

// Whoever reads standard output may stop early (| head): that is no trouble.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => process.exit(cause.code === 'EPIPE' ? 0 : 5));

try {
	await program.parseAsync(process.argv);
} catch (cause) {
	if (cause instanceof CommanderError) process.exitCode = cause.exitCode === 0 ? 0 : 1;
	else if (cause instanceof Trouble) {
		process.stderr.write(`${cause.message}\n`);
		process.exitCode = cause.exit;
	} else {
		process.stderr.write(
			`Something inside went wrong: ${cause instanceof Error && process.env.MTM_DEBUG ? cause.stack : faultWords(cause)}\n`
		);
		process.exitCode = 5;
	}
}
