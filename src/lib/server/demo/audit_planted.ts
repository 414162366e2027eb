import { yearOf, type Day } from '$lib/domain/day';
import { placeAmong, type AuditCase, type AuditRule } from './audit';
import { desk, type Desk, type Planted } from './audit_desk';
import { iso, lastDay, weekdayOf } from './calendar';
import { enrollmentRow } from './document';
import type { Dispensed } from './dispense';
import type { MtmFiles } from './files';
import type { BilledLine } from './mtm_claim';
import type { Person } from './person';
import type { Enrolment, Session } from './programme';
import { instant } from './session';
import { plans } from './world';

const ten = 10 * 60;
const line = (code: string, units: number, paid?: number): BilledLine =>
	paid === undefined ? { code, units } : { code, units, paid };
/** A second review of the same year. */
const secondReview = (on: Day) => (yearOf(on + 98) === yearOf(on) ? on + 98 : on - 98);
/** Half an hour on the day of the case, right in everything but what is said. */
const half = (at: Desk, more?: Parameters<Desk['hold']>[3]): Session => at.hold(at.audit.on, 30, ten, more);
/** Half an hour whose session is what is wrong, billed as it should be. */
const wrongSession = (note: string, more?: Parameters<Desk['hold']>[3]) => (at: Desk) => {
	const session = half(at, more);
	at.tell(session, at.bill(session, true), '', note);
};
/** Half an hour that is right, billed wrong. */
const wrongBill = (note: string, wrong: 1 | 2 | '', more: (at: Desk) => Parameters<Desk['bill']>[2]) => (at: Desk) => {
	const session = half(at);
	at.tell(session, at.bill(session, true, more(at)), wrong, note);
};
/** Half an hour with a problem whose record, or what became of it, is wrong. */
const wrongProblem = (note: string, over: (at: Desk) => Parameters<Desk['problem']>[1]) => (at: Desk) => {
	const session = half(at);
	at.problem(session, over(at));
	at.tell(session, at.bill(session, true), '', note);
};

/** The first Saturday of the case or after it on which claims have so many medicines on hand; null when there is none. */
function saturdayWith(at: Desk, medicines: number): Day | null {
	for (let day = at.audit.on; day <= lastDay - 30; day += 7) {
		const onHand = at.dispensed.filter(
			(fill) => !fill.ndc.startsWith('99999') && fill.on <= day && day < fill.on + fill.days
		);
		if (new Set(onHand.flatMap((fill) => fill.fill.product.ingredients.split(';'))).size >= medicines) return day;
	}
	return null;
}

/** The sessions and claims of each kind of problem. What is not here is wrong in coverage, stays or the pharmacist's licence, or not at all. */
const planters: Partial<Record<AuditRule, (at: Desk) => void>> = {
	A01(at) {
		const session = half(at, { undocumented: true });
		at.tell(session, at.bill(session, true, { over: { service_id: '' } }), '', 'paid, nothing documented');
	},
	A02(at) {
		const session = half(at, { documented: instant(at.audit.on + 40, ten) });
		at.tell(session, at.bill(session, true), '', 'written down 40 days after, when it had been paid');
	},
	A03: wrongSession('no start, end or minutes', { timed: false }),
	A04(at) {
		const session = at.hold(at.audit.on, 20, ten);
		const claim = at.bill(session, true, { lines: [line('99605', 1), line('99607', 3)] });
		at.tell(session, claim, 2, '4 units billed, 20 minutes documented');
	},
	A05: wrongBill('add-on without a first unit', 1, () => ({ lines: [line('99607', 2)] })),
	A06: wrongBill('new and established on one day', 2, () => ({ lines: [line('99605', 1), line('99606', 1)] })),
	A07(at) {
		at.bill(half(at), true);
		const again = at.hold(at.audit.on + 119, 30, ten, { type: 'follow_up' });
		at.tell(again, at.bill(again, true), 1, 'new-patient code 119 days after another');
	},
	A08(at) {
		const session = half(at);
		at.bill(session, true);
		at.tell(session, at.bill(session, true), '', 'the same claim twice');
	},
	A09(at) {
		const session = half(at);
		at.bill(session, true);
		const again = at.bill(session, true, { format: 'ncpdp', over: { pharmacist_npi: '' } });
		at.tell(session, again, '', 'one session on two claim types');
	},
	A10(at) {
		const session = at.hold(at.audit.on, 95, ten);
		const claim = at.bill(session, true, { lines: [line('99605', 1), line('99607', 5)] });
		at.tell(session, claim, 2, 'five add-on units on one day');
	},
	A11(at) {
		for (let visit = 0; visit < 9; visit++) {
			const session = at.hold(at.audit.on + 28 * visit, 20, ten, { type: visit === 0 ? 'cmr' : 'follow_up' });
			const claim = at.bill(session, visit === 0);
			if (visit === 8) at.tell(session, claim, '', 'ninth encounter in 365 days, programme pays eight');
		}
	},
	A19(at) {
		const session = at.hold(at.audit.on, 40, placeAmong(at.audit) > 0 ? ten + 20 : ten);
		at.tell(session, at.bill(session, true), '', 'another patient at the same time');
	},
	A20(at) {
		const session = at.hold(at.audit.on, 60, 6 * 60 + 60 * placeAmong(at.audit));
		at.tell(session, at.bill(session, true), '', 'part of a day of 780 documented minutes');
	},
	A22: wrongSession('by telephone, billed as held in the pharmacy', { method: '02' }),
	A23: wrongSession('one medicine for reflux; the programme needs three for a chronic condition', { reviewed: 1 }),
	A24(at) {
		const session = half(at);
		at.tell(session, at.bill(session, true), 2, 'level 2 billed, no problem documented');
	},
	A25(at) {
		const day = saturdayWith(at, 4);
		if (day === null) return;
		const session = at.hold(day, 30, ten);
		at.medicine(session, 1, 'vitamin D', 'supplement');
		at.tell(session, at.bill(session, true), '', 'a list without the medicines on hand in claims');
	},
	A26: wrongProblem('a problem without drug and prescriber', () => ({
		ingredient: '',
		prescriber_npi: '',
		channel: ''
	})),
	A27: wrongProblem('alendronate accepted, never filled', () => ({
		problem: 'needs_therapy',
		action: 'start',
		ingredient: 'alendronate',
		new_ingredient: 'alendronate'
	})),
	A28: wrongProblem('alendronate said to be taken again, never filled', (at) => ({
		problem: 'adherence',
		action: 'adherence_support',
		ingredient: 'alendronate',
		recipient: 'patient',
		prescriber_npi: '',
		resolved_date: iso(at.audit.on + 20)
	})),
	A29: wrongProblem('an avoided admission claimed without a reason', () => ({
		problem_detail: 'bleeding',
		severity_level: 6,
		estimated_cost_avoidance: '9200.00'
	})),
	A31: wrongSession('the same note as other patients', {
		note: 'Patient seen for comprehensive review. All medicines reviewed, patient counselled on each, understands and agrees with the plan. Will follow up as needed.'
	}),
	A32(at) {
		const session = half(at, { summarySent: at.audit.on + 40 });
		at.tell(session, at.bill(session, true), '', 'summary after 40 days');
	},
	A33: wrongSession('summary not in the standard format', { summaryStandard: 'no' }),
	A34: wrongSession('no consent', { consent: null }),
	A35(at) {
		const session = half(at, { approval: '' });
		at.tell(session, at.bill(session, true, { approval: '' }), '', 'no approval');
	},
	A36: wrongBill('Part D member billed to Medicaid (also: no Medicaid coverage on the day)', '', () => {
		const { payer, plan } = plans.find((other) => other.programme === 'medicaid')!;
		const amounts = { billed_amount: '52.00', allowed_amount: '52.00' };
		return { lines: [line('99605', 1, 52)], over: { payer, plan, program: 'medicaid', ...amounts } };
	}),
	A37(at) {
		const other = secondReview(at.audit.on);
		const first = at.hold(Math.min(at.audit.on, other), 30, ten);
		const second = at.hold(Math.max(at.audit.on, other), 30, ten);
		at.bill(first, true);
		at.tell(second, at.bill(second, false), '', 'second CMR paid in one year');
	},
	A40: wrongBill('sent 420 days after', '', (at) => ({ submitted: at.audit.on + 420 })),
	A41(at) {
		const session = at.hold(at.audit.on, 15, ten);
		at.tell(session, at.bill(session, true, { lines: [line('99605', 1, 93)] }), 1, 'paid above the fee');
	},
	A42(at) {
		const session = half(at);
		at.bill(session, true);
		const original = `B${at.one.id.slice(1)}-99`;
		const reversal = at.bill(session, true, { status: 'reversed', original, submitted: at.audit.on + 30 });
		at.tell(session, reversal, '', 'reversal of a claim that is not there');
	},
	A44(at) {
		const fill = at.dispensed.find((other) => other.on > at.audit.on + 10);
		if (!fill) return;
		const session = at.hold(fill.on, 7, ten, { type: 'education', reviewed: 1 });
		const claim = at.bill(session, true, { lines: [line('99606', 1)] });
		at.tell(session, claim, 1, '7 minutes on a day of dispensing (also: no unit by the midpoint rule)');
	}
};

/** What is wrong where session and claim are right. */
const elsewhere: Partial<Record<AuditRule, string>> = {
	A12: 'no coverage on the day',
	A13: 'opted out 10 days before',
	A14: 'died 5 days before',
	A15: 'in hospital on the day',
	A16: 'in hospice',
	A17: 'licence ended before the day',
	A18: 'excluded provider',
	A38: 'enrolled without meeting the criteria',
	A39: 'opted out without a reason'
};

/** Enrolled around the sessions only, so that nobody waits for a review in a year that has none. */
function enrolmentOf(one: Person, { rule, on }: AuditCase): Enrolment {
	const from = (rule === 'A37' ? Math.min(on, secondReview(on)) : on) - 20;
	const until = { A07: 119, A11: 224, A25: 400, A37: 98, A44: 700 }[rule as string] ?? 0;
	const met = rule !== 'A38';
	return {
		plan: one.spans[0]!.plan,
		on: from,
		met: met ? from - 5 : null,
		reason: met ? '01' : '04',
		optOut:
			rule === 'A13'
				? on - 10
				: rule === 'A14'
					? null
					: rule === 'A16'
						? one.death
						: Math.min(lastDay, on + until + 40),
		optOutReason: rule === 'A13' ? '03' : rule === 'A16' ? '01' : rule === 'A14' || rule === 'A39' ? '' : '99',
		offered: from + 10,
		channel: 'phone'
	};
}

/** Writes the enrolment, sessions and claims of a planted problem; returns what was planted. */
export function writeAudit(
	seed: number,
	one: Person,
	audit: AuditCase,
	dispensed: readonly Dispensed[],
	files: MtmFiles
): Planted[] {
	if (weekdayOf(audit.on) !== 6 || audit.on > lastDay)
		throw new Error('a planted session must be on a Saturday of the data');
	files.mtm_enrollment.row(enrollmentRow(one, enrolmentOf(one, audit)));
	const at = desk(seed, one, audit, dispensed, files);
	const plant = planters[audit.rule];
	if (plant) plant(at);
	else {
		const session = half(at);
		const claim = at.bill(session, true);
		const note = elsewhere[audit.rule];
		if (note) at.tell(session, claim, '', note);
	}
	return at.planted;
}
