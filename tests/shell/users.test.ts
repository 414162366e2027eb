import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHome } from '$lib/server/home';
import { beginSession } from '$lib/server/lucia/session';
import { closeRecords } from '$lib/server/records/open';
import { needUser } from '$lib/server/sign_in/people';
import { emptyFolder, mtm, must } from '../known/shell';

const secret = 'seven grey herons wade';
const linkIn = (text: string) => /http\S+\/link\/\S+/.exec(text)?.[0] ?? '';

const freePort = async () =>
	await new Promise<number>((done) => {
		const probe = createServer().listen(0, '127.0.0.1', () => {
			const { port } = probe.address() as AddressInfo;
			probe.close(() => done(port));
		});
	});

const servers: ChildProcess[] = [];
afterAll(() => servers.forEach((server) => server.kill('SIGTERM')));

/** Starts `mtm serve` and waits until it says where it is; returns everything it has said. */
async function serving(words: string[], extra: Record<string, string> = {}): Promise<() => string> {
	const main = process.env.MTM_MAIN ?? join('src', 'cli', 'mtm.js');
	const server = spawn(process.execPath, [main, 'serve', ...words], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, ...extra }
	});
	servers.push(server);
	let said = '';
	for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
	for (let tries = 0; tries < 600 && !/OpenMTM is at/.test(said); tries++) {
		if (server.exitCode !== null) throw new Error(said);
		await new Promise((done) => setTimeout(done, 200));
	}
	return () => said;
}

/** Asks until the server answers at all. */
async function answer(address: string, headers: Record<string, string> = {}): Promise<Response> {
	for (let tries = 0; ; tries++)
		try {
			return await fetch(address, { redirect: 'manual', headers: { accept: 'text/html', ...headers } });
		} catch (cause) {
			if (tries > 100) throw cause;
			await new Promise((done) => setTimeout(done, 200));
		}
}

let folder: string;
beforeAll(() => {
	folder = emptyFolder();
	must('init', '--home', folder);
});

test('init without a terminal makes the folder, asks nothing and says how to go on; no user, no password', () => {
	const made = must('init', '--home', emptyFolder());
	expect(made.err).toMatch(/mtm init --admin NAME/);
	expect(made.out).toBe('');
	expect(must('users', 'list', '--home', folder, '--json').json()).toEqual([]);
	const admin = must('init', '--home', folder, '--admin', 'Ann First');
	expect(linkIn(admin.out)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/link\//);
	const again = mtm('init', '--home', folder, '--admin', 'Eve');
	expect([again.status, again.out]).toEqual([1, '']);
});

test('users are added, listed, limited, given roles; every wrong word changes nothing', () => {
	const added = must(
		'users',
		'add',
		'Meg',
		'--role',
		'pharmacy_manager',
		'--pharmacies',
		'1999000015,1999000023',
		'--link',
		'--home',
		folder
	);
	expect(linkIn(added.out)).not.toBe('');
	const list = () => must('users', 'list', '--home', folder, '--json').json() as Record<string, unknown>[];
	const meg = () => list().find((person) => person.name === 'Meg');
	expect(meg()).toMatchObject({
		role: 'pharmacy_manager',
		pharmacies: ['1999000015', '1999000023'],
		plans: null,
		state: 'no password yet'
	});
	const before = JSON.stringify(list());
	for (const words of [
		['add', 'MEG', '--role', 'viewer'],
		['add', 'Tom', '--role', 'king'],
		['add', 'Tom', '--role', 'viewer', '--pharmacies', 'Elm Street'],
		['add', 'Tom', '--role', 'administrator', '--plans', 'P1'],
		['add', 'x', '--role', 'viewer'],
		['disable', 'Ann First'],
		['role', 'Ann First', 'viewer'],
		['role', 'Nobody', 'viewer'],
		['scope', 'Meg'],
		['scope', 'Meg', '--programs', 'gold'],
		['revoke', 'Meg', 'no-such-session'],
		['rules', '--idle-minutes', '0'],
		['rules', '--shortest-password', '7']
	]) {
		const refused = mtm('users', ...words, '--home', folder);
		expect([words.join(' '), refused.status, refused.out]).toEqual([words.join(' '), 1, '']);
		expect(refused.err).toMatch(/not|no/i);
	}
	expect(JSON.stringify(list())).toBe(before);
	must('users', 'scope', 'Meg', '--plans', 'H9001-001', '--pharmacies', 'all', '--home', folder);
	expect(meg()).toMatchObject({ pharmacies: null, plans: ['H9001-001'] });
	must('users', 'scope', 'Meg', '--plans', 'all', '--home', folder);
	must('users', 'role', 'Meg', 'quality_lead', '--home', folder);
	expect(meg()).toMatchObject({ role: 'quality_lead', plans: null });
	expect(JSON.stringify(list())).not.toMatch(/argon2|secret|hash/);
	const logged = must('log', 'show', '--home', folder, '--json').json() as { kind: string; by: string }[];
	expect(logged.filter(({ kind }) => ['user_added', 'user_changed'].includes(kind)).length).toBe(5);
	expect(new Set(logged.map(({ by }) => by))).toEqual(new Set(['owner (shell)']));
});

test('what the shell does holds at once for a server that runs: role, end of sessions, disabling, a reset', async () => {
	const port = await freePort();
	const origin = `http://127.0.0.1:${port}`;
	const said = await serving(['--home', folder, '--port', String(port)]);
	await expect(fetch(`${origin}/session`)).resolves.toBeDefined();
	const link = linkIn(must('users', 'reset', 'Meg', '--home', folder).out);
	expect(link.startsWith(`${origin}/link/`)).toBe(true);
	const chosen = await fetch(link, {
		method: 'POST',
		redirect: 'manual',
		headers: { origin, accept: 'text/html' },
		body: new URLSearchParams({ password: secret })
	});
	expect(chosen.status).toBe(303);
	const cookie = /^[^;]+/.exec(chosen.headers.get('set-cookie')!)![0];
	const status = async (path: string) => (await answer(origin + path, { cookie })).status;
	expect(await status('/patients')).toBe(200);
	must('users', 'role', 'Meg', 'viewer', '--home', folder);
	expect(await status('/patients')).toBe(404);
	expect(await status('/help')).toBe(200);
	must('users', 'disable', 'Meg', '--home', folder);
	expect(await status('/help')).toBe(303);
	must('users', 'enable', 'Meg', '--home', folder);
	expect(await status('/help')).toBe(303);
	expect(said()).toMatch(/this machine only/);
	expect(said()).not.toContain(secret);
});

test('other machines are answered only when people sign in over TLS', async () => {
	const port = String(await freePort());
	const empty = emptyFolder();
	must('init', '--home', empty);
	const refused = (home: string, words: string[], extra: Record<string, string> = {}) => {
		const before = { ...process.env };
		Object.assign(process.env, extra);
		const ended = mtm('serve', '--home', home, '--port', port, ...words);
		process.env = before;
		expect([words.join(' '), ended.status]).toEqual([words.join(' '), 3]);
		return ended.err;
	};
	expect(refused(empty, ['--host', '0.0.0.0'])).toMatch(/mtm init --admin/);
	expect(refused(folder, ['--host', '0.0.0.0'])).toMatch(/--tls-cert/);
	expect(refused(folder, ['--host', '192.0.2.7'], { MTM_ORIGIN: 'http://mtm.example' })).toMatch(/without TLS/);
	expect(mtm('serve', '--home', folder, '--tls-cert', 'nowhere.pem').status).toBe(1);
	expect(mtm('serve', '--home', folder, '--tls-cert', 'nowhere.pem', '--tls-key', 'nowhere.pem').status).toBe(1);
});

test('under TLS: HSTS, a cookie that only this host gets and only over TLS, and no foreign name', async () => {
	const certificate = spawnSync(
		'openssl',
		[
			'req',
			'-x509',
			'-newkey',
			'ec',
			'-pkeyopt',
			'ec_paramgen_curve:prime256v1',
			'-nodes',
			'-days',
			'1',
			'-subj',
			'/CN=localhost',
			'-keyout',
			join(folder, 'key.pem'),
			'-out',
			join(folder, 'cert.pem')
		],
		{ encoding: 'utf8' }
	);
	if (certificate.error) return console.warn('openssl is not here: serving over TLS was not tried');
	const port = await freePort();
	const said = await serving(
		[
			'--home',
			folder,
			'--host',
			'0.0.0.0',
			'--port',
			String(port),
			'--tls-cert',
			join(folder, 'cert.pem'),
			'--tls-key',
			join(folder, 'key.pem')
		],
		{ MTM_ORIGIN: `https://mtm.example:${port}` }
	);
	expect(said()).toContain(`OpenMTM is at https://mtm.example:${port}`);
	const home = openHome(folder);
	const { token } = await beginSession(home, (await needUser(home, 'Meg')).id, { address: 'test', browser: 'test' });
	await closeRecords(home);
	const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
		new Promise<{ status: number; headers: Record<string, string | string[] | undefined> }>((done, fail) => {
			const sent = request(
				{
					host: '127.0.0.1',
					port,
					path,
					method,
					rejectUnauthorized: false,
					headers: { accept: 'text/html', ...headers }
				},
				(got) => {
					got.resume();
					done({ status: got.statusCode!, headers: got.headers });
				}
			);
			sent.on('error', fail);
			sent.end();
		});
	let first;
	for (let tries = 0; !first && tries < 100; tries++)
		first = await ask('/help', { host: `mtm.example:${port}` }).catch(
			() => new Promise<undefined>((done) => setTimeout(done, 200))
		);
	expect(first).toMatchObject({ status: 303, headers: { 'strict-transport-security': 'max-age=31536000' } });
	expect((await ask('/help', { host: 'evil.example' })).status).toBe(403);
	const cookie = `__Host-session-${port}=${token}`;
	expect((await ask('/help', { host: `mtm.example:${port}`, cookie })).status).toBe(200);
	expect((await ask('/help', { host: `mtm.example:${port}`, cookie: cookie.replace('__Host-', '') })).status).toBe(303);
	const out = await ask(
		'/sign-out',
		{ host: `mtm.example:${port}`, cookie, origin: `https://mtm.example:${port}` },
		'POST'
	);
	expect(String(out.headers['set-cookie'])).toMatch(/__Host-session-\d+=;.*Path=\/.*HttpOnly; Secure; SameSite=Lax/i);
});
