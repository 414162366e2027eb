import { expect, test, type Page } from '@playwright/test';
import { places } from './place';

/** The width between the margins of a sheet of US Letter, the narrower of the two common papers across: A4 has 22 px less. */
const paper = 688;

const sheets = async (page: Page): Promise<number> =>
	(
		(await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ??
		[]
	).length;

/** A page whose pictures are drawn. */
async function drawn(page: Page, route: string): Promise<void> {
	await page.goto(route);
	for (const chart of await page.locator('.chart').all()) await expect(chart).toHaveAttribute('data-ready', 'yes');
}

/** Pages with the sheets of paper that they may take. */
const most: Record<string, number> = {
	'/adherence/pdc_statins?tab=trend': 1,
	'/adherence/pdc_statins?tab=supply': 1,
	'/adherence/pdc_statins?tab=population': 1,
	'/adherence/pdc_statins?tab=recoverable': 3,
	'/': 2,
	'/compare': 2,
	'/interventions': 6,
	'/interventions/reviews': 4,
	'/outcomes': 2,
	'/outcomes/hospital_admissions': 5,
	'/outcomes/around-review': 2
};

test('printed pages are as wide as the paper, with every picture, its legend and no empty sheet', async ({ page }) => {
	test.slow();
	for (const [route, sheetsAtMost] of Object.entries(most)) {
		await page.setViewportSize({ width: 1440, height: 900 });
		await page.emulateMedia({ media: null });
		await drawn(page, route);
		const charts = await page.locator('.chart svg').count();
		expect([route, (await sheets(page)) <= sheetsAtMost]).toEqual([route, true]);
		await page.emulateMedia({ media: 'print' });
		// The paper is narrower than the window in which the pictures were drawn.
		await page.setViewportSize({ width: paper, height: 900 });
		expect([route, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([route, paper]);
		const drawings = await page
			.locator('.chart svg')
			.evaluateAll((all) =>
				all.map((one) => ({ box: one.getAttribute('viewBox'), width: one.getBoundingClientRect().width }))
			);
		expect([route, drawings.length]).toEqual([route, charts]);
		for (const { box, width } of drawings) {
			expect([route, box]).toEqual([route, expect.stringMatching(/^0 0 \d+ \d+$/)]);
			expect([route, width > 100 && width <= paper]).toEqual([route, true]);
		}
		for (const legend of await page.locator('.legend').all()) await expect(legend).toBeVisible();
	}
});

test('the foot of every sheet says how fresh, at which level and by whom; wide tables lie across', async ({ page }) => {
	await page.goto('/interventions/recommendations');
	const foot = () => page.evaluate(() => document.documentElement.style.getPropertyValue('--printed'));
	// The frame says it once the page runs.
	for (const words of ['data through', 'P2: days and places', 'printed by demo-lead', 'synthetic', 'confidential'])
		await expect.poll(foot).toContain(words);
	const bytes = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
	const [, width, height] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(bytes)!;
	expect(Number(width)).toBeGreaterThan(Number(height));
	await page.goto(`${places.origin}/adherence`);
	expect(await sheets(page)).toBeLessThanOrEqual(4);
});

test('a funnel says no names: its table is printed with it, open or not, and no other chart prints its own', async ({
	page
}) => {
	await page.goto('/compare');
	await expect(page.locator('figure.nameless .chart')).toHaveAttribute('data-ready', 'yes');
	const table = page.locator('figure.nameless table');
	await expect(table).toBeHidden();
	await page.emulateMedia({ media: 'print' });
	await expect(table).toBeVisible();
	expect(await table.locator('tbody tr').count()).toBeGreaterThan(2);
	await expect(page.locator('figure.nameless summary')).toBeHidden();
	await page.goto('/outcomes/hospital_admissions');
	await expect(page.locator('figure:not(.nameless) table').first()).toBeHidden();
});
