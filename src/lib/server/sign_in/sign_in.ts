import type { Home } from '$lib/server/home';
import {
	beginSession,
	completeSession,
	endSession,
	readSession,
	unlockSession,
	type SignedIn,
	type UserRow
} from '$lib/server/lucia/session';
import { record } from '$lib/server/records/log';
import { consumeLink, linkUser } from './link';
import { addUser, checkPassword, choosePassword, findUser, nameKey } from './people';
import { isPassword } from './password';
import { isSecondFactor } from './second_factor';
import { countAttempt, forgive } from './throttle';

export type From = { address: string; browser: string };

/** Why nobody was let in: the words are the same for a wrong name, a wrong password and a disabled user. */
export type Refused = { refused: string };
export type LetIn = { token: string; awaiting: SignedIn['awaiting'] };

const wrong = 'This name and password do not go together. Nothing was opened. Check both and try again.';

const seconds = (wait: number) => {
	const whole = Math.ceil(wait / 1000);
	return whole < 60 ? `${whole} second${whole === 1 ? '' : 's'}` : `${Math.ceil(whole / 60)} minutes`;
};
const tooMany = (wait: number) => `Too many attempts. Nothing was opened. Try again in ${seconds(wait)}.`;

/** Whom a name and a password let in: one hash is compared whether the name is known or not, and everything that is wrong says the same. */
export async function signIn(
	home: Home,
	name: string,
	password: string,
	from: From,
	earlier: string | undefined,
	now = Date.now()
): Promise<LetIn | Refused> {
	const who = { name: nameKey(name), address: from.address };
	const wait = await countAttempt(home, who, now);
	const person = await findUser(home, name);
	if (wait > 0) {
		await record(home, { kind: 'sign_in_failed', by: person?.id ?? 'nobody', detail: { why: 'too many attempts' } });
		return { refused: tooMany(wait) };
	}
	const right = await isPassword(password, person?.password_hash);
	if (!person || !right || person.disabled_at !== null) {
		const why = !person ? 'unknown name' : person.disabled_at !== null ? 'disabled' : 'wrong password';
		await record(home, { kind: 'sign_in_failed', by: person?.id ?? 'nobody', detail: { why } });
		return { refused: wrong };
	}
	await forgive(home, who);
	return await letIn(home, person, from, earlier, 'password', now);
}

/** Begins a session for a person whose first factor was proven; the browser's earlier session ends. */
async function letIn(
	home: Home,
	person: UserRow,
	from: From,
	earlier: string | undefined,
	by: 'password' | 'link',
	now: number
): Promise<LetIn> {
	const before = await readSession(home, earlier, now);
	if (before) await endSession(home, before.id);
	const { id, token } = await beginSession(home, person.id, from, person.totp_secret ? 'code' : null, now);
	const awaiting = (await readSession(home, token, now))?.awaiting ?? null;
	await record(home, {
		kind: 'sign_in',
		by: person.id,
		session: id,
		detail: { with: by, ...(awaiting ? { awaiting } : {}) }
	});
	return { token, awaiting };
}

/** Who opens a one-time link of a user of the demo is let in at once and the link is used up; anybody else chooses a password first. */
export async function signInByLink(
	home: Home,
	link: string,
	from: From,
	earlier: string | undefined,
	now = Date.now()
): Promise<LetIn | Refused> {
	const person = await linkUser(home, link, now);
	if (!person?.is_demo || person.password_hash !== null || !(await consumeLink(home, link, now))) {
		await record(home, { kind: 'sign_in_failed', by: person?.id ?? 'nobody', detail: { why: 'link' } });
		return { refused: 'This link was used already, or its time is over.' };
	}
	return await letIn(home, person, from, earlier, 'link', now);
}

/**
 * Sets the password that the owner of a one-time link chose, uses the link up and lets the person in. A password that may not be (exit 1)
 * leaves the link as it was.
 */
export async function chooseByLink(
	home: Home,
	link: string,
	password: string,
	from: From,
	earlier: string | undefined,
	now = Date.now()
): Promise<LetIn | Refused> {
	const person = await linkUser(home, link, now);
	if (person) await checkPassword(home, person, password);
	if (!person || !(await consumeLink(home, link, now))) {
		await record(home, { kind: 'sign_in_failed', by: person?.id ?? 'nobody', detail: { why: 'link' } });
		return { refused: 'This link was used already, or its time is over.' };
	}
	await choosePassword(home, person, password);
	return await letIn(home, person, from, earlier, 'link', now);
}

/** Makes the first administrator with a password of their own choosing and lets them in; exit 1 when there is a user already. */
export async function signInFirst(
	home: Home,
	name: string,
	password: string,
	from: From,
	now = Date.now()
): Promise<LetIn> {
	await checkPassword(home, { name }, password);
	const person = await addUser(home, { name, role: 'administrator' }, 'first run', true);
	await choosePassword(home, person, password);
	return await letIn(home, person, from, undefined, 'password', now);
}

/** Completes a session that waits for a code; null when it is complete. Guesses are throttled like passwords. */
export async function giveCode(
	home: Home,
	session: SignedIn,
	code: string,
	from: From,
	now = Date.now()
): Promise<Refused | null> {
	const who = { name: `code of ${session.user.id}`, address: from.address };
	const wait = await countAttempt(home, who, now);
	if (wait > 0) return { refused: tooMany(wait) };
	if (!(await isSecondFactor(home, session.user, code, now))) {
		await record(home, {
			kind: 'sign_in_failed',
			by: session.user.id,
			session: session.id,
			detail: { why: 'wrong code' }
		});
		return {
			refused: 'This code is not right, or was used before. Nothing was opened. Wait for the next one and try again.'
		};
	}
	await forgive(home, who);
	await completeSession(home, session, now);
	await record(home, { kind: 'sign_in', by: session.user.id, session: session.id, detail: { with: 'second factor' } });
	return null;
}

/** Proves the password of somebody who is signed in; null when it is right. Throttled together with signing in. */
export async function provePassword(
	home: Home,
	session: SignedIn,
	password: string,
	from: From,
	now = Date.now()
): Promise<Refused | null> {
	const who = { name: session.user.name_key, address: from.address };
	const wait = await countAttempt(home, who, now);
	if (wait > 0) return { refused: tooMany(wait) };
	if (!(await isPassword(password, session.user.password_hash))) {
		await record(home, {
			kind: 'sign_in_failed',
			by: session.user.id,
			session: session.id,
			detail: { why: 'wrong password' }
		});
		return { refused: 'This is not your password. Nothing was opened. Try again.' };
	}
	await forgive(home, who);
	return null;
}

/** Opens a locked session with its password; null when it is open. */
export async function unlock(
	home: Home,
	session: SignedIn,
	password: string,
	from: From,
	now = Date.now()
): Promise<Refused | null> {
	// A user of the demo has no password to prove.
	const open = session.user.is_demo && session.user.password_hash === null;
	const refused = open ? null : await provePassword(home, session, password, from, now);
	if (!refused) await unlockSession(home, session, now);
	return refused;
}
