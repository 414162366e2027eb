import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { openHome } from '$lib/server/home';
import { closeRecords, records, recordsFile } from '$lib/server/records/open';
import { setting, user } from '$lib/server/records/schema';

const folders: string[] = [];
const freshHome = () => {
	const folder = mkdtempSync(join(tmpdir(), 'mtm-records-'));
	folders.push(folder);
	return openHome(folder);
};
afterEach(() => {
	delete process.env.MTM_KEY;
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const planted = { name: 'idle_minutes', value: 'PLANTED-WORD', changed_at: 1, changed_by: 'test' };

test('records are made, kept, and found again', async () => {
	const home = freshHome();
	await (await records(home)).insert(setting).values(planted);
	await closeRecords(home);
	expect(await (await records(home)).select().from(setting)).toEqual([planted]);
	expect(await (await records(home)).select().from(user)).toEqual([]);
	await closeRecords(home);
});

test('with MTM_KEY nothing in the file can be read, and only with that key the records open', async () => {
	const home = freshHome();
	process.env.MTM_KEY = 'a key of the test';
	await (await records(home)).insert(setting).values(planted);
	await closeRecords(home);
	const bytes = readFileSync(recordsFile(home)).toString('latin1');
	expect(bytes).not.toContain('PLANTED-WORD');
	expect(bytes.slice(0, 15)).not.toBe('SQLite format 3');

	delete process.env.MTM_KEY;
	await expect(records(home)).rejects.toMatchObject({ exit: 3, message: expect.stringContaining('without MTM_KEY') });
	process.env.MTM_KEY = 'another key';
	await expect(records(home)).rejects.toMatchObject({ exit: 3, message: expect.stringContaining('with this MTM_KEY') });
	process.env.MTM_KEY = 'a key of the test';
	expect(await (await records(home)).select().from(setting)).toEqual([planted]);
	await closeRecords(home);
});

test('records that a newer version wrote are refused untouched', async () => {
	const home = freshHome();
	await records(home);
	await closeRecords(home);
	const client = createClient({ url: pathToFileURL(recordsFile(home)).href });
	await client.execute("insert into migration values ('9999_of_tomorrow', '2030-01-01')");
	client.close();
	await expect(records(home)).rejects.toMatchObject({ exit: 1, message: expect.stringContaining('9999_of_tomorrow') });
});

test('a writer waits for another writer instead of failing', async () => {
	const home = freshHome();
	const mine = await records(home);
	const other = createClient({ url: pathToFileURL(recordsFile(home)).href });
	const held = await other.transaction('write');
	await held.execute("insert into setting values ('a', '1', 1, 'other')");
	const before = Date.now();
	// The wait blocks this thread, so the other writer cannot end meanwhile: what is measured is that it waited.
	await expect(mine.insert(setting).values(planted)).rejects.toThrow();
	expect(Date.now() - before).toBeGreaterThan(1_000);
	await held.commit();
	await mine.insert(setting).values(planted);
	expect(await mine.select().from(setting)).toHaveLength(2);
	other.close();
	await closeRecords(home);
});

test('many transactions at once in one process take turns and lose nothing', async () => {
	const home = freshHome();
	const db = await records(home);
	await db.insert(setting).values({ ...planted, value: '0' });
	await Promise.all(
		Array.from({ length: 50 }, async (_, number) => {
			await db.transaction(async (work) => {
				const [row] = await work.select().from(setting);
				await new Promise((done) => setTimeout(done, 1));
				await work.update(setting).set({ value: String(Number(row!.value) + 1) });
			});
			if (number % 7 === 0)
				await expect(
					db.transaction(async (work) => {
						await work.update(setting).set({ value: 'lost' });
						throw new Error('no');
					})
				).rejects.toThrow('no');
			await db.select().from(setting);
		})
	);
	expect((await db.select().from(setting))[0]!.value).toBe('50');
	await closeRecords(home);
});

test('two that open a fresh home at once both find every table', async () => {
	const home = freshHome();
	const file = pathToFileURL(recordsFile(home)).href;
	const [first] = await Promise.all([records(home), records(home)]);
	expect(await first.select().from(user)).toEqual([]);
	const other = createClient({ url: file });
	expect((await other.execute('select count(*) as n from migration')).rows[0]!.n).toBeGreaterThan(0);
	other.close();
	await closeRecords(home);
});
