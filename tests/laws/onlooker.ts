import type { Mark, Sheet } from '$lib/domain/small_cells';

/** What an onlooker sees of a sheet: marks, the cells without one, and the sums of the columns that are told elsewhere. */
export type Seen = { sheet: Sheet; marks: Map<string, Mark>[]; smallest: number };

const names = (sheet: Sheet) => Object.keys(sheet.counts);

/** The counts of a row that are not made of others. */
export const leaves = (sheet: Sheet) =>
	names(sheet).filter((name) => !sheet.splits.some((split) => split.whole === name));

/** A row of every count from those that are not made of others; null when two ways to count the whole differ. */
function rowOf(sheet: Sheet, given: Record<string, number>): Record<string, number> | null {
	const row = { ...given };
	for (const name of names(sheet).reverse()) {
		const sums = sheet.splits
			.filter((split) => split.whole === name)
			.map((split) => split.parts.reduce((sum, part) => sum + row[part]!, 0));
		if (!sums.length) continue;
		if (sums.some((sum) => sum !== sums[0])) return null;
		row[name] = sums[0]!;
	}
	return row;
}

/** Every row that could stand where a row stands, its counts up to `most`. */
function rowsLike(seen: Seen, at: number, most: number): Record<string, number>[] {
	const { sheet, marks, smallest } = seen;
	const found: Record<string, number>[] = [];
	const free = leaves(sheet);
	const fits = (row: Record<string, number>) =>
		names(sheet).every((name) => {
			const mark = marks[at]!.get(name);
			if (mark === undefined) return row[name] === sheet.rows[at]![name];
			return mark === 'hidden' || (row[name]! > 0 && row[name]! < smallest);
		});
	const fill = (place: number, row: Record<string, number>) => {
		if (place === free.length) {
			const whole = rowOf(sheet, row);
			if (whole && fits(whole)) found.push(whole);
			return;
		}
		const name = free[place]!;
		const shown = !marks[at]!.has(name);
		const from = shown ? sheet.rows[at]![name]! : 0;
		for (let value = from; value <= (shown ? from : most); value++) fill(place + 1, { ...row, [name]: value });
	};
	fill(0, {});
	return found;
}

/**
 * Every row that stands in some table that agrees with what is seen, for each place: all tables are tried, those of equal sums at once.
 * Counts that are not made of others go up to `most`.
 */
export function rowsOfTablesLike(seen: Seen, most: number): Record<string, number>[][] {
	const { sheet } = seen;
	const summed = names(sheet).filter((name) => sheet.counts[name] === 'sum');
	const total = summed.map((name) => sheet.rows.reduce((sum, row) => sum + row[name]!, 0));
	const choices = sheet.rows.map((_, at) => rowsLike(seen, at, most));
	const add = (sums: string, row: Record<string, number>) =>
		(sums === '' ? summed.map(() => 0) : (JSON.parse(sums) as number[])).map((sum, at) => sum + row[summed[at]!]!);
	/** The sums that the rows of some places can have together, none above the total. */
	const reach = (rows: Record<string, number>[][]) =>
		rows.reduce(
			(before, choice) => {
				const after = new Set<string>();
				for (const sums of before)
					for (const row of choice) {
						const next = add(sums, row);
						if (next.every((sum, at) => sum <= total[at]!)) after.add(JSON.stringify(next));
					}
				return after;
			},
			new Set<string>([JSON.stringify(summed.map(() => 0))])
		);
	return choices.map((choice, at) => {
		const others = reach(choices.filter((_, other) => other !== at));
		return choice.filter((row) => others.has(JSON.stringify(total.map((sum, place) => sum - row[summed[place]!]!))));
	});
}

type Equation = { of: Map<number, bigint>; is: bigint };
/** What an onlooker can solve for: whole-number equations in unknowns, each of which may have a least and a most. */
export type Riddle = { equations: { of: [unknown: number, times: number][]; is: number }[]; unknowns: number };

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));

/** The unknowns that the equations alone determine, by exact elimination, with their values. */
export function solved({ equations, unknowns }: Riddle): Map<number, number> {
	const rows: Equation[] = equations.map(({ of, is }) => {
		const map = new Map<number, bigint>();
		for (const [unknown, times] of of) map.set(unknown, (map.get(unknown) ?? 0n) + BigInt(times));
		return { of: map, is: BigInt(is) };
	});
	const pivots: { column: number; row: Equation }[] = [];
	const reduce = (row: Equation, column: number, by: Equation) => {
		const a = row.of.get(column);
		if (!a) return;
		const b = by.of.get(column)!;
		const scale = gcd(a, b);
		const [p, q] = [b / scale, a / scale];
		const all = new Set([...row.of.keys(), ...by.of.keys()]);
		const next = new Map<number, bigint>();
		for (const one of all) {
			const value = (row.of.get(one) ?? 0n) * p - (by.of.get(one) ?? 0n) * q;
			if (value !== 0n) next.set(one, value);
		}
		row.is = row.is * p - by.is * q;
		row.of = next;
	};
	for (const row of rows) {
		for (const pivot of pivots) reduce(row, pivot.column, pivot.row);
		for (const [one, value] of row.of) if (value === 0n) row.of.delete(one);
		const column = row.of.keys().next().value;
		if (column === undefined) {
			if (row.is !== 0n) throw new Error('what is shown contradicts itself');
			continue;
		}
		for (const pivot of pivots) reduce(pivot.row, column, row);
		pivots.push({ column, row });
	}
	const found = new Map<number, number>();
	for (const { column, row } of pivots)
		if (row.of.size === 1 && column < unknowns) found.set(column, Number(row.is / row.of.get(column)!));
	return found;
}

/** What an onlooker knows of one number: between which whole numbers it lies. */
export type Bounds = { least: number; most: number };

/**
 * Narrows what is known of each number by the sums they make, round after round: in `total = part + part`, each is what the others
 * leave it. Gives the bounds of every number when nothing narrows any more.
 */
export function narrowed(sums: { total: string; parts: string[] }[], known: Map<string, Bounds>): Map<string, Bounds> {
	const bounds = new Map(known);
	const of = (name: string) => bounds.get(name) ?? { least: 0, most: Infinity };
	for (let again = true, rounds = 0; again && rounds < 60; rounds++) {
		again = false;
		const narrow = (name: string, least: number, most: number) => {
			const was = of(name);
			const is = { least: Math.max(was.least, least), most: Math.min(was.most, most) };
			if (is.least === was.least && is.most === was.most) return;
			if (is.least > is.most) throw new Error(`what is shown contradicts itself at ${name}`);
			bounds.set(name, is);
			again = true;
		};
		for (const { total, parts } of sums) {
			let least = 0;
			let most = 0;
			let open = 0;
			for (const part of parts) {
				least += of(part).least;
				if (of(part).most === Infinity) open++;
				else most += of(part).most;
			}
			narrow(total, least, open ? Infinity : most);
			const whole = of(total);
			for (const part of parts) {
				const own = of(part);
				const othersMost =
					open - (own.most === Infinity ? 1 : 0) ? Infinity : most - (own.most === Infinity ? 0 : own.most);
				narrow(part, whole.least - othersMost, whole.most - (least - own.least));
				if (again) {
					least += of(part).least - own.least;
					if (own.most === Infinity && of(part).most !== Infinity) {
						open--;
						most += of(part).most;
					} else if (own.most !== Infinity) most += of(part).most - own.most;
				}
			}
		}
	}
	return bounds;
}
