import type { Page } from '@playwright/test';

/** Pages of this browser wait for their script until what this gives is called; that ends when the page runs. */
export async function withoutScript(page: Page): Promise<() => Promise<void>> {
	let come = () => {};
	const script = new Promise<void>((done) => (come = done));
	await page.route('**/_app/immutable/**/*.js', async (route) => {
		await script;
		await route.continue();
	});
	return async () => {
		// A page that runs asks when it locks.
		const running = page.waitForResponse('**/session');
		come();
		await running;
	};
}
