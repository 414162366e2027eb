import { expect, test } from '@playwright/test';
import { fitsNarrow, violations, violationsInBoth } from './look';
import { made, secret, signIn, stranger } from './person';
import { places } from './place';
import { withoutScript } from './script';
import { mtm, serve } from './server';

test.describe('as an administrator', () => {
	test.use({ storageState: places.admin });

	test('a user is added, chooses a password by the link, gets another role at once, and is shut out at once', async ({
		page,
		browser
	}) => {
		await page.goto('/admin/users');
		await page.getByRole('textbox', { name: 'Name', exact: true }).fill('New Colleague');
		await page.getByLabel('Role', { exact: true }).selectOption('viewer');
		await page.getByRole('button', { name: /Add/ }).click();
		const link = await page.getByText('/link/').innerText();
		const theirs = await stranger(browser);
		await theirs.goto(new URL(link).pathname);
		await theirs.getByLabel('New password').fill('colleague colleague');
		await theirs.getByRole('button', { name: /Keep it/ }).click();
		await expect(theirs.locator('.problem')).toContainText('first that are guessed');
		await theirs.getByLabel('New password').fill(secret);
		await theirs.getByRole('button', { name: /Keep it/ }).click();
		await expect(theirs).toHaveURL('/');
		const font = () => theirs.locator('body').evaluate((body) => getComputedStyle(body).fontFamily);
		const ours = await font();
		expect((await theirs.goto('/patients/0123456789'))!.status()).toBe(404);
		expect(await font()).toBe(ours);
		expect((await theirs.goto('/patients'))!.status()).toBe(404);
		const refused = await theirs.locator('main').innerText();
		expect((await theirs.goto('/no-such-page'))!.status()).toBe(404);
		expect(await theirs.locator('main').innerText()).toBe(refused);
		const twice = await stranger(browser);
		await twice.goto(new URL(link).pathname);
		await expect(twice.getByRole('heading', { level: 1 })).toHaveText('This link no longer works');

		await page.getByRole('link', { name: 'New Colleague' }).click();
		// A choice made before the page runs is set back when it does: chosen until it holds.
		await expect(async () => {
			await page.getByLabel('Role', { exact: true }).selectOption('quality_lead');
			await page.getByRole('button', { name: 'Set role and limits' }).click();
			await expect(page.getByText('Role and limits are set.')).toBeVisible({ timeout: 2_000 });
			await expect(page.locator('.lead')).toContainText('Quality lead', { timeout: 2_000 });
		}).toPass();
		expect((await theirs.goto('/patients'))!.status()).toBe(200);
		await expect(page.getByText('Chrome on Linux')).toBeVisible();
		await page.getByRole('button', { name: 'End it' }).click();
		await expect(page.getByText('1 session ended.')).toBeVisible();
		expect((await theirs.request.get('/now')).status()).toBe(401);
		await page.getByRole('button', { name: 'Disable' }).click();
		await expect(page.getByText('is disabled and signed out everywhere')).toBeVisible();
		await twice.goto('/login');
		await signIn(twice, 'New Colleague');
		await expect(twice.locator('.problem')).toBeVisible();
	});

	test('what is typed, chosen and ticked before the script of the page has come stays', async ({ page }) => {
		const come = await withoutScript(page);
		await page.goto('/admin/users', { waitUntil: 'commit' });
		const name = page.getByRole('textbox', { name: 'Name', exact: true });
		const role = page.getByLabel('Role', { exact: true });
		const minutes = page.getByLabel('Minutes without anything done until a page locks');
		const lead = page.getByRole('checkbox', { name: 'Quality lead' });
		await name.fill('Early Colleague');
		await role.selectOption('quality_lead');
		await minutes.fill('20');
		await expect(lead).not.toBeChecked();
		await lead.check();
		await come();
		await expect(name).toHaveValue('Early Colleague');
		await expect(role).toHaveValue('quality_lead');
		await expect(minutes).toHaveValue('20');
		await expect(lead).toBeChecked();
	});

	test('users, one user, account, second factor look right in light, in dark and at 320 px', async ({ page }) => {
		test.slow();
		await page.goto('/admin/users');
		const one = (await page.locator('tbody a').first().getAttribute('href'))!;
		for (const route of ['/admin/users', one, '/account', '/account/second-factor']) {
			await page.setViewportSize({ width: 1280, height: 900 });
			await page.goto(route);
			expect(await violationsInBoth(page), route).toEqual([]);
			await fitsNarrow(page, route);
		}
	});
});

test('login, a link, the lock, the lock over a page look right in light, in dark and at 320 px', async ({
	browser
}) => {
	test.slow();
	const name = await made('Axe');
	const page = await stranger(browser);
	const look = async (what: string) => {
		await page.setViewportSize({ width: 1280, height: 900 });
		expect(await violationsInBoth(page), what).toEqual([]);
		await fitsNarrow(page, what);
	};
	await page.goto('/login');
	await signIn(page, 'nobody');
	await expect(page.locator('.problem')).toBeVisible();
	await look('login');
	await page.goto('/link/AAAA');
	await look('link');
	await page.goto('/login?next=/help');
	await signIn(page, name);
	await expect(page).toHaveURL('/help');
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.locator('summary', { hasText: name }).click();
	await page.getByRole('button', { name: 'Lock now' }).click();
	await expect(page.getByRole('dialog', { name: 'Locked' })).toBeVisible();
	await look('lock over a page');
	await page.goto('/data');
	await expect(page).toHaveURL(/\/lock/);
	await look('lock');
});

test('a home without users shows its first run to this machine, then never again', async ({ browser }) => {
	const port = places.port + 9;
	const origin = `http://127.0.0.1:${port}`;
	const home = `${places.empty}-first`;
	const pid = await serve(home, port);
	try {
		const page = await stranger(browser, origin);
		await page.goto('/patients');
		await expect(page).toHaveURL('/welcome');
		expect(await violations(page)).toEqual([]);
		await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ann First');
		await page.getByRole('textbox', { name: 'Password', exact: true }).fill('annfirst2026');
		await page.getByRole('button', { name: 'Make the administrator' }).click();
		await expect(page.locator('.problem')).toBeVisible();
		await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Ann First');
		await page.getByRole('textbox', { name: 'Password', exact: true }).fill(secret);
		await page.getByRole('button', { name: 'Make the administrator' }).click();
		await expect(page).toHaveURL('/');
		const late = await stranger(browser, origin);
		await late.goto('/welcome');
		await expect(late).toHaveURL('/login');
		const forged = await late.request.post('/welcome', {
			form: { name: 'Eve', password: secret },
			headers: { origin },
			maxRedirects: 0
		});
		expect(await forged.json()).toMatchObject({ type: 'redirect', location: '/' });
		expect(JSON.parse(mtm(home, 'users', 'list', '--json'))).toHaveLength(1);
	} finally {
		process.kill(pid);
	}
});
