import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf, isoOf } from '$lib/domain/day';
import { computed, type Built, type Given } from '../cases/warehouse';

// What later claims show of an answer, held to a walk over each patient's days: who holds what, what was seen when, and whether claims could have told.

type Product = { ndc: string; ingredients: string[]; amount: number | null; unit?: string };
const products: Record<string, Product> = {
	'atorvastatin 10': { ndc: '00378395005', ingredients: ['atorvastatin'], amount: 10, unit: 'mg' },
	'atorvastatin 20': { ndc: '00378395105', ingredients: ['atorvastatin'], amount: 20, unit: 'mg' },
	'lisinopril 10': { ndc: '00143126701', ingredients: ['lisinopril'], amount: 10, unit: 'mg' },
	'lisinopril 20': { ndc: '00143126801', ingredients: ['lisinopril'], amount: 20, unit: 'mg' },
	'lisinopril hctz': {
		ndc: '00143126301',
		ingredients: ['hydrochlorothiazide', 'lisinopril'],
		amount: 32.5,
		unit: 'mgmg'
	},
	'amlodipine atorvastatin': {
		ndc: '00378451305',
		ingredients: ['amlodipine', 'atorvastatin'],
		amount: 15,
		unit: 'mgmg'
	},
	'rivastigmine patch': { ndc: '00781730431', ingredients: ['rivastigmine'], amount: null },
	'rivastigmine 3': { ndc: '00078032406', ingredients: ['rivastigmine'], amount: 3, unit: 'mg' },
	'warfarin 5': { ndc: '00832121600', ingredients: ['warfarin'], amount: 5, unit: 'mg' },
	shingrix: { ndc: '58160082311', ingredients: ['varicella zoster virus glycoprotein e'], amount: null },
	varivax: { ndc: '00006482600', ingredients: ['varicella-zoster virus vaccine live (oka-merck) strain'], amount: null }
};
const names = Object.keys(products);
/** Medicines that are often taken for each other, so that doses and prices have something to be compared with. */
const families = [names.slice(0, 2), names.slice(2, 5), names.slice(0, 6), names.slice(6, 8), names];
const texts = [
	'atorvastatin',
	'lisinopril',
	'Lisinopril; hydrochlorothiazide',
	'rivastigmine',
	'warfarin',
	'zoster vaccine',
	'no such medicine',
	null
];
/** By action: what must be seen, in how many days, and the days that claims need to come in. */
const rules = {
	start: { window: 60, runOut: 30 },
	change_drug: { window: 60, runOut: 30 },
	stop: { window: 60, runOut: 30 },
	increase_dose: { window: 60, runOut: 30 },
	decrease_dose: { window: 60, runOut: 30 },
	extend_supply: { window: 60, runOut: 30 },
	adherence_support: { window: 30, runOut: 30 },
	reduce_cost: { window: 60, runOut: 30 },
	monitor: { window: 60, runOut: 90 },
	immunize: { window: 60, runOut: 90 },
	educate: null
};
type Action = keyof typeof rules;
const watched: Record<string, Record<string, string[]>> = {
	monitor: {
		atorvastatin: [],
		warfarin: ['85610', '93793', '34714-6', '46418-0', '5902-2', '6301-6'],
		lisinopril: ['80048', '2160-0']
	},
	immunize: { 'zoster vaccine': ['90736', '90750'] }
};
const asOf = dayOf('2025-12-31');

const around = (from: number, to: number) => fc.integer({ min: from, max: to });
const person = fc.constantFrom(...families).chain((family) =>
	fc.record({
		action: fc.constantFrom(...(Object.keys(rules) as Action[])),
		about: fc.constantFrom(...texts),
		proposed: fc.constantFrom(null, ...texts),
		answered: fc.oneof(around(asOf - 400, asOf), around(asOf - 160, asOf - 20)),
		days: fc.oneof({ weight: 4, arbitrary: around(0, 30) }, { weight: 1, arbitrary: fc.constant(null) }),
		span: fc.oneof(
			{ weight: 4, arbitrary: fc.constant('whole' as const) },
			{ weight: 1, arbitrary: fc.constant('none' as const) },
			{ weight: 2, arbitrary: fc.record({ from: around(-10, 5), to: around(20, 130), gap: fc.option(around(-5, 70)) }) }
		),
		pharmacy: fc.boolean().chain((is) => (is ? fc.constant(true) : fc.constantFrom(true, true, false))),
		medical: fc.constantFrom(true, true, true, false),
		fills: fc.array(
			fc.record({
				product: fc.constantFrom(...family),
				on: fc.oneof(around(-380, 130), around(-60, 61), fc.constantFrom(-366, -365, -1, 0, 30, 31, 60, 61)),
				days: fc.constantFrom(1, 14, 30, 30, 60, 83, 84, 90),
				quantity: fc.constantFrom(30, 60, 90, 0, null),
				price: fc.constantFrom(5, 10, 10, 200, null)
			}),
			{ maxLength: 9 }
		),
		tests: fc.array(
			fc.record({
				code: fc.constantFrom('85610', '34714-6', '80048', '2160-0', '90750', '90662'),
				on: fc.oneof(around(-30, 90), fc.constantFrom(-1, 0, 60, 61))
			}),
			{ maxLength: 3 }
		)
	})
);
type Person = ReturnType<(typeof person)['generate']>['value'];
const people = fc.sample(person, { numRuns: 3000, seed: 20261123 });

const partsOf = (text: string | null) =>
	(text ?? '')
		.toLowerCase()
		.split(/[;+/|]/)
		.map((part) => part.trim())
		.filter((part) => part !== '');
const known = new Set(Object.values(products).flatMap((one) => one.ingredients));
const isKnown = (text: string | null) => partsOf(text).length > 0 && partsOf(text).every((part) => known.has(part));
const holds = (fill: Fill, text: string | null) =>
	isKnown(text) && partsOf(text).every((part) => fill.product.ingredients.includes(part));

type Fill = { id: string; product: Product; on: number; days: number; a_day: number | null; price: number | null };
const identifiedOf = (one: Person) => one.answered - (one.days ?? 0);
/** Spans of the roster, each with both ends, on days of the calendar. */
function spansOf({ span, answered }: Person): [from: number, to: number][] {
	if (span === 'whole') return [[dayOf('2023-01-01'), dayOf('2026-12-31')]];
	if (span === 'none') return [];
	const [from, to] = [answered + span.from, answered + span.to];
	if (span.gap === null || answered + span.gap <= from || answered + span.gap >= to) return [[from, to]];
	return [
		[from, answered + span.gap - 1],
		[answered + span.gap + 1, to]
	];
}
const fillsOf = (one: Person, at: number): Fill[] =>
	one.fills
		.map((fill, number) => {
			const product = products[fill.product]!;
			return {
				id: `P${at}-F${number}`,
				product,
				on: one.answered + fill.on,
				days: fill.days,
				a_day: product.amount !== null && fill.quantity ? (product.amount * fill.quantity) / fill.days : null,
				price: fill.price === null ? null : fill.price / fill.days
			};
		})
		.filter((fill) => fill.on <= asOf)
		.sort((a, b) => a.on - b.on || (a.id < b.id ? -1 : 1));

/** The last day of the supply that the fills before the answer leave, a box emptied day by day; null where there is none. */
function lastDay(before: Fill[]): number | null {
	if (before.length === 0) return null;
	let [box, last] = [0, before[0]!.on];
	for (let day = before[0]!.on; day < before.at(-1)!.on + 4000; day++) {
		for (const fill of before) if (fill.on === day) box += fill.days;
		if (box > 0) last = day;
		box = Math.max(0, box - 1);
	}
	return last;
}

type Judged = [verified: string, claim: string | null, on: string | null];
function judged(one: Person, at: number): Judged {
	const rule = rules[one.action];
	if (!rule) return ['not_checkable', null, null];
	const { action, answered } = one;
	const target =
		action === 'start' || action === 'reduce_cost'
			? (one.proposed ?? one.about)
			: action === 'change_drug'
				? one.proposed
				: action === 'monitor' || action === 'immunize'
					? (one.about ?? one.proposed)
					: one.about;
	const fills = fillsOf(one, at);
	const isBefore = (fill: Fill) => fill.on >= answered - 365 && fill.on < answered;
	const compared = ['increase_dose', 'decrease_dose', 'reduce_cost'].includes(action);
	const before = fills.filter((fill) => isBefore(fill) && holds(fill, compared ? one.about : target));
	const supplied = action === 'stop' ? lastDay(before) : null;
	const end = Math.max(answered, supplied ?? answered) + rule.window;
	const inside = (on: number) => on >= answered && on <= Math.min(end, asOf);
	const later = fills.filter((fill) => inside(fill.on) && holds(fill, target));

	const codes = watched[action]?.[target ?? ''];
	const events: { id: string | null; on: number }[] = [];
	let isJudgeable = isKnown(target);
	let isBlurred = false;
	if (action === 'monitor' || action === 'immunize') {
		isJudgeable = codes !== undefined;
		for (const [number, test] of one.tests.entries())
			if (codes?.includes(test.code) && inside(answered + test.on))
				events.push({ id: test.code.includes('-') ? null : `P${at}-M${number}`, on: answered + test.on });
		if (action === 'immunize' && codes)
			for (const fill of fills)
				if (inside(fill.on) && fill.product === products.shingrix) events.push({ id: fill.id, on: fill.on });
	} else if (action === 'stop') {
		isJudgeable &&= supplied !== null;
		events.push(...later);
	} else if (action === 'increase_dose' || action === 'decrease_dose') {
		const last = before.findLast((fill) => fill.a_day !== null);
		isJudgeable &&= last !== undefined;
		for (const fill of last ? later : []) {
			const same = fill.product.ingredients.join() === last!.product.ingredients.join();
			if (fill.a_day === null || (same && fill.product.unit !== last!.product.unit)) isBlurred = true;
			else if (
				same &&
				(action === 'increase_dose' ? fill.a_day > last!.a_day! * 1.01 : fill.a_day < last!.a_day! * 0.99)
			)
				events.push(fill);
		}
	} else if (action === 'reduce_cost') {
		const last = before.findLast((fill) => fill.price !== null);
		isJudgeable &&= last !== undefined;
		for (const fill of last ? later : []) {
			if (fill.price === null) isBlurred = true;
			else if (fill.price < last!.price! * 0.99) events.push(fill);
		}
	} else if (action === 'extend_supply') events.push(...later.filter((fill) => fill.days >= 84));
	else events.push(...later);

	if (!isJudgeable) return ['not_checkable', null, null];
	if (events.length > 0) {
		const first = Math.min(...events.map((event) => event.on));
		const claims = events.filter((event) => event.id !== null);
		claims.sort((a, b) => a.on - b.on || (a.id! < b.id! ? -1 : 1));
		return [action === 'stop' ? 'no' : 'yes', claims[0]?.id ?? null, isoOf(first)];
	}
	const needs =
		action === 'monitor' ? [one.medical] : action === 'immunize' ? [one.medical, one.pharmacy] : [one.pharmacy];
	const spans = spansOf(one);
	let isTold = needs.every(Boolean) && spans.length > 0;
	for (let day = answered; day <= Math.min(end, asOf); day++)
		isTold &&= spans.some(([from, to]) => from <= day && day <= to);
	if (spans.length === 0) isTold = fills.length > 0 && action !== 'monitor' && action !== 'immunize';
	if (!isTold || isBlurred) return ['not_checkable', null, null];
	if (end + rule.runOut > asOf) return ['too_early', null, null];
	return [action === 'stop' ? 'yes' : 'no', null, null];
}

let built: Built;
beforeAll(async () => {
	const given: Given = {
		eligibility: [],
		pharmacy_claim: [],
		medical_claim: [],
		lab_result: [],
		mtm_service: [],
		mtm_recommendation: []
	};
	for (const [at, one] of people.entries()) {
		const person_id = `P${at}`;
		for (const [from, to] of spansOf(one))
			given.eligibility!.push({
				person_id,
				birth_date: '1950-01-01',
				enrollment_start_date: isoOf(from),
				enrollment_end_date: isoOf(to),
				pharmacy_coverage: one.pharmacy,
				medical_coverage: one.medical
			});
		given.mtm_recommendation!.push({
			recommendation_id: person_id,
			person_id,
			identified_date: isoOf(identifiedOf(one)),
			problem: 'needs_therapy',
			action: one.action,
			ingredient: one.about,
			new_ingredient: one.proposed,
			recipient: 'prescriber',
			response: 'accepted',
			response_date: one.days === null ? null : isoOf(one.answered)
		});
		for (const [number, fill] of one.fills.entries())
			given.pharmacy_claim!.push({
				claim_id: `${person_id}-F${number}`,
				person_id,
				dispensing_date: isoOf(one.answered + fill.on),
				ndc_code: products[fill.product]!.ndc,
				days_supply: fill.days,
				quantity: fill.quantity,
				allowed_amount: fill.price
			});
		for (const [number, { code, on }] of one.tests.entries()) {
			const date = isoOf(one.answered + on);
			if (code.includes('-'))
				given.lab_result!.push({ person_id, normalized_component_code: code, collection_datetime: `${date} 09:00:00` });
			else
				given.medical_claim!.push({
					claim_id: `${person_id}-M${number}`,
					person_id,
					claim_start_date: date,
					hcpcs_code: code
				});
		}
	}
	built = await computed(given, { asOf: '2025-12-31', only: ['recommendation_verified'] });
}, 120_000);
afterAll(() => built.close());

test('what claims show of every answer, by which claim and when, is that of the walk', async () => {
	const rows = await built.connection.rows(
		'select recommendation_id, verified, verified_by_claim_id as claim, verified_on::varchar as on_day from recommendation_verified'
	);
	expect(rows.length).toBe(people.length);
	const got = new Map(rows.map((row) => [row.recommendation_id, row]));
	const differs = [];
	const seen = new Map<string, number>();
	for (const [at, one] of people.entries()) {
		const row = got.get(`P${at}`)!;
		const wanted = judged(one, at);
		const told = [row.verified, row.claim, row.on_day];
		if (wanted.join() !== told.join()) differs.push({ at, one, wanted, told });
		const key = `${one.action} ${wanted[0]}`;
		seen.set(key, (seen.get(key) ?? 0) + 1);
	}
	expect(differs.slice(0, 3)).toEqual([]);
	for (const action of Object.keys(rules))
		for (const verified of action === 'educate' ? ['not_checkable'] : ['yes', 'no', 'too_early', 'not_checkable'])
			expect([action, verified, seen.get(`${action} ${verified}`) ?? 0]).toEqual([
				action,
				verified,
				expect.toSatisfy((count: number) => count >= 2)
			]);
});
