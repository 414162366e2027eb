import { describe, expect, test } from 'vitest';
import { mtmChips, mtmThere, readMtmFilter } from '$lib/domain/mtm_filter';
import { readPopulation } from '$lib/domain/population';
import { listedChips, readRecommendationTable } from '$lib/domain/recommendation_table';

const read = (query: string, about: 'recommendations' | 'reviews', days = true) => {
	const words = new URLSearchParams(query);
	return readMtmFilter(words, readPopulation(words).population, about, days);
};

describe('filters of interventions', () => {
	test('values to keep name their key, values to leave out do not', () => {
		expect(read('plan=A,!B&problem=cost,!adherence', 'recommendations').filter).toEqual({
			only: ['plan', 'plan=A', 'problem', 'problem=cost'],
			never: ['plan=B', 'problem=adherence']
		});
	});
	test('no filter is null, not an empty list that would keep nobody', () =>
		expect(read('', 'reviews').filter).toEqual({ only: null, never: null }));
	test('filters about adherence are named, never passed over', () => {
		const { filter, problems } = read('status=overdue&adr=0..3&plan=A', 'recommendations');
		expect(filter.only).toEqual(['plan', 'plan=A']);
		expect(problems.map(({ key }) => key)).toEqual(['status', 'adr']);
	});
	test('reviews know no prescriber and no recommendation', () => {
		const { filter, problems } = read('presc=1&problem=cost&pharm=2', 'reviews');
		expect(filter.only).toEqual(['pharm', 'pharm=2']);
		expect(problems.map(({ key }) => key)).toContain('presc');
	});
	test('a barrier narrows recommendations and stands on a chip', () => {
		expect(read('barrier=side_effects', 'recommendations')).toEqual({
			filter: { only: ['barrier', 'barrier=side_effects'], never: null },
			problems: []
		});
		expect(mtmChips(new URLSearchParams('barrier=side_effects'))).toEqual([
			{ key: 'barrier', label: 'Barrier', text: 'Side effects' }
		]);
	});
	test('a code that does not exist is a problem', () =>
		expect(read('verified=maybe', 'recommendations').problems).toEqual([
			{ key: 'verified', value: 'maybe', why: '"maybe" is no verified in claims that exists' }
		]));
	test('whether a recommendation is counted follows from its age: where days are not shown, nobody filters by it', () => {
		const asked = 'judged=under_30_days,!made&verified=too_early&problem=cost';
		expect(read(asked, 'recommendations').filter.only).toContain('judged=under_30_days');
		const { filter, problems } = read(asked, 'recommendations', false);
		expect(filter).toEqual({ only: ['problem', 'problem=cost', 'verified', 'verified=too_early'], never: null });
		expect(problems.map(({ key, value }) => [key, value])).toEqual([['judged', 'under_30_days,!made']]);
		expect(read('problem=cost', 'recommendations', false).problems).toEqual([]);
		expect(mtmChips(new URLSearchParams(asked), false).map(({ key }) => key)).toEqual(['problem', 'verified']);
	});
	test('a comma in a value is written twice', () =>
		expect(read('channel=fax,, paper', 'recommendations').filter.only).toEqual(['channel', 'channel=fax, paper']));
	test('chips say the codes in words', () =>
		expect(mtmChips(new URLSearchParams('response=accepted,!pending'))).toEqual([
			{ key: 'response', label: 'Answer', text: 'Accepted, not Waiting' }
		]));
	test('what is not stated is chosen by its own word, months by theirs', () => {
		const words = 'severity=not_stated,3&month=2026-03,!2026-04&barrier=!not_stated';
		expect(read(words, 'recommendations')).toEqual({
			filter: {
				only: ['severity', 'severity=not_stated', 'severity=3', 'month', 'month=2026-03'],
				never: ['barrier=not_stated', 'month=2026-04']
			},
			problems: []
		});
		expect(mtmChips(new URLSearchParams(words)).map(({ text }) => text)).toEqual([
			'stated',
			'not stated, Level 3',
			'Mar 2026, not Apr 2026'
		]);
		expect(read('month=2026-13&severity=8', 'recommendations').problems.map(({ key }) => key)).toEqual([
			'severity',
			'month'
		]);
		expect(read('month=2026-03&waited=under_30_days', 'recommendations', false)).toMatchObject({
			filter: { only: null },
			problems: [{ key: 'month' }, { key: 'waited' }]
		});
	});
	test('a link narrows the filters that are there, and never widens them', () => {
		const link = (now: string, wanted: string) =>
			new URLSearchParams(mtmThere(new URL(`http://x/a?response=${now}`), '', { response: wanted })).get('response');
		expect(link('accepted,declined', 'accepted,modified')).toBe('accepted');
		expect(link('!modified', 'accepted,modified')).toBe('accepted');
		expect(link('accepted,declined', '!declined')).toBe('accepted');
		expect(link('!pending', '!declined')).toBe('!pending,!declined');
		expect(link('declined', 'accepted')).toBe('accepted,declined,!accepted,!declined');
	});
	test('another page keeps these filters and the shared ones, and nothing else', () =>
		expect(
			mtmThere(
				new URL('http://x/interventions?y=2026&problem=cost&by=presc&page=2'),
				'/interventions/recommendations',
				{
					judged: 'made'
				}
			)
		).toBe('/interventions/recommendations?y=2026&problem=cost&judged=made'));
});

describe('the table of recommendations', () => {
	test('newest first unless told otherwise', () =>
		expect(readRecommendationTable(new URLSearchParams(), true)).toMatchObject({
			sort: 'identified',
			descending: true,
			chosen: { open: null, decline: null, strategy: null, around: null, cost: null, within: null, took: null }
		}));
	test('who sees no days cannot sort by them', () => {
		const table = readRecommendationTable(new URLSearchParams('sort=age&dir=desc'), false);
		expect(table.sort).toBe('patient');
		expect(table.problems).toHaveLength(1);
	});
	test('days around an answer are chosen by how they stand', () => {
		const words = new URLSearchParams('strategy=not_stated&around=no_fill');
		expect(listedChips(words, true).map(({ text }) => text)).toEqual([
			'not stated',
			'not computable: No fill of these medicines'
		]);
		const { chosen, problems } = readRecommendationTable(new URLSearchParams('around=toString'), true);
		expect([chosen.around, problems.map(({ key }) => key)]).toEqual([null, ['around']]);
	});
	test('days until an answer are a number of days, or at least so many', () => {
		const read = (words: string, days = true) => readRecommendationTable(new URLSearchParams(words), days);
		const chips = (words: string) => listedChips(new URLSearchParams(words), true).map(({ text }) => text);
		expect(chips('took=7')).toEqual(['on day 7 after sending']);
		expect(chips('took=7_or_more')).toEqual(['not before day 7 after sending']);
		for (const wrong of ['x', '7_or', '-1', '7_or_more_', '1.5', '123456'])
			expect([read(`took=${wrong}`).chosen.took, read(`took=${wrong}`).problems.length], wrong).toEqual([null, 1]);
		expect([read('took=7', false).chosen.took, read('took=7', false).problems.length]).toEqual([null, 1]);
	});
	test('a reason for declining chooses rows only where days are seen', () => {
		const words = new URLSearchParams('decline=not_stated');
		expect(readRecommendationTable(words, true).chosen.decline).toBe('not_stated');
		expect(listedChips(words, true)).toEqual([{ key: 'decline', label: 'Declined because', text: 'not stated' }]);
		const { chosen, problems } = readRecommendationTable(words, false);
		expect([chosen.decline, problems.map(({ key }) => key)]).toEqual([null, ['decline']]);
		expect(listedChips(words, false)).toEqual([]);
	});
	test('a problem with its detail is said as both', () => {
		const said = (words: string) => mtmChips(new URLSearchParams(words)).map(({ label, text }) => `${label}: ${text}`);
		expect(said('detail=adverse_event/bleeding')).toEqual(['Problem in detail: Adverse event: bleeding']);
		expect(said('detail=adverse_event/not_stated,!cost/two/words')).toEqual([
			'Problem in detail: Adverse event: not stated, not Cost: two/words'
		]);
		expect(said('detail=dose_too_low/dose_too_low')).toEqual(['Problem in detail: Dose too low']);
		expect(said('detail=not_stated')).toEqual(['Problem in detail: not stated']);
	});
	test('words that are not understood are named', () =>
		expect(
			readRecommendationTable(new URLSearchParams('sort=luck&open=maybe'), true).problems.map(({ key }) => key)
		).toEqual(['sort', 'open']));
});
