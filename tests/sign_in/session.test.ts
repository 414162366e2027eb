import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import {
	beginSession,
	completeSession,
	endSession,
	endSessionsOf,
	keepActive,
	lockSession,
	readSession,
	sessionsOf,
	unlockSession
} from '$lib/server/lucia/session';
import { readLog } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { auth_session, user } from '$lib/server/records/schema';
import { disableUser } from '$lib/server/sign_in/people';
import { sha256 } from '$lib/server/sign_in/secret';
import { changeSetting } from '$lib/server/sign_in/settings';
import { desk, freshHome, person } from './home';

const minute = 60_000;
const start = Date.parse('2026-11-21T08:00:00Z');

async function signedIn() {
	const home = freshHome();
	const ann = await person(home, 'Ann');
	const { id, token } = await beginSession(home, ann.id, desk, null, start);
	return { home, ann, id, token };
}

test('the token opens the session; only the hash of its secret is kept', async () => {
	const { home, ann, id, token } = await signedIn();
	expect(await readSession(home, token, start)).toMatchObject({
		id,
		user: { id: ann.id },
		locked: false,
		awaiting: null
	});
	const [row] = await (await records(home)).select().from(auth_session);
	const secret = token.split('.')[1]!;
	expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
	expect(JSON.stringify(row)).not.toContain(secret);
	expect(row!.secret_hash).toBe(sha256(secret));
});

test('no other text opens it', async () => {
	const { home, id, token } = await signedIn();
	const secret = token.split('.')[1]!;
	const wrong = [
		undefined,
		'',
		id,
		secret,
		`${id}.`,
		`${id}.${'A'.repeat(43)}`,
		`${'A'.repeat(16)}.${secret}`,
		`${id}.${sha256(secret).slice(0, 43)}`,
		`${token}x`,
		` ${token}`
	];
	for (const text of wrong) expect(await readSession(home, text, start), String(text)).toBeNull();
	expect(await readSession(home, token, start)).not.toBeNull();
});

test('fifteen minutes without anything done lock it on the server; a minute less does not', async () => {
	const { home, token } = await signedIn();
	expect(await readSession(home, token, start + 15 * minute - 1)).toMatchObject({ locked: false, locksIn: 1 });
	const late = await readSession(home, token, start + 15 * minute);
	expect(late).toMatchObject({ locked: true, locksIn: 0 });
	// A locked one stays locked, whatever a page that is still open tells.
	await keepActive(home, late!, start + 15 * minute);
	expect(await readSession(home, token, start + 15 * minute + 1)).toMatchObject({ locked: true });
	expect((await readLog(home, { kinds: ['lock'] }, { first: 0, rows: 9 })).rows).toMatchObject([
		{ detail: { why: 'idle' } }
	]);
	await unlockSession(home, late!, start + 20 * minute);
	expect(await readSession(home, token, start + 34 * minute)).toMatchObject({ locked: false });
});

test('activity puts the lock off, but never the end after twelve hours', async () => {
	const { home, token } = await signedIn();
	let now = start;
	for (; now < start + 12 * 60 * minute - 10 * minute; now += 10 * minute) {
		const session = await readSession(home, token, now);
		expect(session).toMatchObject({ locked: false });
		await keepActive(home, session!, now);
	}
	expect(await readSession(home, token, start + 12 * 60 * minute - 1)).not.toBeNull();
	expect(await readSession(home, token, start + 12 * 60 * minute)).toBeNull();
	expect(await (await records(home)).select().from(auth_session)).toEqual([]);
});

test('the idle time is a setting that holds at once', async () => {
	const { home, token } = await signedIn();
	await changeSetting(home, 'idle_minutes', '5', 'test');
	expect(await readSession(home, token, start + 5 * minute)).toMatchObject({ locked: true });
	for (const value of ['0', '61', '5.5', 'never'])
		await expect(changeSetting(home, 'idle_minutes', value, 'test')).rejects.toMatchObject({ exit: 1 });
});

test('a session that ended, was revoked or whose user is disabled opens nothing, at once', async () => {
	const { home, ann, id, token } = await signedIn();
	const other = await beginSession(home, ann.id, desk, null, start);
	const third = await beginSession(home, ann.id, desk, null, start);
	expect(await sessionsOf(home, ann.id, start)).toHaveLength(3);
	expect(await endSession(home, id, 'somebody else')).toBe(0);
	expect(await endSession(home, id, ann.id)).toBe(1);
	expect(await readSession(home, token, start)).toBeNull();
	expect(await endSessionsOf(home, ann.id, third.id)).toBe(1);
	expect(await readSession(home, other.token, start)).toBeNull();
	expect(await readSession(home, third.token, start)).not.toBeNull();
	await disableUser(home, ann, 'test');
	expect(await readSession(home, third.token, start)).toBeNull();
});

test('a row of a disabled user opens nothing even where it was left', async () => {
	const { home, ann, token } = await signedIn();
	const database = await records(home);
	await database.update(user).set({ disabled_at: start }).where(eq(user.id, ann.id));
	expect(await readSession(home, token, start)).toBeNull();
	expect(await database.select().from(auth_session)).toEqual([]);
});

test('a password without its code is good for ten minutes and shows nothing', async () => {
	const { home, ann } = await signedIn();
	const { id, token } = await beginSession(home, ann.id, desk, 'code', start);
	const waiting = await readSession(home, token, start + 9 * minute);
	expect(waiting).toMatchObject({ awaiting: 'code' });
	expect(await readSession(home, token, start + 10 * minute)).toBeNull();
	const again = await beginSession(home, ann.id, desk, 'code', start);
	await completeSession(home, (await readSession(home, again.token, start))!, start);
	expect(await readSession(home, again.token, start + 14 * minute)).toMatchObject({ awaiting: null });
	expect(id).not.toBe(again.id);
});

test('locking twice is one entry of the log', async () => {
	const { home, token } = await signedIn();
	const session = (await readSession(home, token, start))!;
	await Promise.all([lockSession(home, session, 'asked', start), lockSession(home, session, 'asked', start)]);
	expect((await readLog(home, { kinds: ['lock'] }, { first: 0, rows: 9 })).total).toBe(1);
	const [row] = await (await records(home)).select().from(auth_session).where(eq(auth_session.id, session.id));
	expect(row!.locked_at).toBe(start);
});
