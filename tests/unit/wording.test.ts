import { describe, expect, it } from 'vitest';
import { address, canonical, here, narrower, pdcBin, there } from '$lib/domain/address';
import { goalOf, homeFinding, homeMeasures, measureFinding, type CutPoint, type Headline } from '$lib/domain/headline';
import { bandOf, expectedRange, neededToGoal, wilson } from '$lib/domain/interval';
import { readPopulation } from '$lib/domain/population';
import { sameNumber } from '$lib/domain/same_number';
import { count, day, dayAfter, daysBetween, percent, plural, points, rate } from '$lib/domain/wording';
import { filterText } from '$lib/ui/filter';

const url = (text: string) => new URL(text, 'http://127.0.0.1');

describe('numbers and days as people read them', () => {
	it('puts thin spaces in thousands and a minus sign before negatives', () => {
		expect(count(12406)).toBe('12\u2009406');
		expect(count(-1204)).toBe('\u22121\u2009204');
		expect(count(null)).toBe('not computable');
		expect(plural(1, 'patient')).toBe('1 patient');
		expect(points(-0.012)).toBe('\u22121.2 points');
		expect(points(0.012)).toBe('+1.2 points');
	});
	it('never rounds a share over a threshold', () => {
		expect(percent(0.7999)).toBe('79.9%');
		expect(percent(0.8)).toBe('80.0%');
		expect(percent(0.99996)).toBe('99.9%');
		expect(percent(338 / 412)).toBe('82.0%');
		expect(rate(0, 0)).toBe('not computable');
	});
	it('writes days without time zones', () => {
		expect(day('2026-09-30')).toBe('30\u00a0Sep\u00a02026');
		expect(day(null)).toBe('–');
		expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01');
		expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
	});
});

describe('intervals', () => {
	it('gives Wilson 95%: 338 of 412 is 78.0 to 85.4', () => {
		const range = wilson(338, 412)!;
		expect(range.lower).toBeCloseTo(0.7804, 4);
		expect(range.upper).toBeCloseTo(0.8544, 4);
		expect(wilson(0, 0)).toBeNull();
	});
	it('puts 120 patients at 73.3% below their range around 82%, and 38 at 71.1% inside theirs', () => {
		expect(expectedRange(120, 0.82).lower95).toBeCloseTo(0.744, 3);
		expect(expectedRange(38, 0.82).lower95).toBeCloseTo(0.676, 3);
		expect(bandOf(88, 120, 0.82)).toBe('lower');
		expect(bandOf(27, 38, 0.82)).toBe('within');
		expect(bandOf(120, 120, 0.82)).toBe('far_higher');
	});
	it('needs 21 more of 412 for 87%', () => {
		expect(neededToGoal(0.87, 338, 412)).toBe(21);
		expect(neededToGoal(0.8, 8, 10)).toBe(0);
	});
});

describe('the address', () => {
	it('brings form words into the grammar, and leaves what is in it alone', () => {
		expect(canonical(url('/x?status=overdue&status=lost&pdc.from=60&pdc.to=&plan='))).toBe(
			'/x?status=overdue,lost&pdc=60..'
		);
		expect(canonical(url('/x?status=overdue,lost&pdc=60..79.99'))).toBeNull();
	});
	it('carries the shared words to another page and leaves those of one page behind', () => {
		expect(there(url('/adherence?y=2026&age=75-84&tab=trend&sort=lid'), '/patients')).toBe(
			'/patients?y=2026&age=75-84'
		);
		expect(here(url('/adherence?page=3&age=75-84'), { age: null })).toBe('/adherence');
		expect(address('/x', new URLSearchParams({ pharm: '!S1,S2' }))).toBe('/x?pharm=!S1,S2');
	});
	it('narrows ranges to where they meet', () => {
		expect(narrower(url('/a?pdc=60..'), '/patients', { pdc: '..79.99' })).toBe('/patients?pdc=60..79.99');
		expect(narrower(url('/a?lid=2026-10-01..2026-10-20'), '/p', { lid: '2026-10-05..2026-11-01' })).toBe(
			'/p?lid=2026-10-05..2026-10-20'
		);
	});
	it('writes bins so that 80% exactly stands right of the line', () => {
		expect(pdcBin(75, 80)).toBe('75..79.99');
		expect(pdcBin(95, 100)).toBe('95..');
		// The share nearest below 80% of any period of a year stays under 79.99.
		for (let days = 1; days <= 366; days++) {
			const most = Math.ceil(days * 0.8 - 1e-9) - 1;
			expect((most / days) * 100).toBeLessThan(79.99);
		}
	});
	it('says filters in words, and what is not found', () => {
		expect(filterText('pdc', '..79.99', [])).toMatchObject({ text: 'below 80%', unknown: [] });
		expect(filterText('adr', '0..7', [])).toMatchObject({ text: '0 to 7 days' });
		expect(filterText('status', 'last_chance,!lost', [])).toMatchObject({ text: 'Last chance, not Lost for year' });
		expect(filterText('pharm', 'S99', [{ key: 'pharm', value: 'S1', label: 'Harbor' }]).unknown).toEqual(['S99']);
	});
	it('gives the same number as a select over the published view, or none when the view cannot', () => {
		const of = (text: string) => readPopulation(new URLSearchParams(text)).population;
		expect(sameNumber('pdc_statins', 2026, of("plan=H'1&adr=0..7"))).toContain("plan in ('H''1')");
		expect(sameNumber('pdc_statins', 2026, of('adr=0..7'))).toContain('allowable_days_remaining <= 7');
		expect(sameNumber('pdc_statins', 2026, of('age=65-74'))).toBeNull();
	});
});

describe('findings', () => {
	const words = {
		measure: 'pdc_statins',
		base_measure: 'pdc_statins',
		title: 'Adherence to statins',
		short_title: 'Statins',
		drug_word: 'statin',
		threshold_percent: 80,
		is_star: true,
		in_pharmacy_view: false
	};
	const line = {
		measure: 'pdc_statins',
		as_of: '2026-09-30',
		denominator: 412,
		numerator: 338,
		must_fill_within_week: 9
	} as Headline;
	const cuts = [{ measure: 'pdc_statins', stars: 4, minimum: 0.87, is_goal: true } as CutPoint];
	it('names the measure, the rate and the distance to the goal', () => {
		expect(measureFinding(words, line, goalOf(cuts, 'pdc_statins'))).toBe('Statins: 82.0%, 21 patients short of 87%');
		expect(measureFinding(words, { ...line, numerator: 400 }, 0.87)).toBe('Statins: 97.1%, goal of 87% reached');
		expect(measureFinding(words, undefined, 0.87)).toBe('Statins: nobody is in the measure yet');
	});
	it('opens Home with the Star measures, or with pharmacy views when only those have anyone', () => {
		const view = { ...words, measure: 'pdc_statins_pharmacy_view', is_star: false, in_pharmacy_view: true };
		const other = { ...view, measure: 'pdc_doac_pharmacy_view', base_measure: 'pdc_doac' };
		const all = [words, view, other];
		const inView = { ...line, measure: view.measure } as Headline;
		expect(homeMeasures(all, [line, inView])).toEqual([words]);
		expect(homeMeasures(all, [{ ...line, denominator: 0 }, inView])).toEqual([view]);
		expect(homeMeasures(all, [])).toEqual([words]);
		expect(homeFinding([view], [inView], cuts)).toBe('Statins: 82.0%; 9 must fill by 7\u00a0Oct');
	});
	it('opens Home with the measure furthest from its goal and who must fill this week', () => {
		expect(homeFinding([words], [line], cuts)).toBe('Statins are 21 patients short of goal; 9 must fill by 7\u00a0Oct');
		expect(homeFinding([words], [{ ...line, numerator: 400 }], cuts)).toBe('Statins: at its goal');
	});
});
