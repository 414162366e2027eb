import { expect, test } from 'vitest';
import { keepCommand, oldWords, resultsMeant, type Kept } from '$lib/domain/kept';

const kept = (as_of: string, known: number | null, results: number): Kept => ({
	results,
	intake: results,
	as_of,
	known,
	loads: known === null ? [1, 2, 4] : [1, 2, 4].filter((load) => load <= known),
	built_at: '2026-11-20T08:00:00.000Z',
	version: '1'
});
const all = [kept('2026-09-30', null, 5), kept('2026-09-30', 2, 6), kept('2026-10-31', 2, 7), kept('2026-11-12', 1, 8)];
const current = { as_of: '2026-11-12', loads: [1, 2, 4] };
/** Load 3 was rolled back. */
const standing = [1, 2, 4];
const meant = (asof: string | null, known: string | null) => resultsMeant({ asof, known }, current, all, standing);

test.for<[string, string | null, string | null, number | null]>([
	['no word', null, null, null],
	['a kept day', '2026-09-30', null, 5],
	['the day of the current results', '2026-11-12', null, null],
	['a load and its day', '2026-09-30', '2', 6],
	['a load and the day of the current results', '2026-11-12', '1', 8],
	['a load without a day: its latest', null, '2', 7],
	['the last load: nothing came later', null, '4', null],
	['the last load and the current day', '2026-11-12', '4', null]
])('%s', ([, asof, known, results]) => {
	const found = meant(asof, known);
	expect(found.problems).toEqual([]);
	expect(found.kept?.results ?? null).toBe(results);
});

test.for<[string, string | null, string | null, string, RegExp]>([
	['the day before a kept one', '2026-09-29', null, 'asof', /"mtm refresh --as-of 2026-09-29 --keep" keeps them/],
	['the day after', '2026-10-01', null, 'asof', /^No results are kept as of 2026-10-01\. "mtm/],
	['a day kept with a load only', '2026-10-31', null, 'asof', /No results are kept as of 2026-10-31/],
	['a load that none is kept of', '2026-09-30', '1', 'known', /"mtm refresh --as-of 2026-09-30 --known 1" keeps them/],
	['a load on another day', '2026-10-01', '2', 'known', /"mtm refresh --as-of 2026-10-01 --known 2" keeps them/],
	['the last load on another day', '2026-09-30', '4', 'known', /by load 4 as of 2026-09-30/],
	['a load that was rolled back', null, '3', 'known', /No load 3 counts/],
	['a load that is not there', null, '5', 'known', /No load 5 counts/],
	['no day', 'yesterday', null, 'asof', /"yesterday" is no day/],
	['no day of the calendar', '2026-02-30', null, 'asof', /"2026-02-30" is no day/],
	['no load', null, '02', 'known', /"02" is no number of a load/],
	['nothing, as a load', null, '0', 'known', /"0" is no number of a load/]
])('%s is told, and the current ones are meant', ([, asof, known, key, why]) => {
	const found = meant(asof, known);
	expect(found.kept).toBeNull();
	expect(found.problems.map((problem) => problem.key)).toEqual([key]);
	expect(found.problems[0]!.why).toMatch(why);
});

test('a word that cannot be used does not take the other along', () => {
	const found = meant('yesterday', '2');
	expect(found.kept?.results).toBe(7);
	expect(found.problems.map((problem) => problem.key)).toEqual(['asof']);
});

test('a load that came since is not in the current results, so it is no longer they', () => {
	const found = resultsMeant({ asof: null, known: '5' }, current, all, [1, 2, 4, 5]);
	expect(found.kept).toBeNull();
	expect(found.problems[0]!.why).toMatch(/by load 5/);
	expect(resultsMeant({ asof: null, known: '4' }, { ...current, loads: [1, 2] }, all, standing).problems).toHaveLength(
		1
	);
});

test('what they are is said in words', () => {
	const latest = '2026-11-12';
	expect(oldWords({ as_of: '2026-09-30', known: null, received_on: null, latest })).toBe(
		'As of 30 Sep 2026, not the latest (12 Nov 2026).'
	);
	expect(oldWords({ as_of: '2026-09-30', known: 7, received_on: '2026-10-09', latest })).toBe(
		'Only what had been received by load 7 (9 Oct 2026), as of 30 Sep 2026; the latest results are as of 12 Nov 2026.'
	);
	expect(keepCommand({ as_of: null, known: 7 })).toBe('mtm refresh --known 7');
	expect(keepCommand({ as_of: '2026-09-30', known: null })).toBe('mtm refresh --as-of 2026-09-30 --keep');
});
