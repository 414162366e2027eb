import type { Problem } from '$lib/domain/population';
import type { Ability } from '$lib/domain/role';
import { asked, type Asked, type Request } from '$lib/server/door';
import { ask } from '$lib/server/warehouse';
import type { Group } from './audit';

/** What a page of the audit was asked: the question with its filters as the panels take them, and what can be chosen. */
export type AuditAsked = {
	question: Asked;
	chosen: { year: number; program: string | null; payer: string | null; pharmacies: string[] | null };
	problems: Problem[];
	options: { programs: string[]; payers: string[] };
	/** False when no MTM claim is loaded. */
	loaded: boolean;
};

/**
 * Reads the address of a page of the audit; null when nothing has been computed. Who audits sees the days and numbers of claims (P2), because
 * evidence is made of them; names and ids as loaded stay hidden until a reason is given.
 */
export async function auditAsked(event: Request, ability: Ability = 'audit', pid?: string): Promise<AuditAsked | null> {
	const found = await asked(event, ability, pid);
	if (!found) return null;
	const question = found.scope.phi === 'P1' ? { ...found, scope: { ...found.scope, phi: 'P2' as const } } : found;
	const { home, scope, year, population } = question;
	const of = (unit: string) => ask<Group>(home, 'audit_money', { year, unit }, scope);
	const [programs, payers, [any]] = await Promise.all([
		of('program'),
		of('payer'),
		ask<{ has_claims: boolean }>(home, 'audit_loaded', {}, scope)
	]);
	const options = {
		programs: programs.flatMap((row) => row.value ?? []).sort(),
		payers: payers.flatMap((row) => row.value ?? []).sort()
	};
	const problems = [...question.problems];
	const choice = (key: string, known: string[]) => {
		const value = event.url.searchParams.get(key);
		if (value === null || known.includes(value)) return value;
		problems.push({ key, value, why: `no MTM claim of ${year} has "${value}"; it is not used` });
		return null;
	};
	return {
		question,
		chosen: {
			year,
			program: choice('program', options.programs),
			payer: choice('payer', options.payers),
			pharmacies: population.pharm.in.length ? population.pharm.in : null
		},
		problems,
		options,
		loaded: Boolean(any?.has_claims)
	};
}
