import { describe, expect, test } from 'vitest';
import { cellCount, cellRate, withMarks } from '$lib/domain/hidden';
import { marginsOf, type Totals } from '$lib/domain/margins';
import { anyone, readPopulation, type Population } from '$lib/domain/population';
import { unlimited, type PhiLevel, type Scope } from '$lib/domain/scope';
import { suppress } from '$lib/domain/small_cells';
import { readPanel, type Panel } from '$lib/server/catalog';
import { readCells } from '$lib/server/cells';
import type { Row } from '$lib/server/duckdb';
import { release, smallestShown } from '$lib/server/release';
import { sqlFile, sqlFiles } from '$lib/server/sql';

const scope = (phi: PhiLevel): Scope => ({ limits: unlimited, phi });
const panel = (name: string): Panel => readPanel(sqlFile('panels', name));
/** One column whose sum is known, as marks: the number, <11 or hidden. */
const column = (...people: number[]) => {
	const marks = suppress({ rows: people.map((n) => ({ people: n })), counts: { people: 'sum' }, splits: [] });
	return people.map((n, at) => ({ small: '<11', hidden: 'hidden', shown: n })[marks![at]!.get('people') ?? 'shown']);
};
const totals = (patients: number, denominator: number, numerator: number, below_and_recoverable = 0): Totals => ({
	patients,
	denominator,
	numerator,
	below_and_recoverable,
	lost: denominator - numerator - below_and_recoverable
});

describe('which cells are hidden', () => {
	test('0 and 11 are shown, 1 and 10 are not', () => {
		const marks = suppress({
			rows: [0, 1, 10, 11].map((people) => ({ people })),
			counts: { people: 'own' },
			splits: []
		})!;
		expect(marks.map((row) => row.get('people'))).toEqual([undefined, 'small', 'small', undefined]);
	});

	test('a total of 100 that is 93 and 7 tells neither', () => expect(column(93, 7)).toEqual(['hidden', '<11']));
	test('5 and 3 together are 8: a third is hidden with them', () =>
		expect(column(93, 5, 3, 20)).toEqual([93, '<11', '<11', 'hidden']));
	test('two tens add up to twenty and could be nothing else', () =>
		expect(column(10, 10, 40, 50)).toEqual(['<11', '<11', 'hidden', 50]));
	test('a zero guards nobody', () => expect(column(7, 0, 0, 30, 40)).toEqual(['<11', 0, 0, 'hidden', 40]));
	test('one row alone that is small is not told at all', () =>
		expect(suppress({ rows: [{ people: 7 }], counts: { people: 'sum' }, splits: [] })).toBeNull());

	test('a table of two ways with one small cell hides four', () => {
		const marks = suppress({
			rows: [
				{ counted: 40, adherent: 35, '~below': 5 },
				{ counted: 60, adherent: 30, '~below': 30 },
				{ counted: 90, adherent: 45, '~below': 45 }
			],
			counts: { counted: 'sum', adherent: 'sum', '~below': 'sum' },
			splits: [{ whole: 'counted', parts: ['adherent', '~below'] }]
		})!;
		expect(marks.map((row) => [...row.keys()].sort())).toEqual([['adherent', '~below'], ['adherent', '~below'], []]);
	});
});

describe('which totals are told', () => {
	test('10 of 25 hides the rate, and so does 15 of 25, because 10 are left', () => {
		expect(marginsOf(totals(25, 25, 10), []).numerator).toBe(false);
		expect(marginsOf(totals(25, 25, 15), []).numerator).toBe(false);
		expect(marginsOf(totals(25, 25, 14, 0), []).numerator).toBe(true);
		expect(marginsOf(totals(25, 25, 0), []).numerator).toBe(true);
	});
	test('a group of 7 tells nothing', () => expect(marginsOf(totals(7, 7, 7), []).any).toBe(false));
	test('A and A + B: a group that leaves 7 of another is not told', () => {
		expect(marginsOf(totals(93, 93, 50, 20), [totals(100, 100, 52, 24)]).any).toBe(false);
		expect(marginsOf(totals(80, 80, 45, 15), [totals(100, 100, 56, 26)]).any).toBe(true);
	});
	test('six excluded are told by neither total', () =>
		expect(marginsOf(totals(106, 100, 50, 20), [])).toMatchObject({ any: true, patients: false, numerator: true }));
});

describe('what leaves the server', () => {
	const line = (over: Partial<Totals>): Row => ({
		measure: 'pdc_statins',
		year: 2026,
		as_of: '2026-09-30',
		...totals(100, 90, 60, 15),
		...over,
		rate: 0.5,
		lower: 0.4,
		upper: 0.6,
		secured: 30,
		on_track: 30,
		due_soon: 11,
		overdue: 4,
		last_chance: 0,
		not_yet_in_measure: 0,
		excluded: Number(over.patients ?? 100) - Number(over.denominator ?? 90),
		floor_rate: 0.3,
		ceiling_rate: 0.8,
		must_fill_within_week: 0
	});
	/** Releases a line, its population told apart from others by a function. */
	const released = async (
		row: Row,
		population: Population = anyone(),
		others: (population: Population) => Row = () => row
	) =>
		(
			await release(
				panel('headline'),
				{ measure: 'pdc_statins', year: 2026, population },
				[row],
				scope('P0'),
				(_, asked) => Promise.resolve([asked.population === population ? row : others(asked.population as Population)])
			)
		)[0]!;

	test('a group of 7 reads <11 and holds no number of it', async () => {
		const row = await released(line({ patients: 7, denominator: 7, numerator: 5, below_and_recoverable: 1, lost: 1 }));
		expect(row.hidden).toMatchObject({ patients: '<11', denominator: '<11', numerator: '<11', lost: '<11' });
		expect(Object.entries(row).filter(([key, value]) => typeof value === 'number' && key !== 'year')).toEqual([]);
		expect(cellRate(row, 'numerator', 'denominator')).toBe('hidden');
		expect(withMarks(row)).toMatchObject({ patients: '<11', rate: 'hidden' });
		expect(withMarks(row)).not.toHaveProperty('hidden');
	});

	test('a filter that leaves out 7 is not answered', async () => {
		const population = readPopulation(new URLSearchParams('sex=female')).population;
		const row = await released(line({}), population, () => line({ patients: 107, denominator: 97, numerator: 62 }));
		expect(row.denominator).toBeNull();
		expect(cellCount(row, 'denominator')).toBe('hidden');
	});

	test('ranges finer than five points of PDC, and filters on days, are not answered', async () => {
		for (const filter of ['pdc=..79', 'lid=2026-10-01..2026-10-07', 'late=1..', 'adr=0..5']) {
			const population = readPopulation(new URLSearchParams(filter)).population;
			expect((await released(line({}), population)).denominator, filter).toBeNull();
		}
		const population = readPopulation(new URLSearchParams('pdc=..79.99')).population;
		const row = await released(line({}), population, () =>
			line({ patients: 200, denominator: 180, numerator: 120, below_and_recoverable: 30, lost: 30 })
		);
		expect(row.denominator).toBe(90);
	});

	test('a status of 4 hides itself and the next, never a zero', async () => {
		const row = await released(line({}));
		expect(row.hidden).toEqual({
			overdue: '<11',
			due_soon: 'hidden',
			patients: 'hidden',
			excluded: 'hidden',
			not_yet_in_measure: 'hidden'
		});
		expect(row.last_chance).toBe(0);
	});

	test('P2 and P3 see every count', async () => {
		for (const phi of ['P2', 'P3'] as const) {
			const rows = [line({ denominator: 7 })];
			expect(await release(panel('headline'), {}, rows, scope(phi), () => Promise.reject(new Error('asked')))).toBe(
				rows
			);
		}
	});

	test('a panel of counts that does not say how its cells hang together is not released', async () => {
		const silent = { ...panel('headline'), sql: '-- One row.\n-- Rows: counts\nselect 1 as patients' };
		await expect(release(silent, {}, [], scope('P0'), () => Promise.resolve([]))).rejects.toThrow('Cells');
	});

	test('a numerator that is no part of its denominator tells neither', async () => {
		const rows = [{ measure: 'stays', rows: 30, patients: 30, numerator: 40, denominator: 30, median: 3 }];
		const [row] = await release(panel('review_measures'), { year: 2026 }, rows, scope('P0'), () => Promise.resolve([]));
		expect(row).toMatchObject({ numerator: null, denominator: null, median: null });
	});

	test('where the rest of a total in another table is 10, its groups are not told; where it is 11, they are', async () => {
		const rows = [
			{ value: 'A', label: 'A', patients: 60, denominator: 60, numerator: 45 },
			{ value: 'B', label: 'B', patients: 40, denominator: 40, numerator: 25 }
		];
		const told = (reviewed: number) =>
			release(panel('review_groups'), { year: 2026, unit: 'plan' }, rows, scope('P0'), (other, asked) => {
				expect([other, asked]).toEqual(['review_measures', { year: 2026 }]);
				return Promise.resolve([
					{ measure: 'tmr_each_quarter', denominator: 100, numerator: 99 },
					{ measure: 'cmr_completion', denominator: 100, numerator: reviewed }
				]);
			});
		for (const [reviewed, shown] of [
			[90, [null, null]],
			[89, [60, 40]],
			[11, [60, 40]],
			[10, [null, null]],
			[100, [60, 40]]
		] as const)
			expect([reviewed, (await told(reviewed)).map((row) => row.denominator)]).toEqual([reviewed, shown]);
	});

	test('every panel of counts says so, in words that can be read', () => {
		const said = sqlFiles('panels')
			.map((file) => ({ file, panel: readPanel(file) }))
			.filter((one) => one.panel.about === 'counts')
			.map(({ file }) => [file.name, readCells(file.text, file.path) !== null] as const);
		expect(said.length).toBeGreaterThan(10);
		expect(said.filter(([, does]) => !does)).toEqual([]);
	});

	test('the smallest cell may be raised, never lowered', () => {
		expect(smallestShown(undefined)).toBe(11);
		expect(smallestShown('20')).toBe(20);
		for (const wrong of ['10', '0', '-3', 'five', '11.5'])
			expect(() => smallestShown(wrong), wrong).toThrow('at least 11');
	});
});
