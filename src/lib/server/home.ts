import {
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	writeSync
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Kept } from '$lib/domain/kept';
import { busy, usage } from './trouble';

/** The project folder that holds the loads, the warehouse and what the user imported. */
export type Home = {
	folder: string;
	loads: string;
	warehouse: string;
	reference: string;
	/** The version that readers of this home are held to; the current one when left out. */
	version?: Current;
};

/** Which versions of the warehouse readers use; null before the first. */
export type Current = { intake: number | null; results: number | null };

/** What current.json holds: the version readers use, those kept beside it, and the highest numbers ever given, so that none is given twice. */
type Pointers = Current & { kept: Kept[]; highest: { intake: number; results: number } };

export type Holder = { pid: number; id: string; what: string; since: string; host: string };

/** The places inside a home folder; touches nothing. */
export function homeAt(folder: string): Home {
	const at = resolve(folder);
	return { folder: at, loads: join(at, 'loads'), warehouse: join(at, 'warehouse'), reference: join(at, 'reference') };
}

/** The home folder, made when it is not there; other files in it are left alone. */
export function openHome(folder: string): Home {
	const home = homeAt(folder);
	try {
		for (const place of [home.folder, home.loads, home.warehouse, home.reference])
			mkdirSync(place, { recursive: true, mode: 0o700 });
	} catch (cause) {
		throw usage(
			`The home folder ${home.folder} cannot be made or written (${(cause as Error).message}). Nothing was changed. Choose another with --home.`
		);
	}
	return home;
}

export const intakeFile = (home: Home, version: number) =>
	join(home.warehouse, `intake-${String(version).padStart(4, '0')}.duckdb`);
export const resultsFile = (home: Home, version: number) =>
	join(home.warehouse, `results-${String(version).padStart(4, '0')}.duckdb`);

/** What current.json says now, whatever version the home is held to; who needs both the current and the kept ones reads them once, as they stood together. */
export function readPointers(home: Home): Pointers {
	const path = join(home.folder, 'current.json');
	const found = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<Pointers>) : {};
	const { intake = null, results = null, kept = [] } = found;
	const highest = (of: 'intake' | 'results', now: number | null) =>
		Math.max(now ?? 0, found.highest?.[of] ?? 0, ...kept.map((each) => each[of]));
	return {
		intake,
		results,
		kept,
		highest: { intake: highest('intake', intake), results: highest('results', results) }
	};
}

/** Which versions readers use now; of a home that is held to a version, that one. */
export function readCurrent(home: Home): Current {
	if (home.version) return home.version;
	const { intake, results } = readPointers(home);
	return { intake, results };
}

/** The results kept beside the current ones, oldest first. */
export const readKept = (home: Home): Kept[] => readPointers(home).kept;

/** The number that the next intake or results get: higher than any before, so that no reader takes one for another. */
export const nextVersion = (home: Home, of: 'intake' | 'results'): number => readPointers(home).highest[of] + 1;

/** Writes a file whole or not at all: beside it, to disk, then renamed into place. */
export function writeWhole(path: string, text: string): void {
	const beside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
	const file = openSync(beside, 'w', 0o600);
	try {
		writeSync(file, text);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	renameSync(beside, path);
}

/** Points readers to a new version, or changes which are kept; call it only while holding the lock. */
export function writeCurrent(home: Home, patch: Partial<Current & Pick<Pointers, 'kept'>>): void {
	writeWhole(join(home.folder, 'current.json'), JSON.stringify({ ...readPointers(home), ...patch }));
}

/** Who holds the lock, or null; a holder whose process is gone does not count. */
export function lockHolder(home: Home): Holder | null {
	let holder: Holder;
	try {
		holder = JSON.parse(readFileSync(join(home.folder, 'lock'), 'utf8')) as Holder;
	} catch {
		return null;
	}
	if (holder.host !== hostname()) return holder;
	try {
		process.kill(holder.pid, 0);
		return holder;
	} catch (cause) {
		return (cause as NodeJS.ErrnoException).code === 'EPERM' ? holder : null;
	}
}

let held: { folder: string; depth: number } | null = null;

/**
 * Runs `work` while nobody else loads, rolls back, imports or refreshes in this home (nested calls in one process share the lock).
 * A second process gets exit 4 with the holder's name; the lock of a dead process is taken over.
 */
export async function withLock<T>(home: Home, what: string, work: () => Promise<T>): Promise<T> {
	if (held?.folder === home.folder) {
		held.depth++;
		try {
			return await work();
		} finally {
			held.depth--;
		}
	}
	const path = join(home.folder, 'lock');
	const mine: Holder = {
		pid: process.pid,
		id: randomBytes(4).toString('hex'),
		what,
		since: new Date().toISOString(),
		host: hostname()
	};
	for (let tries = 0; ; tries++) {
		try {
			const file = openSync(path, 'wx', 0o600);
			writeSync(file, JSON.stringify(mine));
			closeSync(file);
			break;
		} catch (cause) {
			if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
			const holder = lockHolder(home);
			if (holder || tries > 20)
				throw busy(
					holder
						? `Busy: "${holder.what}" (process ${holder.pid}, ${holder.id}) holds ${home.folder} since ${holder.since}. Nothing was changed. Try again when it has ended.`
						: `Busy: the lock of ${home.folder} could not be taken. Nothing was changed. Try again.`
				);
			// A lock file just being written reads as no holder: give its writer a moment before taking it over.
			if (tries < 3) await new Promise((done) => setTimeout(done, 30));
			else rmSync(path, { force: true });
		}
	}
	held = { folder: home.folder, depth: 1 };
	try {
		return await work();
	} finally {
		held = null;
		rmSync(path, { force: true });
	}
}
