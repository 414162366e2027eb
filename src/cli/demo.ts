import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { refresh } from '$lib/server/build/refresh';
import { generateDemo } from '$lib/server/demo/generate';
import { demoMark, isDemoLoad } from '$lib/server/demo/mark';
import { makeDemoUsers } from '$lib/server/demo/users';
import { readCurrent, withLock, writeWhole, type Home } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { activeLoads } from '$lib/server/load/manifest';
import type { LoadResult } from '$lib/server/load/verdict';
import { record, shellOwner } from '$lib/server/records/log';
import { usage } from '$lib/server/trouble';
import { serve } from './serve';
import { madeHomeOf, printJson, say } from './terminal';

/** What a home that holds the demo says about it. */
type DemoMark = { patients: number; seed: number; data_through: string };

const whole = (least: number) => (text: string) => {
	const value = Number(text);
	if (!Number.isInteger(value) || value < least || value > 0x7fffffff)
		throw usage(`"${text}" is no whole number from ${least} up. Nothing was changed.`);
	return value;
};

const demoFolder = (home: Home) => join(home.folder, 'demo');

function readMark(home: Home): DemoMark | null {
	return existsSync(demoMark(home)) ? (JSON.parse(readFileSync(demoMark(home), 'utf8')) as DemoMark) : null;
}

function bar(what: string) {
	const shown = process.stderr.isTTY
		? new SingleBar({ format: '{bar} {percentage}% {what}', stream: process.stderr, hideCursor: true, linewrap: false })
		: null;
	shown?.start(1, 0, { what });
	let told = what;
	if (!shown) say(what);
	return {
		to: (share: number, now = what) => {
			shown?.update(share, { what: now });
			if (!shown && now !== told) say(now);
			told = now;
		},
		end: () => shown?.stop()
	};
}

/** Makes the demo population in a home that holds nothing else, loads it through the door for anyone's files, refreshes, and makes one user a role. */
export async function makeDemo(home: Home, wanted: { patients: number; seed: number }) {
	return await withLock(home, 'demo', async () => {
		const done = await makePopulation(home, wanted);
		await makeDemoUsers(home);
		return done;
	});
}

async function makePopulation(home: Home, wanted: { patients: number; seed: number }) {
	const mark = readMark(home);
	const loads = activeLoads(home);
	if (loads.length > 0 && !(mark && loads.some((each) => isDemoLoad(each.load))))
		throw usage(
			`${home.folder} already holds loaded files. Nothing was changed. Give the demo a folder of its own with --home.`
		);
	if (mark && loads.length > 0 && (mark.patients !== wanted.patients || mark.seed !== wanted.seed))
		throw usage(
			`${home.folder} already holds a demo of ${mark.patients} patients (seed ${mark.seed}). Nothing was changed. Give the other one a folder of its own with --home.`
		);
	if (mark && loads.length > 0) {
		// Killed between load and refresh: what is loaded is whole.
		if (readCurrent(home).results === null) await refresh(home);
		return { ...mark, made: false as const };
	}
	const making = bar(`making ${wanted.patients.toLocaleString('en-US')} people`);
	rmSync(demoFolder(home), { recursive: true, force: true });
	const made = await generateDemo(demoFolder(home), {
		...wanted,
		progress: (done, all) => making.to(done / all)
	});
	making.end();
	const files = made.files.map((file) => join(made.folder, file.file));
	// The mark stands before the load does: whoever kills this in between can run it again.
	writeWhole(demoMark(home), JSON.stringify({ ...wanted, data_through: made.dataThrough } satisfies DemoMark));
	const loading = bar('loading');
	let loaded: LoadResult;
	try {
		loaded = await load(home, files, {
			by: 'demo',
			demo: true,
			progress: (step) => loading.to(step.size ? step.bytes / step.size : 1, step.file ? 'loading' : step.doing)
		});
	} catch (cause) {
		rmSync(demoMark(home), { force: true });
		throw cause;
	} finally {
		loading.end();
	}
	const computing = bar('computing');
	const run = await refresh(home, { progress: (_, share) => computing.to(share) });
	computing.end();
	const sum = (of: (file: (typeof loaded.files)[number]) => number) =>
		loaded.files.reduce((total, file) => total + of(file), 0);
	await record(home, {
		kind: 'load',
		by: shellOwner,
		detail: { load: loaded.load_id, files: loaded.files.length, loaded: sum((file) => file.loaded), demo: true }
	});
	await record(home, { kind: 'refresh', by: shellOwner, detail: { as_of: run.as_of, results: run.results } });
	return {
		...wanted,
		data_through: made.dataThrough,
		made: true as const,
		read: sum((file) => file.read),
		loaded: sum((file) => file.loaded),
		rejected: sum((file) => file.rejected),
		duplicate: sum((file) => file.duplicate),
		fills: run.fills,
		as_of: run.as_of,
		truth: join(demoFolder(home), 'truth')
	};
}

/** `mtm demo`: a synthetic population with known truth. */
export function register(program: Command): void {
	program
		.command('demo')
		.description('makes a synthetic population with known truth, loads it, refreshes')
		.option('--patients <number>', 'how many people', whole(1), 25_000)
		.option('--seed <number>', 'the same seed makes the same people', whole(0), 1)
		.option('--serve', 'then serve the dashboard')
		.option('--host <host>', 'with --serve')
		.option('--port <port>', 'with --serve')
		.option('--json', 'print one JSON value')
		.action(
			async (
				options: { patients: number; seed: number; serve?: boolean; host?: string; port?: string; json?: boolean },
				command: Command
			) => {
				const home = madeHomeOf(command);
				const done = await makeDemo(home, { patients: options.patients, seed: options.seed });
				if (options.json) printJson(done);
				say(
					done.made
						? `Demo population: ${done.patients.toLocaleString('en-US')} people who do not exist, ${done.fills.toLocaleString('en-US')} fills, data through ${done.data_through}. ${done.read.toLocaleString('en-US')} rows read = ${done.loaded.toLocaleString('en-US')} loaded + ${done.rejected.toLocaleString('en-US')} rejected (planted) + ${done.duplicate.toLocaleString('en-US')} repeated.`
						: `The demo population (${done.patients.toLocaleString('en-US')} people, data through ${done.data_through}) is already there.`
				);
				if (!options.serve) say('"mtm serve" prints a one-time link for each user of the demo.');
				if (options.serve) await serve(home, { host: options.host, port: options.port });
			}
		);
}
