import { yearOf, type Day } from '$lib/domain/day';
import { coverageEnd, dayOf, iso, lastDay, weekdayOf } from './calendar';
import {
	claimRows,
	enrollmentRow,
	instant,
	linesFor,
	noteOf,
	serviceRow,
	type BilledLine,
	type Held,
	type MtmFiles
} from './document';
import type { Dispensed } from './dispense';
import type { Cell } from './files';
import type { Person } from './person';
import type { Enrolment, Session, SessionType } from './programme';
import { chance } from './random';
import { network, pharmacist, plans, type Plan } from './world';

/**
 * Planted audit problems. In every two thousand people, those at 600 to 649 each carry one problem that a rule of domain/06 (6.5) must find;
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
	'clean'
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
	const weeks = rule === 'A40' ? group % 40 : rule === 'A11' ? group % 60 : group % 95;
	return { rule, at, group, on: saturday + 7 * weeks };
}

/** Which pharmacist a case has: its own for each kind, the same one for the cases that need to meet. */
const pharmacistAt = (audit: AuditCase): number => {
	const own = audit.rule === 'A19' ? kinds.indexOf('A19') : audit.rule === 'A20' ? kinds.indexOf('A20') : audit.at;
	return 90_000 + 100 * Math.floor(audit.group / 95) + own;
};

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

/** Makes a person fit for a planted problem: covered throughout by one plan, nothing else in the way. */
export function fitForAudit(one: Person, audit: AuditCase): Person {
	const medicaid = ['A11', 'A34', 'A35'].includes(audit.rule);
	const plan: Plan = plans.find((other) => other.programme === (medicaid ? 'medicaid' : 'part_d'))!;
	const birth = medicaid ? dayOf(1975, 5, 14) : Math.min(one.birth, dayOf(1956, 3, 1));
	const death = audit.rule === 'A14' ? audit.on - 5 : audit.rule === 'A16' ? audit.on + 40 : null;
	const to = audit.rule === 'A12' ? audit.on - 30 : coverageEnd;
	const spans = [];
	for (let year = 2024; year <= yearOf(to); year++)
		spans.push({ from: dayOf(year, 1, 1), to: Math.min(to, dayOf(year, 12, 31)), plan });
	const conditions = new Set(one.conditions);
	for (const condition of ['hypertension', 'diabetes', 'dyslipidemia'] as const) conditions.add(condition);
	conditions.delete('esrd');
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

/** A second review of the same year. */
const secondReview = (on: Day) => (yearOf(on + 98) === yearOf(on) ? on + 98 : on - 98);

/** What a planted problem is, in the truth file: [rule, person, service, claim, line, note]. */
export type Planted = [string, string, string, string, string, string];

/** Writes the enrolment, sessions and claims of a planted problem; returns what was planted. */
export function writeAudit(
	seed: number,
	one: Person,
	audit: AuditCase,
	dispensed: readonly Dispensed[],
	files: MtmFiles
): Planted[] {
	const draw = chance(seed, 12, one.number);
	const { rule, on } = audit;
	const plan = one.spans[0]!.plan;
	// Enrolled around the sessions only, so that nobody waits for a review in a year that has none.
	const from = (rule === 'A37' ? Math.min(on, secondReview(on)) : on) - 20;
	const until = { A07: 119, A11: 224, A37: 98, A44: 700 }[rule as string] ?? 0;
	const enrolment: Enrolment = {
		plan,
		on: from,
		met: from - 5,
		reason: '01',
		optOut: rule === 'A13' ? on - 10 : rule === 'A14' ? null : Math.min(lastDay, on + until + 40),
		optOutReason: rule === 'A13' ? '03' : rule === 'A16' ? '01' : rule === 'A14' || rule === 'A39' ? '' : '99',
		offered: from + 10,
		channel: 'phone'
	};
	if (rule === 'A16') enrolment.optOut = one.death;
	files.mtm_enrollment.row(enrollmentRow(one, enrolment));
	const planted: Planted[] = [];
	let sessions = 0;
	let claims = 0;
	const held: Held = {
		pharmacist: pharmacist(seed, pharmacistAt(audit)),
		setting: 'community_pharmacy',
		method: '01',
		pharmacyNpi: network[audit.at % 14]!.npi
	};
	const hold = (
		day: Day,
		minutes: number,
		start: number,
		more: Partial<Parameters<typeof serviceRow>[3]> & { type?: SessionType; method?: '02'; undocumented?: boolean } = {}
	): Session => {
		const session: Session = {
			id: `S${one.id.slice(1)}-${++sessions}`,
			type: more.type ?? 'cmr',
			plan,
			on: day,
			status: 'completed',
			statusReason: '',
			start,
			minutes,
			followUpOf: '',
			followUpDue: null,
			recommendations: []
		};
		const isCmr = session.type === 'cmr';
		if (!more.undocumented)
			files.mtm_service.row(
				serviceRow(one, session, more.method ? { ...held, method: more.method } : held, {
					reviewed: 6,
					summarySent: isCmr ? day + 5 : null,
					summaryStandard: isCmr ? 'yes' : '',
					planSent: null,
					consent: plan.programme === 'medicaid' ? day : null,
					approval: plan.programme === 'medicaid' ? `PA${one.id.slice(1)}` : '',
					documented: instant(day, start + minutes + 10),
					note: noteOf(draw, ''),
					recipient: '01',
					...more
				})
			);
		return session;
	};
	type Bill = {
		lines?: readonly BilledLine[];
		submitted?: Day;
		paidOn?: Day;
		format?: '837p' | 'ncpdp';
		status?: 'paid' | 'reversed';
		original?: string;
		approval?: string;
		over?: Record<string, Cell>;
	};
	const bill = (session: Session, isNew: boolean, more: Bill = {}): string => {
		const id = `B${one.id.slice(1)}-${++claims}`;
		const submitted = more.submitted ?? session.on + 4;
		const rows = claimRows(
			one,
			session,
			held,
			{
				id,
				lines: more.lines ?? linesFor(session.minutes, isNew),
				status: more.status ?? 'paid',
				submitted,
				paidOn: more.paidOn ?? submitted + 12,
				format: more.format ?? '837p',
				approval: more.approval ?? (plan.programme === 'medicaid' ? `PA${one.id.slice(1)}` : ''),
				...(more.original ? { original: more.original } : {})
			},
			more.over ?? {}
		);
		for (const row of rows) files.mtm_claim.row(row);
		return id;
	};
	const tell = (session: Session, claim: string, line: number | '', note: string) =>
		planted.push([rule, one.id, session.id, claim, String(line), note]);
	const ten = 10 * 60;

	switch (rule) {
		case 'A01': {
			const session = hold(on, 30, ten, { undocumented: true });
			tell(session, bill(session, true, { over: { service_id: '' } }), '', 'paid, nothing documented');
			break;
		}
		case 'A02': {
			const session = hold(on, 30, ten, { documented: instant(on + 40, ten) });
			tell(session, bill(session, true), '', 'written down 40 days after, when it had been paid');
			break;
		}
		case 'A03': {
			const session = hold(on, 30, ten, { timed: false });
			tell(session, bill(session, true), '', 'no start, end or minutes');
			break;
		}
		case 'A04': {
			const session = hold(on, 20, ten);
			tell(
				session,
				bill(session, true, {
					lines: [
						{ code: '99605', units: 1 },
						{ code: '99607', units: 3 }
					]
				}),
				2,
				'4 units billed, 20 minutes documented'
			);
			break;
		}
		case 'A05': {
			const session = hold(on, 30, ten);
			tell(session, bill(session, true, { lines: [{ code: '99607', units: 2 }] }), 1, 'add-on without a first unit');
			break;
		}
		case 'A06': {
			const session = hold(on, 30, ten);
			tell(
				session,
				bill(session, true, {
					lines: [
						{ code: '99605', units: 1 },
						{ code: '99606', units: 1 }
					]
				}),
				2,
				'new and established on one day'
			);
			break;
		}
		case 'A07': {
			bill(hold(on, 30, ten), true);
			const again = hold(on + 119, 30, ten, { type: 'follow_up' });
			tell(again, bill(again, true), 1, 'new-patient code 119 days after another');
			break;
		}
		case 'A08': {
			const session = hold(on, 30, ten);
			bill(session, true);
			tell(session, bill(session, true), '', 'the same claim twice');
			break;
		}
		case 'A09': {
			const session = hold(on, 30, ten);
			bill(session, true);
			tell(
				session,
				bill(session, true, { format: 'ncpdp', over: { pharmacist_npi: '' } }),
				'',
				'one session on two claim types'
			);
			break;
		}
		case 'A10': {
			const session = hold(on, 95, ten);
			tell(
				session,
				bill(session, true, {
					lines: [
						{ code: '99605', units: 1 },
						{ code: '99607', units: 5 }
					]
				}),
				2,
				'five add-on units on one day'
			);
			break;
		}
		case 'A11':
			for (let visit = 0; visit < 9; visit++) {
				const session = hold(on + 28 * visit, 20, ten, { type: visit === 0 ? 'cmr' : 'follow_up' });
				const claim = bill(session, visit === 0);
				if (visit === 8) tell(session, claim, '', 'ninth encounter in 365 days, programme pays eight');
			}
			break;
		case 'A19': {
			const second = audit.at > kinds.indexOf('A19');
			const session = hold(on, 40, second ? ten + 20 : ten);
			tell(session, bill(session, true), '', 'another patient at the same time');
			break;
		}
		case 'A20': {
			const session = hold(on, 60, 6 * 60 + 60 * (audit.at - kinds.indexOf('A20')));
			tell(session, bill(session, true), '', 'part of a day of 780 documented minutes');
			break;
		}
		case 'A22': {
			const session = hold(on, 30, ten, { method: '02' });
			tell(session, bill(session, true), '', 'by telephone, billed as held in the pharmacy');
			break;
		}
		case 'A26':
		case 'A29': {
			const session = hold(on, 30, ten);
			const incomplete = rule === 'A26';
			files.mtm_recommendation.row([
				`${session.id}-R1`,
				session.id,
				one.id,
				iso(on),
				'adverse_event',
				incomplete ? '' : 'bleeding',
				'monitor',
				'',
				incomplete ? '' : 'warfarin',
				'',
				'prescriber',
				incomplete ? '' : one.pcp,
				incomplete ? '' : 'fax',
				iso(on),
				'accepted',
				iso(on + 3),
				'',
				'yes',
				'',
				'yes',
				'',
				'',
				'',
				incomplete ? 3 : 6,
				incomplete ? '120.00' : '9200.00',
				'',
				'demo'
			]);
			tell(
				session,
				bill(session, true),
				'',
				incomplete ? 'a problem without drug and prescriber' : 'an avoided admission claimed without a reason'
			);
			break;
		}
		case 'A31': {
			const same =
				'Patient seen for comprehensive review. All medicines reviewed, patient counselled on each, understands and agrees with the plan. Will follow up as needed.';
			const session = hold(on, 30, ten, { note: same });
			tell(session, bill(session, true), '', 'the same note as other patients');
			break;
		}
		case 'A32': {
			const session = hold(on, 30, ten, { summarySent: on + 40 });
			tell(session, bill(session, true), '', 'summary after 40 days');
			break;
		}
		case 'A33': {
			const session = hold(on, 30, ten, { summaryStandard: 'no' });
			tell(session, bill(session, true), '', 'summary not in the standard format');
			break;
		}
		case 'A34': {
			const session = hold(on, 30, ten, { consent: null });
			tell(session, bill(session, true), '', 'no consent');
			break;
		}
		case 'A35': {
			const session = hold(on, 30, ten, { approval: '' });
			tell(session, bill(session, true, { approval: '' }), '', 'no approval');
			break;
		}
		case 'A36': {
			const session = hold(on, 30, ten);
			const payer = plans.find((other) => other.programme === 'medicaid')!;
			const lines = [{ code: '99605', units: 1, paid: 52 }];
			tell(
				session,
				bill(session, true, {
					lines,
					over: {
						payer: payer.payer,
						plan: payer.plan,
						program: 'medicaid',
						billed_amount: '52.00',
						allowed_amount: '52.00'
					}
				}),
				'',
				'Part D member billed to Medicaid (also: no Medicaid coverage on the day)'
			);
			break;
		}
		case 'A37': {
			const other = secondReview(on);
			const pair = [hold(Math.min(on, other), 30, ten), hold(Math.max(on, other), 30, ten)] as const;
			bill(pair[0], true);
			tell(pair[1], bill(pair[1], false), '', 'second CMR paid in one year');
			break;
		}
		case 'A40': {
			const session = hold(on, 30, ten);
			tell(session, bill(session, true, { submitted: on + 420 }), '', 'sent 420 days after');
			break;
		}
		case 'A41': {
			const session = hold(on, 15, ten);
			tell(session, bill(session, true, { lines: [{ code: '99605', units: 1, paid: 93 }] }), 1, 'paid above the fee');
			break;
		}
		case 'A42': {
			const session = hold(on, 30, ten);
			bill(session, true);
			tell(
				session,
				bill(session, true, { status: 'reversed', original: `B${one.id.slice(1)}-99`, submitted: on + 30 }),
				'',
				'reversal of a claim that is not there'
			);
			break;
		}
		case 'A44': {
			const fill = dispensed.find((other) => other.on > enrolment.on + 30);
			if (!fill) break;
			const session = hold(fill.on, 7, ten, { type: 'education', reviewed: 1 });
			tell(
				session,
				bill(session, true, { lines: [{ code: '99606', units: 1 }] }),
				1,
				'7 minutes on a day of dispensing (also: no unit by the midpoint rule)'
			);
			break;
		}
		default: {
			// What is wrong lies in coverage, stays or the pharmacist's licence, or nothing is wrong.
			const session = hold(on, 30, ten);
			const claim = bill(session, true);
			const notes: Partial<Record<AuditRule, string>> = {
				A12: 'no coverage on the day',
				A13: 'opted out 10 days before',
				A14: 'died 5 days before',
				A15: 'in hospital on the day',
				A16: 'in hospice',
				A17: 'licence ended before the day',
				A18: 'excluded provider'
			};
			if (rule !== 'clean') tell(session, claim, '', notes[rule]!);
		}
	}
	if (weekdayOf(on) !== 6 || on > lastDay) throw new Error('a planted session must be on a Saturday of the data');
	return planted;
}
