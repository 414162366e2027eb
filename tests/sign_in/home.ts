import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openHome, type Home } from '$lib/server/home';
import { closeRecords } from '$lib/server/records/open';
import { addUser, choosePassword, userById, type NewUser } from '$lib/server/sign_in/people';

const homes: Home[] = [];

/** An empty home that is gone after the test. */
export function freshHome(): Home {
	const home = openHome(mkdtempSync(join(tmpdir(), 'mtm-sign-in-')));
	homes.push(home);
	return home;
}

afterEach(async () => {
	for (const home of homes.splice(0)) {
		await closeRecords(home);
		rmSync(home.folder, { recursive: true, force: true });
	}
});

export const good = 'seven grey herons wade';
export const desk = { address: '10.0.0.7', browser: 'a test' };

/** A user with the good password. */
export async function person(home: Home, name: string, more: Partial<NewUser> = {}) {
	const made = await addUser(home, { name, role: 'viewer', ...more }, 'test');
	await choosePassword(home, made, good);
	return (await userById(home, made.id))!;
}
