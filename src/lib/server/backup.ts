import { createHash } from 'node:crypto';
import {
	closeSync,
	constants,
	copyFileSync,
	createReadStream,
	createWriteStream,
	existsSync,
	fsyncSync,
	linkSync,
	mkdirSync,
	openSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	rmdirSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { once } from 'node:events';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { homeAt, intakeFile, readCurrent, readKept, resultsFile, type Home } from './home';
import { loadFolder, readLoads } from './load/manifest';
import { headFile, record, verifyLog, type Entry } from './records/log';
import { closeRecords, records } from './records/open';
import { auth_session, one_time_link } from './records/schema';
import { scratchFolder } from './scratch';
import { readTar, writeTar, type TarFile } from './tar';
import { busy, gate, usage } from './trouble';
import { version } from '../../../package.json';

/** What a backup holds, as its first file says. */
export type BackupNote = {
	format: 1;
	product: string;
	made_at: string;
	intake: number | null;
	results: number | null;
	loads: number[];
};

export type Backup = BackupNote & { file: string; files: number; bytes: number; sha256: string };

const noteName = 'backup.json';
/** The last file of a backup: SHA-256 and path of every other, as `sha256sum -c` reads it. */
const sumsName = 'SHA256SUMS';
const allowed = /^((current|demo|backup)\.json|(loads|warehouse|reference|records)(\/[\w][\w .-]*)+)$/;

/** The same file under a second name, or a copy where the disk has no links. */
function keep(from: string, to: string): void {
	mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
	try {
		linkSync(from, to);
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw cause;
		copyFileSync(from, to, constants.COPYFILE_FICLONE);
	}
}

const filesBelow = (folder: string): string[] =>
	existsSync(folder)
		? readdirSync(folder, { recursive: true, withFileTypes: true })
				.filter((entry) => entry.isFile())
				.map((entry) => join(entry.parentPath, entry.name))
				.sort()
		: [];

const text = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** What changes when somebody loads, rolls back, imports or refreshes. */
const stateOf = (home: Home) =>
	JSON.stringify([
		text(join(home.folder, 'current.json')),
		text(join(home.reference, 'imports.json')),
		readLoads(home).map((load) => [load.load_id, load.state])
	]);

/** Gathers in `folder` every file of one moment. Loads that readers do not see yet, because theirs is still at work, stay out. */
function gather(home: Home, folder: string): BackupNote {
	const { intake, results } = readCurrent(home);
	const put = (path: string) => {
		const name = path.slice(home.folder.length + 1).replaceAll('\\', '/');
		if (!allowed.test(name)) throw new Error(`${name} does not belong into a home, so it could not be restored`);
		keep(path, join(folder, name));
	};
	const kept = readKept(home);
	const noteOf = (version: number) => intakeFile(home, version).replace('.duckdb', '.json');
	const seen =
		intake !== null && existsSync(noteOf(intake))
			? new Set((JSON.parse(text(noteOf(intake))) as { loads: number[] }).loads)
			: null;
	const loads = readLoads(home).filter((load) => load.state !== 'active' || !seen || seen.has(load.load_id));
	for (const each of ['current.json', 'demo.json'])
		if (existsSync(join(home.folder, each))) put(join(home.folder, each));
	for (const load of loads) filesBelow(loadFolder(home, load.load_id)).forEach(put);
	const intakes = [intake, ...kept.map((one) => one.intake)].filter((version) => version !== null);
	const all = [results, ...kept.map((one) => one.results)].filter((version) => version !== null);
	for (const path of [
		...[...new Set(intakes)].flatMap((version) => [intakeFile(home, version), noteOf(version)]),
		...all.map((version) => resultsFile(home, version))
	])
		if (existsSync(path)) put(path);
	for (const path of filesBelow(home.reference)) if (!path.endsWith('.tmp')) put(path);
	return {
		format: 1,
		product: version,
		made_at: new Date().toISOString(),
		intake,
		results,
		loads: loads.map((load) => load.load_id)
	};
}

/** One moment of a home in `folder`, however much is going on: gathered again when something changed meanwhile. */
async function snapshot(home: Home, folder: string): Promise<BackupNote> {
	for (let tries = 0; ; tries++) {
		const before = stateOf(home);
		let note: BackupNote | null = null;
		try {
			note = gather(home, folder);
		} catch (cause) {
			if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
		}
		if (note && stateOf(home) === before) {
			mkdirSync(join(folder, 'records'), { recursive: true, mode: 0o700 });
			// Its end is read before the entries: those written in between are then in the copy, too.
			if (existsSync(headFile(home))) writeFileSync(join(folder, 'records', 'log.head'), readFileSync(headFile(home)));
			const database = await records(home);
			await database.$client.execute({ sql: 'vacuum into ?', args: [join(folder, 'records', 'records.db')] });
			writeFileSync(join(folder, noteName), JSON.stringify(note, null, '\t'), { mode: 0o600 });
			return note;
		}
		if (tries > 50) throw busy(`${home.folder} changes all the time. No backup was written. Try again in a while.`);
		for (const each of readdirSync(folder)) rmSync(join(folder, each), { recursive: true, force: true });
		await wait(200);
	}
}

/**
 * Writes everything a home is made of into one file (tar), consistent while it is served and while files are loaded; whole or not at all.
 * `by` and `session` stand in the access log. Exit 1 when the file is there already or cannot be written.
 */
export async function backUp(home: Home, file: string, who: Pick<Entry, 'by' | 'session'>): Promise<Backup> {
	if (!existsSync(home.folder))
		throw usage(`There is no home folder ${home.folder}. No backup was written. Name it with --home.`);
	const out = resolve(file);
	if (existsSync(out)) throw usage(`${file} is there already. No backup was written. Choose another name.`);
	if (out.startsWith(join(home.folder, '/')))
		throw usage(`${file} lies inside the home folder. No backup was written. Keep it elsewhere, best on another disk.`);
	const folder = scratchFolder(home);
	const beside = `${out}.part`;
	try {
		const note = await snapshot(home, folder);
		const sums: string[] = [];
		const whole = createHash('sha256');
		let bytes = 0;
		async function* files(): AsyncGenerator<TarFile> {
			const names = filesBelow(folder).map((path) => path.slice(folder.length + 1).replaceAll('\\', '/'));
			for (const name of [noteName, ...names.filter((each) => each !== noteName)]) {
				const path = join(folder, name);
				const hash = createHash('sha256');
				async function* read() {
					for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
						hash.update(piece);
						yield piece;
					}
				}
				yield { name, size: statSync(path).size, bytes: read() };
				sums.push(`${hash.digest('hex')}  ${name}\n`);
			}
			const last = Buffer.from(sums.join(''));
			yield {
				name: sumsName,
				size: last.length,
				bytes: (async function* () {
					yield last;
				})()
			};
		}
		const handle = await openFile(beside, 'w', 0o600).catch((cause: Error) => {
			throw usage(`${file} cannot be written (${cause.message}). No backup was written.`);
		});
		try {
			await writeTar(handle, files(), new Date(note.made_at), (piece) => {
				whole.update(piece);
				bytes += piece.length;
			});
			await handle.sync();
		} finally {
			await handle.close();
		}
		const made: Backup = { ...note, file: out, files: sums.length, bytes, sha256: whole.digest('hex') };
		await record(home, {
			kind: 'backup',
			...who,
			detail: { file: basename(out), sha256: made.sha256, bytes, files: made.files, loads: note.loads.length }
		});
		renameSync(beside, out);
		return made;
	} finally {
		rmSync(beside, { force: true });
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Unpacks a backup into `folder` and compares every file with its hash; throws with what is wrong. */
async function unpack(file: string, folder: string): Promise<BackupNote> {
	const found = new Map<string, string>();
	let sums = '';
	for await (const { name, bytes } of readTar(file)) {
		if (sums) throw new Error(`${name} stands after the list of hashes`);
		if (name === sumsName) {
			for await (const piece of bytes) sums += Buffer.from(piece).toString('utf8');
			continue;
		}
		if (!allowed.test(name) || name.includes('..') || found.has(name)) throw new Error(`${name} does not belong there`);
		const path = join(folder, name);
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		const out = createWriteStream(path, { mode: 0o600 });
		const hash = createHash('sha256');
		for await (const piece of bytes) {
			hash.update(piece);
			if (!out.write(piece)) await once(out, 'drain');
		}
		out.end();
		await once(out, 'close');
		found.set(name, hash.digest('hex'));
	}
	if (!sums) throw new Error('the list of hashes is missing');
	if (sums !== [...found].map(([name, hash]) => `${hash}  ${name}\n`).join(''))
		throw new Error(
			`${[...found].find(([name, hash]) => !sums.includes(`${hash}  ${name}\n`))?.[0] ?? 'a file'} is not what was saved`
		);
	return JSON.parse(readFileSync(join(folder, noteName), 'utf8')) as BackupNote;
}

/**
 * Makes a home from a backup: checks every file's hash first, then puts the folder in place in one step. Exit 2 when the backup is
 * damaged, 1 when the home is not empty; in both cases nothing was changed. Exit 3 when its records need another MTM_KEY. Nobody is signed in
 * there and no one-time link works: they may have been ended or used since. `log` says whether the access log in it is whole.
 */
export async function restore(
	file: string,
	home: Home,
	who: Pick<Entry, 'by' | 'session'>
): Promise<BackupNote & { log: Awaited<ReturnType<typeof verifyLog>>; ended: { sessions: number; links: number } }> {
	if (!existsSync(file)) throw usage(`There is no file ${file}. Nothing was changed.`);
	if (existsSync(home.folder) && readdirSync(home.folder).length > 0)
		throw usage(`${home.folder} is not empty. Nothing was changed. Restore into a new folder with --home NEW.`);
	const beside = `${home.folder}.restoring-${process.pid}`;
	mkdirSync(dirname(home.folder), { recursive: true });
	try {
		mkdirSync(beside, { mode: 0o700 });
		let note: BackupNote;
		try {
			note = await unpack(file, beside);
			if (note.format !== 1) throw new Error('it was made by a newer OpenMTM');
		} catch (cause) {
			throw gate(`${file} cannot be restored: ${(cause as Error).message}. Nothing was changed. Use another backup.`);
		}
		rmSync(join(beside, noteName));
		for (const each of ['loads', 'warehouse', 'reference'])
			mkdirSync(join(beside, each), { recursive: true, mode: 0o700 });
		const made = homeAt(beside);
		const log = await verifyLog(made);
		const database = await records(made);
		const ended = {
			sessions: (await database.delete(auth_session).returning({ id: auth_session.id })).length,
			links: (await database.delete(one_time_link).returning({ id: one_time_link.id })).length
		};
		await record(made, { kind: 'restore', ...who, detail: { file: basename(file), made_at: note.made_at, ...ended } });
		await closeRecords(made);
		for (const path of filesBelow(beside)) toDisk(path);
		if (existsSync(home.folder)) rmdirSync(home.folder);
		renameSync(beside, home.folder);
		return { ...note, log, ended };
	} finally {
		await closeRecords(homeAt(beside));
		rmSync(beside, { recursive: true, force: true });
	}
}

function toDisk(path: string): void {
	const file = openSync(path, 'r');
	try {
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}
