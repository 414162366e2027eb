import { type Day } from '$lib/domain/day';
import { coverageEnd, dayOf, firstDay, lastDay } from './calendar';
import { coveredOn, usualPharmacy, type Person } from './person';
import { pickProduct, stepDose, type Product } from './product';
import { chance, type Chance } from './random';
import { harbor, prescriberFor, type Pharmacy, type Specialty } from './world';

/** How someone refills: the demo's latent types. */
export type Behaviour =
	'steady' | 'ninety' | 'early' | 'drifting' | 'returning' | 'stopping' | 'switching' | 'single' | 'acute';

/** A change of a treatment on a day: another product, an end, or longer supplies. */
export type Change = { on: Day; product?: Product; stop?: true; days?: number; steadier?: true; why: string };

/** One line of treatment of one person, as it is meant to go. */
export type Therapy = {
	number: number;
	line: string;
	product: Product;
	from: Day;
	to: Day;
	behaviour: Behaviour;
	daysSupply: number;
	pharmacy: Pharmacy;
	prescriber: string;
	changes: Change[];
};

export type Fill = {
	therapy: Therapy;
	product: Product;
	on: Day;
	days: number;
	quantity: number;
	fillNumber: number;
	refillsRemaining: number;
	prescription: string;
	pharmacy: Pharmacy;
};

/** The shares of refill behaviour among lasting treatments. */
export const behaviourShares: readonly [Behaviour, number][] = [
	['steady', 30],
	['ninety', 37],
	['early', 9],
	['drifting', 6],
	['returning', 7.5],
	['stopping', 7.5],
	['switching', 3],
	['single', 1.5]
];
const good = new Set<Behaviour>(['steady', 'ninety', 'early', 'switching']);

const lineSpecialty: Record<string, Specialty> = {
	sacval: 'cardiology',
	doac: 'cardiology',
	glp1: 'endocrinology',
	insulin: 'endocrinology',
	copd: 'pulmonology',
	antipsychotic: 'psychiatry',
	lithium: 'psychiatry',
	opioid: 'pain medicine',
	arv: 'infectious disease',
	arv_third: 'infectious disease',
	arv_whole: 'infectious disease'
};
/** Lines given for thirty days at a time only. */
const monthly = new Set([
	'opioid',
	'benzo',
	'zdrug',
	'insulin',
	'glp1',
	'copd',
	'saba',
	'arv',
	'arv_third',
	'arv_whole'
]);
/** Taken less steadily than most (several a day, effects felt). */
const forDiabetes = new Set(['biguanide', 'sulfonylurea', 'dpp4', 'tzd', 'sglt2', 'meglitinide', 'glp1']);
const asNeeded = new Set(['opioid', 'benzo', 'zdrug', 'saba', 'muscle', 'nsaid', 'antihistamine']);

/** Lines a person is treated with, from the conditions: [line, chance]. */
function* indicated(one: Person): Generator<[string, number]> {
	const has = (condition: Parameters<typeof one.conditions.has>[0]) => one.conditions.has(condition);
	if (has('dyslipidemia')) yield ['statin', 0.84];
	if (has('hypertension') || has('heart_failure')) {
		yield ['rasa', 0.7];
		yield ['beta_blocker', has('heart_failure') || has('atrial_fibrillation') ? 0.7 : 0.22];
		yield ['ccb', 0.3];
		yield ['thiazide', 0.2];
	}
	if (has('heart_failure')) {
		yield ['loop', 0.7];
		yield ['sacval', 0.12];
		yield ['potassium', 0.3];
		yield ['digoxin', 0.06];
	}
	if (has('diabetes')) {
		yield ['biguanide', 0.7];
		yield ['sulfonylurea', 0.28];
		yield ['dpp4', 0.14];
		yield ['sglt2', 0.2];
		yield ['tzd', 0.06];
		yield ['glp1', 0.13];
		yield ['insulin', 0.2];
		yield ['meglitinide', 0.01];
		if (!has('dyslipidemia')) yield ['statin', 0.5];
	}
	if (has('atrial_fibrillation')) {
		yield ['doac', 0.66];
		yield ['warfarin', 0.18];
	}
	if (has('copd')) {
		yield ['copd', 0.75];
		yield ['saba', 0.6];
	}
	if (has('asthma')) {
		yield ['saba', 0.7];
		yield ['copd', 0.35];
	}
	if (has('depression')) {
		yield ['ssri', 0.55];
		yield ['snri', 0.25];
		yield ['tca', 0.06];
	}
	if (has('anxiety')) {
		yield ['benzo', 0.4];
		yield ['ssri', 0.35];
		yield ['antihistamine', 0.12];
	}
	if (has('schizophrenia')) {
		yield ['antipsychotic', 0.9];
		yield ['lithium', 0.15];
	}
	if (has('hypothyroidism')) yield ['levothyroxine', 0.95];
	if (has('reflux')) yield ['ppi', 0.75];
	if (has('osteoarthritis')) {
		yield ['nsaid', 0.3];
		yield ['opioid', 0.06];
	}
	if (has('osteoporosis')) yield ['bone', 0.55];
	if (has('kidney_disease')) yield ['loop', 0.15];
	if (has('dementia')) yield ['dementia', 0.65];
	if (has('epilepsy')) yield ['antiepileptic', 0.9];
	if (has('hiv')) {
		yield ['arv', 0.72];
		yield ['arv_whole', 0.2];
	}
	if (has('chronic_pain')) {
		yield ['opioid', 0.4];
		yield ['gabapentin', 0.5];
		yield ['muscle', 0.2];
		yield ['tca', 0.1];
	}
	if (has('overactive_bladder')) yield ['bladder', 0.75];
	if (has('insomnia')) yield ['zdrug', 0.5];
	if (has('gout')) yield ['allopurinol', 0.7];
	if (has('prostate')) yield ['tamsulosin', 0.6];
	if (has('heart_failure') || has('diabetes')) yield ['antiplatelet', 0.12];
}

function drawBehaviour(draw: Chance, one: Person, usual: Behaviour | null, line = ''): Behaviour {
	if (usual && draw.yes(0.5)) return usual;
	const lift = Math.exp(0.35 * one.bent) * (forDiabetes.has(line) ? 0.45 : line.startsWith('arv') ? 4 : 1);
	return draw.weighted(behaviourShares, ([kind, share]) => (good.has(kind) ? share * lift : share))[0];
}

/** What a person is treated with and how, before anything MTM changes. */
export function therapies(seed: number, one: Person): Therapy[] {
	const draw = chance(seed, 2, one.number);
	const list: Therapy[] = [];
	const taken = new Set<string>();
	const usual = drawBehaviour(draw, one, null);
	const add = (line: string) => {
		if (taken.has(line)) return;
		if ((line === 'warfarin' && taken.has('doac')) || (line === 'sacval' && taken.has('rasa') && draw.yes(0.9))) return;
		if (line === 'arv_whole' && taken.has('arv')) return;
		taken.add(line);
		const product = pickProduct(draw, line);
		const behaviour = drawBehaviour(draw, one, usual, line);
		const late = draw.unit();
		// Most treatments stand when the data begin; the others start later.
		const from = late < 0.8 ? firstDay + draw.whole(0, 89) : firstDay + draw.whole(60, 960);
		const lasting = !asNeeded.has(line);
		const ninety =
			lasting && !monthly.has(line) && (behaviour === 'ninety' || (behaviour !== 'early' && draw.yes(0.22)));
		const specialty = lineSpecialty[line];
		list.push({
			number: list.length,
			line,
			product,
			from,
			to: lasting ? coverageEnd : Math.min(coverageEnd, from + draw.whole(20, 700)),
			behaviour: behaviour === 'ninety' && !ninety ? 'steady' : behaviour,
			daysSupply: ninety ? (draw.yes(0.9) ? 90 : 100) : draw.yes(0.95) ? 30 : 28,
			pharmacy: ninety ? usualPharmacy(one, true) : draw.yes(0.92) ? one.pharmacy : one.secondPharmacy,
			prescriber: specialty && draw.yes(0.7) ? prescriberFor(draw, specialty, one.number) : one.pcp,
			changes: []
		});
	};
	for (const [line, share] of indicated(one)) if (draw.yes(share)) add(line);
	if (taken.has('arv')) add('arv_third');
	// A second product of one line now and then: a duplication to be found.
	for (const line of ['statin', 'rasa', 'ppi', 'ssri', 'benzo'])
		if (taken.has(line) && draw.yes(0.012)) {
			const first = list.find((therapy) => therapy.line === line)!;
			list.push({
				...first,
				number: list.length,
				product: pickProduct(draw, line, first.product),
				from: Math.max(first.from, firstDay + draw.whole(100, 800)),
				pharmacy: one.secondPharmacy,
				behaviour: 'steady',
				changes: []
			});
		}
	for (const therapy of list) {
		const inside = (from: number, to: number) => therapy.from + draw.whole(from, to);
		if (therapy.behaviour === 'stopping') therapy.changes.push({ on: inside(40, 1000), stop: true, why: 'behaviour' });
		if (therapy.behaviour === 'switching')
			therapy.changes.push({
				on: inside(60, 900),
				product: pickProduct(draw, therapy.line, therapy.product),
				why: 'behaviour'
			});
		if (draw.yes(0.08)) {
			const next = stepDose(therapy.product, draw.yes(0.8));
			if (next) therapy.changes.push({ on: inside(45, 900), product: next, why: 'dose' });
		}
		therapy.changes.sort((a, b) => a.on - b.on);
	}
	for (let year = 2024; year <= 2026; year++)
		if (draw.yes(0.22)) {
			const from = dayOf(year, 1, 1) + draw.whole(0, 364);
			list.push({
				number: list.length,
				line: 'antibiotic',
				product: pickProduct(draw, 'antibiotic'),
				from,
				to: from,
				behaviour: 'acute',
				daysSupply: draw.pick([5, 7, 10, 10]),
				pharmacy: one.pharmacy,
				prescriber: one.pcp,
				changes: []
			});
		}
	return list;
}

/** How MTM and the world bear on refills. */
export type Bearing = {
	/** Days in hospital or nursing facility, on which nobody goes to a store. */
	away: (day: Day) => Day | null;
	/** From this day a completed review makes someone steadier; null when none. */
	steadierFrom: Day | null;
	/** Share of lateness that a review takes away. */
	steadier: number;
};

/** Share of statin refills at Harbor from August 2026 that do not come when due. */
const harborMissed = 0.62;
const harborFrom = dayOf(2026, 8, 1);

function delay(draw: Chance, behaviour: Behaviour, fills: number, as: string): number {
	if (asNeeded.has(as)) return draw.whole(-2, 9) + (draw.yes(0.2) ? draw.whole(5, 40) : 0);
	if (behaviour === 'early') return -draw.whole(3, 8);
	const chanceOf = draw.unit();
	if (behaviour === 'drifting') return draw.whole(0, 4) + Math.min(22, Math.round(fills * 1.3));
	if (behaviour === 'returning' && chanceOf < 0.3) return draw.whole(18, 60);
	if (chanceOf < 0.64) return -draw.whole(0, 4);
	if (chanceOf < 0.88) return draw.whole(0, 3);
	return chanceOf < 0.985 ? draw.whole(3, 12) : draw.whole(14, 50);
}

/** The fills of a treatment, as dispensed, in order. */
export function fillsOf(seed: number, one: Person, therapy: Therapy, bearing: Bearing): Fill[] {
	const draw = chance(seed, 3, one.number, therapy.number);
	const fills: Fill[] = [];
	let product = therapy.product;
	let days = therapy.daysSupply;
	let prescription = 0;
	let left = 0;
	let fillNumber = 0;
	let last: Product | null = null;
	let behaviour = therapy.behaviour;
	let due = therapy.from;
	let stock = therapy.from;
	let change = 0;
	const end = Math.min(therapy.to, lastDay, one.death === null ? lastDay : one.death - 1);
	const copied = [...therapy.changes].sort((a, b) => a.on - b.on);
	for (let guard = 0; guard < 400; guard++) {
		let on = due;
		if (fills.length > 0) {
			let late = delay(draw, behaviour, fills.length, therapy.line);
			const missed =
				therapy.pharmacy === harbor && therapy.line === 'statin' && on + late >= harborFrom && draw.yes(harborMissed);
			if (missed) late += draw.whole(30, 90);
			else if (late > 3 && bearing.steadierFrom !== null && on >= bearing.steadierFrom)
				late = Math.round(late * (1 - bearing.steadier));
			on += late;
			const before = fills[fills.length - 1]!.on;
			// What a review changed is dispensed anew when it is decided, not when the old supply ends.
			const decided = copied[change];
			if (decided && decided.why === 'mtm' && (decided.product || decided.days) && decided.on > before)
				on = Math.min(on, decided.on);
			if (on <= before) on = before + 1;
		}
		let stopped = false;
		while (change < copied.length && copied[change]!.on <= on) {
			const next = copied[change++]!;
			if (next.stop) {
				const prevented =
					next.why === 'behaviour' &&
					bearing.steadierFrom !== null &&
					next.on >= bearing.steadierFrom &&
					draw.yes(bearing.steadier);
				if (!prevented) stopped = true;
			}
			if (next.product) product = next.product;
			if (next.days) days = next.days;
			if (next.steadier) behaviour = 'steady';
		}
		if (stopped) break;
		const back = bearing.away(on);
		if (back !== null) on = back + 1;
		if (on > end) break;
		if (!coveredOn(one, on)) {
			const next = one.spans.find((span) => span.from > on);
			if (!next) break;
			due = next.from + draw.whole(0, 12);
			if (due <= on) due = on + 1;
			continue;
		}
		if (product !== last || left === 0) {
			prescription++;
			left = days >= 84 ? draw.pick([3, 3, 1]) : draw.pick([11, 5, 5, 2]);
			if (monthly.has(therapy.line) && asNeeded.has(therapy.line)) left = draw.pick([0, 0, 2, 5]);
			if (therapy.behaviour === 'acute') left = 0;
			fillNumber = 0;
		} else {
			left--;
			fillNumber++;
		}
		last = product;
		const filled = therapy.behaviour !== 'acute' && fills.length === 0 && days >= 84 && draw.yes(0.25) ? 30 : days;
		fills.push({
			therapy,
			product,
			on,
			days: filled,
			quantity: Math.max(1, Math.round(product.unitsPerDay * filled * 10) / 10),
			fillNumber,
			refillsRemaining: left,
			prescription: `RX${String(one.number + 1).padStart(7, '0')}${String(therapy.number).padStart(2, '0')}${String(prescription).padStart(2, '0')}`,
			pharmacy: therapy.pharmacy
		});
		if (behaviour === 'acute' || behaviour === 'single') break;
		// Supply on hand carries over; who stockpiles comes before the last fill is used up, others when all is.
		stock = Math.max(stock, on) + filled;
		due = behaviour === 'early' && stock - on - filled < 45 ? on + filled : stock;
	}
	return fills;
}
