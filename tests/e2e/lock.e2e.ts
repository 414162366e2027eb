import { expect, test } from '@playwright/test';
import { made, secret, signIn, stranger } from './person';
import { places } from './place';
import { serve } from './server';

test('locked by hand: unreadable, closed to the keyboard and the server; the password alone brings the page back with its text', async ({
	browser
}) => {
	const name = await made('Lock Smith');
	const page = await stranger(browser);
	await page.goto('/login?next=/account');
	await signIn(page, name);
	const text = page.getByLabel('New password');
	await text.fill('half written words');
	await page.locator('summary', { hasText: name }).click();
	await page.getByRole('button', { name: 'Lock now' }).click();
	const lock = page.getByRole('dialog', { name: 'Locked' });
	await expect(lock).toBeVisible();
	await expect(page).toHaveTitle('Locked · OpenMTM');
	expect(await page.locator('.view').evaluate((view) => getComputedStyle(view).filter)).toBe('blur(12px)');
	for (let times = 0; times < 3; times++) await page.keyboard.press('Escape');
	await expect(lock).toBeVisible();
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	expect(await page.evaluate(() => Boolean(document.activeElement?.closest('.view')))).toBe(false);
	expect((await page.request.get('/now')).status()).toBe(401);
	const sideways = await page.context().newPage();
	await sideways.goto('/patients');
	await expect(sideways).toHaveURL('/lock?next=%2Fpatients');
	await lock.getByRole('textbox', { name: 'Password', exact: true }).fill('not the password');
	await lock.getByRole('button', { name: 'Unlock' }).click();
	await expect(lock.getByRole('alert')).toContainText('not your password');
	await lock.getByRole('textbox', { name: 'Password', exact: true }).fill(secret);
	await lock.getByRole('button', { name: 'Unlock' }).click();
	await expect(lock).toBeHidden();
	await expect(text).toHaveValue('half written words');
	await expect(page).toHaveTitle(/Account/);
	expect((await page.request.get('/now')).status()).toBe(200);
});

test('idle: a warning, then the lock, on every tab; one tab opens all; what was typed stays', async ({ browser }) => {
	test.slow();
	const name = await made('Idle Hands');
	const port = places.port + 8;
	const origin = `http://127.0.0.1:${port}`;
	const pid = await serve(places.home, port, { MTM_IDLE_MINUTES: '1' });
	try {
		const page = await stranger(browser, origin);
		await page.goto('/login?next=/account');
		await signIn(page, name);
		await page.getByLabel('New password').fill('half written words');
		const other = await page.context().newPage();
		await other.goto('/help');
		await page.bringToFront();
		await page.getByRole('button', { name: 'Stay signed in' }).click({ timeout: 90_000 });
		await expect(page.getByText('this page is about to lock')).toBeHidden();
		await expect(page.getByRole('dialog', { name: 'Locked' })).toBeVisible({ timeout: 90_000 });
		await expect(other.getByRole('dialog', { name: 'Locked' })).toBeVisible({ timeout: 30_000 });
		expect((await page.request.get('/now')).status()).toBe(401);
		await page.getByRole('textbox', { name: 'Password', exact: true }).fill(secret);
		await page.getByRole('button', { name: 'Unlock' }).click();
		await expect(page.getByRole('dialog', { name: 'Locked' })).toBeHidden();
		await expect(page.getByLabel('New password')).toHaveValue('half written words');
		await other.bringToFront();
		await expect(other.getByRole('dialog', { name: 'Locked' })).toBeHidden({ timeout: 30_000 });
	} finally {
		process.kill(pid);
	}
});
