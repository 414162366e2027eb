import { expect, test } from 'vitest';
import { peopleSentence, stagePoints, stagesSentence, type Stage } from '$lib/charts/stages';
import { reviewPath } from '../../src/routes/interventions/reviews/review';

const stage = (id: string, count: number | null, share: number | null = null): Stage => ({
	...{ id, name: id, count, share, days: null, open: null }
});
const measure = { measure: 'cmr_completion', rows: null, patients: null, median: null };
const attempts = { open: 60, refused: 12, unable_to_reach: 20, no_show: 3, offered: 45, never_offered: 15 };

test('who was reached had a review or refused one; who was offered is everybody else than those never offered', () =>
	expect(reviewPath({ ...measure, denominator: 100, numerator: 40 }, attempts)).toEqual({
		...{ identified: 100, offered: 85, reached: 52, reviewed: 40 }
	}));

test('a number that would tell a hidden one is not told', () => {
	expect(
		reviewPath({ ...measure, denominator: 100, numerator: 40 }, { ...attempts, refused: null, never_offered: null })
	).toEqual({ identified: 100, offered: null, reached: null, reviewed: 40 });
	expect(reviewPath({ ...measure, denominator: null, numerator: null }, attempts)).toEqual({
		...{ identified: null, offered: null, reached: null, reviewed: null }
	});
});

test('people and recommendations are told in one sentence each', () => {
	const people = [stage('identified', 100), stage('offered', 85), stage('reached', null), stage('reviewed', 40)];
	expect(peopleSentence(people)).toBe(
		'Of 100 in MTM, 85 were offered a comprehensive review, a number not shown were reached and 40 reviewed.'
	);
	expect(peopleSentence([stage('identified', 0), stage('offered', 0), stage('reached', 0), stage('reviewed', 0)])).toBe(
		'Nobody is counted in MTM.'
	);
	expect(
		stagesSentence([stage('made', 170), stage('answered', 110), stage('accepted', 84), stage('verified', 41)])
	).toBe('Of 170 made, 110 were answered and 84 accepted; later claims show 41 of these so far.');
	expect(stagePoints([stage('offered', 85, 0.85), stage('reached', null)], 'all identified')).toEqual([
		{ say: 'offered: 85, 85.0% of all identified', href: undefined },
		{ say: 'reached: too few to show', href: undefined }
	]);
});
