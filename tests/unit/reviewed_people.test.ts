import { describe, expect, test } from 'vitest';
import { readReviewed, reviewedWords } from '$lib/domain/reviewed_people';

const read = (query: string, days = true) => readReviewed(new URLSearchParams(query), days);
const nobody = {
	...{ why: null, completed: null, unit: null, value: null, measure: null, reached: null, stands: null, stage: null },
	...{ from_month: null, to_month: null }
};
const said = (query: string, label?: string) => reviewedWords(read(query).chosen, label);

describe('whose rows the page of reviews is asked for', () => {
	test('nobody is chosen by an address that names none', () =>
		expect(read('by=delivery&plan=North')).toEqual({ by: 'delivery', chosen: nobody, isChosen: false, problems: [] }));
	test('a reason, those counted, those with a review or without', () => {
		expect(read('why=hospice')).toMatchObject({ chosen: { ...nobody, why: 'hospice' }, isChosen: true, problems: [] });
		expect(read('why=counted&completed=no').chosen).toEqual({ ...nobody, why: 'counted', completed: false });
		expect(read('completed=yes')).toMatchObject({ chosen: { ...nobody, completed: true }, isChosen: true });
	});
	test('a group is of the grouping of the page; one that is not stated has no value', () => {
		expect(read('group=North').chosen).toEqual({ ...nobody, unit: 'plan', value: 'North' });
		expect(read('by=setting&group=not_stated')).toMatchObject({
			by: 'setting',
			chosen: { ...nobody, unit: 'setting', value: null },
			isChosen: true,
			problems: []
		});
	});
	test('what is not known is told and chooses nothing', () => {
		const { by, chosen, isChosen, problems } = read('by=moon&why=not_yet_due&completed=maybe&group=North');
		expect({ by, chosen, isChosen }).toEqual({ by: 'plan', chosen: nobody, isChosen: false });
		expect(problems.map(({ key, value }) => [key, value]).sort()).toEqual([
			['by', 'moon'],
			['completed', 'maybe'],
			['group', 'North'],
			['why', 'not_yet_due']
		]);
		const more = read('rate=moon&reached=yes&stands=moon&stage=moon&month=13');
		expect([more.isChosen, more.chosen]).toEqual([false, nobody]);
		expect(more.problems.map(({ key }) => key).sort()).toEqual(['month', 'rate', 'reached', 'stage', 'stands']);
		expect(read('by=toString&why=toString').problems).toHaveLength(2);
	});
	test('a rate, how those without a review stand, and months', () => {
		expect(read('rate=tmr_each_quarter&reached=no').chosen).toEqual({
			...nobody,
			measure: 'tmr_each_quarter',
			reached: false
		});
		expect(read('stands=never_offered').chosen).toEqual({ ...nobody, stands: 'never_offered' });
		expect(read('stage=offered')).toMatchObject({ chosen: { ...nobody, stage: 'offered' }, isChosen: true });
		expect(read('month=12').chosen).toEqual({ ...nobody, from_month: 12, to_month: 12 });
		expect(read('month=1..3').chosen).toEqual({ ...nobody, from_month: 1, to_month: 3 });
	});
	test('who sees no days chooses nobody by a month', () => {
		const { chosen, problems } = read('month=3', false);
		expect(chosen).toEqual(nobody);
		expect(problems).toMatchObject([{ key: 'month', value: '3' }]);
	});
	test('the heading says them in words', () => {
		expect(said('why=hospice')).toBe('left out: Hospice in the year');
		expect(said('why=counted&completed=yes&by=pharm&group=1000000772', 'Elm Pharmacy')).toBe(
			'counted, with a review; pharmacy Elm Pharmacy'
		);
		expect(said('group=not_stated')).toBe('counted; plan not stated');
		expect(said('by=delivery&group=02')).toBe('counted; delivery Telephone');
		expect(said('rate=cmr_summary_within_14_days&reached=no')).toBe(
			'first reviews, counted, summary not sent within 14 days'
		);
		expect(said('stands=refused')).toBe('counted, without a review: refused');
		expect(said('stage=not_reached')).toBe('counted, not reached (yet)');
		expect(said('stands=open')).toBe('counted, without a review');
		expect(said('month=1..3')).toBe('counted, first reviewed in Jan to Mar');
		expect(said('completed=no')).toBe('enrolled in MTM, without a review');
	});
});
