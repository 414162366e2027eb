import { expect, test } from 'vitest';
import { countedFills } from '../../src/routes/patients/[pid]/supply';
import { fillTimeline, fillTimelineSentence, type LaneFacts } from '$lib/charts/fill_timeline';
import { whatIf, type History } from '$lib/domain/what_if';

/** Three fills of one statin; the second comes ten days early. As of 30 September the patient is 29 days late. */
const history: History = {
	fills: [
		{ ingredient: 'atorvastatin', dispensed_on: '2026-01-12', days_supply: 90 },
		{ ingredient: 'atorvastatin', dispensed_on: '2026-04-02', days_supply: 90 },
		{ ingredient: 'atorvastatin', dispensed_on: '2026-08-03', days_supply: 30 }
	],
	stays: [],
	period: { index_date: '2026-01-12', period_end: '2026-12-31', as_of: '2026-09-30' },
	rule: { threshold_percent: 80, min_ingredients: 1 }
};

test('gaps are the uncovered days through the as-of day', () => {
	expect(whatIf(history).gaps).toEqual([
		{ from_on: '2026-07-11', to_on: '2026-08-02', days: 23 },
		{ from_on: '2026-09-02', to_on: '2026-09-30', days: 29 }
	]);
});

test('one more fill starts the day after the as-of day; 210, 240 or 300 of 354 days at the end', () => {
	const { outcomes, pdc_without_a_fill, needed_days } = whatIf(history);
	expect(pdc_without_a_fill).toBeCloseTo(210 / 354, 12);
	// 80% of 354 days is 283.2, so 284 days; 210 are there.
	expect(needed_days).toBe(74);
	expect(outcomes).toEqual([
		{ fill_on: '2026-10-01', days_supply: 30, pdc_at_end: 240 / 354, reaches: false },
		{ fill_on: '2026-10-01', days_supply: 90, pdc_at_end: 300 / 354, reaches: true }
	]);
});

test('supply on hand is used up before the new fill counts', () => {
	const early = { ...history, period: { ...history.period, as_of: '2026-08-22' } };
	// Ten days of the August fill are left on 23 August; a 30-day fill that day lasts to 1 October.
	expect(whatIf(early, [30]).outcomes[0]!.pdc_at_end).toBeCloseTo(240 / 354, 12);
	expect(whatIf(early).gaps).toHaveLength(1);
});

test('stay days are taken out and their supply moves past them; gaps leave them out', () => {
	const stay = { ...history, stays: [{ from_on: '2026-07-05', to_on: '2026-07-14' }] };
	const { gaps, covered } = whatIf(stay);
	// 5 to 10 July were covered: six days move to 15 to 20 July; the gap begins after them.
	expect(gaps[0]).toEqual({ from_on: '2026-07-21', to_on: '2026-08-02', days: 13 });
	expect(covered.some((span) => span.from_on <= '2026-07-15' && span.to_on >= '2026-07-20')).toBe(true);
	expect(covered.some((span) => span.from_on <= '2026-07-05' && span.to_on >= '2026-07-05')).toBe(false);
});

test('where two ingredients must be on hand, one more fill means one of each that is in use', () => {
	const two: History = {
		fills: ['darunavir', 'emtricitabine'].flatMap((ingredient) => [
			{ ingredient, dispensed_on: '2026-01-01', days_supply: 90 },
			{ ingredient, dispensed_on: '2026-08-01', days_supply: 30 }
		]),
		stays: [],
		period: { index_date: '2026-01-01', period_end: '2026-12-31', as_of: '2026-09-30' },
		rule: { threshold_percent: 90, min_ingredients: 2 }
	};
	expect(whatIf(two, [30]).outcomes[0]!.pdc_at_end).toBeCloseTo(150 / 365, 12);
	const stopped = { ...two, fills: two.fills.filter((fill) => fill.dispensed_on < '2026-02-01') };
	expect(whatIf(stopped, [30]).outcomes).toEqual([]);
});

test('after the period there is nothing to fill', () => {
	expect(whatIf({ ...history, period: { ...history.period, as_of: '2026-12-31' } }).outcomes).toEqual([]);
});

const lane: LaneFacts = {
	measure: 'pdc_statins',
	title: 'Statins',
	index_date: '2026-01-12',
	period_end: '2026-12-31',
	last_impactable_on: '2026-10-19',
	supply: history.fills.map((fill, at) => ({
		measure: 'pdc_statins',
		claim_id: `C ${at}`,
		...fill,
		counted_from: ['2026-01-12', '2026-04-12', '2026-08-03'][at]!,
		counted_to: ['2026-04-11', '2026-07-10', '2026-09-01'][at]!,
		source_file: 'a.csv',
		source_line: at + 2,
		load_id: 1
	})),
	pushed: [],
	gaps: whatIf(history).gaps
};

test('as counted, bars start when the earlier supply ends and show what was carried over; as dispensed they overlap on rows of their own', () => {
	const counted = fillTimeline([lane], [], 2026, '2026-09-30', 'counted').lanes[0]!;
	expect(counted.rows).toBe(1);
	expect(counted.bars[1]!.left).toBeCloseTo(counted.bars[0]!.left + counted.bars[0]!.width, 9);
	// The second fill would have lasted to 30 June; the ten days to 10 July are carried over.
	expect(counted.bars[1]!.carried!.width).toBeCloseTo((10 / 365) * 100, 9);
	expect(counted.bars[0]!.carried).toBeNull();
	expect(counted.gaps.map((gap) => gap.label)).toEqual(['23 d', '29 d']);
	const dispensed = fillTimeline([lane], [], 2026, '2026-09-30', 'dispensed').lanes[0]!;
	expect(dispensed.rows).toBe(2);
	expect(dispensed.gaps).toEqual([]);
});

test('an early refill of which no day lies inside the period is drawn where it was dispensed, and nowhere where it would count', () => {
	const late = { ...lane.supply[0]!, claim_id: 'L', dispensed_on: '2026-12-20', counted_from: null, counted_to: null };
	const drawn = (way: 'counted' | 'dispensed') =>
		fillTimeline([{ ...lane, supply: [...lane.supply, late] }], [], 2026, '2026-12-31', way).lanes[0]!.bars.map(
			({ claim }) => claim
		);
	expect(drawn('counted')).toEqual(['C 0', 'C 1', 'C 2']);
	expect(drawn('dispensed')).toEqual(['C 0', 'C 1', 'C 2', 'L']);
	expect(countedFills([{ ...lane, supply: [late] }])[0]!.moved).toBeNull();
});

test('the as-of line stands at the end of its day, and only in its own year', () => {
	expect(fillTimeline([lane], [], 2026, '2026-09-30', 'counted').asOf).toBeCloseTo((273 / 365) * 100, 9);
	expect(fillTimeline([lane], [], 2025, '2026-09-30', 'counted').asOf).toBeNull();
});

test('labels that would run into each other give way to the wider gap', () => {
	const near = {
		...lane,
		gaps: [
			{ from_on: '2026-03-01', to_on: '2026-03-02', days: 2 },
			{ from_on: '2026-03-05', to_on: '2026-03-09', days: 5 }
		]
	};
	expect(fillTimeline([near], [], 2026, '2026-09-30', 'counted').lanes[0]!.gaps.map((gap) => gap.label)).toEqual([
		null,
		'5 d'
	]);
});

test('the sentence names the longest gap', () => {
	expect(fillTimelineSentence([lane], '2026-09-30').replaceAll('\u00a0', ' ')).toBe(
		'Through 30 Sep 2026. Statins: 3 fills, 52 days without supply, the longest gap 29 days from 2 Sep.'
	);
});
