import { yearOf, type Day } from '$lib/domain/day';
import { coverageEnd, dayOf } from './calendar';
import type { Condition, Person } from './person';
import { plans, type Plan } from './world';

/**
 * Planted audit problems. In every two thousand people, those at 600 to 655 each carry one problem that a rule of domain/06 (6.5) must find;
 * everything else about their claim is right. They have pharmacists of their own, who work on Saturdays only, when no one else does.
 */
const firstCase = 600;
const everyTwoThousand = 2000;

const kinds = [
	'A01',
	'A02',
	'A03',
	'A04',
	'A05',
	'A06',
	'A07',
	'A08',
	'A09',
	'A10',
	'A11',
	'A12',
	'A13',
	'A14',
	'A15',
	'A16',
	'A17',
	'A18',
	'A19',
	'A19',
	...Array.from({ length: 13 }, () => 'A20'),
	'A22',
	'A26',
	'A29',
	'A31',
	'A31',
	'A32',
	'A33',
	'A34',
	'A35',
	'A36',
	'A37',
	'A39',
	'A40',
	'A41',
	'A42',
	'A44',
	'clean',
	'A23',
	'A24',
	'A25',
	'A27',
	'A28',
	'A38'
] as const;
export type AuditRule = (typeof kinds)[number];
export type AuditCase = { rule: AuditRule; at: number; group: number; on: Day };

/** The planted problem that patient `number` carries, if any. */
export function auditCase(number: number): AuditCase | null {
	const at = (number % everyTwoThousand) - firstCase;
	const rule = kinds[at];
	if (at < 0 || rule === undefined) return null;
	const group = Math.floor(number / everyTwoThousand);
	const saturday = dayOf(2024, 2, 3);
	const { from, weeks } = weeksOf(rule);
	return { rule, at, group, on: saturday + 7 * (from + (group % weeks)) };
}

/** The Saturdays on which a kind of problem is planted, counted from the first one; where claims must come before or after it, fewer. */
const weeksOf = (rule: AuditRule): { from: number; weeks: number } =>
	rule === 'A40'
		? { from: 0, weeks: 40 }
		: rule === 'A11'
			? { from: 0, weeks: 60 }
			: fromClaims.has(rule)
				? { from: 35, weeks: 60 }
				: { from: 0, weeks: 95 };
/** Rules that hold a claim against fills and diagnoses of before. */
const fromClaims = new Set<AuditRule>(['A23', 'A24', 'A25', 'A27', 'A28']);
/** Rules whose session stands on a day that fills decide: each has a pharmacist of its own. */
const ownDay = new Set<AuditRule>(['A25', 'A44']);

/** Which pharmacist a case has: its own for each kind, the same one for the cases that need to meet. */
export const pharmacistAt = (audit: AuditCase): number => {
	const own = audit.rule === 'A19' ? kinds.indexOf('A19') : audit.rule === 'A20' ? kinds.indexOf('A20') : audit.at;
	const turn = ownDay.has(audit.rule) ? audit.group : Math.floor(audit.group / weeksOf(audit.rule).weeks);
	return 90_000 + 100 * turn + own;
};

/** The place of a case among those of its rule, from 0. */
export const placeAmong = (audit: AuditCase): number => audit.at - kinds.indexOf(audit.rule);

/** The pharmacists of the planted problems among the first `patients` patients, with what is wrong with them. */
export function* auditPharmacists(patients: number): Generator<{ at: number; rule: AuditRule }> {
	const seen = new Set<number>();
	for (let number = 0; number < patients; number++) {
		const audit = auditCase(number);
		if (!audit) continue;
		const at = pharmacistAt(audit);
		if (seen.has(at)) continue;
		seen.add(at);
		yield { at, rule: audit.rule };
	}
}

/** Payers of a problem that a programme of its own asks about: what each asks is in data/reference/audit_value.csv. */
export const auditPayers: ReadonlyMap<AuditRule, string> = new Map([
	['A23', 'Utah Medicaid'],
	['A24', 'Minnesota MHCP']
]);
const usual = ['hypertension', 'diabetes', 'dyslipidemia'] as const satisfies readonly Condition[];
/** Conditions for which enough medicines are taken to be missing from a list. */
const long: Partial<Record<AuditRule, readonly Condition[]>> = {
	A25: [...usual, 'hypothyroidism', 'reflux', 'heart_failure', 'prostate', 'gout', 'overactive_bladder']
};

/** Makes a person fit for a planted problem: covered throughout by one plan, nothing else in the way. */
export function fitForAudit(one: Person, audit: AuditCase): Person {
	const medicaid = ['A11', 'A23', 'A24', 'A34', 'A35'].includes(audit.rule);
	const own: Plan = plans.find((other) => other.programme === (medicaid ? 'medicaid' : 'part_d'))!;
	const payer = auditPayers.get(audit.rule);
	const plan = payer === undefined ? own : { ...own, payer };
	const birth = medicaid ? dayOf(1975, 5, 14) : Math.min(one.birth, dayOf(1956, 3, 1));
	const death = audit.rule === 'A14' ? audit.on - 5 : audit.rule === 'A16' ? audit.on + 40 : null;
	const to = audit.rule === 'A12' ? audit.on - 30 : coverageEnd;
	const spans = [];
	for (let year = 2024; year <= yearOf(to); year++)
		spans.push({ from: dayOf(year, 1, 1), to: Math.min(to, dayOf(year, 12, 31)), plan });
	const conditions = new Set<Condition>(audit.rule === 'A23' ? [] : one.conditions);
	for (const condition of audit.rule === 'A23' ? (['reflux'] as const) : (long[audit.rule] ?? usual))
		conditions.add(condition);
	conditions.delete('esrd');
	// Who never had the medicine that is said to have been started or taken again.
	if (audit.rule === 'A27' || audit.rule === 'A28') conditions.delete('osteoporosis');
	return {
		...one,
		birth,
		death,
		hospice: audit.rule === 'A16' ? audit.on - 20 : null,
		spans,
		conditions,
		disabled: false,
		dual: audit.rule === 'A36',
		institution: false,
		medical: true
	};
}
