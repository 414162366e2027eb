import type { Margins } from '$lib/domain/margins';
import type { Split } from '$lib/domain/small_cells';
import { readCard } from './catalog';

/** Counts of one row that hang together: the whole, what it falls into, and how its rows hang together. */
export type Tree = {
	whole: string;
	counts: string[];
	splits: Split[];
	/** Columns within whose values the rows add up; null when each row stands alone. */
	by: string[] | null;
	/** The total of the page that must be told for these rows to be. */
	told: keyof Margins;
	/** 0 for the year asked, -1 for the one before. */
	year: 0 | -1;
	/** True when people of the total may stand in no row. */
	hasRest: boolean;
	/** The column along which the whole only grows, such as a month. */
	grows: string | null;
};

/** What the card of a panel says of its cells. */
export type Cells = {
	/** One row a measure that holds the totals of the page. */
	margins: boolean;
	trees: Tree[];
	/** True when whoever asks below P2 sees the rows that are counted, one by one. */
	isBesideRows: boolean;
	/** Columns that are hidden with another: rate with numerator. */
	with: Map<string, string>;
	/** Columns that are never told to who sees no small cells. */
	never: string[];
	/** Counts of one row that make up another, each of which may be hidden for itself. */
	makesUp: { whole: string; parts: string[] } | null;
	/** The column by which rows with a hidden count are ordered, after the others: the order of their counts would tell of them. */
	last: string | null;
	/** Counts, or what one count has beyond another, here or in another panel of the page: where one of them is small, others are not told. */
	few: Few[];
	/** A running sum or rest, and the count that makes it; within a column it begins anew. */
	runs: { column: string; by: string; within: string | null } | null;
};

/** The counts to look at, the panel and row they stand in (null: the row itself, every row), and the columns that are hidden when one is small. */
export type Few = {
	counts: { column: string; less: string | null }[];
	panel: string | null;
	where: { column: string; is: string } | null;
	hide: string[];
};

const words = (text: string) => text.split(/\s*,\s*/);

/**
 * Reads `Cells:` of a panel's card; null when it has none. Clauses stand between semicolons, ~ marks a count that is never shown but follows:
 * `a = b + ~c`, `a adds up [by x, y] [while total is told] [in the year before]`, `a stands alone`, `a grows by month`,
 * `a, b make up c`, `b with a`, `a is never told`, `a runs [down] by b [within x]`,
 * `few a, b less c [of panel [where x is y]] hide d`, `hidden rows last by x`, `beside its rows`, `margins`, `none`. Throws on anything else.
 */
export function readCells(sql: string, path: string): Cells | null {
	const text = readCard(sql).fields.Cells;
	if (text === undefined) return null;
	const cells: Cells = {
		margins: false,
		isBesideRows: false,
		trees: [],
		with: new Map(),
		never: [],
		makesUp: null,
		last: null,
		few: [],
		runs: null
	};
	const splits: Split[] = [];
	const roots: Omit<Tree, 'counts' | 'splits'>[] = [];
	for (const clause of text.split(/\s*;\s*/)) {
		const found = (pattern: RegExp) => pattern.exec(clause)?.slice(1) ?? null;
		let parts: (string | undefined)[] | null;
		if (clause === 'none') continue;
		else if (clause === 'margins') cells.margins = true;
		else if (clause === 'beside its rows') cells.isBesideRows = true;
		else if ((parts = found(/^(~?\w+) = (.+)$/))) splits.push({ whole: parts[0]!, parts: parts[1]!.split(/\s*\+\s*/) });
		else if (
			(parts = found(
				/^(.+?) adds? up(?: by (\w+(?:, \w+)*))?(?: while (patients|numerator|recoverable) is told)?( in the year before)?(?: and grows by (\w+))?$/
			))
		)
			for (const whole of words(parts[0]!))
				roots.push({
					whole,
					by: parts[1] ? words(parts[1]) : [],
					told: (parts[2] ?? 'any') as keyof Margins,
					year: parts[3] ? -1 : 0,
					hasRest: Boolean(parts[3]),
					grows: parts[4] ?? null
				});
		else if (
			(parts = found(
				/^(.+?) stands? alone(?: while (patients|numerator|recoverable) is told)?( in the year before)?(?: and grows? by (\w+))?$/
			))
		)
			for (const whole of words(parts[0]!))
				roots.push({
					whole,
					by: null,
					told: (parts[1] ?? 'any') as keyof Margins,
					year: parts[2] ? -1 : 0,
					hasRest: false,
					grows: parts[3] ?? null
				});
		else if ((parts = found(/^(.+?) with (\w+)$/))) for (const one of words(parts[0]!)) cells.with.set(one, parts[1]!);
		else if ((parts = found(/^(.+?) (?:is|are) never told$/))) cells.never.push(...words(parts[0]!));
		else if ((parts = found(/^hidden rows last by (\w+)$/))) cells.last = parts[0]!;
		else if (
			(parts = found(
				/^few (\w+(?: less \w+)?(?:, \w+(?: less \w+)?)*)(?: of (\w+)(?: where (\w+) is (\w+))?)? hide (.+)$/
			))
		)
			cells.few.push({
				counts: words(parts[0]!).map((one) => {
					const [column, less] = one.split(' less ');
					return { column: column!, less: less ?? null };
				}),
				panel: parts[1] ?? null,
				where: parts[2] ? { column: parts[2], is: parts[3]! } : null,
				hide: words(parts[4]!)
			});
		else if ((parts = found(/^(.+?) make up (\w+)$/))) cells.makesUp = { whole: parts[1]!, parts: words(parts[0]!) };
		else if ((parts = found(/^(\w+) runs (?:down )?by (\w+)(?: within (\w+))?$/)))
			cells.runs = { column: parts[0]!, by: parts[1]!, within: parts[2] ?? null };
		else throw new Error(`${path}: "Cells: ${clause}" cannot be read`);
	}
	const below = (whole: string): string[] => [
		whole,
		...splits.filter((split) => split.whole === whole).flatMap((split) => split.parts.flatMap(below))
	];
	cells.trees = roots.map((root) => {
		const counts = below(root.whole);
		return { ...root, counts, splits: splits.filter((split) => counts.includes(split.whole)) };
	});
	const placed = new Set(cells.trees.flatMap((tree) => tree.counts));
	for (const { whole } of splits)
		if (!placed.has(whole)) throw new Error(`${path}: Cells: how do the rows of "${whole}" hang together?`);
	return cells;
}
