import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallestCell, suppress, type Sheet, type Split } from '$lib/domain/small_cells';
import { leaves, rowsOfTablesLike, solved } from './onlooker';

const shapes: { counts: string[]; splits: Split[] }[] = [
	{ counts: ['people'], splits: [] },
	{ counts: ['counted', 'adherent', '~below'], splits: [{ whole: 'counted', parts: ['adherent', '~below'] }] },
	{
		counts: ['counted', 'adherent', '~below', 'recoverable', '~lost'],
		splits: [
			{ whole: 'counted', parts: ['adherent', '~below'] },
			{ whole: '~below', parts: ['recoverable', '~lost'] }
		]
	},
	{
		counts: ['counted', 'adherent', '~below', 'candidate', '~other'],
		splits: [
			{ whole: 'counted', parts: ['adherent', '~below'] },
			{ whole: 'counted', parts: ['candidate', '~other'] }
		]
	}
];

const isSmall = (count: number, smallest: number) => count > 0 && count < smallest;

/** A sheet of one of the shapes; a column whose sum may not be told is closed, as the totals of a page decide. */
function sheetOf(
	shape: (typeof shapes)[number],
	numbers: number[][],
	stands: 'sum' | 'own',
	smallest: number
): Sheet | null {
	const rows = numbers.map((given) => {
		const row: Record<string, number> = {};
		let at = 0;
		for (const name of [...shape.counts].reverse()) {
			const split = shape.splits.filter((one) => one.whole === name);
			if (!split.length) row[name] = given[at++]!;
		}
		// A second way to count the whole is made to agree with the first.
		if (shape.splits.length === 2 && shape.splits[1]!.whole === 'counted') {
			const whole = row.adherent! + row['~below']!;
			row.candidate = Math.min(row.candidate!, whole);
			row['~other'] = whole - row.candidate;
		}
		for (const name of [...shape.counts].reverse()) {
			const split = shape.splits.find((one) => one.whole === name);
			if (split) row[name] = split.parts.reduce((sum, part) => sum + row[part]!, 0);
		}
		return row;
	});
	const total = (name: string) => rows.reduce((sum, row) => sum + row[name]!, 0);
	const counts = Object.fromEntries(shape.counts.map((name) => [name, stands as Sheet['counts'][string]]));
	if (stands === 'sum') {
		if (isSmall(total(shape.counts[0]!), smallest)) return null;
		for (const { whole, parts } of shape.splits)
			if (counts[whole] === 'closed' || parts.some((part) => isSmall(total(part), smallest)))
				for (const part of parts) counts[part] = 'closed';
	}
	return { rows, counts, splits: shape.splits };
}

const sheets = (smallest: number, most: number, rows: number) =>
	fc
		.record({
			shape: fc.constantFrom(...shapes),
			stands: fc.constantFrom('sum' as const, 'sum' as const, 'own' as const),
			numbers: fc.array(
				fc.array(fc.oneof(fc.constant(0), fc.nat(smallest + 1), fc.nat(most)), { minLength: 4, maxLength: 4 }),
				{ minLength: 1, maxLength: rows }
			)
		})
		.map(({ shape, numbers, stands }) => sheetOf(shape, numbers, stands, smallest))
		.filter((sheet): sheet is Sheet => sheet !== null);

test('whoever tries every table that fits finds at least two values for each small cell', () => {
	const smallest = 3;
	let hidden = 0;
	fc.assert(
		fc.property(sheets(smallest, 5, 3), (sheet) => {
			const marks = suppress(sheet, smallest);
			if (!marks) return;
			const most = Math.max(...sheet.rows.flatMap((row) => leaves(sheet).map((name) => row[name]!))) + 2;
			const like = rowsOfTablesLike({ sheet, marks, smallest }, most);
			sheet.rows.forEach((row, at) => {
				for (const name of Object.keys(sheet.counts)) {
					if (!isSmall(row[name]!, smallest)) continue;
					hidden++;
					const values = new Set(like[at]!.map((one) => one[name]));
					if (values.size < 2) throw new Error(`${name} of row ${at} can only be ${[...values].join()}`);
				}
			});
		}),
		{ numRuns: 1500 }
	);
	expect(hidden).toBeGreaterThan(1000);
});

test('no small cell is shown, and exact elimination of everything shown finds none', () => {
	fc.assert(
		fc.property(sheets(smallestCell, 60, 12), (sheet) => {
			const marks = suppress(sheet);
			if (!marks) return;
			const names = Object.keys(sheet.counts);
			const unknown = (at: number, name: string) => at * names.length + names.indexOf(name);
			const equations: { of: [number, number][]; is: number }[] = [];
			sheet.rows.forEach((row, at) => {
				for (const { whole, parts } of sheet.splits)
					equations.push({
						of: [[unknown(at, whole), -1], ...parts.map((part): [number, number] => [unknown(at, part), 1])],
						is: 0
					});
				for (const name of names)
					if (!marks[at]!.has(name) && !name.startsWith('~')) {
						if (isSmall(row[name]!, smallestCell)) throw new Error(`${name} of row ${at} is shown`);
						equations.push({ of: [[unknown(at, name), 1]], is: row[name]! });
					}
			});
			for (const name of names)
				if (sheet.counts[name] === 'sum')
					equations.push({
						of: sheet.rows.map((_, at): [number, number] => [unknown(at, name), 1]),
						is: sheet.rows.reduce((sum, row) => sum + row[name]!, 0)
					});
			const found = solved({ equations, unknowns: names.length * sheet.rows.length });
			for (const [at, value] of found)
				if (isSmall(value, smallestCell))
					throw new Error(`${names[at % names.length]} of row ${Math.floor(at / names.length)} is ${value}`);
		}),
		{ numRuns: 2000 }
	);
});

test('zero is shown, and never hidden to guard another unless nothing else is left', () => {
	fc.assert(
		fc.property(fc.array(fc.oneof(fc.constant(0), fc.nat(40)), { minLength: 1, maxLength: 9 }), (numbers) => {
			const rows = numbers.map((people) => ({ people }));
			const marks = suppress({ rows, counts: { people: 'sum' }, splits: [] });
			const guards = numbers.filter((people) => people >= smallestCell).length;
			if (marks && guards > 2)
				numbers.forEach((people, at) => people === 0 && expect(marks[at]!.has('people')).toBe(false));
		})
	);
});
