import { leavesOutNobody, seesDays, type Scope } from '$lib/domain/scope';
import { lockDown, name, openDatabase, type Connection, type Database, type Row } from './duckdb';
import { readPointers, type Current, type Home } from './home';
import { sqlFiles } from './sql';
import { makeViews, summedOnce } from './views';

/** One version of the warehouse opened for reading only, narrowed to some patients, with every way out shut. */
export type Reader = {
	version: Current;
	database: Database;
	tables: Set<string>;
	/** The population macros made or being made, one for each set of filters: two makers of one macro at once would be in each other's way. */
	macros: Map<string, Promise<unknown>>;
	/** Tables of sums that were made for the scope, or are being made. */
	summed: Map<string, Promise<void>>;
	answers: Map<string, Promise<Row[]>>;
	users: number;
};

type Readers = Map<string, Promise<Reader>>;
const parked = globalThis as typeof globalThis & { openmtmReaders?: Readers };
/** Open readers, the one asked longest ago first. */
const readers: Readers = (parked.openmtmReaders ??= new Map());

/** Readers of one home's current results that stay open, and of all its kept ones; the one asked longest ago makes room. */
const mostReaders = 16;
const mostKept = 4;

/** Makes the views of a reader before every way out is shut, and gives the names that may be asked. */
type MakeViews = (connection: Connection, home: Home, version: Current, scope: Scope) => Promise<Set<string>>;

/** What a reader is for: the product's own questions, or a question in SQL. */
export type Purpose = {
	/** Readers of one purpose that have this word in common show the same. */
	shows: (scope: Scope) => string;
	makeViews: MakeViews;
};

const panels: Purpose = {
	shows: (scope) => (seesDays(scope) ? 'days' : 'coarse'),
	makeViews: (connection, home, version, scope) =>
		makeViews(connection, home, version, { limits: scope.limits, coarse: !seesDays(scope), later: summedOnce })
};

async function openReader(home: Home, version: Current, scope: Scope, purpose: Purpose): Promise<Reader> {
	const { limits, phi } = scope;
	const coarse = !seesDays({ limits, phi });
	const database = await openDatabase({
		spill: `${home.warehouse}/spill`,
		// A reader that is narrowed or of kept results sits beside the whole one: it may not take as much again.
		...(leavesOutNobody(limits) && !coarse && !home.version ? {} : { memory: process.env.MTM_SCOPE_MEMORY ?? '1GB' })
	});
	try {
		const connection = await database.connect();
		for (const macro of sqlFiles('macros').filter((macro) => macro.name !== 'population'))
			await connection.run(macro.text);
		const tables = await purpose.makeViews(connection, home, version, scope);
		await lockDown(connection);
		connection.close();
		return { version, database, tables, macros: new Map(), summed: new Map(), answers: new Map(), users: 0 };
	} catch (cause) {
		database.close();
		throw cause;
	}
}

/** Makes the tables of sums that a question of panels names and that a reader with limits has not made yet; each once, however many ask for it. */
export async function makeSummed(reader: Reader, sql: string): Promise<void> {
	for (const table of summedOnce) {
		if (reader.tables.has(table) || !new RegExp(`\\b${table}\\b`).test(sql)) continue;
		let made = reader.summed.get(table);
		if (!made) {
			made = makeOne(reader, table);
			reader.summed.set(table, made);
			made.catch(() => reader.summed.delete(table));
		}
		await made;
	}
}

async function makeOne(reader: Reader, table: string): Promise<void> {
	const file = [...sqlFiles('facts'), ...sqlFiles('published')].find((one) => one.name === table)!;
	const sql = file.text.replaceAll(/--.*$/gm, '');
	await makeSummed(reader, sql);
	const connection = await reader.database.connect();
	try {
		await connection.run(`create table main.${name(table)} as ${sql}`);
	} finally {
		connection.close();
	}
}

/** Closes a reader when its last question is answered. */
function retire(opening: Promise<Reader>): void {
	void opening.then(
		(reader) => {
			const close = () => (reader.users ? setTimeout(close, 1000).unref() : reader.database.close());
			setTimeout(close, 1000).unref();
		},
		() => undefined
	);
}

/**
 * Runs `work` on a reader of the version that the home is held to, else the current one, that shows the patients of the scope and no other;
 * one reader serves all who share limits and coarseness. A version that was replaced or is kept no longer closes when its last question is answered.
 */
export async function reading<T>(
	home: Home,
	scope: Scope,
	work: (reader: Reader) => Promise<T>,
	purpose = panels
): Promise<T> {
	const pointers = readPointers(home);
	const version = home.version ?? pointers;
	const sorted = Object.entries(scope.limits).map(([key, list]) => [key, list && [...new Set(list)].sort()]);
	const of = `${home.folder}\n`;
	const keyOf = ({ intake, results }: Current) => `${of}${intake} ${results}\n`;
	const key = `${keyOf(version)}${JSON.stringify(sorted.sort())} ${purpose.shows(scope)}`;
	let opening = readers.get(key);
	readers.delete(key);
	opening ??= openReader(home, version, scope, purpose);
	readers.set(key, opening);
	opening.catch(() => readers.get(key) === opening && readers.delete(key));
	const own = [...readers].filter(([other]) => other.startsWith(of));
	const ofCurrent = own.filter(([other]) => other.startsWith(keyOf(pointers)));
	const keys = pointers.kept.map(keyOf);
	const ofKept = own.filter((one) => !ofCurrent.includes(one) && keys.some((each) => one[0].startsWith(each)));
	const stay = [...ofCurrent.slice(-mostReaders), ...ofKept.slice(-mostKept)];
	for (const [other, old] of own)
		if (!stay.some(([one]) => one === other)) {
			readers.delete(other);
			retire(old);
		}
	const reader = await opening;
	reader.users++;
	try {
		return await work(reader);
	} finally {
		reader.users--;
	}
}
