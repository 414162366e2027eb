import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { places } from './place';
import { mtm, signInByLink } from './server';

/** The password of everybody in these tests. */
export const secret = 'seven grey herons wade';

/** A user of the demo home who has chosen the password. */
export async function made(name: string, role = 'quality_lead'): Promise<string> {
	const { link } = JSON.parse(mtm(places.home, 'users', 'add', name, '--role', role, '--link', '--json')) as {
		link: string;
	};
	await signInByLink(places.origin, link, secret);
	return name;
}

/** A browser in which nobody is signed in. */
export async function stranger(browser: Browser, baseURL = places.origin): Promise<Page> {
	return await (await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })).newPage();
}

/** Fills and sends the form of the sign-in page. */
export async function signIn(page: Page, name: string, password = secret): Promise<void> {
	await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
	await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
}

/** What axe finds wrong with a page: rules and where. */
export const violations = async (page: Page) =>
	(
		await new AxeBuilder({ page })
			.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
			.analyze()
	).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);
