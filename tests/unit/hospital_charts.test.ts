import { describe, expect, test } from 'vitest';
import { controlSentence } from '$lib/charts/control';
import { controlChart, type ChartKind, type ChartPoint, type ChartRules, type Step } from '$lib/domain/control_chart';
import { funnel } from '$lib/domain/funnel';
import { nationalObserved, observedToExpected, planReadmissionPercent } from '$lib/domain/plan_readmission';
import { eventInterval, poissonLimit, poissonUpTo } from '$lib/domain/poisson';

const months = (values: number[], denominator = 100): ChartPoint[] =>
	values.map((numerator, at) => ({ label: `m${at + 1}`, numerator, denominator }));
const rules: ChartRules = { least_months: 12, least_events: 3, large_denominator: 1000 };
const chartOf = (points: ChartPoint[], kind: ChartKind, steps: Step[] = [], more: Partial<ChartRules> = {}) =>
	controlChart(points, kind, { ...rules, ...more }, steps);
const signalsOf = (points: ChartPoint[], kind: 'p' | 'u' = 'u') =>
	chartOf(points, kind).points.map((point) => point.signals.join(' '));
/** Around 20, never two of three near a limit, never seven in a row up or down or on one side. */
const calm = [20, 22, 18, 21, 19, 20, 23, 17, 21, 19, 22, 18];

describe('control chart', () => {
	test('chance alone gives no signal', () => {
		expect(new Set(signalsOf(months(calm)))).toEqual(new Set(['']));
	});

	test('u-chart: centre and limits by hand', () => {
		// 240 events in 1,200: 0.2; three sigma of 100 is 3 x sqrt(0.2 / 100) = 0.134164.
		const chart = chartOf(months(calm), 'u');
		expect(chart.form).toBe('control');
		expect(chart.points[0]).toMatchObject({ centre: 0.2 });
		expect(chart.points[0]!.upper).toBeCloseTo(0.334164, 6);
		expect(chart.points[0]!.lower).toBeCloseTo(0.065836, 6);
	});

	test('p-chart: narrower, by the share that is not counted', () => {
		// 3 x sqrt(0.2 x 0.8 / 100) = 0.12.
		expect(chartOf(months(calm), 'p').points[0]!.upper).toBeCloseTo(0.32, 6);
	});

	test('limits follow each denominator', () => {
		const points = months(calm).map((point, at) => (at === 3 ? { ...point, numerator: 5, denominator: 25 } : point));
		expect(chartOf(points, 'u').points[3]!.upper!).toBeGreaterThan(chartOf(points, 'u').points[0]!.upper!);
	});

	test('eleven periods are a run chart with the median and no limits', () => {
		const chart = chartOf(months(calm.slice(0, 11)), 'u');
		expect(chart.form).toBe('run');
		expect(chart.points[0]).toMatchObject({ centre: 0.2, lower: null, upper: null });
	});

	test('months that are filling in do not count towards the twelve, the centre or a signal', () => {
		const points = [...months(calm), { label: 'm13', numerator: 0, denominator: 100, fillingIn: true }];
		const chart = chartOf(points, 'u');
		expect(chart.points[12]).toMatchObject({ value: 0, centre: 0.2, signals: [] });
		expect(
			chartOf(
				months(calm).map((point, at) => ({ ...point, fillingIn: at > 10 })),
				'u'
			).form
		).toBe('run');
	});

	test('a point outside the limits', () => {
		expect(signalsOf(months([...calm, 45]))[12]).toContain('outside');
		expect(signalsOf(months([...calm, 31])).join('')).not.toContain('outside');
	});

	test('seven in a row on one side, six are none', () => {
		const shift = (length: number) => [
			...calm,
			22,
			18,
			...Array.from({ length }, (_, at) => 24 + (at % 2)),
			15,
			17,
			16
		];
		expect(signalsOf(months(shift(7))).filter((each) => each.includes('shift'))).toHaveLength(7);
		expect(signalsOf(months(shift(6))).join('')).not.toContain('shift');
	});

	test('a period on the centre breaks a shift', () => {
		const high = (middle: number) => months([...calm, 24, 24, 24, middle, 24, 24, 24, 16, 16, 16, 16, 16, 16]);
		expect(chartOf(high(20), 'u').points[0]!.centre).toBe(0.2);
		expect(signalsOf(high(20)).join('')).not.toContain('shift');
		expect(signalsOf(high(24)).join('')).toContain('shift');
	});

	test('seven in a row rising or falling, six are none', () => {
		const rising = [...calm.slice(0, 10), 24, 15, 17, 18, 20, 21, 22, 23];
		expect(signalsOf(months([...rising, 18, 21])).filter((each) => each.includes('trend'))).toHaveLength(7);
		expect(signalsOf(months([...rising.slice(0, -1), 18, 21])).join('')).not.toContain('trend');
		expect(
			signalsOf(months([...calm, 24, 23, 22, 20, 19, 17, 16, 21])).filter((each) => each.includes('trend'))
		).toHaveLength(7);
		expect(signalsOf(months([...calm, 24, 23, 22, 20, 20, 19, 17, 16])).join('')).not.toContain('trend');
	});

	test('two of three near the same limit, not near different ones', () => {
		// Two thirds of the way: 0.2 + 2 x 0.0447 = 0.289.
		expect(
			signalsOf(months([...calm, 30, 20, 30, 16, 18])).filter((each) => each.includes('two_of_three'))
		).toHaveLength(2);
		expect(signalsOf(months([...calm, 30, 20, 10, 22])).join('')).not.toContain('two_of_three');
		expect(signalsOf(months([...calm, 30, 19, 20, 30, 16])).join('')).not.toContain('two_of_three');
		expect(signalsOf(months([...calm, 27, 20, 27, 16, 18])).join('')).not.toContain('two_of_three');
	});

	test('large denominators and more spread than chance: Laney widens the limits', () => {
		const spread = [20, 30, 12, 28, 10, 25, 14, 29, 11, 27, 13, 21].map((each) => each * 100);
		const chart = chartOf(months(spread, 10_000), 'u');
		expect(chart.laney).toEqual([true]);
		expect(chart.sigmaZ[0]!).toBeGreaterThan(5);
		expect(chart.points.flatMap((point) => point.signals)).not.toContain('outside');
		const small = chartOf(months(spread.map((each) => each / 100)), 'u');
		expect(small.laney).toEqual([false]);
	});

	test('sigma z by hand', () => {
		// z of 10 and 30 around 20 in 100, sigma 0.0447: -2.236, 2.236; every move 4.472; over 1.128 = 3.965.
		const chart = chartOf(months(Array.from({ length: 12 }, (_, at) => (at % 2 ? 30 : 10))), 'u');
		expect(chart.sigmaZ[0]).toBeCloseTo(3.9647, 3);
	});

	test('a step gives a level of its own, and needs its words', () => {
		const points = months([...calm, ...calm.map((each) => each / 2)]);
		const chart = chartOf(points, 'u', [{ from: 'm13', because: 'New transitions team' }]);
		expect(chart.points[0]!.centre).toBeCloseTo(0.2, 10);
		expect(chart.points[13]!.centre).toBeCloseTo(0.1, 10);
		expect(chart.points.flatMap((point) => point.signals)).toEqual([]);
		expect(signalsOf(points).join('')).toContain('shift');
		expect(() => chartOf(points, 'u', [{ from: 'm13', because: ' ' }])).toThrow('dated note');
		expect(() => chartOf(points, 'u', [{ from: 'm99', because: 'x' }])).toThrow('none of the periods');
	});

	test('a level of eleven months has a median, the level before keeps its limits and signals', () => {
		const dated = (values: number[]) =>
			values.map((numerator, at) => ({
				label: `20${24 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`,
				numerator,
				denominator: 100
			}));
		const values = [...calm, 45, ...calm.slice(0, 11)];
		const step = [{ from: '2025-02', because: 'New clinic' }];
		const chart = chartOf(dated(values), 'u', step);
		expect(chart.form).toBe('control');
		expect(chart.levels).toEqual([
			{ from: '2024-01', run: null },
			{ from: '2025-02', run: 'few_periods' }
		]);
		expect(chart.points[12]!.signals).toContain('outside');
		expect(chart.points[13]).toMatchObject({ centre: 0.2, upper: null, signals: [] });
		const words = { times: 1, unit: 'a day', above: 'a', below: 'b' };
		expect(controlSentence(chart, words)).toBe(
			'Median of 11 complete months since Feb 2025 0.2 a day. No limits, and no month is judged: too few complete months in the level. Before: 1 month with a signal, the last Jan 2025 (outside the limits).'
		);
		expect(chartOf(dated([...values, 18]), 'u', step).levels[1]!.run).toBeNull();
	});

	test('three events a month are judged, fewer are not: chance alone would look like a signal', () => {
		const rare = [3, 2, 4, 3, 3, 2, 4, 3, 3, 2, 4, 3];
		expect(chartOf(months(rare), 'u').form).toBe('control');
		expect(chartOf(months([...rare.slice(0, 11), 2]), 'u').levels[0]!.run).toBe('few_events');
		expect(chartOf(months([...rare.slice(0, 11), 2]), 'u', [], { least_events: 2 }).form).toBe('control');
		// Of a share as many must not have happened: 97 of 100 are judged, 98 are not.
		expect(chartOf(months(rare.map((each) => 100 - each)), 'p').form).toBe('control');
		expect(chartOf(months(rare.map((each) => 100 - each / 2)), 'p').levels[0]!.run).toBe('few_events');
		expect(chartOf(months(rare.map((each) => 100 - each / 2)), 'u').form).toBe('control');
		// One event in most months: seven months without any are no shift.
		const mostlyNone = [0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 3];
		expect(signalsOf(months(mostlyNone)).join('')).toBe('');
	});

	test('Laney from a mean denominator of 1,000 on, and only where the spread departs from chance by more than a tenth', () => {
		const wide = [20, 30, 12, 28, 10, 25, 14, 29, 11, 27, 13, 21];
		const of = (denominator: number) =>
			chartOf(
				months(
					wide.map((each) => each * 10),
					denominator
				),
				'u'
			).laney;
		expect(of(1000)).toEqual([true]);
		expect(of(999)).toEqual([false]);
		expect(
			chartOf(
				months(
					wide.map((each) => each * 10),
					999
				),
				'u',
				[],
				{ large_denominator: 999 }
			).laney
		).toEqual([true]);
		// Moves of 1.128 sigma on average are chance's own: 20,000 of 1,000,000 give a sigma of 141.
		const chance = (sigmas: number) =>
			chartOf(
				months(
					Array.from({ length: 12 }, (_, at) => 20_000 + (at % 2 ? 1 : -1) * Math.round(141.42 * 0.564 * sigmas)),
					1_000_000
				),
				'u'
			);
		expect(chance(1).sigmaZ[0]).toBeCloseTo(1, 2);
		expect(chance(1.09).laney).toEqual([false]);
		expect(chance(1.12).laney).toEqual([true]);
		expect(chance(0.88).laney).toEqual([true]);
	});

	test('without any complete month nothing is judged, and a mean never is', () => {
		expect(chartOf(months(calm), 'mean').levels[0]!.run).toBe('mean');
		const filling = months(calm).map((point) => ({ ...point, fillingIn: true }));
		expect(controlSentence(chartOf(filling, 'u'), { times: 1, unit: '%', above: 'a', below: 'b' })).toContain(
			'No month can be judged yet'
		);
	});

	test('the centre leans on three years at most', () => {
		const points = months([...calm, ...calm, ...calm, ...calm.map((each) => each * 3)]);
		expect(chartOf(points, 'u').points[0]!.centre).toBeCloseTo(0.2, 10);
	});
});

describe('funnel', () => {
	const units = (rates: number[], denominator = 100) =>
		rates.map((rate, at) => ({
			id: `U${at}`,
			numerator: Math.round(rate * denominator),
			denominator,
			patients: denominator
		}));

	test('units around the rate of all, small ones counted and left out', () => {
		const made = funnel(
			[...units(Array.from({ length: 10 }, () => 0.8)), { id: 'tiny', numerator: 1, denominator: 10, patients: 10 }],
			'share'
		)!;
		expect(made.units).toHaveLength(10);
		expect(made.tooSmall).toBe(1);
		expect(made.centre).toBeCloseTo(801 / 1010, 10);
		expect(made.units.every((unit) => unit.words === 'within expected variation')).toBe(true);
	});

	test('the worked stores: 88 of 120 is below its limit, 27 of 38 within', () => {
		const made = funnel(
			[
				{ id: 'S11', numerator: 88, denominator: 120, patients: 120 },
				{ id: 'S06', numerator: 27, denominator: 38, patients: 38 },
				{ id: 'rest', numerator: 8085, denominator: 9842, patients: 9842 }
			],
			'share'
		)!;
		expect(made.centre).toBeCloseTo(0.82, 4);
		expect(made.units.map((unit) => unit.band)).toEqual(['lower', 'within', 'within']);
		expect(made.tooFew).toBe(true);
	});

	test('rates have Poisson limits', () => {
		const made = funnel(
			[
				...units([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]),
				{ id: 'high', numerator: 22, denominator: 100, patients: 100 }
			],
			'rate'
		)!;
		expect(made.tooFew).toBe(false);
		expect(made.units.at(-1)!.band).toBe('higher');
		expect(made.units[0]!.upper95).toBeGreaterThan(0.17);
		expect(made.units[0]!.upper95).toBeLessThan(0.19);
	});

	test('overdispersion is seen, and the limits widened only when asked', () => {
		const rates = [0.6, 0.9, 0.62, 0.91, 0.65, 0.88, 0.7, 0.85, 0.61, 0.92, 0.75, 0.78];
		const plain = funnel(units(rates, 1000), 'share')!;
		expect(plain.overdispersed).toBe(true);
		expect(plain.adjusted).toBe(false);
		expect(plain.units.filter((unit) => unit.band !== 'within').length).toBeGreaterThan(8);
		const wide = funnel(units(rates, 1000), 'share', true)!;
		expect(wide.adjusted).toBe(true);
		expect(wide.units.every((unit) => unit.band === 'within')).toBe(true);
	});

	test('one unit far out does not make all overdispersed', () => {
		const one = funnel(units([0.8, 0.79, 0.81, 0.8, 0.82, 0.78, 0.8, 0.81, 0.79, 0.8, 0.8, 0.3]), 'share', true)!;
		expect(one.overdispersed).toBe(false);
		expect(one.units.at(-1)!.band).toBe('far_lower');
	});

	test('by chance alone one in twenty', () => {
		expect(funnel(units(Array.from({ length: 120 }, () => 0.8)), 'share')!.byChance).toBe(6);
	});

	test('nobody counted', () => {
		expect(funnel([], 'share')).toBeNull();
	});
});

describe('Poisson', () => {
	test('exact intervals below ten', () => {
		expect(eventInterval(0)).toEqual({ lower: 0, upper: expect.closeTo(3.688879, 5) });
		expect(eventInterval(1).lower).toBeCloseTo(0.025318, 5);
		expect(eventInterval(1).upper).toBeCloseTo(5.571643, 5);
		expect(eventInterval(9).lower).toBeCloseTo(4.115373, 5);
		expect(eventInterval(9).upper).toBeCloseTo(17.084803, 5);
	});
	test("Byar's from ten on, close to the exact", () => {
		expect(eventInterval(10).lower).toBeCloseTo(4.7954, 1);
		expect(eventInterval(10).upper).toBeCloseTo(18.3904, 1);
		expect(eventInterval(100).lower).toBeCloseTo(81.36, 1);
		expect(eventInterval(100).upper).toBeCloseTo(121.63, 1);
	});
	test('quantiles keep their shares on either side', () => {
		for (const mean of [2, 10, 80, 599, 900]) {
			expect(poissonUpTo(Math.floor(poissonLimit(mean, 0.975)), mean)).toBeLessThanOrEqual(0.98);
			expect(poissonUpTo(Math.ceil(poissonLimit(mean, 0.975)), mean)).toBeGreaterThanOrEqual(0.974);
		}
	});
});

describe("CMS's plan all-cause readmissions, Attachment F", () => {
	const contract = [
		{ stays: 214, observed: 8, expected: 12 },
		{ stays: 4792, observed: 641, expected: 642 }
	];
	test('the worked contract: 13 percent', () => {
		expect(observedToExpected(contract)).toBeCloseTo(0.992355, 6);
		expect(observedToExpected(contract)! * 0.135181 * 100).toBeCloseTo(13.41, 2);
		expect(planReadmissionPercent(contract, 0.135181)).toBe(13);
	});
	test('half a percent goes up', () => {
		expect(planReadmissionPercent([{ stays: 100, observed: 1, expected: 1 }], 0.125)).toBe(13);
	});
	test('nothing expected is not computable', () => {
		expect(planReadmissionPercent([{ stays: 10, observed: 1, expected: 0 }], 0.1)).toBeNull();
		expect(nationalObserved([])).toBeNull();
		expect(nationalObserved(contract)).toBeCloseTo(649 / 5006, 10);
	});
});
