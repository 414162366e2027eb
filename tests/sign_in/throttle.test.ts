import { expect, test } from 'vitest';
import { countAttempt, delay, forgetFailures, forgive } from '$lib/server/sign_in/throttle';
import { freshHome } from './home';

const who = (name: string, address = '10.0.0.7') => ({ name, address });

test('five free failures for a name, then 1, 2, 4 seconds and so on up to 15 minutes; thirty for an address', () => {
	expect([1, 4, 5, 6, 7, 8].map((failures) => delay('name', failures))).toEqual([0, 0, 1000, 2000, 4000, 8000]);
	expect(delay('name', 40)).toBe(900_000);
	expect([29, 30, 31].map((failures) => delay('address', failures))).toEqual([0, 1000, 2000]);
});

test('the wait is held, ends, and grows', async () => {
	const home = freshHome();
	for (let failure = 0; failure < 5; failure++) expect(await countAttempt(home, who('ann'), 1_000)).toBe(0);
	expect(await countAttempt(home, who('ann'), 1_000)).toBe(1_000);
	expect(await countAttempt(home, who('ann'), 1_999)).toBe(1);
	expect(await countAttempt(home, who('ann'), 2_000)).toBe(0);
	expect(await countAttempt(home, who('ann'), 2_000)).toBe(2_000);
	expect(await countAttempt(home, who('bob'), 2_000)).toBe(0);
});

test('a hundred guesses at once get no more looked at than one after the other', async () => {
	const home = freshHome();
	const waits = await Promise.all(Array.from({ length: 100 }, () => countAttempt(home, who('ann'), 5_000)));
	expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
});

test('one guess for each of many names from one address is slowed too', async () => {
	const home = freshHome();
	const waits = [];
	for (let name = 0; name < 40; name++) waits.push(await countAttempt(home, who(`name ${name}`), 5_000));
	expect(waits.filter((wait) => wait === 0)).toHaveLength(30);
	expect(await countAttempt(home, who('name 1', '10.0.0.8'), 5_000)).toBe(0);
});

test('a right password forgets the failures of the name, and one of the address', async () => {
	const home = freshHome();
	for (let failure = 0; failure < 5; failure++) await countAttempt(home, who('ann'), 5_000);
	await forgive(home, who('ann'));
	expect(await countAttempt(home, who('ann'), 5_000)).toBe(0);
	// An attacker who owns an account cannot clear the address by signing in to it.
	const other = who('mallory', '10.0.0.9');
	for (let guess = 0; guess < 30; guess++) {
		await countAttempt(home, { ...other, name: `victim ${guess}` }, 5_000);
		if (guess % 3 === 0 && (await countAttempt(home, other, 5_000)) === 0) await forgive(home, other);
	}
	expect(await countAttempt(home, { ...other, name: 'victim' }, 5_000)).toBeGreaterThan(0);
});

test('a reset lets the name in at once; after a day failures are forgotten', async () => {
	const home = freshHome();
	for (let failure = 0; failure < 5; failure++) await countAttempt(home, who('ann'), 5_000);
	await forgetFailures(home, 'ann');
	expect(await countAttempt(home, who('ann'), 5_000)).toBe(0);
	for (let failure = 0; failure < 4; failure++) await countAttempt(home, who('ann'), 5_000);
	expect(await countAttempt(home, who('ann'), 5_000)).toBeGreaterThan(0);
	expect(await countAttempt(home, who('ann'), 5_000 + 86_400_001)).toBe(0);
	expect(await countAttempt(home, who('ann'), 5_000 + 86_400_001)).toBe(0);
});
