import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { places } from './place';

const routes = [
	'/',
	'/adherence',
	'/adherence/pdc_statins',
	'/adherence/pdc_statins?tab=trend',
	'/adherence/pdc_statins?tab=recoverable',
	'/adherence/pdc_statins?tab=supply',
	'/adherence/pdc_statins?tab=population',
	'/adherence/pdc_statins?status=overdue,last_chance&pdc=60..79.99',
	'/explain/pdc_statins',
	'/explain/pdc_statins?part=formula',
	'/explain/pdc_statins?part=patients',
	'/explain/pdc_statins?part=evidence',
	'/?explain=pdc_rasa',
	'/no-such-page'
];

for (const theme of ['light', 'dark'] as const)
	for (const route of routes)
		test(`axe, ${theme}: ${route}`, async ({ page }) => {
			await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
			await page.goto(route);
			if (await page.locator('.chart').count()) await page.locator('.chart[data-ready]').first().waitFor();
			const { violations } = await new AxeBuilder({ page })
				.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
				.analyze();
			expect(
				violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`)
			).toEqual([]);
		});

test('no route scrolls sideways at 320 px; every page has one heading of the first rank', async ({ page }) => {
	await page.setViewportSize({ width: 320, height: 800 });
	for (const route of routes) {
		await page.goto(route);
		const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		expect(wide, route).toBeLessThanOrEqual(0);
		await expect(page.locator('h1'), route).toHaveCount(1);
	}
});

test('nothing leaves the host, and the console stays silent', async ({ page }) => {
	const foreign: string[] = [];
	const said: string[] = [];
	page.on('request', (request) => {
		if (!request.url().startsWith(places.origin) && !request.url().startsWith('data:')) foreign.push(request.url());
	});
	page.on('console', (message) => {
		if (['error', 'warning'].includes(message.type())) said.push(message.text());
	});
	page.on('pageerror', (error) => said.push(error.message));
	for (const route of routes.filter((one) => one !== '/no-such-page')) {
		await page.goto(route, { waitUntil: 'load' });
		if (await page.locator('.chart').count()) await page.locator('.chart[data-ready]').first().waitFor();
	}
	expect(foreign).toEqual([]);
	expect(said).toEqual([]);
});

test('an empty home says what each page needs, with no empty numbers', async ({ page }) => {
	for (const route of ['/', '/adherence', '/adherence/pdc_statins', '/explain/pdc_statins']) {
		await page.goto(places.emptyOrigin + route);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('No results yet');
		await expect(page.getByText('npm run demo')).toBeVisible();
		expect(await page.locator('body').innerText()).not.toMatch(/NaN|undefined|Infinity|null/);
	}
});

test('no page says NaN, undefined, or a word of blame', async ({ page }) => {
	for (const route of routes) {
		await page.goto(route);
		const words = await page.locator('body').innerText();
		expect(words, route).not.toMatch(/\bNaN\b|\bundefined\b|Infinity|\[object/);
		expect(words, route).not.toMatch(/non-compliant|\bworst\b|\bbest store|fraud/i);
	}
});

test('the first page carries no more than 350 kB of packed script', async ({ page }) => {
	const scripts: Promise<number>[] = [];
	page.on('requestfinished', (request) => {
		if (/\.m?js($|\?)/.test(request.url())) scripts.push(request.sizes().then((sizes) => sizes.responseBodySize));
	});
	await page.goto('/', { waitUntil: 'networkidle' });
	const bytes = (await Promise.all(scripts)).reduce((sum, one) => sum + one, 0);
	expect(bytes).toBeGreaterThan(10_000);
	expect(bytes).toBeLessThanOrEqual(350_000);
});
