import { yearOf, type Day } from '$lib/domain/day';
import { ageOn, coverageEnd, dayOf, firstDay, lastDay, monthEnd } from './calendar';
import { chance, type Chance } from './random';
import { inventName, mailOrder, places, plans, prescriberFor, stores, type Pharmacy, type Plan } from './world';

export type Condition =
	| 'hypertension'
	| 'dyslipidemia'
	| 'diabetes'
	| 'heart_failure'
	| 'atrial_fibrillation'
	| 'copd'
	| 'asthma'
	| 'depression'
	| 'anxiety'
	| 'schizophrenia'
	| 'hypothyroidism'
	| 'reflux'
	| 'osteoarthritis'
	| 'osteoporosis'
	| 'kidney_disease'
	| 'esrd'
	| 'dementia'
	| 'epilepsy'
	| 'hiv'
	| 'chronic_pain'
	| 'overactive_bladder'
	| 'insomnia'
	| 'gout'
	| 'prostate';

/** One stretch of coverage under one plan; both days count. */
export type Span = { from: Day; to: Day; plan: Plan };

export type Person = {
	number: number;
	id: string;
	memberId: string;
	birth: Day;
	sex: 'female' | 'male';
	race: string;
	first: string;
	last: string;
	language: string;
	place: (typeof places)[number];
	address: string;
	phone: string;
	doNotContact: boolean;
	dual: boolean;
	lowIncome: boolean;
	disabled: boolean;
	institution: boolean;
	death: Day | null;
	hospice: Day | null;
	spans: Span[];
	/** Latent need: standard normal; drives conditions, stays and so entry into MTM. */
	need: number;
	/** Latent bent to take medicines as planned: standard normal. */
	bent: number;
	conditions: Set<Condition>;
	pharmacy: Pharmacy;
	usesMail: boolean;
	secondPharmacy: Pharmacy;
	pcp: string;
	/** Whether the plan's medical claims are there at all. */
	medical: boolean;
};

/** The day numbers of a person's coverage: true when covered. */
export const coveredOn = (person: Person, day: Day): Span | undefined =>
	person.spans.find((span) => span.from <= day && day <= span.to);

/** Chance of each condition at 72 years and middling need, and how it grows with age (per decade) and need (log odds). */
const burden: readonly [Condition, number, number, number][] = [
	['hypertension', 0.62, 0.35, 0.55],
	['dyslipidemia', 0.58, 0.15, 0.5],
	['diabetes', 0.26, 0.05, 0.6],
	['heart_failure', 0.07, 0.6, 1.0],
	['atrial_fibrillation', 0.08, 0.6, 0.6],
	['copd', 0.09, 0.15, 0.8],
	['asthma', 0.06, -0.1, 0.4],
	['depression', 0.14, -0.15, 0.6],
	['anxiety', 0.1, -0.2, 0.4],
	['schizophrenia', 0.012, -0.3, 0.5],
	['hypothyroidism', 0.14, 0.1, 0.2],
	['reflux', 0.18, 0.05, 0.4],
	['osteoarthritis', 0.26, 0.35, 0.35],
	['osteoporosis', 0.09, 0.5, 0.15],
	['kidney_disease', 0.09, 0.5, 0.8],
	['esrd', 0.007, 0, 0.8],
	['dementia', 0.045, 0.95, 0.5],
	['epilepsy', 0.02, 0, 0.4],
	['hiv', 0.005, -0.4, 0.1],
	['chronic_pain', 0.09, -0.1, 0.7],
	['overactive_bladder', 0.07, 0.3, 0.2],
	['insomnia', 0.06, 0, 0.3],
	['gout', 0.04, 0.1, 0.3],
	['prostate', 0.12, 0.3, 0.1]
];

function drawConditions(draw: Chance, age: number, sex: 'female' | 'male', need: number): Set<Condition> {
	const found = new Set<Condition>();
	for (const [condition, share, byAge, byNeed] of burden) {
		let odds = Math.log(share / (1 - share)) + byAge * ((age - 72) / 10) + byNeed * need;
		if (condition === 'osteoporosis') odds += sex === 'female' ? 0.5 : -1.6;
		if (condition === 'prostate') odds += sex === 'female' ? -30 : 0.7;
		if (condition === 'heart_failure' && found.has('hypertension')) odds += 0.5;
		if (condition === 'kidney_disease' && found.has('diabetes')) odds += 0.8;
		if (condition === 'dyslipidemia' && found.has('diabetes')) odds += 0.9;
		if (draw.yes(1 / (1 + Math.exp(-odds)))) found.add(condition);
	}
	if (found.has('esrd')) found.add('kidney_disease');
	return found;
}

function drawCoverage(draw: Chance, plan: Plan, end: Day): Span[] {
	const starts = draw.unit();
	let from = firstDay;
	if (starts > 0.94) from = dayOf(draw.whole(2024, 2026), draw.whole(2, 9), 1);
	else if (starts > 0.84) from = dayOf(draw.pick([2025, 2026]), 1, 1);
	const spans: Span[] = [];
	let to = Math.max(from, end);
	if (draw.yes(0.045)) to = Math.min(to, monthEnd(from + draw.whole(100, 900)));
	let current = plan;
	const others = plans.filter((one) => one.programme === plan.programme && one !== plan);
	for (let year = yearOf(from); year <= yearOf(to); year++) {
		if (year > yearOf(from) && others.length > 0 && draw.yes(0.045))
			current = draw.weighted(others, (one) => one.share);
		const start = Math.max(from, dayOf(year, 1, 1));
		const stop = Math.min(to, dayOf(year, 12, 31));
		if (draw.yes(0.01) && stop - start > 300) {
			const lapse = monthEnd(start + draw.whole(40, 160));
			const back = monthEnd(lapse + draw.whole(20, 110)) + 1;
			spans.push({ from: start, to: lapse, plan: current }, { from: back, to: stop, plan: current });
		} else spans.push({ from: start, to: stop, plan: current });
	}
	return spans.filter((span) => span.from <= span.to);
}

/** Patient number `number` of a seed; nothing but these two decides who it is. */
export function person(seed: number, number: number): Person {
	const draw = chance(seed, 1, number);
	const plan = draw.weighted(plans, (one) => one.share);
	const disabled = plan.payerType === 'medicare' && draw.yes(0.13);
	let age: number;
	if (plan.programme === 'medicaid') age = draw.whole(21, 62);
	else if (plan.programme === 'commercial') age = draw.whole(23, 61);
	else if (disabled) age = draw.whole(34, 62);
	else age = Math.min(97, 65 + Math.floor(draw.wait(8.6)));
	// 1 in 400 is a child: the age rule has something to leave out.
	if (plan.programme !== 'part_d' && draw.yes(0.04)) age = draw.whole(9, 16);
	const birth = dayOf(2024 - age, draw.whole(1, 12), draw.whole(1, 28)) - 1;
	const sex = draw.yes(0.55) ? 'female' : 'male';
	const need = draw.normal() + (disabled ? 0.7 : 0) + (plan.programme === 'medicaid' ? 0.7 : 0);
	const bent = draw.normal();
	const name = inventName(draw, sex);
	const race = draw.weighted(
		[
			['white', 74],
			['black', 10],
			['hispanic', 6],
			['asian', 5],
			['american indian or alaska native', 1.5],
			['other race', 1.5],
			['unknown', 2]
		] as const,
		(one) => one[1]
	)[0];
	const language =
		race === 'hispanic' && draw.yes(0.55)
			? 'es'
			: race === 'asian' && draw.yes(0.5)
				? draw.pick(['hmn', 'vi', 'zh'])
				: race === 'black' && draw.yes(0.15)
					? 'so'
					: 'en';
	const dual = plan.payerType === 'medicare' && draw.yes(disabled ? 0.45 : 0.12);
	const lowIncome = dual || (plan.payerType === 'medicare' && draw.yes(0.08));

	let death: Day | null = null;
	for (let year = 2024; year <= 2026 && death === null; year++) {
		const risk = 0.006 * Math.exp(0.078 * (ageOn(birth, dayOf(year, 1, 1)) - 60)) * Math.exp(0.35 * need);
		if (draw.yes(Math.min(0.4, risk))) {
			const day = dayOf(year, 1, 1) + draw.whole(0, 364);
			if (day > firstDay + 30 && day <= lastDay) death = day;
			else break;
		}
	}
	const hospice = death !== null && draw.yes(0.3) ? death - draw.whole(5, 70) : null;
	// Half of those who die stay on the roster to the end of the month: who reads it must clip.
	const end = death === null ? coverageEnd : draw.yes(0.5) ? death : monthEnd(death);
	let spans = drawCoverage(draw, plan, end);
	if (death !== null && spans[0]!.from > death) spans = [{ from: firstDay, to: end, plan }];
	const conditions = drawConditions(draw, age, sex, need);
	const pharmacy = draw.weighted(stores, (one) => one.weight);
	return {
		number,
		id: `D${String(number + 1).padStart(7, '0')}`,
		memberId: `M${String(10_000_001 + number)}`,
		birth,
		sex,
		race,
		first: name.first,
		last: name.last,
		language,
		place: draw.yes(0.6)
			? (places.find((one) => one.zip === pharmacy.zip) ?? draw.weighted(places, (one) => one.weight))
			: draw.weighted(places, (one) => one.weight),
		address: `${draw.whole(1, 999)} Example Street`,
		phone: draw.yes(0.08) ? '' : `555-01${String(draw.whole(0, 99)).padStart(2, '0')}`,
		doNotContact: draw.yes(0.01),
		dual,
		lowIncome,
		disabled,
		institution: age >= 65 && draw.yes(0.02),
		death,
		hospice,
		spans,
		need,
		bent,
		conditions,
		pharmacy,
		usesMail: draw.yes(0.11),
		secondPharmacy: draw.yes(0.75) ? pharmacy : draw.weighted(stores, (one) => one.weight),
		pcp: prescriberFor(draw, draw.yes(0.6) ? 'family medicine' : 'internal medicine', number),
		medical: plan.medical
	};
}

/** The mail order pharmacy for people who use it, else their usual store. */
export const usualPharmacy = (one: Person, mail: boolean): Pharmacy =>
	mail && one.usesMail ? mailOrder : one.pharmacy;
