import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { tooWide, violations } from './look';
import { places } from './place';
import { secret } from './person';
import { withoutScript } from './script';
import { mtm, serve, signInByLink, storage } from './server';

const home = join(places.folder, 'audit-home');
const port = places.port + 7;
const origin = `http://127.0.0.1:${port}`;
let server = 0;
const links = new Map<string, string>();

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
	test.setTimeout(240_000);
	rmSync(home, { recursive: true, force: true });
	mtm(home, 'init', '--admin', 'chief', '--json');
	mtm(home, 'load', join(places.root, 'tests/known/audit/drop'), '--source', 'hand');
	mtm(home, 'refresh', '--as-of', '2025-10-01');
	for (const [name, role] of [
		['first-auditor', 'payer_auditor'],
		['second-auditor', 'payer_auditor'],
		['manager', 'pharmacy_manager']
	] as const)
		links.set(
			name,
			(JSON.parse(mtm(home, 'users', 'add', name, '--role', role, '--link', '--json')) as { link: string }).link
		);
	server = await serve(home, port);
});
test.afterAll(() => {
	if (server) process.kill(server);
});

const signedIn = new Map<string, Awaited<ReturnType<typeof signInByLink>>>();
async function as(browser: Browser, name: string): Promise<Page> {
	if (!signedIn.has(name)) signedIn.set(name, await signInByLink(origin, links.get(name)!, secret));
	const storageState = storage(signedIn.get(name)!);
	return await (
		await browser.newContext({ baseURL: origin, storageState, viewport: { width: 1440, height: 900 } })
	).newPage();
}

/** Moves to an element by Tab alone, from where the page is. */
async function tabTo(page: Page, selector: string): Promise<void> {
	for (let steps = 0; steps < 200; steps++) {
		await page.keyboard.press('Tab');
		if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
	}
	throw new Error(`Tab never reached ${selector}`);
}
const sound = async (page: Page) =>
	expect(await page.locator('body').innerText()).not.toMatch(/\bNaN\b|\bundefined\b|\bnull\b|Infinity|\[object/);

test('an auditor opens the overview, a rule, a claim, upholds it and prints the finding, by keyboard alone', async ({
	browser
}) => {
	test.slow();
	const page = await as(browser, 'first-auditor');
	await page.goto('/audit');
	await expect(page.locator('h1')).toContainText('at risk of');
	const flags = readFileSync(join(places.root, 'tests/known/audit/expected.csv'), 'utf8')
		.trim()
		.split('\n')
		.slice(1)
		.map((line) => line.split(','));
	const lines = new Map<string, number>();
	for (const [claim, line, , dollars] of flags)
		lines.set(`${claim} ${line}`, Math.max(lines.get(`${claim} ${line}`) ?? 0, Number(dollars)));
	const atRisk = [...lines.values()].reduce((sum, dollars) => sum + dollars, 0);
	await expect(page.locator('h1')).toContainText(`$${atRisk.toFixed(2).replace(/\B(?=(\d{3})+\.)/, ',')} at risk`);
	for (const rule of new Set(flags.map(([, , rule]) => rule!)))
		await expect(page.getByRole('link', { name: rule, exact: true }).first()).toBeAttached();
	await sound(page);
	expect(await violations(page)).toEqual([]);

	await tabTo(page, 'a[href*="/audit/rules/A04"]');
	await page.keyboard.press('Enter');
	await expect(page.locator('h1')).toContainText('A04');
	await sound(page);
	await tabTo(page, 'a[href*="rule=A04"]');
	await page.keyboard.press('Enter');
	await expect(page.locator('h1')).toContainText('1 claim flagged by A04');
	await tabTo(page, 'tbody th a');
	await page.keyboard.press('Enter');
	await expect(page.locator('h1')).toContainText('Claim P3-B: $60.00 at risk of $120.00 paid');
	await expect(page.locator('article')).toContainText('20 documented minutes earn 1');
	await expect(page.getByRole('row', { name: /Time and units/ })).toContainText('Fail');
	await expect(page.getByRole('row', { name: /Consent/ })).toContainText('Not applicable');
	await expect(page.getByText('Identifiers hidden').first()).toBeVisible();
	await sound(page);
	expect(await violations(page)).toEqual([]);

	await tabTo(page, 'input[name=decision]');
	await page.keyboard.press('Space');
	await tabTo(page, 'select[name=reason]');
	await page.keyboard.type('Time does');
	await tabTo(page, 'input[name=amount]');
	await expect(page.locator('input[name=amount]')).toHaveValue('60.00');
	await tabTo(page, 'textarea[name=words]');
	await page.keyboard.type('Twenty minutes earn one unit.');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('status').filter({ hasText: 'The decision is kept.' })).toBeVisible();
	await expect(page.locator('article ol')).toContainText('upheld. Time does not support the units, $60.00 to recover');
	await expect(page.getByRole('button', { name: 'Agree and close' })).toHaveCount(0);

	await page.emulateMedia({ media: 'print' });
	await expect(page.locator('article')).toContainText('More units were billed than the documented minutes support.');
	await expect(page.locator('article form').first()).toBeHidden();
	expect((await page.pdf()).length).toBeGreaterThan(10_000);
	await page.emulateMedia({ media: 'screen' });
	await page.setViewportSize({ width: 320, height: 800 });
	expect(await tooWide(page)).toBeLessThanOrEqual(0);
});

test('a manager replies, a second auditor agrees, and the finding is closed', async ({ browser }) => {
	test.slow();
	const manager = await as(browser, 'manager');
	await manager.goto('/audit/claims?y=2025&rule=A04');
	await manager.locator('tbody th a').click();
	await manager.waitForURL(/\/audit\/claims\/\w+\/\d+/);
	await expect(manager.getByRole('button', { name: 'Keep the decision' })).toHaveCount(0);
	const claim = new URL(manager.url()).pathname;
	const words = manager.locator('textarea[name=words]');
	await words.evaluate((field) => field.removeAttribute('maxlength'));
	await words.fill('x'.repeat(2001));
	await manager.getByRole('button', { name: 'Keep the reply' }).click();
	await expect(manager.getByText('Words have 2,000 characters at most')).toBeVisible();
	await expect(words).toHaveValue('x'.repeat(2001));
	await manager.goto(claim);
	const second = await as(browser, 'second-auditor');
	await second.goto(claim);
	await second.getByRole('button', { name: 'Agree and close' }).click();
	await expect(second.locator('article .state')).toHaveText('Closed');
	await expect(second.getByRole('button', { name: 'Keep the decision' })).toHaveCount(0);
	await words.fill('We have the record.');
	await manager.getByRole('button', { name: 'Keep the reply' }).click();
	await expect(manager.getByText('This finding is closed')).toBeVisible();
	expect(mtm(home, 'log', 'show', '--json')).toContain('audit_step');
	await second.goto('/audit?y=2025');
	await expect(second.getByText('Closed: 1 ($60.00)')).toBeVisible();
});

test('what is written into a decision or chosen for a sample before the script of the page has come stays', async ({
	browser
}) => {
	const page = await as(browser, 'first-auditor');
	await page.goto('/audit/claims?y=2025&rule=A41');
	const claim = (await page.locator('tbody th a').first().getAttribute('href'))!;
	const decided = await withoutScript(page);
	await page.goto(claim, { waitUntil: 'commit' });
	const finding = page.locator('article').filter({ hasText: 'A41' });
	const [decision, reason] = [finding.getByLabel('Partly supported'), finding.getByLabel('Reason')];
	const [amount, words] = [finding.getByLabel('Dollars to recover'), finding.getByLabel('In your words')];
	await decision.check();
	await reason.selectOption({ index: 2 });
	const chosen = await reason.inputValue();
	await amount.fill('12.34');
	await words.fill('Written early');
	await decided();
	await expect(decision).toBeChecked();
	await expect(reason).toHaveValue(chosen);
	await expect(amount).toHaveValue('12.34');
	await expect(words).toHaveValue('Written early');

	const drawn = await withoutScript(page);
	await page.goto('/audit/sample?y=2025', { waitUntil: 'commit' });
	await page.getByLabel('Claims', { exact: true }).fill('7');
	await page.getByLabel('Parted by').selectOption({ index: 1 });
	const by = await page.getByLabel('Parted by').inputValue();
	await page.getByLabel('Seed').fill('early');
	await drawn();
	await expect(page.getByLabel('Claims', { exact: true })).toHaveValue('7');
	await expect(page.getByLabel('Parted by')).toHaveValue(by);
	await expect(page.getByLabel('Seed')).toHaveValue('early');
});

test('names stay hidden until a reason is given', async ({ browser }) => {
	const page = await as(browser, 'first-auditor');
	await page.goto('/audit/claims?y=2025&rule=A41');
	await page.locator('tbody th a').click();
	await expect(page.locator('body')).not.toContainText('P15)');
	await page.getByRole('link', { name: 'Show identifiers' }).click();
	await page.waitForURL(/\/reveal/);
	await page.locator('input[name=purpose]').first().check();
	await page.getByLabel('Why, in your words').fill('The provider asked which member this claim is about');
	await page.getByRole('button', { name: 'Show identifiers' }).click();
	await page.waitForURL(/show=identifiers/);
	await expect(page.locator('.lead')).toContainText('(P15)');
});

test('a parameter is tried before it is kept', async ({ browser }) => {
	const page = await as(browser, 'first-auditor');
	await page.goto('/audit/rules/A04?y=2025');
	await page.getByLabel('To', { exact: true }).fill('full_block');
	await page.getByRole('button', { name: 'Try it' }).click();
	await expect(page.getByText('Would flag')).toContainText('claims instead of 1');
	await page.getByLabel('To', { exact: true }).fill('sometimes');
	await page.getByRole('button', { name: 'Try it' }).click();
	await expect(page.getByRole('alert')).toContainText('not midpoint or any_part or full_block');
	await expect(page.getByRole('button', { name: /^Keep/ })).toHaveCount(0);
	const manager = await as(browser, 'manager');
	await manager.goto('/audit/rules/A04?y=2025&try=0&value=full_block');
	await expect(manager.getByText('Would flag')).toBeVisible();
	await expect(manager.getByRole('button', { name: /^Keep/ })).toHaveCount(0);
	await page.goto('/audit/rules/A04?y=2025&try=0&value=full_block&from=2025-01-01');
	await page.getByRole('button', { name: 'Keep time_rule at full_block' }).click();
	await expect(page.getByText('Kept: time_rule is full_block for services from 1 Jan 2025')).toBeVisible();
	await page.goto('/audit/rules/A07?y=2025');
	await expect(page.getByText('Values of rules were changed and are not in these results yet')).toBeVisible();
	expect(mtm(home, 'reference', 'list', '--json')).toContain('audit_value.csv');
	expect(mtm(home, 'log', 'show', '--json')).toContain('full_block');
});

test('an auditor prints the letter to the pharmacy, which names no other provider', async ({ browser }) => {
	const page = await as(browser, 'first-auditor');
	await page.goto('/audit/claims?y=2025&rule=A04');
	await page.locator('tbody th a').click();
	await page.getByRole('link', { name: 'Letter to the pharmacy' }).click();
	await expect(page.locator('h1')).toHaveText('1 finding upheld, $60.00 to pay back');
	await expect(page.locator('article')).toContainText('Twenty minutes earn one unit.');
	await expect(page.locator('article')).toContainText('A second auditor agreed.');
	await expect(page.getByText('Reply by')).toBeVisible();
	await sound(page);
	expect(await violations(page)).toEqual([]);
	const told = await page.locator('main').innerText();
	expect([...new Set(told.match(/\b\d{10}\b/g))]).toEqual(['1000000772']);
	await page.emulateMedia({ media: 'print' });
	await expect(page.getByRole('button', { name: 'Print the letter' })).toBeHidden();
	expect((await page.pdf()).length).toBeGreaterThan(10_000);
	await page.emulateMedia({ media: 'screen' });
	await page.setViewportSize({ width: 320, height: 800 });
	expect(await tooWide(page)).toBeLessThanOrEqual(0);
	await page.goto('/audit/letter/1000000780?y=2025');
	await expect(page.locator('h1')).toHaveText('Nothing to write about');
	expect(mtm(home, 'log', 'show', '--json')).toContain('letter to a provider');
	const manager = await as(browser, 'manager');
	expect((await manager.goto('/audit/letter/1000000772?y=2025'))!.status()).toBe(404);
});

test('a manager lists what was done and never billed', async ({ browser }) => {
	const page = await as(browser, 'manager');
	await page.goto('/audit/billing?y=2025');
	await expect(page.locator('h1')).toContainText(
		'2 sessions done and never billed; 2 can still be sent, worth $140.00'
	);
	await expect(page.getByRole('row', { name: /6.Aug.2026/ })).toContainText('$80.00');
	await sound(page);
	expect(await violations(page)).toEqual([]);
});

test('an auditor draws a sample, the same one again, and takes its workpaper', async ({ browser }) => {
	const page = await as(browser, 'first-auditor');
	await page.goto('/audit?y=2025');
	await tabTo(page, 'a[href*="/audit/sample"]');
	await page.keyboard.press('Enter');
	await expect(page.locator('h1')).toContainText('drawn of');
	await page.getByLabel('Claims', { exact: true }).fill('6');
	await page.getByLabel('Parted by').selectOption('payer');
	await page.getByLabel('Seed').fill('7');
	await page.keyboard.press('Enter');
	await expect(page.locator('h1')).toContainText('6 claims drawn of');
	await expect(page.locator('.lead')).toContainText('Seed 7');
	await expect(page.getByText('Not computable yet').or(page.getByText('To recover, of all')).first()).toBeVisible();
	await sound(page);
	expect(await violations(page)).toEqual([]);
	const drawn = async () => await page.locator('section[aria-labelledby=drawn] tbody th').allInnerTexts();
	const first = await drawn();
	expect(first.length).toBe(6);
	await page.reload();
	expect(await drawn()).toEqual(first);
	await page.setViewportSize({ width: 320, height: 800 });
	expect(await tooWide(page)).toBeLessThanOrEqual(0);
	await page.setViewportSize({ width: 1440, height: 900 });
	await page.getByRole('link', { name: 'Workpaper as a file' }).click();
	await expect(page.locator('h1')).toContainText('Workpaper of a sample of claims');
	const answer = await page.request.get(`/download/audit_sample.json?y=2025&n=6&by=payer&seed=7`);
	const told = (await answer.json()) as { claim_id: string }[];
	expect([...new Set(told.map((row) => row.claim_id))].sort()).toEqual([...first].sort());
	const manager = await as(browser, 'manager');
	expect((await manager.goto('/audit/sample?y=2025'))!.status()).toBe(404);
	expect((await manager.request.get('/download/audit_sample.csv?y=2025')).status()).toBe(404);
});
