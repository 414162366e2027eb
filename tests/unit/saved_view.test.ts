import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withView } from '$lib/domain/address';
import { routes } from '$lib/domain/need';
import { viewNameProblem, viewPage, wordsOfView } from '$lib/domain/saved_view';
import { wordsText } from '$lib/ui/filter';

const at = (address: string) => new URL(address, 'http://here.invalid');

it('an address over its view: its own words win, the rest is the view’s, and it names no view any more', () => {
	expect(withView(at('/patients?view=abc'), 'status=overdue&sort=lid').search).toBe('?status=overdue&sort=lid');
	expect(withView(at('/patients?view=abc&status=lost'), 'status=overdue&sort=lid').search).toBe(
		'?sort=lid&status=lost'
	);
	expect(withView(at('/patients?view=abc&plan=H1'), 'plan=H2,H3').search).toBe('?plan=H1');
	// Spelled out once more, nothing changes: a page that was spelled out by the server reads the same in the browser.
	expect(withView(at('/patients?status=overdue&sort=lid'), 'status=overdue&sort=lid').search).toBe(
		'?status=overdue&sort=lid'
	);
});

it('law: every word of the address over a view is the address’s own, else the view’s', () => {
	const words = fc.dictionary(
		fc.constantFrom('y', 'status', 'pharm', 'plan', 'tab', 'pdc'),
		fc.string({ minLength: 1 })
	);
	fc.assert(
		fc.property(words, words, (view, own) => {
			const url = at(`/patients?${new URLSearchParams({ ...own, view: 'abc' })}`);
			const whole = withView(url, new URLSearchParams(view).toString()).searchParams;
			expect(Object.fromEntries(whole)).toEqual({ ...view, ...own });
		})
	);
});

it('a view keeps filters and the page’s own words, never identifiers, an open drawer or a page of rows', () => {
	const words = new URLSearchParams(
		'status=overdue&pharm=1,2&tab=trend&sort=lid&show=identifiers&explain=pdc_statins&part=rows&page=3&sheet=call&view=abc&problem=ndc'
	);
	expect(wordsOfView(words, { filtersOnly: false, pinned: null })).toBe(
		'status=overdue&pharm=1,2&tab=trend&sort=lid&problem=ndc'
	);
	expect(wordsOfView(words, { filtersOnly: true, pinned: null })).toBe('status=overdue&pharm=1,2&problem=ndc');
	const listed = 'severity=not_stated&decline=not_stated&strategy=pill+box&around=no_fill';
	expect(wordsOfView(new URLSearchParams(`${listed}&sort=age`), { filtersOnly: true, pinned: null })).toBe(listed);
	expect(wordsText(listed, [])).toBe(
		'Severity: not stated; Declined because: not stated; Strategy: pill box; Days around the answer: not computable: No fill of these medicines'
	);
});

it('dates stay the newest unless they are pinned; what the address says is what is pinned', () => {
	const newest = { y: '2026', asof: '2026-09-30' };
	expect(wordsOfView(new URLSearchParams('plan=H1'), { filtersOnly: false, pinned: null })).toBe('plan=H1');
	expect(wordsOfView(new URLSearchParams('plan=H1'), { filtersOnly: false, pinned: newest })).toBe(
		'plan=H1&y=2026&asof=2026-09-30'
	);
	expect(wordsOfView(new URLSearchParams('y=2025&plan=H1'), { filtersOnly: true, pinned: newest })).toBe(
		'plan=H1&y=2025&asof=2026-09-30'
	);
});

it('a view is of a page of numbers or lists, never of one patient, claim, session or user', () => {
	expect(viewPage('/')).toBe('Home');
	expect(viewPage('/adherence/pdc_statins')).toBe('A measure of adherence');
	const none = Object.keys(routes).filter((route) => viewPage(route.replaceAll(/\[\w+\]/g, 'x')) === null);
	expect(Object.keys(routes).filter((route) => !none.includes(route))).toEqual([
		'/',
		'/adherence',
		'/adherence/[measure]',
		'/audit',
		'/audit/billing',
		'/audit/claims',
		'/audit/reporting',
		'/audit/rules/[rule]',
		'/audit/sample',
		'/compare',
		'/interventions',
		'/interventions/eligibility',
		'/interventions/prep',
		'/interventions/problems',
		'/interventions/recommendations',
		'/interventions/reviews',
		'/interventions/sessions',
		'/interventions/sessions/list',
		'/interventions/sessions/elements',
		'/interventions/sessions/medicines',
		'/interventions/sessions/opportunities',
		'/outcomes',
		'/outcomes/[measure]',
		'/outcomes/around-review',
		'/outcomes/follow-up',
		'/patients'
	]);
});

it.each([
	['Store 12, statins overdue', null],
	['x'.repeat(60), null],
	['x'.repeat(61), 'has 60 characters at most; this has 61'],
	['  ', 'Give the view a name'],
	['two\nlines', 'in one line'],
	['Mrs Smith', 'never whom'],
	['member 1234567', 'never whom'],
	['call 555-0129', 'never whom']
])('the name %j', (name, why) => {
	if (why === null) expect(viewNameProblem(name)).toBeNull();
	else expect(viewNameProblem(name)).toContain(why);
});

it('words of an address are told as people read them', () => {
	expect(
		wordsText('status=overdue,last_chance&pharm=111&adr=0..7&problem=ndc&tab=trend', [
			{ key: 'pharm', value: '111', label: 'Elm Street' }
		])
	).toMatch(/^Status: .*; Pharmacy: Elm Street; Days left to lose: 0 to 7 days; Problem: .*; Tab: trend$/);
});
