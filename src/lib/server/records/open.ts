import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient, type Client } from '@libsql/client';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import type { Home } from '$lib/server/home';
import { denied, usage } from '$lib/server/trouble';
import * as schema from './schema';

/** What people decide and did: users, sessions, the log. Apart from the warehouse, because it cannot be computed again. */
export type Records = LibSQLDatabase<typeof schema> & { $client: Client };

/** The part of the records that a transaction offers too. */
export type RecordsWork = Pick<Records, 'select' | 'insert' | 'update' | 'delete' | 'run' | 'all' | 'get'>;

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

async function open(file: string): Promise<Records> {
	mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
	const key = process.env.MTM_KEY || undefined;
	try {
		const client = createClient({
			url: pathToFileURL(file).href,
			timeout: 5_000,
			...(key ? { encryptionKey: key } : {})
		});
		await migrate(client, file);
		return drizzle(client, { schema });
	} catch (cause) {
		if (/not a database|encrypted/i.test(String(cause)))
			throw denied(
				`The records in ${file} cannot be read ${key ? 'with this MTM_KEY' : 'without MTM_KEY'}. Nothing was changed. Set MTM_KEY to the key they were made with${key ? ', or leave it out if they were made without one' : ''}.`
			);
		throw cause;
	}
}

const opened = new Map<string, Promise<Records>>();

/**
 * The records of a home, made when they are not there and brought up to this version; one connection pool a process.
 * Encrypted when MTM_KEY is set. Exit 3 when the key is not theirs, 1 when a newer version wrote them.
 */
export function records(home: Home): Promise<Records> {
	const file = recordsFile(home);
	let found = opened.get(file);
	if (!found) {
		found = open(file);
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
