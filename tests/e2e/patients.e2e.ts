import { expect, test, type Page } from '@playwright/test';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { looks } from './look';
import { places } from './place';

const routes = [
	'/patients?adr=0..3',
	'/patients?list=all&adr=0..1',
	'/patients?list=all&show=identifiers&sort=lid&adr=0..1',
	'/patients?measure=pdc_statins&status=last_chance',
	'/patients?list=all&age=0-17&pdc=101..',
	'/patients?sheet=call&adr=0..1&show=identifiers',
	'/reveal?next=/patients',
	'/data',
	'/metrics',
	'/metrics/pdc_statins',
	'/help'
];

// Names are asked for with a reason, which counts for the session.
test.beforeEach(async ({ request }) => {
	const answer = await request.post('/reveal', {
		form: { purpose: 'outreach', reason: 'calls of this week', next: '/patients' },
		headers: { origin: places.origin, accept: 'text/html' },
		maxRedirects: 0
	});
	expect(answer.status()).toBe(303);
});

/** The address of the first patient of the table. */
async function firstPatient(page: Page): Promise<string> {
	await page.goto('/patients?list=all');
	return (await page.locator('tbody a.pid').first().getAttribute('href'))!;
}

/** Reads CSV as RFC 4180 writes it. */
function readCsv(text: string): string[][] {
	const rows: string[][] = [[]];
	let cell = '';
	let quoted = false;
	for (let at = 0; at < text.length; at++) {
		const sign = text[at]!;
		if (quoted) {
			if (sign === '"' && text[at + 1] === '"') cell += text[++at];
			else if (sign === '"') quoted = false;
			else cell += sign;
		} else if (sign === '"') quoted = true;
		else if (sign === ',' || sign === '\n') {
			rows.at(-1)!.push(cell.replace(/\r$/, ''));
			cell = '';
			if (sign === '\n') rows.push([]);
		} else cell += sign;
	}
	return rows.filter((row) => row.length > 0);
}

looks([...routes, '/patients', 'a patient', 'a patient, as dispensed'], async (page, route) => {
	if (!route.startsWith('a patient')) return await page.goto(route);
	const address = await firstPatient(page);
	return await page.goto(route.endsWith('dispensed') ? `${address}&way=dispensed` : address);
});

test('an empty home: each page says what it needs', async ({ page }) => {
	// The first administrator sees patients only in an emergency.
	expect((await page.goto(`${places.emptyOrigin}/patients`))?.status()).toBe(404);
	await page.request.post(`${places.emptyOrigin}/reveal`, {
		form: { purpose: 'emergency', reason: 'looks at an empty home', next: '/patients' },
		headers: { origin: places.emptyOrigin, accept: 'text/html' }
	});
	for (const route of ['/patients', '/metrics', '/metrics/pdc_statins', '/data', '/help']) {
		const answer = await page.goto(places.emptyOrigin + route);
		expect(answer?.status(), route).toBe(200);
		expect(await page.locator('body').innerText(), route).not.toMatch(/\bNaN\b|\bundefined\b|Infinity|\bnull\b/);
	}
	expect((await page.goto(`${places.emptyOrigin}/patients/0123456789`))?.status()).toBe(404);
});

test('the download has every row of the table, in its order, and names only when asked', async ({ page, request }) => {
	const words = 'list=all&status=overdue,last_chance,due_soon&sort=lid';
	await page.goto(`/patients?${words}`);
	const heading = await page.locator('h1').innerText();
	const onScreen = await page.locator('tbody a.pid').allInnerTexts();
	const answer = await request.get(`/download/patients.csv?${words}`);
	const [head, ...rows] = readCsv(await answer.text());
	expect(rows.length).toBe(Number(heading.replaceAll(/[^0-9]/g, '')));
	expect(rows.length).toBeGreaterThan(0);
	expect(answer.headers()['content-disposition']).toMatch(
		new RegExp(`filename="mtm_patients_\\d{4}-\\d\\d-\\d\\d_${rows.length}\\.csv"`)
	);
	const pid = head!.indexOf('pid');
	expect(rows.slice(0, onScreen.length).map((row) => row[pid]!.toUpperCase())).toEqual(
		onScreen.map((text) => text.trim())
	);
	expect(head).not.toContain('last_name');
	expect(head).not.toContain('patient_id');
	const [named] = readCsv(await (await request.get(`/download/patients.csv?${words}&show=identifiers`)).text());
	expect(named).toEqual(expect.arrayContaining(['last_name', 'phone', 'prescriber_phone', 'prescriber_fax']));
});

test('sorted by last useful fill: in date order, and what has none stays last both ways', async ({ request }) => {
	for (const dir of ['asc', 'desc']) {
		const [head, ...rows] = readCsv(
			await (await request.get(`/download/patients.csv?list=all&sort=lid&dir=${dir}`)).text()
		);
		const days = rows.map((row) => row[head!.indexOf('last_impactable_on')]!);
		const given = days.filter((day) => day !== '');
		expect(days.slice(0, given.length)).toEqual(given);
		expect(given).toEqual(dir === 'asc' ? [...given].sort() : [...given].sort().reverse());
	}
});

test('the tabs of the lists say how many rows each list has', async ({ page }) => {
	await page.goto('/patients');
	const tabs = page.getByRole('navigation', { name: 'Review lists' }).getByRole('link');
	for (const address of await tabs.evaluateAll((links) => links.map((link) => link.getAttribute('href')!))) {
		await page.goto(address);
		const said = /\(([^)]*)\)$/.exec(await page.locator('nav[aria-label="Review lists"] a[aria-current]').innerText());
		if (!said) continue;
		const rows = Number(said[1]!.replaceAll(/[^0-9]/g, ''));
		const shown = await page.locator('tbody tr').count();
		expect(shown, address).toBe(Math.min(rows, 50));
	}
});

test('a table that nobody matches names the filter to remove and the count it would give', async ({ page }) => {
	await page.goto('/patients?list=all&status=on_track&pdc=101..');
	await expect(page.getByText('No patients match')).toBeVisible();
	const offered = page.locator('.notice em');
	await expect(offered).toContainText('PDC to date');
	const promised = Number(
		(await page.locator('.notice p', { has: page.locator('em') }).innerText())
			.match(/there (?:are|is) ([\d\u2009]+)/)![1]!
			.replaceAll(/[^0-9]/g, '')
	);
	await page.getByRole('link', { name: 'Remove it' }).click();
	await expect
		.poll(async () => Number((await page.locator('h1').innerText()).replaceAll(/[^0-9]/g, '')))
		.toBe(promised);
});

test('what the address asks and the data does not have is said, not dropped', async ({ page }) => {
	await page.goto('/patients?list=nowhere&measure=pdc_nothing&sort=height&lid=tomorrow');
	for (const words of ['list nowhere not found', 'measure pdc_nothing not found', 'height is no column', 'tomorrow'])
		await expect(page.locator('.chip.warning', { hasText: words })).toBeVisible();
});

test('a patient is opened by the id of the files without the id in any address', async ({ page, request }) => {
	const [head, ...rows] = readCsv(await (await request.get('/download/patients.csv?list=all&show=identifiers')).text());
	const id = rows[0]![head!.indexOf('patient_id')]!;
	const asked: string[] = [];
	page.on('request', (one) => asked.push(one.url()));
	await page.goto('/patients?list=all');
	await page.getByLabel('Open a patient by the id in your files').fill('no such id');
	await page.getByRole('button', { name: 'Open' }).click();
	await expect(page.getByText('No patient with this id.')).toBeVisible();
	await page.getByLabel('Open a patient by the id in your files').fill(id);
	await page.getByRole('button', { name: 'Open' }).click();
	await page.waitForURL(/\/patients\/[0-9a-z]{10}/);
	expect(asked.filter((url) => url.includes(encodeURIComponent(id)))).toEqual([]);
	expect(await page.title()).not.toContain(id);
	expect(await page.locator('main').innerText()).not.toContain(id);
	await page.getByRole('link', { name: 'Show identifiers' }).click();
	await expect(page.getByText(id).first()).toBeVisible();
});

test('an unknown patient reads like any page that is not there', async ({ page }) => {
	const answer = await page.goto('/patients/zzzzzzzzzz');
	expect(answer?.status()).toBe(404);
	expect(await page.locator('body').innerText()).not.toMatch(/zzzzzzzzzz|patient with/i);
});

test('a fill on the patient page stands in that line of that file', async ({ page }) => {
	await page.goto(await firstPatient(page));
	const source = await page
		.locator('tr', { has: page.locator('.anchor') })
		.first()
		.locator('td')
		.last()
		.innerText();
	const [, file, line, load, claim] = /^(\S+) line ([\d\u2009]+), load (\d+), claim (\S+)/.exec(
		source.replaceAll(/\s*\n\s*/g, ' ')
	)!;
	const folder = join(places.home, 'loads', load!.padStart(4, '0'));
	const found = (
		JSON.parse(readFileSync(join(folder, 'load.json'), 'utf8')) as { files: { name: string; path: string }[] }
	).files.find((one) => one.name === file || one.path.endsWith(file!))!;
	const text = readFileSync(found.path, 'utf8').split(/\r?\n/)[Number(line!.replaceAll(/[^0-9]/g, '')) - 1];
	expect(text).toContain(claim);
	expect(readdirSync(folder).length).toBeGreaterThan(1);
});

test('the timeline: bars lead to their fill; as dispensed and as counted without script', async ({ browser }) => {
	const context = await browser.newContext({ javaScriptEnabled: false, baseURL: places.origin });
	const page = await context.newPage();
	await page.goto(await firstPatient(page));
	const bars = page.locator('.timeline a.bar');
	expect(await bars.count()).toBeGreaterThan(0);
	const target = (await bars.first().getAttribute('href'))!;
	await expect(page.locator(target)).toBeVisible();
	await expect(page.getByRole('link', { name: 'As counted' })).toHaveAttribute('aria-current', 'true');
	await page.getByRole('link', { name: 'As dispensed' }).click();
	await expect(page.getByRole('link', { name: 'As dispensed' })).toHaveAttribute('aria-current', 'true');
	expect(await page.locator('.timeline a.bar').count()).toBeGreaterThan(0);
	await page.locator('summary', { hasText: 'Show as table' }).click();
	await expect(page.getByRole('columnheader', { name: 'Counted from' })).toBeVisible();
	await context.close();
});

test('covered and missed days of a patient add up to the elapsed days', async ({ page, request }) => {
	const [head, ...rows] = readCsv(
		await (await request.get('/download/patients.csv?list=all&status=overdue,last_chance,due_soon,on_track')).text()
	);
	const at = (name: string) => head!.indexOf(name);
	for (const row of rows)
		expect(Number(row[at('covered_days')]) + Number(row[at('missed_days')])).toBe(Number(row[at('elapsed_days')]));
	for (const row of rows.slice(0, 3)) {
		await page.goto(`/patients/${row[at('pid')]}`);
		const sentence = await page.locator('#supply').locator('xpath=../following-sibling::p[1]').innerText();
		const missed = Number(row[at('missed_days')]);
		// The first measure of the sentence is the most pressing one, which is the row's own.
		expect(sentence.replaceAll('\u2009', '')).toContain(missed ? `${missed} day` : 'no day without supply');
	}
});

test('the dictionary and the measure page say the same number', async ({ page }) => {
	await page.goto('/metrics');
	const row = page.locator('tr', { has: page.locator('a[href="/metrics/pdc_statins"]') });
	const value = (await row.locator('strong').innerText()).trim();
	await page.goto('/adherence/pdc_statins');
	await expect(page.locator('main')).toContainText(value);
	await page.goto('/metrics/pdc_statins');
	await expect(page.locator('main')).toContainText(value);
	await expect(page.locator('pre').first()).toContainText('select');
});

test('the help page works its example out by the fold: 210 of 262 days, last useful fill 19 October', async ({
	page
}) => {
	await page.goto('/help');
	const words = (await page.locator('.steps').innerText()).replaceAll('\u00a0', ' ');
	for (const part of ['210 of 262 = 80.2%', '18 days left to lose', '19 Oct 2026, is the last useful fill', '84.7%'])
		expect(words.replaceAll(/\s+/g, ' ')).toContain(part);
});

test('the call sheet prints names, phones and room for the outcome', async ({ page }) => {
	await page.goto('/patients?list=all&sheet=call&show=identifiers');
	await page.emulateMedia({ media: 'print' });
	await expect(page.getByRole('columnheader', { name: 'Outcome, date, initials' })).toBeVisible();
	await expect(page.getByText('Confidential: protected health information').first()).toBeVisible();
	await expect(page.locator('.bar.screen-only, .screen-only').first()).toBeHidden();
});

test('the level stands in the top bar, and names blurred for others to look on stay blurred from page to page', async ({
	page
}) => {
	await page.goto('/patients?list=all');
	await expect(page.getByText('Identifiers hidden')).toBeVisible();
	await page.getByRole('link', { name: 'Show names and phones' }).click();
	await expect(page.getByText('Identifiers shown')).toBeVisible();
	const name = page.locator('.personal').first();
	const filter = () => name.evaluate((element) => getComputedStyle(element).filter);
	expect(await filter()).toBe('none');
	await page.getByRole('button', { name: 'Blur names' }).click();
	expect(await filter()).toMatch(/^blur\(/);
	await page.locator('tbody a.pid').first().click();
	await page.waitForURL(/\/patients\/[0-9a-z]{10}/);
	await page.getByRole('link', { name: 'Show identifiers' }).click();
	await expect(name).toBeVisible();
	expect(await filter()).toMatch(/^blur\(/);
	await page.reload();
	expect(await filter()).toMatch(/^blur\(/);
	await page.getByRole('button', { name: 'Blur names' }).click();
	expect(await filter()).toBe('none');
});
