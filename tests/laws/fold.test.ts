import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countDays, foldFills, standing } from '$lib/domain/fold';
import type { Fills, Spans } from '$lib/domain/fold';
import { walk, type Fill, type History } from './calendar';

const fill = fc.record({
	day: fc.integer({ min: 0, max: 330 }),
	days: fc.oneof(fc.constantFrom(1, 14, 28, 30, 31, 60, 84, 90, 100), fc.integer({ min: 1, max: 366 })),
	ingredient: fc.integer({ min: 0, max: 3 })
});
const stay = fc
	.record({ from: fc.integer({ min: -20, max: 380 }), length: fc.integer({ min: 1, max: 60 }) })
	.map(({ from, length }) => ({ from, to: from + length - 1 }));
const history: fc.Arbitrary<History> = fc
	.record({
		fills: fc.array(fill, { minLength: 1, maxLength: 16 }),
		stays: fc.array(stay, { maxLength: 4 }),
		end: fc.integer({ min: 0, max: 366 }),
		asOf: fc.integer({ min: 0, max: 500 }),
		least: fc.constantFrom(1, 1, 1, 2)
	})
	.map((drawn) => {
		const first = Math.min(...drawn.fills.map((fill) => fill.day));
		return { ...drawn, end: Math.max(drawn.end, first), asOf: Math.max(drawn.asOf, first) };
	});

function fillsOf(fills: Fill[]): Fills {
	const sorted = [...fills].sort((a, b) => a.day - b.day);
	return {
		count: sorted.length,
		day: sorted.map((fill) => fill.day),
		days: sorted.map((fill) => fill.days),
		ingredient: sorted.map((fill) => fill.ingredient)
	};
}

function merged(stays: { from: number; to: number }[]): Spans {
	const spans: Spans = { count: 0, from: [], to: [] };
	for (const stay of [...stays].sort((a, b) => a.from - b.from)) {
		const last = spans.count - 1;
		if (last >= 0 && stay.from <= spans.to[last]! + 1) spans.to[last] = Math.max(spans.to[last]!, stay.to);
		else {
			spans.from.push(stay.from);
			spans.to.push(stay.to);
			spans.count++;
		}
	}
	return spans;
}

function counted(drawn: History) {
	const fills = fillsOf(drawn.fills);
	const period = { index: fills.day[0]!, end: drawn.end, asOf: drawn.asOf };
	const fold = foldFills(fills, merged(drawn.stays), period, drawn.least);
	const days = countDays(fold, period, true);
	return { fold, period, days, plain: countDays(fold, period, false) };
}

test('the fold counts what a walk over the calendar counts', () => {
	fc.assert(
		fc.property(history, (drawn) => {
			const slow = walk(drawn);
			const { days, plain } = counted(drawn);
			expect({
				period: days.periodDays,
				elapsed: days.elapsedDays,
				covered: days.coveredDays,
				removed: days.removedDays,
				toEnd: days.coveredToEnd,
				plain: plain.coveredDays,
				runsOut: days.runsOutOn
			}).toEqual(slow);
		}),
		{ numRuns: 5000 }
	);
});

test('the order of rows does not matter', () => {
	fc.assert(
		fc.property(
			history.chain((drawn) =>
				fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn.fills, { minLength: drawn.fills.length }))
			),
			([drawn, shuffled]) => {
				expect(counted({ ...drawn, fills: shuffled }).days).toEqual(counted(drawn).days);
			}
		),
		{ numRuns: 2000 }
	);
});

test('a later fill never covers an earlier day', () => {
	fc.assert(
		fc.property(history, fc.integer({ min: 0, max: 366 }), (drawn, cut) => {
			const known = drawn.fills.filter((fill) => fill.day <= cut);
			if (known.length === 0) return;
			const all = counted({ ...drawn, asOf: Math.max(cut, drawn.fills[0]!.day) });
			const first = counted({ ...drawn, fills: known, asOf: Math.max(cut, drawn.fills[0]!.day) });
			const through = Math.min(cut, drawn.end);
			const covered = (spans: Spans) => {
				let days = 0;
				for (let i = 0; i < spans.count; i++) {
					for (let day = spans.from[i]!; day <= spans.to[i]!; day++) if (day <= through) days++;
				}
				return days;
			};
			expect(covered(all.fold.onHand)).toBe(covered(first.fold.onHand));
			expect(covered(all.fold.counted)).toBe(covered(first.fold.counted));
		}),
		{ numRuns: 2000 }
	);
});

test('a fill made by the last impactable date, and kept up from there, reaches the threshold; a day later does not', () => {
	fc.assert(
		fc.property(history, fc.constantFrom(80, 90), (drawn, threshold) => {
			const plain = { ...drawn, stays: [], least: 1, fills: drawn.fills.filter((fill) => fill.day <= drawn.asOf) };
			if (plain.fills.length === 0) return;
			const { period, days } = counted(plain);
			const now = standing(days, period, threshold, { dueSoonDays: 7, lastChanceDays: 7 });
			expect(now.state === 'lost').toBe((days.periodDays - now.missedDays) * 100 < threshold * days.periodDays);
			expect(now.state === 'secured').toBe(now.neededDays === 0);
			if (now.lastImpactableOn === null) return;
			const reached = (day: number) => {
				const filled = counted({ ...plain, fills: [...plain.fills, { day, days: 366, ingredient: 9 }] });
				return filled.days.coveredToEnd * 100 >= threshold * filled.days.periodDays;
			};
			expect(reached(now.lastImpactableOn)).toBe(true);
			if (now.lastImpactableOn < period.end) expect(reached(now.lastImpactableOn + 1)).toBe(false);
		}),
		{ numRuns: 3000 }
	);
});

test('a fold uses its arrays again without remembering the patient before', () => {
	fc.assert(
		fc.property(fc.array(history, { minLength: 2, maxLength: 5 }), (drawn) => {
			const reused = counted(drawn[0]!).fold;
			for (const one of drawn) {
				const fills = fillsOf(one.fills);
				const period = { index: fills.day[0]!, end: one.end, asOf: one.asOf };
				foldFills(fills, merged(one.stays), period, one.least, reused);
				expect(countDays(reused, period, true)).toEqual(counted(one).days);
			}
		}),
		{ numRuns: 500 }
	);
});
