import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Home } from './home';
import { record } from './records/log';
import { records } from './records/open';
import { access_log, user } from './records/schema';
import { usage } from './trouble';

/** Identifiers that an administrator opened as an emergency, and that nobody has looked into yet. `at` is an ISO instant, UTC. */
export type Emergency = { seq: number; at: string; by: string; name: string | null; reason: string | null };

/** The emergencies that wait to be looked into, oldest first (45 CFR 164.312(a)(2)(ii): emergency access is watched). */
async function openEmergencies(home: Home): Promise<Emergency[]> {
	const database = await records(home);
	return await database
		.select({
			seq: access_log.seq,
			at: access_log.at,
			by: access_log.by,
			name: user.name,
			reason: access_log.reason
		})
		.from(access_log)
		.leftJoin(user, eq(user.id, access_log.by))
		.where(
			and(
				eq(access_log.kind, 'reveal'),
				sql`json_extract(${access_log.detail}, '$.emergency')`,
				sql`${access_log.seq} not in (select json_extract(l.detail, '$.entry') from access_log l where l.kind = 'emergency_seen')`
			)
		)
		.orderBy(asc(access_log.seq));
}

/** True when nobody but this user could look into what they did: the only administrator who is not disabled. */
async function isOnlyAdministrator(home: Home, id: string): Promise<boolean> {
	const found = await (
		await records(home)
	)
		.select({ id: user.id })
		.from(user)
		.where(and(eq(user.role, 'administrator'), isNull(user.disabled_at)));
	return found.every((one) => one.id === id);
}

/**
 * Writes down that an administrator looked into an emergency; it alerts nobody any more. Exit 1 for one's own while another administrator
 * could do it, and for an entry that does not wait.
 */
export async function seeEmergency(home: Home, seq: number, by: string): Promise<void> {
	const waiting = (await openEmergencies(home)).find((one) => one.seq === seq);
	if (!waiting) throw usage(`Entry ${seq} does not wait to be looked into. Nothing was changed.`);
	if (waiting.by === by && !(await isOnlyAdministrator(home, by)))
		throw usage('Another administrator looks into your own emergency. Nothing was changed.');
	await record(home, { kind: 'emergency_seen', by, detail: { entry: seq, user: waiting.by } });
}

/** The emergencies as a page shows them to an administrator: those of others, or one's own when there is nobody else, can be ended. */
export async function emergenciesFor(home: Home, id: string): Promise<(Emergency & { mayEnd: boolean })[]> {
	const waiting = await openEmergencies(home);
	const alone = waiting.some((one) => one.by === id) && (await isOnlyAdministrator(home, id));
	return waiting.map((one) => ({ ...one, mayEnd: one.by !== id || alone }));
}
