import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitsNarrow, violationsInBoth } from './look';
import { places } from './place';
import { mtm, serve, signInByLink, storage } from './server';

// A pharmacy manager looks at what was shown on another day, on files that no generator of the product made.

const drops = join(places.root, 'tests', 'known', 'drops');
const home = join(places.folder, 'kept-home');
const origin = `http://127.0.0.1:${places.port + 10}`;
let server: number | null = null;
let state: ReturnType<typeof storage>;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
	for (const drop of ['drop-1', 'drop-2', 'drop-3']) mtm(home, 'load', join(drops, drop));
	mtm(home, 'refresh');
	mtm(home, 'refresh', '--as-of', '2025-09-30', '--keep');
	mtm(home, 'refresh', '--known', '1');
	server = await serve(home, places.port + 10);
	const { link } = JSON.parse(
		mtm(home, 'users', 'add', 'the manager', '--role', 'pharmacy_manager', '--link', '--json')
	) as { link: string };
	state = storage(await signInByLink(origin, link, 'seven grey herons wade'));
});
test.afterAll(() => void (server !== null && process.kill(server)));

const bar = (page: Page) => page.getByText('As of 30 Sep 2025, not the latest (1 Apr 2026).');

test('another day: the bar stays from page to page, into the file, and leads back to the latest', async ({
	browser
}) => {
	const page = await (await browser.newContext({ baseURL: origin, storageState: state })).newPage();
	await page.goto('/adherence?asof=2025-09-30');
	await expect(bar(page)).toBeVisible();
	await expect(page.getByText('Decisions and notes are made on the latest results only.').first()).toBeVisible();
	expect(await violationsInBoth(page)).toEqual([]);
	await page.getByRole('link', { name: 'Patients', exact: true }).click();
	await expect(page).toHaveURL('/patients?asof=2025-09-30');
	await expect(bar(page)).toBeVisible();
	await page.locator('a.pid').first().click();
	await expect(page).toHaveURL(/\/patients\/[0-9a-z]{10}\?.*asof=2025-09-30/);
	await expect(bar(page)).toBeVisible();
	// On paper, too.
	await page.emulateMedia({ media: 'print' });
	await expect(bar(page)).toBeVisible();
	await page.emulateMedia({ media: 'screen' });
	await page.goto('/adherence/pdc_statins?asof=2025-09-30&explain=pdc_statins&part=formula');
	await expect(page.getByText('metric pdc_statins --year 2025 --as-of 2025-09-30')).toBeVisible();
	await page.goto('/export/headline?asof=2025-09-30');
	await page.getByRole('radio', { name: /^JSON/ }).check();
	const [file] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: /Export|Save|Download/ }).click()
	]);
	expect(file.suggestedFilename()).toMatch(/^mtm_headline_2025-09-30_\d+\.json$/);
	const rows = JSON.parse(readFileSync(await file.path(), 'utf8')) as { as_of: string }[];
	expect(new Set(rows.map((row) => row.as_of))).toEqual(new Set(['2025-09-30']));
	await page.goto('/adherence?asof=2025-09-30');
	await page.getByRole('link', { name: 'Show the latest' }).click();
	await expect(page).toHaveURL('/adherence');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await expect(page.getByText('not the latest')).toHaveCount(0);
	await page.context().close();
});

test('what was known by a load is listed on the data page, opens there, and hides what decides', async ({
	browser
}) => {
	const page = await (await browser.newContext({ baseURL: origin, storageState: state })).newPage();
	await page.goto('/data');
	const kept = page.getByRole('table', { name: /Kept results/ });
	await expect(kept.getByRole('row')).toHaveCount(3);
	await kept
		.getByRole('row', { name: /received by load 1/ })
		.getByRole('link')
		.click();
	await expect(page).toHaveURL(/\/adherence\?asof=[\d-]+&known=1/);
	await expect(page.getByText(/^\s*Only what had been received by load 1 \(/)).toBeVisible();
	await page.goto('/annotations?known=1');
	await expect(page.getByRole('heading', { name: 'A new annotation' })).toHaveCount(0);
	await page.goto('/annotations');
	await expect(page.getByRole('heading', { name: 'A new annotation' })).toBeVisible();
	await page.context().close();
});

test('a day that nothing is kept of is told with the command that keeps it', async ({ browser }) => {
	const page = await (await browser.newContext({ baseURL: origin, storageState: state })).newPage();
	await page.goto('/adherence?asof=2025-09-29');
	await expect(page.getByText('"mtm refresh --as-of 2025-09-29 --keep" keeps them')).toBeVisible();
	await page.goto('/metrics?asof=2025-09-29');
	await expect(page.getByText('"mtm refresh --as-of 2025-09-29 --keep" keeps them')).toBeVisible();
	await fitsNarrow(page, 'metrics');
	await page.goto('/adherence?asof=2025-09-30');
	await expect(bar(page)).toBeVisible();
	await fitsNarrow(page, 'adherence');
	await page.context().close();
});
