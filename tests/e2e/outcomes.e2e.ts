import { expect, test } from '@playwright/test';
import { looks } from './look';

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

test('a known change begins a new level only with its words', async ({ page }) => {
	await page.goto('/outcomes/emergency_visits');
	await page.getByText('A known change: begin a new level').click();
	await page.locator('select[name=step]').selectOption({ index: 14 });
	await page.getByRole('button', { name: 'Begin a new level' }).click();
	expect(page.url()).not.toContain('step=');
	await page.getByLabel('What changed, and when').fill('New nurse line');
	await page.getByRole('button', { name: 'Begin a new level' }).click();
	await expect(page).toHaveURL(/step=.*because=New/);
	await expect(page.locator('.chart')).toContainText('New nurse line');
});
