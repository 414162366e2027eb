import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recoveredOf, type FlaggedLine } from '$lib/domain/audit_recovery';

const line = (number: number, paid: number, at_risk: number): FlaggedLine => ({ line: number, paid, at_risk });

test('two findings of one line ask for its dollars once, those of two lines are added', () => {
	const first = { amount: 60, lines: [line(1, 60, 60)] };
	const both = { amount: 80, lines: [line(1, 60, 60), line(2, 20, 20)] };
	const second = { amount: 20, lines: [line(2, 20, 20)] };
	expect(recoveredOf([], 80)).toBe(0);
	expect(recoveredOf([first, both], 80)).toBe(80);
	// Line 1 has two findings, line 2 one of another rule: 60 once, and 20.
	expect(recoveredOf([first, { ...first }, second], 80)).toBe(80);
	expect(
		recoveredOf(
			[
				{ amount: 0.1, lines: [line(1, 9, 0.1)] },
				{ amount: 0.2, lines: [line(2, 9, 0.2)] }
			],
			18
		)
	).toBe(0.3);
});

test("a decision's dollars lie on its lines as its rule's do, or as payments where the rule recovers none", () => {
	// 40 of 80 are 30 and 10; the other finding asks for 20 of the second line.
	const half = { amount: 40, lines: [line(1, 60, 60), line(2, 20, 20)] };
	expect(recoveredOf([half], 80)).toBe(40);
	expect(recoveredOf([half, { amount: 20, lines: [line(2, 20, 20)] }], 80)).toBe(50);
	const note = { amount: 40, lines: [line(1, 60, 0), line(2, 20, 0)] };
	expect(recoveredOf([note, { amount: 60, lines: [line(1, 60, 60)] }], 80)).toBe(70);
	// Lines that were not paid, of a claim that was: they share evenly.
	expect(recoveredOf([{ amount: 10, lines: [line(2, 0, 0), line(3, 0, 0)] }], 50)).toBe(10);
	expect(recoveredOf([{ amount: 0, lines: [line(1, 0, 0)] }], 0)).toBe(0);
});

test('never more than the payment of the claim, and nothing of a finding that is gone', () => {
	const all = { amount: 80, lines: [line(1, 60, 60)] };
	expect(recoveredOf([all, { amount: 20, lines: [line(2, 20, 20)] }], 80)).toBe(80);
	expect(recoveredOf([{ amount: 80, lines: [] }], 80)).toBe(0);
});

test('decided as the rules say it is the most of each line, and never less than one finding or more than all', () => {
	const cents = (most: number) => fc.integer({ min: 0, max: most }).map((value) => value / 100);
	fc.assert(
		fc.property(
			fc.array(cents(10_000), { minLength: 1, maxLength: 4 }).chain((paid) =>
				fc.tuple(
					fc.constant(paid),
					fc.array(
						fc.tuple(
							fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: paid.length, maxLength: paid.length }),
							fc.subarray(
								paid.map((_, at) => at),
								{ minLength: 1 }
							)
						),
						{ minLength: 1, maxLength: 4 }
					),
					fc.double({ min: 0, max: 1, noNaN: true })
				)
			),
			([paid, rules, share]) => {
				const findings = rules.map(([shares, flagged]) =>
					flagged.map((at) => line(at + 1, paid[at]!, Math.round(paid[at]! * shares[at]! * 100) / 100))
				);
				const all = paid.reduce((sum, dollars) => sum + dollars, 0);
				const sumOf = (lines: FlaggedLine[]) => lines.reduce((sum, one) => sum + one.at_risk, 0);
				const whole = findings.map((lines) => ({ amount: sumOf(lines), lines }));
				const slow = paid
					.map((_, at) =>
						Math.max(
							0,
							...findings
								.flat()
								.filter((one) => one.line === at + 1)
								.map((one) => one.at_risk)
						)
					)
					.reduce((sum, dollars) => sum + dollars, 0);
				expect(recoveredOf(whole, all)).toBeCloseTo(slow, 6);
				const parts = whole.map((one) => ({ ...one, amount: Math.round(one.amount * share * 100) / 100 }));
				const amounts = parts.map((one) => one.amount);
				const back = recoveredOf(parts, all);
				expect(back).toBeGreaterThanOrEqual(Math.max(...amounts) - 0.0051);
				expect(back).toBeLessThanOrEqual(amounts.reduce((sum, dollars) => sum + dollars, 0) + 0.0051);
			}
		)
	);
});
