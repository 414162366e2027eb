import { error } from '@sveltejs/kit';
import { auditStanding, mayStep } from '$lib/domain/audit';
import { identifiersFor } from '$lib/domain/viewer';
import { claimSteps, decide, reply, review, type FindingKey, type FindingNow } from '$lib/server/audit';
import { answer, refuseOld, viewerWho } from '$lib/server/door';
import { patientSeen } from '$lib/server/seen';
import { attempt, field } from '$lib/server/sign_in/form';
import { ask } from '$lib/server/warehouse';
import { auditAsked } from '../../../asked.server';
import type { FindingRow, LineRow, StepRow } from '../../../audit';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const gone = (): never => error(404, 'There is no such page.');

/** The claim of this address for who looks, with its own id; answers as for a page that is not there when there is none. */
async function known(event: Pick<RequestEvent, 'url' | 'locals' | 'params'>) {
	const pid = event.params.pid.toLowerCase();
	if (!/^[0-9a-z]+$/.test(pid) || !/^[1-9]\d{0,5}$/.test(event.params.claim)) gone();
	const found = (await auditAsked(event, 'audit', pid)) ?? gone();
	const { home, scope } = found.question;
	const [key] = await ask<{ patient_no: number }>(home, 'patient_key', { pid }, scope);
	if (!key) return gone();
	const of = { patient_no: key.patient_no, number: Number(event.params.claim) };
	const [claim] = await ask<{ data_source: string | null; claim_id: string }>(home, 'audit_claim_key', of, scope);
	if (!claim) return gone();
	return { found, pid, of, claim: { data_source: claim.data_source ?? '', claim_id: claim.claim_id } };
}

/** One claim: the money, the evidence step by step, the findings and what was decided of each. */
export const load: PageServerLoad = async (event) => {
	const { found, pid, of, claim } = await known(event);
	const { question } = found;
	const { home, scope, viewer, run } = question;
	await patientSeen(question, pid, 'audit claim');
	const [lines, evidence, findings, steps, [person]] = await Promise.all([
		answer(() => ask<LineRow>(home, 'audit_claim_lines', of, scope)),
		answer(() => ask<StepRow>(home, 'audit_claim_evidence', of, scope)),
		answer(() => ask<FindingRow>(home, 'audit_claim_findings', of, scope)),
		answer(() => claimSteps(home, claim)),
		ask<{ first_name: string | null; last_name: string | null; birth_date: string | null; patient_id: string | null }>(
			home,
			'patient',
			{ pid },
			scope
		)
	]);
	const history = steps.value ?? [];
	const rules = [
		...new Set([...(findings.value ?? []).map((one) => one.rule_id), ...history.map((one) => one.rule_id)])
	];
	return {
		pid,
		number: of.number,
		asOf: run.as_of,
		named: scope.phi === 'P3',
		identifiers: identifiersFor(viewer, pid),
		person: person ?? null,
		lines,
		evidence,
		steps,
		findings: findings.failed
			? findings
			: {
					failed: null,
					value: rules.map((rule) => {
						const own = history.filter((one) => one.rule_id === rule);
						const standing = auditStanding(own);
						return {
							rule,
							now: findings.value!.find((one) => one.rule_id === rule) ?? null,
							steps: own.map(({ by, ...one }) => ({ ...one, own: by === viewer.user.id })),
							standing: standing.state,
							version: standing.version,
							decision: standing.decision?.decision ?? null,
							may: {
								decide: viewer.can('decide_audit') && mayStep('decision', own, viewer.user.id) === null,
								reply: viewer.can('reply_audit') && mayStep('reply', own, viewer.user.id) === null,
								review: viewer.can('decide_audit') && mayStep('agree', own, viewer.user.id) === null
							}
						};
					})
				}
	};
};

/** The finding that a form is about, as it stands now; an unknown rule is a page that is not there. */
async function finding(
	event: RequestEvent,
	rule: string
): Promise<{ home: Awaited<ReturnType<typeof known>>['found']['question']['home']; key: FindingKey; now: FindingNow }> {
	const { found, pid, of, claim } = await known(event);
	const { home, scope } = found.question;
	const one = (await ask<FindingRow>(home, 'audit_claim_findings', of, scope)).find((row) => row.rule_id === rule);
	if (!one) return gone();
	const lines = await ask<LineRow>(home, 'audit_claim_lines', of, scope);
	return {
		home,
		key: { ...claim, rule_id: rule },
		now: {
			rule_version: one.rule_version,
			expected: one.expected ?? '',
			found: one.found ?? '',
			at_risk: one.at_risk,
			told: one.told,
			paid: lines.reduce((sum, line) => sum + line.paid, 0),
			pid
		}
	};
}

/** Decides or answers on the latest results alone. */
async function onLatest<T>(event: RequestEvent, step: () => Promise<T>): Promise<T> {
	await refuseOld(event);
	return await step();
}

export const actions: Actions = {
	decide: async (event) => {
		const viewer = viewerWho('decide_audit', event);
		const form = await event.request.formData();
		const rule = field(form, 'rule');
		const { home, key, now } = await finding(event, rule);
		const amount = field(form, 'amount').replace(/[$,\s]/g, '');
		const given = {
			decision: field(form, 'decision'),
			reason: field(form, 'reason'),
			amount: amount === '' ? null : Number(amount),
			words: field(form, 'words')
		};
		const tried = await attempt(
			() => onLatest(event, () => decide(home, { id: viewer.user.id, session: viewer.session }, key, now, given)),
			{
				rule,
				what: 'decide',
				...given
			}
		);
		return 'done' in tried ? { rule, what: 'decide', said: 'The decision is kept.' } : tried;
	},
	reply: async (event) => {
		const viewer = viewerWho('reply_audit', event);
		const form = await event.request.formData();
		const rule = field(form, 'rule');
		const { home, key, now } = await finding(event, rule);
		const words = field(form, 'words');
		const tried = await attempt(
			() => onLatest(event, () => reply(home, { id: viewer.user.id, session: viewer.session }, key, now, words)),
			{
				rule,
				what: 'reply',
				words
			}
		);
		return 'done' in tried ? { rule, what: 'reply', said: 'The reply is kept.' } : tried;
	},
	review: async (event) => {
		const viewer = viewerWho('decide_audit', event);
		const form = await event.request.formData();
		const rule = field(form, 'rule');
		const { home, key, now } = await finding(event, rule);
		const agrees = field(form, 'agrees') === 'yes';
		const words = field(form, 'words');
		const tried = await attempt(
			() =>
				onLatest(event, () => review(home, { id: viewer.user.id, session: viewer.session }, key, now, agrees, words)),
			{ rule, what: 'review', words }
		);
		return 'done' in tried
			? { rule, what: 'review', said: agrees ? 'You agree: the finding is closed.' : 'Your objection is kept.' }
			: tried;
	}
};
