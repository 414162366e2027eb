import { createHash, randomBytes } from 'node:crypto';
import { and, desc, eq, isNotNull, isNull, lt, or } from 'drizzle-orm';
import { address, withView } from '$lib/domain/address';
import { mayOpenAddress } from '$lib/domain/need';
import {
	personalName,
	viewNameProblem,
	viewPage,
	wordsOfView,
	type GivenView,
	type SavedView
} from '$lib/domain/saved_view';
import type { Viewer } from '$lib/domain/viewer';
import type { Home } from './home';
import { namesPatient } from './people_named';
import { record } from './records/log';
import { records, type Records } from './records/open';
import { saved_view, user } from './records/schema';
import { usage } from './trouble';

/** Days without a look after which an address that was kept for its length goes. */
const keptDays = 400;
const opaque = (from: Buffer) => from.toString('base64url').replaceAll(/[-_]/g, '').slice(0, 12);
const nothing = 'Nothing was saved.';

type Stored = { view: typeof saved_view.$inferSelect; by: string | null };
const shown = ({ view, by }: Stored, viewer: Viewer): SavedView => ({
	id: view.id,
	name: view.name,
	path: view.path,
	words: view.words,
	filtersOnly: view.filters_only,
	pinned: view.pinned,
	shared: view.shared,
	by: by ?? 'a user who is gone',
	own: view.by === viewer.user.id,
	usedAt: view.used_at
});

const stored = (database: Records) =>
	database.select({ view: saved_view, by: user.name }).from(saved_view).leftJoin(user, eq(user.id, saved_view.by));

/** The saved view of that id, for whoever has its link; null when there is none (any more). What it shows is the asker's own scope. */
export async function savedView(home: Home, viewer: Viewer, id: string, now = Date.now()): Promise<SavedView | null> {
	const database = await records(home);
	const [found] = await stored(database).where(eq(saved_view.id, id));
	if (!found) return null;
	// Once an hour is often enough to know what is used.
	if (now - Date.parse(found.view.used_at) > 3_600_000)
		await (
			await records(home)
		)
			.update(saved_view)
			.set({ used_at: new Date(now).toISOString() })
			.where(eq(saved_view.id, id));
	return shown(found, viewer);
}

/** The views that this viewer saved, and those of others that are there for everybody and whose page the viewer may open; last used first. */
export async function savedViews(home: Home, viewer: Viewer): Promise<SavedView[]> {
	const rows = await stored(await records(home))
		.where(and(isNotNull(saved_view.name), or(eq(saved_view.by, viewer.user.id), eq(saved_view.shared, true))))
		.orderBy(desc(saved_view.used_at), saved_view.name_key);
	return rows.map((row) => shown(row, viewer)).filter((view) => mayOpenAddress(view.path, viewer.can));
}

/**
 * Saves the view of an address, in place of one that this viewer saved under the same name, and gives its id; it stands in the access log
 * first, without its name. Exit 1 for a page that no view can be of, a name that cannot be kept or that names a patient, and sharing by who
 * writes nothing for others.
 */
export async function saveView(
	home: Home,
	viewer: Viewer,
	given: GivenView,
	newest: { y: string; asof: string },
	now = Date.now()
): Promise<string> {
	const url = new URL(given.address, 'http://here.invalid');
	const inner = url.searchParams.get('view');
	const view = inner === null ? null : await savedView(home, viewer, inner, now);
	const whole = view ? withView(url, view.words) : url;
	if (viewPage(whole.pathname) === null || !mayOpenAddress(whole.pathname, viewer.can))
		throw usage(`No view can be of this page: a view is of a page of numbers or lists. ${nothing}`);
	const wrong = viewNameProblem(given.name);
	if (wrong) throw usage(`${wrong} ${nothing}`);
	if (given.shared && !viewer.can('annotate'))
		throw usage(`Your role saves views for itself, not for everybody. ${nothing}`);
	const name = given.name.trim();
	if (await namesPatient(home, viewer, name)) throw usage(`${personalName} ${nothing}`);
	const { filtersOnly, pinned, shared } = given;
	const at = new Date(now).toISOString();
	const kept = {
		name,
		path: whole.pathname,
		words: wordsOfView(whole.searchParams, { filtersOnly, pinned: pinned ? newest : null }),
		filters_only: filtersOnly,
		pinned,
		shared,
		saved_at: at,
		used_at: at
	};
	const id = opaque(randomBytes(18));
	await record(home, {
		kind: 'view_saved',
		by: viewer.user.id,
		session: viewer.session,
		detail: { page: kept.path, ...(shared ? { shared } : {}) }
	});
	const [row] = await (
		await records(home)
	)
		.insert(saved_view)
		.values({ id, by: viewer.user.id, name_key: name.toLowerCase(), ...kept })
		.onConflictDoUpdate({ target: [saved_view.by, saved_view.name_key], set: kept })
		.returning({ id: saved_view.id });
	return row!.id;
}

/** Removes a view: one's own, or anybody's for who manages users; it stands in the access log first. Exit 1 when it is not there (any more) for this viewer. */
export async function removeView(home: Home, viewer: Viewer, id: string): Promise<void> {
	const found = (await savedViews(home, viewer)).find((one) => one.id === id);
	if (!found || !(found.own || viewer.can('manage_users')))
		throw usage('There is no such view (any more). Nothing was changed. Reload the page.');
	await record(home, {
		kind: 'view_removed',
		by: viewer.user.id,
		session: viewer.session,
		detail: { page: found.path, ...(found.shared ? { shared: true } : {}) }
	});
	await (await records(home)).delete(saved_view).where(eq(saved_view.id, id));
}

/** Keeps an address that is too long for a link and gives the id that names it; the same address has the same id. */
export async function keepAddress(home: Home, viewer: Viewer, url: URL, now = Date.now()): Promise<string> {
	const words = address('', url.searchParams).slice(1);
	const id = opaque(createHash('sha256').update(`${url.pathname}?${words}`).digest());
	const at = new Date(now).toISOString();
	const database = await records(home);
	await database
		.insert(saved_view)
		.values({
			id,
			by: viewer.user.id,
			path: url.pathname,
			words,
			filters_only: false,
			pinned: false,
			shared: false,
			saved_at: at,
			used_at: at
		})
		.onConflictDoUpdate({ target: saved_view.id, set: { used_at: at } });
	const old = new Date(now - keptDays * 86_400_000).toISOString();
	await database.delete(saved_view).where(and(isNull(saved_view.name), lt(saved_view.used_at, old)));
	return id;
}
