import { and, asc, eq, sql } from 'drizzle-orm';
import {
	auditStanding,
	decisionProblem,
	mayStep,
	wordsProblem,
	type AuditStep,
	type Decision,
	type Reason
} from '$lib/domain/audit';
import type { Home } from './home';
import { record } from './records/log';
import { records } from './records/open';
import { audit_step, user } from './records/schema';
import { usage } from './trouble';

/** Which finding: a claim of a source and the rule that flags it. */
export type FindingKey = { data_source: string; claim_id: string; rule_id: string };
/** What the finding says when something is decided; it is kept with the decision. */
export type FindingNow = {
	rule_version: number;
	expected: string;
	found: string;
	at_risk: number;
	/** What the rule was told, such as "time_rule midpoint"; null when it has no parameter. */
	told: string | null;
	paid: number;
	pid: string;
};

export type ShownStep = AuditStep & {
	id: number;
	rule_id: string;
	name: string | null;
	/** What the finding said when this step was kept. */
	expected: string | null;
	found: string | null;
	at_risk: number | null;
	told: string | null;
};

const columns = {
	id: audit_step.id,
	rule_id: audit_step.rule_id,
	rule_version: audit_step.rule_version,
	kind: sql<AuditStep['kind']>`${audit_step.kind}`,
	decision: sql<Decision | null>`${audit_step.decision}`,
	reason: sql<Reason | null>`${audit_step.reason}`,
	amount: audit_step.amount,
	words: audit_step.words,
	expected: audit_step.expected,
	found: audit_step.found,
	at_risk: audit_step.at_risk,
	told: audit_step.told,
	by: audit_step.by,
	name: user.name,
	at: audit_step.at
};

/** Everything decided and said of one claim's findings, oldest first. */
export async function claimSteps(home: Home, claim: { data_source: string; claim_id: string }): Promise<ShownStep[]> {
	return await (
		await records(home)
	)
		.select(columns)
		.from(audit_step)
		.leftJoin(user, eq(user.id, audit_step.by))
		.where(and(eq(audit_step.data_source, claim.data_source), eq(audit_step.claim_id, claim.claim_id)))
		.orderBy(asc(audit_step.id));
}

/** What has been decided and said of every finding, oldest first, by findingWord. */
export async function findingsSaid(home: Home): Promise<Map<string, ShownStep[]>> {
	const rows = await (
		await records(home)
	)
		.select({ ...columns, data_source: audit_step.data_source, claim_id: audit_step.claim_id })
		.from(audit_step)
		.leftJoin(user, eq(user.id, audit_step.by))
		.orderBy(asc(audit_step.id));
	const findings = new Map<string, ShownStep[]>();
	for (const row of rows) {
		const word = findingWord(row);
		findings.set(word, [...(findings.get(word) ?? []), row]);
	}
	return findings;
}

/** A finding as one word. */
export const findingWord = ({ data_source, claim_id, rule_id }: FindingKey): string =>
	JSON.stringify([data_source, claim_id, rule_id]);

/** How many findings stand where, over all claims; and the dollars that decisions in force recover. */
export async function auditProgress(home: Home): Promise<{ state: string; findings: number; dollars: number }[]> {
	const told = new Map<string, { state: string; findings: number; dollars: number }>();
	for (const steps of (await findingsSaid(home)).values()) {
		const { state, decision } = auditStanding(steps);
		const one = told.get(state) ?? { state, findings: 0, dollars: 0 };
		one.findings++;
		one.dollars += decision?.amount ?? 0;
		told.set(state, one);
	}
	return [...told.values()];
}

type Who = { id: string; session: string };
type Said = Partial<Pick<AuditStep, 'decision' | 'reason' | 'amount' | 'words'>>;

async function add(
	home: Home,
	who: Who,
	key: FindingKey,
	now: FindingNow,
	kind: AuditStep['kind'],
	said: Said
): Promise<void> {
	const steps = (await claimSteps(home, key)).filter((step) => step.rule_id === key.rule_id);
	const wrong = mayStep(kind, steps, who.id);
	if (wrong) throw usage(wrong);
	// It stands in the log first; a step that the database then refuses leaves an entry and no step.
	await record(home, {
		kind: 'audit_step',
		by: who.id,
		session: who.session,
		patient: now.pid,
		detail: {
			step: kind,
			rule: key.rule_id,
			version: now.rule_version,
			...(said.decision ? { decision: said.decision } : {})
		}
	});
	try {
		await (await records(home)).insert(audit_step).values({
			...key,
			rule_version: now.rule_version,
			kind,
			decision: said.decision ?? null,
			reason: said.reason ?? null,
			amount: said.amount ?? null,
			words: said.words || null,
			expected: now.expected,
			found: now.found,
			at_risk: now.at_risk,
			told: now.told,
			by: who.id,
			at: new Date().toISOString()
		});
	} catch (cause) {
		if (/finding is closed/.test(`${String(cause)} ${String((cause as { cause?: unknown }).cause)}`))
			throw usage('This finding was closed meanwhile. Nothing was kept.');
		throw cause;
	}
}

/** Keeps an auditor's decision of a finding with the rule's version and what the finding said. Exit 1 for one that cannot be kept, with why. */
export async function decide(
	home: Home,
	who: Who,
	key: FindingKey,
	now: FindingNow,
	given: { decision: string; reason: string; amount: number | null; words: string }
): Promise<void> {
	const wrong = decisionProblem(given, now.paid);
	if (wrong) throw usage(wrong);
	await add(home, who, key, now, 'decision', {
		decision: given.decision as Decision,
		reason: given.reason as Reason,
		amount: given.decision === 'not_supported' || given.decision === 'partly' ? given.amount : null,
		words: given.words.trim()
	});
}

/** Keeps what the provider says to a finding. Exit 1 when it is closed or nothing is said. */
export async function reply(home: Home, who: Who, key: FindingKey, now: FindingNow, words: string): Promise<void> {
	const wrong = words.trim() === '' ? 'Write a reply first. Nothing was kept.' : wordsProblem(words);
	if (wrong) throw usage(wrong);
	await add(home, who, key, now, 'reply', { words: words.trim() });
}

/** Keeps what a second auditor says to a decision; to agree closes the finding. Exit 1 for the one who decided. */
export async function review(
	home: Home,
	who: Who,
	key: FindingKey,
	now: FindingNow,
	agrees: boolean,
	words: string
): Promise<void> {
	const wrong = !agrees && words.trim() === '' ? 'Say why you do not agree. Nothing was kept.' : wordsProblem(words);
	if (wrong) throw usage(wrong);
	await add(home, who, key, now, agrees ? 'agree' : 'disagree', { words: words.trim() });
}
