import type { Margins, Totals } from '$lib/domain/margins';
import { suppress, type Mark, type Sheet, type Standing } from '$lib/domain/small_cells';
import type { Tree } from './cells';
import type { Row } from './duckdb';

/** What the page says of the totals of some rows. */
export type Told = { margins: Margins; totals: Totals | undefined; smallest: number };

/** Which total must be told for its parts in the rows to be. */
const marginOf: Record<string, keyof Margins> = {
	numerator: 'numerator',
	below: 'numerator',
	recoverable: 'recoverable',
	lost: 'recoverable'
};

/** A count without its marks: of the year before, or never shown. */
const plain = (name: string) => name.replace(/^~/, '').replace(/^last_/, '');

/** Every count of a row, those too that only follow; null when its parts do not add up, as of a rate that is no share. */
function countsOf(row: Row, tree: Tree): Record<string, number> | null {
	const counts: Record<string, number> = {};
	for (const name of tree.counts) if (typeof row[name] === 'number') counts[name] = row[name];
	for (const { whole, parts } of tree.splits) {
		const known = parts.filter((part) => counts[part] !== undefined);
		const sum = known.reduce((all, part) => all + counts[part]!, 0);
		if (counts[whole] === undefined) counts[whole] = sum;
		const rest = counts[whole] - sum;
		const missing = parts.filter((part) => counts[part] === undefined);
		if (rest < 0 || missing.length > 1 || (!missing.length && rest !== 0)) return null;
		if (missing.length) counts[missing[0]!] = rest;
	}
	return counts;
}

/** True when the parts of every row add up to it; of rows that do not, nothing can be told without telling too much. */
export const addsUp = (rows: Row[], tree: Tree): boolean => rows.every((row) => countsOf(row, tree) !== null);

/** What the totals of the page have beyond the rows of a table: a row that is not shown but follows; null when it is empty. */
function restOf(rows: Record<string, number>[], tree: Tree, totals: Totals): Record<string, number> | null {
	const of: Record<string, number> = {
		denominator: totals.denominator,
		numerator: totals.numerator,
		below: totals.denominator - totals.numerator
	};
	const rest = Object.fromEntries(
		tree.counts.map((name) => [name, (of[plain(name)] ?? NaN) - rows.reduce((sum, row) => sum + row[name]!, 0)])
	);
	if (Object.values(rest).some((count) => !(count >= 0)))
		throw new Error(`"${tree.whole}" adds up to more than its total: no count of it is told`);
	return rest[tree.whole]! > 0 ? rest : null;
}

/** Rows whose whole is too near to that of another row that is shown: along months, what came between would be few people. */
function tooNear(rows: Row[], counts: Record<string, number>[], tree: Tree, told: Told): Set<number> {
	const few = (count: number) => count > 0 && count < told.smallest;
	const hidden = new Set<number>();
	let next = told.totals?.denominator ?? null;
	const places = rows.map((_, at) => at).sort((a, b) => Number(rows[b]![tree.grows!]) - Number(rows[a]![tree.grows!]));
	for (const at of places) {
		const here = counts[at]![tree.whole]!;
		if (here === 0) continue;
		if (few(here) || (next !== null && few(Math.abs(next - here)))) hidden.add(at);
		else next = here;
	}
	return hidden;
}

/** The marks of the counts of one tree in rows that stand together and add up; null when none of them may be told. */
export function treeMarks(rows: Row[], tree: Tree, told: Told): Map<string, Mark>[] | null {
	const counts = rows.map((row) => countsOf(row, tree)!);
	const sums = tree.by !== null;
	const rest = sums && tree.hasRest && told.totals ? restOf(counts, tree, told.totals) : null;
	const all = rest ? [...counts, rest] : counts;
	const standing: Record<string, Standing> = {};
	for (const name of tree.counts)
		standing[name] = !told.margins[marginOf[plain(name)] ?? 'any'] ? 'closed' : sums ? 'sum' : 'own';
	if (!told.margins[tree.told]) standing[tree.whole] = 'closed';
	// A total that the headline does not know is judged as the headline judges its own.
	if (sums)
		for (const { parts } of tree.splits) {
			const few = (part: string) => {
				const total = all.reduce((sum, row) => sum + row[part]!, 0);
				return total > 0 && total < told.smallest;
			};
			if (parts.some((part) => few(part) || standing[part] === 'closed'))
				for (const part of parts) standing[part] = 'closed';
		}
	const near = tree.grows ? tooNear(rows, counts, tree, told) : null;
	const sheet: Sheet = {
		rows: all,
		counts: standing,
		splits: tree.splits,
		already: all.map((_, at) => new Set(near?.has(at) ? [tree.whole] : []))
	};
	return suppress(sheet, told.smallest)?.slice(0, rows.length) ?? null;
}
