import { isHttpError } from '@sveltejs/kit';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '$lib/server/home';
import { record, type Entry } from '$lib/server/records/log';
import { scratchFolder } from '$lib/server/scratch';
import { faultWords, Trouble } from '$lib/server/trouble';
import { withDescription } from './description';
import { formats, writeTable, type Format, type Table, type Watch, type Written } from './write';
import type { About } from './workbook';

/** What is asked for: the table is read when its turn comes. */
export type Order = {
	format: Format;
	/** A byte order mark before a CSV. */
	mark?: boolean;
	/** The file in a zip archive, with what it cannot say of itself beside it. */
	described?: boolean;
	/** Reads the rows; its columns and what the file says about itself. */
	read: () => Promise<{ table: Table; about: (rows: number) => About; detail: Record<string, unknown> }>;
	/** The file's name, once its rows are counted. */
	fileName: (rows: number) => string;
	/** Where the page of the export is, for who comes back from a long one. */
	back: string;
	/** Who asks, for the log and for nobody else to fetch it. */
	entry: Omit<Entry, 'kind'> & { session: string };
};

/** An export at work, or ready to be fetched once. */
export type Job = {
	id: string;
	session: string;
	state: 'waiting' | 'reading' | 'writing' | 'ready' | 'failed' | 'cancelled';
	/** Rows written so far. */
	rows: number;
	/** The rows of the table, once they are read. */
	of: number | null;
	/** Why it failed, in words for the one who asked. */
	message: string | null;
	/** The HTTP status of the failure. */
	status: number | null;
	back: string;
	file: (Written & { name: string; type: string }) | null;
	/** Settles when nothing more will happen; never rejects. */
	ended: Promise<void>;
	cancel: () => void;
};

/** A file that nobody fetched goes after ten minutes. */
const keptFor = 10 * 60_000;
/** Exports that run at the same time; others wait. */
const atOnce = 2;

type Desk = { jobs: Map<string, Job & { folder: string | null }>; running: number; queue: (() => void)[] };
const parked = globalThis as typeof globalThis & { openmtmExports?: Desk };
const desk: Desk = (parked.openmtmExports ??= begin());

function begin(): Desk {
	const made: Desk = { jobs: new Map(), running: 0, queue: [] };
	process.on('exit', () => {
		for (const { folder } of made.jobs.values()) if (folder) rmSync(folder, { recursive: true, force: true });
	});
	return made;
}

/** Starts an export. It is logged when it is whole and before anybody can fetch it; what cannot be logged is not handed out. */
export function startExport(home: Home, order: Order): Job {
	const stop = new AbortController();
	const job: Job & { folder: string | null } = {
		id: randomBytes(16).toString('hex'),
		session: order.entry.session,
		state: 'waiting',
		rows: 0,
		of: null,
		message: null,
		status: null,
		back: order.back,
		file: null,
		folder: null,
		ended: Promise.resolve(),
		cancel: () => {
			stop.abort();
			if (job.state !== 'ready' && job.state !== 'failed') job.state = 'cancelled';
			forget(job);
		}
	};
	desk.jobs.set(job.id, job);
	job.ended = (async () => {
		const release = await turn();
		try {
			stop.signal.throwIfAborted();
			job.folder = scratchFolder(home);
			await work(home, order, job, stop.signal);
		} catch (cause) {
			if (stop.signal.aborted) job.state = 'cancelled';
			else {
				job.state = 'failed';
				// A table or patient that is not there is answered as such.
				const refused = isHttpError(cause) ? cause : null;
				job.status = refused?.status ?? (cause instanceof Trouble && cause.exit === 1 ? 400 : 500);
				job.message =
					cause instanceof Trouble
						? cause.message
						: (refused?.body.message ??
							'The file could not be made. Nothing was handed out. Try again; if it happens again, tell who runs this server.');
				if (!(cause instanceof Trouble) && !refused) process.stderr.write(`an export failed: ${faultWords(cause)}\n`);
			}
			empty(job);
		} finally {
			release();
			setTimeout(() => forget(job), keptFor).unref();
		}
	})();
	return job;
}

async function work(
	home: Home,
	order: Order,
	job: Job & { folder: string | null },
	signal: AbortSignal
): Promise<void> {
	job.state = 'reading';
	const { table, about, detail } = await order.read();
	signal.throwIfAborted();
	job.state = 'writing';
	job.of = Array.isArray(table.rows) ? table.rows.length : null;
	const watch: Watch = { signal, progress: (rows) => (job.rows = rows) };
	const path = join(job.folder!, `table.${order.format}`);
	const written = await writeTable(path, order.format, table, about, { ...watch, mark: order.mark });
	const name = order.fileName(written.rows);
	const archive = order.described
		? await withDescription(join(job.folder!, 'table.zip'), name, written, about(written.rows))
		: null;
	signal.throwIfAborted();
	await record(home, {
		...order.entry,
		kind: 'export',
		detail: {
			table: table.name,
			format: order.format,
			rows: written.rows,
			bytes: written.bytes,
			sha256: written.sha256,
			file: name,
			...(archive ? { archive_sha256: archive.sha256 } : {}),
			...detail
		}
	});
	signal.throwIfAborted();
	job.file = archive
		? { ...archive, name: `${name}.zip`, type: 'application/zip' }
		: { ...written, name, type: formats[order.format].type };
	job.state = 'ready';
}

async function turn(): Promise<() => void> {
	if (desk.running >= atOnce) await new Promise<void>((go) => desk.queue.push(go));
	desk.running++;
	return () => {
		desk.running--;
		desk.queue.shift()?.();
	};
}

function empty(job: Job & { folder: string | null }): void {
	if (job.folder && existsSync(job.folder)) rmSync(job.folder, { recursive: true, force: true });
	job.folder = null;
	job.file = null;
}

function forget(job: Job & { folder: string | null }): void {
	empty(job);
	desk.jobs.delete(job.id);
}

/** The export of that id, for the session that started it; nobody else hears that it is there. */
export function exportOf(id: string, session: string): Job | null {
	const job = desk.jobs.get(id);
	return job && job.session === session ? job : null;
}

/** Takes the file of a ready export: from now on nobody else is handed it, and `gone` removes it once it is sent. */
export function takeExport(job: Job): { file: NonNullable<Job['file']>; gone: () => void } {
	const { file } = job;
	job.file = null;
	return {
		file: file!,
		gone: () => {
			const kept = desk.jobs.get(job.id);
			if (kept) forget(kept);
		}
	};
}
