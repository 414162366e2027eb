import { expect, test, type Browser, type Page } from '@playwright/test';
import { fitsNarrow, violationsInBoth } from './look';
import { places } from './place';
import { mtm, signInByLink, storage } from './server';

/** A browser in which a user of the demo is signed in. */
async function signedIn(browser: Browser, name: string): Promise<Page> {
	const { link } = JSON.parse(mtm(places.home, 'users', 'reset', name, '--json')) as { link: string };
	const storageState = storage(await signInByLink(places.origin, link));
	return await (await browser.newContext({ baseURL: places.origin, storageState })).newPage();
}

test.describe('an administrator', () => {
	test.use({ storageState: places.admin });

	test('loads add up, and a load page accounts for every row', async ({ page }) => {
		await page.goto('/data');
		await expect(page.locator('h1')).toContainText('Data through');
		await page.locator('#loads tbody a').first().click();
		await expect(page.locator('.sum')).toBeVisible();
		const numbers = (await page.locator('.sum strong').allInnerTexts()).map((text) =>
			Number(text.replaceAll(/[^0-9]/g, ''))
		);
		const [read, ...parts] = numbers;
		expect(read).toBeGreaterThan(0);
		expect(parts.reduce((sum, part) => sum + part, 0)).toBe(read);
		expect(await violationsInBoth(page)).toEqual([]);
	});
});

test('an auditor sees a patient by day numbers, in light, dark and on a narrow screen', async ({ browser }) => {
	test.slow();
	const page = await signedIn(browser, 'demo-auditor');
	await page.goto('/patients?list=all');
	await expect(page.getByText('De-identified').first()).toBeVisible();
	await page.locator('tbody a.pid').first().click();
	await page.waitForURL(/\/patients\/[0-9a-z]{10}/);
	await expect(page.getByText('days are numbers')).toBeVisible();
	expect(await violationsInBoth(page)).toEqual([]);
	await fitsNarrow(page, 'a patient');
	expect(await page.locator('body').innerText()).not.toMatch(/\bNaN\b|\bundefined\b|\bnull\b|Infinity/);
});

test('a viewer is offered no link that would not open', async ({ browser }) => {
	test.slow();
	const page = await signedIn(browser, 'demo-viewer');
	const tried = new Set<string>();
	for (const route of [
		'/',
		'/adherence',
		'/adherence/pdc_statins',
		'/adherence/pdc_statins?tab=recoverable',
		'/explain/pdc_statins',
		'/data',
		'/metrics',
		'/help'
	]) {
		await page.goto(route);
		const links = await page
			.locator('a[href^="/"]')
			.evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
		for (const link of links) {
			const path = link.replace(/[?#].*$/, '');
			if (tried.has(path)) continue;
			tried.add(path);
			const answer = await page.request.get(link, { headers: { accept: 'text/html' } });
			expect([route, link, answer.status()]).toEqual([route, link, 200]);
		}
	}
	expect(tried.size).toBeGreaterThan(10);
});
