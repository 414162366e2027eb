/** A line of a claim that a rule flags: its number, what it was paid and what the rule alone would recover of it, in dollars. */
export type FlaggedLine = { line: number; paid: number; at_risk: number };

/** What a decision of one finding recovers, and the lines that the finding flags. */
export type Recovered = { amount: number; lines: readonly FlaggedLine[] };

/** A decision's dollars by line: as what the rule alone recovers of each, or as the payments where it recovers nothing. */
function byLine({ amount, lines }: Recovered): [line: number, dollars: number][] {
	const weigh = (weight: (line: FlaggedLine) => number) => ({
		weight,
		all: lines.reduce((sum, one) => sum + weight(one), 0)
	});
	const { weight, all } = [weigh((one) => one.at_risk), weigh((one) => one.paid), weigh(() => 1)].find(
		(way) => way.all > 0
	)!;
	return lines.map((one) => [one.line, (amount * weight(one)) / all]);
}

/**
 * Dollars that decisions recover of one claim, in cents: of each line the most that one of them recovers, because rules may recover the same
 * dollars, summed over the lines and never more than `paid`, the payment of the claim. Decided as the rules say, it is what is at risk of the claim.
 */
export function recoveredOf(decided: readonly Recovered[], paid: number): number {
	const lines = new Map<number, number>();
	for (const one of decided)
		if (one.lines.length > 0)
			for (const [line, dollars] of byLine(one)) lines.set(line, Math.max(lines.get(line) ?? 0, dollars));
	const all = [...lines.values()].reduce((sum, dollars) => sum + dollars, 0);
	return Math.round(Math.min(paid, all) * 100) / 100;
}
