import { describe, expect, test } from 'vitest';
import { readReviewed, reviewedWords } from '$lib/domain/reviewed_people';

const read = (query: string) => readReviewed(new URLSearchParams(query));
const nobody = { why: null, completed: null, unit: null, value: null };
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
		expect(problems.map(({ key, value }) => [key, value])).toEqual([
			['by', 'moon'],
			['why', 'not_yet_due'],
			['completed', 'maybe'],
			['group', 'North']
		]);
		expect(read('by=toString&why=toString').problems).toHaveLength(2);
	});
	test('the heading says them in words', () => {
		expect(said('why=hospice')).toBe('left out: Hospice in the year');
		expect(said('why=counted&completed=yes&by=pharm&group=1000000772', 'Elm Pharmacy')).toBe(
			'counted, with a review; pharmacy Elm Pharmacy'
		);
		expect(said('group=not_stated')).toBe('counted; plan not stated');
		expect(said('by=delivery&group=02')).toBe('counted; delivery Telephone');
		expect(said('completed=no')).toBe('enrolled in MTM, without a review');
	});
});
