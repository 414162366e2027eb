import { claimsNamed, ownWords } from '$lib/domain/audit_letter';
import type { Scope } from '$lib/domain/scope';
import type { Home } from './home';
import { ask } from './warehouse';

type Told = {
	pharmacy_npi: string | null;
	pharmacist_npi: string | null;
	expected: string | null;
	found: string | null;
};

/**
 * Findings in the words that the pharmacy of each claim may read, in new objects: another pharmacist, and a claim that another pharmacy billed,
 * are not named.
 */
export async function asPharmacyReads<T extends Told>(home: Home, scope: Scope, findings: readonly T[]): Promise<T[]> {
	const named = claimsNamed(findings.flatMap(({ expected, found }) => [expected ?? '', found ?? '']));
	const own = new Map<string, Set<string>>();
	if (named.length)
		for (const { pharmacy_npi, claim_id } of await ask<{ pharmacy_npi: string; claim_id: string }>(
			home,
			'audit_claim_pharmacy',
			{ claims: named },
			scope
		))
			own.set(pharmacy_npi, (own.get(pharmacy_npi) ?? new Set()).add(claim_id));
	return findings.map((one) => {
		const words = (text: string | null) =>
			text === null ? null : ownWords(text, one.pharmacist_npi, own.get(one.pharmacy_npi ?? '') ?? new Set());
		return { ...one, expected: words(one.expected), found: words(one.found) };
	});
}
