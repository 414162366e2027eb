import { describe, expect, test } from 'vitest';
import {
	annotationProblem,
	annotationsOn,
	covers,
	everybody,
	flagsOf,
	groupKey,
	levelsOf,
	readGroup,
	timeChart,
	type Annotation,
	type Group
} from '$lib/domain/annotation';
import { readPopulation } from '$lib/domain/population';
import { unlimited } from '$lib/domain/scope';

const note = (more: Partial<Annotation> = {}): Annotation => ({
	id: 1,
	on_day: '2026-03-12',
	group: everybody,
	about: 'Everybody',
	measure: null,
	words: 'New nurse line',
	begins_level: false,
	by: 'Lena',
	at: '2026-04-01T12:00:00.000Z',
	...more
});
const plan: Group = { kind: 'plan', value: 'A, "B": C' };
const chart = (query: string, limits = unlimited, measure = 'hospital_admissions') =>
	timeChart(measure, readPopulation(new URLSearchParams(query)).population, limits);

describe('what cannot be kept', () => {
	const given = { on_day: '2026-03-12', group: 'all', measure: '', words: '', begins_level: false };
	test.each([
		['New nurse line', null],
		['pharmacist leave, store 11', null],
		['Contract H1234 moved to New York', null],
		['Dr. Smith retired', null],
		['ab', 'few words'],
		['a'.repeat(201), '200 characters'],
		['one\nline', 'one line'],
		['id 48213', 'never whom'],
		['call 555-0129', 'never whom'],
		['on 2026-03-12', 'never whom'],
		['write to a@b.org', 'never whom'],
		['Mrs. Jones moved', 'never whom'],
		['ms Lee moved', 'never whom'],
		['since patient Jones left', 'never whom'],
		['see MRN of store', 'never whom'],
		['member id H3', 'never whom']
	])('%s', (words, why) => {
		const problem = annotationProblem({ ...given, words }, '2026-10-01');
		if (why === null) expect(problem).toBeNull();
		else expect(problem).toContain(why);
	});
	test.each([
		['2027-10-01', null],
		['2027-10-02', 'a year ahead'],
		['1990-01-01', null],
		['1989-12-31', 'a year ahead'],
		['2026-02-30', 'is no day'],
		['', 'is no day']
	])('the day %s', (on_day, why) => {
		const problem = annotationProblem({ ...given, words: 'New line', on_day }, '2026-10-01');
		if (why === null) expect(problem).toBeNull();
		else expect(problem).toContain(why);
	});
});

test('a group is read as it is written', () => {
	for (const group of [everybody, plan, { kind: 'program', value: 'part_d' } as const])
		expect(readGroup(groupKey(group))).toEqual(group);
	for (const key of ['', 'plan', 'plan:', 'person:1', 'toString:1']) expect(readGroup(key)).toBeNull();
});

test('a view covers a group when nothing else narrows it', () => {
	expect(covers(unlimited, everybody)).toBe(true);
	expect(covers(unlimited, plan)).toBe(true);
	expect(covers({ ...unlimited, plans: [plan.value] }, plan)).toBe(true);
	expect(covers({ ...unlimited, plans: [plan.value, 'D'] }, plan)).toBe(true);
	expect(covers({ ...unlimited, plans: ['D'] }, plan)).toBe(false);
	expect(covers({ ...unlimited, plans: [] }, plan)).toBe(false);
	expect(covers({ ...unlimited, plans: [plan.value] }, everybody)).toBe(false);
	expect(covers({ ...unlimited, plans: [plan.value], programs: ['part_d'] }, plan)).toBe(false);
	expect(covers({ ...unlimited, programs: [plan.value] }, plan)).toBe(false);
});

describe('what a chart shows', () => {
	const shown = (on: ReturnType<typeof chart>, one: Annotation) =>
		annotationsOn(on, [one]).map(({ isWhole }) => (isWhole ? 'whole' : 'part'));
	test('everybody’s on every chart, of its measure or of all', () => {
		expect(shown(chart(''), note())).toEqual(['whole']);
		expect(shown(chart('plan=D&sex=female'), note())).toEqual(['whole']);
		expect(shown(chart(''), note({ measure: 'hospital_admissions' }))).toEqual(['whole']);
		expect(shown(chart(''), note({ measure: 'emergency_visits' }))).toEqual([]);
	});
	test('a group’s where all people are of the group, as a part where nobody is left out, not elsewhere', () => {
		const one = note({ group: { kind: 'plan', value: 'D' } });
		expect(shown(chart('plan=D'), one)).toEqual(['whole']);
		expect(shown(chart('plan=D&sex=female'), one)).toEqual(['whole']);
		expect(shown(chart('', { ...unlimited, plans: ['D'] }), one)).toEqual(['whole']);
		expect(shown(chart(''), one)).toEqual(['part']);
		expect(shown(chart('', { ...unlimited, plans: ['D', 'E'] }), one)).toEqual(['part']);
		expect(shown(chart('plan=E'), one)).toEqual([]);
		expect(shown(chart('plan=D,E'), one)).toEqual([]);
		expect(shown(chart('plan=!D'), one)).toEqual([]);
		expect(shown(chart('sex=female'), one)).toEqual([]);
		expect(shown(chart('pdc=80..'), one)).toEqual([]);
		expect(shown(chart('counted=yes'), one)).toEqual([]);
	});
});

test('flags stand at their months, by day; levels begin at those that say so and are about everybody of the chart', () => {
	const all = annotationsOn(chart(''), [
		note({ id: 3, on_day: '2026-03-31', begins_level: true }),
		note({ id: 2, on_day: '2026-03-01' }),
		note({ id: 4, on_day: '2026-01-31', begins_level: true, group: plan }),
		note({ id: 5, on_day: '2025-12-31', begins_level: true }),
		note({ id: 1, on_day: '2026-03-31', words: 'Another' })
	]);
	const flags = flagsOf(all, ['2026-01', '2026-02', '2026-03']);
	expect(flags.map(({ number, at, annotation }) => [number, at, annotation.id])).toEqual([
		[1, 0, 4],
		[2, 2, 2],
		[3, 2, 1],
		[4, 2, 3]
	]);
	expect(levelsOf(flags)).toEqual([{ from: '2026-03', because: 'New nurse line' }]);
});
