import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openDatabase, attach, type Row } from '$lib/server/duckdb';
import { openHome, type Home } from '$lib/server/home';
import { ensureIntake } from '$lib/server/load/intake';
import type { LoadOptions } from '$lib/server/load/examination';
import { load } from '$lib/server/load/load';
import { Stopped, type LoadResult } from '$lib/server/load/verdict';

/** A home of its own. */
export const newHome = (): Home => openHome(mkdtempSync(join(tmpdir(), 'mtm-home-')));

/** A folder of its own with the given files; gives its path. Files stand in `acme/` unless they name a folder. */
export function drop(files: Record<string, string | Buffer>): string {
	const folder = mkdtempSync(join(tmpdir(), 'mtm-drop-'));
	for (const [name, text] of Object.entries(files)) {
		const path = join(folder, name.includes('/') ? name : `acme/${name}`);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text);
	}
	return folder;
}

/** Rows of the current intake tables. */
export async function intake<T = Row>(home: Home, sql: string): Promise<T[]> {
	const path = await ensureIntake(home);
	const database = await openDatabase();
	try {
		const connection = await database.connect();
		await attach(connection, path, 'intake');
		await connection.run('use intake');
		return await connection.rows<T>(sql);
	} finally {
		database.close();
	}
}

/** What the gate said of a load; fails when it let the load pass. */
export async function stopped(home: Home, folder: string, options: LoadOptions = {}): Promise<LoadResult> {
	try {
		await load(home, [folder], options);
	} catch (cause) {
		if (cause instanceof Stopped) return cause.result;
		throw cause;
	}
	throw new Error('the gate let it pass');
}

/** The accounting of the only file of a table. */
export function account(result: LoadResult, table: string): number[] {
	const [file, ...others] = result.files.filter((each) => each.table === table);
	if (!file || others.length) throw new Error(`one file of ${table} expected`);
	return [file.read, file.loaded, file.rejected, file.duplicate, file.ignored];
}

export const fillHeader = 'claim_id,person_id,dispensing_date,ndc_code,quantity,days_supply';
export const fill = (
	id: number | string,
	more: Partial<Record<'person' | 'day' | 'ndc' | 'quantity' | 'days', string>> = {}
) =>
	[
		id,
		more.person ?? '007',
		more.day ?? '2025-01-01',
		more.ndc ?? '00071-0155-23',
		more.quantity ?? '30',
		more.days ?? '30'
	].join(',');
export const lines = (...all: string[]) => `${all.join('\n')}\n`;
export const fills = (count: number, more: (at: number) => string = fill) =>
	Array.from({ length: count }, (_, at) => more(at));
