import { expect, test, type Browser, type Page } from '@playwright/test';
import { looks } from './look';
import { made, signIn, stranger } from './person';
import { places } from './place';

looks(['/views', `/views?save=${encodeURIComponent('/adherence/pdc_rasa?tab=trend')}`]);

/** A browser in which a new user of this role is signed in. */
async function as(browser: Browser, first: string, role: string): Promise<Page> {
	const name = await made(first, role);
	const page = await stranger(browser);
	await page.goto('/login');
	await signIn(page, name);
	await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
	return page;
}

/** Saves the page that is open under a name and opens the list. */
async function save(page: Page, name: string, ticks: RegExp[] = []): Promise<void> {
	await page.locator('summary[aria-label^="Account"]').click();
	await page.getByRole('link', { name: 'Save this view' }).click();
	await page.getByLabel('Name', { exact: true }).fill(name);
	for (const tick of ticks) await page.getByLabel(tick).check();
	await page.getByRole('button', { name: 'Save the view' }).click();
	await expect(page.getByText(`Saved: ${name}.`)).toBeVisible();
}

const filters = (page: Page) => page.getByRole('list', { name: 'Filters set' });

test('a page with its filters is saved, opened again, changed over and removed', async ({ page }) => {
	const name = `Late on statins ${'again'.repeat(test.info().retry)}`.trim();
	await page.goto('/patients?measure=pdc_statins&status=overdue,last_chance&sort=lid&show=identifiers');
	const heading = page.getByRole('heading', { level: 1 });
	const counted = (await page.locator('.filters [role=status]').innerText()).trim();
	await save(page, name);
	const row = page
		.getByRole('table', { name: /Saved views/ })
		.locator('tbody tr')
		.filter({ hasText: name });
	await expect(row).toContainText('Status: ');
	await expect(row).toContainText('the newest');
	await expect(row).toContainText('yours');
	await expect(row).not.toContainText('identifiers');
	await row.getByRole('link', { name }).click();
	await expect(page).toHaveURL(/^[^?]*\/patients\?view=[\w]+$/);
	await expect(page.getByText(`Saved view: ${name}.`)).toBeVisible();
	await expect(page.locator('.filters [role=status]')).toHaveText(counted);
	await expect(filters(page)).toContainText('Status:');
	await expect(heading).toHaveCount(1);

	// Read again from the server, it is the same page.
	await page.reload();
	await expect(page.locator('.filters [role=status]')).toHaveText(counted);
	const link = page.url();

	// A filter taken out: the address has the rest of the view, and no view.
	await filters(page)
		.getByRole('link', { name: /Remove the filter Status/ })
		.click();
	await expect(page).toHaveURL(/measure=pdc_statins&sort=lid$/);
	await expect(filters(page)).not.toContainText('Status:');
	await expect(page.getByText('Saved view:')).toHaveCount(0);

	// A word of the address goes over that of the view.
	await page.goto(`${link}&status=lost`);
	await expect(filters(page)).toContainText(/Status:\s*Lost/i);

	await page.goto('/views');
	await row.getByRole('button', { name: `Remove the view ${name}` }).click();
	await expect(row).toHaveCount(0);
	await page.goto(link);
	await expect(filters(page)).toContainText(/There is no saved view "\w+" \(any more\)/);
});

test('filters alone are for any page; pinned dates are in the view', async ({ page }) => {
	const name = `By age ${'again'.repeat(test.info().retry)}`.trim();
	await page.goto('/adherence/pdc_rasa?tab=trend&age=65-74');
	await save(page, name, [/filters alone/, /Pin the dates/]);
	const row = page
		.getByRole('table', { name: /Saved views/ })
		.locator('tbody tr')
		.filter({ hasText: name });
	await expect(row).toContainText('Age: 65 to 74; Measurement year: 2026; As of: 2026-09-30 (filters only)');
	await expect(row).toContainText('pinned');
	const id = new URL((await row.getByRole('link', { name }).getAttribute('href'))!, places.origin).searchParams.get(
		'view'
	);
	await page.goto(`/adherence?view=${id}`);
	await expect(filters(page)).toContainText('Age: 65 to 74');
	await expect(filters(page)).not.toContainText('Not used');
	await page.goto('/views');
	await row.getByRole('button', { name: `Remove the view ${name}` }).click();
	await expect(row).toHaveCount(0);
});

test('an address of more than 2,000 characters becomes a short link that others can open', async ({
	page,
	browser
}) => {
	await page.goto('/patients?list=all');
	const pharmacies = Array.from({ length: 250 }, (_, number) => `19999${String(number).padStart(5, '0')}`);
	const own = await page
		.locator('.filters fieldset', { hasText: 'Pharmacy' })
		.locator('input[type=checkbox], option')
		.first()
		.getAttribute('value');
	const long = `/patients?list=all&pharm=${[own, ...pharmacies].join(',')}&age=65-74`;
	expect(long.length).toBeGreaterThan(2000);
	await page.goto(long);
	await expect(page).toHaveURL(/^[^?]*\/patients\?view=\w+$/);
	const link = page.url();
	await expect(filters(page)).toContainText('Age: 65 to 74');
	await expect(filters(page)).toContainText('1999900249');
	// Not long any more without the pharmacies.
	await filters(page).getByRole('link', { name: 'Remove the filter Pharmacy', exact: false }).first().click();
	await expect(page).toHaveURL(/\/patients\?list=all&age=65-74$/);
	await page.goBack();
	await expect(page).toHaveURL(link);
	await expect(filters(page)).toContainText('1999900249');
	// A click within the page that leaves it long leads to another short link.
	await filters(page)
		.getByRole('link', { name: /Remove the filter Age/ })
		.click();
	await expect(page).toHaveURL(/\/patients\?view=\w+$/);
	await expect(filters(page)).not.toContainText('Age: 65 to 74');
	expect(page.url()).not.toBe(link);

	const other = await as(browser, 'Views manager', 'pharmacy_manager');
	await other.goto(link);
	await expect(filters(other)).toContainText('Age: 65 to 74');
	await other.context().close();
	// A viewer may not open that page, by whatever link.
	const viewer = await as(browser, 'Views viewer', 'viewer');
	expect((await viewer.goto(link))!.status()).toBe(404);
	expect((await viewer.goto(link.replace('/patients', '/adherence')))!.status()).toBe(404);
	await viewer.context().close();
});

test('a view for everybody is found by who may open its page', async ({ page, browser }) => {
	const name = `For the team ${'again'.repeat(test.info().retry)}`.trim();
	const inner = `For callers ${'again'.repeat(test.info().retry)}`.trim();
	await page.goto('/adherence/pdc_statins?age=65-74');
	await save(page, name, [/For everybody/]);
	await page.goto('/patients?status=overdue');
	await save(page, inner, [/For everybody/]);
	const viewer = await as(browser, 'Views reader', 'viewer');
	await viewer.goto('/views');
	const rows = viewer.getByRole('table', { name: /Saved views/ }).locator('tbody tr');
	await expect(rows.filter({ hasText: name })).toContainText('demo-lead, for everybody');
	await expect(rows.filter({ hasText: inner })).toHaveCount(0);
	await expect(viewer.getByRole('button', { name: /Remove the view/ })).toHaveCount(0);
	await rows.getByRole('link', { name }).click();
	await expect(filters(viewer)).toContainText('Age: 65 to 74');
	// Who writes nothing for others is not offered to.
	await viewer.locator('summary[aria-label^="Account"]').click();
	await viewer.getByRole('link', { name: 'Save this view' }).click();
	await expect(viewer.getByLabel('Name', { exact: true })).toBeVisible();
	await expect(viewer.getByLabel(/For everybody/)).toHaveCount(0);
	await viewer.context().close();
	await page.goto('/views');
	for (const one of [name, inner]) {
		await page.getByRole('button', { name: `Remove the view ${one}` }).click();
		await expect(page.getByRole('link', { name: one, exact: true })).toHaveCount(0);
	}
});
