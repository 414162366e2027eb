import { error } from '@sveltejs/kit';
import { tryRule, type Trial, type TrialResult } from '$lib/server/audit_trial';
import { auditRules } from '$lib/server/build/audit';
import { ask } from '$lib/server/warehouse';
import { Trouble } from '$lib/server/trouble';
import { auditAsked } from '../../asked.server';
import type { RuleRow } from '../../audit';
import type { PageServerLoad } from './$types';

export type Value = {
	parameter: string;
	allowed: string;
	unit: string;
	meaning: string;
	program: string | null;
	payer: string | null;
	value: string;
	effective_from: string;
	effective_to: string | null;
	source: string;
	mark: string;
};

/** The card of a rule, its values by payer and date, and, when one is tried, what the rule would flag with it. Nothing is changed. */
export const load: PageServerLoad = async (event) => {
	const found = await auditAsked(event);
	if (!found) return { ready: false as const };
	const { question, chosen } = found;
	const { home, scope, run } = question;
	const rule = (await ask<RuleRow>(home, 'audit_rules', { year: chosen.year }, scope)).find(
		(one) => one.rule_id === event.params.rule
	);
	if (!rule) error(404, 'There is no such page.');
	const values = (await ask<Value>(home, 'audit_values', {}, scope)).filter((one) =>
		rule.parameters.includes(one.parameter)
	);
	const tried = event.url.searchParams.get('try');
	const wanted = event.url.searchParams.get('value')?.trim() ?? '';
	let trial: (Trial & { was: string; result: TrialResult | null; problem: string | null }) | null = null;
	const one = tried === null ? undefined : values[Number(tried)];
	if (one && rule.not_run_because === null) {
		const given: Trial = { ...one, value: wanted };
		try {
			trial = {
				...given,
				was: one.value,
				result: await tryRule(home, scope, rule.rule_id, chosen.year, given),
				problem: null
			};
		} catch (cause) {
			if (!(cause instanceof Trouble)) throw cause;
			trial = { ...given, was: one.value, result: null, problem: cause.message };
		}
	}
	return {
		ready: true as const,
		year: chosen.year,
		asOf: run.as_of,
		rule,
		values,
		trial,
		tried: one ? Number(tried) : null,
		sql: auditRules().find((each) => each.id === rule.rule_id)!.file
	};
};
