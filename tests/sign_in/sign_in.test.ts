import * as argon2 from '@node-rs/argon2';
import { TOTP, Secret } from 'otpauth';
import { expect, test, vi } from 'vitest';
import { readSession } from '$lib/server/lucia/session';
import { readLog } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { one_time_link, recovery_code } from '$lib/server/records/schema';
import { consumeLink, linkUser, makeLink } from '$lib/server/sign_in/link';
import { localPath } from '$lib/server/sign_in/next';
import { addUser, changeUser, disableUser, resetUser, userById } from '$lib/server/sign_in/people';
import {
	beginSecondFactor,
	endSecondFactor,
	isSecondFactor,
	offerSecondFactor
} from '$lib/server/sign_in/second_factor';
import { changeSetting } from '$lib/server/sign_in/settings';
import {
	chooseByLink,
	giveCode,
	signIn,
	signInByLink,
	signInFirst,
	unlock,
	type LetIn
} from '$lib/server/sign_in/sign_in';
import { unlimited } from '$lib/domain/scope';
import { desk, freshHome, good, person } from './home';

vi.mock('@node-rs/argon2', { spy: true });

const start = Date.parse('2026-11-21T08:00:00Z');
const words = (answer: object) => ('refused' in answer ? answer.refused : null);

test('wrong name, wrong password, no password yet and disabled: the same words, and one hash of the same cost each', async () => {
	const home = freshHome();
	await person(home, 'Ann');
	await addUser(home, { name: 'Waiting', role: 'viewer' }, 'test');
	await disableUser(home, await person(home, 'Gone'), 'test');
	const compared = vi.mocked(argon2.verify);
	const said = new Set<unknown>();
	for (const [name, password] of [
		['Ann', 'not the password'],
		['nobody at all', 'not the password'],
		['Waiting', 'not the password'],
		['Gone', good],
		['', '']
	] as const) {
		compared.mockClear();
		said.add(words(await signIn(home, name, password, desk, undefined, start)));
		expect(compared, name).toHaveBeenCalledTimes(1);
		expect(String(compared.mock.calls[0]![0]), name).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
	}
	expect([...said]).toEqual([expect.stringMatching(/do not go together/)]);
});

test('the right pair opens a session and ends the one the browser had', async () => {
	const home = freshHome();
	const ann = await person(home, 'Ann');
	const first = (await signIn(home, ' ANN ', good, desk, undefined, start)) as LetIn;
	expect(await readSession(home, first.token, start)).toMatchObject({ user: { id: ann.id } });
	const second = (await signIn(home, 'ann', good, desk, first.token, start)) as LetIn;
	expect(await readSession(home, first.token, start)).toBeNull();
	expect(await readSession(home, second.token, start)).not.toBeNull();
});

test('after five wrong passwords not even the right one is looked at until the wait is over; everything is in the log', async () => {
	const home = freshHome();
	const ann = await person(home, 'Ann');
	const compared = vi.mocked(argon2.verify);
	for (let guess = 0; guess < 5; guess++) await signIn(home, 'Ann', `guess number ${guess}`, desk, undefined, start);
	compared.mockClear();
	expect(words(await signIn(home, 'Ann', good, desk, undefined, start))).toBe(
		'Too many attempts. Nothing was opened. Try again in 1 second.'
	);
	expect(compared).not.toHaveBeenCalled();
	expect(words(await signIn(home, 'Ann', good, desk, undefined, start + 1000))).toBeNull();
	const { rows } = await readLog(home, { user: ann.id }, { first: 0, rows: 20 });
	expect(rows.filter((row) => row.kind === 'sign_in_failed')).toHaveLength(6);
	expect(rows[0]).toMatchObject({ kind: 'sign_in' });
	expect(JSON.stringify(rows)).not.toContain('guess number');
});

test('the first administrator is made once, with a password that may be', async () => {
	const home = freshHome();
	await expect(signInFirst(home, 'Ann', 'password1234', desk, start)).rejects.toMatchObject({ exit: 1 });
	const tries = await Promise.allSettled(
		['Ann', 'Bob', 'Cy'].map((name) => signInFirst(home, name, good, desk, start))
	);
	expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
});

test('a link works once, for one of many at once, within 24 hours, and not after a newer one', async () => {
	const home = freshHome();
	const ann = await addUser(home, { name: 'Ann', role: 'viewer' }, 'test');
	const old = await makeLink(home, ann.id, start);
	const link = await makeLink(home, ann.id, start);
	expect(await linkUser(home, old, start)).toBeNull();
	expect(await linkUser(home, link, start + 24 * 3_600_000)).toBeNull();
	expect(await linkUser(home, link, start)).toMatchObject({ id: ann.id });
	const used = await Promise.all(Array.from({ length: 20 }, () => consumeLink(home, link, start)));
	expect(used.filter(Boolean)).toHaveLength(1);
	expect(await linkUser(home, link, start)).toBeNull();
	const [row] = await (await records(home)).select().from(one_time_link);
	expect(JSON.stringify(row)).not.toContain(link.split('.')[1]);
});

test('a password that may not be leaves the link; a good one uses it, ends old sessions and signs in', async () => {
	const home = freshHome();
	const ann = await person(home, 'Ann');
	const before = (await signIn(home, 'Ann', good, desk, undefined, start)) as LetIn;
	const link = await resetUser(home, ann, 'test');
	expect(await readSession(home, before.token, start)).toBeNull();
	const now = Date.now();
	await expect(chooseByLink(home, link, 'ann ann ann ann', desk, undefined, now)).rejects.toMatchObject({ exit: 1 });
	const in_ = (await chooseByLink(home, link, 'nine slow tortoises', desk, undefined, now)) as LetIn;
	expect(await readSession(home, in_.token, now)).toMatchObject({ user: { id: ann.id } });
	expect(words(await chooseByLink(home, link, 'nine slow tortoises', desk, undefined, now))).toMatch(/used already/);
	expect(words(await signIn(home, 'Ann', good, desk, undefined, now))).toMatch(/do not go together/);
	expect(words(await signIn(home, 'Ann', 'nine slow tortoises', desk, undefined, now))).toBeNull();
});

test('a disabled user is not let in by a link', async () => {
	const home = freshHome();
	const demo = await addUser(home, { name: 'demo-viewer', role: 'viewer', isDemo: true }, 'test');
	const link = await makeLink(home, demo.id, start);
	await disableUser(home, demo, 'test');
	expect(words(await signInByLink(home, link, desk, undefined, start))).toMatch(/used already/);
});

const code = (secret: string, at: number) =>
	new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });

async function withSecondFactor() {
	const home = freshHome();
	const ann = await person(home, 'Ann');
	const { secret: shown, qr } = await offerSecondFactor(home, ann);
	const secret = shown.replaceAll(' ', '');
	const codes = await beginSecondFactor(home, (await userById(home, ann.id))!, code(secret, start), start);
	return { home, secret, qr, codes: codes!, ann: (await userById(home, ann.id))! };
}

test('with a second factor a password alone shows nothing; a code opens, once', async () => {
	const { home, secret, qr, ann } = await withSecondFactor();
	expect(qr).toMatch(/^<svg/);
	const in_ = (await signIn(home, 'Ann', good, desk, undefined, start)) as LetIn;
	expect(in_.awaiting).toBe('code');
	const waiting = (await readSession(home, in_.token, start))!;
	// The code that set it up was used.
	expect(words((await giveCode(home, waiting, code(secret, start), desk, start))!)).toMatch(/used before/);
	const later = start + 30_000;
	expect(words((await giveCode(home, waiting, '000000', desk, later))!)).toMatch(/not right/);
	expect(await giveCode(home, waiting, code(secret, later), desk, later)).toBeNull();
	expect(await readSession(home, in_.token, later)).toMatchObject({ awaiting: null });
	const tries = await Promise.all(
		Array.from({ length: 5 }, () => isSecondFactor(home, ann, code(secret, later + 60_000), later + 60_000))
	);
	expect(tries.filter(Boolean)).toHaveLength(1);
	expect(await isSecondFactor(home, ann, code(secret, later), later + 60_000)).toBe(false);
	expect(await isSecondFactor(home, ann, code(secret, later + 600_000), later + 120_000)).toBe(false);
});

test('guesses of a code are slowed like those of a password', async () => {
	const { home, secret } = await withSecondFactor();
	const in_ = (await signIn(home, 'Ann', good, desk, undefined, start)) as LetIn;
	const waiting = (await readSession(home, in_.token, start))!;
	for (let guess = 0; guess < 5; guess++) await giveCode(home, waiting, `00000${guess}`, desk, start + 30_000);
	expect(words((await giveCode(home, waiting, code(secret, start + 30_000), desk, start + 30_000))!)).toMatch(
		/Too many/
	);
});

test('ten recovery codes, each works once, kept as hashes; turning off takes them along', async () => {
	const { home, codes, ann } = await withSecondFactor();
	expect(new Set(codes).size).toBe(10);
	expect(codes[0]).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
	expect(JSON.stringify(await (await records(home)).select().from(recovery_code))).not.toContain(codes[0]!.slice(0, 9));
	expect(await isSecondFactor(home, ann, codes[3]!.toUpperCase().replaceAll('-', ' '), start)).toBe(true);
	expect(await isSecondFactor(home, ann, codes[3]!, start)).toBe(false);
	await endSecondFactor(home, ann.id, 'test');
	expect(await isSecondFactor(home, ann, codes[4]!, start)).toBe(false);
});

test('a role that must have a second factor gets nothing before it is set up', async () => {
	const home = freshHome();
	await person(home, 'Ann');
	await changeSetting(home, 'second_factor', 'viewer,administrator', 'test');
	const in_ = (await signIn(home, 'Ann', good, desk, undefined, start)) as LetIn;
	expect(in_.awaiting).toBe('second_factor');
	expect(await readSession(home, in_.token, start)).toMatchObject({ awaiting: 'second_factor' });
	// The rule holds at once, also for who is signed in already, both ways.
	await changeSetting(home, 'second_factor', 'administrator', 'test');
	expect(await readSession(home, in_.token, start)).toMatchObject({ awaiting: null });
	await expect(changeSetting(home, 'second_factor', 'viewer,king', 'test')).rejects.toMatchObject({ exit: 1 });
});

test('a locked session opens with its own password and nothing else', async () => {
	const home = freshHome();
	await person(home, 'Ann');
	await person(home, 'Bob').then((bob) => bob);
	const in_ = (await signIn(home, 'Ann', good, desk, undefined, start)) as LetIn;
	const locked = (await readSession(home, in_.token, start + 16 * 60_000))!;
	expect(locked.locked).toBe(true);
	expect(words((await unlock(home, locked, '', desk, start + 16 * 60_000))!)).toMatch(/not your password/);
	expect(await readSession(home, in_.token, start + 17 * 60_000)).toMatchObject({ locked: true });
	expect(await unlock(home, locked, good, desk, start + 17 * 60_000)).toBeNull();
	expect(await readSession(home, in_.token, start + 17 * 60_000)).toMatchObject({ locked: false });
});

test('names are one in any case and way of typing; the last administrator stays', async () => {
	const home = freshHome();
	const ann = await person(home, 'Ann', { role: 'administrator' });
	await expect(addUser(home, { name: 'aNN', role: 'viewer' }, 'test')).rejects.toMatchObject({ exit: 1 });
	await expect(addUser(home, { name: 'Ａｎｎ', role: 'viewer' }, 'test')).rejects.toMatchObject({ exit: 1 });
	for (const name of ['', ' ', 'x', '-ann', 'a\u0000b', '<b>ann</b>', 'a'.repeat(65)])
		await expect(addUser(home, { name, role: 'viewer' }, 'test'), name).rejects.toMatchObject({ exit: 1 });
	await expect(disableUser(home, ann, 'test')).rejects.toMatchObject({
		exit: 1,
		message: expect.stringMatching(/last/)
	});
	await expect(changeUser(home, ann, { role: 'viewer' }, 'test')).rejects.toMatchObject({ exit: 1 });
	const bob = await person(home, 'Bob', { role: 'administrator' });
	const both = await Promise.allSettled([disableUser(home, ann, 'test'), disableUser(home, bob, 'test')]);
	expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('limits are checked, and an administrator has none', async () => {
	const home = freshHome();
	const limits = { ...unlimited, pharmacies: ['1999000015'] };
	const made = await addUser(home, { name: 'Meg', role: 'pharmacy_manager', limits }, 'test');
	expect(made).toMatchObject({ pharmacies: ['1999000015'], plans: null });
	await expect(addUser(home, { name: 'Al', role: 'administrator', limits }, 'test')).rejects.toMatchObject({ exit: 1 });
	await expect(changeUser(home, made, { role: 'administrator' }, 'test')).rejects.toMatchObject({ exit: 1 });
	await expect(changeUser(home, made, { limits: { ...limits, pharmacies: ['12'] } }, 'test')).rejects.toMatchObject({
		exit: 1
	});
	await changeUser(home, made, { role: 'administrator', limits: unlimited }, 'test');
	const { rows } = await readLog(home, { kinds: ['user_changed'] }, { first: 0, rows: 9 });
	expect(rows).toMatchObject([{ detail: { before: { role: 'pharmacy_manager' }, after: { role: 'administrator' } } }]);
});

test.each([
	['/adherence/pdc_statins?y=2026&pharm=S11,S03', '/adherence/pdc_statins?y=2026&pharm=S11,S03'],
	['/patients', '/patients'],
	[null, '/'],
	['', '/'],
	['//evil.example', '/'],
	['/\\evil.example', '/'],
	['\\/evil.example', '/'],
	['/\t/evil.example', '/'],
	['/a/..//evil.example', '/'],
	['/./\\evil', '/'],
	['https://evil.example/', '/'],
	['javascript:alert(1)', '/'],
	[' //evil.example', '/'],
	['/login?next=/x', '/'],
	['/sign-out', '/'],
	['/link/abc', '/']
])('after signing in, %j leads to %j', (wanted, to) => {
	expect(localPath(wanted)).toBe(to);
});
