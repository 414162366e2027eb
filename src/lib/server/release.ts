import { marginsOf, type Margins, type Totals } from '$lib/domain/margins';
import { anyone, isInSteps, pickKeys, readPopulation, writePopulation, type Population } from '$lib/domain/population';
import type { Scope } from '$lib/domain/scope';
import { smallestCell, suppress, type Mark } from '$lib/domain/small_cells';
import type { Panel } from './catalog';
import { readCells, type Cells } from './cells';
import type { Row } from './duckdb';
import { addsUp, treeMarks, type Told } from './tree';
import { usage } from './trouble';

/** Asks a panel of counts for the same patients, hiding nothing: for the server's own use. */
type Raw = (panel: string, parameters: Record<string, unknown>) => Promise<Row[]>;

/** True for who sees counts only, or rows without identifiers: small cells are hidden from them. */
export const hidesSmallCells = ({ phi }: Scope): boolean => phi === 'P0' || phi === 'P1';

/** The smallest count that is shown: MTM_SMALLEST_CELL, 11 unless set. Throws exit 1 when that is below 11 or no whole number. */
export function smallestShown(setting = process.env.MTM_SMALLEST_CELL): number {
	if (setting === undefined || setting.trim() === '') return smallestCell;
	const wanted = Number(setting);
	if (!Number.isInteger(wanted) || wanted < smallestCell)
		throw usage(
			`MTM_SMALLEST_CELL is "${setting}": it must be a whole number of at least ${smallestCell}, the least that Medicare's rules allow. Nothing was shown.`
		);
	return wanted;
}

const outcomes = ['status', 'pdc', 'adr', 'late', 'lid', 'counted'];

/** True when every range of a population stands where everybody's do: PDC in steps of 5, days not at all. Finer ranges would tell persons apart. */
function isCoarse({ pdc, adr, late, lid }: Population): boolean {
	const open = (range: { from: unknown; to: unknown }) => range.from === null && range.to === null;
	return isInSteps(pdc) && open(late) && open(lid) && (open(adr) || (adr.from === 0 && adr.to === null));
}

/** The populations one step away: without one filter, without those on outcomes, without any, without one value of a list, with PDC one step further. */
function near(population: Population): Population[] {
	const keys = [...writePopulation(population).keys()];
	if (!keys.length) return [];
	const without = (gone: string[]) => {
		const words = writePopulation(population);
		for (const key of gone) words.delete(key);
		return readPopulation(words).population;
	};
	const found = [anyone(), ...keys.map((key) => without([key])), without(outcomes)];
	for (const key of pickKeys)
		for (const side of ['in', 'out'] as const) {
			const values = population[key][side];
			if (values.length > 1)
				for (const value of values)
					found.push({ ...population, [key]: { ...population[key], [side]: values.filter((one) => one !== value) } });
		}
	const { pdc } = population;
	for (const end of ['from', 'to'] as const)
		if (pdc[end] !== null)
			for (const by of [-5, 5]) found.push({ ...population, pdc: { ...pdc, [end]: pdc[end] + by } });
	return [...new Map(found.map((one) => [writePopulation(one).toString(), one])).values()];
}

const totalsOf = (row: Row | undefined): Totals | undefined => row as Totals | undefined;

/** The totals of a population and of those near it; by measure, or of persons under ''. */
async function gate(raw: Raw, parameters: Record<string, unknown>, byMeasure: boolean, year: number, smallest: number) {
	const population = (parameters.population as Population | undefined) ?? anyone();
	const lines = async (of: Population): Promise<Map<string, Totals>> => {
		const asked = { year, population: of };
		if (byMeasure)
			return new Map(
				(await raw('headline', { ...asked, measure: parameters.measure })).map((row) => [
					String(row.measure),
					totalsOf(row)!
				])
			);
		const persons = Number((await raw('patients_found', asked))[0]?.patients ?? 0);
		return new Map([
			['', { patients: persons, denominator: persons, numerator: 0, below_and_recoverable: 0, lost: persons }]
		]);
	};
	const own = await lines(population);
	const others = isCoarse(population) ? await Promise.all(near(population).map(lines)) : null;
	return (measure: string): Told => {
		const totals = own.get(measure);
		const margins: Margins = others
			? marginsOf(
					totals,
					others.map((one) => one.get(measure)),
					smallest
				)
			: { any: false, patients: false, numerator: false, recoverable: false };
		return { margins, totals, smallest };
	};
}

/** Rows while they are judged: what is hidden of each. */
class Judged {
	readonly marks: Map<string, Mark>[];
	readonly gone = new Set<number>();
	constructor(
		readonly rows: Row[],
		private readonly smallest: number
	) {
		this.marks = rows.map(() => new Map());
	}

	hide(at: number, column: string, mark: Mark = 'hidden'): void {
		if (!column.startsWith('~') && column in this.rows[at]! && !this.marks[at]!.has(column))
			this.marks[at]!.set(column, mark);
	}

	/** The rows that are left, each hidden value null and named in `hidden` with what stands in its place. */
	released(last: string | null): Row[] {
		const places = this.rows.map((_, at) => at).filter((at) => !this.gone.has(at));
		const open = (at: number) => last === null || !this.marks[at]!.size;
		const text = (at: number) => String(this.rows[at]![last!]);
		const ordered = [
			...places.filter(open),
			...places.filter((at) => !open(at)).sort((a, b) => (text(a) < text(b) ? -1 : 1))
		];
		return ordered.flatMap((at) => {
			const row = this.rows[at]!;
			if (!this.marks[at]!.size) return [row];
			const hidden: Record<string, string> = {};
			const told: Row = { ...row };
			for (const [column, mark] of this.marks[at]!) {
				told[column] = null;
				hidden[column] = mark === 'small' ? `<${this.smallest}` : 'hidden';
			}
			return [{ ...told, hidden }];
		});
	}
}

/** One row a measure: the totals themselves. A population too small, or too near to another, leaves none of them. */
function judgeMargins(judged: Judged, cells: Cells, tell: (measure: string) => Told): void {
	judged.rows.forEach((row, at) => {
		const { margins, smallest } = tell(String(row.measure));
		const hide = (column: string, mark?: Mark) => judged.hide(at, column, mark);
		const small = (column: string): Mark => {
			const count = Number(row[column]);
			return count > 0 && count < smallest ? 'small' : 'hidden';
		};
		if (!margins.any) {
			const mark = small('patients') === 'small' || small('denominator') === 'small' ? 'small' : 'hidden';
			const counts = ['patients', 'denominator', 'numerator', 'below_and_recoverable', ...(cells.makesUp?.parts ?? [])];
			for (const column of [...counts, ...cells.trees.flatMap((tree) => tree.counts)]) hide(column, mark);
			return;
		}
		if (!margins.patients) hide('patients');
		if (!margins.numerator) hide('numerator', small('numerator'));
		if (!margins.recoverable) hide('below_and_recoverable');
		if (!cells.makesUp) return;
		const { parts } = cells.makesUp;
		// Who is lost follows from the totals: hidden and shown with them, and no guard for another.
		const free = parts.filter((part) => part !== 'lost' || !margins.recoverable);
		const marks = suppress(
			{
				rows: free.map((part) => ({ people: Number(row[part]) })),
				counts: { people: 'sum' },
				splits: [],
				already: free.map((part) => new Set(part === 'lost' ? ['people'] : []))
			},
			smallest
		);
		free.forEach((part, place) => {
			const mark = marks === null ? 'hidden' : marks[place]!.get('people');
			if (mark) hide(part, part === 'lost' ? 'hidden' : mark);
		});
	});
}

function judgeTrees(
	judged: Judged,
	cells: Cells,
	tell: (measure: string, year: 0 | -1) => Told,
	measure: string
): void {
	for (const tree of cells.trees) {
		const groups = new Map<string, number[]>();
		judged.rows.forEach((row, at) => {
			if (judged.gone.has(at) || row[tree.whole] === null) return;
			const key = JSON.stringify([row.measure ?? measure, ...(tree.by ?? []).map((column) => row[column])]);
			groups
				.set(key, groups.get(key) ?? [])
				.get(key)!
				.push(at);
		});
		for (const [key, places] of groups) {
			const rows = places.map((at) => judged.rows[at]!);
			const told = tell(String((JSON.parse(key) as unknown[])[0]), tree.year);
			const marks = told.margins.any && addsUp(rows, tree) ? treeMarks(rows, tree, told) : null;
			places.forEach((at, place) => {
				if (marks === null) for (const name of tree.counts) judged.hide(at, name);
				else for (const [name, mark] of marks[place]!) judged.hide(at, name, mark);
			});
		}
	}
}

/** The words of a question that every panel of its page is asked with. */
const shared = ['year', 'only', 'never'];

/** Hides counts where others, here or in another table of the page, would tell a small one by their difference. */
async function judgeFew(
	judged: Judged,
	cells: Cells,
	parameters: Record<string, unknown>,
	raw: Raw,
	smallest: number
): Promise<void> {
	for (const { counts, panel, where, hide } of cells.few) {
		const asked = Object.fromEntries(shared.filter((key) => key in parameters).map((key) => [key, parameters[key]]));
		const others = panel === null ? null : await raw(panel, asked);
		const isFew = (row: Row) =>
			counts.some(({ column, less }) => {
				const count = Number(row[column]) - (less === null ? 0 : Number(row[less]));
				return count > 0 && count < smallest;
			});
		const few = others?.some((row) => (where === null || String(row[where.column]) === where.is) && isFew(row));
		judged.rows.forEach((row, at) => {
			if (!(few ?? isFew(row))) return;
			for (const column of hide)
				for (const one of cells.trees.find((tree) => tree.whole === column)?.counts ?? [column]) judged.hide(at, one);
		});
	}
}

/** Hides what would follow: rates with their count, a running rest between two hidden steps. */
function judgeFollowers(judged: Judged, cells: Cells): void {
	judged.rows.forEach((_, at) => {
		for (const column of cells.never) judged.hide(at, column);
		for (const [column, base] of cells.with) if (judged.marks[at]!.has(base)) judged.hide(at, column);
	});
	if (!cells.runs) return;
	const { column, by, within } = cells.runs;
	const groups = new Map<unknown, number[]>();
	judged.rows.forEach((row, at) => {
		const key = within === null ? null : row[within];
		groups
			.set(key, groups.get(key) ?? [])
			.get(key)!
			.push(at);
	});
	for (const places of groups.values()) {
		const hidden = places.map((at) => judged.marks[at]!.has(by));
		const [first, last] = [hidden.indexOf(true), hidden.lastIndexOf(true)];
		if (first >= 0) for (const at of places.slice(first, last)) judged.hide(at, column);
	}
}

/**
 * The rows of a panel of counts as somebody at P0 or P1 may have them: small cells hidden, with all from which they could be worked
 * out by the rows and by what else the page shows of the same patients. A hidden value is null and stands in `hidden` of its row:
 * "<11" for a small count, "hidden" for one that would tell it. Throws when the panel's card does not say how its cells hang together.
 */
export async function release(
	panel: Panel,
	parameters: Record<string, unknown>,
	rows: Row[],
	scope: Scope,
	raw: Raw
): Promise<Row[]> {
	if (!hidesSmallCells(scope) || panel.about !== 'counts') return rows;
	const cells = readCells(panel.sql, `sql/panels/${panel.name}.sql`);
	if (!cells)
		throw new Error(`sql/panels/${panel.name}.sql: the card does not say how its cells hang together (Cells:)`);
	const smallest = smallestShown();
	const judged = new Judged(rows, smallest);
	const given = typeof parameters.measure === 'string' ? parameters.measure : '';
	const whole: Told = {
		margins: { any: true, patients: true, numerator: true, recoverable: true },
		totals: undefined,
		smallest
	};
	let tell: (measure: string, year: 0 | -1) => Told = () => whole;
	const isGated = !(cells.isBesideRows && scope.phi === 'P1');
	if (isGated && panel.parameters.some((parameter) => parameter.type === 'population')) {
		const byMeasure = given !== '' || cells.margins || rows.some((row) => 'measure' in row);
		const year = Number(parameters.year);
		const now = await gate(raw, parameters, byMeasure, year, smallest);
		const before = cells.trees.some((tree) => tree.year === -1)
			? await gate(raw, parameters, byMeasure, year - 1, smallest)
			: now;
		tell = (measure, at) => (at === 0 ? now(measure) : before(measure));
		if (cells.margins) judgeMargins(judged, cells, now);
		// Which units have somebody would tell how few there are: their rows go too.
		else if (cells.trees.some((tree) => tree.by !== null))
			rows.forEach((row, at) => {
				if (!now(byMeasure ? String(row.measure ?? given) : '').margins.any) judged.gone.add(at);
			});
	}
	judgeTrees(judged, cells, tell, given);
	await judgeFew(judged, cells, parameters, raw, smallest);
	judgeFollowers(judged, cells);
	return judged.released(cells.last);
}
