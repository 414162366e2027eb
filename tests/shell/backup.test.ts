import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { backUp, restore } from '$lib/server/backup';
import { refresh } from '$lib/server/build/refresh';
import type { Row } from '$lib/server/duckdb';
import { homeAt, openHome } from '$lib/server/home';
import { listLoads } from '$lib/server/load/history';
import { ensureIntake } from '$lib/server/load/intake';
import { load } from '$lib/server/load/load';
import { beginSession, endSessionsOf, readSession } from '$lib/server/lucia/session';
import { query } from '$lib/server/query';
import { readLog, record, shellOwner, verifyLog } from '$lib/server/records/log';
import { closeRecords, recordsFile } from '$lib/server/records/open';
import { consumeLink, linkUser, makeLink } from '$lib/server/sign_in/link';
import { addUser, people } from '$lib/server/sign_in/people';
import { readTar, writeTar } from '$lib/server/tar';
import { folder as known } from '../known/expected';
import { emptyFolder } from '../known/shell';

const home = homeAt(join(emptyFolder(), 'home'));
const who = { by: shellOwner };
const questions = [
	'select * from adherence order by patient_id, measure, year',
	'select * from supply order by all',
	'select * from pharmacy_claim order by all',
	'select * from measure_result order by all',
	'select * from review_list order by all'
];

async function answers(at: string, asked = questions): Promise<Row[][]> {
	await ensureIntake(homeAt(at));
	return await Promise.all(
		asked.map((sql) =>
			query(homeAt(at), sql, everyone, async ({ rows }) => {
				const all: Row[] = [];
				for await (const row of rows) all.push(row);
				return all;
			})
		)
	);
}

const fresh = (name: string) => join(emptyFolder(), name);

beforeAll(async () => {
	openHome(home.folder);
	for (const drop of ['drop-1', 'drop-2']) await load(home, [join(known, 'drops', drop)]);
	await refresh(home, { years: [2025], asOf: '2025-09-30' });
	for (let at = 0; at < 3; at++) await record(home, { kind: 'query', by: shellOwner, detail: { rows: at } });
});

test('a restored home answers every question as the one that was saved, and its log goes on', async () => {
	const file = fresh('backup.tar');
	const made = await backUp(home, file, who);
	expect(made.sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
	const other = homeAt(fresh('home'));
	await restore(file, other, who);
	const before = await answers(home.folder);
	expect(before[0]!.length).toBeGreaterThan(100);
	expect(await answers(other.folder)).toEqual(before);
	expect(listLoads(other)).toEqual(listLoads(home));
	expect(await verifyLog(other)).toMatchObject({ entries: 4, broken: null });
	expect((await readLog(home, { kinds: ['backup'] }, { first: 0, rows: 1 })).rows[0]!.detail.sha256).toBe(made.sha256);
	// It is a home like any other: the next load and refresh work.
	await load(other, [join(known, 'drops', 'drop-3')]);
	await refresh(other, { years: [2025], asOf: '2025-12-31' });
	expect(readdirSync(join(home.folder, 'scratch'))).toEqual([]);
});

test('nobody is signed in to a restored home, and no link of the day of the backup lets anybody in', async () => {
	const one = openHome(fresh('home'));
	const ann = await addUser(one, { name: 'Ann', role: 'administrator' }, 'test');
	const bob = await addUser(one, { name: 'Bob', role: 'viewer' }, 'test');
	const { token } = await beginSession(one, ann.id, { address: '127.0.0.1', browser: 'test' });
	const link = await makeLink(one, bob.id);
	const file = fresh('backup.tar');
	await backUp(one, file, who);
	// Ended and used after the backup: neither may come back.
	await endSessionsOf(one, ann.id);
	expect(await consumeLink(one, link)).toBe(true);
	const other = homeAt(fresh('home'));
	expect((await restore(file, other, who)).ended).toEqual({ sessions: 1, links: 1 });
	expect(await readSession(other, token)).toBe(null);
	expect(await linkUser(other, link)).toBe(null);
	expect((await people(other)).map((person) => person.name)).toEqual(['Ann', 'Bob']);
	const { rows } = await readLog(other, { kinds: ['restore'] }, { first: 0, rows: 1 });
	expect(rows[0]!.detail).toMatchObject({ sessions: 1, links: 1 });
	for (const each of [one, other]) await closeRecords(each);
});

test('any tar and sha256sum can read and check it', async () => {
	const file = fresh('backup.tar');
	await backUp(home, file, who);
	const out = emptyFolder();
	execFileSync('tar', ['-xf', file, '-C', out]);
	const said = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' });
	expect(
		said
			.trim()
			.split('\n')
			.every((line) => line.endsWith(': OK'))
	).toBe(true);
	expect(existsSync(join(out, 'current.json'))).toBe(true);
});

test('a backup with any byte changed, cut off or added is refused and changes nothing', async () => {
	const file = fresh('backup.tar');
	await backUp(home, file, who);
	const whole = readFileSync(file);
	const damaged = fresh('damaged.tar');
	const refused = async (bytes: Uint8Array, what: string) => {
		writeFileSync(damaged, bytes);
		const other = fresh('home');
		await expect(restore(damaged, homeAt(other), who), what).rejects.toMatchObject({ exit: 2 });
		expect(existsSync(other)).toBe(false);
		expect(readdirSync(join(other, '..'))).toEqual([]);
	};
	for (let tries = 0; tries < 40; tries++) {
		const at = Math.floor(Math.random() * whole.length);
		const other = Buffer.from(whole);
		other[at] = other[at]! ^ (1 << (tries % 8));
		await refused(other, `a bit at ${at} of ${whole.length}`);
	}
	for (const length of [0, 100, 512, whole.length >> 1, whole.length - 1024, whole.length - 1])
		await refused(whole.subarray(0, length), `cut to ${length}`);
	await refused(Buffer.concat([whole, Buffer.from('more')]), 'something after the end');
});

test('a path that leads out of the home is refused', async () => {
	const file = fresh('evil.tar');
	for (const name of ['../evil', 'loads/../../evil', '/etc/evil', 'records/.ssh', 'lock']) {
		const bytes = Buffer.from('x');
		const sums = Buffer.from(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
		const out = await open(file, 'w');
		await writeTar(
			out,
			(async function* () {
				for (const [path, content] of [
					[name, bytes],
					['SHA256SUMS', sums]
				] as const)
					yield {
						name: path,
						size: content.length,
						bytes: (async function* () {
							yield content;
						})()
					};
			})(),
			new Date(0),
			() => {}
		);
		await out.close();
		const other = fresh('home');
		await expect(restore(file, homeAt(other), who), name).rejects.toMatchObject({ exit: 2 });
		expect(existsSync(join(other, '..', 'evil'))).toBe(false);
	}
});

test('a home that holds something is left alone', async () => {
	const file = fresh('backup.tar');
	await backUp(home, file, who);
	const other = fresh('home');
	mkdirSync(other);
	writeFileSync(join(other, 'mine.txt'), 'mine');
	await expect(restore(file, homeAt(other), who)).rejects.toMatchObject({ exit: 1 });
	expect(readdirSync(other)).toEqual(['mine.txt']);
	await expect(backUp(home, file, who)).rejects.toMatchObject({ exit: 1 });
});

test('backups during loads and refreshes hold one moment: a load whole or not at all, and results that were readable', async () => {
	const one = openHome(fresh('home'));
	await load(one, [join(known, 'drops', 'drop-1')]);
	await refresh(one, { years: [2025], asOf: '2025-09-30' });
	const adherence = async (at: string) => JSON.stringify((await answers(at, questions.slice(0, 1)))[0]);
	const seen = new Set<string>([await adherence(one.folder)]);
	let isDone = false;
	const work = (async () => {
		for (const drop of ['drop-2', 'drop-3']) {
			await load(one, [join(known, 'drops', drop)]);
			await refresh(one, { years: [2025], asOf: '2025-12-31' });
			seen.add(await adherence(one.folder));
		}
		isDone = true;
	})();
	const saved: string[] = [];
	while (!isDone) {
		const file = fresh('backup.tar');
		await backUp(one, file, who);
		saved.push(file);
		await new Promise((done) => setTimeout(done, 50));
	}
	await work;
	expect(saved.length).toBeGreaterThan(2);
	// Spread over the whole time, the last among them.
	const step = Math.ceil(saved.length / 8);
	for (const file of saved.filter((_, at) => (saved.length - 1 - at) % step === 0)) {
		const other = homeAt(fresh('home'));
		const note = await restore(file, other, who);
		expect(listLoads(other).map((each) => each.load_id)).toEqual(note.loads);
		expect(seen.has(await adherence(other.folder))).toBe(true);
		expect((await verifyLog(other)).broken).toBe(null);
		await closeRecords(other);
	}
}, 300_000);

test('with MTM_KEY the records of a backup are as unreadable as those of the home, and need the key again', async () => {
	const one = openHome(fresh('home'));
	const file = fresh('backup.tar');
	const word = 'PLANTED-REASON';
	process.env.MTM_KEY = 'a key of the test';
	try {
		await record(one, { kind: 'reveal', by: 'u1', patient: 'aaaa', reason: word });
		await backUp(one, file, who);
		await closeRecords(one);
		for (const path of [file, recordsFile(one)]) expect(readFileSync(path).includes(word), path).toBe(false);
		process.env.MTM_KEY = 'another key';
		await expect(restore(file, homeAt(fresh('home')), who)).rejects.toMatchObject({ exit: 3 });
		delete process.env.MTM_KEY;
		await expect(restore(file, homeAt(fresh('home')), who)).rejects.toMatchObject({ exit: 3 });
		process.env.MTM_KEY = 'a key of the test';
		const other = homeAt(fresh('home'));
		await restore(file, other, who);
		expect((await readLog(other, { kinds: ['reveal'] }, { first: 0, rows: 1 })).rows[0]!.reason).toBe(word);
		await closeRecords(other);
	} finally {
		delete process.env.MTM_KEY;
	}
	// Without a key the word stands there to be read: the test above would notice.
	const open = openHome(fresh('home'));
	await record(open, { kind: 'reveal', by: 'u1', patient: 'aaaa', reason: word });
	const plain = fresh('plain.tar');
	await backUp(open, plain, who);
	expect(readFileSync(plain).includes(word)).toBe(true);
});

test('sizes from 8 GiB on are written as tar reads them', async () => {
	const file = fresh('large.tar');
	const out = await open(file, 'w');
	const size = 9 * 2 ** 30;
	// Only the head is looked at: nine gigabytes are not written.
	const stop = new Error('enough');
	await writeTar(
		out,
		(async function* () {
			yield {
				name: 'large',
				size,
				// eslint-disable-next-line require-yield -- it fails before there is anything to yield
				bytes: (async function* () {
					throw stop;
				})()
			};
		})(),
		new Date(0),
		() => {}
	).catch((cause) => expect(cause).toBe(stop));
	await out.close();
	copyFileSync(file, `${file}.head`);
	const said = execFileSync('sh', ['-c', `tar -tvf ${file}.head 2>/dev/null || true`], { encoding: 'utf8' });
	expect(said).toContain(String(size));
	const read = readTar(file);
	expect((await read.next()).value?.size).toBe(size);
	await read.return(undefined);
});
