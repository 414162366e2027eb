import { test, type Browser, type Page } from '@playwright/test';
import { places } from './place';
import { mtm, signInByLink } from './server';

/** The password of everybody in these tests. */
export const secret = 'seven grey herons wade';

/** A user of the demo home who has chosen the password; another one when the test is tried again. */
export async function made(first: string, role = 'quality_lead'): Promise<string> {
	const { retry } = test.info();
	const name = retry ? `${first} ${retry + 1}` : first;
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
