import { and, eq, lt, or, sql } from 'drizzle-orm';
import type { Home } from '$lib/server/home';
import { records } from '$lib/server/records/open';
import { login_attempt } from '$lib/server/records/schema';
import { sha256 } from './secret';

const day = 86_400_000;
/** Failures without a delay; an address may be shared by a whole office. */
const free = { name: 5, address: 30 };

/** The wait after so many failures in a row, in milliseconds: none for the first, then 1, 2, 4 ... seconds up to 15 minutes. */
export function delay(kind: keyof typeof free, failures: number): number {
	const over = failures - free[kind];
	return over < 0 ? 0 : Math.min(1000 * 2 ** over, 15 * 60_000);
}

type Who = { name: string; address: string };
const subjects = ({ name, address }: Who) =>
	[
		{ kind: 'name', subject: sha256(`name ${name}`) },
		{ kind: 'address', subject: sha256(`address ${address}`) }
	] as const;

/**
 * Counts an attempt before its password is looked at, so that many at once gain nothing. Gives the milliseconds to wait when it may not be
 * looked at, else 0; then call `forgive` if the password was right.
 */
export async function countAttempt(home: Home, who: Who, now = Date.now()): Promise<number> {
	const database = await records(home);
	return await database.transaction(async (work) => {
		await work.delete(login_attempt).where(lt(login_attempt.last_at, now - day));
		const known = await work
			.select()
			.from(login_attempt)
			.where(
				or(...subjects(who).map((one) => and(eq(login_attempt.kind, one.kind), eq(login_attempt.subject, one.subject))))
			);
		const wait = Math.max(0, ...known.map((row) => row.wait_until - now));
		if (wait > 0) return wait;
		for (const one of subjects(who)) {
			const failures = (known.find((row) => row.kind === one.kind)?.failures ?? 0) + 1;
			const row = { ...one, failures, last_at: now, wait_until: now + delay(one.kind, failures) };
			await work
				.insert(login_attempt)
				.values(row)
				.onConflictDoUpdate({ target: [login_attempt.kind, login_attempt.subject], set: row });
		}
		return 0;
	});
}

/** The attempt was right: the name's failures are forgotten, the address's are one fewer (a guesser may own one account). */
export async function forgive(home: Home, who: Who): Promise<void> {
	const database = await records(home);
	const [name, address] = subjects(who);
	await database
		.delete(login_attempt)
		.where(and(eq(login_attempt.kind, 'name'), eq(login_attempt.subject, name.subject)));
	await database
		.update(login_attempt)
		.set({ failures: sql`max(0, ${login_attempt.failures} - 1)`, wait_until: 0 })
		.where(and(eq(login_attempt.kind, 'address'), eq(login_attempt.subject, address.subject)));
}

/** Forgets the failures of a name, so that its owner need not wait after a reset. */
export async function forgetFailures(home: Home, name: string): Promise<void> {
	await (
		await records(home)
	)
		.delete(login_attempt)
		.where(and(eq(login_attempt.kind, 'name'), eq(login_attempt.subject, subjects({ name, address: '' })[0].subject)));
}
