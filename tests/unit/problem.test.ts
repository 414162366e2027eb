import { expect, test } from 'vitest';
import { lackOf, listAsked } from '$lib/domain/problem';
import { reviewLists } from '$lib/server/review_lists';

const loaded = (...tables: string[]) => ({
	has_pharmacy_claim: tables.includes('pharmacy'),
	has_medical_claim: tables.includes('medical'),
	has_lab_result: tables.includes('lab'),
	has_mtm_enrollment: tables.includes('enrolment')
});
const needs = (id: string) => reviewLists('all').find((list) => list.id === id)!.needs;

test.each([
	['duplication', [], 'no pharmacy claims are loaded'],
	['duplication', ['pharmacy'], null],
	['medicine_against_condition', ['pharmacy', 'lab'], 'no medical claims are loaded'],
	['medicine_against_condition', ['pharmacy', 'medical'], null],
	['no_monitoring', ['medical', 'lab'], 'no pharmacy claims are loaded'],
	['no_monitoring', ['pharmacy'], 'no medical claims or laboratory results are loaded'],
	['no_monitoring', ['pharmacy', 'lab'], null],
	['no_monitoring', ['pharmacy', 'medical'], null],
	['cmr_due', ['pharmacy', 'medical', 'lab'], 'no MTM enrolments are loaded'],
	['frequent_emergency', ['medical'], null],
	['harmful_drug_still_filled', ['medical'], 'no pharmacy claims are loaded']
])('%s with %j', (list, tables, lack) => {
	expect(lackOf(needs(list), loaded(...tables))).toBe(lack);
});

test('every list names tables that are known', () => {
	const known = Object.keys(loaded()).map((key) => key.replace('has_', ''));
	for (const { id, needs } of reviewLists('all'))
		for (const table of needs.flat()) expect([id, known.includes(table)]).toEqual([id, true]);
});

test.each([
	[null, 'all', null],
	['new', 'new', null],
	['documented', 'documented', null],
	['not_shown', null, 'not_shown'],
	['resolved', null, 'resolved'],
	['found', 'all', null],
	['acted_on', 'documented', null]
])('%s asks of a list for what claims show (%s) and what is documented only (%s)', (word, shown, documented) => {
	expect(listAsked(word)).toEqual({ shown, documented });
});

test('a word that does not exist asks for nothing', () => {
	for (const word of ['', 'all', 'toString', 'Found']) expect(listAsked(word), word).toBeNull();
});
