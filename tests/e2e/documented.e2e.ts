import { expect, test, type Browser, type Page } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitsNarrow, violationsInBoth } from './look';
import { places } from './place';
import { mtm, serve, signInByLink, storage } from './server';

// A group of pharmacists that sends its care plans, a file each, and whose payers have sent a roster and no claims.

let home: string;
const origin = `http://127.0.0.1:${places.port + 11}`;
const plans = 30;
let server: number;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
	test.slow();
	// Tests in series begin anew when one is tried again.
	home = join(places.folder, `documented-${test.info().retry}`);
	const drop = join(places.folder, 'documented-drop');
	mkdirSync(join(drop, 'roster'), { recursive: true });
	mkdirSync(join(drop, 'plans'), { recursive: true });
	const mbi = (at: number) => `1EG4TE5MK${at + 10}`;
	writeFileSync(
		join(drop, 'roster', 'eligibility.csv'),
		[
			'person_id,mbi,birth_date,enrollment_start_date,enrollment_end_date',
			...Array.from({ length: plans }, (_, at) => `${at},${mbi(at)},1948-11-30,2025-01-01,2025-12-31`)
		].join('\n')
	);
	// Resources without a fullUrl, numbered alike in every plan.
	const plan = readFileSync(join(places.root, 'tests', 'load', 'ecareplan', 'r4.json'), 'utf8').replaceAll(
		/\t*"fullUrl": "urn:[^\n]*\n/g,
		''
	);
	for (let at = 0; at < plans; at++)
		writeFileSync(join(drop, 'plans', `plan-${at}.json`), plan.replaceAll('1EG4TE5MK73', mbi(at)));
	mtm(home, 'init', '--admin', 'owner');
	mtm(home, 'load', join(drop, 'roster'));
	mtm(home, 'load', join(drop, 'plans'), '--layout', 'ecareplan');
	mtm(home, 'refresh');
	server = await serve(home, places.port + 11);
});
test.afterAll(() => void process.kill(server));

async function signedIn(browser: Browser, role: string): Promise<Page> {
	const name = `the ${role} ${test.info().line} ${test.info().retry}`;
	const { link } = JSON.parse(mtm(home, 'users', 'add', name, '--role', role, '--link', '--json')) as { link: string };
	const cookie = await signInByLink(origin, link, 'seven grey herons wade');
	return await (await browser.newContext({ baseURL: origin, storageState: storage(cookie) })).newPage();
}

test('what only claims could tell reads not computable, what the plans tell is there', async ({ browser }) => {
	test.slow();
	const page = await signedIn(browser, 'pharmacy_manager');
	for (const [path, title, told] of [
		['/interventions', 'No recommendation is old enough to be judged', 'told of those 30 days old or older'],
		['/interventions/recommendations', '60 recommendations for 30 patients', 'Declined'],
		['/interventions/sessions', /^No completed CMR session of 2025/, 'No CMR session of the year documented a list'],
		[
			'/interventions/sessions?kind=follow_up',
			/^50\.0% of what Follow-up sessions/,
			'Of 30 medicines in 30 sessions, how many are on hand is not computable: no pharmacy claims are loaded.'
		],
		['/interventions/eligibility', 'Who belongs in MTM is not computable', 'No pharmacy claims are loaded'],
		[
			'/interventions/problems',
			'Problems in claims: not computable, no pharmacy claims are loaded',
			'not computable: no pharmacy claims are loaded'
		],
		[
			'/interventions/problems?by=patient',
			'Patients with an open reason: not computable, no pharmacy claims are loaded',
			'These lists are read from claims.'
		],
		[
			'/interventions/problems?list=duplication',
			'Two of the same kind',
			'Not computable: no pharmacy claims are loaded.'
		],
		[
			'/patients',
			'Review lists: not computable, no pharmacy claims are loaded',
			'Not computable: no pharmacy claims are loaded.'
		]
	] as const) {
		await page.setViewportSize({ width: 1280, height: 900 });
		await page.goto(path);
		await expect(page.getByRole('heading', { level: 1 }), path).toHaveText(title);
		await expect(page.locator('main'), path).toContainText(told);
		await expect(page.locator('main'), path).not.toContainText(/nothing found|0 problems|Nobody is on this list/);
		expect(await violationsInBoth(page), path).toEqual([]);
		await fitsNarrow(page, path);
	}
});

test('a load of many plans tells of each file and of the rows of each table', async ({ browser }) => {
	const page = await signedIn(browser, 'data_engineer');
	await page.goto('/data/loads/2');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Load 2: 300 rows loaded, none rejected$/);
	await expect(page.getByText('Every row of every file is accounted for.')).toBeVisible();
	const each = page.getByRole('table', { name: 'Care plan files of load 2' }).locator('tbody tr');
	await expect(each).toHaveCount(plans);
	await expect(each.first().getByRole('cell')).toHaveText(['R4', '14', '2', '11', '10', '10', '0', '0']);
	await expect(page.getByRole('table', { name: 'Files of load 2', exact: true }).locator('tbody tr')).toHaveCount(4);
	expect(await violationsInBoth(page)).toEqual([]);
	await fitsNarrow(page, 'a load of plans');
});

test('a prep sheet says what cannot be known without claims, and shows what the plan tells', async ({ browser }) => {
	const page = await signedIn(browser, 'pharmacy_manager');
	await page.goto('/interventions/recommendations');
	const patient = (await page.locator('tbody a.pid').first().getAttribute('href'))!;
	await page.goto(patient.replace('/patients/', '/interventions/prep/'));
	// Medicines on hand, adherence and problems; conditions, and stays with visits.
	await expect(page.getByText('Not computable: no pharmacy claims are loaded.')).toHaveCount(3);
	await expect(page.getByText('Not computable: no medical claims are loaded.')).toHaveCount(2);
	await expect(page.getByText('Declined').first()).toBeVisible();
});
