import { readFileSync } from 'node:fs';
import { SingleBar } from 'cli-progress';
import { InvalidArgumentError, type Command } from 'commander';
import type { Mapping } from '$lib/server/load/column';
import type { LoadOptions, Step } from '$lib/server/load/examination';
import { layoutNames } from '$lib/server/load/layout';
import { load, validate } from '$lib/server/load/load';
import { Stopped, type LoadResult } from '$lib/server/load/verdict';
import { demoOf } from '$lib/server/demo/mark';
import { openHome, type Home } from '$lib/server/home';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { usage } from '$lib/server/trouble';
import { homeOf, printJson, say, shellBy, takenView } from './terminal';

type Options = {
	layout?: string;
	mapping?: string;
	table?: string;
	source?: string;
	append?: boolean;
	replace?: boolean;
	maxRejects?: number;
	json?: boolean;
};

const percent = (text: string): number => {
	const value = Number(text.replace(/%$/, ''));
	if (text.trim() === '' || !(value >= 0 && value <= 100)) throw new InvalidArgumentError('a percentage from 0 to 100');
	return value;
};

function withOptions(command: Command): Command {
	return command
		.argument('<path...>', 'files or folders (csv, csv.gz, parquet, ndjson; with --layout ecareplan xml, json, ndjson)')
		.option('--layout <name>', `how the columns are named: ${layoutNames.join(', ')}`, 'canonical')
		.option(
			'--mapping <file>',
			'JSON: {table: {columns: {ours: theirs}, dates: "%m/%d/%Y", values: {column: {theirs: ours}}}}'
		)
		.option('--table <name>', 'the table, where name and header do not say it')
		.option('--source <name>', "the data source of files that name none (else the folder's name)")
		.option('--append', 'rosters: the file adds to the last one')
		.option('--replace', 'rosters: the file is the whole roster, however many vanish')
		.option('--max-rejects <percent>', "the share of a file's rows that may be rejected", percent)
		.option('--json', 'print one JSON value');
}

/** `mtm load` and `mtm validate`: files into the project, whole or not at all, and the same check writing nothing. */
export function register(program: Command): void {
	withOptions(program.command('load').description('check files and load them, whole or not at all')).action(
		async (paths: string[], options: Options, command: Command) => {
			const home = openHome(homeOf(command).folder);
			// Opened first: what could not be logged is not loaded.
			await records(home);
			try {
				const by = takenView()?.user.name;
				const result = await answer(options, (settings) =>
					load(home, paths, { ...settings, actor: shellBy(), ...(by ? { by } : {}) })
				);
				await record(home, { kind: 'load', by: shellBy(), detail: summed(result) });
				tellOfDemo(home, result);
			} catch (cause) {
				if (cause instanceof Stopped) await record(home, { kind: 'load', by: shellBy(), detail: summed(cause.result) });
				throw cause;
			}
		}
	);
	withOptions(program.command('validate').description('the same check, writing nothing')).action(
		async (paths: string[], options: Options, command: Command) => {
			const home = homeOf(command);
			await answer(options, (settings) => validate(home, paths, settings));
		}
	);
}

/** What a load of files does to a home that the demo made, in words. */
function tellOfDemo(home: Home, { verdict, demo_users_disabled: names }: LoadResult): void {
	if (names.length)
		say(
			`The users of the demo (${names.join(', ')}) are disabled and signed out: they need no password, and these files are not the demo's. "mtm users add NAME --role administrator --link" makes a user of your own.`
		);
	if (verdict === 'loaded' && demoOf(home) === 'mixed')
		say(
			`This home still holds the demo's made-up people, and they count in every figure. Load your own files into a folder of their own with --home, or take the demo out with "mtm loads rollback" and the number of its load.`
		);
}

/** What the log keeps of a load: its number and its rows. */
function summed({ verdict, load_id, files, already }: LoadResult): Record<string, unknown> {
	const sum = (of: 'read' | 'loaded' | 'rejected' | 'duplicate' | 'ignored') =>
		files.reduce((total, file) => total + file[of], 0);
	return {
		verdict,
		load: load_id,
		tables: [...new Set(files.map((file) => file.table))],
		files: files.length,
		already: already.length,
		read: sum('read'),
		loaded: sum('loaded'),
		rejected: sum('rejected'),
		duplicate: sum('duplicate'),
		ignored: sum('ignored')
	};
}

async function answer(options: Options, work: (settings: LoadOptions) => Promise<LoadResult>): Promise<LoadResult> {
	const shown = progress();
	let result: LoadResult;
	try {
		result = await work({ ...options, mapping: mappingOf(options.mapping), progress: shown.step });
	} catch (cause) {
		shown.end();
		if (!(cause instanceof Stopped)) throw cause;
		describe(cause.result);
		if (options.json) printJson(cause.result);
		throw cause;
	}
	shown.end();
	describe(result);
	if (options.json) printJson(result);
	return result;
}

function mappingOf(path: string | undefined): Record<string, Mapping> | undefined {
	if (path === undefined) return undefined;
	try {
		return JSON.parse(readFileSync(path, 'utf8')) as Record<string, Mapping>;
	} catch (cause) {
		throw usage(`The mapping ${path} cannot be read: ${(cause as Error).message}. Nothing was changed.`);
	}
}

const count = (value: number) => value.toLocaleString('en-US');

/** Files of one kind that are told one by one: care plans come by the thousand. */
const shownPlans = 20;

/** What became of each file, in words, on standard error. */
function describe(result: LoadResult): void {
	for (const each of result.skipped) say(`skipped ${each.path}: ${each.why}`);
	for (const each of result.already.slice(0, shownPlans))
		say(`${each.name}: Already loaded as load ${each.load_id}; nothing changed.`);
	if (result.already.length > shownPlans)
		say(`${count(result.already.length - shownPlans)} more files: Already loaded; nothing changed.`);
	for (const plan of result.plans.slice(0, shownPlans))
		say(
			`${plan.name}: care plan of FHIR ${plan.version}, ${count(plan.resources)} resources; in no row: ${count(plan.whole_resources_unmapped)} whole resources and ${count(plan.elements_unmapped)} elements of others; rows: ${count(plan.read)} read = ${count(plan.loaded)} loaded + ${count(plan.rejected)} rejected + ${count(plan.duplicate)} duplicate`
		);
	if (result.plans.length > shownPlans)
		say(`${count(result.plans.length - shownPlans)} more care plans; "mtm loads show" and --json tell of each.`);
	for (const file of result.files) {
		say(
			`${file.name} -> ${file.table} (${file.data_source}): ${count(file.read)} read = ${count(file.loaded)} loaded + ${count(file.rejected)} rejected + ${count(file.duplicate)} duplicate + ${count(file.ignored)} ignored`
		);
		for (const each of file.rejects) say(`  rejected ${count(each.rows)}: ${each.sentence}. ${each.effect}`);
		for (const each of file.warnings) say(`  warned ${count(each.rows)}: ${each.sentence}. ${each.effect}`);
		if (file.unknown_columns.length) say(`  columns kept aside: ${file.unknown_columns.join(', ')}`);
	}
	const shown = 15;
	for (const each of result.unmapped.slice(0, shown))
		say(`  not mapped, ${count(each.times)} times: ${each.what} (${each.kind}): ${each.reason}`);
	if (result.unmapped.length > shown)
		say(`  not mapped: ${count(result.unmapped.length - shown)} more kinds of things; "mtm loads unmapped" lists all.`);
	for (const each of result.vanished)
		if (each.vanished)
			say(
				`${each.table} of ${each.data_source}: ${count(each.vanished)} of ${count(each.before)} are gone since the last load`
			);
	if (result.verdict === 'loaded') say(`Loaded as load ${result.load_id}. "mtm refresh" brings it into the results.`);
	if (result.verdict === 'passes') say('It would load. Nothing was written.');
}

/** A bar on a terminal, dated lines elsewhere. */
function progress(): { step: (step: Step) => void; end: () => void } {
	const bar = process.stderr.isTTY
		? new SingleBar({
				format: '{bar} {percentage}% {what}',
				stream: process.stderr,
				clearOnComplete: true,
				hideCursor: true
			})
		: null;
	let shown = '';
	let isOn = false;
	return {
		step: (step) => {
			const what = step.file ? `${step.doing} ${step.file} (${step.number} of ${step.of})` : step.doing;
			if (bar) {
				if (!isOn) bar.start(step.size || 1, 0, { what });
				isOn = true;
				bar.setTotal(step.size || 1);
				bar.update(Math.min(step.bytes, step.size || 1), { what });
			} else if (what !== shown) say(what);
			shown = what;
		},
		end: () => {
			if (isOn) bar!.stop();
		}
	};
}
