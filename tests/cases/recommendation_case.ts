import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedFolder } from '$lib/server/reference/table';
import { computed, type Built, type Given } from './warehouse';

const ndc: Record<string, string> = {
	'atorvastatin 10': '00378395005',
	'atorvastatin 20': '00378395105',
	'atorvastatin 40': '00378395205',
	'lisinopril 10': '00143126701',
	'lisinopril 20': '00143126801',
	'lisinopril+hctz': '00143126301',
	'amlodipine+atorvastatin': '00378451305',
	apixaban: '00003089421',
	omeprazole: '00378615001',
	esomeprazole: '00186504005',
	'omeprazole unpriced': '00378615001',
	warfarin: '00832121600',
	'prednisolone 5/5': '00574014804',
	'prednisolone 15/5': '00093611816',
	'gabapentin 250/5': '00071201223',
	'gabapentin 50/1': '00071201244',
	'ciclesonide 80': '11517071101',
	'ciclesonide 160': '11517071201',
	'rivastigmine unknown': '00781730431',
	'rivastigmine 3': '00078032406',
	shingrix: '58160082311',
	zostavax: '00006496341',
	varivax: '00006482600',
	arexvy: '58160072303',
	boostrix: '58160084211',
	tdvax: '13533013100',
	fluzone: '49281012565',
	'influenza homeopathic': '55714441001',
	'hepatitis b vaccine': '43528000201',
	'hepatitis b globulin': '13533063601'
};

/** Fills are `product day days [quantity]`; a day is month-day of 2025. Everything is known through 31 December 2025. */
export type Case = {
	name: string;
	action: string;
	about?: string;
	proposed?: string;
	/** The day of the answer; null where the file has none. */
	answered?: string | null;
	identified?: string;
	response?: string;
	fills?: string[];
	/** Laboratory results `loinc day`, procedures `hcpcs day`. */
	labs?: string[];
	procedures?: string[];
	noMedicalCoverage?: boolean;
	/** Spans of the roster `from to`, all of 2024 and 2025 when absent; none: on no roster. */
	covered?: string[];
	noPharmacyCoverage?: boolean;
	died?: string;
	expected: [verified: string | null, claim?: string | null, on?: string | null];
};
const day = (word: string) => (word.length === 5 ? `2025-${word}` : word);
const price: Record<string, number | null> = {
	'omeprazole unpriced': null,
	esomeprazole: 281.75,
	omeprazole: 3.25,
	apixaban: 565.75
};

/** The files of the cases: the first is P1, and so on. */
function filesOf(cases: Case[]): Given {
	const given: Given = {
		eligibility: [],
		pharmacy_claim: [],
		medical_claim: [],
		lab_result: [],
		mtm_service: [],
		mtm_recommendation: []
	};
	for (const [at, one] of cases.entries()) {
		const person_id = `P${at + 1}`;
		for (const span of one.covered ?? ['2024-01-01 2025-12-31']) {
			const [from, to] = span.split(' ') as [string, string];
			given.eligibility!.push({
				person_id,
				birth_date: '1950-01-01',
				death_date: one.died ? day(one.died) : null,
				enrollment_start_date: day(from),
				enrollment_end_date: day(to),
				medical_coverage: one.noMedicalCoverage ? false : null,
				pharmacy_coverage: one.noPharmacyCoverage ? false : null
			});
		}
		given.mtm_recommendation!.push({
			recommendation_id: person_id,
			person_id,
			identified_date: day(one.identified ?? '05-01'),
			problem: 'needs_therapy',
			action: one.action,
			ingredient: one.about ?? null,
			new_ingredient: one.proposed ?? null,
			recipient: 'prescriber',
			response: one.response ?? 'accepted',
			response_date: one.answered === null ? null : day(one.answered ?? '06-01')
		});
		for (const [number, text] of (one.fills ?? []).entries()) {
			const [, product, on, days, quantity] = /^(.+) ((?:\d{4}-)?\d\d-\d\d) (\d+)(?: (\S+))?$/.exec(text)!;
			given.pharmacy_claim!.push({
				claim_id: `${person_id}-F${number + 1}`,
				person_id,
				dispensing_date: day(on!),
				ndc_code: ndc[product!]!,
				days_supply: days!,
				quantity: quantity === 'none' ? null : (quantity ?? days!),
				paid_amount: product! in price ? price[product!]! : 10,
				copayment_amount: 1
			});
		}
		for (const text of one.labs ?? []) {
			const [code, on] = text.split(' ') as [string, string];
			given.lab_result!.push({
				person_id,
				normalized_component_code: code,
				collection_datetime: `${day(on)} 09:00:00`
			});
		}
		for (const [number, text] of (one.procedures ?? []).entries()) {
			const [code, on] = text.split(' ') as [string, string];
			given.medical_claim!.push({
				claim_id: `${person_id}-M${number + 1}`,
				person_id,
				claim_start_date: day(on),
				hcpcs_code: code
			});
		}
	}
	return given;
}

/** Holds each case to what later claims show of it, and these actions to a case of every answer. */
export function holdCases(cases: Case[], actions: string[]): void {
	let built: Built;
	beforeAll(async () => {
		built = await computed(filesOf(cases), { asOf: '2025-12-31' });
	});
	afterAll(() => built.close());

	describe('what later claims show of a recommendation', () => {
		test.each(cases.map((one, at) => ({ ...one, id: `P${at + 1}` })))('$name', async (one) => {
			const [row] = await built.connection.rows('select * from recommendation where recommendation_id = $id', {
				id: one.id
			});
			const [verified, claim, on] = one.expected;
			expect(row!.verified).toBe(verified);
			if (claim !== undefined) expect(row!.verified_by_claim_id).toBe(claim && `${one.id}-${claim}`);
			if (on !== undefined) expect(row!.verified_on).toBe(on);
		});

		test.each(actions)('%s has a yes, a no, a too early and a not checkable', (action) => {
			const kinds = new Set(cases.filter((one) => one.action === action).map((one) => one.expected[0]));
			for (const kind of ['yes', 'no', 'too_early', 'not_checkable'])
				expect([kind, kinds.has(kind)]).toEqual([kind, true]);
		});

		test('acceptance seen in claims leaves out what is too early or not checkable', async () => {
			const [row] = await built.connection.rows(
				`select sum(denominator)::integer as d, sum(numerator)::integer as n from measure_row where measure = 'acceptance_verified'`
			);
			const wanted = (verified: string) => cases.filter((one) => one.expected[0] === verified).length;
			expect(row).toEqual({ d: wanted('yes') + wanted('no'), n: wanted('yes') });
		});
	});
}

/** The actions that claims can show, by the shipped table. */
export const checkedActions = readFileSync(join(shippedFolder(), 'verification_window.csv'), 'utf8')
	.trim()
	.split('\n')
	.slice(1)
	.map((line) => line.split(',')[0]!);
