import { expect, test, type Page } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { places } from './place';

/** The whole number that a text begins with, thin spaces left out. */
const numberOf = (text: string) => Number(/[\d\u2009]+/.exec(text)![0].replaceAll('\u2009', ''));

/** How many rows the list page says it has. */
async function rowsOf(page: Page): Promise<number> {
	const words = (await page.locator('main').innerText()).replaceAll('\u2009', '');
	const found = /(\d+) (?:rows?|patients?)\b/.exec(words);
	if (!found && /No patients? match/i.test(words)) return 0;
	return Number(found?.[1]);
}

test('Home says rate, goal, how many are needed, can still get there and must fill this week', async ({ page }) => {
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1 })).toContainText(/short of goal|at their goal|at its goal/);
	for (const name of ['Statins', 'RAS antagonists', 'Diabetes']) {
		const card = page.getByRole('region', { name, exact: true });
		await expect(card).toContainText(/\d+\.\d%/);
		await expect(card).toContainText(/Goal \d+%: (\d+ more needed|reached)/);
		await expect(card).toContainText('not risk-adjusted');
		await expect(card).toContainText(/cut points of 2026, MA-PD, published/);
	}
});

test('every number of a tile opens a list with exactly so many rows', async ({ page }) => {
	await page.goto('/');
	const links = page.getByRole('region', { name: 'Statins', exact: true }).locator('a[href^="/patients"]');
	const wanted = await links.evaluateAll((all) =>
		all.map((one) => ({ href: one.getAttribute('href')!, text: one.textContent!.trim() }))
	);
	expect(wanted.length).toBeGreaterThan(6);
	for (const { href, text } of wanted) {
		await page.goto(href);
		expect(await rowsOf(page), `${text} -> ${href}`).toBe(numberOf(text));
	}
});

test('a bin filters: the chip appears, the histogram keeps its bars, Back undoes one step', async ({ page }) => {
	await page.goto('/adherence/pdc_statins');
	await page.locator('.chart[data-ready]').first().waitFor();
	const figure = page.getByRole('group', { name: /Chart/ }).first();
	const before = await page.locator('figure figcaption').innerText();
	await figure.focus();
	await page.keyboard.press('End');
	await expect(page.locator('[aria-live=polite]').first()).toContainText('PDC 95 to 100%');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/pdc=95\.\./);
	await expect(page.getByRole('list', { name: 'Filters set' })).toContainText('PDC to date: 95% and over');
	expect(await page.locator('figure figcaption').innerText()).toBe(before);
	await page.goBack();
	await expect(page).not.toHaveURL(/pdc=/);
});

test('the filter form writes readable addresses, with and without script', async ({ page, browser }) => {
	await page.goto('/adherence/pdc_statins');
	await page.getByText('Add filter').click();
	await page.getByRole('checkbox', { name: 'Overdue' }).check();
	await page.getByRole('checkbox', { name: 'Last chance' }).check();
	await page.getByRole('button', { name: 'Apply filters' }).click();
	await expect(page).toHaveURL(/status=(overdue,last_chance|last_chance,overdue)/);
	const url = page.url();
	const shown = await page.getByRole('heading', { level: 1 }).innerText();

	const plain = await browser.newContext({ javaScriptEnabled: false });
	const bare = await plain.newPage();
	await bare.goto(new URL('/adherence/pdc_statins', url).href);
	await bare.getByText('Add filter').click();
	await bare.getByRole('checkbox', { name: 'Overdue' }).check();
	await bare.getByRole('checkbox', { name: 'Last chance' }).check();
	await bare.getByRole('button', { name: 'Apply filters' }).click();
	expect(new URL(bare.url()).search).toBe(new URL(url).search);
	await expect(bare.getByRole('heading', { level: 1 })).toHaveText(shown);
	await plain.close();
});

test('what the address asks and the data does not have is said, not dropped', async ({ page }) => {
	await page.goto('/adherence/pdc_statins?pharm=S99&lid=soon&y=1999');
	const chips = page.getByRole('list', { name: 'Filters set' });
	await expect(chips).toContainText('Pharmacy S99 not found');
	await expect(chips).toContainText('"soon" is no range of days');
	await expect(chips).toContainText('1999 has not been computed');
});

test('filtering to nothing names the filter whose removal helps', async ({ page }) => {
	await page.goto('/adherence/pdc_statins?age=65-74&late=3000..');
	await expect(page.getByText('No patients match these 2 filters.')).toBeVisible();
	await expect(
		page.getByText(/Without Days late: 3\s?000 days and over there\s+(is|are)\s+[\d\s]+patients?/)
	).toBeVisible();
});

test('explain: from the tile to the claim row, and each step of the attrition adds up', async ({ page }) => {
	await page.goto('/');
	await page.getByRole('link', { name: 'Explain Statins' }).click();
	const drawer = page.getByRole('dialog');
	await expect(drawer).toContainText('What it does not say');
	await drawer.getByRole('link', { name: 'Formula' }).click();
	await expect(drawer).toContainText('from adherence');
	await expect(drawer).toContainText('sql/measures/pdc.sql');
	await drawer.getByRole('link', { name: 'Population' }).click();
	await expect(drawer.getByRole('row', { name: /Counted \(denominator\)/ })).toBeVisible();
	const rows = await drawer
		.locator('tbody tr')
		.evaluateAll((all) =>
			all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent!.replace(/[^\d]/g, '')))
		);
	let remain = Number(rows[0]![1]);
	for (const [out, left] of rows.slice(1, -2)) {
		expect(remain - Number(out)).toBe(Number(left));
		remain = Number(left);
	}
	expect(Number(rows.at(-2)![1])).toBe(remain);
	await drawer.getByRole('link', { name: 'Patients', exact: true }).click();
	await expect(drawer.getByRole('heading', { name: /Not counted/ })).toBeVisible();
	await drawer
		.getByRole('link', { name: /^Claims of patient/ })
		.first()
		.click();
	await expect(drawer.getByRole('cell', { name: /line \d+/ }).first()).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await expect(page).not.toHaveURL(/explain/);
});

test('each chart has a heading, a sentence, a table and a hidden picture', async ({ page }) => {
	for (const tab of ['distribution', 'trend', 'recoverable']) {
		await page.goto(`/adherence/pdc_statins?tab=${tab}`);
		const figure = page.locator('figure').first();
		await expect(figure.getByRole('heading')).not.toBeEmpty();
		await expect(figure.locator('.sentence')).not.toBeEmpty();
		await expect(figure.locator('.chart')).toHaveAttribute('aria-hidden', 'true');
		await figure.getByText('Show as table').click();
		await expect(figure.getByRole('table')).toBeVisible();
		await expect(figure.locator('th[scope=col]').first()).toBeVisible();
	}
});

test('shared filters follow to other pages, those of one page do not', async ({ page }) => {
	await page.goto('/adherence/pdc_statins?age=75-84&tab=trend');
	await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Patients' }).click();
	await expect(page).toHaveURL(/\/patients\?age=75-84$/);
});

test('only this machine is answered, and only under its own name', async ({ request, baseURL }) => {
	const refused = await request.get('/', { headers: { host: 'attacker.example' } });
	expect(refused.status()).toBe(403);
	const answered = await request.get(baseURL!);
	expect(answered.headers()['content-security-policy']).toContain("default-src 'self'");
	expect(answered.headers()['cache-control']).toBe('no-store');
});

test('the SQL that Explain offers gives the number of the screen', async ({ page }) => {
	await page.goto('/explain/pdc_statins?part=formula&pdc=60..');
	const shown = (await page.locator('.explain .lead').innerText()).replaceAll('\u2009', '');
	const [, numerator, denominator] = /(\d+) of (\d+) patients/.exec(shown)!;
	const sql = await page.locator('pre').first().innerText();
	const answered = spawnSync(
		process.execPath,
		[join(places.root, 'build', 'cli', 'main.js'), 'query', sql, '--format', 'json', '--home', places.home],
		{ encoding: 'utf8', env: { ...process.env, MTM_ROOT: places.root } }
	);
	expect(answered.status, answered.stderr).toBe(0);
	expect(JSON.parse(answered.stdout)).toEqual([{ numerator: Number(numerator), denominator: Number(denominator) }]);
});

test('a CSV has all rows of its table', async ({ request }) => {
	const got = await request.get('/download/pdc_histogram.csv?measure=pdc_statins');
	expect(got.ok()).toBe(true);
	const lines = (await got.text()).trim().split('\r\n');
	expect(lines[0]).toBe('bin,patients,numerator,recoverable');
	expect(lines.length).toBeGreaterThan(5);
});

test('keys: e explains, g a goes to Adherence; they can be switched off', async ({ page }) => {
	// A key does nothing before the page's script runs, so it is pressed until the page answers.
	const pressed = (keys: string[], answer: () => Promise<void>) =>
		expect(async () => {
			for (const key of keys) await page.keyboard.press(key);
			await answer();
		}).toPass({ timeout: 30_000 });
	await page.goto('/');
	await pressed(['e'], () =>
		expect(page.getByRole('dialog')).toContainText('where the number comes from', { timeout: 2000 })
	);
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await pressed(['g', 'a'], () => expect(page).toHaveURL(/\/adherence$/, { timeout: 2000 }));
	await pressed(['?'], () => expect(page.getByRole('checkbox', { name: /Single-key/ })).toBeVisible({ timeout: 2000 }));
	await page.getByRole('checkbox', { name: /Single-key/ }).uncheck();
	await page.keyboard.press('Escape');
	await page.reload();
	// The sheet still opens; e does nothing any more.
	await pressed(['?'], () => expect(page.getByRole('checkbox', { name: /Single-key/ })).toBeVisible({ timeout: 2000 }));
	await expect(page.getByRole('checkbox', { name: /Single-key/ })).not.toBeChecked();
	await page.keyboard.press('Escape');
	await page.keyboard.press('e');
	await expect(page).not.toHaveURL(/explain/);
});

test('rates are compared with the year before, the month before, the goal or nothing, and the address says which', async ({
	page
}) => {
	await page.goto('/adherence');
	const card = page.getByRole('region', { name: 'Statins', exact: true });
	const board = page.locator('section.board').first();
	const compared = page.getByRole('navigation', { name: 'Compared with' });
	await expect(compared.getByRole('link', { name: 'Same month last year' })).toHaveAttribute('aria-current', 'true');
	await expect(card).toContainText(/than a year before|the same as a year before/);
	await expect(board).toContainText('Change in points on the year before');

	await compared.getByRole('link', { name: 'Goal' }).click();
	await expect(page).toHaveURL(/cmp=goal/);
	await expect(card).toContainText(/points (below|above) the goal of \d+%/);
	await expect(board).toContainText(/Points from the goal of \d+%/);
	// The word follows to the measure's page and its trend.
	await card.getByRole('link', { name: 'Statins', exact: true }).click();
	await expect(page).toHaveURL(/\/adherence\/pdc_statins\?cmp=goal/);
	await page.getByRole('link', { name: 'Trend' }).click();
	await expect(page.locator('figcaption h2').first()).toContainText(/points (below|above) the goal of \d+%/);

	await compared.getByRole('link', { name: 'Month before' }).click();
	await expect(page).toHaveURL(/cmp=prev/);
	await expect(page.locator('figcaption h2').first()).toContainText(/at the end of [A-Z]/);
	await compared.getByRole('link', { name: 'Nothing' }).click();
	await expect(page.locator('figcaption h2').first()).not.toContainText(/year before|goal of|; /);
	await page.goBack();
	await expect(page).toHaveURL(/cmp=prev/);

	await page.goto('/adherence?cmp=cohort:4&known=2');
	await expect(page.getByRole('list', { name: 'Filters set' })).toContainText('is nothing to compare with');
	await expect(page.getByRole('list', { name: 'Filters set' })).toContainText('No load 2 counts');
});
