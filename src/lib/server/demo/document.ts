import { yearOf, type Day } from '$lib/domain/day';
import { clock, iso, isoOrNone, lastDay } from './calendar';
import type { Dispensed } from './dispense';
import type { Cell, DemoFile } from './files';
import type { Person } from './person';
import type { Enrolment, Programme, Recommendation, Session } from './programme';
import { chance, type Chance } from './random';
import type { Therapy } from './therapy';
import { pharmacist, slotOf, type Pharmacist, type Programme as ProgrammeKind } from './world';

export type MtmFiles = Record<
	| 'mtm_enrollment'
	| 'mtm_service'
	| 'mtm_medication'
	| 'mtm_service_element'
	| 'mtm_recommendation'
	| 'mtm_opportunity'
	| 'mtm_claim',
	DemoFile
>;

/** Contract fees by programme, code and year of service, in dollars a unit. */
export const fees: Record<ProgrammeKind, Record<string, readonly [number, number]>> = {
	part_d: { '99605': [60, 62], '99606': [40, 42], '99607': [20, 21] },
	medicaid: { '99605': [52, 52], '99606': [34, 34], '99607': [24, 24] },
	commercial: { '99605': [70, 70], '99606': [45, 45], '99607': [25, 25] }
};
/** The fee of a unit on a day: the second column holds from 1 January 2025. */
export const feeOn = (programme: ProgrammeKind, code: string, on: Day): number =>
	fees[programme][code]![yearOf(on) >= 2025 ? 1 : 0];

/** Fifteen-minute units of a session by the midpoint rule: the first from 8 minutes, each further one from 15n + 8. */
export const unitsOf = (minutes: number): number => (minutes < 8 ? 0 : Math.floor((minutes - 8) / 15) + 1);

const elements: readonly [string, number, number][] = [
	['medical_history', 0.95, 0],
	['medication_list', 0.99, 0],
	['otc_and_supplements', 0.9, 0.03],
	['allergies', 0.96, 0],
	['lab_results', 0.6, 0.15],
	['objectives', 0.7, 0],
	['indication_reviewed', 0.95, 0],
	['effectiveness_reviewed', 0.92, 0],
	['safety_reviewed', 0.94, 0],
	['adherence_reviewed', 0.96, 0],
	['problems', 0.97, 0],
	['education', 0.93, 0],
	['understanding_checked', 0.78, 0.02],
	['schedule_simplified', 0.4, 0.35],
	['adherence_strategy', 0.5, 0.3],
	['monitoring_plan', 0.7, 0.1],
	['goals', 0.75, 0],
	['goal_met', 0.4, 0.3],
	['action_plan', 0.92, 0],
	['follow_up_plan', 0.72, 0.05],
	['team_communication', 0.66, 0.15]
];
const otc = ['acetaminophen', 'ibuprofen', 'naproxen', 'diphenhydramine', 'loratadine', 'famotidine', 'docusate'];
const supplements = ['vitamin D', 'fish oil', 'calcium', 'magnesium', 'turmeric', 'multivitamin', 'melatonin'];
const indications: Record<string, string> = {
	statin: 'high cholesterol',
	rasa: 'high blood pressure',
	biguanide: 'diabetes',
	sulfonylurea: 'diabetes',
	dpp4: 'diabetes',
	sglt2: 'diabetes',
	insulin: 'diabetes',
	glp1: 'diabetes',
	doac: 'atrial fibrillation',
	ppi: 'reflux',
	ssri: 'depression',
	copd: 'COPD',
	levothyroxine: 'hypothyroidism'
};

const phrases: readonly (readonly string[])[] = [
	'Met at the counter,Reached by phone in the morning,Reached by phone after lunch,Daughter joined the call,Spoke while the pill box was open,Talked through a long list,Calm and well prepared,Had every bottle at hand,Had no list ready,Wanted to keep it short,Was glad of the call,Asked many questions'.split(
		','
	),
	'takes tablets with breakfast,keeps bottles by the sink,uses a weekly box,forgets evening doses,skips doses when travelling,splits tablets to save,takes all at night,misses weekends,sets a phone alarm,relies on a neighbour,mixes old and new bottles,never misses a dose'.split(
		','
	),
	'Reports light dizziness on standing,No side effects,Some muscle aches after walking,Dry cough at night,Stomach upset after tablets,Sleeps poorly,Ankles swell by evening,Tired in the mornings,Appetite is down,Headaches twice a week,Bruises easily,Feels well'.split(
		','
	),
	'Worries about cost,Worries about kidneys,Wants fewer tablets,Wants to know what each is for,Plans a move,Changed doctors,Lost weight this year,Walks daily,Lives alone,Cares for a spouse,Cooks without salt,Likes grapefruit'.split(
		','
	),
	'Explained what each medicine does,Went over timing,Compared with the last list,Removed two old entries,Marked what to take when,Wrote the plan in large print,Used the teach-back method,Checked the inhaler,Checked the meter,Looked at feet and shoes,Talked about falls,Talked about vaccines'.split(
		','
	)
];
/** A note that no other session has. */
export function noteOf(draw: Chance, extra: string): string {
	const first = `${draw.pick(phrases[0]!)}; ${draw.pick(phrases[1]!)}.`;
	const rest = [draw.pick(phrases[2]!), draw.pick(phrases[3]!), draw.pick(phrases[4]!)];
	const turned = draw.yes(0.5) ? rest : [rest[2]!, rest[0]!, rest[1]!];
	return `${first} Pressure ${draw.whole(104, 176)}/${draw.whole(52, 98)}, pulse ${draw.whole(51, 102)}. ${turned.join('. ')}. ${extra}`.trim();
}

/** How a session was held, by its pharmacist and programme. */
export type Held = {
	pharmacist: Pharmacist;
	setting: string;
	method: '01' | '02' | '03';
	pharmacyNpi: string;
};
function heldBy(draw: Chance, seed: number, one: Person, session: Session): Held {
	const who = pharmacist(seed, slotOf(one.number).pharmacist);
	const programme = session.plan.programme;
	const setting = programme === 'medicaid' && who.setting === 'call_center' ? 'clinic' : who.setting;
	const method =
		programme === 'medicaid'
			? '01'
			: setting === 'call_center'
				? draw.yes(0.93)
					? '02'
					: '03'
				: draw.yes(0.4)
					? '01'
					: draw.yes(0.9)
						? '02'
						: '03';
	return { pharmacist: who, setting, method, pharmacyNpi: setting === 'call_center' ? '' : who.store.npi };
}

export const instant = (on: Day, minutes: number) =>
	`${iso(on + Math.floor(minutes / 1440))} ${clock(minutes % 1440)}:00`;

/** One row of mtm_service. */
export function serviceRow(
	one: Person,
	session: Session,
	held: Held,
	more: {
		reviewed: number | '';
		summarySent: Day | null;
		summaryStandard: '' | 'yes' | 'no';
		planSent: Day | null;
		consent: Day | null;
		approval: string;
		documented: string;
		note: string;
		recipient: string;
		timed?: boolean;
	}
): Cell[] {
	const timed = session.status === 'completed' && more.timed !== false;
	return [
		session.id,
		one.id,
		session.plan.contract,
		session.plan.programme,
		session.type,
		iso(session.on),
		session.status,
		session.statusReason,
		held.method,
		held.setting,
		held.pharmacist.providerType,
		held.pharmacist.npi,
		held.pharmacyNpi,
		more.recipient,
		timed ? instant(session.on, session.start) : '',
		timed ? instant(session.on, session.start + session.minutes) : '',
		timed ? session.minutes : '',
		more.reviewed,
		isoOrNone(more.summarySent),
		more.summaryStandard,
		isoOrNone(more.planSent),
		isoOrNone(more.consent),
		more.approval,
		one.language,
		session.followUpOf,
		isoOrNone(session.followUpDue),
		more.documented,
		'',
		more.note,
		'demo'
	];
}

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

export type Verified = 'yes' | 'no' | 'too_early' | 'not_checkable';
/** Days in which claims must show an accepted change, and the run-out of pharmacy claims. */
const windowDays = 60;
const runOutDays = 30;

/** What claims through the last day show of an accepted recommendation, and the claim that shows it. */
export function verify(
	item: Recommendation,
	dispensed: readonly Dispensed[]
): { verified: Verified; claim: string; on: Day | null } {
	const answered = item.answered;
	const known = dispensed.filter((one) => !one.ndc.startsWith('99999'));
	const none = (end: Day): { verified: Verified; claim: string; on: Day | null } => ({
		verified: end + runOutDays > lastDay ? 'too_early' : 'no',
		claim: '',
		on: null
	});
	const unseen = { verified: 'not_checkable' as const, claim: '', on: null };
	if (answered === null) return unseen;
	const inside = known.filter((one) => one.on >= answered && one.on <= answered + windowDays);
	const yes = (one: Dispensed) => ({ verified: 'yes' as const, claim: one.claimId, on: one.on });
	const holds = (one: Dispensed, ingredients: string) =>
		ingredients.split(';').every((name) => one.fill.product.ingredients.split(';').includes(name));
	const product = item.product;
	/** Fills of the medicine in the year before the answer: what the change is told from. */
	const before = known.filter(
		(one) => one.on < answered && one.on >= answered - 365 && holds(one, product?.ingredients ?? '')
	);
	const last = before[before.length - 1];
	switch (item.action) {
		case 'start':
		case 'change_drug': {
			const hit = inside.find((one) => holds(one, item.newProduct!.ingredients));
			return hit ? yes(hit) : none(answered + windowDays);
		}
		case 'reduce_cost': {
			if (!last) return unseen;
			const price = (one: Dispensed) => (one.fill.product.unitPrice * one.quantity + 1.75) / one.days;
			const hit = inside.find((one) => holds(one, item.newProduct!.ingredients) && price(one) < price(last) * 0.99);
			return hit ? yes(hit) : none(answered + windowDays);
		}
		case 'increase_dose':
		case 'decrease_dose': {
			if (!last) return unseen;
			const dose = (one: Dispensed) =>
				(one.fill.product.strength.split(';').reduce((sum, part) => sum + Number.parseFloat(part), 0) * one.quantity) /
				one.days;
			const up = item.action === 'increase_dose';
			const hit = inside.find(
				(one) =>
					one.fill.product.ingredients === last.fill.product.ingredients &&
					(up ? dose(one) > dose(last) * 1.01 : dose(one) < dose(last) * 0.99)
			);
			return hit ? yes(hit) : none(answered + windowDays);
		}
		case 'extend_supply': {
			const hit = inside.find((one) => one.days >= 84 && holds(one, product!.ingredients));
			return hit ? yes(hit) : none(answered + windowDays);
		}
		case 'stop': {
			if (!last) return unseen;
			// The first day without supply: an early refill starts when the earlier supply ends.
			let empty = 0;
			for (const one of before) empty = Math.max(empty, one.on) + one.days;
			const end = Math.max(answered, empty - 1) + windowDays;
			const again = known.find((one) => one.on >= answered && one.on <= end && holds(one, product!.ingredients));
			if (again) return { verified: 'no', claim: again.claimId, on: again.on };
			return { verified: end + runOutDays > lastDay ? 'too_early' : 'yes', claim: '', on: null };
		}
		case 'adherence_support': {
			const hit = known.find(
				(one) => one.on >= answered && one.on <= answered + 30 && holds(one, product!.ingredients)
			);
			return hit ? yes(hit) : none(answered + 30);
		}
		default:
			return unseen;
	}
}

export type MtmTruth = {
	enrolments: number;
	completedCmrs: number;
	recommendations: Record<string, number>;
	verified: Record<Verified, number>;
	claims: number;
	neverBilled: number;
};

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
	let seen = false;
	const billedOn: Day[] = [];
	let claims = 0;
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
		if (cmr) {
			let line = 0;
			for (const therapy of active) {
				if (draw.yes(0.03)) continue;
				const problem = session.recommendations.find((item) => item.therapy === therapy);
				files.mtm_medication.row([
					session.id,
					++line,
					therapy.product.ndc,
					therapy.product.ingredients,
					therapy.product.brandName,
					'rx',
					indications[therapy.line] ?? '',
					problem?.problem === 'unnecessary_therapy' ? 'no' : 'yes',
					problem?.problem === 'ineffective_drug' || problem?.problem === 'dose_too_low'
						? 'no'
						: draw.yes(0.9)
							? 'yes'
							: 'not_assessed',
					problem?.problem === 'adverse_event' || problem?.problem === 'dose_too_high'
						? 'no'
						: draw.yes(0.93)
							? 'yes'
							: 'not_assessed',
					problem?.problem === 'adherence' ? 'no' : draw.yes(0.92) ? 'yes' : 'not_assessed',
					!problem
						? 'continue'
						: problem.action === 'stop'
							? 'stop'
							: ['monitor', 'adherence_support'].includes(problem.action)
								? 'continue'
								: 'change',
					'demo'
				]);
			}
			for (let extra = draw.whole(0, 2); extra > 0; extra--) {
				const isOtc = draw.yes(0.5);
				const name = draw.pick(isOtc ? otc : supplements);
				files.mtm_medication.row([
					session.id,
					++line,
					'',
					isOtc ? name : '',
					name,
					isOtc ? 'otc' : 'supplement',
					'',
					'not_assessed',
					'not_assessed',
					'yes',
					'not_assessed',
					'continue',
					'demo'
				]);
			}
		}
		if (contact && (session.type === 'cmr' || session.type === 'follow_up'))
			for (const [element, share, notApplicable] of elements) {
				if (session.type === 'follow_up' && draw.yes(0.55)) continue;
				const roll = draw.unit();
				if (roll > share + notApplicable + 0.06) continue;
				files.mtm_service_element.row([
					session.id,
					element,
					roll < share ? 'yes' : roll < share + notApplicable ? 'not_applicable' : 'no',
					'',
					'',
					'demo'
				]);
			}
		for (const item of session.recommendations) {
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
					? draw.pick([
							'pill box',
							'refill reminder',
							'synchronised refills',
							'longer supply',
							'education',
							'blister pack'
						])
					: '',
				item.severity,
				[0, 40, 120, 180, 90, 750, 9200][item.severity]!.toFixed(2),
				item.severity >= 5 || draw.yes(0.5) ? noteOf(draw, `Because of ${item.detail.replaceAll('_', ' ')}.`) : '',
				'demo'
			]);
			if (said) {
				const shown = verify(item, dispensed);
				truth.verified[shown.verified]++;
				told.push([
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
				]);
			}
		}
		// What the plan asked for, before the session that took it up (or did not).
		if (session.type === 'cmr' && draw.yes(0.3)) {
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
				active[0]?.product.ingredients.split(';')[0] ?? '',
				one.pharmacy.npi,
				iso(opened),
				iso(opened + 90),
				status,
				completed ? session.id : '',
				'demo'
			]);
		}
		if (contact) {
			const isNew = !seen;
			seen = true;
			const billable =
				held.setting !== 'call_center' &&
				['cmr', 'follow_up', 'adherence', 'transition_of_care'].includes(session.type);
			const lines = linesFor(session.minutes, isNew);
			if (!billable || lines.length === 0) continue;
			if (billedOn.filter((day) => day > session.on - 365).length >= 7) continue;
			const submitted = documentedOn + draw.whole(2, 24);
			const roll = draw.unit();
			if (submitted > lastDay || roll < 0.04) {
				truth.neverBilled++;
				continue;
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
		}
	}
	return told;
}
