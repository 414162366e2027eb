import { readSample, sampledBy } from '$lib/domain/audit_sample';
import { dollars } from '$lib/domain/audit';
import { percent } from '$lib/domain/wording';
import { readAudit } from '$lib/server/audit_asked';
import { asPharmacyReads } from '$lib/server/audit_words';
import { drawSample, sampleMethod, workpaper } from '$lib/server/audit_sample';
import type { Asked } from '$lib/server/door';
import type { Row } from '$lib/server/duckdb';
import { ask } from '$lib/server/warehouse';

type Finding = Row & {
	pharmacy_npi: string | null;
	pharmacist_npi: string | null;
	expected: string | null;
	found: string | null;
};
type Said = [label: string, words: string][];
type Shown = { columns: string[]; rows: Row[]; order?: string; about?: Said };
type Rule = {
	rule_id: string;
	rule_version: number;
	title: string;
	statement: string;
	parameters: string[];
	not_run_because: string | null;
};
type Value = {
	parameter: string;
	program: string | null;
	payer: string | null;
	value: string;
	effective_from: string;
	effective_to: string | null;
};

const columnsOf = (rows: Row[]) => Object.keys(rows[0] ?? { claim_id: null });

/** What the rows of the audit were chosen by. */
const scopeWords = (chosen: {
	year: number;
	program: string | null;
	payer: string | null;
	pharmacies: string[] | null;
}): Said => [
	['Year of service', String(chosen.year)],
	['Programme', chosen.program ?? 'all'],
	['Payer', chosen.payer ?? 'all'],
	['Pharmacies', chosen.pharmacies?.join(', ') ?? 'all in view']
];

/** Each rule with its version and what it is told, by payer and date; one that was not run says so. */
async function ruleWords({ home, scope }: Asked, year: number, only: string | null): Promise<Said> {
	const [rules, values] = await Promise.all([
		ask<Rule>(home, 'audit_rules', { year }, scope),
		ask<Value>(home, 'audit_values', {}, scope)
	]);
	const whose = (one: Value) => one.payer ?? one.program ?? 'everybody';
	const until = (one: Value) => (one.effective_to ? ` to ${one.effective_to}` : '');
	return rules
		.filter((rule) => only === null || rule.rule_id === only)
		.map((rule) => {
			const told = values
				.filter((one) => rule.parameters.includes(one.parameter))
				.map((one) => `${one.parameter} ${one.value} for ${whose(one)} from ${one.effective_from}${until(one)}`);
			return [
				`Rule ${rule.rule_id} version ${rule.rule_version}`,
				rule.not_run_because === null
					? `${rule.title}. ${rule.statement}${told.length ? ` Told: ${told.join('; ')}.` : ''}`
					: `${rule.title}: not run, which is no pass. ${rule.not_run_because}`
			];
		});
}

/** The claims of the list of the audit with its filters, all pages of it. */
export async function auditClaimsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const asked = await readAudit(question, words);
	const { home, scope } = asked.question;
	const byRisk = words.get('sort') !== 'day';
	const flagged = { yes: true, no: false }[words.get('flagged') ?? ''] ?? null;
	const rule = words.get('rule');
	const rows = await ask<Row>(
		home,
		'audit_claims',
		{ ...asked.chosen, rule, flagged, by_risk: byRisk, first: 0 },
		scope
	);
	return {
		columns: columnsOf(rows),
		rows,
		order: byRisk ? 'most at risk first' : 'latest service first',
		about: [
			...scopeWords(asked.chosen),
			['Flagged', rule ?? (flagged === null ? 'flagged or not' : flagged ? 'yes' : 'no')],
			...(await ruleWords(asked.question, asked.chosen.year, rule))
		]
	};
}

/**
 * The findings of the claims of a year, with the evidence on both sides and what each rule was told. Asked for one pharmacy it is what that pharmacy is
 * given, in the words of its letter: no other provider is named.
 */
export async function auditFindingsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const asked = await readAudit(question, words);
	const { home, scope } = asked.question;
	const rule = words.get('rule');
	const found = await ask<Finding>(home, 'audit_findings', { ...asked.chosen, rule }, scope);
	const isOfOne = asked.chosen.pharmacies?.length === 1;
	const rows = isOfOne ? await asPharmacyReads(home, scope, found) : found;
	return {
		columns: columnsOf(rows),
		rows,
		order: 'by patient, claim and rule',
		about: [
			...scopeWords(asked.chosen),
			...(isOfOne
				? [
						[
							'Evidence',
							'As this pharmacy may read it: no other pharmacist and no claim of another pharmacy is named.'
						] as Said[number]
					]
				: []),
			['Amounts', 'Rules may recover the same dollars: do not add at_risk of several rules of one claim.'],
			...(await ruleWords(asked.question, asked.chosen.year, rule))
		]
	};
}

/** The workpaper of a sample: its claims with every finding and decision; scope, method, totals and rules are what the file says of itself. */
export async function auditSampleOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const asked = await readAudit(question, words);
	const { asked: how } = readSample(words);
	const sample = await drawSample(asked, how);
	const rows = await workpaper(asked, sample);
	const { estimate } = sample;
	return {
		columns: columnsOf(rows),
		rows,
		order: 'by part, then as drawn',
		about: [
			...scopeWords(asked.chosen),
			['Sample', sampleMethod(how, sampledBy[how.by], sample.frame)],
			...sample.parts.map((part): Said[number] => [
				`Part ${part.name ?? 'not stated'}`,
				`${part.drawn} of ${part.frame} claims drawn`
			]),
			['Paid, of the frame', dollars(sample.paid)],
			['Paid, of the sample', dollars(sample.claims.reduce((sum, claim) => sum + claim.paid, 0))],
			[
				'What the sample says',
				estimate
					? `${estimate.errors} of ${estimate.claims} claims with something to recover, ${percent(estimate.rate)} (95% interval ${percent(estimate.rateFrom)} to ${percent(estimate.rateTo)}); ${dollars(estimate.found)} in the sample; of the frame ${dollars(estimate.point)}, lower end of the 90% interval ${dollars(estimate.lower)}`
					: 'Not computable yet: findings of the sample wait for decisions.'
			],
			...(await ruleWords(asked.question, asked.chosen.year, null))
		]
	};
}
