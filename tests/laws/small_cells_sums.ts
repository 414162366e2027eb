import type { Answerable } from '$lib/server/warehouse';
import type { Limits } from '$lib/domain/scope';
import { readCells } from '$lib/server/cells';
import type { Row } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { yearTotals } from '$lib/server/total';
import { ask, panelNamed } from '$lib/server/warehouse';
import { narrowed, solved } from './onlooker';
import type { Told } from './small_cells_page';

/** What an asker sees of tables of counts, with the sums that everybody knows they make; a name for each number. */
export class Sums {
	constructor(
		private readonly home: Home,
		private readonly limits: Limits,
		readonly told: Told
	) {}

	/** Puts a number with what is seen of it. */
	put(name: string, row: Row, seen: Row, column: string): void {
		const { told } = this;
		const truth = Number(row[column]);
		const mark = (seen.hidden as Record<string, string> | undefined)?.[column];
		told.truth.set(name, truth);
		if (mark === undefined) {
			if (Number(seen[column]) !== truth) throw new Error(`${name} is ${String(seen[column])} and not ${truth}`);
			told.known.set(name, { least: truth, most: truth });
			told.shown++;
			return;
		}
		if (seen[column] !== null) throw new Error(`${name} is hidden and yet there`);
		if (mark === '<11') {
			if (truth < 1 || truth > 10) throw new Error(`${name} is ${truth} and reads ${mark}`);
			told.known.set(name, { least: 1, most: 10 });
		}
		if (truth > 0) told.hidden++;
	}

	/** Says that a number is the sum of others. One of them may be new: it is what the others leave it. Throws when it is not so. */
	add(total: string, parts: string[]): void {
		const { truth, sums } = this.told;
		sums.push({ total, parts });
		const missing = [total, ...parts].filter((name) => !truth.has(name));
		if (missing.length > 1) throw new Error(`${missing.join(', ')} are not known to the test`);
		const sum = parts.reduce((all, part) => all + (truth.get(part) ?? 0), 0);
		if (missing[0] === total) truth.set(total, sum);
		else if (missing.length) truth.set(missing[0]!, truth.get(total)! - sum);
		else if (truth.get(total) !== sum) throw new Error(`${parts.join(' + ')} is ${sum}, ${total} ${truth.get(total)}`);
		if ([...parts, total].some((name) => truth.get(name)! < 0)) throw new Error(`${total} has a part below nothing`);
	}

	/** Says that two numbers are one, whatever their tables. */
	same(one: string, other: string): void {
		this.add(one, [other]);
	}

	/**
	 * Reads one table of counts: every count under `name row column`, what its card says that they make, and under `name column` the sum of
	 * all rows of what adds up. Gives the keys of the rows. The row of the key `untold` must not be there for who sees no persons.
	 */
	async read(
		name: string,
		panel: string,
		parameters: Record<string, Answerable>,
		keys: string[],
		untold?: string
	): Promise<string[]> {
		const cells = readCells(panelNamed(panel).sql, panel)!;
		const [all, some] = await Promise.all([
			ask<Row>(this.home, panel, parameters, { limits: this.limits, phi: 'P3' }),
			ask<Row>(this.home, panel, parameters, { limits: this.limits, phi: 'P0' })
		]);
		const keyOf = (row: Row) => keys.map((key) => String(row[key])).join(' ') || 'row';
		const seen = new Map(some.map((row) => [keyOf(row), row]));
		const rows = all
			.map((row) => ({ row, seen: seen.get(keyOf(row))!, key: keyOf(row) }))
			.filter(({ key }) => key !== untold);
		if (new Set(rows.map(({ key }) => key)).size !== rows.length || some.length !== rows.length)
			throw new Error(`${panel}: rows cannot be told apart by ${keys.join(', ')}`);
		for (const { row, seen, key } of rows)
			for (const { whole, counts, splits } of cells.trees) {
				const of = (column: string) => `${name} ${key} ${column}`;
				for (const column of counts) if (column in row) this.put(of(column), row, seen, column);
				for (const { whole: total, parts } of splits) this.add(of(total), parts.map(of));
				// A number of rows is never below the number of people in them.
				const isOfPeople = 'patients' in row && cells.with.get(whole) === 'patients';
				if (isOfPeople && this.told.truth.has(of('patients')))
					this.add(of(whole), [of('patients'), of(`${whole} beside the first`)]);
			}
		for (const { counts, by } of cells.trees.filter((tree) => tree.by !== null))
			for (const column of counts) {
				const parts = new Map<string, string[]>();
				for (const { row, key } of rows) {
					const group = by!.map((one) => ` ${String(row[one])}`).join('');
					parts.set(group, [...(parts.get(group) ?? []), `${name} ${key} ${column}`]);
				}
				if (!rows.length && !by!.length) parts.set('', []);
				for (const [group, names] of parts) this.add(`${name}${group} ${column}`, names);
			}
		if (cells.runs && cells.runs.within === null) this.readRest(name, rows, cells.runs);
		return rows.map(({ key }) => key);
	}

	/** Reads the published figures of a year, under `published MEASURE numerator` and `denominator`; gives the measures that there are. */
	async readPublished(year: number): Promise<string[]> {
		const [all, some] = await Promise.all([
			yearTotals(this.home, year, { limits: this.limits, phi: 'P3' }),
			yearTotals(this.home, year, { limits: this.limits, phi: 'P0' })
		]);
		for (const line of all)
			for (const column of ['numerator', 'denominator'] as const) {
				const name = `published ${line.measure} ${column}`;
				this.told.truth.set(name, line[column]);
				const seen = some.find((one) => one.measure === line.measure)?.[column];
				if (seen !== undefined) this.told.known.set(name, { least: seen, most: seen });
			}
		return all.map((line) => line.measure);
	}

	/** Reads what remains after each row, and says that a row takes its own count from what remained before it. */
	private readRest(
		name: string,
		rows: { row: Row; seen: Row; key: string }[],
		{ column, by }: { column: string; by: string }
	): void {
		let rest = rows.reduce((all, { row }) => all + Number(row[by]), Number(rows.at(-1)?.row[column]));
		rows.forEach(({ row, seen, key }, at) => {
			rest -= Number(row[by]);
			this.put(`${name} ${key} ${column}`, { ...row, [column]: rest }, seen, column);
			if (at) this.add(`${name} ${rows[at - 1]!.key} ${column}`, [`${name} ${key} ${column}`, `${name} ${key} ${by}`]);
		});
	}
}

/** The small numbers that somebody can work out from all that is told, by sums and by what is known of each number. */
export function foundOut({ truth, known, sums }: Told): string[] {
	const small = (value: number) => value > 0 && value < 11;
	const names = [...truth.keys()];
	const at = new Map(names.map((name, place) => [name, place]));
	const shown = new Map([...known].filter(([, { least, most }]) => least === most));
	const equations = sums.map(({ total, parts }) => {
		const of: [number, number][] = [];
		let is = 0;
		for (const [name, times] of [[total, -1], ...parts.map((part) => [part, 1])] as [string, number][]) {
			const value = shown.get(name)?.least;
			if (value === undefined) of.push([at.get(name)!, times]);
			else is -= times * value;
		}
		return { of, is };
	});
	const found = new Set<string>();
	for (const [place, value] of solved({ unknowns: names.length, equations }))
		if (small(value)) found.add(`${names[place]} is ${value}`);
	for (const [name, { least, most }] of narrowed(sums, known))
		if (least === most && small(least) && !shown.has(name)) found.add(`${name} can only be ${least}`);
	return [...found];
}
