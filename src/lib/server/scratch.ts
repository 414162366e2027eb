import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Home } from './home';

/** Where unfinished exports and backups of a home lie; inside the home, so that they need no other encrypted place. */
const scratchOf = (home: Home) => join(home.folder, 'scratch');

/** True while a process of this machine runs. */
export const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (cause) {
		return (cause as NodeJS.ErrnoException).code === 'EPERM';
	}
};

/** Removes what processes of this machine that are no longer there left behind, such as after a kill. */
export function sweepScratch(home: Home): void {
	let found: string[];
	try {
		found = readdirSync(scratchOf(home));
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
		throw cause;
	}
	for (const each of found) {
		const [, host, pid] = /^(.*)\.(\d+)\.[0-9a-f]+$/.exec(each) ?? [];
		if (host === hostname() && !isAlive(Number(pid)))
			rmSync(join(scratchOf(home), each), { recursive: true, force: true });
	}
}

/** A folder of this process's own in the home, for its owner alone. Whoever makes it removes it. */
export function scratchFolder(home: Home): string {
	sweepScratch(home);
	const folder = join(scratchOf(home), `${hostname()}.${process.pid}.${randomBytes(6).toString('hex')}`);
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	return folder;
}
