import { iso, isoOrNone, lastDay } from './calendar';
import type { Dispensed } from './dispense';
import type { Cell, MtmFiles } from './files';
import { biller, type ClaimTruth } from './mtm_claim';
import type { Person } from './person';
import type { Enrolment, Programme, Session } from './programme';
import { chance, type Chance } from './random';
import type { Recommendation } from './recommendation';
import { heldBy, instant, noteOf, serviceRow, writeElements, writeMedicines } from './session';
import type { Therapy } from './therapy';
import { verify, type Verified } from './verification';

export type MtmTruth = ClaimTruth & {
	enrolments: number;
	completedCmrs: number;
	recommendations: Record<string, number>;
	verified: Record<Verified, number>;
};

/** One row of mtm_enrollment. */
export const enrollmentRow = (one: Person, enrolment: Enrolment): Cell[] => [
	one.id,
	enrolment.plan.contract,
	enrolment.plan.programme,
	iso(enrolment.on),
	isoOrNone(enrolment.met),
	enrolment.reason,
	isoOrNone(enrolment.optOut),
	enrolment.optOutReason,
	one.conditions.has('dementia') ? 'yes' : 'no',
	one.institution ? 'yes' : 'no',
	isoOrNone(enrolment.offered),
	enrolment.offered === null ? '' : enrolment.channel,
	'demo'
];

/** Writes a person's MTM rows; returns one line of truth for each recommendation that was accepted. */
export function writeProgramme(
	seed: number,
	one: Person,
	programme: Programme,
	treated: readonly Therapy[],
	dispensed: readonly Dispensed[],
	files: MtmFiles,
	truth: MtmTruth
): Cell[][] {
	const draw = chance(seed, 11, one.number);
	const told: Cell[][] = [];
	for (const enrolment of programme.enrolments) {
		files.mtm_enrollment.row(enrollmentRow(one, enrolment));
		truth.enrolments++;
	}
	const bill = biller(draw, one, files, truth);
	for (const session of programme.sessions) {
		const held = heldBy(draw, seed, one, session);
		const completed = session.status === 'completed';
		const cmr = completed && session.type === 'cmr';
		const contact = completed && session.type !== 'tmr';
		const medicaid = session.plan.programme === 'medicaid';
		const active = treated.filter(
			(therapy) =>
				therapy.from <= session.on &&
				therapy.to >= session.on &&
				therapy.behaviour !== 'acute' &&
				!therapy.changes.some((change) => change.stop && change.on <= session.on)
		);
		const late = draw.unit();
		const summary = cmr && late < 0.975 ? session.on + (late < 0.93 ? draw.whole(1, 13) : draw.whole(15, 32)) : null;
		const toPrescriber = session.recommendations.some((item) => item.recipient !== 'patient');
		const documentedOn = session.on + (draw.yes(0.04) ? draw.whole(1, 2) : 0);
		const approval = medicaid && completed ? `PA${String(one.number).padStart(7, '0')}` : '';
		if (cmr) truth.completedCmrs++;
		files.mtm_service.row(
			serviceRow(one, session, held, {
				reviewed: cmr
					? active.length
					: contact
						? Math.min(active.length, draw.whole(1, 3))
						: session.type === 'tmr'
							? active.length
							: '',
				summarySent: summary !== null && summary <= lastDay ? summary : null,
				summaryStandard: summary === null ? '' : draw.yes(0.975) ? 'yes' : 'no',
				planSent: completed && toPrescriber ? session.on + draw.whole(0, 4) : null,
				consent: medicaid && completed ? session.on : null,
				approval,
				documented: completed
					? instant(documentedOn, Math.min(1435, session.start + session.minutes + draw.whole(2, 90)))
					: session.status === 'scheduled'
						? ''
						: instant(session.on, session.start + 5),
				note: completed ? noteOf(draw, `${active.length} medicines, ${session.recommendations.length} problems.`) : '',
				recipient: !completed
					? ''
					: session.type === 'tmr'
						? '02'
						: one.conditions.has('dementia') && draw.yes(0.6)
							? '03'
							: '01'
			})
		);
		if (cmr) writeMedicines(draw, session, active, files);
		if (contact && (session.type === 'cmr' || session.type === 'follow_up')) writeElements(draw, session, files);
		for (const item of session.recommendations) {
			const line = writeRecommendation(draw, one, session, item, dispensed, files, truth);
			if (line) told.push(line);
		}
		if (session.type === 'cmr' && draw.yes(0.3))
			writeOpportunity(draw, one, session, active[0]?.product.ingredients.split(';')[0] ?? '', files);
		if (contact) bill(session, held, documentedOn, approval);
	}
	return told;
}

/** Writes a recommendation; gives its line of truth when it was accepted, else null. */
function writeRecommendation(
	draw: Chance,
	one: Person,
	session: Session,
	item: Recommendation,
	dispensed: readonly Dispensed[],
	files: MtmFiles,
	truth: MtmTruth
): Cell[] | null {
	truth.recommendations[item.response] = (truth.recommendations[item.response] ?? 0) + 1;
	const said = item.response === 'accepted' || item.response === 'modified';
	const done = said
		? item.happens
			? draw.yes(0.85)
				? 'yes'
				: 'unknown'
			: draw.yes(0.3)
				? 'no'
				: 'unknown'
		: item.response === 'declined'
			? 'no'
			: 'unknown';
	const resolved = done === 'yes' ? (draw.yes(0.8) ? 'yes' : 'partly') : done === 'no' ? 'no' : 'unknown';
	const resolvedOn = resolved === 'yes' ? item.answered! + draw.whole(5, 70) : null;
	const doneOn = done === 'yes' ? (item.changedOn ?? item.answered! + 7) : null;
	files.mtm_recommendation.row([
		item.id,
		session.id,
		one.id,
		iso(item.on),
		item.problem,
		item.detail,
		item.action,
		item.product?.ndc ?? '',
		item.product?.ingredients ?? (item.action === 'immunize' ? 'influenza vaccine' : item.newProduct!.ingredients),
		item.newProduct?.ingredients ?? '',
		item.recipient,
		item.recipient === 'patient' ? '' : item.prescriber,
		item.channel,
		iso(item.sent),
		item.response,
		isoOrNone(item.answered),
		item.response === 'declined'
			? draw.pick([
					'prescriber prefers current therapy',
					'patient prefers current therapy',
					'not clinically relevant',
					'will reassess at next visit'
				])
			: '',
		done,
		isoOrNone(doneOn !== null && doneOn <= lastDay ? doneOn : null),
		resolvedOn !== null && resolvedOn > lastDay ? 'unknown' : resolved,
		isoOrNone(resolvedOn !== null && resolvedOn <= lastDay ? resolvedOn : null),
		item.problem === 'adherence'
			? draw.pick(['cost', 'side_effects', 'forgets', 'forgets', 'beliefs', 'access', 'understanding'])
			: item.problem === 'cost'
				? 'cost'
				: '',
		item.problem === 'adherence'
			? draw.pick(['pill box', 'refill reminder', 'synchronised refills', 'longer supply', 'education', 'blister pack'])
			: '',
		item.severity,
		[0, 40, 120, 180, 90, 750, 9200][item.severity]!.toFixed(2),
		item.severity >= 5 || draw.yes(0.5) ? noteOf(draw, `Because of ${item.detail.replaceAll('_', ' ')}.`) : '',
		'demo'
	]);
	if (!said) return null;
	const shown = verify(item, dispensed);
	truth.verified[shown.verified]++;
	return [
		item.id,
		one.id,
		item.action,
		item.product?.ingredients ?? '',
		item.newProduct?.ingredients ?? '',
		isoOrNone(item.answered),
		item.happens ? 'yes' : 'no',
		isoOrNone(item.changedOn),
		shown.verified,
		shown.claim,
		isoOrNone(shown.on)
	];
}

/** What the plan asked for, before the session that took it up (or did not). */
function writeOpportunity(draw: Chance, one: Person, session: Session, ingredient: string, files: MtmFiles): void {
	const completed = session.status === 'completed';
	const opened = session.on - draw.whole(10, 50);
	const status = completed
		? 'completed'
		: session.status === 'scheduled'
			? 'in_progress'
			: opened + 90 < lastDay
				? 'expired'
				: 'open';
	files.mtm_opportunity.row([
		`O${session.id.slice(1)}`,
		one.id,
		session.plan.payer,
		draw.pick(['adherence', 'needs_therapy', 'cost', 'adverse_event']),
		ingredient,
		one.pharmacy.npi,
		iso(opened),
		iso(opened + 90),
		status,
		completed ? session.id : '',
		'demo'
	]);
}
