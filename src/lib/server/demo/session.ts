import type { Day } from '$lib/domain/day';
import { clock, iso, isoOrNone } from './calendar';
import type { Cell, MtmFiles } from './files';
import type { Person } from './person';
import type { Session } from './programme';
import type { Chance } from './random';
import type { Therapy } from './therapy';
import { pharmacist, slotOf, type Pharmacist } from './world';

/** How a session was held, by its pharmacist and programme. */
export type Held = {
	pharmacist: Pharmacist;
	setting: string;
	method: '01' | '02' | '03';
	pharmacyNpi: string;
};
export function heldBy(draw: Chance, seed: number, one: Person, session: Session): Held {
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

/** The medicines that a comprehensive review lists: those `active`, and what the patient buys without a prescription. */
export function writeMedicines(draw: Chance, session: Session, active: readonly Therapy[], files: MtmFiles): void {
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

/** What a session documents to have been done. */
export function writeElements(draw: Chance, session: Session, files: MtmFiles): void {
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
}
