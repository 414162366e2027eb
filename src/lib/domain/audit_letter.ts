import type { Decision } from './audit';

/** A finding as a letter to the pharmacy that billed the claim tells it. */
export type LetterFinding = {
	pid: string;
	claim_number: number;
	claim_id: string;
	held_on: string;
	lines: string;
	rule_id: string;
	rule_version: number;
	title: string;
	message: string;
	recovers: string;
	documents: string;
	expected: string | null;
	found: string | null;
	told: string | null;
	decision: Decision;
	/** What the auditor wrote beside the decision. */
	words: string | null;
	/** Dollars to recover; null where records are asked for. */
	amount: number | null;
	/** True when a second auditor agreed. */
	closed: boolean;
};

/** The claims of others that the words of some findings name. */
export const claimsNamed = (texts: readonly string[]): string[] => [
	...new Set(texts.flatMap((text) => /\bon claim (\S+)$/.exec(text)?.[1] ?? []))
];

/**
 * What a finding found, in the words that the billing pharmacy may read: the number of a pharmacist who is not the claim's, and a claim that the
 * pharmacy did not bill, are not named.
 */
export const ownWords = (text: string, pharmacist: string | null, ownClaims: ReadonlySet<string>): string =>
	text
		.replace(/\bpharmacist (\d{10})\b/g, (all, npi: string) => (npi === pharmacist ? all : 'another pharmacist'))
		.replace(/\bon claim (\S+)$/, (all, claim: string) =>
			ownClaims.has(claim) ? all : 'on a claim of another provider'
		);
