import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const themes = ['light', 'dark'] as const;

/** What axe finds wrong with a page as it stands: rules and where. */
export const violations = async (page: Page): Promise<string[]> =>
	(
		await new AxeBuilder({ page })
			.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
			.analyze()
	).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);

/** What axe finds wrong with a page, in light and in dark. */
export async function violationsInBoth(page: Page): Promise<string[]> {
	const found: string[] = [];
	for (const theme of themes) {
		await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
		found.push(...(await violations(page)));
	}
	return found;
}

/** By how many pixels a page is wider than its window. */
export const tooWide = (page: Page): Promise<number> =>
	page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/**
 * Tests of how pages look: axe for each route in light and in dark; at 320 px nothing scrolls sideways, there is one heading of the first rank, and no word
 * that only a program says. A route that `open` knows may be a name instead of an address.
 */
export function looks(
	routes: readonly string[],
	open: (page: Page, route: string) => Promise<unknown> = (page, route) => page.goto(route)
): void {
	for (const theme of themes)
		for (const route of routes)
			test(`axe, ${theme}: ${route}`, async ({ page }) => {
				// Wide tables have many cells to look at.
				test.slow();
				await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
				await open(page, route);
				if (await page.locator('.chart').count()) await page.locator('.chart[data-ready]').first().waitFor();
				expect(await violations(page)).toEqual([]);
			});

	test(`at 320 px nothing scrolls sideways; one heading of the first rank: ${routes[0]} and more`, async ({ page }) => {
		await page.setViewportSize({ width: 320, height: 800 });
		for (const route of routes) {
			await open(page, route);
			expect(await tooWide(page), route).toBeLessThanOrEqual(0);
			await expect(page.locator('h1'), route).toHaveCount(1);
			expect(await page.locator('body').innerText(), route).not.toMatch(
				/\bNaN\b|\bundefined\b|Infinity|\[object|non-compliant|\bworst\b|\bbest store|fraud/i
			);
		}
	});
}
