import { expect, test, type Page } from '@playwright/test';
import { looks } from './look';
import { places } from './place';
import { withoutScript } from './script';
import { mtm } from './server';

const routes = [
	'/outcomes',
	'/outcomes?per=months',
	'/outcomes/hospital_admissions',
	'/outcomes/readmission_30_days',
	'/outcomes/length_of_stay',
	'/outcomes/medical_paid',
	'/outcomes/around-review',
	'/outcomes/around-review?measure=hospital_admissions',
	'/compare',
	'/compare?measure=hospital_admissions&unit=plan',
	'/compare?measure=pdc_statins&adjust=yes',
	'/outcomes/follow-up',
	'/outcomes/follow-up?list=frequent_emergency'
];

looks(routes);

test('a rate opens to its month, the month to its stays, a stay to its claims by file and line', async ({ page }) => {
	await page.goto('/outcomes');
	await page.getByRole('link', { name: 'Admissions', exact: true }).click();
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Admissions to hospital');
	await page.getByText('Show as table').click();
	const months = page.getByRole('table', { name: 'Admissions by month' }).locator('tbody tr');
	const complete = months.filter({ hasText: 'complete' }).last();
	const admissions = Number((await complete.locator('td').nth(1).innerText()).replaceAll(/\D/g, ''));
	await complete.getByRole('link').click();
	const stays = page.getByRole('table', { name: /Stays and visits counted/ }).locator('tbody tr');
	await expect(stays).toHaveCount(admissions);
	await stays.first().getByRole('link').click();
	await page.getByText(/claim lines? behind the stays/).click();
	const lines = page.getByRole('table', { name: /Claim lines behind the stays/ }).locator('tbody tr');
	await expect(lines.first()).toContainText('medical_claim');
});

/** Fills the open form of an annotation and sends it. */
async function annotate(page: Page, day: string, words: string): Promise<void> {
	await page.getByLabel('Day', { exact: true }).fill(day);
	await page.getByLabel('What happened').fill(words);
	await page.getByRole('button', { name: 'Keep the annotation' }).click();
}

test('an annotation is a numbered flag, listed and printed, begins a level, is in the file, and can be taken back', async ({
	page
}) => {
	const words = `New nurse line, try ${test.info().retry + 1}`;
	await page.goto('/outcomes/emergency_visits?per=months');
	await page.getByText('Annotate', { exact: true }).click();
	await page.getByLabel(/Begins a new level/).check();
	await annotate(page, '2025-09-12', words);
	await expect(page).toHaveURL('/outcomes/emergency_visits?per=months');
	const listed = page.getByRole('table', { name: 'Annotations' }).locator('tbody tr').filter({ hasText: words });
	await expect(listed).toContainText('12 Sep 2025');
	await expect(listed).toContainText('Everybody');
	await expect(listed).toContainText('demo-lead');
	const number = (await listed.locator('th').innerText()).trim();
	await expect(page.locator('.chart')).toContainText(number);
	await page.getByRole('group', { name: /Chart/ }).focus();
	for (let month = 0; month < 40 && !(await page.getByText(`: ${words}`).count()); month++)
		await page.keyboard.press('ArrowRight');
	await expect(page.getByText(`annotation ${number}, 12 Sep 2025: ${words}`)).toBeVisible();

	await page.emulateMedia({ media: 'print' });
	await expect(listed).toBeVisible();
	await expect(page.getByRole('button', { name: 'Take back' })).toHaveCount(0);
	await page.emulateMedia({ media: 'screen' });

	const months = await (await page.request.get('/download/hospital_months.csv?measure=emergency_visits')).text();
	expect(months).toMatch(new RegExp(`2025-09,.*2025-09-12: ${words}`));
	const file = await (await page.request.get('/download/annotations.csv')).text();
	expect(file).toContain(words);
	// Another measure's chart does not have it.
	await page.goto('/outcomes/hospital_admissions');
	await expect(page.getByText(words)).toHaveCount(0);

	await page.goto('/outcomes/emergency_visits');
	await listed.getByRole('button', { name: /Take back/ }).click();
	await expect(page).toHaveURL('/outcomes/emergency_visits');
	await expect(page.getByText(words)).toHaveCount(0);
});

test('an annotation that names a patient is refused, and what was typed stays', async ({ page }) => {
	const [{ name }] = JSON.parse(
		mtm(places.home, 'query', "select first_name || ' ' || last_name as name from eligibility limit 1", '--json')
	) as [{ name: string }];
	await page.goto('/outcomes/emergency_visits');
	await page.getByText('Annotate', { exact: true }).click();
	const come = await withoutScript(page);
	await annotate(page, '2026-02-01', `asked by ${name}`);
	await expect(page.getByRole('alert')).toContainText('Say what changed, never whom');
	await expect(page.getByLabel('What happened')).toHaveValue(`asked by ${name}`);
	await page.getByLabel('What happened').fill(`Asked by nobody ${test.info().retry}`);
	// What is typed over it before the script of the page has come stays.
	await come();
	await page.getByRole('button', { name: 'Keep the annotation' }).click();
	await expect(page).toHaveURL('/outcomes/emergency_visits');
	await expect(page.getByRole('table', { name: 'Annotations' })).toContainText('Asked by nobody');
});

test('months of adherence and of acceptance have annotations too', async ({ page }) => {
	for (const [address, day] of [
		['/adherence/pdc_rasa?tab=trend', '2026-03-02'],
		['/interventions', '2026-02-27']
	] as const) {
		const words = `New form ${address.length}, try ${test.info().retry + 1}`;
		await page.goto(address);
		await page.getByText('Annotate', { exact: true }).click();
		await annotate(page, day, words);
		await expect(page).toHaveURL(address);
		await expect(page.getByRole('table', { name: 'Annotations' })).toContainText(words);
	}
});

test('a form opened before the script of the page has come stays open', async ({ page }) => {
	const come = await withoutScript(page);
	await page.goto('/outcomes/emergency_visits', { waitUntil: 'commit' });
	await page.getByText('Annotate', { exact: true }).click();
	await page.getByLabel('What happened').fill('Written early');
	await come();
	await expect(page.getByLabel('What happened')).toBeVisible();
	await expect(page.getByLabel('What happened')).toHaveValue('Written early');
});

test('an address of before still begins a level, and says that it is not kept', async ({ page }) => {
	await page.goto('/outcomes/drug_harm_definite?step=2025-09&because=New+clinic');
	const listed = page.getByRole('table', { name: 'Annotations' }).locator('tbody tr');
	await expect(listed).toContainText('New clinic');
	await expect(listed).toContainText('in the address of this page, not kept');
	await expect(page.getByLabel('What happened')).toHaveValue('New clinic');
	await expect(page.getByLabel('Day', { exact: true })).toHaveValue('2025-09-01');
});
