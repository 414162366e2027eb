import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf, isoOf } from '$lib/domain/day';
import { computed, type Given } from '../cases/warehouse';

// Chronic conditions by claims, held to a look at each claim and the days before it.

const asOf = dayOf('2026-08-31');
const rules = {
	diabetes: { code: 'E11.9', strong: ['11', '41', '18', '21', '32', '33', '34'], others: 2, months: 24 },
	hypertension: { code: 'I10', strong: ['11', '41', '18', '21', '32', '33', '34'], others: 2, months: 12 },
	anxiety_disorders: { code: 'F41.1', strong: ['11', '41'], others: 2, months: 24 },
	acute_myocardial_infarction: { code: 'I21.4', strong: ['11', '41'], others: Infinity, months: 12 },
	cataract: { code: 'H25.11', strong: [] as string[], others: 1, months: 12 }
};
type Condition = keyof typeof rules;

/** The same day of the month so many months before, or that month's last. */
function back(day: number, months: number): number {
	const [year, month, date] = isoOf(day).split('-').map(Number) as [number, number, number];
	const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
	return Date.UTC(year, month - 1 - months, Math.min(date, last)) / 86_400_000;
}

const person = fc.record({
	condition: fc.constantFrom(...(Object.keys(rules) as Condition[])),
	claims: fc.array(
		fc.record({
			on: fc.oneof(
				fc.integer({ min: -1200, max: 3 }),
				fc
					.constantFrom(back(asOf, 12), back(asOf, 12) - 1, back(asOf, 24), back(asOf, 24) - 1, asOf)
					.map((day) => day - asOf)
			),
			bill: fc.constantFrom(null, null, null, '131', '111', '0211', '321', '411'),
			fate: fc.constantFrom('paid', 'paid', 'paid', 'denied', 'voided', 'two lines'),
			other: fc.boolean()
		}),
		{ maxLength: 5 }
	)
});
const people = fc.sample(person, { numRuns: 1500, seed: 11 });

test('each condition, its first and last day, its claims, since when it holds and whether it still does', async () => {
	const given: Given = { medical_claim: [], eligibility: [] };
	for (const [at, one] of people.entries())
		for (const [number, claim] of one.claims.entries()) {
			const row = {
				claim_id: `C${at}-${number}`,
				person_id: `P${at}`,
				claim_start_date: isoOf(asOf + claim.on),
				bill_type_code: claim.bill,
				claim_status: claim.fate === 'denied' ? 'denied' : 'paid',
				...(claim.other
					? { diagnosis_code_1: 'Z00.00', diagnosis_code_7: rules[one.condition].code }
					: { diagnosis_code_1: rules[one.condition].code.replace('.', '').toLowerCase() })
			};
			given.medical_claim!.push(row);
			if (claim.fate === 'two lines')
				given.medical_claim!.push({ ...row, claim_line_number: 2, diagnosis_code_1: null, diagnosis_code_7: null });
			if (claim.fate === 'voided')
				given.medical_claim!.push({
					...row,
					claim_id: `${row.claim_id}-v`,
					claim_status: 'reversed',
					original_claim_id: row.claim_id
				});
		}
	const built = await computed(given, { asOf: isoOf(asOf), only: ['condition'] });
	const rows = await built.connection.rows<Record<string, unknown>>('select * from condition');
	const got = new Map(rows.map((row) => [`${row.patient_id} ${row.condition}`, row]));
	let seen = 0;
	for (const [at, { condition, claims }] of people.entries()) {
		const { strong, others, months } = rules[condition];
		const own = claims.filter((claim) => claim.on <= 0 && !['denied', 'voided'].includes(claim.fate));
		const days = [...new Set(own.map((claim) => asOf + claim.on))].sort((a, b) => a - b);
		const holdsOn = (day: number, isStrong: (claim: (typeof own)[number]) => boolean) =>
			own.some((claim) => isStrong(claim) && strong.includes((claim.bill ?? '').replace(/^0/, '').slice(0, 2))) ||
			days.filter((each) => each >= back(day, months) && each <= day).length >= others;
		const held = days.find((day) => holdsOn(day, (claim) => asOf + claim.on === day));
		const wanted =
			held === undefined
				? undefined
				: {
						first_on: isoOf(days[0]!),
						last_on: isoOf(days.at(-1)!),
						claims: own.length,
						qualified_on: isoOf(held),
						is_current: holdsOn(asOf, (claim) => asOf + claim.on >= back(asOf, months))
					};
		const row = got.get(`P${at} ${condition}`);
		if (!wanted) expect([at, row]).toEqual([at, undefined]);
		else expect([at, row]).toMatchObject([at, wanted]);
		if (wanted) seen++;
	}
	expect(seen).toBeGreaterThan(300);
	built.close();
});
