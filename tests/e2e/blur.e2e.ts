import { expect, test, type Page } from '@playwright/test';
import { made, signIn, stranger } from './person';
import { places } from './place';
import { mtm } from './server';

/** Every name, birth date and id of the people of the home, as pages write them; prescribers' names and phones, which all may see, are of the same few. */
function identifiers(): string[] {
	const people = JSON.parse(
		mtm(
			places.home,
			'query',
			`select distinct person_id, nullif(first_name || ' ' || last_name, provider.name) as name, strftime(birth_date, '%-d %b %Y') as born
			from eligibility left join provider on provider.name = first_name || ' ' || last_name`,
			'--json'
		)
	) as Record<string, string | null>[];
	return people.flatMap((person) =>
		Object.values(person).filter((text) => text !== null && text.length > 5)
	) as string[];
}

/** The words of the page's view that are not blurred. */
const open = (page: Page) =>
	page.locator('.body').evaluate((body) => {
		const copy = body.cloneNode(true) as HTMLElement;
		for (const personal of body.querySelectorAll('.personal'))
			if (!getComputedStyle(personal).filter.startsWith('blur')) throw new Error('something personal is not blurred');
		for (const personal of copy.querySelectorAll('.personal, script, style')) personal.remove();
		return copy.textContent.replaceAll(/\s+/g, ' ');
	});

/** What a browser keeps of a page beside the page itself: its title and address, and every kind of storage. */
const kept = (page: Page) =>
	page.evaluate(async () =>
		JSON.stringify([
			document.title,
			location.href,
			document.cookie,
			{ ...localStorage },
			{ ...sessionStorage },
			history.state,
			await indexedDB.databases(),
			await caches.keys()
		])
	);

test('while names are blurred no view says a name, a birth date or an id as loaded', async ({ browser }) => {
	test.slow();
	const page = await stranger(browser);
	await page.goto('/login');
	await signIn(page, await made('Cal who shows', 'pharmacy_manager'));
	await expect(page).toHaveURL('/');
	await page.request.post('/reveal', {
		form: { purpose: 'care', reason: 'to show the work to a visitor', next: '/' },
		headers: { origin: places.origin },
		maxRedirects: 0
	});
	await page.context().addCookies([{ name: 'blur', value: 'on', url: places.origin }]);
	const known = identifiers();
	expect(known.length).toBeGreaterThan(4000);
	let blurred = 0;
	const look = async (route: string) => {
		await page.goto(route);
		await expect(page.locator('h1')).toHaveCount(1);
		blurred += await page.locator('.personal').count();
		const words = await open(page);
		expect([route, known.filter((one) => words.includes(one))]).toEqual([route, []]);
		const beside = await kept(page);
		expect([route, known.filter((one) => beside.includes(one))]).toEqual([route, []]);
	};
	/** The first address that a page links to. */
	const first = async (route: string, form: RegExp) => {
		await page.goto(route);
		const links = await page.locator('main a[href]').evaluateAll((all) => all.map((a) => a.getAttribute('href')!));
		return links.find((link) => form.test(link));
	};
	const patient = (await first('/patients?list=all', /^\/patients\/[0-9a-z]{10}/))!.replace(/\?.*/, '');
	const claim = await first('/audit/claims', /^\/audit\/claims\/[0-9a-z]{10}\/\d+/);
	const problems = await first('/interventions/problems', /list=/);
	const session = await first('/interventions/recommendations', /^\/interventions\/sessions\//);
	expect([claim, problems, session].every(Boolean)).toBe(true);
	const shown = (route: string) => `${route}${route.includes('?') ? '&' : '?'}show=identifiers`;
	for (const route of [
		'/patients?list=all',
		'/patients?list=all&sheet=call',
		patient,
		'/interventions/recommendations',
		'/interventions/reviews',
		problems!,
		'/interventions/problems?by=patient',
		'/interventions/eligibility?standing=eligible_not_enrolled',
		patient.replace('/patients', '/interventions/prep'),
		session!.replace(/\?.*/, ''),
		'/outcomes/follow-up',
		claim!
	])
		await look(shown(route));
	expect(blurred).toBeGreaterThan(100);
});
