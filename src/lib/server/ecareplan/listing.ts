import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { literal, openDatabase, type Connection, type Row } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import type { Stop } from '$lib/server/load/gate';
import { loadFolder, readLoads } from '$lib/server/load/manifest';
import { ruleSentence } from '$lib/server/load/rule';
import { usage } from '$lib/server/trouble';
import type { GatheredPlans } from './gather';

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
const groupedSql = (path: string) =>
	`select what, kind, why, reason, count(*) as times, count(distinct file_no) as files from read_parquet(${literal(path)}) group by what, kind, why, reason order by times desc, what`;

/** The list of what is in no row, written as it grows, to be kept beside the load's parts; `fileNo` tells files of one name apart. */
export function unmappedList(folder: string): {
	add: (row: UnmappedRow, fileNo: number) => void;
	end: (connection: Connection) => Promise<UnmappedGroup[]>;
} {
	const text = join(folder, 'unmapped.ndjson');
	let number = 0;
	let waiting: string[] = [];
	const write = () => {
		appendFileSync(text, waiting.join(''), { mode: 0o600 });
		waiting = [];
	};
	return {
		add: (row, fileNo) => {
			waiting.push(`${JSON.stringify({ number: number++, file_no: fileNo, ...row })}\n`);
			if (waiting.length >= 8192) write();
		},
		end: async (connection) => {
			if (number === 0) return [];
			write();
			const path = join(folder, listName);
			await connection.run(
				`copy (select * from read_json(${literal(text)}, format = 'newline_delimited', columns = {number: 'bigint', file_no: 'integer', file: 'varchar', line: 'bigint', path: 'varchar', what: 'varchar', kind: 'varchar', values: 'integer', why: 'varchar', reason: 'varchar', code: 'varchar'}) order by number) to ${literal(path)} (format parquet)`
			);
			rmSync(text);
			return await connection.rows<UnmappedGroup>(groupedSql(path));
		}
	};
}

/** Asks the list of a load; throws (exit 1) when there is no load of that number. */
async function asked<T>(home: Home, id: number, sql: (path: string) => string): Promise<T[]> {
	if (!readLoads(home).some((each) => each.load_id === id))
		throw usage(`There is no load ${id}. "mtm loads list" shows them.`);
	const path = join(loadFolder(home, id), listName);
	if (!existsSync(path)) return [];
	const database = await openDatabase();
	try {
		const connection = await database.connect();
		return await connection.rows<T & Row>(sql(path));
	} finally {
		database.close();
	}
}

/** What a load of care plans left out, in file and line order; all of it unless limited. Values stay in the files; throws (exit 1) without such a load. */
export const unmappedRows = async (home: Home, id: number, limit?: number): Promise<UnmappedRow[]> =>
	await asked(
		home,
		id,
		(path) =>
			`select file, line, path, what, kind, "values", why, reason, code from read_parquet(${literal(path)}) order by file, line, number${limit === undefined ? '' : ` limit ${limit}`}`
	);

/** The same, like things together and the most frequent first. */
export const unmappedGroups = async (home: Home, id: number): Promise<UnmappedGroup[]> =>
	await asked(home, id, groupedSql);

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
