import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf, isoOf } from '$lib/domain/day';
import { computed, type Built, type Given } from '../cases/warehouse';

// Days covered before and after an answer, held to a walk over the calendar with a box of tablets for each ingredient.

const products = {
	atorvastatin: { ndc: '00378395005', ingredient: 'atorvastatin', measure: 'statins', least: 1 },
	lisinopril: { ndc: '00143126701', ingredient: 'lisinopril', measure: 'rasa', least: 1 },
	losartan: { ndc: '00006095154', ingredient: 'losartan', measure: 'rasa', least: 1 },
	lamivudine: { ndc: '00173047001', ingredient: 'lamivudine', measure: 'hiv', least: 2 },
	dolutegravir: { ndc: '49702022613', ingredient: 'dolutegravir', measure: 'hiv', least: 2 }
};
type Product = keyof typeof products;
const answered = dayOf('2025-06-01');
const window = 90;

const person = fc.record({
	about: fc.constantFrom(...(Object.keys(products) as Product[])),
	fills: fc.array(
		fc.record({
			product: fc.constantFrom(...(Object.keys(products) as Product[])),
			on: fc.integer({ min: -460, max: 95 }),
			days: fc.integer({ min: 1, max: 100 })
		}),
		{ maxLength: 14 }
	)
});
const people = fc.sample(person, { numRuns: 250, seed: 20251231 });

/** Days of a span on which enough ingredients of the measure are in the house. */
function walked(one: (typeof people)[number], from: number, to: number): number {
	const { measure, least } = products[one.about];
	const fills = one.fills.filter(
		(fill) => products[fill.product].measure === measure && fill.on >= -window - 365 && fill.on < window
	);
	const box = new Map<string, number>();
	let covered = 0;
	for (let day = -window - 365; day <= to; day++) {
		for (const fill of fills)
			if (fill.on === day) {
				const { ingredient } = products[fill.product];
				box.set(ingredient, (box.get(ingredient) ?? 0) + fill.days);
			}
		const onHand = [...box.values()].filter((days) => days > 0).length;
		if (day >= from && onHand >= least) covered++;
		for (const [ingredient, days] of box) box.set(ingredient, Math.max(0, days - 1));
	}
	return covered;
}

let built: Built;
beforeAll(async () => {
	const given: Given = { eligibility: [], pharmacy_claim: [], mtm_service: [], mtm_recommendation: [] };
	for (const [at, one] of people.entries()) {
		const person_id = `P${at}`;
		given.eligibility!.push({
			person_id,
			birth_date: '1950-01-01',
			enrollment_start_date: '2023-01-01',
			enrollment_end_date: '2025-12-31'
		});
		given.mtm_recommendation!.push({
			recommendation_id: person_id,
			person_id,
			identified_date: '2025-05-20',
			problem: 'adherence',
			action: 'adherence_support',
			ingredient: one.about,
			recipient: 'patient',
			response: 'accepted',
			response_date: isoOf(answered),
			barrier: 'forgets'
		});
		for (const [number, fill] of one.fills.entries())
			given.pharmacy_claim!.push({
				claim_id: `${person_id}-${number}`,
				person_id,
				dispensing_date: isoOf(answered + fill.on),
				ndc_code: products[fill.product].ndc,
				days_supply: fill.days
			});
	}
	built = await computed(given, { asOf: '2025-12-31' });
});
afterAll(() => built.close());

test('every count of covered days is that of the walk', async () => {
	const rows = await built.connection.rows('select * from adherence_around_answer');
	expect(rows.length).toBe(people.length);
	const got = new Map(rows.map((row) => [row.recommendation_id, row]));
	let told = 0;
	for (const [at, one] of people.entries()) {
		const row = got.get(`P${at}`)!;
		const { measure } = products[one.about];
		const seen = one.fills
			.filter((fill) => products[fill.product].measure === measure && fill.on >= -window - 365 && fill.on < window)
			.map((fill) => fill.on);
		const because = !seen.length ? 'no_fill' : Math.min(...seen) > -window ? 'started_later' : null;
		expect([at, row.left_out_because]).toEqual([at, because]);
		if (because) continue;
		told++;
		expect([at, row.covered_before, row.covered_after]).toEqual([
			at,
			walked(one, -window, -1),
			walked(one, 0, window - 1)
		]);
	}
	expect(told).toBeGreaterThan(100);
});
