import { error } from '@sveltejs/kit';
import { leavesOutNobody } from '$lib/domain/scope';
import { tryRule, type TrialResult } from '$lib/server/audit_trial';
import { keepValue, valuesWait, type ValueChange } from '$lib/server/audit_value';
import { auditRules } from '$lib/server/build/audit';
import { notHere, refuseOld, viewerWho } from '$lib/server/door';
import { attempt, field } from '$lib/server/sign_in/form';
import { ask } from '$lib/server/warehouse';
import { Trouble } from '$lib/server/trouble';
import { auditAsked } from '../../asked.server';
import { signals, type RuleRow, type Signal, type SignalRow } from '../../audit';
import type { Actions, PageServerLoad } from './$types';

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

/** What a form or an address says a value is changed to; from its own first day on unless another is given. */
const changeOf = (one: Omit<ValueChange, 'value' | 'from'>, said: (key: string) => string): ValueChange => ({
	parameter: one.parameter,
	program: one.program,
	payer: one.payer,
	effective_from: one.effective_from,
	value: said('value').trim(),
	from: said('from').trim() || one.effective_from
});

/** The card of a rule, its values by payer and date, and, when one is tried, what the rule would flag with it. Nothing is changed. */
export const load: PageServerLoad = async (event) => {
	const found = await auditAsked(event);
	if (!found) return { ready: false as const };
	const { question, chosen } = found;
	const { home, scope, viewer, run } = question;
	const rule = (await ask<RuleRow>(home, 'audit_rules', { year: chosen.year }, scope)).find(
		(one) => one.rule_id === event.params.rule
	);
	if (!rule) error(404, 'There is no such page.');
	const all = await ask<Value>(home, 'audit_values', {}, scope);
	const values = all.filter((one) => rule.parameters.includes(one.parameter));
	const told = event.url.searchParams.get('try');
	const one = told === null ? undefined : values[Number(told)];
	let trial: (ValueChange & { was: string; result: TrialResult | null; problem: string | null }) | null = null;
	if (one && rule.not_run_because === null) {
		const change = changeOf(one, (key) => event.url.searchParams.get(key) ?? '');
		try {
			const result = await tryRule(home, scope, rule.rule_id, chosen.year, change);
			trial = { ...change, was: one.value, result, problem: null };
		} catch (cause) {
			if (!(cause instanceof Trouble)) throw cause;
			trial = { ...change, was: one.value, result: null, problem: cause.message };
		}
	}
	const asked = event.url.searchParams.get('signal') ?? 'severe';
	const signal: Signal = Object.hasOwn(signals, asked) ? (asked as Signal) : 'severe';
	const { year, program, pharmacies } = chosen;
	return {
		ready: true as const,
		year: chosen.year,
		years: found.years,
		asOf: run.as_of,
		rule,
		values,
		trial,
		tried: one ? Number(told) : null,
		// The rule of the severity mix is no finding: it and its like are drawn instead.
		signal:
			rule.rule_id === 'A30'
				? { id: signal, rows: await ask<SignalRow>(home, 'audit_signal', { year, signal, program, pharmacies }, scope) }
				: null,
		mayKeep: viewer.can('audit_rules') && leavesOutNobody(scope.limits),
		waiting: await valuesWait(home, all),
		sql: auditRules().find((each) => each.id === rule.rule_id)!.file
	};
};

export const actions: Actions = {
	/** Keeps the value that was tried; it counts from the next refresh on. */
	keep: async (event) => {
		const viewer = viewerWho('audit_rules', event);
		const found = (await auditAsked(event)) ?? notHere();
		const { home, scope } = found.question;
		if (!leavesOutNobody(scope.limits)) notHere();
		const form = await event.request.formData();
		const said = (key: string) => field(form, key);
		const change = changeOf(
			{
				parameter: said('parameter'),
				program: said('program') || null,
				payer: said('payer') || null,
				effective_from: said('effective_from')
			},
			said
		);
		const who = { id: viewer.user.id, session: viewer.session, name: viewer.user.name };
		const tried = await attempt(
			async () => {
				await refuseOld(event);
				return await keepValue(home, who, scope, event.params.rule, change);
			},
			{ kept: null }
		);
		return 'done' in tried ? { kept: { ...change, number: tried.done }, problem: null } : tried;
	}
};
