import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoOf } from '$lib/server/demo/mark';
import { demoLinks } from '$lib/server/demo/users';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { rollback } from '$lib/server/load/history';
import { beginSession, readSession } from '$lib/server/lucia/session';
import { readLog } from '$lib/server/records/log';
import { closeRecords } from '$lib/server/records/open';
import { linkUser, makeLink } from '$lib/server/sign_in/link';
import { addUser, choosePassword, enableUser, findUser, needUser, people } from '$lib/server/sign_in/people';
import { chooseByLink, signInByLink, unlock } from '$lib/server/sign_in/sign_in';
import { makeDemo } from '../../src/cli/demo';
import { folder as known } from '../known/expected';
import { emptyFolder } from '../known/shell';

// The demo's users need no password: they are for people who do not exist, and end when other files come.

const home = openHome(join(emptyFolder(), 'home'));
const from = { address: '127.0.0.1', browser: 'test' };
const tokenIn = (link: string) => link.split('/').at(-1)!;
let session: string;
let link: string;
let disabled: string[];

beforeAll(async () => {
	await makeDemo(home, { patients: 40, seed: 3 });
	const own = await addUser(home, { name: 'Ann', role: 'quality_lead' }, 'test');
	await choosePassword(home, own, 'seven grey herons wade');
	session = (await beginSession(home, (await needUser(home, 'demo-lead')).id, from)).token;
	expect(demoOf(home)).toBe('alone');
	link = tokenIn((await demoLinks(home, 'http://here')).find((one) => one.name === 'demo-admin')!.link);
	expect(await readSession(home, session)).not.toBe(null);
	expect((await linkUser(home, link))?.name).toBe('demo-admin');
	// Files that the gate stops load nothing and end nothing.
	await expect(load(home, [join(known, 'README.md')])).rejects.toMatchObject({ exit: 1 });
	expect(await readSession(home, session)).not.toBe(null);
	disabled = (await load(home, [join(known, 'drops', 'drop-1')])).demo_users_disabled;
}, 300_000);
afterAll(() => closeRecords(home));

test('files that are not the demo shut its users out: no session, no link, each in the log', async () => {
	expect(disabled).toEqual([
		'demo-admin',
		'demo-auditor',
		'demo-caller',
		'demo-engineer',
		'demo-lead',
		'demo-manager',
		'demo-viewer'
	]);
	expect(await readSession(home, session)).toBe(null);
	expect(await linkUser(home, link)).toBe(null);
	expect(await demoLinks(home, 'http://here')).toEqual([]);
	for (const person of await people(home)) expect(person.disabled_at === null, person.name).toBe(person.name === 'Ann');
	const { rows } = await readLog(home, { kinds: ['user_changed'] }, { first: 0, rows: 20 });
	expect(rows.map((row) => row.detail.disabled)).toEqual(disabled.map(() => true));
	expect(rows.reduce((sum, row) => sum + Number(row.detail.sessions), 0)).toBe(1);
});

test('who is enabled again is an ordinary user, who chooses a password first', async () => {
	await enableUser(home, await needUser(home, 'demo-lead'), 'test');
	expect(await demoLinks(home, 'http://here')).toEqual([]);
	const token = await makeLink(home, (await needUser(home, 'demo-lead')).id);
	expect(await signInByLink(home, token, from, undefined)).toHaveProperty('refused');
	await chooseByLink(home, token, 'nine brown otters swim', from, undefined);
	const opened = (await beginSession(home, (await needUser(home, 'demo-lead')).id, from)).token;
	expect(await unlock(home, (await readSession(home, opened))!, '', from)).toHaveProperty('refused');
});

test('the home says that it is mixed, and the demo makes no users again; without its load it is no demo', async () => {
	expect(demoOf(home)).toBe('mixed');
	expect((await makeDemo(home, { patients: 40, seed: 3 })).made).toBe(false);
	expect((await findUser(home, 'demo-admin'))!.disabled_at).not.toBe(null);
	await rollback(home, 1, 'test');
	expect(demoOf(home)).toBe(null);
	expect(existsSync(join(home.folder, 'demo.json'))).toBe(true);
	await expect(makeDemo(home, { patients: 40, seed: 3 })).rejects.toThrow(/already holds loaded files/);
});
