import { rmSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openHome, type Home } from '$lib/server/home';
import { headFile, readLog, record, shellOwner, verifyLog } from '$lib/server/records/log';
import { closeRecords, records } from '$lib/server/records/open';

const made: Home[] = [];
function newHome(): Home {
	const home = openHome(mkdtempSync(join(tmpdir(), 'mtm-log-')));
	made.push(home);
	return home;
}
afterEach(async () => {
	for (const home of made.splice(0)) {
		await closeRecords(home);
		rmSync(home.folder, { recursive: true, force: true });
	}
});

/** A home whose log has entries 1 to `entries`. */
async function logged(entries: number): Promise<Home> {
	const home = newHome();
	for (let at = 1; at <= entries; at++)
		await record(home, { kind: 'query', by: shellOwner, detail: { rows: at, words: `the ${at}th` } });
	return home;
}

const run = async (home: Home, ...statements: string[]) => {
	for (const statement of statements) await (await records(home)).$client.execute(statement);
};

/** What somebody with the database in hand can do whom no trigger stops. */
const withoutTriggers = [
	'drop trigger access_log_never_changes',
	'drop trigger access_log_never_shrinks',
	'drop trigger access_log_grows_at_its_end'
];

test('entries form one chain, newest first when read, and the chain holds', async () => {
	const home = await logged(5);
	const { rows, total } = await readLog(home, {}, { first: 0, rows: 2 });
	expect(total).toBe(5);
	expect(rows.map((row) => [row.seq, row.detail.rows])).toEqual([
		[5, 5],
		[4, 4]
	]);
	expect(await verifyLog(home)).toMatchObject({ entries: 5, broken: null });
});

test('an empty log is whole', async () => {
	expect(await verifyLog(newHome())).toEqual({ entries: 0, last: null, broken: null });
});

test('nothing of the database changes, removes or inserts between entries', async () => {
	const home = await logged(3);
	const refused = async (statement: string) =>
		await expect(run(home, statement), statement).rejects.toThrow(/access log/);
	await refused(`update access_log set reason = 'none' where seq = 2`);
	await refused('delete from access_log');
	await refused(`insert or replace into access_log select * from access_log where seq = 2`);
	await refused(
		`insert into access_log select 9, at, kind, "by", session, patient, purpose, reason, detail, previous, hash from access_log where seq = 3`
	);
	await refused(
		`insert into access_log select 4, at, kind, "by", session, patient, purpose, reason, detail, previous, hash from access_log where seq = 3`
	);
	expect(await verifyLog(home)).toMatchObject({ entries: 3, broken: null });
});

test.each([
	['a changed word', `update access_log set detail = '{"rows":1}' where seq = 2`, 2],
	['a changed name', `update access_log set "by" = 'somebody' where seq = 3`, 3],
	['an entry taken out', 'delete from access_log where seq = 2', 3],
	['the first taken out', 'delete from access_log where seq = 1', 2],
	['the last two taken off', 'delete from access_log where seq >= 4', 4],
	['all taken away', 'delete from access_log', 1]
])('%s is found', async (_, statement, at) => {
	const home = await logged(5);
	await run(home, ...withoutTriggers, statement);
	expect((await verifyLog(home)).broken?.seq).toBe(at);
});

test('a chain written anew is found by the second place, or by an entry that somebody noted', async () => {
	const home = await logged(5);
	const { last } = await verifyLog(home);
	const head = readFileSync(headFile(home));
	await run(home, ...withoutTriggers, 'delete from access_log');
	for (let at = 1; at <= 5; at++)
		await record(home, { kind: 'query', by: shellOwner, detail: { rows: at, words: `another ${at}` } });
	const renewed = readFileSync(headFile(home));
	expect(await verifyLog(home)).toMatchObject({ broken: null });
	expect(await verifyLog(home, last!)).toMatchObject({ broken: { seq: 5 } });
	writeFileSync(headFile(home), head);
	expect(await verifyLog(home)).toMatchObject({ broken: { seq: 1 } });
	rmSync(headFile(home));
	expect((await verifyLog(home)).broken?.why).toContain('second place');
	writeFileSync(headFile(home), renewed);
});

test('entries written at the same moment stand one after the other', async () => {
	const home = newHome();
	await Promise.all(
		Array.from({ length: 40 }, (_, at) => record(home, { kind: 'view_patient', by: 'u1', patient: `p${at % 4}` }))
	);
	expect(await verifyLog(home)).toMatchObject({ entries: 40, broken: null });
	expect((await readLog(home, { patient: 'p1' }, { first: 0, rows: 100 })).total).toBe(10);
});

test('entries are found by user, kind, day and patient, also where a list showed the patient', async () => {
	const home = newHome();
	await record(home, { kind: 'view_patient', by: 'u1', patient: 'aaaa' });
	await record(home, { kind: 'view_list', by: 'u2', detail: { rows: 2, patients: ['aaaa', 'bbbb'] } });
	await record(home, { kind: 'export', by: shellOwner, detail: { rows: 7 } });
	const found = async (filter: Parameters<typeof readLog>[1]) =>
		(await readLog(home, filter, { first: 0, rows: 10 })).rows.map((row) => row.seq);
	const today = new Date().toISOString().slice(0, 10);
	expect(await found({ patient: 'aaaa' })).toEqual([2, 1]);
	expect(await found({ patient: 'bbbb' })).toEqual([2]);
	expect(await found({ user: 'u2' })).toEqual([2]);
	expect(await found({ kinds: ['export', 'view_list'] })).toEqual([3, 2]);
	expect(await found({ from: today, to: today })).toEqual([3, 2, 1]);
	expect(await found({ to: '2020-01-01' })).toEqual([]);
});

test('a log that cannot be written fails the look', async () => {
	const home = await logged(1);
	await run(home, 'alter table access_log rename to elsewhere');
	await expect(record(home, { kind: 'view_patient', by: 'u1', patient: 'aaaa' })).rejects.toMatchObject({ exit: 5 });
});
