import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { demoLinks } from '$lib/server/demo/users';
import { openHome, writeWhole, type Home } from '$lib/server/home';
import { isLoopback } from '$lib/server/sign_in/answering';
import { servingFile } from '$lib/server/sign_in/link';
import { hasNoUsers } from '$lib/server/sign_in/people';
import { denied, usage } from '$lib/server/trouble';
import { homeOf, say } from './terminal';

export type ServeOptions = { host?: string; port?: string; tlsCert?: string; tlsKey?: string };

/** True when nothing listens on the port of this machine yet. */
const isFree = (host: string, port: number) =>
	new Promise<boolean>((done) => {
		const probe = createServer();
		probe.once('error', () => done(false));
		probe.listen(port, host, () => probe.close(() => done(true)));
	});

async function choosePort(host: string, wanted: string | undefined): Promise<number> {
	const first = Number(wanted ?? process.env.MTM_PORT ?? 4780);
	if (!Number.isInteger(first) || first < 1 || first > 65_535)
		throw usage(`"${wanted}" is no port; choose 1 to 65535.`);
	let port = first;
	if (wanted === undefined) while (port < first + 20 && !(await isFree(host, port))) port++;
	if (!(await isFree(host, port)))
		throw usage(`Port ${port} is taken. Nothing was started. Choose another with --port.`);
	return port;
}

/** The files of --tls-cert and --tls-key, both or none; exit 1 when one is not there. */
function tlsOf({ tlsCert, tlsKey }: ServeOptions): { cert: string; key: string } | null {
	if (!tlsCert && !tlsKey) return null;
	if (!tlsCert || !tlsKey) throw usage('--tls-cert and --tls-key go together. Nothing was started.');
	for (const file of [tlsCert, tlsKey]) if (!existsSync(file)) throw usage(`There is no ${file}. Nothing was started.`);
	return { cert: resolve(tlsCert), key: resolve(tlsKey) };
}

/** The address that people type: MTM_ORIGIN, else made from host and port. */
function originFor(host: string, port: number, tls: boolean): URL {
	const shown = host.includes(':') ? `[${host}]` : host;
	const text = process.env.MTM_ORIGIN ?? `${tls ? 'https' : 'http'}://${shown}:${port}`;
	try {
		return new URL(new URL(text).origin);
	} catch {
		throw usage(`MTM_ORIGIN is "${text}", which is no address such as https://mtm.example.org. Nothing was started.`);
	}
}

/** Other machines are answered only when somebody must sign in and nobody can listen on the way (exit 3 otherwise). */
async function mayOpen(home: Home, host: string, origin: URL, tls: boolean): Promise<void> {
	if (isLoopback(host) && origin.protocol === 'http:') return;
	if (await hasNoUsers(home))
		throw denied(
			`Nobody can sign in to ${home.folder} yet, so it is served on this machine only. ${host} was refused; nothing was started. Make the first administrator with "mtm init --admin NAME".`
		);
	if (origin.protocol !== 'https:')
		throw denied(
			`${host} was refused and nothing was started: without TLS passwords and patients could be read on the way. Give --tls-cert FILE --tls-key FILE, or put a proxy with TLS before 127.0.0.1 and set MTM_ORIGIN=https://NAME.`
		);
	if (tls && (host === '0.0.0.0' || host === '::') && !process.env.MTM_ORIGIN)
		throw denied(
			`Nothing was started: ${host} is no name that people can type. Set MTM_ORIGIN=https://NAME:PORT to the one they will.`
		);
}

/** Serves the dashboard of a home until stopped; on this machine only, unless users exist and TLS is set up. */
export async function serve(home: Home, options: ServeOptions): Promise<void> {
	const host = options.host ?? '127.0.0.1';
	const tls = tlsOf(options);
	await mayOpen(home, host, originFor(host, 0, tls !== null), tls !== null);
	const port = await choosePort(host, options.port);
	const origin = originFor(host, port, tls !== null);
	const root = process.env.MTM_ROOT ?? '.';
	const child = spawn(
		process.execPath,
		[tls ? join(root, 'src', 'cli', 'tls.js') : join(root, 'build', 'web', 'index.js')],
		{
			stdio: ['ignore', 'inherit', 'inherit'],
			env: {
				...process.env,
				HOST: host,
				PORT: String(port),
				ORIGIN: origin.origin,
				MTM_HOME: home.folder,
				UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16',
				...(tls ? { MTM_TLS_CERT: tls.cert, MTM_TLS_KEY: tls.key } : {})
			}
		}
	);
	writeWhole(servingFile(home), JSON.stringify({ origin: origin.origin, pid: child.pid }));
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
	const ended = new Promise<number | null>((done) => child.on('exit', done));
	if (await answers(host, port, child)) await tell(home, host, origin, tls !== null);
	const code = await ended;
	rmSync(servingFile(home), { force: true });
	process.exitCode = code ? 5 : 0;
}

/** Waits until the server takes connections; false when it ended before. */
async function answers(host: string, port: number, server: ChildProcess): Promise<boolean> {
	const near = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
	while (server.exitCode === null && server.signalCode === null) {
		const taken = await new Promise<boolean>((done) => {
			const socket = connect({ host: near, port }, () => done(true)).on('error', () => done(false));
			socket.on('close', () => done(false)).end();
		});
		if (taken) return true;
		await new Promise((done) => setTimeout(done, 50));
	}
	return false;
}

/** Says where the dashboard is, how to get in, and what is not protected. */
async function tell(home: Home, host: string, origin: URL, tls: boolean): Promise<void> {
	say(
		`OpenMTM is at ${origin.origin} (${isLoopback(host) && origin.protocol === 'http:' ? 'this machine only; ' : ''}stop with Ctrl C)`
	);
	if (origin.protocol === 'https:' && !tls) {
		say(
			`The proxy before this server must do TLS. Set ADDRESS_HEADER=x-forwarded-for if it sends that header: otherwise everybody seems to come from its address.`
		);
		if (!isLoopback(host)) say(`${host} itself is answered without TLS: make sure that only the proxy can reach it.`);
	}
	if (await hasNoUsers(home))
		say(`Nobody can sign in yet: open ${origin.origin}/welcome on this machine to make the first administrator.`);
	const links = await demoLinks(home, origin.origin);
	if (links.length) {
		say('Users of the demo; each link signs in once, within 24 hours:');
		for (const { name, role, link } of links) say(`  ${`${name} (${role})`.padEnd(34)} ${link}`);
	}
}

/** `mtm serve`: the dashboard. */
export function register(program: Command): void {
	program
		.command('serve')
		.description('the dashboard, on this machine only unless TLS is set up')
		.option('--host <host>', 'default 127.0.0.1; another needs users, and TLS or a proxy with MTM_ORIGIN=https://NAME')
		.option('--port <port>', 'default 4780, or the next free one')
		.option('--tls-cert <file>', 'a certificate with its chain, PEM')
		.option('--tls-key <file>', 'its key, PEM')
		.action((options: ServeOptions, command: Command) => serve(openHome(homeOf(command).folder), options));
}
