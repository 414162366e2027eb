import type { Problem } from '$lib/domain/population';
import type { Asked } from './door';
import { ask } from './warehouse';

/** What a page or file of the audit was asked: the question with its filters as the panels take them, and what can be chosen. */
export type AuditAsked = {
	question: Asked;
	chosen: { year: number; program: string | null; payer: string | null; pharmacies: string[] | null };
	problems: Problem[];
	options: { programs: string[]; payers: string[] };
	/** Years of MTM claims and sessions, the last first. */
	years: number[];
	/** False when no MTM claim is loaded. */
	loaded: boolean;
};

/**
 * Reads what the words of an address ask of the audit. Who audits sees the days and numbers of claims (P2), because evidence is made of them; names
 * and ids as loaded stay hidden until a reason is given.
 */
export async function readAudit(found: Asked, words: URLSearchParams): Promise<AuditAsked> {
	const question = found.scope.phi === 'P1' ? { ...found, scope: { ...found.scope, phi: 'P2' as const } } : found;
	const { home, scope, population } = question;
	const { years, has_claims } = (
		await ask<{ years: number[]; has_claims: boolean }>(home, 'audit_loaded', {}, scope)
	)[0]!;
	const wanted = words.get('y');
	const year =
		years.find((one) => String(one) === wanted) ??
		(years.includes(question.year) ? question.year : (years[0] ?? question.year));
	const of = (unit: string) => ask<{ value: string | null }>(home, 'audit_money', { year, unit }, scope);
	const [programs, payers] = await Promise.all([of('program'), of('payer')]);
	const options = {
		programs: programs.flatMap((row) => row.value ?? []).sort(),
		payers: payers.flatMap((row) => row.value ?? []).sort()
	};
	// Claims and sessions have years of their own, whether or not fills were folded in them.
	const problems = question.problems.filter((problem) => problem.key !== 'y');
	if (wanted !== null && years.length && wanted !== String(year))
		problems.push({
			key: 'y',
			value: wanted,
			why: `MTM claims and sessions are of ${years.join(', ')}; ${year} is shown`
		});
	const choice = (key: string, known: string[]) => {
		const value = words.get(key);
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
		years,
		loaded: has_claims
	};
}
