import { describe, expect, it } from 'vitest';
import { writtenIngredients } from '$lib/server/build/named_medicine';

const known = new Set([
	'atorvastatin',
	'amlodipine',
	'benazepril',
	'hydrochlorothiazide',
	'potassium chloride',
	'a, b and c'
]);
const names = {
	other: new Map([['hctz', 'hydrochlorothiazide']]),
	salts: new Set(['calcium', 'besylate', 'trihydrate', 'chloride'])
};
const told = (text: string) => writtenIngredients(text, names, known);

describe('a medicine as somebody wrote it, by the names of the drug tables', () => {
	it.each([
		['atorvastatin', 'atorvastatin'],
		['  Atorvastatin  Calcium ', 'atorvastatin'],
		['ATORVASTATIN CALCIUM TRIHYDRATE', 'atorvastatin'],
		['hctz', 'hydrochlorothiazide'],
		['amlodipine besylate / benazepril', 'amlodipine; benazepril'],
		['amlodipine;benazepril', 'amlodipine; benazepril'],
		['amlodipine, benazepril', 'amlodipine; benazepril'],
		['Amlodipine Besylate and Atorvastatin Calcium', 'amlodipine; atorvastatin'],
		['amlodipine, benazepril, and hctz', 'amlodipine; benazepril; hydrochlorothiazide'],
		// A name that is known as it stands stays whole.
		['potassium chloride', 'potassium chloride'],
		['a, b and c', 'a, b and c'],
		// What is not known, or not wholly, stays as written.
		['moonbeam calcium', 'moonbeam calcium'],
		['amlodipine, moonbeam', 'amlodipine, moonbeam'],
		['tetanus, diphtheria and pertussis vaccine', 'tetanus, diphtheria and pertussis vaccine'],
		['amlodipine + amlodipine besylate', 'amlodipine']
	])('%s', (written, ingredients) => expect(told(written)).toBe(ingredients));
});
