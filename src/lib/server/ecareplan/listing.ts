import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { literal, openDatabase, type Connection } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import type { Stop } from '$lib/server/load/gate';
import { loadFolder, readLoads } from '$lib/server/load/manifest';
import { ruleSentence } from '$lib/server/load/rule';
import { usage } from '$lib/server/trouble';
import type { GatheredPlans, ListedUnmapped } from './gather';

/** Like things of care plans that are in no row: where, what kind of value, why, and how often. */
export type UnmappedGroup = { what: string; kind: string; why: string; reason: string; times: number; files: number };

/** One thing of a care plan that is in no row, without its value. */
export type UnmappedRow = {
	file: string;
	line: number;
	path: string;
	what: string;
	kind: string;
	values: number;
	why: string;
	reason: string;
	code: string | null;
};

const listName = 'unmapped.parquet';

/** Like things together, the most frequent first. */
export function summarised(listed: ListedUnmapped[]): UnmappedGroup[] {
	const groups = new Map<string, { group: UnmappedGroup; files: Set<string> }>();
	for (const each of listed) {
		const key = `${each.what}|${each.kind}|${each.why}`;
		const { what, kind, why, reason } = each;
		const found = groups.get(key) ?? {
			group: { what, kind, why, reason, times: 0, files: 0 },
			files: new Set<string>()
		};
		found.group.times += 1;
		found.files.add(each.sha256);
		groups.set(key, found);
	}
	return [...groups.values()]
		.map(({ group, files }) => ({ ...group, files: files.size }))
		.sort((a, b) => b.times - a.times || (a.what < b.what ? -1 : 1));
}

/** Keeps the list of what is in no row beside the load's parts. */
export async function writeUnmapped(connection: Connection, folder: string, listed: ListedUnmapped[]): Promise<void> {
	if (!listed.length) return;
	const text = join(folder, 'unmapped.ndjson');
	writeFileSync(
		text,
		listed.map(({ sha256: _, ...each }, number) => `${JSON.stringify({ number, ...each })}\n`).join(''),
		{ mode: 0o600 }
	);
	await connection.run(
		`copy (select * from read_json(${literal(text)}, format = 'newline_delimited', columns = {number: 'bigint', file: 'varchar', line: 'bigint', path: 'varchar', what: 'varchar', kind: 'varchar', values: 'integer', why: 'varchar', reason: 'varchar', code: 'varchar'}) order by number) to ${literal(join(folder, listName))} (format parquet)`
	);
	rmSync(text);
}

/** What a load of care plans left out, in file and line order; all of it unless limited. Values stay in the files; throws (exit 1) without such a load. */
export async function unmappedRows(home: Home, id: number, limit?: number): Promise<UnmappedRow[]> {
	if (!readLoads(home).some((each) => each.load_id === id))
		throw usage(`There is no load ${id}. "mtm loads list" shows them.`);
	const path = join(loadFolder(home, id), listName);
	if (!existsSync(path)) return [];
	const database = await openDatabase();
	try {
		const connection = await database.connect();
		return await connection.rows<UnmappedRow>(
			`select file, line, path, what, kind, "values", why, reason, code from read_parquet(${literal(path)}) order by file, line, number${limit === undefined ? '' : ` limit ${limit}`}`
		);
	} finally {
		database.close();
	}
}

/** The same, like things together and the most frequent first. */
export async function unmappedGroups(home: Home, id: number): Promise<UnmappedGroup[]> {
	const rows = await unmappedRows(home, id);
	return summarised(rows.map((each) => ({ ...each, why: each.why as never, sha256: each.file })));
}

/** The stop of a load in which over a fifth of the plans' patients (or over `maxRejects` percent) are not known. */
export function planStop({ all, refused }: GatheredPlans['patients'], maxRejects: number | null): Stop | null {
	if (!all || refused.length * 100 <= (maxRejects ?? 20) * all) return null;
	const first = refused[0]!;
	const { sentence, effect } = ruleSentence('mtm_service', 'person_id', first.rule);
	return {
		file: first.file,
		table: 'mtm_service',
		rule: first.rule,
		column: 'person_id',
		share: refused.length / all,
		message: `${refused.length.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} patients of the care plans are not known; over ${maxRejects ?? 20}% stops a load. First in ${first.file}, line ${first.line}: ${sentence}. ${effect} The mapping is {"ecareplan": {"columns": {"person_id": "ADDRESS OF THE IDENTIFIER SYSTEM"}}}.`
	};
}
