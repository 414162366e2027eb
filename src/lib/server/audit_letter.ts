import { auditStanding } from '$lib/domain/audit';
import type { LetterFinding } from '$lib/domain/audit_letter';
import { dayOf, isoOf } from '$lib/domain/day';
import { findingWord, findingsSaid } from './audit';
import type { AuditAsked } from './audit_asked';
import { recoveredByClaim } from './audit_recovery';
import { asPharmacyReads } from './audit_words';
import { ask } from './warehouse';

type Card = Pick<LetterFinding, 'rule_id' | 'recovers' | 'documents'>;
type Found = Omit<LetterFinding, 'decision' | 'words' | 'amount' | 'closed' | 'recovers' | 'documents'> & {
	data_source: string | null;
	pharmacy_name: string | null;
	pharmacist_npi: string | null;
};

/** By day of service, claim and rule. */
const order = (row: Found) => `${row.held_on} ${row.claim_id} ${row.rule_id}`;

/** A letter to one pharmacy: what was upheld of its claims of a year, or what records are asked for, and by when to answer. */
export type Letter = {
	pharmacy: { npi: string; name: string | null };
	findings: LetterFinding[];
	/** Dollars that it asks back: of each line of a claim the most that one upheld finding recovers. */
	back: number;
	/** The day of the letter, UTC. */
	written: string;
	/** The last days to reply and to appeal; null where the results were made before the program had these settings. */
	replyBy: string | null;
	appealBy: string | null;
};

/**
 * The letter to a pharmacy about its claims of the year, or about one of them, by decisions in force: upheld wholly or in part, or
 * waiting for records; one that a second auditor does not agree to is left out.
 * What a finding says is as it was when it was decided, without the numbers and claims of other providers.
 */
export async function letterTo(
	{ question, chosen }: { question: Pick<AuditAsked['question'], 'home' | 'scope'>; chosen: AuditAsked['chosen'] },
	npi: string,
	only: { pid: string; number: number } | null,
	now = new Date()
): Promise<Letter> {
	const { home, scope } = question;
	const said = await findingsSaid(home);
	const decided = [...said].flatMap(([word, steps]) => {
		const { state, decision, closed } = auditStanding(steps);
		const then = steps.find((step) => step === decision);
		return then?.decision && then.decision !== 'supported' && state !== 'disputed' ? [{ word, then, closed }] : [];
	});
	const byWord = new Map(decided.map((one) => [one.word, one]));
	const claims = [...new Set(decided.map(({ word }) => (JSON.parse(word) as string[]).slice(0, 2).join('|')))];
	const [found, rules, settings] = await Promise.all([
		ask<Found>(home, 'audit_findings', { ...chosen, pharmacies: [npi], claims }, scope),
		ask<Card>(home, 'audit_rules', { year: chosen.year }, scope),
		ask<{ setting: string; value: string }>(home, 'settings', {}, scope)
	]);
	const told = found
		.filter((row) => only === null || (row.pid === only.pid && row.claim_number === only.number))
		.flatMap((row) => {
			const one = byWord.get(findingWord({ ...row, data_source: row.data_source ?? '' }));
			return one ? [{ row, ...one }] : [];
		})
		.sort((a, b) => (order(a.row) < order(b.row) ? -1 : 1));
	const read = await asPharmacyReads(
		home,
		scope,
		told.map(({ row, then }) => ({
			pharmacy_npi: npi,
			pharmacist_npi: row.pharmacist_npi,
			expected: then.expected ?? row.expected,
			found: then.found ?? row.found
		}))
	);
	const upheld = told.flatMap(({ row: { data_source, claim_id, rule_id }, then }) =>
		then.decision === 'need_records'
			? []
			: [{ data_source: data_source ?? '', claim_id, rule_id, amount: then.amount ?? 0 }]
	);
	const back = [...(await recoveredByClaim(home, scope, upheld)).values()].reduce((sum, dollars) => sum + dollars, 0);
	const written = now.toISOString().slice(0, 10);
	const after = (setting: string) => {
		const days = settings.find((row) => row.setting === setting)?.value;
		return days === undefined ? null : isoOf(dayOf(written) + Number(days));
	};
	return {
		pharmacy: { npi, name: found[0]?.pharmacy_name ?? null },
		findings: told.map(({ row, then, closed }, at) => {
			const card = rules.find((rule) => rule.rule_id === row.rule_id);
			return {
				pid: row.pid,
				claim_number: row.claim_number,
				claim_id: row.claim_id,
				held_on: row.held_on,
				lines: row.lines,
				rule_id: row.rule_id,
				rule_version: then.rule_version,
				title: row.title,
				message: row.message,
				recovers: card?.recovers ?? '',
				documents: card?.documents ?? '',
				expected: read[at]!.expected,
				found: read[at]!.found,
				told: then.told,
				decision: then.decision!,
				words: then.words,
				amount: then.decision === 'need_records' ? null : then.amount,
				closed
			};
		}),
		back: Math.round(back * 100) / 100,
		written,
		replyBy: after('audit_reply_days'),
		appealBy: after('audit_appeal_days')
	};
}
