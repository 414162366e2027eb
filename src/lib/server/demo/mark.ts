import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eq, inArray } from 'drizzle-orm';
import type { Demo } from '$lib/domain/demo';
import type { Home } from '$lib/server/home';
import { activeLoads, type Load } from '$lib/server/load/manifest';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { auth_session, one_time_link, user } from '$lib/server/records/schema';

/** What says that a home was made by the demo, and how. */
export const demoMark = (home: Home): string => join(home.folder, 'demo.json');

/** True for the load of the made-up people. */
export const isDemoLoad = (load: Load): boolean => load.demo ?? load.by === 'demo';

/** Whether the loads that count are the demo's. Before its first load a home made by the demo is the demo's alone. */
export function demoOf(home: Home): Demo {
	if (!existsSync(demoMark(home))) return null;
	const loads = activeLoads(home);
	if (loads.every(({ load }) => isDemoLoad(load))) return 'alone';
	return loads.some(({ load }) => isDemoLoad(load)) ? 'mixed' : null;
}

/**
 * Ends the demo's users, who sign in without a password: they are disabled, their sessions end and their links no longer work, all or
 * none. They are ordinary users from then on: who is enabled again chooses a password first. Returns their names; none in a home
 * without them.
 */
export async function endDemoUsers(home: Home, by: string): Promise<string[]> {
	const ended = await (
		await records(home)
	).transaction(async (work) => {
		const found = await work.select().from(user).where(eq(user.is_demo, true));
		const ids = found.map((one) => one.id);
		if (!ids.length) return [];
		await work.delete(one_time_link).where(inArray(one_time_link.user_id, ids));
		const sessions = await work
			.delete(auth_session)
			.where(inArray(auth_session.user_id, ids))
			.returning({ user: auth_session.user_id });
		await work
			.update(user)
			.set({ is_demo: false, disabled_at: Date.now(), password_hash: null })
			.where(inArray(user.id, ids));
		return found.map(({ id, name }) => ({
			id,
			name,
			sessions: sessions.filter((session) => session.user === id).length
		}));
	});
	for (const { id, sessions } of ended)
		await record(home, {
			kind: 'user_changed',
			by,
			detail: { user: id, disabled: true, sessions, why: 'files that are not the demo were loaded' }
		});
	return ended.map(({ name }) => name).sort();
}
