import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Command } from 'commander';
import { denied, usage } from '$lib/server/trouble';
import { openHome, type Home } from '$lib/server/home';
import { homeOf, say } from './terminal';

const loopback = new Set(['127.0.0.1', 'localhost', '::1']);

/** True when nothing listens on the port of this machine yet. */
const isFree = (host: string, port: number) =>
	new Promise<boolean>((done) => {
		const probe = createServer();
		probe.once('error', () => done(false));
		probe.listen(port, host, () => probe.close(() => done(true)));
	});

/** Serves the dashboard of a home until stopped; loopback only, because nobody signs in yet. */
export async function serve(home: Home, options: { host?: string; port?: string }): Promise<void> {
	const host = options.host ?? '127.0.0.1';
	if (!loopback.has(host))
		throw denied(
			`There is no sign-in yet, so the dashboard answers on this machine only (127.0.0.1). ${host} was refused; nothing was started.`
		);
	const wanted = Number(options.port ?? process.env.MTM_PORT ?? 4780);
	if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65_535)
		throw usage(`"${options.port}" is no port; choose 1 to 65535.`);
	let port = wanted;
	if (options.port === undefined) while (port < wanted + 20 && !(await isFree(host, port))) port++;
	if (!(await isFree(host, port)))
		throw usage(`Port ${port} is taken. Nothing was started. Choose another with --port.`);
	const shown = host === '::1' ? '[::1]' : host;
	const child = spawn(process.execPath, [join(process.env.MTM_ROOT ?? '.', 'build', 'web', 'index.js')], {
		stdio: ['ignore', 'inherit', 'inherit'],
		env: {
			...process.env,
			HOST: host,
			PORT: String(port),
			ORIGIN: `http://${shown}:${port}`,
			MTM_HOME: home.folder,
			UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16'
		}
	});
	say(`OpenMTM is at http://${shown}:${port} (this machine only; stop with Ctrl C)`);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
	const code = await new Promise<number | null>((done) => child.on('exit', done));
	process.exitCode = code ? 5 : 0;
}

/** `mtm serve`: the dashboard. */
export function register(program: Command): void {
	program
		.command('serve')
		.description('the dashboard, on this machine only')
		.option('--host <host>', '127.0.0.1, localhost or ::1')
		.option('--port <port>', 'default 4780, or the next free one')
		.action((options: { host?: string; port?: string }, command: Command) =>
			serve(openHome(homeOf(command).folder), options)
		);
}
