import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

/** Rules that may answer otherwise in dark; all others look at what stands in the page, which is the same in both. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/** Our pages hold no frames, so that axe may gather its findings in the page itself. */
const axe = (page: Page) => new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();

async function found(rules: AxeBuilder): Promise<string[]> {
	const { violations } = await rules.analyze();
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);
}

/** What axe finds wrong with a page as it stands. */
export const violations = async (page: Page): Promise<string[]> =>
	await found(axe(page).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']));

/** What axe finds wrong with a page in light, and with its colours in dark. */
export async function violationsInBoth(page: Page): Promise<string[]> {
	await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
	const inLight = await violations(page);
	await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
	const inDark = await found(axe(page).withRules(rulesOfColour));
	return [...inLight, ...inDark.map((words) => `dark, ${words}`)];
}

/** By how many pixels a page is wider than its window. */
export const tooWide = (page: Page): Promise<number> =>
	page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Makes the window 320 px wide and waits until nothing scrolls sideways. */
export async function fitsNarrow(page: Page, what: string): Promise<void> {
	await page.setViewportSize({ width: 320, height: 800 });
	await expect.poll(() => tooWide(page), { message: `${what} at 320 px` }).toBeLessThanOrEqual(0);
}

/**
 * Tests of how pages look, one a route: axe in light and in dark; one heading of the first rank, and no word that only a program says; at 320 px nothing
 * scrolls sideways. A route that `open` knows may be a name instead of an address.
 */
export function looks(
	routes: readonly string[],
	open: (page: Page, route: string) => Promise<unknown> = (page, route) => page.goto(route)
): void {
	for (const route of routes)
		test(`looks right in light, in dark and at 320 px: ${route}`, async ({ page }) => {
			// Wide tables have many cells to look at.
			test.slow();
			await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
			await open(page, route);
			if (await page.locator('.chart').count()) await page.locator('.chart[data-ready]').first().waitFor();
			await expect(page.locator('h1')).toHaveCount(1);
			expect(await page.locator('body').innerText()).not.toMatch(
				/\bNaN\b|\bundefined\b|Infinity|\[object|non-compliant|\bworst\b|\bbest store|fraud/i
			);
			expect(await violationsInBoth(page)).toEqual([]);
			await fitsNarrow(page, route);
		});
}
