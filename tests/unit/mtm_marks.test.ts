import { expect, test } from 'vitest';
import { mtmMarks } from '$lib/charts/mtm_marks';

const to = { session: (number: number) => `/s/${number}`, claim: (id: string) => (id === 'here' ? '#here' : null) };
const session = (number: number, held_on: string | number | null, status = 'completed') => ({
	number,
	service_type: 'cmr',
	status,
	held_on
});
const recommendation = (identified_date: string, more: object = {}) => ({
	session_number: 1,
	identified_date,
	action: 'stop',
	ingredient: 'simvastatin',
	new_ingredient: null,
	response: 'accepted',
	verified: 'no',
	verified_on: null,
	verified_by_claim_id: null,
	...more
});

test('days of the year from its first to its last, in percent; those of other years and without a day are left out', () => {
	const days = ['2024-12-31', '2025-01-01', '2025-12-31', '2026-01-01', null, 12];
	const [lane, ...others] = mtmMarks(
		days.map((day, at) => session(at, day)),
		[],
		2025,
		to
	);
	expect(others).toEqual([]);
	expect(lane!.marks.map(({ at, href }) => [at.toFixed(2), href])).toEqual([
		['0.14', '/s/1'],
		['99.86', '/s/2']
	]);
	expect(mtmMarks([session(1, '2024-12-31')], [], 2025, to)).toEqual([]);
});

test('what was held looks other than what was tried; a mark says what it is and when', () => {
	const [lane] = mtmMarks([session(1, '2025-03-05'), session(2, '2025-09-05', 'refused')], [], 2025, to);
	expect(lane!.title).toBe('MTM sessions');
	expect(lane!.marks.map(({ look, words }) => [look, words.replaceAll('\u00a0', ' ')])).toEqual([
		['held', 'CMR completed 5 Mar'],
		['tried', 'CMR refused 5 Sep']
	]);
});

test('a recommendation, and the claim that shows it: a link where the claim stands on the page', () => {
	const [lane] = mtmMarks(
		[],
		[
			recommendation('2025-03-05', { verified: 'yes', verified_on: '2025-05-01', verified_by_claim_id: 'here' }),
			recommendation('2025-07-05', { verified: 'yes', verified_on: '2025-09-01', verified_by_claim_id: 'away' }),
			recommendation('2025-11-05', { session_number: null, verified: 'too_early', verified_on: '2025-12-01' })
		],
		2025,
		to
	);
	expect(lane!.marks.map(({ look, href, words }) => [look, href, words.replaceAll('\u00a0', ' ')])).toEqual([
		['made', '/s/1', 'Stop a medicine: simvastatin, accepted; 5 Mar'],
		['shown', '#here', 'Claims show it (Stop a medicine: simvastatin), 1 May'],
		['made', '/s/1', 'Stop a medicine: simvastatin, accepted; 5 Jul'],
		['shown', null, 'Claims show it (Stop a medicine: simvastatin), 1 Sep'],
		['made', null, 'Stop a medicine: simvastatin, accepted; 5 Nov']
	]);
});

test('marks that would lie on each other stand on rows below', () => {
	const rows = (...days: string[]) =>
		mtmMarks(
			[],
			days.map((day) => recommendation(day)),
			2025,
			to
		)[0]!.marks.map(({ row }) => row);
	expect(rows('2025-03-05', '2025-03-05', '2025-03-05')).toEqual([0, 1, 2]);
	// 4 percent of 365 days are 14.6 days.
	expect(rows('2025-03-05', '2025-03-19')).toEqual([0, 1]);
	expect(rows('2025-03-05', '2025-03-20')).toEqual([0, 0]);
});
