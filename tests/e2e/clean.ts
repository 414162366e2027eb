import { existsSync, readFileSync, rmSync } from 'node:fs';
import { places } from './place';

/** Stops the servers of this run and removes what it made. */
export default function clean(): void {
	if (existsSync(places.servers))
		for (const pid of JSON.parse(readFileSync(places.servers, 'utf8')) as number[])
			try {
				process.kill(pid);
			} catch {
				// It has ended by itself.
			}
	rmSync(places.build, { recursive: true, force: true });
	rmSync(places.folder, { recursive: true, force: true });
}
