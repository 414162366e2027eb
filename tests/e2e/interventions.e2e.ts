import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { looks } from './look';
import { places } from './place';
import { withoutScript } from './script';

const routes = [
	'/interventions',
	'/interventions?problem=adherence&by=presc',
	'/interventions/recommendations?open=yes&sort=age&dir=desc',
	'/interventions/reviews',
	'/interventions/reviews?by=delivery',
	'/interventions/reviews?why=counted&completed=yes&by=delivery&group=02',
	'/interventions/eligibility',
	'/interventions/eligibility?standing=eligible_not_enrolled',
	'/interventions/sessions',
	'/interventions/sessions?kind=tmr&by=setting',
	'/interventions/sessions/list?kind=cmr&became=completed&element=allergies&state=no',
	'/interventions/sessions/list?follow_up=kept&kind=nothing',
	'/interventions/sessions/elements?kind=cmr&state=missing',
	'/interventions/sessions/medicines?kind=cmr&seen=claims',
	'/interventions/sessions/opportunities?state=expired',
	'/interventions/problems',
	'/interventions/problems?list=statin_in_diabetes',
	'/interventions/problems?list=statin_in_diabetes&state=not_shown',
	'/interventions/problems?by=patient',
	'/interventions/prep'
];

/** The address of the session of the first recommendation that was accepted. */
async function firstSession(page: Page): Promise<string> {
	await page.goto('/interventions/recommendations?response=accepted');
	return (await page.locator('a[href^="/interventions/sessions/"]').first().getAttribute('href'))!;
}

looks([...routes, 'a session'], async (page, route) =>
	page.goto(route === 'a session' ? await firstSession(page) : route)
);

/** The whole number that a text begins with, thin spaces taken out. */
const numberIn = (text: string) => Number(/\d+/.exec(text.replaceAll(/[\u2009\s]/g, ''))![0]);

test('each number of acceptance opens a table with as many rows', async ({ page }) => {
	await page.goto('/interventions');
	const links = page.locator('.cards .key a, .cards a[href*="verified="]');
	const all = await links.evaluateAll((found) =>
		found.map((one) => ({ href: one.getAttribute('href')!, text: one.textContent }))
	);
	expect(all.length).toBeGreaterThanOrEqual(10);
	for (const { href, text } of all) {
		await page.goto(href);
		const wanted = numberIn(text.replace(/^[a-z ]+/, ''));
		const title = await page.locator('h1').innerText();
		if (wanted === 0) await expect(page.getByText('No recommendation matches the filters.')).toBeVisible();
		else expect(numberIn(title), `${href}: ${title}`).toBe(wanted);
	}
});

test('what claims show of each group opens a table with as many rows', async ({ page }) => {
	await page.goto('/interventions');
	const links = await page
		.locator('table a[href*="verified="]')
		.evaluateAll((found) => found.map((one) => ({ href: one.getAttribute('href')!, text: one.textContent })));
	expect(links.length).toBeGreaterThan(8);
	for (const { href, text } of links.filter((_, at) => at % 3 === 0)) {
		await page.goto(href);
		expect(numberIn(await page.locator('h1').innerText()), href).toBe(numberIn(text));
	}
});

test('every kind of number of the page opens a table with as many rows, what it shows said on chips', async ({
	page
}) => {
	test.slow();
	const kinds = new Map<string, { href: string; wanted: number }>();
	for (const from of ['/interventions?y=2025', '/interventions?y=2025&by=presc', '/interventions?by=severity']) {
		await page.goto(from);
		const links = await page.locator('main a[href*="/interventions/recommendations"]').evaluateAll((found) =>
			found.map((one) => {
				const isUnit = one.closest('table')?.caption?.textContent.includes('by name');
				return {
					href: one.getAttribute('href')!,
					text: one.textContent.trim(),
					of: isUnit ? (one.closest('tr')!.cells[1]!.contains(one) ? 'people of a unit' : 'unit') : 'page'
				};
			})
		);
		for (const { href, text, of } of links) {
			if (!/^[\d\s]+$/.test(text)) continue;
			const words = new URL(href, 'http://x').searchParams;
			const said = ['response', 'judged', 'around'].map((key) => words.get(key));
			const kind = [of, ...words.keys(), ...said, words.get('presc') === 'not_stated'].join(' ');
			kinds.set(kind, { href, wanted: numberIn(text) });
		}
	}
	expect(kinds.size).toBeGreaterThan(30);
	expect([...kinds.keys()].filter((kind) => !kind.startsWith('page'))).toHaveLength(3);
	for (const [kind, { href, wanted }] of kinds) {
		await page.goto(href);
		const [rows, people] = (await page.locator('h1').innerText()).split(' for ').map(numberIn);
		expect(kind.startsWith('people') ? people : rows, href).toBe(wanted);
		await expect(page.getByText('Not used')).toHaveCount(0);
	}
	await page.goto('/interventions/recommendations?y=2025&decline=not%20clinically%20relevant');
	const listed = numberIn(await page.locator('h1').innerText());
	const form = (await page.getByRole('link', { name: 'Export', exact: true }).getAttribute('href'))!;
	await page.goto(form);
	await expect(page.getByText('Declined because: not clinically relevant').first()).toBeVisible();
	const file = await page.request.get(
		form.replace('/export/patient_recommendations', '/download/patient_recommendations.csv')
	);
	expect((await file.text()).trim().split('\n')).toHaveLength(listed + 1);
	await page.goBack();
	await page
		.getByRole('link', { name: 'Remove the filter Declined because: not clinically relevant', exact: true })
		.click();
	await expect(page).not.toHaveURL(/decline=/);
});

test('a group narrows the page, and its chip takes the filter away', async ({ page }) => {
	await page.goto('/interventions');
	await page.getByRole('link', { name: 'Adherence', exact: true }).last().click();
	await expect(page).toHaveURL(/problem=adherence/);
	await expect(page.getByText('Problem: Adherence')).toBeVisible();
	await page.getByRole('link', { name: 'Remove the filter Problem: Adherence' }).click();
	await expect(page).not.toHaveURL(/problem=/);
});

test('from the reviews that are due to ten prep sheets of the same people, in the same order', async ({ page }) => {
	await page.goto('/interventions/reviews');
	const due = (await page.locator('tbody a.pid').allInnerTexts()).slice(0, 10);
	expect(due).toHaveLength(10);
	await page.getByRole('link', { name: 'Print first ten prep sheets' }).click();
	await expect(page.locator('.prep-sheet')).toHaveCount(10);
	const sheets = await page.locator('.prep-sheet .who').allInnerTexts();
	expect(sheets).toEqual(due.map((pid) => `Patient ${pid}`));
	// Each is one sheet of paper.
	const paper = (await page.pdf({ format: 'Letter' })).toString('latin1');
	expect(paper.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(10);
});

test('a number of the page of reviews opens to as many people, one list at a time', async ({ page }) => {
	const table = (name: string) => page.getByRole('table', { name });
	const open = async (name: string, nth: number) => {
		const link = table(name).locator('td:nth-child(n+2) a').nth(nth);
		const wanted = numberIn(await link.innerText());
		await link.click();
		await expect(page.getByRole('heading', { name: new RegExp(`^${wanted}\\D`) })).toHaveAttribute('id', 'people');
		await expect(table('People enrolled in MTM, contract by contract').locator('tbody tr')).toHaveCount(
			Math.min(wanted, 25)
		);
	};
	await page.goto('/interventions/reviews?y=2025');
	await open('Enrolments in MTM by why they are counted or not', 0);
	await expect(page.getByRole('heading', { name: / left out: / })).toBeVisible();
	await expect(page).toHaveURL(/y=2025/);
	await open('Reviews by plan', 1);
	await expect(page.getByRole('heading', { name: / counted, with a review; plan / })).toBeVisible();
	const pids = await table('People enrolled in MTM, contract by contract').locator('a.pid').allInnerTexts();
	const form = await page.getByRole('link', { name: 'Export these people' }).getAttribute('href');
	const file = await page.request.get(form!.replace('/export/patient_reviewed', '/download/patient_reviewed.csv'));
	const listed = (await file.text()).toUpperCase();
	for (const pid of pids) expect(listed).toContain(pid);
	await page.getByRole('link', { name: 'Delivery', exact: true }).first().click();
	await open('Reviews by delivery', 0);
	await page.getByRole('link', { name: 'Close the list' }).click();
	await expect(page.getByRole('heading', { name: 'Who is counted, and who is left out' })).toBeVisible();
	await expect(page.locator('#people')).toHaveCount(0);
	for (const [link, rows] of [
		['rate=cmr_offered_within_60_days', 'newly enrolled, counted'],
		['reached=yes', 'offered a review within 60 days'],
		['rate=tmr_each_quarter', 'quarters enrolled, counted'],
		['stands=open', 'counted, without a review'],
		['month=1', 'first reviewed in Jan']
	] as const) {
		await page.goto('/interventions/reviews');
		const number = page.locator(`a[href*="${link}"]`).first();
		const wanted = numberIn((await number.textContent())!);
		await page.goto((await number.getAttribute('href'))!);
		const heading = page.locator('#people');
		await expect(heading).toContainText(rows);
		expect(numberIn((await heading.innerText()).replace(/[^\d\s].*/, '')), link).toBe(wanted);
	}
	await page.goto('/interventions/reviews?why=moon');
	await expect(page.getByText('there is no such reason: "moon"')).toBeVisible();
});

test('a session shows what was covered, with missing apart from no, and the claim that shows a change', async ({
	page
}) => {
	await page.goto('/interventions/recommendations?verified=yes&action=start');
	await page.goto((await page.locator('a[href^="/interventions/sessions/"]').first().getAttribute('href'))!);
	await expect(page.getByRole('heading', { name: 'What the session covered' })).toBeVisible();
	await expect(
		page.getByText(/elements required here: \d+ yes, \d+ no, \d+ not applicable, \d+ missing/)
	).toBeVisible();
	await expect(page.getByText(/In claims: yes.*claim .*\.csv.*line \d+/).first()).toBeVisible();
});

test('each number of sessions, reviews tried and opportunities opens a list with as many rows', async ({ page }) => {
	const opens = async (from: string, link: string, least = 4) => {
		await page.goto(from);
		const links = page.locator(link);
		const said: [string, number][] = [];
		for (const one of await links.all())
			said.push([(await one.getAttribute('href'))!, numberIn(await one.innerText())]);
		expect(said.length).toBeGreaterThanOrEqual(least);
		for (const [href, number] of [said[0]!, said.at(-1)!]) {
			await page.goto(href);
			expect(numberIn(await page.locator('h1').innerText())).toBe(number);
			await expect(page.getByText('Not used')).toHaveCount(0);
			expect(await page.locator('tbody tr').count()).toBe(Math.min(50, number));
		}
	};
	await page.goto('/interventions/sessions/list?page=1e12');
	const all = page.locator('h1');
	await expect(all).toContainText('sessions and attempts');
	expect(numberIn(await all.innerText())).toBeGreaterThan(50);
	await expect(page.locator('tbody tr')).toHaveCount(50);
	const everything = await all.innerText();
	await page.goto('/interventions/sessions/list?became=refused&plan=nowhere');
	await page.getByRole('link', { name: 'All sessions and attempts of' }).click();
	await expect(all).toHaveText(everything);
	await page.goto('/interventions/sessions/list?became=refused');
	await page.getByRole('link', { name: 'All sessions and attempts of' }).click();
	await expect(all).toHaveText(everything);
	await opens('/interventions/sessions', 'table a[href*="/sessions/list"]');
	await opens('/interventions/sessions', 'table a[href*="recommended=yes"]', 2);
	await opens('/interventions/sessions', 'table a[href*="/sessions/elements"]', 2);
	await opens('/interventions/sessions', '#lists ~ p a[href*="/sessions/medicines"]');
	await opens('/interventions/sessions', '#promised ~ p a[href*="follow_up="]');
	await opens('/interventions/sessions', 'a[href*="/sessions/opportunities"]');
	await opens('/interventions/reviews', 'a[href*="became=tried"], a[href*="became=refused"]');
	await opens('/interventions/reviews', 'td:nth-child(4) a[href*="reason="]');
	await page.locator('tbody a[href*="/interventions/sessions/"]').first().click();
	await expect(page.locator('h1')).toContainText('CMR');
});

test('what is not there and what is not allowed answer alike', async ({ page }) => {
	for (const path of [
		'/interventions/sessions/zzzzzzzzzz-1',
		'/interventions/prep/zzzzzzzzzz',
		'/interventions/sessions/x'
	]) {
		const answer = await page.goto(path);
		expect(answer!.status(), path).toBe(404);
	}
});

test('an empty home says what the pages need', async ({ page }) => {
	// Its only user is an administrator, who opens no rows of patients.
	for (const path of ['/interventions', '/interventions/reviews', '/interventions/problems']) {
		await page.goto(places.emptyOrigin + path);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('No results yet');
	}
});

test('a problem is dismissed until a day with a reason, and taken up again; the log tells both', async ({ page }) => {
	await page.goto('/interventions/problems?list=statin_in_diabetes&state=new');
	const tab = (name: RegExp) => page.getByRole('navigation', { name: 'State' }).getByRole('link', { name });
	const shown = async (name: RegExp) => numberIn((await tab(name).innerText()).replace(/^[A-Za-z]+/, ''));
	const [fresh, dismissed] = [await shown(/^New/), await shown(/^Dismissed/)];
	const pid = await page.locator('tbody a.pid').first().innerText();
	await page.getByText('Dismiss …').first().click();
	const form = page.locator('details[open] form');
	await form.getByLabel('Until the end of').fill('2020-01-01');
	await form.getByLabel('Why').selectOption({ label: 'Meant so: the prescriber knows and wants it' });
	await form.getByRole('button', { name: 'Dismiss until then' }).click();
	await expect(page.getByRole('alert')).toContainText('the last day must be after today');
	const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
	await form.getByLabel('Until the end of').fill(until);
	await form.getByLabel('Why').selectOption({ label: 'Meant so: the prescriber knows and wants it' });
	await form.getByRole('button', { name: 'Dismiss until then' }).click();
	await expect(tab(/^Dismissed/)).toContainText(String(dismissed + 1));
	await expect(page.locator('tbody a.pid').filter({ hasText: pid })).toHaveCount(0);
	expect(await shown(/^New/)).toBe(fresh - 1);

	await tab(/^Dismissed/).click();
	const row = page.locator('tbody tr').filter({ hasText: pid });
	await expect(row).toContainText('meant so: the prescriber knows and wants it (demo-lead');
	// It is no reason to call any more, unless there is another.
	await page.goto(`/interventions/problems?by=patient&list=statin_in_diabetes`);
	await expect(page.locator('h1')).toHaveText(new RegExp(`^${fresh - 1 + (await documentedOf(page))} `));
	await page.goto('/interventions/problems?list=statin_in_diabetes&state=dismissed');
	await row.getByRole('button', { name: `Take up again: ${pid}` }).click();
	await expect(tab(/^Dismissed/)).toContainText(String(dismissed));
	await page.goto('/account/log');
	await expect(page.getByText('Problem dismissed').first()).toBeVisible();
	await expect(page.getByText('Problem taken up again').first()).toBeVisible();
});

test('the day and the reason of a dismissal that are given before the script of the page has come stay', async ({
	page
}) => {
	const come = await withoutScript(page);
	await page.goto('/interventions/problems?list=statin_in_diabetes&state=new', { waitUntil: 'commit' });
	await page.getByText('Dismiss …').first().click();
	const form = page.locator('details[open] form');
	const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
	await form.getByLabel('Until the end of').fill(until);
	await form.getByLabel('Why').selectOption({ index: 2 });
	await come();
	await expect(form.getByLabel('Until the end of')).toHaveValue(until);
	await expect(form.getByLabel('Why').locator('option:checked')).not.toHaveText('Choose a reason');
});

/** How many problems of the list of statins are documented. */
async function documentedOf(page: Page): Promise<number> {
	const other = await page.context().newPage();
	await other.goto('/interventions/problems?list=statin_in_diabetes');
	const text = await other
		.getByRole('navigation', { name: 'State' })
		.getByRole('link', { name: /^Documented \d/ })
		.innerText();
	await other.close();
	return numberIn(text.replace(/^[A-Za-z]+/, ''));
}

test('what is documented only opens to its recommendations, as many as the number says', async ({ page }) => {
	await page.goto('/interventions/problems');
	const numbers = page.locator('a[href*="state=not_shown"], a[href*="state=resolved"], a[href*="unlisted="]');
	const links = await numbers.evaluateAll((found) =>
		found.map((one) => ({ href: one.getAttribute('href')!, text: one.textContent }))
	);
	for (const word of ['state=not_shown', 'state=resolved', 'unlisted='])
		expect(links.filter(({ href }) => href.includes(word)).length, word).toBeGreaterThan(0);
	for (const word of ['state=not_shown', 'state=resolved', 'unlisted=']) {
		const { href, text } = links.find((link) => link.href.includes(word))!;
		await page.goto('/interventions/problems');
		const same = page.locator(`a[href="${href}"]`);
		const numbers = await same.allInnerTexts();
		await same.last().click();
		const wanted = numberIn(text);
		await expect(page.locator('h1')).toHaveText(/^[\d\s]+documented/);
		const title = await page.locator('h1').innerText();
		expect(numberIn(title), href).toBe(wanted);
		if (word === 'unlisted=') expect(numberIn(title.replace(/^.*, of /, '')), href).toBe(numberIn(numbers[1]!));
		await expect(page.locator('tbody a.pid')).toHaveCount(Math.min(25, wanted));
	}
	await page.getByRole('link', { name: 'Export these recommendations' }).click();
	await expect(page.getByText('Documented, no list looks for it').first()).toBeVisible();
	await page.goto('/interventions/problems?unlisted=nothing_such&state=not_shown');
	await expect(page.getByText('no recommendation is about a problem "nothing_such"')).toBeVisible();
	await expect(page.getByText('what is documented only is of one list')).toBeVisible();
});

test('what a list found and what of it was acted on open to what claims show', async ({ page }) => {
	await page.goto('/interventions/problems');
	for (const state of ['found', 'acted_on']) {
		const links = await page
			.locator(`a[href*="state=${state}"]`)
			.evaluateAll((all) => all.map((one) => ({ href: one.getAttribute('href')!, text: one.textContent })));
		const few = links
			.map(({ href, text }) => ({ href, number: numberIn(text) }))
			.sort((one, other) => one.number - other.number)[0]!;
		expect(few.number, state).toBeGreaterThan(0);
		await page.goto(few.href);
		await expect(page.locator('h1')).toHaveText(/^[\d\s]+(found|acted on): /);
		expect(numberIn(await page.locator('h1').innerText()), few.href).toBe(few.number);
		const rows = await page
			.getByRole('region')
			.evaluateAll((tables) => tables.map((table) => table.querySelectorAll('tbody a.pid').length));
		expect(
			rows.reduce((all, one) => all + one, 0),
			few.href
		).toBe(few.number);
		await page.goto('/interventions/problems');
	}
});

test('one list over all reasons has each patient once, as many as the page says', async ({ page }) => {
	await page.goto('/interventions/problems?by=patient');
	const patients = numberIn(await page.locator('h1').innerText());
	await page.getByRole('link', { name: 'Export one list over all reasons' }).click();
	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: /^Export .* rows/ }).click();
	const lines = readFileSync(await (await download).path(), 'utf8')
		.trim()
		.split('\r\n');
	const head = lines[0]!.split(',');
	expect(head).toEqual(expect.arrayContaining(['pid', 'due_on', 'reason_count', 'lists', 'reasons', 'pharmacy_name']));
	const pids = lines.slice(1).map((line) => line.split(',')[head.indexOf('pid')]!);
	expect(pids).toHaveLength(patients);
	expect(new Set(pids).size).toBe(patients);
});
