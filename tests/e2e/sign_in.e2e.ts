import { expect, test } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { made, secret, signIn, stranger } from './person';
import { places } from './place';
import { mtm } from './server';

test('a deep link survives signing in; wrong name and wrong password get the same words', async ({ browser }) => {
	const name = await made('Deep Diver');
	const page = await stranger(browser);
	await page.goto('/adherence/pdc_statins?tab=trend&age=65-74');
	await expect(page).toHaveURL(/\/login\?next=/);
	await signIn(page, 'no such person');
	const words = await page.locator('.problem').innerText();
	const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
	await signIn(page, name, 'not the password');
	await answered;
	await expect(page.locator('.problem')).toHaveText(words);
	await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(name);
	await signIn(page, name);
	await expect(page).toHaveURL('/adherence/pdc_statins?tab=trend&age=65-74');
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Statin');
});

test('signing in works without script, and leads nowhere else', async ({ browser }) => {
	const name = await made('Script Less');
	const context = await browser.newContext({
		baseURL: places.origin,
		javaScriptEnabled: false,
		storageState: { cookies: [], origins: [] }
	});
	const page = await context.newPage();
	await page.goto('/login?next=//evil.example/');
	await signIn(page, name);
	await expect(page).toHaveURL('/');
	await page.locator('summary', { hasText: name }).click();
	await page.getByRole('button', { name: 'Lock now' }).click();
	await expect(page).toHaveURL(/\/lock/);
	await page.goto('/help');
	await expect(page).toHaveURL('/lock?next=%2Fhelp');
	await page.getByRole('textbox', { name: 'Password', exact: true }).fill(secret);
	await page.getByRole('button', { name: 'Unlock' }).click();
	await expect(page).toHaveURL('/help');
	await page.locator('summary', { hasText: name }).click();
	await page.getByRole('button', { name: 'Sign out' }).click();
	await expect(page).toHaveURL('/login');
	await page.goto('/help');
	await expect(page).toHaveURL('/login?next=%2Fhelp');
});

test('who is not signed in gets no page, no data and no file', async ({ playwright }) => {
	const bare = await playwright.request.newContext({
		baseURL: places.origin,
		storageState: { cookies: [], origins: [] }
	});
	for (const path of ['/patients', '/', '/data', '/admin/users', '/no-such-page', '/patients/abcdefghij']) {
		const page = await bare.get(path, { headers: { accept: 'text/html' }, maxRedirects: 0 });
		expect([path, page.status(), page.headers().location]).toEqual([
			path,
			303,
			path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`
		]);
	}
	for (const path of ['/now', '/download/patients.csv?list=all', '/no-such-file.csv'])
		expect((await bare.get(path, { headers: { accept: '*/*' } })).status(), path).toBe(401);
	const data = await bare.get('/patients/__data.json', { maxRedirects: 0 });
	expect(await data.json()).toEqual({ type: 'redirect', location: '/login?next=%2Fpatients' });
	expect(
		(await bare.post('/admin/users?/add', { form: { name: 'x' }, headers: { origin: places.origin } })).status()
	).toBe(401);
});

test('a form from another site changes nothing, with or without a content type that forms have', async ({ page }) => {
	await page.goto('/account');
	for (const headers of [
		{ origin: 'https://evil.example' },
		{ origin: 'null' },
		{ origin: 'http://127.0.0.1:1' },
		{ origin: 'https://evil.example', 'content-type': 'application/json' }
	] as Record<string, string>[]) {
		const form = headers['content-type'] ? { data: '{"do":"lock"}' } : { form: { session: 'all' } };
		for (const path of ['/account?/everywhere', '/session', '/sign-out', '/lock?/lock'])
			expect((await page.request.post(path, { ...form, headers, maxRedirects: 0 })).status(), path).toBe(403);
	}
	expect((await page.request.post('/sign-out', { maxRedirects: 0 })).status()).toBe(403);
	await page.goto('/account');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
});

test('the cookie is for the server alone, for no other site, and for this browser only', async ({ browser }) => {
	const name = await made('Cookie Keeper');
	const page = await stranger(browser);
	await page.goto('/login');
	await signIn(page, name);
	await expect(page).toHaveURL('/');
	const [cookie] = (await page.context().cookies()).filter((one) => one.name.startsWith('session'));
	expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', expires: -1, path: '/', domain: '127.0.0.1' });
	expect(await page.evaluate(() => document.cookie)).not.toContain('session');
	const headers = (await page.request.get('/help')).headers();
	expect(headers['content-security-policy']).toMatch(/script-src 'self' 'nonce-/);
	expect(headers['content-security-policy']).not.toMatch(/https?:/);
	expect(headers).toMatchObject({
		'x-frame-options': 'DENY',
		'referrer-policy': 'same-origin',
		'cache-control': 'no-store'
	});
});

test('a stolen cookie dies with its session, and a disabled user is out at once', async ({ browser }) => {
	const name = await made('Robbed');
	const page = await stranger(browser);
	await page.goto('/login?next=/help');
	await signIn(page, name);
	await expect(page).toHaveURL('/help');
	const stolen = await stranger(browser);
	await stolen.context().addCookies(await page.context().cookies());
	await stolen.goto('/help');
	await expect(stolen).toHaveURL('/help');
	mtm(places.home, 'users', 'revoke', name);
	await stolen.goto('/help');
	await expect(stolen).toHaveURL('/login?next=%2Fhelp');
	await page.goto('/help');
	await signIn(page, name);
	await expect(page).toHaveURL('/help');
	mtm(places.home, 'users', 'disable', name);
	// The click of a page that was open, not a new one.
	await page.getByRole('link', { name: 'Metrics' }).click();
	await expect(page).toHaveURL('/login?next=%2Fmetrics');
	await expect(page.getByRole('navigation')).toHaveCount(0);
	await signIn(page, name);
	await expect(page.locator('.problem')).toContainText('do not go together');
	mtm(places.home, 'users', 'enable', name);
	await signIn(page, name);
	await expect(page).toHaveURL('/metrics');
});

test('a page that notices first that its session ended still leads where the click went', async ({ browser }) => {
	const name = await made('Elsewhere');
	const page = await stranger(browser);
	/** Requests of one address wait until they are let go. */
	const held = async (address: string) => {
		let letGo = () => {};
		const gone = new Promise<void>((done) => (letGo = done));
		let seen = () => {};
		const asked = new Promise<void>((done) => (seen = done));
		await page.route(address, async (route) => {
			seen();
			await gone;
			await route.continue().catch(() => {});
		});
		return { asked, letGo, stop: () => page.unroute(address) };
	};
	/** A page follows clicks by its script once it asked when it locks. */
	const runs = () => page.waitForResponse('**/session');
	const open = async () => {
		await page.goto('/login?next=/help');
		const running = runs();
		await signIn(page, name);
		await expect(page).toHaveURL('/help');
		await running;
	};

	// It asks, the click is on its way, and then it hears that the session ended.
	await open();
	const answer = await held('**/session');
	const click = await held('**/metrics/__data.json*');
	await page.evaluate(() => dispatchEvent(new Event('focus')));
	await answer.asked;
	await page.getByRole('link', { name: 'Metrics' }).dispatchEvent('click');
	await click.asked;
	mtm(places.home, 'users', 'revoke', name);
	answer.letGo();
	await expect(page).toHaveURL('/login?next=%2Fmetrics');
	click.letGo();
	await Promise.all([answer.stop(), click.stop()]);

	// It has heard, and is leaving for where it was when the click comes.
	await open();
	const session = await held('**/session');
	mtm(places.home, 'users', 'revoke', name);
	const login = await held('**/login?next=%2Fhelp');
	await page.evaluate(() => {
		const link = document.querySelector<HTMLElement>('a[href="/metrics"]')!;
		addEventListener('beforeunload', () => setTimeout(() => link.click()), { once: true });
		dispatchEvent(new Event('focus'));
	});
	session.letGo();
	await expect(page).toHaveURL('/login?next=%2Fmetrics');
	login.letGo();
	await Promise.all([session.stop(), login.stop()]);
	await signIn(page, name);
	await expect(page).toHaveURL('/metrics');

	// The click is answered with the sign-in page before it hears.
	const running = runs();
	await page.goto('/help');
	await running;
	const late = await held('**/session');
	mtm(places.home, 'users', 'revoke', name);
	const asking = await held('**/login/__data.json*');
	await page.evaluate(() => dispatchEvent(new Event('focus')));
	await late.asked;
	await page.getByRole('link', { name: 'Metrics' }).dispatchEvent('click');
	await asking.asked;
	late.letGo();
	await expect(page).toHaveURL('/login?next=%2Fmetrics');
	asking.letGo();
	await signIn(page, name);
	await expect(page).toHaveURL('/metrics');
});

test('a second factor: set up, asked for, a recovery code, turned off', async ({ browser }) => {
	const name = await made('Two Factors');
	const page = await stranger(browser);
	await page.goto('/login?next=/account/second-factor');
	await signIn(page, name);
	await expect(page.locator('.qr svg')).toBeVisible();
	const shared = (await page.locator('code').first().innerText()).replaceAll(' ', '');
	const totp = new TOTP({ secret: Secret.fromBase32(shared) });
	await page.getByLabel('Your password').fill(secret);
	await page.getByRole('textbox', { name: 'Code', exact: true }).fill('000000');
	await page.getByRole('button', { name: 'Turn it on' }).click();
	await expect(page.locator('.problem')).toContainText('not right');
	await page.getByLabel('Your password').fill(secret);
	await page.getByRole('textbox', { name: 'Code', exact: true }).fill(totp.generate());
	await page.getByRole('button', { name: 'Turn it on' }).click();
	await expect(page.locator('ol code')).toHaveCount(10);
	const [recovery] = await page.locator('ol code').allInnerTexts();
	await page.getByRole('link', { name: 'Go on' }).click();

	const again = await stranger(browser);
	await again.goto('/login?next=/account');
	await signIn(again, name);
	await expect(again).toHaveURL('/login/code?next=%2Faccount');
	await again.goto('/help');
	await expect(again).toHaveURL(/\/login\/code/);
	await again.goto('/login/code?next=/account');
	await again.getByRole('textbox', { name: 'Code', exact: true }).fill(recovery!);
	await again.getByRole('button', { name: 'Sign in', exact: true }).click();
	await expect(again).toHaveURL('/account');
	await expect(again.getByText('9 of 10 recovery codes are left')).toBeVisible();
	await again.getByLabel('Your password').fill(secret);
	await again.getByRole('button', { name: 'Turn it off' }).click();
	await expect(again.getByText('The second factor is off.')).toBeVisible();
});

test('the storage of a browser holds one cookie and nothing of a person', async ({ page }) => {
	await page.goto('/patients?list=all');
	expect(
		await page.evaluate(() => [
			Object.keys(localStorage),
			Object.keys(sessionStorage).filter((key) => !key.startsWith('sveltekit:'))
		])
	).toEqual([[], []]);
});
