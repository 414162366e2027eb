import { recoveredOf, type FlaggedLine, type Recovered } from '$lib/domain/audit_recovery';
import type { Scope } from '$lib/domain/scope';
import { findingWord, type FindingKey } from './audit';
import type { Home } from './home';
import { ask } from './warehouse';

type Line = FlaggedLine & FindingKey & { claim_paid: number };

/** A claim of a source as one word, as the questions about claims take it. */
export const claimWord = ({ data_source, claim_id }: Pick<FindingKey, 'data_source' | 'claim_id'>): string =>
	`${data_source}|${claim_id}`;

/**
 * What decisions of findings recover of each of their claims, in dollars by claimWord. A finding that is no longer in the results recovers nothing.
 */
export async function recoveredByClaim(
	home: Home,
	scope: Scope,
	decided: readonly (FindingKey & { amount: number })[]
): Promise<Map<string, number>> {
	const claims = [...new Set(decided.map(claimWord))];
	if (claims.length === 0) return new Map();
	const lines = new Map<string, Line[]>();
	for (const line of await ask<Line>(home, 'audit_finding_lines', { claims }, scope)) {
		const word = findingWord({ ...line, data_source: line.data_source ?? '' });
		lines.set(word, [...(lines.get(word) ?? []), line]);
	}
	const of = new Map<string, { paid: number; decided: Recovered[] }>();
	for (const one of decided) {
		const flagged = lines.get(findingWord(one)) ?? [];
		const claim = of.get(claimWord(one)) ?? { paid: flagged[0]?.claim_paid ?? 0, decided: [] };
		claim.paid = Math.max(claim.paid, flagged[0]?.claim_paid ?? 0);
		claim.decided.push({ amount: one.amount, lines: flagged });
		of.set(claimWord(one), claim);
	}
	return new Map([...of].map(([claim, one]) => [claim, recoveredOf(one.decided, one.paid)]));
}
