import {
	closeSync,
	copyFileSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@libsql/client';
import { homeAt, type Home } from '$lib/server/home';
import { isAlive, scratchFolder } from '$lib/server/scratch';
import { servingFile } from '$lib/server/sign_in/link';
import { busy, Trouble, usage } from '$lib/server/trouble';
import { headFile, record, verifyLog } from './log';
import { closeRecords, connect, records, recordsFile } from './open';

const inUse = (who: string) => busy(`The records are in use by ${who}. Nothing was changed. Stop it, then try again.`);

function toDisk(path: string): void {
	const file = openSync(path, 'r');
	try {
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}

/** A connection to the records, brought up to this version, that nobody else can read or write beside, until it is closed; exit 4 when somebody has them open. */
async function alone(home: Home, key: string | undefined): Promise<Client> {
	const client = await connect(recordsFile(home), key ?? '', 1);
	try {
		await client.execute('pragma locking_mode = exclusive');
		// Only who is alone can leave the mode in which several work side by side.
		await client.execute('pragma journal_mode = delete');
		await client.executeMultiple('begin exclusive; commit');
		return client;
	} catch (cause) {
		client.close();
		if (/busy|locked/i.test(String(cause))) throw inUse('another process, such as "mtm serve" or a load');
		throw cause;
	}
}

/** How many rows each table has, by name. */
async function rowCounts(client: Client): Promise<string> {
	const tables = await client.execute("select name from sqlite_master where type = 'table' order by name");
	const counts: [string, number][] = [];
	for (const { name } of tables.rows) {
		const { rows } = await client.execute(`select count(*) as count from "${String(name)}"`);
		counts.push([String(name), Number(rows[0]!.count)]);
	}
	return JSON.stringify(counts);
}

/**
 * Writes the records anew under another key (null: without one) and puts them in place of the old in one step; whole or not at all, whenever
 * it is killed. MTM_KEY is the key they have now. Exit 1 when there are none, 3 when MTM_KEY is not theirs, 4 while somebody uses them,
 * 5 when the copy is not the same or the access log is broken; then nothing was changed. Returns the number of log entries.
 */
export async function changeKey(home: Home, key: string | null, by: string): Promise<number> {
	if (!existsSync(recordsFile(home)))
		throw usage(
			`${home.folder} has no records yet. Nothing was changed. Set MTM_KEY before "mtm init" and they are made with it.`
		);
	const old = process.env.MTM_KEY || undefined;
	if ((old ?? null) === key) throw usage('The new key is the one the records have. Nothing was changed.');
	if (existsSync(servingFile(home))) {
		const { pid } = JSON.parse(readFileSync(servingFile(home), 'utf8')) as { pid: number };
		if (isAlive(pid)) throw inUse(`"mtm serve" (process ${pid})`);
	}
	const folder = scratchFolder(home);
	const made = homeAt(folder);
	const from = await alone(home, old);
	try {
		mkdirSync(dirname(recordsFile(made)), { mode: 0o700 });
		const into = `${pathToFileURL(recordsFile(made)).href}?key=${encodeURIComponent(key ?? '')}`;
		await from.execute({ sql: 'vacuum into ?', args: [into] });
		if (existsSync(headFile(home))) copyFileSync(headFile(home), headFile(made));
		const { $client: copy } = await records(made, key ?? '');
		const sound = (await copy.execute('pragma integrity_check')).rows[0]?.integrity_check;
		const { broken } = await verifyLog(made);
		if (sound !== 'ok' || (await rowCounts(copy)) !== (await rowCounts(from)))
			throw new Trouble(
				5,
				'The copy of the records is not the same as the records. Nothing was changed. Check the disk.'
			);
		if (broken)
			throw new Trouble(
				5,
				`The access log is broken at entry ${broken.seq}: ${broken.why}. Nothing was changed. Restore a backup, or keep this folder as it is for who looks into it.`
			);
		const entries = await record(made, {
			kind: 'setting_changed',
			by,
			detail: { setting: 'key of the records', before: old ? 'a key' : 'none', after: key ? 'another key' : 'none' }
		});
		await copy.execute('pragma journal_mode = delete');
		await closeRecords(made);
		toDisk(recordsFile(made));
		renameSync(recordsFile(made), recordsFile(home));
		// The noted hashes follow: until then they end before the last entry, which is no fault.
		if (existsSync(headFile(made))) renameSync(headFile(made), headFile(home));
		toDisk(join(home.folder, 'records'));
		return entries;
	} finally {
		from.close();
		await closeRecords(made);
		rmSync(folder, { recursive: true, force: true });
	}
}
