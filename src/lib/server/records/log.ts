import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { and, asc, desc, eq, gt, gte, inArray, lt, or, sql, type SQL } from 'drizzle-orm';
import type { LogKind, LogRow } from '$lib/domain/log_kind';
import type { Home } from '$lib/server/home';
import { Trouble } from '$lib/server/trouble';
import { access_log } from './access_log';
import { canonicalJson, faultOf, hashOf, noteHead, origin, readHead } from './chain';
import { records, type Records } from './open';
import { user } from './user';

/** Who owns the home folder and acts in the shell. */
export const shellOwner = 'owner (shell)';

/** What is written about one look or deed. Nothing in it may identify a patient but the product's own opaque id. */
export type Entry = {
	kind: LogKind;
	/** The user's id, `shellOwner`, or 'nobody' before a sign-in. */
	by: string;
	session?: string | null;
	patient?: string | null;
	purpose?: string | null;
	reason?: string | null;
	/** Rows, filters in words, a file's SHA-256, a role before and after; `patients` lists the opaque ids of those seen together. */
	detail?: Record<string, unknown>;
};

export type LogFilter = {
	/** What stands in `by`, exactly. */
	by?: string;
	/** A user's id or name, or another word that stands in `by`. */
	user?: string;
	/** An opaque id: entries about the patient alone and those whose detail lists it. */
	patient?: string;
	kinds?: string[];
	/** Days, both ends included, UTC. */
	from?: string;
	to?: string;
};

/** The second place of the last entries' hashes. */
export const headFile = (home: Home) => join(home.folder, 'records', 'log.head');

const last = async (work: Pick<Records, 'select'>) =>
	(
		await work
			.select({ seq: access_log.seq, hash: access_log.hash })
			.from(access_log)
			.orderBy(desc(access_log.seq))
			.limit(1)
	)[0] ?? { seq: 0, hash: origin };

const wording = (cause: unknown): string =>
	cause instanceof Error ? `${cause.message} ${cause.cause ? wording(cause.cause) : ''}` : String(cause);

let queue: Promise<unknown> = Promise.resolve();

/**
 * Appends one entry and returns its number when it is on disk; entries of all processes stand in one chain. A failure throws (exit 5),
 * so that what was to be shown is not shown: there is no look without its entry. Not to be called inside a transaction of the records.
 */
export function record(home: Home, entry: Entry): Promise<number> {
	const mine = queue.then(() => append(home, entry));
	queue = mine.catch(() => undefined);
	return mine;
}

async function append(home: Home, entry: Entry): Promise<number> {
	const database = await records(home);
	const until = Date.now() + 15_000;
	for (;;) {
		try {
			const before = await last(database);
			const link = {
				seq: before.seq + 1,
				at: new Date().toISOString(),
				kind: entry.kind,
				by: entry.by,
				session: entry.session ?? null,
				patient: entry.patient ?? null,
				purpose: entry.purpose ?? null,
				reason: entry.reason ?? null,
				detail: canonicalJson(entry.detail ?? {}),
				previous: before.hash
			};
			const hash = hashOf(link);
			await database.insert(access_log).values({ ...link, hash });
			noteHead(headFile(home), link.seq, hash);
			return link.seq;
		} catch (cause) {
			// Another process wrote between reading the last entry and writing ours: follow that one.
			if (!/grows at its end|busy|locked/i.test(wording(cause)) || Date.now() > until)
				throw new Trouble(
					5,
					`The access log of ${home.folder} could not be written (${wording(cause).trim()}). Nothing is shown without its entry. Make sure that the folder can be written and the disk is not full, then try again.`
				);
			await wait(Math.random() * 10);
		}
	}
}

const columns = {
	seq: access_log.seq,
	at: access_log.at,
	kind: access_log.kind,
	by: access_log.by,
	name: user.name,
	session: access_log.session,
	patient: access_log.patient,
	purpose: access_log.purpose,
	reason: access_log.reason,
	detail: access_log.detail,
	hash: access_log.hash
};

const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

function condition(filter: LogFilter): SQL | undefined {
	return and(
		filter.by === undefined ? undefined : eq(access_log.by, filter.by),
		filter.user === undefined
			? undefined
			: or(eq(access_log.by, filter.user), eq(user.name_key, filter.user.normalize('NFKC').toLowerCase())),
		filter.patient === undefined
			? undefined
			: or(
					eq(access_log.patient, filter.patient),
					sql`${access_log.seq} in (select l.seq from access_log l, json_each(l.detail, '$.patients') p where p.value = ${filter.patient})`
				),
		filter.kinds?.length ? inArray(access_log.kind, filter.kinds) : undefined,
		filter.from === undefined ? undefined : gte(access_log.at, filter.from),
		filter.to === undefined ? undefined : lt(access_log.at, dayAfter(filter.to))
	);
}

/** The entries that the filter keeps, newest first. */
export async function readLog(
	home: Home,
	filter: LogFilter,
	page: { first: number; rows: number }
): Promise<{ rows: LogRow[]; total: number }> {
	const database = await records(home);
	const kept = condition(filter);
	const [count] = await database
		.select({ total: sql<number>`count(*)` })
		.from(access_log)
		.leftJoin(user, eq(user.id, access_log.by))
		.where(kept);
	const rows = await database
		.select(columns)
		.from(access_log)
		.leftJoin(user, eq(user.id, access_log.by))
		.where(kept)
		.orderBy(desc(access_log.seq))
		.limit(page.rows)
		.offset(page.first);
	return { total: count?.total ?? 0, rows: rows.map(shown) };
}

const shown = (row: Omit<LogRow, 'detail'> & { detail: string }): LogRow => ({
	...row,
	detail: JSON.parse(row.detail) as Record<string, unknown>
});

/** Every entry that the filter keeps, oldest first, a thousand at a time. */
export async function* eachLogRow(home: Home, filter: LogFilter): AsyncGenerator<LogRow> {
	const database = await records(home);
	for (let after = 0; ;) {
		const rows = await database
			.select(columns)
			.from(access_log)
			.leftJoin(user, eq(user.id, access_log.by))
			.where(and(condition(filter), gt(access_log.seq, after)))
			.orderBy(asc(access_log.seq))
			.limit(1000);
		if (!rows.length) return;
		yield* rows.map(shown);
		after = rows.at(-1)!.seq;
	}
}

/** What `verifyLog` found: how many entries, the last one's hash, and the first that is broken. */
export type Verdict = {
	entries: number;
	last: { seq: number; hash: string } | null;
	broken: { seq: number; why: string } | null;
};

/**
 * Walks the chain from its first entry and compares its end with the second place. `noted` is an entry that somebody wrote down earlier.
 * It cannot see that the whole chain and the second place were written anew together: only a noted entry shows that.
 */
export async function verifyLog(home: Home, noted?: { seq: number; hash: string }): Promise<Verdict> {
	const database = await records(home);
	// Read before the walk: entries written meanwhile are then in the walk, too.
	const head = readHead(headFile(home));
	const wanted = new Map([...(head ?? []), ...(noted ? [noted] : [])].map(({ seq, hash }) => [seq, hash]));
	let before = { seq: 0, hash: origin };
	for (;;) {
		const links = await database
			.select()
			.from(access_log)
			.where(gt(access_log.seq, before.seq))
			.orderBy(asc(access_log.seq))
			.limit(1000);
		if (!links.length) break;
		for (const link of links) {
			const why =
				faultOf(link, before) ??
				((wanted.get(link.seq) ?? link.hash) === link.hash ? null : 'another entry was noted under its number');
			if (why) return { entries: before.seq, last: before.seq ? before : null, broken: { seq: link.seq, why } };
			before = { seq: link.seq, hash: link.hash };
		}
	}
	const end = { entries: before.seq, last: before.seq ? before : null };
	const gone = Math.min(...[...wanted.keys()].filter((seq) => seq > before.seq));
	if (gone !== Infinity)
		return {
			...end,
			broken: {
				seq: before.seq + 1,
				why: `entries ${before.seq + 1} to ${Math.max(...wanted.keys())} were written and are gone`
			}
		};
	if (before.seq && !head?.length)
		return {
			...end,
			broken: { seq: before.seq, why: `the second place of the last hashes (${headFile(home)}) is gone` }
		};
	return { ...end, broken: null };
}
