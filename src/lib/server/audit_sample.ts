import { auditStanding, type AuditStep } from '$lib/domain/audit';
import { sampleEstimate, type SampleAsked, type SampleEstimate } from '$lib/domain/audit_sample';
import { findingWord, findingsSaid } from './audit';
import type { AuditAsked } from './audit_asked';
import { claimWord, recoveredByClaim } from './audit_recovery';
import type { Row } from './duckdb';
import { ask } from './warehouse';

/** A claim that was drawn, as `audit_sample` tells it. */
export type Drawn = {
	pid: string;
	claim_number: number;
	data_source: string | null;
	claim_id: string;
	part: string | null;
	part_name: string | null;
	held_on: string;
	payer: string | null;
	program: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	pharmacist_npi: string | null;
	codes: string;
	paid: number;
	at_risk: number;
	rules: string;
	frame: number;
	drawn: number;
};
type Found = {
	data_source: string | null;
	claim_id: string;
	rule_id: string;
	rule_version: number;
	title: string;
	message: string;
	lines: string;
	expected: string | null;
	found: string | null;
	at_risk: number;
	told: string | null;
};

/** How a drawn claim stands: nothing flags it, findings wait, or all of them are decided. */
export type SampleState = 'not_flagged' | 'waits' | 'decided';
export type SampledClaimRow = Drawn & { state: SampleState; recovers: number | null };
export type Sample = {
	claims: SampledClaimRow[];
	/** Each part of the frame: its claims, and how many were drawn. */
	parts: { part: string | null; name: string | null; frame: number; drawn: number }[];
	frame: number;
	paid: number;
	estimate: SampleEstimate | null;
};

type Part = { value: string | null; label: string | null; claims: number; paid: number };

const source = (one: { data_source: string | null }) => one.data_source ?? '';
const rulesOf = (claim: Drawn) => claim.rules.split(', ').filter(Boolean);

/** Where a finding stands after what was said of it; what it recovers once an auditor decided and nobody objected or answered since. */
function decided(said: AuditStep[]): { state: string; decision: AuditStep | null; recovers: number | null } {
	const { state, decision } = auditStanding(said);
	const counts = (state === 'decided' || state === 'closed') && decision !== null;
	return { state, decision, recovers: counts ? (decision.amount ?? 0) : null };
}

/** What was decided of the findings of a drawn claim, one for each rule that flags it; recovers is null while one of them waits. */
const decidedOf = (claim: Drawn, said: Map<string, AuditStep[]>) =>
	rulesOf(claim).map((rule_id) => {
		const key = { data_source: source(claim), claim_id: claim.claim_id, rule_id };
		return { ...key, amount: decided(said.get(findingWord(key)) ?? []).recovers };
	});

/** How a claim stands, and what it recovers: of each of its lines the most that one decision does; null while one of its findings waits. */
function standing(
	claim: Drawn,
	findings: { amount: number | null }[],
	recovered: Map<string, number>
): { state: SampleState; recovers: number | null } {
	if (findings.length === 0) return { state: 'not_flagged', recovers: 0 };
	if (findings.some(({ amount }) => amount === null)) return { state: 'waits', recovers: null };
	return {
		state: 'decided',
		recovers: Math.min(claim.paid, recovered.get(claimWord({ ...claim, data_source: source(claim) })) ?? 0)
	};
}

/** Draws the sample of the paid claims that the audit was asked about, with what was decided of each claim and what the sample says of its frame. */
export async function drawSample({ question, chosen }: AuditAsked, how: SampleAsked): Promise<Sample> {
	const { home, scope } = question;
	const [drawn, groups, said] = await Promise.all([
		ask<Drawn>(home, 'audit_sample', { ...chosen, ...how }, scope),
		ask<Part>(home, 'audit_money', { ...chosen, unit: how.by }, scope),
		findingsSaid(home)
	]);
	const findings = drawn.map((claim) => decidedOf(claim, said));
	const recovered = await recoveredByClaim(
		home,
		scope,
		findings.flat().flatMap(({ amount, ...key }) => (amount === null ? [] : [{ ...key, amount }]))
	);
	const claims = drawn.map((claim, at) => ({ ...claim, ...standing(claim, findings[at]!, recovered) }));
	const parts = groups
		.map((group) => ({
			part: group.value,
			name: group.label,
			frame: group.claims,
			drawn: claims.filter((claim) => claim.part === group.value).length
		}))
		.sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''));
	const frame = parts.reduce((sum, part) => sum + part.frame, 0);
	return {
		claims,
		parts,
		frame,
		paid: groups.reduce((sum, group) => sum + group.paid, 0),
		estimate: sampleEstimate(claims, frame)
	};
}

/** The workpaper of a sample: one row for each claim that was drawn and finding of it, with the decision in force; one row for a claim that no rule flags. */
export async function workpaper(asked: AuditAsked, sample: Sample): Promise<Row[]> {
	const { home, scope } = asked.question;
	const claims = sample.claims.map((claim) => claimWord({ ...claim, data_source: source(claim) }));
	const [findings, said] = await Promise.all([
		ask<Found>(home, 'audit_findings', { ...asked.chosen, claims }, scope),
		findingsSaid(home)
	]);
	return sample.claims.flatMap(({ frame: _, drawn: __, rules: ___, at_risk, recovers, part, part_name, ...claim }) => {
		const own = findings.filter((one) => one.claim_id === claim.claim_id && source(one) === source(claim));
		const head = { part: part_name ?? part, ...claim, claim_at_risk: at_risk, claim_recovers: recovers };
		return (own.length ? own : [null]).map((finding) => {
			const now = finding
				? decided(said.get(findingWord({ ...finding, data_source: source(finding) })) ?? [])
				: { state: null, decision: null };
			return {
				...head,
				rule_id: finding?.rule_id ?? null,
				rule_version: finding?.rule_version ?? null,
				title: finding?.title ?? null,
				lines: finding?.lines ?? null,
				expected: finding?.expected ?? null,
				found: finding?.found ?? null,
				at_risk: finding?.at_risk ?? null,
				told: finding?.told ?? null,
				finding_state: now.state,
				decision: now.decision?.decision ?? null,
				decision_reason: now.decision?.reason ?? null,
				recovers: now.decision?.amount ?? null,
				decided_under_version: now.decision?.rule_version ?? null,
				decided_at: now.decision?.at ?? null
			};
		});
	});
}

/** How the sample was drawn, in the words that a workpaper needs. */
export const sampleMethod = (how: SampleAsked, by: string, frame: number): string =>
	`${how.size} of ${frame} paid claims, in proportion to the claims of each part, by ${by}; what rounding leaves goes to the largest remainders. Within a part those with the smallest MD5 of "${how.seed}|source|claim id". Seed ${how.seed}: the same seed draws the same claims of the same frame.`;
