import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient, type Client, type Transaction } from '@libsql/client';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import type { Home } from '$lib/server/home';
import { busy, denied, usage } from '$lib/server/trouble';
import * as schema from './schema';

/** What people decide and did: users, sessions, the log. Apart from the warehouse, because it cannot be computed again. */
export type Records = LibSQLDatabase<typeof schema> & { $client: Client };

const migrations = import.meta.glob('./migrations/*.sql', { query: '?raw', import: 'default', eager: true }) as Record<
	string,
	string
>;

/** The file of the records. */
export const recordsFile = (home: Home) => join(home.folder, 'records', 'records.db');

/** Brings the tables up to this version: all missing steps or none, while nobody else writes. */
async function migrate(client: Client, file: string): Promise<void> {
	const steps = Object.entries(migrations)
		.map(([path, text]) => ({ name: path.split('/').pop()!.replace('.sql', ''), text }))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
	await client.execute('pragma journal_mode = wal');
	await client.execute('create table if not exists migration (name text primary key, done_at text not null)');
	const doneNames = async (work: Pick<Client, 'execute'>) =>
		new Set((await work.execute('select name from migration')).rows.map((row) => String(row.name)));
	const before = await doneNames(client);
	const newer = [...before].filter((name) => !steps.some((step) => step.name === name));
	if (newer.length)
		throw usage(
			`${file} was written by a newer OpenMTM (${newer.join(', ')}). Nothing was changed. Use that version, or restore a backup made before it.`
		);
	if (steps.every((step) => before.has(step.name))) return;
	const work = await client.transaction('write');
	try {
		const done = await doneNames(work);
		for (const step of steps) {
			if (done.has(step.name)) continue;
			await work.executeMultiple(step.text);
			await work.execute({
				sql: 'insert into migration values (?, ?)',
				args: [step.name, new Date().toISOString()]
			});
		}
		await work.commit();
	} finally {
		work.close();
	}
}

/**
 * The same client with one unit of work at a time. The driver blocks this thread while it waits for a writer: if that writer were another
 * unit of work of this process, it could never end. Inside `transaction` use only what it hands over.
 */
function oneAtATime(client: Client): Client {
	let last: Promise<unknown> = Promise.resolve();
	const enter = async () => {
		const before = last;
		let leave = () => {};
		last = new Promise<void>((done) => (leave = done));
		await before;
		return leave;
	};
	const alone =
		<A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
		async (...args: A): Promise<R> => {
			const leave = await enter();
			try {
				return await work.apply(client, args);
			} finally {
				leave();
			}
		};
	const transaction = async (): Promise<Transaction> => {
		const leave = await enter();
		try {
			const work = await client.transaction('write');
			const ending = (end: () => unknown) => async () => {
				try {
					await end();
				} finally {
					work.close();
					leave();
				}
			};
			return new Proxy(work, {
				get: (target, key) => {
					if (key === 'commit') return ending(() => target.commit());
					if (key === 'rollback') return ending(() => target.rollback());
					if (key === 'close')
						return () => {
							target.close();
							leave();
						};
					const value: unknown = Reflect.get(target, key, target);
					return typeof value === 'function' ? (value.bind(target) as unknown) : value;
				}
			});
		} catch (cause) {
			leave();
			throw cause;
		}
	};
	return new Proxy(client, {
		get: (target, key) => {
			if (key === 'execute' || key === 'batch' || key === 'executeMultiple' || key === 'migrate')
				return alone(Reflect.get(target, key, target) as (...args: unknown[]) => Promise<unknown>);
			if (key === 'transaction') return transaction;
			const value: unknown = Reflect.get(target, key, target);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		}
	});
}

const fileNumber = (file: string): number | null => statSync(file, { throwIfNoEntry: false })?.ino ?? null;

/**
 * A connection to the records in a file, brought up to this version. Exit 3 when the key is not theirs, 4 while another process keeps them,
 * 1 when a newer version wrote them.
 */
export async function connect(file: string, key: string, concurrency?: number): Promise<Client> {
	const before = fileNumber(file);
	try {
		const client = createClient({
			url: pathToFileURL(file).href,
			timeout: 5_000,
			...(concurrency ? { concurrency } : {}),
			...(key ? { encryptionKey: key } : {})
		});
		await migrate(client, file);
		if (before === null || before === fileNumber(file)) return client;
		// While this waited, the records were written anew under another key and the old file is no longer theirs.
		client.close();
	} catch (cause) {
		if (/not a database|encrypted/i.test(String(cause)))
			throw denied(
				`The records in ${file} cannot be read ${key ? 'with this MTM_KEY' : 'without MTM_KEY'}. Nothing was changed. Set MTM_KEY to the key they were made with${key ? ', or leave it out if they were made without one' : ''}.`
			);
		if (/SQLITE_BUSY|database is locked/i.test(String(cause)))
			throw busy(`The records in ${file} are in use by another process. Nothing was done. Try again.`);
		throw cause;
	}
	return await connect(file, key, concurrency);
}

async function open(file: string, key: string): Promise<Records> {
	mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
	return drizzle(oneAtATime(await connect(file, key)), { schema });
}

const opened = new Map<string, Promise<Records>>();

/**
 * The records of a home, made when they are not there and brought up to this version; one client a process.
 * Encrypted when there is a key (MTM_KEY). Exit 3 when the key is not theirs, 4 while another process keeps them, 1 when a newer version
 * wrote them.
 */
export function records(home: Home, key = process.env.MTM_KEY ?? ''): Promise<Records> {
	const file = recordsFile(home);
	let found = opened.get(file);
	if (!found) {
		found = open(file, key);
		opened.set(file, found);
		found.catch(() => opened.delete(file));
	}
	return found;
}

/** Closes the records of a home, for who moves or replaces the file; the next `records(home)` opens them again. */
export async function closeRecords(home: Home): Promise<void> {
	const file = recordsFile(home);
	const found = opened.get(file);
	opened.delete(file);
	if (found) (await found).$client.close();
}
