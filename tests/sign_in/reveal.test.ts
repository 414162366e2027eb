import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { hasRevealed, identifiersFor, viewerOf, type Viewer } from '$lib/domain/viewer';
import type { Home } from '$lib/server/home';
import { beginSession, endSession, readSession } from '$lib/server/lucia/session';
import { readLog } from '$lib/server/records/log';
import { reveal } from '$lib/server/reveal';
import { desk, freshHome, person } from './home';

async function signedIn(role: 'quality_lead' | 'payer_auditor') {
	const home = freshHome();
	const ann = await person(home, 'Ann', { role });
	const { id, token } = await beginSession(home, ann.id, desk);
	return { home, id, token, viewer: await viewing(home, token) };
}

async function viewing(home: Home, token: string): Promise<Viewer> {
	const session = (await readSession(home, token))!;
	return viewerOf(session.user, session)!;
}

const reason = 'called back about a refill';

test('reasons that several processes give at the same moment all stand, in the session and in the log', async () => {
	const { home, token } = await signedIn('payer_auditor');
	const out = mkdtempSync(join('build', 'revealer-'));
	await build({
		configFile: false,
		logLevel: 'error',
		resolve: { alias: { $lib: fileURLToPath(new URL('../../src/lib', import.meta.url)) } },
		build: {
			ssr: fileURLToPath(new URL('revealer.ts', import.meta.url)),
			outDir: out,
			target: 'node20',
			rolldownOptions: { output: { entryFileNames: 'revealer.js' } }
		}
	});
	try {
		const each = 15;
		const codes = await Promise.all(
			[0, 1, 2].map(async (at) => {
				const words = [join(out, 'revealer.js'), home.folder, token, String(at * each), String(each)];
				const [code] = (await once(spawn(process.execPath, words, { stdio: 'inherit' }), 'exit')) as [number];
				return code;
			})
		);
		expect(codes).toEqual([0, 0, 0]);
		const after = await viewing(home, token);
		const pids = Array.from({ length: 3 * each }, (_, at) => `p${at}`);
		expect(after.reveals.map((one) => one.pid).sort()).toEqual([...pids].sort());
		expect(pids.every((pid) => hasRevealed(after, pid))).toBe(true);
		expect((await readLog(home, { kinds: ['reveal'] }, { first: 0, rows: 50 })).total).toBe(pids.length);
	} finally {
		rmSync(out, { recursive: true, force: true });
	}
});

test('of one purpose the latest reason stands', async () => {
	const { home, token, viewer } = await signedIn('quality_lead');
	await reveal(home, viewer, { purpose: 'care', reason });
	await reveal(home, viewer, { purpose: 'outreach', reason });
	await reveal(home, viewer, { purpose: 'care', reason: 'another reason, later' });
	expect((await viewing(home, token)).reveals.map((one) => [one.purpose, one.reason])).toEqual([
		['outreach', reason],
		['care', 'another reason, later']
	]);
});

test('a session that has ended opens nothing', async () => {
	const { home, id, token, viewer } = await signedIn('quality_lead');
	await endSession(home, id);
	await expect(reveal(home, viewer, { purpose: 'care', reason })).rejects.toMatchObject({ exit: 1 });
	expect(await readSession(home, token)).toBe(null);
});

test('identifiers are opened by a reason: for all patients, for one at a time, or not at all', async () => {
	const { home, token, viewer } = await signedIn('quality_lead');
	expect([identifiersFor(viewer), identifiersFor(viewer, 'a')]).toEqual(['closed', 'closed']);
	await reveal(home, viewer, { purpose: 'care', reason });
	const lead = await viewing(home, token);
	expect([identifiersFor(lead), identifiersFor(lead, 'a')]).toEqual(['open', 'open']);
	const desk = await signedIn('payer_auditor');
	expect([identifiersFor(desk.viewer), identifiersFor(desk.viewer, 'a')]).toEqual([null, 'closed']);
	await reveal(desk.home, desk.viewer, { purpose: 'audit', reason, pid: 'a' });
	const auditor = await viewing(desk.home, desk.token);
	expect(['a', 'b', undefined].map((pid) => identifiersFor(auditor, pid))).toEqual(['open', 'closed', null]);
	const viewerOnly = { ...viewer, user: { ...viewer.user, role: 'viewer' as const } };
	expect([identifiersFor(viewerOnly), identifiersFor(viewerOnly, 'a')]).toEqual([null, null]);
});
