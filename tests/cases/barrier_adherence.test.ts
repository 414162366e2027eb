import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computed, type Built, type Given } from './warehouse';

const ndc: Record<string, string> = {
	atorvastatin: '00378395005',
	'amlodipine+atorvastatin': '00378451305',
	amlodipine: '00054010022',
	lisinopril: '00143126701',
	losartan: '00006095154',
	metformin: '00087606005',
	insulin: '00002771159',
	'sacubitril+valsartan': '00078065920',
	lamivudine: '00173047001',
	dolutegravir: '49702022613',
	apixaban: '00003089421'
};

/** An accepted recommendation answered on 1 June 2025 (before: 3 March to 31 May; after: 1 June to 29 August); fills are `product month-day days`, 2025 unless a year stands before. */
type Case = {
	about?: string | null;
	action?: string;
	proposed?: string;
	answered?: string;
	identified?: string;
	fills?: string[];
	covered?: [from: string, to: string];
	died?: string;
	barrier?: string | null;
	response?: string;
	/** Days covered before and after, of how many; or why they are not told; null when there is no row. */
	expected: [before: number, after: number, of: number] | string | null;
};
const cases: Record<string, Case> = {
	'a fill on the first day, then none: 30 days, then none': {
		fills: ['atorvastatin 03-03 30'],
		expected: [30, 0, 90]
	},
	'a first fill a day later is a start, nothing to adhere to before': {
		fills: ['atorvastatin 03-04 30', 'atorvastatin 06-01 90'],
		expected: 'started_later'
	},
	'supply of before the first day counts for the days it lasts': {
		fills: ['atorvastatin 02-20 30'], // through 21 March
		expected: [19, 0, 90]
	},
	'a fill on the day of the answer is after it': {
		fills: ['atorvastatin 02-01 30', 'atorvastatin 06-01 30'], // through 2 March
		expected: [0, 30, 90]
	},
	'supply goes over from before to after': {
		fills: ['atorvastatin 03-03 60', 'atorvastatin 05-22 20'], // through 10 June
		expected: [70, 10, 90]
	},
	'the ninetieth day after counts, the next one does not': {
		fills: ['atorvastatin 03-03 30', 'atorvastatin 08-29 30'],
		expected: [30, 1, 90]
	},
	'a fill the day after the last one is not seen': {
		fills: ['atorvastatin 03-03 30', 'atorvastatin 08-30 30'],
		expected: [30, 0, 90]
	},
	'an early refill begins when the supply before ends': {
		fills: ['atorvastatin 03-03 30', 'atorvastatin 03-23 30'],
		expected: [60, 0, 90]
	},
	'two products of one class on one day are one day': {
		about: 'lisinopril',
		fills: ['lisinopril 03-03 30', 'losartan 03-13 30'],
		expected: [40, 0, 90]
	},
	'the last fill 365 days before the first day is known, though it covers nothing': {
		fills: ['atorvastatin 2024-03-03 30'],
		expected: [0, 0, 90]
	},
	'a fill 366 days before is not': { fills: ['atorvastatin 2024-03-02 30'], expected: 'no_fill' },
	'other medicines are no fill': { fills: ['lisinopril 03-01 90'], expected: 'no_fill' },
	'nobody filled anything: not computable, not zero': { expected: 'no_fill' },
	'no medicine named': { about: null, fills: ['atorvastatin 03-01 90'], expected: 'no_class' },
	'a medicine of no measure': { about: 'warfarin', fills: ['atorvastatin 03-01 90'], expected: 'no_class' },
	'to stop it': { action: 'stop', fills: ['atorvastatin 03-01 90'], expected: 'not_to_go_on' },
	'a change to another class': {
		action: 'change_drug',
		about: 'lisinopril',
		proposed: 'amlodipine',
		fills: ['lisinopril 03-01 90'],
		expected: 'not_to_go_on'
	},
	'a change inside the class: the class goes on': {
		action: 'change_drug',
		about: 'lisinopril',
		proposed: 'losartan',
		fills: ['lisinopril 03-03 30', 'losartan 06-05 60'],
		expected: [30, 60, 90]
	},
	'a medicine of two classes counts the days of both': {
		about: 'amlodipine; atorvastatin',
		fills: ['amlodipine+atorvastatin 03-03 30', 'atorvastatin 06-01 30'],
		expected: [60, 30, 180]
	},
	'of a medicine of two classes, one of which nobody fills, the other counts': {
		about: 'amlodipine; atorvastatin',
		fills: ['amlodipine 03-03 30'],
		expected: [30, 0, 90]
	},
	'antiretrovirals: days with two on hand': {
		about: 'dolutegravir',
		fills: ['dolutegravir 03-03 90', 'lamivudine 03-13 30', 'lamivudine 06-01 5', 'dolutegravir 06-04 30'],
		expected: [30, 2, 90]
	},
	'insulin in these days takes somebody out of the diabetes measure': {
		about: 'metformin',
		fills: ['metformin 03-03 90', 'insulin 03-03 30'],
		expected: 'excluding_drug'
	},
	'insulin of the day before does not': {
		about: 'metformin',
		fills: ['metformin 03-03 90', 'insulin 03-02 30'],
		expected: [90, 0, 90]
	},
	'pharmacy coverage from the first day to the last': {
		covered: ['2025-03-03', '2025-08-29'],
		fills: ['atorvastatin 03-03 30'],
		expected: [30, 0, 90]
	},
	'begun a day late': {
		covered: ['2025-03-04', '2025-08-29'],
		fills: ['atorvastatin 03-03 30'],
		expected: 'not_covered'
	},
	'ended a day early': {
		covered: ['2025-03-03', '2025-08-28'],
		fills: ['atorvastatin 03-03 30'],
		expected: 'not_covered'
	},
	'died on the last day': { died: '2025-08-29', fills: ['atorvastatin 03-03 30'], expected: 'not_covered' },
	'died on the day after': { died: '2025-08-30', fills: ['atorvastatin 03-03 30'], expected: [30, 0, 90] },
	'the last of the days after and a month of run-out end on the as-of day': {
		answered: '09-03',
		fills: ['atorvastatin 06-05 30'],
		expected: [30, 0, 90]
	},
	'a day later it is too early': { answered: '09-04', fills: ['atorvastatin 06-05 30'], expected: 'too_early' },
	'without a day of the answer, the day it was identified': {
		answered: '',
		identified: '06-01',
		fills: ['atorvastatin 03-03 30'],
		expected: [30, 0, 90]
	},
	'declined: the strategy was not used': {
		response: 'declined',
		fills: ['atorvastatin 03-03 30'],
		expected: null
	},
	'no barrier named, adherence supported: told, and in no figure of barriers': {
		barrier: null,
		fills: ['atorvastatin 03-03 30'],
		expected: [30, 0, 90]
	},
	'no barrier named, nor adherence supported': {
		barrier: null,
		action: 'educate',
		fills: ['atorvastatin 03-03 30'],
		expected: null
	}
};

const day = (word: string) => (word.length === 5 ? `2025-${word}` : word);
const given: Given = { eligibility: [], pharmacy_claim: [], mtm_service: [], mtm_recommendation: [] };
const names = Object.keys(cases);
for (const [at, one] of Object.values(cases).entries()) {
	const person_id = `P${at}`;
	const [enrollment_start_date, enrollment_end_date] = one.covered ?? ['2024-01-01', '2025-12-31'];
	given.eligibility!.push({
		person_id,
		birth_date: '1950-01-01',
		enrollment_start_date,
		enrollment_end_date,
		death_date: one.died ?? null
	});
	given.mtm_recommendation!.push({
		recommendation_id: person_id,
		person_id,
		identified_date: day(one.identified ?? '05-20'),
		problem: 'adherence',
		action: one.action ?? 'adherence_support',
		ingredient: one.about === undefined ? 'atorvastatin' : one.about,
		new_ingredient: one.proposed ?? null,
		recipient: 'patient',
		response: one.response ?? 'accepted',
		response_date: one.answered === '' ? null : day(one.answered ?? '06-01'),
		barrier: one.barrier === undefined ? 'forgets' : one.barrier,
		strategy: 'pill box'
	});
	for (const [number, text] of (one.fills ?? []).entries()) {
		const [product, on, days] = text.split(' ') as [string, string, string];
		given.pharmacy_claim!.push({
			claim_id: `${person_id}-F${number}`,
			person_id,
			dispensing_date: day(on),
			ndc_code: ndc[product]!,
			days_supply: days,
			quantity: days
		});
	}
}

let built: Built;
beforeAll(async () => {
	built = await computed(given, { asOf: '2025-12-31' });
});
afterAll(() => built.close());

describe('days covered before and after the answer to a recommendation that names a barrier', () => {
	test.each(names)('%s', async (name) => {
		const [row] = await built.connection.rows('select * from adherence_around_answer where recommendation_id = $id', {
			id: `P${names.indexOf(name)}`
		});
		const { expected } = cases[name]!;
		if (expected === null) expect(row).toBeUndefined();
		else if (typeof expected === 'string')
			expect([row!.left_out_because, row!.covered_before, row!.adherent_after]).toEqual([expected, null, null]);
		else
			expect([row!.left_out_because, row!.covered_before, row!.covered_after, row!.window_days]).toEqual([
				null,
				...expected
			]);
	});

	test('each reason has a case', () =>
		expect(
			[...new Set(Object.values(cases).map((one) => one.expected))].filter((one) => typeof one === 'string').sort()
		).toEqual(
			['excluding_drug', 'no_class', 'no_fill', 'not_covered', 'not_to_go_on', 'started_later', 'too_early'].sort()
		));

	test('measures count those that are told, and say why the others are not', async () => {
		const rows = await built.connection.rows(`
			select measure, sum(denominator)::integer as d, count(excluded_because)::integer as out
			from measure_row where measure like 'barrier_adherent_%' group by 1 order by 1`);
		const told = Object.values(cases).filter((one) => Array.isArray(one.expected) && one.barrier !== null).length;
		const out = Object.values(cases).filter((one) => typeof one.expected === 'string').length;
		expect(rows).toEqual(
			['barrier_adherent_after', 'barrier_adherent_before'].map((measure) => ({ measure, d: told, out }))
		);
	});
});

test('adherent from 72 of 90 days on; 71 are not enough', async () => {
	const of = async (days: number) => {
		const one = await computed(
			{
				eligibility: [given.eligibility![0]!],
				mtm_service: [],
				mtm_recommendation: [given.mtm_recommendation![0]!],
				pharmacy_claim: [
					{ ...given.pharmacy_claim![0]!, days_supply: days },
					{ ...given.pharmacy_claim![0]!, claim_id: 'after', dispensing_date: '2025-06-01', days_supply: 71 }
				]
			},
			{ asOf: '2025-12-31' }
		);
		const [row] = await one.connection.rows(
			'select covered_before, adherent_before, covered_after, adherent_after from adherence_around_answer'
		);
		one.close();
		return row;
	};
	expect(await of(72)).toEqual({ covered_before: 72, adherent_before: true, covered_after: 71, adherent_after: false });
});
