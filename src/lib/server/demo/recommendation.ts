import type { Day } from '$lib/domain/day';
import { ageOn, dayOf, lastDay } from './calendar';
import type { Person } from './person';
import { pickProduct, productsOf, stepDose, type Product } from './product';
import type { Chance } from './random';
import type { Therapy } from './therapy';

export type Action =
	| 'start'
	| 'stop'
	| 'change_drug'
	| 'increase_dose'
	| 'decrease_dose'
	| 'monitor'
	| 'adherence_support'
	| 'reduce_cost'
	| 'extend_supply'
	| 'immunize';
export type Recommendation = {
	id: string;
	on: Day;
	problem: string;
	detail: string;
	action: Action;
	product: Product | null;
	therapy: Therapy | null;
	newProduct: Product | null;
	recipient: 'prescriber' | 'patient' | 'both';
	prescriber: string;
	channel: string;
	sent: Day;
	response: 'accepted' | 'modified' | 'declined' | 'no_response' | 'pending' | 'unable_to_reach' | 'withdrawn';
	answered: Day | null;
	/** Whether the demo makes the accepted change happen in later fills. */
	happens: boolean;
	changedOn: Day | null;
	severity: number;
};

type Option = {
	weight: number;
	problem: string;
	detail: string;
	action: Action;
	therapy: Therapy | null;
	product: Product | null;
	newProduct?: Product;
	recipient: Recommendation['recipient'];
};

/** What a pharmacist could find on a day, with how often it is found. */
function findings(draw: Chance, one: Person, treated: readonly Therapy[], on: Day): Option[] {
	const active = treated.filter(
		(therapy) =>
			therapy.behaviour !== 'acute' &&
			therapy.behaviour !== 'single' &&
			therapy.from + 20 <= on &&
			therapy.to >= on + 60 &&
			therapy.changes.every((change) => !(change.stop && change.on <= on + 150) && Math.abs(change.on - on) > 100)
	);
	const line = (name: string) => active.find((therapy) => therapy.line === name);
	const found: Option[] = [];
	const old = ageOn(one.birth, on) >= 65;
	if (one.conditions.has('diabetes') && !treated.some((therapy) => therapy.line === 'statin'))
		found.push({
			weight: 6,
			problem: 'needs_therapy',
			detail: 'gap_in_therapy',
			action: 'start',
			therapy: null,
			product: null,
			newProduct: pickProduct(draw, 'statin'),
			recipient: 'prescriber'
		});
	if (one.conditions.has('osteoporosis') && !treated.some((therapy) => therapy.line === 'bone'))
		found.push({
			weight: 3,
			problem: 'needs_therapy',
			detail: 'untreated_condition',
			action: 'start',
			therapy: null,
			product: null,
			newProduct: pickProduct(draw, 'bone'),
			recipient: 'prescriber'
		});
	found.push({
		weight: 1.2,
		problem: 'needs_therapy',
		detail: 'preventive_therapy',
		action: 'immunize',
		therapy: null,
		product: null,
		recipient: 'patient'
	});
	for (const therapy of active) {
		const { product } = therapy;
		const twin = active.find(
			(other) => other !== therapy && other.line === therapy.line && other.number < therapy.number
		);
		const add = (
			weight: number,
			problem: string,
			detail: string,
			action: Action,
			recipient: Option['recipient'],
			newProduct?: Product
		) =>
			found.push({
				weight,
				problem,
				detail,
				action,
				therapy,
				product,
				recipient,
				...(newProduct ? { newProduct } : {})
			});
		if (twin) add(8, 'unnecessary_therapy', 'duplication', 'stop', 'prescriber');
		if (therapy.line === 'ppi') add(1.6, 'unnecessary_therapy', 'no_indication', 'stop', 'both');
		if (therapy.line === 'nsaid' && one.conditions.has('kidney_disease'))
			add(4, 'adverse_event', 'drug_condition', 'stop', 'prescriber');
		if (therapy.line === 'benzo' && (line('opioid') || old))
			add(3, 'adverse_event', 'unsafe_in_age', 'stop', 'prescriber');
		if (old && ['bladder', 'antihistamine', 'tca', 'muscle'].includes(therapy.line))
			add(2.5, 'adverse_event', 'anticholinergic', 'stop', 'prescriber');
		if (['statin', 'rasa', 'biguanide', 'sulfonylurea', 'beta_blocker', 'ccb'].includes(therapy.line)) {
			const up = stepDose(product, true);
			const down = stepDose(product, false);
			if (up) add(1.2, 'dose_too_low', 'dose_too_low', 'increase_dose', 'prescriber', up);
			if (down) add(0.5, 'dose_too_high', 'dose_too_high', 'decrease_dose', 'prescriber', down);
			add(
				0.3,
				'ineffective_drug',
				'more_effective_available',
				'change_drug',
				'prescriber',
				pickProduct(draw, therapy.line, product)
			);
		}
		if (['drifting', 'returning', 'stopping'].includes(therapy.behaviour))
			add(5, 'adherence', 'forgets', 'adherence_support', 'patient');
		if (therapy.daysSupply < 60 && ['statin', 'rasa', 'biguanide', 'ccb', 'levothyroxine'].includes(therapy.line))
			add(1.3, 'adherence', 'access', 'extend_supply', 'both');
		if (product.isBrand) {
			const plain = productsOf(therapy.line).find(
				(other) => !other.isBrand && other.ingredients === product.ingredients && other.strength === product.strength
			);
			if (plain) add(6, 'cost', 'generic_available', 'reduce_cost', 'both', plain);
		}
		if (['warfarin', 'digoxin', 'lithium', 'levothyroxine'].includes(therapy.line))
			add(1.2, 'needs_monitoring', 'laboratory_overdue', 'monitor', 'prescriber');
	}
	return found;
}

/** Adds recommendations to a session, and what accepted ones change. */
export function recommend(
	draw: Chance,
	one: Person,
	treated: Therapy[],
	session: { id: string; on: Day; recommendations: Recommendation[] },
	count: number
): void {
	const options = findings(draw, one, treated, session.on);
	for (let number = 0; number < count && options.length > 0; number++) {
		const option = draw.weighted(options, (other) => other.weight);
		options.splice(
			0,
			options.length,
			...options.filter(
				(other) =>
					other !== option &&
					(other.therapy === null || other.therapy !== option.therapy) &&
					other.action !== option.action
			)
		);
		const sent = session.on + draw.whole(0, 2);
		const patient = option.recipient === 'patient';
		const roll = draw.unit();
		let response: Recommendation['response'] =
			roll < 0.385
				? 'accepted'
				: roll < 0.46
					? 'modified'
					: roll < 0.605
						? 'declined'
						: roll < 0.95
							? 'no_response'
							: roll < 0.98
								? 'unable_to_reach'
								: 'withdrawn';
		const wait = patient ? draw.whole(0, 3) : 1 + Math.floor(Math.min(50, draw.wait(8)));
		if (sent + wait > lastDay || (response === 'no_response' && session.on > lastDay - 30)) response = 'pending';
		else if (response === 'no_response' && draw.yes(0.12)) response = 'pending';
		const said = response === 'accepted' || response === 'modified';
		const answered = said || response === 'declined' ? sent + wait : null;
		const happens = said && draw.yes(0.72);
		const changedOn = said ? answered! + draw.whole(1, 22) : null;
		const recommendation: Recommendation = {
			id: `${session.id}-R${session.recommendations.length + 1}`,
			on: session.on,
			problem: option.problem,
			detail: option.detail,
			action: option.action,
			product: option.product,
			therapy: option.therapy,
			newProduct: option.newProduct ?? null,
			recipient: option.recipient,
			prescriber: option.therapy?.prescriber ?? one.pcp,
			channel: patient ? 'conversation' : draw.pick(['fax', 'fax', 'ehr', 'phone']),
			sent,
			response,
			answered,
			happens,
			changedOn: happens ? changedOn : null,
			severity: severityOf(draw, option)
		};
		session.recommendations.push(recommendation);
		if (!happens || changedOn === null) continue;
		const { therapy } = option;
		if (option.action === 'start')
			treated.push({
				number: treated.length,
				line: option.newProduct!.line,
				product: option.newProduct!,
				from: changedOn,
				to: dayOf(2026, 12, 31),
				behaviour: 'steady',
				daysSupply: 30,
				pharmacy: one.pharmacy,
				prescriber: one.pcp,
				changes: []
			});
		else if (therapy) {
			if (option.action === 'stop') therapy.changes.push({ on: changedOn, stop: true, why: 'mtm' });
			else if (option.action === 'extend_supply') therapy.changes.push({ on: changedOn, days: 90, why: 'mtm' });
			else if (option.action === 'adherence_support')
				therapy.changes.push({ on: changedOn, steadier: true, why: 'mtm' });
			else if (option.newProduct && option.action !== 'monitor')
				therapy.changes.push({ on: changedOn, product: option.newProduct, why: 'mtm' });
		}
	}
}

function severityOf(draw: Chance, option: Option): number {
	if (option.action === 'reduce_cost') return 2;
	if (option.problem === 'adherence') return 1;
	if (option.problem === 'adverse_event') return draw.weighted([3, 4, 5, 6], (level) => 7 - level);
	return draw.weighted([3, 4, 5], (level) => 6 - level);
}
