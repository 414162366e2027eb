import { randomBytes } from 'node:crypto';
import {
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readdirSync,
	renameSync,
	rmSync,
	writeSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endDemoUsers } from '$lib/server/demo/mark';
import { withLock, type Home } from '$lib/server/home';
import { shellOwner } from '$lib/server/records/log';
import { recordsFile } from '$lib/server/records/open';
import { examine, type LoadOptions } from './examination';
import { ensureIntake } from './intake';
import { loadFolder, type Load } from './manifest';
import type { LoadResult } from './verdict';

const unfinished = '.tmp-';

/** Loads files or folders whole or not at all; throws `Stopped` (exit 2) when the gate closes. The same bytes load once. */
export async function load(home: Home, paths: string[], options: LoadOptions = {}): Promise<LoadResult> {
	return await withLock(home, 'load', async () => {
		for (const each of existsSync(home.loads) ? readdirSync(home.loads) : [])
			if (each.startsWith(unfinished)) rmSync(join(home.loads, each), { recursive: true, force: true });
		mkdirSync(home.loads, { recursive: true });
		const folder = join(home.loads, `${unfinished}${process.pid}-${randomBytes(4).toString('hex')}`);
		mkdirSync(folder, { mode: 0o700 });
		try {
			const { result, pending } = await examine(home, folder, paths, options);
			if (!pending) return result;
			options.progress?.({ file: null, number: 0, of: 0, doing: 'commit', bytes: 0, size: 0 });
			// Before anything is there to be seen: users without a password are for made-up people alone.
			if (!options.demo && existsSync(recordsFile(home)))
				result.demo_users_disabled = await endDemoUsers(home, options.actor ?? shellOwner);
			commit(home, folder, pending);
			await ensureIntake(home, (doing) =>
				options.progress?.({ file: null, number: 0, of: 0, doing, bytes: 0, size: 0 })
			);
			return { ...result, verdict: 'loaded' };
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
}

/** The same check as `load`, leaving nothing behind: it throws what a load would throw and says what a load would do. */
export async function validate(home: Home, paths: string[], options: LoadOptions = {}): Promise<LoadResult> {
	const folder = mkdtempSync(join(tmpdir(), 'mtm-validate-'));
	try {
		return (await examine(home, folder, paths, options)).result;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function commit(home: Home, folder: string, pending: Load): void {
	const manifest = openSync(join(folder, 'load.json'), 'w', 0o600);
	writeSync(manifest, JSON.stringify(pending));
	fsyncSync(manifest);
	closeSync(manifest);
	renameSync(folder, loadFolder(home, pending.load_id));
	const loads = openSync(home.loads, 'r');
	fsyncSync(loads);
	closeSync(loads);
}
