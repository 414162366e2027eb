import { spawn, spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { places } from './place';

/** Starts the built server over a home, with a log beside it, and waits for its first answer; returns its process id. */
export async function serve(home: string, port: number, extra: Record<string, string> = {}): Promise<number> {
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
			UV_THREADPOOL_SIZE: '16',
			...extra
		}
	});
	child.unref();
	for (let tries = 0; tries < 150; tries++) {
		try {
			await fetch(`http://127.0.0.1:${port}/session`);
			return child.pid!;
		} catch {
			// Not listening yet.
		}
		await new Promise((done) => setTimeout(done, 200));
	}
	throw new Error(`the server on port ${port} did not answer; see ${places.folder}/server-${port}.log`);
}

/** Runs `mtm` over a home and returns what it printed; throws with its words when it fails. */
export function mtm(home: string, ...words: string[]): string {
	const done = spawnSync(process.execPath, [join(places.build, 'cli', 'main.js'), ...words, '--home', home], {
		cwd: places.root,
		encoding: 'utf8',
		env: { ...process.env, MTM_ROOT: places.root, UV_THREADPOOL_SIZE: '16' },
		maxBuffer: 1 << 26
	});
	if (done.status !== 0)
		throw new Error(`mtm ${words.join(' ')} ended with ${done.status}:\n${done.stderr.slice(-4000)}`);
	return done.stdout;
}

export type Cookie = { name: string; value: string };

/** Signs in through a one-time link over plain HTTP: a demo user at once, anybody else by choosing the password. */
export async function signInByLink(origin: string, link: string, password?: string): Promise<Cookie> {
	const answer = await fetch(origin + new URL(link).pathname, {
		redirect: 'manual',
		// A connection kept from the last test may be closed by the server just now.
		headers: { accept: 'text/html', origin, connection: 'close' },
		...(password === undefined ? {} : { method: 'POST', body: new URLSearchParams({ password }) })
	});
	const [, name, value] = /^([^=]+)=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '') ?? [];
	if (!name || !value) throw new Error(`the link signed nobody in: ${answer.status} ${await answer.text()}`);
	return { name, value };
}

/** The browser's storage with these sessions, as Playwright reads it. */
export const storage = (...cookies: Cookie[]) => ({
	cookies: cookies.map(({ name, value }) => ({
		name,
		value,
		domain: '127.0.0.1',
		path: '/',
		expires: -1,
		httpOnly: true,
		secure: false,
		sameSite: 'Lax' as const
	})),
	origins: []
});
