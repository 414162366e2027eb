import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places } from './place';

/** Starts the built server over a home, with a log beside it, and waits for its first answer. */
async function serve(home: string, port: number): Promise<number> {
	const log = openSync(join(places.folder, `server-${port}.log`), 'a');
	const child = spawn(process.execPath, [join(places.build, 'index.js')], {
		cwd: places.root,
		detached: true,
		stdio: ['ignore', log, log],
		env: {
			...process.env,
			HOST: '127.0.0.1',
			PORT: String(port),
			ORIGIN: `http://127.0.0.1:${port}`,
			MTM_HOME: home,
			MTM_ROOT: places.root,
			UV_THREADPOOL_SIZE: '16'
		}
	});
	child.unref();
	for (let tries = 0; tries < 150; tries++) {
		try {
			if ((await fetch(`http://127.0.0.1:${port}/now`)).ok) return child.pid!;
		} catch {
			// Not listening yet.
		}
		await new Promise((done) => setTimeout(done, 200));
	}
	throw new Error(`the server on port ${port} did not answer; see ${places.folder}/server-${port}.log`);
}

/** Makes a small demo population once, loads and computes it through the command line, and serves it and an empty home. */
export default async function prepare(): Promise<void> {
	mkdirSync(places.folder, { recursive: true });
	if (!existsSync(join(places.home, 'current.json'))) {
		const made = spawnSync(
			process.execPath,
			[join(places.root, 'src', 'cli', 'mtm.js'), 'demo', '--patients', '2000', '--seed', '7', '--home', places.home],
			{ cwd: places.root, encoding: 'utf8', maxBuffer: 1 << 26 }
		);
		if (made.status !== 0) throw new Error(`the demo population could not be made:\n${made.stderr.slice(-4000)}`);
	}
	cpSync(join(places.root, 'build', 'web'), places.build, { recursive: true });
	const pids = [await serve(places.home, places.port), await serve(places.empty, places.port + 1)];
	writeFileSync(places.servers, JSON.stringify(pids));
}
