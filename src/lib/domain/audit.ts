/** What an auditor may decide of a finding, in the words of its page. */
export const decisions = {
	not_supported: 'Not supported: the finding is upheld',
	partly: 'Partly supported: upheld in part',
	supported: 'Supported: the finding is dismissed',
	need_records: 'Records are needed'
} as const;
export type Decision = keyof typeof decisions;

/** Why, as a word of a list; the auditor's own words stand beside it. */
export const reasons = {
	documentation: 'Documentation is missing or incomplete',
	time: 'Time does not support the units',
	eligibility: 'The member was not eligible',
	provider: 'The provider was not entitled',
	duplicate: 'Paid before',
	price: 'Priced wrong',
	late: 'Late',
	records_received: 'Records received',
	data: 'A fault of the data'
} as const;
export type Reason = keyof typeof reasons;

/** One entry of the history of a finding. Nothing is changed: what counts is the last decision. */
export type AuditStep = {
	at: string;
	by: string;
	kind: 'decision' | 'reply' | 'agree' | 'disagree';
	decision: Decision | null;
	reason: Reason | null;
	/** Dollars to recover. */
	amount: number | null;
	words: string | null;
	rule_version: number;
};

/** How a finding stands: open until decided, answered by the provider, decided, closed when a second auditor agrees. */
export type AuditStanding = {
	state: 'open' | 'need_records' | 'replied' | 'decided' | 'disputed' | 'closed';
	decision: AuditStep | null;
	/** The rule's version of the last decision; what the finding says now may be of a later one. */
	version: number | null;
	closed: boolean;
};

/** How a finding stands after its history, oldest first. */
export function auditStanding(steps: readonly AuditStep[]): AuditStanding {
	const decision = steps.findLast((step) => step.kind === 'decision') ?? null;
	const last = steps.at(-1);
	const closed = steps.some((step) => step.kind === 'agree');
	const state = closed
		? 'closed'
		: last === undefined
			? 'open'
			: last.kind === 'reply'
				? 'replied'
				: last.kind === 'disagree'
					? 'disputed'
					: last.decision === 'need_records'
						? 'need_records'
						: 'decided';
	return { state, decision, version: decision?.rule_version ?? null, closed };
}

/** What of a decision cannot be kept, in words; null for one that can. `most` is what the claim was paid. */
export function decisionProblem(
	given: { decision: string; reason: string; amount: number | null; words: string },
	most: number
): string | null {
	if (!Object.hasOwn(decisions, given.decision)) return 'Choose a decision. Nothing was kept.';
	if (!Object.hasOwn(reasons, given.reason)) return 'Choose a reason. Nothing was kept.';
	const recovers = given.decision === 'not_supported' || given.decision === 'partly';
	if (recovers && (given.amount === null || Number.isNaN(given.amount)))
		return 'Give the dollars to recover, 0 if there are none. Nothing was kept.';
	if (recovers && given.amount !== null && (given.amount < 0 || given.amount > most + 0.005))
		return `The dollars to recover lie between 0 and the payment of $${most.toFixed(2)}. Nothing was kept.`;
	return wordsProblem(given.words);
}

/** What of somebody's own words cannot be kept; null when they can. */
export const wordsProblem = (words: string): string | null =>
	words.length > 2000 ? 'Words have 2,000 characters at most. Nothing was kept.' : null;

/** Who may do the next step of a finding, by its history: a closed one takes none, and nobody agrees with their own decision. */
export function mayStep(kind: AuditStep['kind'], steps: readonly AuditStep[], by: string): string | null {
	const { closed, decision } = auditStanding(steps);
	if (closed) return 'This finding is closed. Nothing can be changed.';
	if (kind !== 'agree' && kind !== 'disagree') return null;
	if (!decision || decision.decision === 'need_records') return 'There is no decision to review yet.';
	if (steps.at(-1) !== decision) return 'Something was said after the decision. Decide again first.';
	return decision.by === by ? 'A second auditor reviews a decision, never the one who made it.' : null;
}

/** Dollars as people read them: "$1,204.50". */
export const dollars = (value: number | null | undefined): string =>
	value === null || value === undefined
		? 'not computable'
		: `${value < 0 ? '−' : ''}$${Math.abs(value)
				.toFixed(2)
				.replace(/\B(?=(\d{3})+\.)/g, ',')}`;

/** Severities in words. */
export const severityWords: Record<string, string> = {
	recover: 'Recover payment',
	correct: 'Correct and resubmit',
	note: 'Note'
};

/**
 * The five-point scale of CMS data validation (CMS-10305, Appendix J) for a share of rows in error: 5 up to 5%, 4 up to 10%, 3 up to 15%, 2 up to
 * 20%, 1 above. Null when there are no rows.
 */
export function errorScale(errors: number, rows: number): number | null {
	if (rows <= 0) return null;
	return 5 - [5, 10, 15, 20].filter((limit) => errors * 100 > rows * limit).length;
}
