import { describe, expect, it } from 'vitest';
import { unansweredWords } from '$lib/domain/address';
import { changeSentence, differenceOf, readComparison, type TrendMonth } from '$lib/domain/comparison';

const month = (number: number, now: [number, number], last: [number, number]): TrendMonth => ({
	measure: 'pdc_statins',
	month: number,
	numerator: now[0],
	denominator: now[1],
	last_numerator: last[0],
	last_denominator: last[1]
});
const months = [
	month(1, [9, 11], [8, 10]),
	month(8, [163, 200], [170, 200]),
	month(9, [164, 200], [166, 200]),
	{ ...month(10, [0, 0], [150, 200]), numerator: null, denominator: null }
];

describe('what a rate is compared with', () => {
	it.each([
		['py', 9, 0.87, 'At the end of Sep 82.0%, 1.0 points lower than a year before (83.0%).'],
		['prev', 9, 0.87, 'At the end of Sep 82.0%, 0.5 points higher than at the end of Aug (81.5%).'],
		['goal', 9, 0.87, 'At the end of Sep 82.0%, 5.0 points below the goal of 87%.'],
		['goal', 9, 0.8, 'At the end of Sep 82.0%, 2.0 points above the goal of 80%.'],
		['goal', 9, 0.82, 'At the end of Sep 82.0%, at the goal of 82%.'],
		['goal', 9, null, 'At the end of Sep 82.0%, no cut point gives it a goal.'],
		['none', 9, 0.87, null],
		['py', 1, 0.87, 'At the end of Jan 81.8%, no rate a year before is shown to compare with.'],
		['prev', 1, 0.87, 'At the end of Jan 81.8%, PDC to date begins anew each January, so there is no month before.'],
		['prev', 8, 0.87, 'At the end of Aug 81.5%, no rate at the end of Jul is shown to compare with.'],
		['py', 10, 0.87, null],
		['py', 12, 0.87, null]
	] as const)('%s, month %i, goal %s: %s', (comparison, at, goal, said) => {
		expect(changeSentence(months, at, comparison, goal)).toBe(said);
	});

	it('tells no rate of fewer than 11 patients', () => {
		expect(changeSentence([month(9, [8, 10], [160, 200])], 9, 'py', null)).toBeNull();
		expect(changeSentence([month(9, [9, 11], [8, 11])], 9, 'py', null)).toContain('higher than a year before');
	});

	it('gives the same difference as a number', () => {
		expect(differenceOf(months, 9, 'prev', null)).toBeCloseTo(0.005, 12);
		expect(differenceOf(months, 9, 'goal', 0.87)).toBeCloseTo(-0.05, 12);
		expect(differenceOf(months, 9, 'none', 0.87)).toBeNull();
		expect(differenceOf(months, 10, 'py', 0.87)).toBeNull();
	});

	it('is the year before unless the address says otherwise, and says what it does not know', () => {
		expect(readComparison(new URLSearchParams(''))).toEqual({ comparison: 'py', problems: [] });
		expect(readComparison(new URLSearchParams('cmp=goal')).comparison).toBe('goal');
		expect(readComparison(new URLSearchParams('cmp=cohort:7'))).toMatchObject({
			comparison: 'py',
			problems: [{ key: 'cmp', value: 'cohort:7' }]
		});
	});
});

describe('words of the address that no page answers', () => {
	it('are told, each with why', () => {
		expect(unansweredWords(new URLSearchParams('y=2025&period=ytd&tab=trend'))).toEqual([]);
		expect(unansweredWords(new URLSearchParams('period=r12&known=3&cohort=x')).map(({ key }) => key)).toEqual([
			'period',
			'cohort'
		]);
	});
});
