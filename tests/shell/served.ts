import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Role } from '$lib/domain/role';
import { unlimited, type Limits } from '$lib/domain/scope';
import type { Home } from '$lib/server/home';
import { beginSession } from '$lib/server/lucia/session';
import { addUser } from '$lib/server/sign_in/people';
import { demoHome } from '../laws/scope_home';

const freePort = () =>
	new Promise<number>((done) => {
		const probe = createServer().listen(0, '127.0.0.1', () => {
			const { port } = probe.address() as AddressInfo;
			probe.close(() => done(port));
		});
	});

/** The built server over a home. */
export type Served = {
	origin: string;
	/** Adds a user and signs them in; the cookie that their requests carry. */
	signIn: (role: Role, limits?: Limits) => Promise<string>;
	/** A request that follows no redirect; a form is posted. */
	ask: (cookie: string, address: string, form?: Record<string, string>, method?: string) => Promise<Response>;
	stop: () => Promise<void>;
};

/** Users of a home have names of their own, whichever of its servers they sign in to. */
let people = 0;

/** Starts the built server over a home and waits for its first answer; `heard` gets what it prints. */
export async function serve(home: Home, heard: (text: string) => void = () => {}): Promise<Served> {
	const port = await freePort();
	const origin = `http://127.0.0.1:${port}`;
	const served = (child: ChildProcess): Served => ({
		origin,
		signIn: async (role, limits = unlimited) => {
			const { id } = await addUser(home, { name: `${role}-${++people}`, role, limits }, 'test');
			const { token } = await beginSession(home, id, { address: '127.0.0.1', browser: 'test' });
			return `session-${port}=${token}`;
		},
		ask: (cookie, address, form, method) =>
			fetch(`${origin}${address}`, {
				redirect: 'manual',
				method: method ?? (form ? 'POST' : 'GET'),
				headers: { cookie, accept: 'text/html', ...(form ? { origin } : {}) },
				...(form ? { body: new URLSearchParams(form) } : {})
			}),
		stop: async () => {
			if (child.exitCode !== null) return;
			child.kill();
			await once(child, 'exit');
		}
	});
	const child = spawn(process.execPath, [join('build', 'web', 'index.js')], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), ORIGIN: origin, MTM_HOME: home.folder }
	});
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => heard(piece.toString()));
	for (let tries = 0; tries < 300; tries++) {
		const isUp = await fetch(`${origin}/session`).then(
			() => true,
			() => false
		);
		if (isUp) return served(child);
		await new Promise((done) => setTimeout(done, 100));
	}
	child.kill();
	throw new Error('the built server did not answer');
}

/** The built server over a demo home of its own, with a quality lead and a viewer signed in; the home goes when it is stopped. */
export async function serveDemo(patients: number): Promise<Served & { home: Home; lead: string; viewer: string }> {
	const home = await demoHome(patients);
	const served = await serve(home);
	return {
		...served,
		home,
		lead: await served.signIn('quality_lead'),
		viewer: await served.signIn('viewer'),
		stop: async () => {
			await served.stop();
			rmSync(home.folder, { recursive: true, force: true });
		}
	};
}
