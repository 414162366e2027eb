import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { and, eq, gt, isNull } from 'drizzle-orm';
import type { Home } from '$lib/server/home';
import { records } from '$lib/server/records/open';
import { one_time_link, user } from '$lib/server/records/schema';
import { newToken, readToken, sameHash } from './secret';

/** Hours that a link is good for. */
export const linkHours = 24;

/** Makes a link that lets a user in once, within 24 hours; earlier links of the user no longer work. Returns its token. */
export async function makeLink(home: Home, userId: string, now = Date.now()): Promise<string> {
	const { id, token, secret_hash } = newToken();
	await (
		await records(home)
	).transaction(async (work) => {
		await work.delete(one_time_link).where(eq(one_time_link.user_id, userId));
		await work
			.insert(one_time_link)
			.values({ id, secret_hash, user_id: userId, created_at: now, expires_at: now + linkHours * 3_600_000 });
	});
	return token;
}

/** Whom a link lets in, without using it up; null when it is unknown, used, past its time, or its user is disabled. */
export async function linkUser(home: Home, token: string, now = Date.now()) {
	const parts = readToken(token);
	if (!parts) return null;
	const [found] = await (
		await records(home)
	)
		.select()
		.from(one_time_link)
		.innerJoin(user, eq(user.id, one_time_link.user_id))
		.where(
			and(
				eq(one_time_link.id, parts.id),
				isNull(one_time_link.used_at),
				gt(one_time_link.expires_at, now),
				isNull(user.disabled_at)
			)
		);
	return found && sameHash(found.one_time_link.secret_hash, parts.secret_hash) ? found.user : null;
}

/** Uses a link up. True for exactly one of all who try. */
export async function consumeLink(home: Home, token: string, now = Date.now()): Promise<boolean> {
	if (!(await linkUser(home, token, now))) return false;
	const used = await (
		await records(home)
	)
		.update(one_time_link)
		.set({ used_at: now })
		.where(and(eq(one_time_link.id, readToken(token)!.id), isNull(one_time_link.used_at)))
		.returning({ id: one_time_link.id });
	return used.length === 1;
}

/** Where a running server notes its address. */
export const servingFile = (home: Home): string => join(home.folder, 'serving.json');

/** Where a home is served now, as `serve` wrote it down; else where it would be by default. */
export function originOf(home: Home): string {
	const file = servingFile(home);
	if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { origin: string }).origin;
	return process.env.MTM_ORIGIN ?? `http://127.0.0.1:${process.env.MTM_PORT ?? 4780}`;
}

/** The address that a token's link has. */
export const linkAddress = (origin: string, token: string): string => `${origin}/link/${token}`;
