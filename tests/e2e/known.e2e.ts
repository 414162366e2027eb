import { expect, test, type Browser, type Page } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { places } from './place';
import { mtm, serve, signInByLink, storage } from './server';

// Three people, each with one decision to finish in the browser, on the known set: files that no generator of the product made.

const drops = join(places.root, 'tests', 'known', 'drops');
const mtmDrops = join('..', 'mtm');
const store = 'Harbor "O\'Brien" Drug ⚓';

/** Serves a home made of these folders of the known set, computed as of 30 September 2025; gives its origin. */
async function served(name: string, port: number, ...loads: string[][]): Promise<{ home: string; origin: string }> {
	// Tests in series begin anew when one is tried again.
	const home = join(places.folder, `known-${name}-${test.info().retry}`);
	for (const folders of loads) mtm(home, 'load', ...folders.map((folder) => join(drops, folder)));
	mtm(home, 'refresh', '--year', '2025', '--as-of', '2025-09-30');
	servers.push(await serve(home, port));
	return { home, origin: `http://127.0.0.1:${port}` };
}

const servers: number[] = [];
test.describe.configure({ mode: 'serial' });
test.afterAll(() => servers.forEach((pid) => process.kill(pid)));

/** A browser in which a new user of the role is signed in. */
async function signedIn(browser: Browser, home: string, origin: string, role: string): Promise<Page> {
	const { link } = JSON.parse(mtm(home, 'users', 'add', `the ${role}`, '--role', role, '--link', '--json')) as {
		link: string;
	};
	const cookie = await signInByLink(origin, link, 'seven grey herons wade');
	return await (await browser.newContext({ baseURL: origin, storageState: storage(cookie) })).newPage();
}

/** Gives the reason that names and phones ask for. */
async function reveal(page: Page, purpose: RegExp): Promise<void> {
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Show identifiers');
	await page.getByRole('radio', { name: purpose }).check();
	await page.getByLabel('Why, in your words').fill('calls of this week');
	await page.getByRole('button', { name: 'Show identifiers' }).click();
}

test('the manager of a chain names the store that is off course and prints the nine patients to call', async ({
	browser
}) => {
	test.slow();
	const { home, origin } = await served('chain', places.port + 2, ['drop-1/harbor_chain', 'drop-2/harbor_chain']);
	mtm(home, 'init', '--admin', 'owner');
	const page = await signedIn(browser, home, origin, 'pharmacy_manager');
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Statins, pharmacy view: 82\.8%/);
	await expect(page.getByText('not comparable with Star rates').first()).toBeVisible();
	const stores = page.getByRole('table', { name: 'Stores against the expected range' }).locator('tbody tr');
	await expect(stores).toHaveCount(1);
	await expect(stores.first()).toContainText(store);
	await expect(stores.first()).toContainText('54.5');

	await stores.first().getByRole('link', { name: '9 patients' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('9 patients on “Adherence at risk”');
	await page.getByRole('link', { name: 'Print call sheet' }).click();
	await reveal(page, /care|treat/i);
	const rows = page.getByRole('table', { name: /Patients to call/ }).locator('tbody tr');
	await expect(rows).toHaveCount(9);
	await expect(rows.first()).toContainText('H203');
	await expect(rows.first()).toContainText('last useful fill 5 Oct');
	for (const patient of ['H201', 'H202', 'H203', 'H204', 'H205', 'H206', 'H207', 'H208', 'H209'])
		await expect(rows.filter({ hasText: patient })).toHaveCount(1);
	// On paper: names and reasons, nothing of the screen around them.
	await page.emulateMedia({ media: 'print' });
	await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
	await expect(rows).toHaveCount(9);
});

test('the quality lead prints who came home this fortnight and has not refilled, with the claims that say so', async ({
	browser
}) => {
	test.slow();
	const { home, origin } = await served('stays', places.port + 4, ['drop-1'], ['drop-2'], ['stays']);
	mtm(home, 'init', '--admin', 'owner');
	const page = await signedIn(browser, home, origin, 'quality_lead');
	await page.goto('/outcomes');
	await page.getByRole('link', { name: 'Follow-up lists' }).click();
	// Bess and Joy; Iris has supply left, Earl went to a nursing facility.
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Home from hospital: 2 patients');
	await page.getByRole('link', { name: 'Last 14 days' }).click();
	// Joy came home on the fifteenth day before.
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Home from hospital: 1 patient in the last 14 days');
	await page.getByRole('link', { name: 'Show identifiers' }).click();
	await reveal(page, /care|quality|outreach|treat/i);
	const rows = page.getByRole('table', { name: /Home from hospital/ }).locator('tbody tr');
	await expect(rows).toHaveCount(1);
	await expect(rows.first()).toContainText('Bess Ranout');
	await expect(rows.first()).toContainText('555-0129');
	await expect(rows.first()).toContainText(
		'Home 17 Sep after 20 days for I5023; not refilled: atorvastatin (ran out 21 Sep)'
	);
	await expect(rows.first()).toContainText('Stay sunrise_plan/M3001, 28 Aug to 17 Sep 2025');
	await expect(rows.first()).toContainText('atorvastatin last filled 3 Aug, claim 1083');
	await expect(rows.first()).toContainText('17 Oct 2025');
	await page.emulateMedia({ media: 'print' });
	await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
	await expect(rows).toHaveCount(1);
	await page.emulateMedia({ media: 'screen' });
	await rows.first().getByRole('link').click();
	await page.getByText('1 claim line behind the stays').click();
	const line = page.getByRole('table', { name: /Claim lines behind the stays/ }).locator('tbody tr');
	await expect(line).toHaveCount(1);
	await expect(line).toContainText(/M3001.*medical_claim_2025-10\.csv.*2/s);
});

test.describe('on the whole set', () => {
	let whole: { home: string; origin: string };
	test.beforeAll(async () => {
		test.setTimeout(180_000);
		whole = await served('whole', places.port + 3, ['drop-1'], ['drop-2']);
		mtm(whole.home, 'init', '--admin', 'owner');
	});

	test('the quality lead exports a list that a caller can work from', async ({ browser }) => {
		const page = await signedIn(browser, whole.home, whole.origin, 'quality_lead');
		await page.goto('/patients?list=adherence_at_risk&measure=pdc_statins');
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Statins: 9 patients on “Adherence at risk”');
		await page.getByRole('link', { name: 'Export for calling' }).click();
		await reveal(page, /care|quality|outreach|treat/i);
		await expect(page.getByRole('definition').first()).toHaveText('9');
		const download = page.waitForEvent('download');
		await page.getByRole('button', { name: 'Export 9 rows' }).click();
		const file = await download;
		expect(file.suggestedFilename()).toBe('mtm_patients_2025-09-30_9.csv');
		const [head, ...lines] = readFileSync(await file.path(), 'utf8')
			.trim()
			.split('\r\n');
		expect(head!.split(',')).toEqual(
			expect.arrayContaining(['patient_id', 'last_name', 'phone', 'reason', 'due_on', 'pharmacy_name'])
		);
		expect(lines).toHaveLength(9);
		const names = ['Lastchance', 'Dashes', 'Ranout', 'Kidney', 'Drugsonly', 'Lastyear', 'Nursing', 'Cash'];
		const ranks = names.map((name) => lines.findIndex((line) => line.includes(`,${name},`)));
		expect(ranks.every((place) => place >= 0)).toBe(true);
		expect([...ranks].sort((a, b) => a - b)).toEqual(ranks);
		expect(lines.find((line) => line.includes(',Ranout,'))).toMatch(
			/555-0129.*"?Statin ran out 1 Sep, 29 days late; 18 days left to lose this year; last useful fill 19 Oct/
		);
		for (const name of ['Steady', 'Sameday', 'Exact']) expect(lines.join('\n')).not.toContain(`,${name},`);
	});

	test("the engineer sees whether tonight's load is good: every row accounted for, what is rejected and why", async ({
		browser
	}) => {
		const page = await signedIn(browser, whole.home, whole.origin, 'data_engineer');
		await page.goto('/data/loads/1');
		await expect(page.getByRole('heading', { level: 1 })).toContainText('Load 1');
		const files = page.getByRole('table', { name: /files/i }).locator('tbody tr');
		const count = await files.count();
		expect(count).toBeGreaterThan(5);
		for (let at = 0; at < count; at++) {
			const numbers = (await files.nth(at).locator('td').allInnerTexts())
				.map((text) => text.replaceAll(/[\s,\u2009\u202f]/g, ''))
				.filter((text) => /^\d+$/.test(text))
				.map(Number);
			const [read, ...parts] = numbers;
			expect(parts.slice(0, 4).reduce((sum, part) => sum + part, 0)).toBe(read);
		}
		await expect(page.getByText('days_supply is below 1 or above 366').first()).toBeVisible();
		await page.goto('/data');
		await expect(page.getByRole('heading', { level: 1 })).toContainText('Data through 30 Sep 2025');
	});
});

test.describe('on the programme of two vendors', () => {
	let programme: { home: string; origin: string };
	test.beforeAll(async () => {
		test.setTimeout(180_000);
		programme = await served('mtm', places.port + 5, [join(mtmDrops, 'drop-1')], [join(mtmDrops, 'drop-2')]);
		mtm(programme.home, 'init', '--admin', 'owner');
	});

	test('the manager sees which reviews must happen by when to reach the goal, and prints the first ten prep sheets', async ({
		browser
	}) => {
		test.slow();
		const page = await signedIn(browser, programme.home, programme.origin, 'pharmacy_manager');
		await page.goto('/interventions/reviews');
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(
			'35.0% have had a comprehensive review (CMR); 12 more are needed for 91%'
		);
		await expect(page.getByText('7 of 20').first()).toBeVisible();
		await expect(page.getByText('12 can still have the review that counts; 12 are needed.')).toBeVisible();
		await page.getByRole('link', { name: 'Show identifiers' }).click();
		await reveal(page, /care|treat/i);
		const due = page.getByRole('table', { name: /can still have the review/ }).locator('tbody tr');
		await expect(due).toHaveCount(12);
		const order = ['Nell', 'Max', 'Quin', 'Pam', 'Otis', 'Ruth', 'Sid', 'Tess', 'Uri', 'Vi', 'Walt', 'Xena'];
		for (const [at, name] of order.entries()) await expect(due.nth(at)).toContainText(name);
		await expect(due.nth(0)).toContainText('30 Oct 2025');
		await expect(due.nth(1)).toContainText('15 Nov 2025');
		await expect(due.nth(4)).toContainText('asked not to be contacted');
		await page.getByRole('link', { name: 'Print first ten prep sheets' }).click();
		const sheets = page.locator('.prep-sheet');
		await expect(sheets).toHaveCount(10);
		await page.emulateMedia({ media: 'print' });
		for (const [at, name] of order.slice(0, 10).entries())
			await expect(sheets.nth(at).locator('.who')).toContainText(name);
		await expect(sheets.nth(0)).toContainText('Opioid and benzodiazepine together on 60 days this year');
		await expect(sheets.nth(5)).toContainText('metformin');
		await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
	});

	test('the quality lead exports one list over all reasons, each person once', async ({ browser }) => {
		const page = await signedIn(browser, programme.home, programme.origin, 'quality_lead');
		await page.goto('/interventions/problems');
		await page.getByRole('link', { name: 'By patient, all reasons' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('12 patients with an open reason to act');
		await page.getByRole('link', { name: 'Export one list over all reasons' }).click();
		await page.getByRole('link', { name: /With names, birth dates and phones/ }).click();
		await reveal(page, /care|quality|outreach|treat/i);
		const download = page.waitForEvent('download');
		await page.getByRole('button', { name: 'Export 12 rows' }).click();
		const [head, ...lines] = readFileSync(await (await download).path(), 'utf8')
			.trim()
			.split('\r\n');
		expect(head!.split(',')).toEqual(expect.arrayContaining(['patient_id', 'last_name', 'phone', 'reasons', 'due_on']));
		expect(lines).toHaveLength(12);
		const of = (id: string) => lines.filter((line) => new RegExp(`\\b${id}\\b`).test(line));
		for (const id of 'M13 M14 M16 M17 M18 M19 M20 M21 M22 M23 M24 M26'.split(' ')) expect(of(id), id).toHaveLength(1);
		expect(lines[0]).toContain('Opioid and benzodiazepine together on 60 days this year');
		expect(of('M15'), 'Otis asked not to be contacted').toEqual([]);
	});
});

test('of 170 recommendations made 84 were accepted, of 110 answered as many: both shares stand apart, and prescribers in a funnel', async ({
	browser
}) => {
	test.slow();
	// Made: sent on 31 August or before, 30 days old on 30 September; the 30 of 1 September are younger.
	const answers: [count: number, response: string, sent: string][] = [
		[70, 'accepted', '2025-08-31'],
		[14, 'modified', '2025-08-01'],
		[26, 'declined', '2025-07-01'],
		[45, 'no_response', '2025-06-01'],
		[15, 'pending', '2025-08-31'],
		[20, 'accepted', '2025-09-01'],
		[10, 'pending', '2025-09-01']
	];
	const people: string[] = ['person_id,birth_date,enrollment_start_date,enrollment_end_date'];
	const recommendations: string[] = [
		'recommendation_id,person_id,identified_date,sent_date,problem,action,recipient,prescriber_npi,response,response_date'
	];
	for (const [count, response, sent] of answers)
		for (let at = 0; at < count; at++) {
			const number = people.length;
			const answered = ['accepted', 'modified', 'declined'].includes(response) ? '2025-09-20' : '';
			people.push(`A${number},1950-01-01,2025-01-01,2025-12-31`);
			recommendations.push(
				`R${number},A${number},2025-05-20,${sent},cost,educate,prescriber,100000000${number % 10},${response},${answered}`
			);
		}
	const drop = join(places.folder, 'acceptance');
	mkdirSync(drop, { recursive: true });
	writeFileSync(join(drop, 'eligibility.csv'), `${people.join('\n')}\n`);
	writeFileSync(join(drop, 'mtm_recommendation.csv'), `${recommendations.join('\n')}\n`);
	const { home, origin } = await served('acceptance', places.port + 6, [relative(drops, drop)]);
	mtm(home, 'init', '--admin', 'owner');
	const page = await signedIn(browser, home, origin, 'pharmacy_manager');
	await page.goto('/interventions?by=presc');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(
		'49.4% of recommendations made were accepted; 76.4% of those answered'
	);
	const card = (name: string) => page.locator('.cards .card').filter({ hasText: name });
	await expect(card('Accepted, of all made')).toContainText('49.4%');
	await expect(card('Accepted, of all made')).toContainText('84 of 170');
	await expect(card('Accepted, of all made')).toContainText(
		'no answer counts as not accepted. 14 of the accepted were modified'
	);
	await expect(card('Accepted, of those answered')).toContainText('76.4%');
	await expect(card('Accepted, of those answered')).toContainText('84 of 110');
	await expect(card('Accepted, of those answered')).toContainText('26 declined; 15 still wait and 45 had no answer');
	await expect(
		page.getByText('Left out of both rates: 30 under 30 days old, 0 unable to reach, 0 withdrawn, of 200')
	).toBeVisible();
	await expect(page.getByRole('figure').filter({ hasText: /recommendations made/ })).toBeVisible();
	const units = page.getByRole('table', { name: 'Recommendations by prescriber' }).locator('tbody tr');
	await expect(units).toHaveCount(10);
	expect(
		JSON.parse(mtm(home, 'metric', 'acceptance_of_made', '--year', '2025', '--json')) as Record<string, unknown>
	).toMatchObject({ numerator: 84, denominator: 170 });
	expect(
		JSON.parse(mtm(home, 'metric', 'acceptance_of_answered', '--year', '2025', '--json')) as Record<string, unknown>
	).toMatchObject({ numerator: 84, denominator: 110 });
});
