import { expect, test } from '@playwright/test';
import { violations } from './look';
import { made, signIn, stranger } from './person';

const narrow = { width: 320, height: 800 };
const wide = { width: 1280, height: 900 };

test("an administrator's emergency alerts the others on Home and over the log until one has looked into it", async ({
	browser
}, info) => {
	test.slow();
	const open = async (who: string) => {
		const page = await stranger(browser);
		await page.goto('/login');
		await signIn(page, await made(`${who} of the watch ${info.retry}`, 'administrator'));
		await expect(page).toHaveURL('/');
		return page;
	};
	const [opener, watcher] = [await open('Ada'), await open('Bea')];
	const reason = 'a patient was found unconscious at the counter';
	const alertOf = (page: typeof opener) =>
		page.getByRole('listitem').filter({ hasText: `Ada of the watch ${info.retry}` });

	expect((await opener.goto('/patients'))!.status()).toBe(404);
	await opener.goto('/reveal?next=/patients');
	await expect(opener.getByText('This is the emergency way in')).toBeVisible();
	// A choice made before the page runs is set back when it does.
	await expect(async () => {
		await opener.getByLabel('An emergency').check();
		await opener.getByLabel('Why, in your words').fill(reason);
		await opener.getByRole('button', { name: 'Show identifiers' }).click();
		await expect(opener).toHaveURL(/\/patients\?show=identifiers/, { timeout: 5_000 });
	}).toPass();
	await expect(opener.locator('tbody tr').first()).toBeVisible();

	for (const route of ['/', '/admin/log']) {
		await opener.goto(route);
		await expect(alertOf(opener)).toContainText('Another administrator looks into it');
		await expect(alertOf(opener).getByRole('button')).toHaveCount(0);
		await watcher.goto(route);
		await expect(alertOf(watcher)).toContainText(reason);
		for (const colorScheme of ['light', 'dark'] as const) {
			await watcher.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
			expect(await violations(watcher), `${route} ${colorScheme}`).toEqual([]);
			await watcher.screenshot({ path: info.outputPath(`alert${route.replaceAll('/', '-')}-${colorScheme}.png`) });
		}
		await watcher.setViewportSize(narrow);
		expect(
			await watcher.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
			route
		).toBeLessThanOrEqual(0);
		await watcher.screenshot({ path: info.outputPath(`alert${route.replaceAll('/', '-')}-320.png`) });
		await watcher.setViewportSize(wide);
	}

	// What was looked at stands one step away, the list itself among it.
	await alertOf(watcher).getByRole('link', { name: 'What was looked at' }).click();
	await expect(watcher).toHaveURL(/\/admin\/log\?user=/);
	const log = watcher.locator('table').last();
	await expect(log).toContainText('Identifiers revealed');
	await expect(log).toContainText('List viewed');

	await alertOf(watcher).getByRole('button', { name: 'Looked into' }).first().click();
	await expect(watcher).toHaveURL('/admin/log');
	await expect(alertOf(watcher)).toHaveCount(0);
	await expect(watcher.locator('table').last()).toContainText('Emergency looked into');
	await opener.goto('/');
	await expect(alertOf(opener)).toHaveCount(0);
});
