import { answer } from '$lib/server/door';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import { auditAsked } from '../asked.server';
import type { ClaimRow, RuleRow } from '../audit';
import type { PageServerLoad } from './$types';

const pageRows = 50;

/** The MTM claims of a year, those with most at risk first, a page at a time. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const found = await auditAsked(event);
	if (!found) return { ready: false as const };
	const { question, chosen, problems, options, loaded } = found;
	const { home, scope, run } = question;
	const rules = await ask<RuleRow>(home, 'audit_rules', chosen, scope);
	const wanted = url.searchParams.get('rule');
	const rule = rules.find((one) => one.rule_id === wanted) ?? null;
	if (wanted !== null && rule === null)
		problems.push({ key: 'rule', value: wanted, why: `there is no rule "${wanted}"` });
	const flagged = { yes: true, no: false }[url.searchParams.get('flagged') ?? ''] ?? null;
	const sort = url.searchParams.get('sort') === 'day' ? 'day' : 'risk';
	const frame = {
		ready: true as const,
		year: chosen.year,
		years: found.years,
		asOf: run.as_of,
		problems,
		options,
		chosen,
		rule,
		flagged,
		sort
	};
	if (!loaded) return { ...frame, shown: null };
	const filter = { ...chosen, rule: rule?.rule_id ?? null, flagged };
	const totals = await answer(
		async () =>
			(await ask<{ claims: number; paid: number; at_risk: number }>(home, 'audit_claims_found', filter, scope))[0]!
	);
	const at = Math.max(1, Math.floor(Number(url.searchParams.get('page') ?? '1')) || 1);
	const page = Math.min(at, Math.max(1, Math.ceil((totals.value?.claims ?? 0) / pageRows)));
	const rows = await answer(async () => {
		const shown = await ask<ClaimRow>(
			home,
			'audit_claims',
			{ ...filter, by_risk: sort === 'risk', first: (page - 1) * pageRows, rows: pageRows },
			scope
		);
		await listSeen(question, 'audit claims', shown, { rule: rule?.rule_id ?? null });
		return shown;
	});
	return { ...frame, shown: { totals, rows, page, pageRows } };
};
