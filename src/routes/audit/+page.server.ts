import { leavesOutNobody } from '$lib/domain/scope';
import { auditProgress } from '$lib/server/audit';
import { answer } from '$lib/server/door';
import { ask } from '$lib/server/warehouse';
import { auditAsked } from './asked.server';
import type { Group, RuleRow } from './audit';
import type { PageServerLoad } from './$types';

/** What was paid for MTM in a year, what of it is flagged and at risk, by rule, payer, service and pharmacy, and how far the work is. */
export const load: PageServerLoad = async (event) => {
	const found = await auditAsked(event);
	if (!found) return { ready: false as const };
	const { question, chosen, problems, options, loaded } = found;
	const { home, scope, run } = question;
	const frame = {
		ready: true as const,
		year: chosen.year,
		years: found.years,
		asOf: run.as_of,
		problems,
		options,
		chosen
	};
	if (!loaded) return { ...frame, cards: null };
	const groups = (unit: string) => answer(() => ask<Group>(home, 'audit_money', { ...chosen, unit }, scope));
	const [money, payers, services, pharmacies, rules, progress] = await Promise.all([
		groups('all'),
		groups('payer'),
		groups('service'),
		groups('pharm'),
		answer(() => ask<RuleRow>(home, 'audit_rules', chosen, scope)),
		// Decisions are of the whole home: who sees a part of it sees them on each claim.
		answer(async () => (leavesOutNobody(scope.limits) ? await auditProgress(home) : null))
	]);
	return { ...frame, cards: { money, payers, services, pharmacies, rules, progress } };
};
