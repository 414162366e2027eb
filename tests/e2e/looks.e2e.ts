import { expect, test } from '@playwright/test';
import { looks } from './look';
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

looks(routes);

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
