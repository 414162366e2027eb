import { smallestCell } from './small_cells';

/** The totals of a measure that a page hangs on, in people, as the panel headline counts them. */
export type Totals = {
	patients: number;
	denominator: number;
	numerator: number;
	below_and_recoverable: number;
	lost: number;
};

/** Which totals are told: everybody found, those counted, how many of them are adherent, how many below can still get there. */
export type Margins = { any: boolean; patients: boolean; numerator: boolean; recoverable: boolean };

const nobody: Totals = { patients: 0, denominator: 0, numerator: 0, below_and_recoverable: 0, lost: 0 };

/** The people in parts that do not overlap; every total is a sum of them. */
const partsOf = (of: Totals) => ({
	leftOut: of.patients - of.denominator,
	adherent: of.numerator,
	recoverable: of.below_and_recoverable,
	lost: of.denominator - of.numerator - of.below_and_recoverable
});

/**
 * Which totals of a population may be told. None when it, or what sets it apart from a population one step away, has 1 to 10 people;
 * a part of it not when that part, or the rest, has. It depends on nothing else, so every table of a page decides alike.
 */
export function marginsOf(own: Totals | undefined, near: (Totals | undefined)[], smallest = smallestCell): Margins {
	const safe = (count: number) => count === 0 || Math.abs(count) >= smallest;
	const here = own ?? nobody;
	const margins: Margins = { any: true, patients: true, numerator: true, recoverable: true };
	for (const other of [nobody, ...near.map((one) => one ?? nobody)]) {
		const [a, b] = [partsOf(here), partsOf(other)];
		const apart = Object.fromEntries(
			Object.keys(a).map((key) => [key, a[key as keyof typeof a] - b[key as keyof typeof b]])
		) as typeof a;
		const below = apart.recoverable + apart.lost;
		margins.any &&= safe(here.patients - other.patients) && safe(apart.adherent + below);
		margins.patients &&= safe(apart.leftOut);
		margins.numerator &&= safe(apart.adherent) && safe(below);
		margins.recoverable &&= safe(apart.recoverable) && safe(apart.lost);
	}
	margins.patients &&= margins.any;
	margins.numerator &&= margins.any;
	margins.recoverable &&= margins.numerator;
	return margins;
}
