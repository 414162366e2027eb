import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backUp, restore } from '$lib/server/backup';
import { refresh } from '$lib/server/build/refresh';
import { homeAt, openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { readLog, record, shellOwner, verifyLog } from '$lib/server/records/log';
import { closeRecords } from '$lib/server/records/open';
import { folder as known } from '../known/expected';
import { emptyFolder, must, started } from '../known/shell';

// kill -9 at any moment of writing the log, a backup or an export loses no committed entry and leaves no half file. MTM_KILLS sets how many moments are tried.

const kills = Number(process.env.MTM_KILLS ?? 6);
const home = homeAt(join(emptyFolder(), 'home'));
const appenders = join('build', 'appender');

beforeAll(async () => {
	must('version');
	await load(openHome(home.folder), [join(known, 'drops', 'drop-1'), join(known, 'drops', 'drop-2')]);
	await refresh(home, { years: [2025], asOf: '2025-09-30' });
	await record(home, { kind: 'query', by: shellOwner });
	await closeRecords(home);
	await build({
		configFile: false,
		logLevel: 'error',
		resolve: { alias: { $lib: fileURLToPath(new URL('../../src/lib', import.meta.url)) } },
		build: {
			ssr: fileURLToPath(new URL('appender.ts', import.meta.url)),
			outDir: appenders,
			emptyOutDir: true,
			target: 'node20',
			rolldownOptions: { output: { entryFileNames: 'appender.js' } }
		}
	});
}, 300_000);
afterAll(() => rmSync(appenders, { recursive: true, force: true }));

test('entries that were written before a kill are there after it, of several processes at once, in one chain', async () => {
	const one = openHome(join(emptyFolder(), 'home'));
	let told = 0;
	for (let round = 0; round < kills; round++) {
		const writers = [0, 1, 2].map(() => {
			const child = spawn(process.execPath, [join(appenders, 'appender.js'), one.folder], {
				stdio: ['ignore', 'pipe', 'inherit']
			});
			let text = '';
			child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
			return { child, ended: once(child, 'close'), last: () => Number(text.trim().split('\n').at(-1) || 0) };
		});
		// Each has written, and together they wrote enough, however slow the machine.
		const enough = told + 12;
		const written = () =>
			writers.every((writer) => writer.last()) && Math.max(...writers.map((one) => one.last())) > enough;
		while (!written()) await new Promise((done) => setTimeout(done, 10));
		await new Promise((done) => setTimeout(done, Math.random() * 300));
		for (const { child } of writers) child.kill('SIGKILL');
		await Promise.all(writers.map(({ ended }) => ended));
		told = Math.max(told, ...writers.map((writer) => writer.last()));
		const verdict = await verifyLog(one);
		expect(verdict.broken).toBe(null);
		expect(verdict.entries).toBeGreaterThanOrEqual(told);
		await closeRecords(one);
	}
	expect(told).toBeGreaterThan(kills * 10);
	expect(await record(one, { kind: 'query', by: shellOwner })).toBeGreaterThan(told);
	await closeRecords(one);
}, 120_000);

/** Starts a command and kills it at a moment (0 to 1) of its usual length. */
async function killed(moment: number, length: number, ...words: string[]): Promise<void> {
	const child = started(...words);
	const ended = once(child, 'exit');
	await new Promise((done) => setTimeout(done, moment * length));
	child.kill('SIGKILL');
	await ended;
}

async function timed(...words: string[]): Promise<number> {
	const from = Date.now();
	const child = started(...words);
	await once(child, 'exit');
	expect(child.exitCode).toBe(0);
	return Date.now() - from;
}

const left = (at: string) => (existsSync(join(at, 'scratch')) ? readdirSync(join(at, 'scratch')) : []);

test('a backup killed at any moment is there whole or not at all; the next one works and sweeps', async () => {
	const length = await timed('--home', home.folder, 'backup', join(emptyFolder(), 'b.tar'));
	for (let at = 0; at < kills; at++) {
		const one = homeAt(join(emptyFolder(), 'home'));
		cpSync(home.folder, one.folder, { recursive: true });
		const file = join(emptyFolder(), 'b.tar');
		// Most of a command's time is its start: the later moments are the ones that matter.
		await killed(0.4 + (0.7 * (at + Math.random())) / kills, length, '--home', one.folder, 'backup', file);
		expect((await verifyLog(one)).broken).toBe(null);
		if (existsSync(file)) await restore(file, homeAt(join(emptyFolder(), 'home')), { by: shellOwner });
		const next = join(emptyFolder(), 'b.tar');
		await backUp(one, next, { by: shellOwner });
		expect(left(one.folder)).toEqual([]);
		const other = homeAt(join(emptyFolder(), 'home'));
		const restored = await restore(next, other, { by: shellOwner });
		expect(restored.log.broken).toBe(null);
		for (const each of [one, other]) await closeRecords(each);
	}
}, 300_000);

test('an export killed at any moment is there whole and logged, or not at all', async () => {
	const words = (at: string, file: string) =>
		['--home', at, 'export', 'pharmacy_claim', '--format', 'xlsx', '--out', file] as const;
	const length = await timed(...words(home.folder, join(emptyFolder(), 'e.xlsx')));
	for (let at = 0; at < kills; at++) {
		const one = homeAt(join(emptyFolder(), 'home'));
		cpSync(home.folder, one.folder, { recursive: true });
		const file = join(emptyFolder(), 'e.xlsx');
		await killed(0.4 + (0.7 * (at + Math.random())) / kills, length, ...words(one.folder, file));
		expect((await verifyLog(one)).broken).toBe(null);
		if (existsSync(file)) {
			const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
			const { rows } = await readLog(one, { kinds: ['export'] }, { first: 0, rows: 100 });
			expect(rows.some((row) => row.detail.sha256 === hash)).toBe(true);
		}
		await closeRecords(one);
	}
}, 300_000);
