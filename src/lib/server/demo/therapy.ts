import type { Day } from '$lib/domain/day';
import { coverageEnd, dayOf, firstDay } from './calendar';
import { usualPharmacy, type Person } from './person';
import { pickProduct, stepDose, type Product } from './product';
import { chance, type Chance } from './random';
import { prescriberFor, type Pharmacy, type Specialty } from './world';

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
export const monthly = new Set([
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
export const asNeeded = new Set(['opioid', 'benzo', 'zdrug', 'saba', 'muscle', 'nsaid', 'antihistamine']);

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
