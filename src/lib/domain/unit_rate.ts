import type { Cell, Released } from './hidden';
import { bandOf, bandWords, expectedRange, type Band } from './interval';
import { count, percentNumber, rate } from './wording';

/** One unit (a pharmacy, a prescriber, a plan) in one measure, as the panel unit_rates gives it. */
export type UnitRate = Released & {
	measure: string;
	value: string | null;
	label: string;
	numerator: Cell;
	denominator: Cell;
	recoverable: Cell;
	last_numerator: number | null;
	last_denominator: number | null;
};

/** Fewer patients than this are not compared: chance would say everything. */
export const leastPatients = 11;

/** A unit of which both counts are shown. */
type Shown = UnitRate & { numerator: number; denominator: number };

export type Compared = Shown & { share: number; band: Band; words: string; expected: string };

/** Each unit of enough patients against the rate of all units that are shown, by measure; the others are left out. */
export function compareUnits(rows: UnitRate[]): Compared[] {
	const shown = rows.filter((row): row is Shown => row.numerator !== null && row.denominator !== null);
	const centre = new Map<string, { n: number; d: number }>();
	for (const row of shown) {
		const sum = centre.get(row.measure) ?? { n: 0, d: 0 };
		sum.n += row.numerator;
		sum.d += row.denominator;
		centre.set(row.measure, sum);
	}
	return shown
		.filter((row) => row.denominator >= leastPatients)
		.map((row) => {
			const all = centre.get(row.measure)!;
			const middle = all.n / all.d;
			const range = expectedRange(row.denominator, middle);
			const band = bandOf(row.numerator, row.denominator, middle);
			return {
				...row,
				share: row.numerator / row.denominator,
				band,
				words: bandWords[band],
				expected: `${percentNumber(range.lower95)} to ${percentNumber(range.upper95)}`
			};
		});
}

/** "Harbor: statins 73.3%, lower than expected (74.4 to 88.2 for 120 patients)." */
export const unitSentence = (unit: Compared, measure: string) =>
	`${unit.label}: ${measure} ${rate(unit.numerator, unit.denominator)}, ${unit.words} (${unit.expected} for ${count(unit.denominator)} patients).`;
