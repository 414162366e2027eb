import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '$lib/server/duckdb';
import { shippedFolder } from '$lib/server/reference/table';
import { computed, type Built, type Given } from './warehouse';

/** Everything is known through 31 October 2026. Fills are `ingredient [strength] month-day days [quantity]`, several with `;`; of 2026 unless a year stands there. */
type Case = {
	name: string;
	list: string;
	born?: string;
	fills: string;
	/** `code day`, or `code day..day` of a claim that goes on */
	dx?: string[];
	/** As dx. */
	procedures?: string[];
	labs?: string[];
	/** `action ingredient day` */
	recommended?: string;
	hospice?: boolean;
	noMedicalCoverage?: boolean;
	prescribers?: string[];
	pharmacies?: string[];
	/** Null: not listed. */
	expected: null | { state?: string; reason?: string; rows?: number };
};
const twelve = (ingredient: string, count: number) =>
	Array.from({ length: count }, (_, at) => `${ingredient} 10-${String(at + 1).padStart(2, '0')} 5`).join('; ');
const cases: Case[] = [
	// Diabetes without a statin
	{
		name: 'two days of metformin and no statin',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		expected: { state: 'new', reason: 'Diabetes medicine on 2 days this year, no statin' }
	},
	{
		name: 'one statin fill in the year',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90; pravastatin 03-01 30',
		expected: null
	},
	{
		name: 'a statin last year does not count',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90; pravastatin 2025-12-31 30',
		expected: {}
	},
	{
		name: 'two fills on one day',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; glipizide 02-01 90',
		expected: null
	},
	{
		name: 'thirty-nine on 1 January',
		list: 'statin_in_diabetes',
		born: '1986-01-02',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		expected: null
	},
	{
		name: 'forty on 1 January',
		list: 'statin_in_diabetes',
		born: '1986-01-01',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		expected: {}
	},
	{
		name: 'seventy-six on 1 January',
		list: 'statin_in_diabetes',
		born: '1950-01-01',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		expected: null
	},
	{
		name: 'seventy-five on 1 January',
		list: 'statin_in_diabetes',
		born: '1950-01-02',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		expected: {}
	},
	{
		name: 'the first fill 90 days before the year ends',
		list: 'statin_in_diabetes',
		fills: 'metformin 10-02 10; metformin 10-20 10',
		expected: {}
	},
	{
		name: 'the first fill 89 days before the year ends',
		list: 'statin_in_diabetes',
		fills: 'metformin 10-03 10; metformin 10-20 10',
		expected: null
	},
	{
		name: 'dapagliflozin alone is not diabetes',
		list: 'statin_in_diabetes',
		fills: 'dapagliflozin 02-01 90; dapagliflozin 05-01 90',
		expected: null
	},
	{
		name: 'semaglutide for diabetes',
		list: 'statin_in_diabetes',
		fills: 'Ozempic 02-01 28; Ozempic 03-01 28',
		expected: {}
	},
	{
		name: 'semaglutide for weight loss',
		list: 'statin_in_diabetes',
		fills: 'Wegovy 02-01 28; Wegovy 03-01 28',
		expected: null
	},
	{
		name: 'semaglutide for weight loss beside one for diabetes',
		list: 'duplication',
		fills: 'Wegovy 09-02 60; Victoza 10-02 30',
		expected: { reason: 'Two of one class: incretin mimetic, 30 days' }
	},
	{
		name: 'evolocumab instead, since 2026',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90; evolocumab 03-01 28',
		expected: null
	},
	{
		name: 'muscle disease',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		dx: ['G72.0 03-01'],
		expected: null
	},
	{
		name: 'muscle disease last year',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		dx: ['G72.0 2025-12-31'],
		expected: {}
	},
	{
		name: 'muscle disease on a claim that goes on into the year',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		dx: ['G72.0 2025-12-28..01-01'],
		expected: null
	},
	{
		name: 'muscle disease on a claim that ends with last year',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		dx: ['G72.0 2025-12-28..2025-12-31'],
		expected: {}
	},
	{
		name: 'hospice',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		hospice: true,
		expected: null
	},
	{
		name: 'a statin was proposed',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		recommended: 'start atorvastatin 06-01',
		expected: { state: 'documented' }
	},
	{
		name: 'something else was proposed',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		recommended: 'start apixaban 06-01',
		expected: { state: 'new' }
	},
	{
		name: 'end-stage renal disease',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		dx: ['N18.6 03-01'],
		expected: null
	},
	{
		name: 'cirrhosis',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		dx: ['K74.60 03-01'],
		expected: null
	},
	{
		name: 'pregnancy',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		dx: ['O24.419 03-01'],
		expected: null
	},
	{
		name: 'pre-diabetes',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		dx: ['R73.03 03-01'],
		expected: null
	},
	{
		name: 'polycystic ovaries',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90',
		dx: ['E28.2 03-01'],
		expected: null
	},
	{
		name: 'a fertility drug',
		list: 'statin_in_diabetes',
		fills: 'metformin 02-01 90; metformin 05-01 90; clomiphene 03-01 5',
		expected: null
	},
	// A recommendation documents a row when its action is one of the list's and its medicine one of the row's.
	...(
		[
			['interacting_pair', 'warfarin 10-10 30; ibuprofen 10-20 30', 'stop ibuprofen', 'adherence_support warfarin'],
			['interacting_pair', 'warfarin 10-10 30; ibuprofen 10-20 30', 'monitor warfarin', 'stop metformin'],
			['duplication', 'Wegovy 09-02 60; Victoza 10-02 30', 'stop semaglutide', 'increase_dose semaglutide'],
			['no_monitoring', 'warfarin 07-01 90; warfarin 09-25 90', 'monitor warfarin', 'adherence_support warfarin'],
			['dose_above_limit', 'simvastatin 40 10-20 30 60', 'decrease_dose simvastatin', 'increase_dose simvastatin'],
			[
				'opioid_and_benzodiazepine',
				'oxycodone 03-01 15; oxycodone 03-16 15; lorazepam 03-01 15; lorazepam 03-16 15',
				'stop lorazepam',
				'extend_supply lorazepam'
			],
			['statin_in_diabetes', 'metformin 02-01 90; metformin 05-01 90', 'start atorvastatin', 'monitor atorvastatin']
		] as const
	).flatMap(([list, fills, documents, another]): Case[] => [
		{
			name: `${documents} documents it`,
			list,
			fills,
			recommended: `${documents} 10-25`,
			expected: { state: 'documented' }
		},
		{ name: `${another} does not`, list, fills, recommended: `${another} 10-25`, expected: { state: 'new' } }
	]),
	...(
		[
			['stop ibuprofen', 'documented'],
			['increase_dose ibuprofen', 'new']
		] as const
	).map(([recommended, state]): Case => ({
		name: `${recommended}: ${state}`,
		list: 'medicine_against_condition',
		fills: 'ibuprofen 10-20 30',
		dx: ['I50.22 03-01', 'I50.22 04-01'],
		recommended: `${recommended} 10-25`,
		expected: { state }
	})),
	...(
		[
			['decrease_dose oxybutynin', 'documented'],
			['increase_dose oxybutynin', 'new']
		] as const
	).map(([recommended, state]): Case => ({
		name: `${recommended}: ${state}`,
		list: 'two_anticholinergics',
		born: '1961-01-01',
		fills: 'oxybutynin 03-01 15; oxybutynin 03-16 15; nortriptyline 03-01 15; nortriptyline 03-16 15',
		recommended: `${recommended} 10-25`,
		expected: { state }
	})),
	// Opioid with benzodiazepine
	{
		name: 'thirty days of both',
		list: 'opioid_and_benzodiazepine',
		fills: 'oxycodone 03-01 15; oxycodone 03-16 15; lorazepam 03-01 15; lorazepam 03-16 15',
		expected: { reason: 'Opioid and benzodiazepine together on 30 days this year' }
	},
	{
		name: 'twenty-nine days of both',
		list: 'opioid_and_benzodiazepine',
		fills: 'oxycodone 03-01 15; oxycodone 03-16 15; lorazepam 03-01 15; lorazepam 03-17 15',
		expected: null
	},
	{
		name: 'one benzodiazepine fill',
		list: 'opioid_and_benzodiazepine',
		fills: 'oxycodone 03-01 30; oxycodone 03-31 30; lorazepam 03-01 60',
		expected: null
	},
	{
		name: 'cancer',
		list: 'opioid_and_benzodiazepine',
		fills: 'oxycodone 03-01 30; oxycodone 03-31 30; lorazepam 03-01 30; lorazepam 03-31 30',
		dx: ['C50.911 02-01'],
		expected: null
	},
	{
		name: 'seventeen',
		list: 'opioid_and_benzodiazepine',
		born: '2008-01-02',
		fills: 'oxycodone 03-01 30; oxycodone 03-31 30; lorazepam 03-01 30; lorazepam 03-31 30',
		expected: null
	},
	{
		name: 'eighteen on 1 January',
		list: 'opioid_and_benzodiazepine',
		born: '2008-01-01',
		fills: 'oxycodone 03-01 30; oxycodone 03-31 30; lorazepam 03-01 30; lorazepam 03-31 30',
		expected: {}
	},
	{
		name: 'one opioid fill',
		list: 'opioid_and_benzodiazepine',
		fills: 'oxycodone 03-01 60; lorazepam 03-01 30; lorazepam 03-31 30',
		expected: null
	},
	{
		name: 'thirty days of both in the year before',
		list: 'opioid_and_benzodiazepine',
		fills: 'oxycodone 2025-03-01 30; oxycodone 2025-03-31 30; lorazepam 2025-03-01 30; lorazepam 2025-03-31 30',
		expected: null
	},
	{
		name: 'hospice',
		list: 'opioid_and_benzodiazepine',
		hospice: true,
		fills: 'oxycodone 03-01 30; oxycodone 03-31 30; lorazepam 03-01 30; lorazepam 03-31 30',
		expected: null
	},
	{
		name: 'sickle cell disease',
		list: 'opioid_and_benzodiazepine',
		fills: 'oxycodone 03-01 30; oxycodone 03-31 30; lorazepam 03-01 30; lorazepam 03-31 30',
		dx: ['D57.1 02-01'],
		expected: null
	},
	{
		name: 'palliative care',
		list: 'opioid_and_benzodiazepine',
		fills: 'oxycodone 03-01 30; oxycodone 03-31 30; lorazepam 03-01 30; lorazepam 03-31 30',
		dx: ['Z51.5 02-01'],
		expected: null
	},
	{
		name: 'another disease',
		list: 'opioid_and_benzodiazepine',
		fills: 'oxycodone 03-01 30; oxycodone 03-31 30; lorazepam 03-01 30; lorazepam 03-31 30',
		dx: ['D64.9 02-01'],
		expected: {}
	},
	// Two anticholinergics
	{
		name: 'two, each filled twice, thirty days together',
		list: 'two_anticholinergics',
		born: '1961-01-01',
		fills: 'oxybutynin 03-01 15; oxybutynin 03-16 15; nortriptyline 03-01 15; nortriptyline 03-16 15',
		expected: { reason: '2 anticholinergics together on 30 days this year' }
	},
	{
		name: 'one of them filled once',
		list: 'two_anticholinergics',
		born: '1950-01-01',
		fills: 'oxybutynin 03-01 30; oxybutynin 03-31 30; nortriptyline 03-01 60',
		expected: null
	},
	{
		name: 'sixty-four',
		list: 'two_anticholinergics',
		born: '1961-01-02',
		fills: 'oxybutynin 03-01 15; oxybutynin 03-16 15; nortriptyline 03-01 15; nortriptyline 03-16 15',
		expected: null
	},
	{
		name: 'twenty-nine days together',
		list: 'two_anticholinergics',
		born: '1950-01-01',
		fills: 'oxybutynin 03-01 15; oxybutynin 03-16 15; nortriptyline 03-01 15; nortriptyline 03-17 15',
		expected: null
	},
	{
		name: 'hospice',
		list: 'two_anticholinergics',
		born: '1950-01-01',
		hospice: true,
		fills: 'oxybutynin 03-01 15; oxybutynin 03-16 15; nortriptyline 03-01 15; nortriptyline 03-16 15',
		expected: null
	},
	{
		name: 'doxepin 10 mg',
		list: 'two_anticholinergics',
		born: '1950-01-01',
		fills: 'oxybutynin 03-01 15; oxybutynin 03-16 15; doxepin 10 03-01 15; doxepin 10 03-16 15',
		expected: {}
	},
	{
		name: 'doxepin 6 mg, for sleep',
		list: 'two_anticholinergics',
		born: '1950-01-01',
		fills: 'oxybutynin 03-01 15; oxybutynin 03-16 15; doxepin 6 03-01 15; doxepin 6 03-16 15',
		expected: null
	},
	{
		name: 'diphenhydramine by mouth',
		list: 'two_anticholinergics',
		born: '1950-01-01',
		fills: 'oxybutynin 03-01 15; oxybutynin 03-16 15; diphenhydramine oral 03-01 15; diphenhydramine oral 03-16 15',
		expected: {}
	},
	{
		name: 'diphenhydramine on the skin',
		list: 'two_anticholinergics',
		born: '1950-01-01',
		fills:
			'oxybutynin 03-01 15; oxybutynin 03-16 15; diphenhydramine topical 03-01 15; diphenhydramine topical 03-16 15',
		expected: null
	},
	// Duplication
	{
		name: 'two statins for thirty days',
		list: 'duplication',
		fills: 'pravastatin 09-02 60; simvastatin 10-02 30',
		expected: { reason: 'Two of one class: statin, 30 days' }
	},
	{
		name: 'two statins for twenty-nine days',
		list: 'duplication',
		fills: 'pravastatin 09-02 60; simvastatin 10-03 30',
		expected: null
	},
	{
		name: 'two statins, over for a month and a day',
		list: 'duplication',
		fills: 'pravastatin 08-01 60; simvastatin 08-01 60',
		expected: null
	},
	{
		name: 'one medicine from two prescribers',
		list: 'duplication',
		fills: 'lisinopril 09-01 60; lisinopril 09-05 60',
		prescribers: ['1', '2'],
		expected: { reason: 'lisinopril from two prescribers, 56 days' }
	},
	{
		name: 'one medicine, filled early by the same prescriber',
		list: 'duplication',
		fills: 'lisinopril 09-01 60; lisinopril 09-05 60',
		prescribers: ['1', '1'],
		expected: null
	},
	{
		name: 'two statins, together until thirty days ago',
		list: 'duplication',
		fills: 'pravastatin 08-03 60; simvastatin 08-03 60',
		expected: { reason: 'Two of one class: statin, 60 days' }
	},
	{
		name: 'two statins, together until thirty-one days ago',
		list: 'duplication',
		fills: 'pravastatin 08-02 60; simvastatin 08-02 60',
		expected: null
	},
	{
		name: 'supply dispensed before the 180 days counts on its days in them',
		list: 'duplication',
		fills: 'pravastatin 04-20 29; simvastatin 04-20 29; pravastatin 10-15 16; simvastatin 10-15 16',
		expected: { reason: 'Two of one class: statin, 30 days' }
	},
	{
		name: 'and not before them',
		list: 'duplication',
		fills: 'pravastatin 04-20 29; simvastatin 04-20 29; pravastatin 10-15 15; simvastatin 10-15 15',
		expected: null
	},
	{
		name: 'two of two classes',
		list: 'duplication',
		fills: 'pravastatin 09-02 60; omeprazole 09-02 60',
		expected: null
	},
	// Pairs
	{
		name: 'warfarin with an anti-inflammatory',
		list: 'interacting_pair',
		fills: 'warfarin 10-10 30; ibuprofen 10-20 30',
		expected: { reason: 'warfarin with ibuprofen: bleeding', rows: 1 }
	},
	{
		name: 'the one ran out before',
		list: 'interacting_pair',
		fills: 'warfarin 10-10 30; ibuprofen 09-20 30',
		expected: null
	},
	{
		name: 'warfarin with a statin is no listed pair',
		list: 'interacting_pair',
		fills: 'warfarin 10-10 30; pravastatin 10-20 30',
		expected: null
	},
	{
		name: 'the one lasts until the as-of day',
		list: 'interacting_pair',
		fills: 'warfarin 10-10 30; ibuprofen 10-02 30',
		expected: { rows: 1 }
	},
	{
		name: 'the one lasted until the day before',
		list: 'interacting_pair',
		fills: 'warfarin 10-10 30; ibuprofen 10-01 30',
		expected: null
	},
	// Medicine against a condition
	{
		name: 'ibuprofen in heart failure',
		list: 'medicine_against_condition',
		fills: 'ibuprofen 10-20 30',
		dx: ['I50.22 03-01', 'I50.22 04-01'],
		expected: {}
	},
	{
		name: 'one office claim is no heart failure',
		list: 'medicine_against_condition',
		fills: 'ibuprofen 10-20 30',
		dx: ['I50.22 03-01'],
		expected: null
	},
	{
		name: 'ibuprofen ran out',
		list: 'medicine_against_condition',
		fills: 'ibuprofen 09-20 30',
		dx: ['I50.22 03-01', 'I50.22 04-01'],
		expected: null
	},
	// No monitoring
	{
		name: 'warfarin for months without a test',
		list: 'no_monitoring',
		fills: 'warfarin 07-01 90; warfarin 09-25 90',
		expected: { reason: 'warfarin without INR in 90 days' }
	},
	{
		name: 'tested within 90 days',
		list: 'no_monitoring',
		fills: 'warfarin 07-01 90; warfarin 09-25 90',
		labs: ['34714-6 08-03'],
		expected: null
	},
	{
		name: 'tested 90 days ago to the day',
		list: 'no_monitoring',
		fills: 'warfarin 07-01 90; warfarin 09-25 90',
		labs: ['34714-6 08-02'],
		expected: {}
	},
	{ name: 'begun last month', list: 'no_monitoring', fills: 'warfarin 10-01 60', expected: null },
	{
		name: 'no medical coverage',
		list: 'no_monitoring',
		fills: 'warfarin 07-01 90; warfarin 09-25 90',
		noMedicalCoverage: true,
		expected: null
	},
	{
		name: 'first filled 90 days ago',
		list: 'no_monitoring',
		fills: 'warfarin 08-02 91',
		expected: { reason: 'warfarin without INR in 90 days' }
	},
	{
		name: 'first filled 89 days ago',
		list: 'no_monitoring',
		fills: 'warfarin 08-03 90',
		expected: null
	},
	{
		name: 'another test than the one it needs',
		list: 'no_monitoring',
		fills: 'warfarin 07-01 90; warfarin 09-25 90',
		labs: ['2823-3 10-01'],
		expected: {}
	},
	{
		name: 'tested on a claim that reaches into the 90 days',
		list: 'no_monitoring',
		fills: 'warfarin 07-01 90; warfarin 09-25 90',
		procedures: ['85610 07-10..08-03'],
		expected: null
	},
	{
		name: 'tested on a claim that ends before the 90 days',
		list: 'no_monitoring',
		fills: 'warfarin 07-01 90; warfarin 09-25 90',
		procedures: ['85610 07-10..08-02'],
		expected: {}
	},
	{
		name: 'a yearly test, filled every ninety days for longer than a year',
		list: 'no_monitoring',
		fills: 'levothyroxine 2025-10-31 90; levothyroxine 01-29 90; levothyroxine 04-29 90; levothyroxine 07-28 100',
		expected: { reason: 'levothyroxine without TSH in 365 days' }
	},
	{
		name: 'a yearly test, first filled 364 days ago',
		list: 'no_monitoring',
		fills: 'levothyroxine 2025-11-01 90; levothyroxine 01-29 90; levothyroxine 04-29 90; levothyroxine 07-28 100',
		expected: null
	},
	{
		name: 'a yearly test done within the year',
		list: 'no_monitoring',
		fills: 'levothyroxine 2025-10-31 90; levothyroxine 01-29 90; levothyroxine 04-29 90; levothyroxine 07-28 100',
		labs: ['3016-3 2025-11-01'],
		expected: null
	},
	// Dose
	{
		name: 'two tablets of simvastatin 40',
		list: 'dose_above_limit',
		fills: 'simvastatin 40 10-20 30 60',
		expected: { reason: 'simvastatin 80.0 mg a day, above 40.0 mg' }
	},
	{
		name: 'one tablet of simvastatin 40',
		list: 'dose_above_limit',
		fills: 'simvastatin 40 10-20 30 30',
		expected: null
	},
	{
		name: 'three tablets of digoxin 125 micrograms',
		list: 'dose_above_limit',
		fills: 'digoxin 125 10-20 30 90',
		expected: { reason: 'digoxin 0.38 mg a day, above 0.25 mg' }
	},
	{
		name: 'two tablets of digoxin 125 micrograms',
		list: 'dose_above_limit',
		fills: 'digoxin 125 10-20 30 60',
		expected: null
	},
	// Complexity
	{
		name: 'twelve days and three pharmacies',
		list: 'complex_regimen',
		fills: twelve('lisinopril', 12),
		pharmacies: ['1', '2', '3'],
		expected: { reason: '12 pick-up days, 1 prescribers, 3 pharmacies in 90 days' }
	},
	{
		name: 'eleven days and three pharmacies',
		list: 'complex_regimen',
		fills: twelve('lisinopril', 11),
		pharmacies: ['1', '2', '3'],
		expected: null
	},
	{ name: 'twelve days and one pharmacy', list: 'complex_regimen', fills: twelve('lisinopril', 12), expected: null },
	{
		name: 'twelve days and two pharmacies',
		list: 'complex_regimen',
		fills: twelve('lisinopril', 12),
		pharmacies: ['1', '2'],
		expected: null
	},
	{
		name: 'five prescribers and three pharmacies on five days',
		list: 'complex_regimen',
		fills: twelve('lisinopril', 5),
		prescribers: ['1', '2', '3', '4', '5'],
		pharmacies: ['1', '2', '3'],
		expected: { reason: '5 pick-up days, 5 prescribers, 3 pharmacies in 90 days' }
	},
	{
		name: 'four prescribers and three pharmacies',
		list: 'complex_regimen',
		fills: twelve('lisinopril', 5),
		prescribers: ['1', '2', '3', '4', '4'],
		pharmacies: ['1', '2', '3'],
		expected: null
	},
	{
		name: 'the first of five prescribers 89 days ago',
		list: 'complex_regimen',
		fills: `lisinopril 08-03 5; ${twelve('lisinopril', 4)}`,
		prescribers: ['1', '2', '3', '4', '5'],
		pharmacies: ['1', '2', '3'],
		expected: {}
	},
	{
		name: 'the first of five prescribers 90 days ago',
		list: 'complex_regimen',
		fills: `lisinopril 08-02 5; ${twelve('lisinopril', 4)}`,
		prescribers: ['1', '2', '3', '4', '5'],
		pharmacies: ['1', '2', '3'],
		expected: null
	}
];

const day = (word: string) => (word.length === 5 ? `2026-${word}` : word);
const at = (list: string[] | undefined, number: number) => (list ? list[number % list.length]! : '1');
let built: Built;
beforeAll(async () => {
	const database = await openDatabase();
	const connection = await database.connect();
	const known = new Map(
		(
			await connection.rows<{ name: string; ndc11: string }>(
				`select ingredients[1] as name, min(ndc11) as ndc11 from read_parquet($file) where len(ingredients) = 1 group by 1
				union all
				select ingredients[1] || ' ' || regexp_extract(strength, '^[0-9.]+'), min(ndc11)
				from read_parquet($file) where len(ingredients) = 1 and regexp_matches(strength, '^[0-9.]+ (mg/1|MG|ug/1)$') group by 1
				union all
				select ingredients[1] || ' ' || route, min(ndc11)
				from read_parquet($file) where ingredients = ['diphenhydramine'] and route in ('oral', 'topical') group by 1
				union all
				select brand, min(ndc11) from read_parquet($file) where brand in ('Ozempic', 'Wegovy', 'Victoza') group by 1`,
				{ file: join(shippedFolder(), 'drug.parquet') }
			)
		).map((row) => [row.name, row.ndc11])
	);
	database.close();
	const given: Given = {
		eligibility: [],
		pharmacy_claim: [],
		medical_claim: [],
		lab_result: [],
		mtm_recommendation: []
	};
	for (const [number, one] of cases.entries()) {
		const person_id = `P${number}`;
		given.eligibility!.push({
			person_id,
			birth_date: one.born ?? '1960-06-15',
			enrollment_start_date: '2024-01-01',
			enrollment_end_date: '2026-12-31',
			medical_coverage: one.noMedicalCoverage ? false : null,
			hospice_start_date: one.hospice ? '2026-03-01' : null
		});
		for (const [fill, text] of one.fills.split('; ').entries()) {
			const [, product, on, days, quantity] = /^(.+) ((?:\d{4}-)?\d\d-\d\d) (\d+)(?: (\d+))?$/.exec(text)!;
			const ndc_code = known.get(product!);
			if (!ndc_code) throw new Error(`no NDC of ${product}`);
			given.pharmacy_claim!.push({
				claim_id: `${person_id}-${fill}`,
				person_id,
				dispensing_date: day(on!),
				days_supply: days!,
				quantity: quantity ?? days!,
				ndc_code,
				prescribing_provider_npi: at(one.prescribers, fill),
				dispensing_provider_npi: at(one.pharmacies, fill)
			});
		}
		const claims = { diagnosis_code_1: one.dx ?? [], hcpcs_code: one.procedures ?? [] };
		for (const [column, texts] of Object.entries(claims))
			for (const [claim, text] of texts.entries()) {
				const [code, on] = text.split(' ') as [string, string];
				const [from, to] = on.split('..') as [string, string | undefined];
				given.medical_claim!.push({
					claim_id: `${person_id}-${column}-${claim}`,
					person_id,
					claim_start_date: day(from),
					claim_end_date: to ? day(to) : null,
					[column]: code
				});
			}
		for (const text of one.labs ?? []) {
			const [code, on] = text.split(' ') as [string, string];
			given.lab_result!.push({
				person_id,
				normalized_component_code: code,
				collection_datetime: `${day(on)} 08:00:00`
			});
		}
		if (one.recommended) {
			const [action, ingredient, on] = one.recommended.split(' ') as [string, string, string];
			given.mtm_recommendation!.push({
				recommendation_id: person_id,
				person_id,
				identified_date: day(on),
				problem: 'needs_therapy',
				action,
				new_ingredient: ingredient,
				recipient: 'prescriber',
				response: 'pending'
			});
		}
	}
	// Somebody has medical data, so that a missing test can be told from missing files.
	given.medical_claim!.push({ claim_id: 'X', person_id: 'X', claim_start_date: '2026-01-01', diagnosis_code_1: 'Z00' });
	built = await computed(given, { asOf: '2026-10-31' });
});
afterAll(() => built.close());

describe('problems that claims show', () => {
	test.each(cases.map((one, number) => ({ ...one, id: `P${number}` })))('$list: $name', async (one) => {
		const rows = await built.connection.rows(
			'select state, reason, evidence from review_list where patient_id = $id and list = $list',
			{ id: one.id, list: one.list }
		);
		if (one.expected === null) expect(rows).toEqual([]);
		else {
			const { rows: count, ...row } = one.expected;
			expect(rows.length).toBe(count ?? 1);
			expect(rows[0]).toMatchObject(row);
			expect(rows[0]!.evidence).toBeTruthy();
		}
	});
});
