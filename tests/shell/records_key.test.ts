import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { pathToFileURL } from 'node:url';
import { homeAt, openHome, writeWhole, type Home } from '$lib/server/home';
import { readLog, record, verifyLog } from '$lib/server/records/log';
import { closeRecords, records, recordsFile } from '$lib/server/records/open';
import { servingFile } from '$lib/server/sign_in/link';
import { addUser, people } from '$lib/server/sign_in/people';
import { emptyFolder, must } from '../known/shell';

// The records written anew under another key: whole or not at all, and never while somebody works with them. MTM_KILLS sets how many moments are tried.

const word = 'PLANTED-NAME';
let entries = 0;
const home = openHome(join(emptyFolder(), 'home'));

beforeAll(async () => {
	await addUser(home, { name: word, role: 'viewer' }, 'test');
	for (let at = 0; at < 400; at++) await record(home, { kind: 'query', by: 'test', detail: { rows: at } });
	entries = (await verifyLog(home)).entries;
	await closeRecords(home);
	must('version');
}, 120_000);
afterEach(() => {
	delete process.env.MTM_KEY;
});

function copied(): Home {
	const one = homeAt(join(emptyFolder(), 'home'));
	cpSync(home.folder, one.folder, { recursive: true });
	return one;
}

const main = join('build', 'cli', 'main.js');
const envOf = (key: string | null) => ({ ...process.env, ...(key === null ? {} : { MTM_NEW_KEY: key }) });

/** Changes the key in a process of its own, as a person does; null is no key. Its exit code, and what it said. */
function change(one: Home, key: string | null): { exit: number | null; entries: number | null; said: string } {
	const words = [main, '--home', one.folder, 'records', 'key', '--json', ...(key === null ? ['--plain'] : [])];
	const { status, stdout, stderr } = spawnSync(process.execPath, words, { env: envOf(key), encoding: 'utf8' });
	return { exit: status, entries: stdout ? (JSON.parse(stdout) as { entries: number }).entries : null, said: stderr };
}

async function whole(one: Home): Promise<number> {
	expect((await people(one)).map((person) => person.name)).toEqual([word]);
	const verdict = await verifyLog(one);
	expect(verdict.broken).toBe(null);
	await closeRecords(one);
	return verdict.entries;
}

const isPlain = (one: Home) =>
	readdirSync(join(one.folder, 'records')).some((file) =>
		readFileSync(join(one.folder, 'records', file)).includes(word)
	);

test('records made without a key are encrypted, get another key, and lose it: everything is there each time, and logged', async () => {
	const one = copied();
	expect(isPlain(one)).toBe(true);
	for (const [key, at] of [
		['first key, of the test', 1],
		["an odd one: it's & key?=ü#%", 2]
	] as const) {
		expect(change(one, key)).toMatchObject({ exit: 0, entries: entries + at });
		expect(isPlain(one)).toBe(false);
		await expect(records(one)).rejects.toMatchObject({ exit: 3 });
		process.env.MTM_KEY = key;
	}
	process.env.MTM_KEY = 'first key, of the test';
	await expect(records(one)).rejects.toMatchObject({ exit: 3 });
	expect(change(one, null).exit).toBe(3);
	process.env.MTM_KEY = "an odd one: it's & key?=ü#%";
	expect(change(one, null).exit).toBe(0);
	delete process.env.MTM_KEY;
	expect(await whole(one)).toBe(entries + 3);
	const { rows } = await readLog(one, { kinds: ['setting_changed'] }, { first: 0, rows: 9 });
	expect(rows.map((row) => [row.detail.before, row.detail.after])).toEqual([
		['a key', 'none'],
		['a key', 'another key'],
		['none', 'another key']
	]);
	expect(readdirSync(join(one.folder, 'scratch'))).toEqual([]);
	await closeRecords(one);
});

test('while somebody has the records open nothing is changed, and what they write is kept', async () => {
	const one = copied();
	const other = homeAt(join(emptyFolder(), 'elsewhere'));
	symlinkSync(one.folder, other.folder);
	await record(other, { kind: 'query', by: 'another process' });
	expect(change(one, 'a key').exit).toBe(4);
	await record(other, { kind: 'query', by: 'another process' });
	await closeRecords(other);
	expect(await whole(one)).toBe(entries + 2);
});

test('while it is served nothing is changed; a server that is gone does not count', () => {
	const one = copied();
	writeWhole(servingFile(one), JSON.stringify({ origin: 'http://127.0.0.1:1', pid: process.pid }));
	expect(change(one, 'a key')).toMatchObject({ exit: 4, said: expect.stringContaining('mtm serve') as string });
	writeWhole(servingFile(one), JSON.stringify({ origin: 'http://127.0.0.1:1', pid: 2 ** 30 }));
	expect(change(one, 'a key')).toMatchObject({ exit: 0, entries: entries + 1 });
});

test('the key they have, no records, and a broken log are refused', async () => {
	const one = copied();
	expect(change(one, null).exit).toBe(1);
	expect(change(openHome(join(emptyFolder(), 'home')), 'a key').exit).toBe(1);
	// Changed by a process of its own, so that nobody has the records open afterwards.
	const sql = `drop trigger access_log_never_changes; update access_log set "by" = 'nobody' where seq = 7`;
	const edit = `import('@libsql/client').then(({ createClient }) => createClient({ url: process.argv[1] }).executeMultiple(process.argv[2]))`;
	const edited = spawnSync(process.execPath, ['-e', edit, pathToFileURL(recordsFile(one)).href, sql]);
	expect(edited.status).toBe(0);
	expect(change(one, 'a key')).toMatchObject({ exit: 5, said: expect.stringContaining('entry 7') as string });
	expect(isPlain(one)).toBe(true);
});

test('killed at any moment the records are there, under one key or the other, and the next try works', async () => {
	const start = (one: Home) =>
		spawn(process.execPath, [main, '--home', one.folder, 'records', 'key'], {
			stdio: 'ignore',
			env: envOf('the new key')
		});
	const from = Date.now();
	expect(await once(start(copied()), 'exit')).toEqual([0, null]);
	const length = Date.now() - from;
	const kills = Number(process.env.MTM_KILLS ?? 4);
	let changed = 0;
	for (let at = 0; at < kills; at++) {
		const one = copied();
		const child = start(one);
		const ended = once(child, 'exit');
		await new Promise((done) => setTimeout(done, (0.5 + (0.6 * (at + Math.random())) / kills) * length));
		child.kill('SIGKILL');
		await ended;
		const isNew = !existsSync(recordsFile(one)) || !isPlain(one);
		if (isNew) {
			changed++;
			process.env.MTM_KEY = 'the new key';
		}
		// Looked at in a copy: this process would keep the records open.
		const copy = homeAt(join(emptyFolder(), 'home'));
		cpSync(one.folder, copy.folder, { recursive: true });
		expect(await whole(copy)).toBe(entries + (isNew ? 1 : 0));
		expect(change(one, 'the next key').exit).toBe(0);
		process.env.MTM_KEY = 'the next key';
		expect(await whole(one)).toBe(entries + (isNew ? 2 : 1));
		expect(readdirSync(join(one.folder, 'scratch'))).toEqual([]);
		delete process.env.MTM_KEY;
	}
	expect(changed).toBeLessThan(kills);
}, 120_000);
