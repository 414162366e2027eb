import { yearOf, type Day } from '$lib/domain/day';
import { iso, isoOrNone, lastDay } from './calendar';
import type { Cell, MtmFiles } from './files';
import type { Person } from './person';
import type { Session } from './programme';
import type { Chance } from './random';
import type { Held } from './session';
import type { Programme } from './world';

/** Contract fees by programme, code and year of service, in dollars a unit. */
export const fees: Record<Programme, Record<string, readonly [number, number]>> = {
	part_d: { '99605': [60, 62], '99606': [40, 42], '99607': [20, 21] },
	medicaid: { '99605': [52, 52], '99606': [34, 34], '99607': [24, 24] },
	commercial: { '99605': [70, 70], '99606': [45, 45], '99607': [25, 25] }
};
/** The fee of a unit on a day: the second column holds from 1 January 2025. */
export const feeOn = (programme: Programme, code: string, on: Day): number =>
	fees[programme][code]![yearOf(on) >= 2025 ? 1 : 0];

/** Fifteen-minute units of a session by the midpoint rule: the first from 8 minutes, each further one from 15n + 8. */
export const unitsOf = (minutes: number): number => (minutes < 8 ? 0 : Math.floor((minutes - 8) / 15) + 1);

export type BilledLine = { code: string; units: number; paid?: number };
/** The lines of one MTM claim; `over` changes single cells (by column) of every line. */
export function claimRows(
	one: Person,
	session: Session,
	held: Held,
	claim: {
		id: string;
		lines: readonly BilledLine[];
		status: 'paid' | 'denied' | 'reversed' | 'pending';
		denial?: string;
		original?: string;
		submitted: Day;
		paidOn: Day | null;
		format: '837p' | 'ncpdp';
		approval: string;
	},
	over: Record<string, Cell> = {}
): Cell[][] {
	return claim.lines.map((line, at) => {
		const fee = feeOn(session.plan.programme, line.code, session.on) * line.units;
		const paid = claim.status === 'paid' ? (line.paid ?? fee) : claim.status === 'reversed' ? -fee : 0;
		const ncpdp = claim.format === 'ncpdp';
		const values: Record<string, Cell> = {
			claim_id: claim.id,
			claim_line_number: at + 1,
			person_id: one.id,
			service_id: session.id,
			payer: session.plan.payer,
			plan: session.plan.plan,
			program: session.plan.programme,
			service_date: iso(session.on),
			procedure_code: line.code,
			modifier: '',
			units: line.units,
			pharmacist_npi: held.pharmacist.npi,
			pharmacy_npi: held.pharmacyNpi,
			place_of_service_code:
				held.method === '01' ? (held.setting === 'clinic' ? '11' : '01') : held.method === '02' ? '10' : '02',
			diagnosis_code: 'Z79899',
			billed_amount: fee.toFixed(2),
			allowed_amount: fee.toFixed(2),
			paid_amount: paid.toFixed(2),
			patient_paid_amount: '0.00',
			claim_status: claim.status,
			denial_reason: claim.denial ?? '',
			original_claim_id: claim.original ?? '',
			submitted_date: iso(claim.submitted),
			paid_date: isoOrNone(claim.paidOn),
			claim_format: claim.format,
			reason_for_service: ncpdp ? 'MS' : '',
			professional_service: ncpdp ? 'MR' : '',
			result_of_service: ncpdp
				? session.recommendations.some((item) => item.answered !== null && item.response !== 'declined')
					? '3A'
					: '3B'
				: '',
			level_of_effort: ncpdp
				? session.minutes < 15
					? '12'
					: session.minutes < 30
						? '13'
						: session.minutes < 60
							? '14'
							: '15'
				: '',
			approval_number: claim.approval,
			data_source: 'demo',
			...over
		};
		return Object.values(values);
	});
}

/** Lines for a session by the midpoint rule: 99605 for a new patient, else 99606; 99607 for each further quarter hour. */
export function linesFor(minutes: number, isNew: boolean): BilledLine[] {
	const units = unitsOf(minutes);
	if (units === 0) return [];
	const lines: BilledLine[] = [{ code: isNew ? '99605' : '99606', units: 1 }];
	if (units > 1) lines.push({ code: '99607', units: Math.min(4, units - 1) });
	return lines;
}

/** What the truth says of MTM claims. */
export type ClaimTruth = { claims: number; neverBilled: number };

/** Bills one person's sessions, in their order; each as it is documented on a day, under an approval where the programme asks for one. */
export function biller(draw: Chance, one: Person, files: MtmFiles, truth: ClaimTruth) {
	let seen = false;
	const billedOn: Day[] = [];
	let claims = 0;
	return (session: Session, held: Held, documentedOn: Day, approval: string): void => {
		const isNew = !seen;
		seen = true;
		const billable =
			held.setting !== 'call_center' && ['cmr', 'follow_up', 'adherence', 'transition_of_care'].includes(session.type);
		const lines = linesFor(session.minutes, isNew);
		if (!billable || lines.length === 0) return;
		if (billedOn.filter((day) => day > session.on - 365).length >= 7) return;
		const submitted = documentedOn + draw.whole(2, 24);
		const roll = draw.unit();
		if (submitted > lastDay || roll < 0.04) {
			truth.neverBilled++;
			return;
		}
		billedOn.push(session.on);
		const paidOn = submitted + draw.whole(8, 26);
		const denied = roll < 0.09;
		const status = denied ? 'denied' : paidOn > lastDay ? 'pending' : 'paid';
		const id = () => `B${one.id.slice(1)}-${++claims}`;
		const format = held.setting === 'community_pharmacy' && held.pharmacist.at % 4 === 0 ? 'ncpdp' : '837p';
		const claim = { id: id(), lines, submitted, format, approval } as const;
		const write = (rows: Cell[][]) => {
			for (const row of rows) files.mtm_claim.row(row);
			truth.claims++;
		};
		if (status === 'paid' && draw.yes(0.01) && paidOn + 20 < lastDay) {
			// Sent, paid, taken back and sent again: nets to one payment.
			write(claimRows(one, session, held, { ...claim, status: 'paid', paidOn }));
			write(
				claimRows(one, session, held, {
					...claim,
					id: id(),
					status: 'reversed',
					original: claim.id,
					paidOn: paidOn + 5,
					submitted: paidOn + 3
				})
			);
			const again = paidOn + 20;
			write(
				claimRows(one, session, held, {
					...claim,
					id: id(),
					status: again + 12 > lastDay ? 'pending' : 'paid',
					submitted: again,
					paidOn: again + 12 > lastDay ? null : again + 12
				})
			);
		} else
			write(
				claimRows(one, session, held, {
					...claim,
					status,
					...(denied
						? {
								denial: draw.pick([
									'member not found',
									'missing modifier',
									'provider not enrolled',
									'service not covered',
									'incomplete documentation'
								])
							}
						: {}),
					paidOn: status === 'pending' ? null : paidOn <= lastDay ? paidOn : null
				})
			);
	};
}
