// Written after Lucia's successor code (lucia-auth.com, auth_session.ts, 0BSD): an id and a 32-byte secret, the secret stored as its SHA-256
// and compared in constant time; with an idle lock, an absolute end and rows that end a session at once.
import type { Cookies } from '@sveltejs/kit';
import { and, desc, eq, gt, isNull, lte, ne } from 'drizzle-orm';
import type { Reveal } from '$lib/domain/viewer';
import type { Home } from '$lib/server/home';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { auth_session, user } from '$lib/server/records/schema';
import { newToken, readToken, sameHash } from '$lib/server/sign_in/secret';
import { signInSettings } from '$lib/server/sign_in/settings';

export type UserRow = typeof user.$inferSelect;
export type SessionRow = typeof auth_session.$inferSelect;

/** A session as it stands at this moment, with its user. */
export type SignedIn = {
	id: string;
	user: UserRow;
	/** Waits for its password: nothing is shown. */
	locked: boolean;
	/** A code, or a second factor that the role requires, is missing: nothing is shown. */
	awaiting: 'code' | 'second_factor' | null;
	reveals: Reveal[];
	/** Milliseconds until it locks by itself, and until it ends. */
	locksIn: number;
	endsIn: number;
	/** Milliseconds without anything done after which it locks. */
	idle: number;
};

/** Minutes that a password alone, without the code still missing, is good for. */
const halfway = 10 * 60_000;

/** The cookie's name: one for each port, because browsers share cookies between ports; bound to the host under TLS. */
const cookieName = (url: URL) =>
	`${url.protocol === 'https:' ? '__Host-' : ''}session${url.port ? `-${url.port}` : ''}`;

/** The token that a browser sent. */
export const tokenOf = (cookies: Cookies, url: URL): string | undefined => cookies.get(cookieName(url));

const cookieOptions = (url: URL) =>
	({ path: '/', httpOnly: true, sameSite: 'lax', secure: url.protocol === 'https:' }) as const;

/** Gives the token to the browser, until it is closed. */
export const giveToken = (cookies: Cookies, url: URL, token: string): void =>
	cookies.set(cookieName(url), token, cookieOptions(url));

/** Takes the token from the browser. */
export const takeToken = (cookies: Cookies, url: URL): void => cookies.delete(cookieName(url), cookieOptions(url));

/** Begins a session and returns its token, the only place where the secret is. Sessions past their end are swept. */
export async function beginSession(
	home: Home,
	userId: string,
	from: { address: string; browser: string },
	awaiting: SessionRow['awaiting'] = null,
	now = Date.now()
): Promise<{ id: string; token: string }> {
	const database = await records(home);
	const { lifetime } = await signInSettings(home);
	const { id, token, secret_hash } = newToken();
	await database.delete(auth_session).where(lte(auth_session.expires_at, now));
	await database.insert(auth_session).values({
		id,
		secret_hash,
		user_id: userId,
		created_at: now,
		active_at: now,
		expires_at: now + (awaiting ? halfway : lifetime),
		awaiting,
		address: from.address,
		browser: from.browser.slice(0, 200)
	});
	return { id, token };
}

/**
 * The session of a token; null when there is none, its secret is wrong, its end has passed or its user is disabled. One that was idle too
 * long is locked here, whatever the browser did.
 */
export async function readSession(home: Home, token: string | undefined, now = Date.now()): Promise<SignedIn | null> {
	const parts = readToken(token);
	if (!parts) return null;
	const database = await records(home);
	const [found] = await database
		.select()
		.from(auth_session)
		.innerJoin(user, eq(user.id, auth_session.user_id))
		.where(eq(auth_session.id, parts.id));
	if (!found || !sameHash(found.auth_session.secret_hash, parts.secret_hash)) return null;
	const session = found.auth_session;
	if (session.expires_at <= now || found.user.disabled_at !== null) {
		await database.delete(auth_session).where(eq(auth_session.id, session.id));
		return null;
	}
	const { idle, secondFactor } = await signInSettings(home);
	const locksIn = session.active_at + idle - now;
	const whole = session.awaiting === null;
	if (session.locked_at === null && whole && locksIn <= 0)
		await lockSession(home, { id: session.id, user: found.user }, 'idle', now);
	const owes = whole && owesSecondFactor(found.user, secondFactor);
	return {
		id: session.id,
		user: found.user,
		locked: session.locked_at !== null || (whole && locksIn <= 0),
		awaiting: owes ? 'second_factor' : session.awaiting,
		reveals: session.reveals,
		locksIn: Math.max(0, locksIn),
		endsIn: session.expires_at - now,
		idle
	};
}

/** True for who must have a second factor by their role and has none; users of the demo need none. */
const owesSecondFactor = (person: UserRow, required: string[]): boolean =>
	required.includes(person.role) && person.totp_secret === null && !person.is_demo;

/**
 * The person did something: idle time starts over, and a locked session stays locked. Written at most once in a while; returns the
 * milliseconds until it locks.
 */
export async function keepActive(home: Home, session: SignedIn, now = Date.now()): Promise<number> {
	if (session.locked || session.idle - session.locksIn < Math.min(10_000, session.idle / 20)) return session.locksIn;
	await (
		await records(home)
	)
		.update(auth_session)
		.set({ active_at: now })
		.where(and(eq(auth_session.id, session.id), isNull(auth_session.locked_at)));
	return session.idle;
}

/** Locks a session, because the person asked or was idle. */
export async function lockSession(
	home: Home,
	session: { id: string; user: UserRow },
	why: 'asked' | 'idle',
	now = Date.now()
): Promise<void> {
	const locked = await (
		await records(home)
	)
		.update(auth_session)
		.set({ locked_at: now })
		.where(and(eq(auth_session.id, session.id), isNull(auth_session.locked_at)))
		.returning({ id: auth_session.id });
	if (locked.length) await record(home, { kind: 'lock', by: session.user.id, session: session.id, detail: { why } });
}

/** Opens a locked session again; call it only after its password was proven. */
export async function unlockSession(home: Home, session: SignedIn, now = Date.now()): Promise<void> {
	await record(home, { kind: 'unlock', by: session.user.id, session: session.id });
	await (
		await records(home)
	)
		.update(auth_session)
		.set({ locked_at: null, active_at: now })
		.where(eq(auth_session.id, session.id));
}

/** The code that was missing is there: the session is a whole one from now on. */
export async function completeSession(home: Home, session: SignedIn, now = Date.now()): Promise<void> {
	const { lifetime } = await signInSettings(home);
	await (
		await records(home)
	)
		.update(auth_session)
		.set({ awaiting: null, active_at: now, expires_at: now + lifetime })
		.where(eq(auth_session.id, session.id));
}

/** Ends one session at once; with `userId` only if it is that user's. Returns how many ended: 1 or 0. */
export async function endSession(home: Home, id: string, userId?: string): Promise<number> {
	const ended = await (
		await records(home)
	)
		.delete(auth_session)
		.where(and(eq(auth_session.id, id), userId === undefined ? undefined : eq(auth_session.user_id, userId)))
		.returning({ id: auth_session.id });
	return ended.length;
}

/** Ends every session of a user at once, but the one named; returns how many. */
export async function endSessionsOf(home: Home, userId: string, but?: string): Promise<number> {
	const ended = await (
		await records(home)
	)
		.delete(auth_session)
		.where(and(eq(auth_session.user_id, userId), but === undefined ? undefined : ne(auth_session.id, but)))
		.returning({ id: auth_session.id });
	return ended.length;
}

/** The sessions of a user that have not ended, newest first; never their secrets. */
export async function sessionsOf(home: Home, userId: string, now = Date.now()) {
	return await (
		await records(home)
	)
		.select({
			id: auth_session.id,
			created_at: auth_session.created_at,
			active_at: auth_session.active_at,
			expires_at: auth_session.expires_at,
			locked_at: auth_session.locked_at,
			address: auth_session.address,
			browser: auth_session.browser
		})
		.from(auth_session)
		.where(and(eq(auth_session.user_id, userId), gt(auth_session.expires_at, now)))
		.orderBy(desc(auth_session.active_at));
}
