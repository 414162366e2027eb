/**
 * Small cells: counts of 1 to 10 people are hidden, and with them whatever would let somebody work them out. Zero is shown.
 *
 * What one page shows together hangs together by its totals only (who is counted, who is adherent of them, who can still be won
 * back): each table of it splits the same totals another way. Whether a total is told is decided once for all tables, from the
 * totals themselves (`Margins`). A total that is told is taken as known by every table; the parts of one that is not told are told by no
 * table. So a table can be judged alone: `suppress` hides cells until for each small one there is another table, with the same
 * totals and the same shown cells, in which that cell is different. Putting that table beside the others of the page contradicts nothing.
 */

/** The smallest count that is shown: CMS cell size suppression policy; a setting may raise it, never lower it. */
export const smallestCell = 11;

/** Why a cell is not shown: it is small itself, or it would tell one that is. `hidden` says nothing of its size. */
export type Mark = 'small' | 'hidden';

/** A count that falls apart into others; the parts of one row add up to it. A name that begins with ~ is never shown, but follows from the rest. */
export type Split = { whole: string; parts: string[] };

/**
 * How a count stands across the rows of a table. sum: its sum over the rows is told somewhere. own: each row stands for itself.
 * closed: its sum is not told, so no row tells it.
 */
export type Standing = 'sum' | 'own' | 'closed';

/** Counts in rows: the first of `counts` is the whole of a row, the others are parts of it by `splits`. */
export type Sheet = {
	rows: Record<string, number>[];
	counts: Record<string, Standing>;
	splits: Split[];
	/** Counts of a row that other reasons hide already. */
	already?: ReadonlySet<string>[];
};

/** A move of one person that an onlooker could not see: what it changes in a row. */
type Change = Map<string, number>;

/**
 * Which cells of a table are not shown, a map for each row; null when nothing short of the whole table would do.
 * Small cells first; then, in each row and each column, the smallest others that keep every small one from being worked out.
 * The same table always gives the same answer.
 */
export function suppress(sheet: Sheet, smallest = smallestCell): Map<string, Mark>[] | null {
	const table = new Table(sheet, smallest);
	return table.settle() ? table.marks : null;
}

class Table {
	readonly marks: Map<string, Mark>[];
	private readonly names: string[];
	private readonly ways: string[][];
	/** Counts in which nothing is left to hide: there a hidden cell may be any number, for all that is claimed of it. */
	private readonly loose = new Set<string>();

	constructor(
		private readonly sheet: Sheet,
		private readonly smallest: number
	) {
		this.names = Object.keys(sheet.counts);
		this.ways = this.waysFrom(this.names[0]!);
		this.marks = sheet.rows.map(() => new Map());
		sheet.rows.forEach((row, at) => {
			for (const name of this.names)
				if (sheet.counts[name] === 'closed' || sheet.already?.[at]?.has(name)) this.hide(at, name, 'hidden');
			for (const name of this.names) if (this.isSmall(row[name]!)) this.hide(at, name);
			this.settleRow(at);
		});
	}

	private isSmall = (count: number) => count > 0 && count < this.smallest;
	private isHidden = (at: number, name: string) => this.marks[at]!.has(name);

	/** Every way in which one person can stand in a row: a part of each split, down to the last. */
	private waysFrom(whole: string): string[][] {
		let ways: string[][] = [[whole]];
		for (const split of this.sheet.splits.filter((one) => one.whole === whole)) {
			const parts = split.parts.flatMap((part) => this.waysFrom(part));
			ways = ways.flatMap((way) => parts.map((part) => [...way, ...part]));
		}
		return ways;
	}

	private hide(at: number, name: string, as?: Mark): void {
		const marks = this.marks[at]!;
		if (marks.has(name)) return;
		marks.set(name, as ?? (this.isSmall(this.sheet.rows[at]![name]!) && this.tells(at, name) ? 'small' : 'hidden'));
		for (const split of this.sheet.splits)
			if (split.whole === name) for (const part of split.parts) this.hide(at, part, 'hidden');
	}

	/** Within a row whose whole is shown, what is hidden of it must not be one part alone, nor few people together. */
	private settleRow(at: number): void {
		const row = this.sheet.rows[at]!;
		for (const { whole, parts } of this.sheet.splits) {
			if (this.isHidden(at, whole)) continue;
			for (;;) {
				const hidden = parts.filter((part) => this.isHidden(at, part));
				const open = parts.filter((part) => !this.isHidden(at, part));
				if (!hidden.length || !open.length) break;
				if (hidden.length > 1 && !this.isSmall(hidden.reduce((sum, part) => sum + row[part]!, 0))) break;
				const some = open.filter((part) => row[part]! > 0);
				this.hide(
					at,
					least(some.length ? some : open, (part) => row[part]!),
					'hidden'
				);
			}
		}
	}

	/** Hides until each column is safe; false when a column is not, and nothing is left to hide in it. */
	settle(): boolean {
		for (let again = true; again;) {
			again = false;
			for (const name of this.names) {
				if (this.isSafe(name)) continue;
				if (!this.hideAnother(name) && !this.loosen(name)) return false;
				again = true;
			}
		}
		return true;
	}

	private isSafe(name: string): boolean {
		const hidden = this.sheet.rows.flatMap((_, at) => (this.isHidden(at, name) ? [at] : []));
		const value = (at: number) => this.sheet.rows[at]![name]!;
		if (this.sheet.counts[name] === 'closed') return true;
		if (this.sheet.counts[name] === 'sum' && this.isSmall(hidden.reduce((sum, at) => sum + value(at), 0))) return false;
		return hidden.every((at) => !this.isSmall(value(at)) || this.canDiffer(at, name));
	}

	/** The shown row with the fewest people there is hidden too; false when there is none. */
	private hideAnother(name: string): boolean {
		const open = this.sheet.rows.flatMap((row, at) => (!this.isHidden(at, name) && row[name]! > 0 ? [at] : []));
		if (!open.length) return false;
		const at = least(open, (one) => this.sheet.rows[one]![name]!);
		this.hide(at, name, 'hidden');
		this.settleRow(at);
		return true;
	}

	/** Zeros are hidden too, and nothing is claimed of what is hidden; false when that has been done. */
	private loosen(name: string): boolean {
		if (this.loose.has(name)) return false;
		const beside = this.sheet.splits.find(({ parts }) => parts.includes(name))?.parts ?? [name];
		for (const part of beside) this.loose.add(part);
		this.sheet.rows.forEach((_, at) => {
			for (const part of beside) {
				this.hide(at, part, 'hidden');
				this.marks[at]!.set(part, 'hidden');
			}
		});
		return true;
	}

	/** Whether the cell could have another value, all that is shown staying as it is: one person stands elsewhere, or two change places. */
	private canDiffer(at: number, name: string): boolean {
		for (const leaves of [...this.ways, []])
			for (const comes of [...this.ways, []]) {
				const change = net(leaves, comes);
				if (!change.get(name) || !this.holds(at, change)) continue;
				if ([...change.keys()].every((one) => this.sheet.counts[one] !== 'sum')) return true;
				const back = net(comes, leaves);
				if (this.sheet.rows.some((_, other) => other !== at && this.holds(other, back))) return true;
			}
		return false;
	}

	/** Whether a row could look as it does after the change: only hidden counts change, each within what its mark says. */
	private holds(at: number, change: Change): boolean {
		for (const [name, by] of change) {
			const mark = this.marks[at]!.get(name);
			if (!mark) return false;
			const was = this.sheet.rows[at]![name]!;
			const is = was + by;
			// A count of nobody may be so by its nature, and stays.
			if (was === 0 || is < (this.loose.has(name) ? 0 : 1)) return false;
			if (mark === 'small' && is >= this.smallest) return false;
			// What was hidden to guard others may be known to be no small count, because a small one would say so.
			if (was >= this.smallest && is < this.smallest && !this.loose.has(name) && this.tells(at, name)) return false;
		}
		return true;
	}

	/**
	 * Whether the mark of a hidden count tells small from not small. Not in a part of few people, where both parts may be small: there the
	 * mark would tell the rest; nor where the whole is hidden.
	 */
	private tells(at: number, name: string): boolean {
		const { splits, rows } = this.sheet;
		return (
			!name.startsWith('~') &&
			splits.every(
				({ whole, parts }) =>
					!parts.includes(name) || (!this.isHidden(at, whole) && rows[at]![whole]! >= 2 * this.smallest)
			)
		);
	}
}

const least = <T>(of: T[], by: (one: T) => number): T => of.reduce((best, one) => (by(one) < by(best) ? one : best));

/** What changes in a row that one person leaves and another enters. */
function net(leaves: string[], comes: string[]): Change {
	const change: Change = new Map();
	for (const name of leaves) change.set(name, (change.get(name) ?? 0) - 1);
	for (const name of comes) change.set(name, (change.get(name) ?? 0) + 1);
	for (const [name, by] of change) if (by === 0) change.delete(name);
	return change;
}
