import { bandWords, expectedRange, wilson, type Band } from './interval';
import { eventInterval, poissonLimit } from './poisson';

/** One unit of a comparison: a pharmacy, a plan. Shares have people below the line, rates have time at risk. */
export type FunnelUnit = { id: string; numerator: number; denominator: number; patients: number };
export type FunnelKind = 'share' | 'rate';

export type PlacedUnit = FunnelUnit & {
	value: number;
	lower95: number;
	upper95: number;
	lower998: number;
	upper998: number;
	band: Band;
	words: string;
};

export type Funnel = {
	/** The rate of all units together, those too small to show included. */
	centre: number;
	units: PlacedUnit[];
	/** Units that were left out because they have fewer than eleven patients. */
	tooSmall: number;
	/** True when there are too few units for a funnel: dots with intervals are shown instead. */
	tooFew: boolean;
	/** Winsorised mean of squared z scores; 1 is what chance alone gives. */
	dispersion: number;
	/** True when units differ more than chance allows for. */
	overdispersed: boolean;
	/** True when the limits were widened for it. */
	adjusted: boolean;
	/** The variance between units by which they were widened; 0 when they were not. */
	between: number;
	/** Units that would fall outside the 95% limits by chance alone. */
	byChance: number;
};

const fewestPatients = 11;
const fewestUnits = 8;

/** Squared z scores with the highest and lowest tenth pulled in to the next (Spiegelhalter 2005). */
function winsorised(z: number[]): number[] {
	const sorted = [...z].sort((a, b) => a - b);
	const cut = Math.floor(z.length * 0.1);
	const low = sorted[cut]!;
	const high = sorted[sorted.length - 1 - cut]!;
	return z.map((each) => Math.min(high, Math.max(low, each)));
}

function bandIn(unit: Omit<PlacedUnit, 'band' | 'words'>): Band {
	if (unit.value < unit.lower998) return 'far_lower';
	if (unit.value < unit.lower95) return 'lower';
	if (unit.value > unit.upper998) return 'far_higher';
	if (unit.value > unit.upper95) return 'higher';
	return 'within';
}

/**
 * The 95% and 99.8% limits around a centre at a denominator: exact binomial for shares, exact Poisson for rates; widened by the variance between units when it is
 * above 0, and normal then.
 */
export function limitsAround(centre: number, between: number, kind: FunnelKind, denominator: number) {
	if (between > 0) {
		const sd = Math.sqrt((kind === 'share' ? centre * (1 - centre) : centre) / denominator + between);
		const most = kind === 'share' ? 1 : Infinity;
		return {
			lower95: Math.max(0, centre - 1.96 * sd),
			upper95: Math.min(most, centre + 1.96 * sd),
			lower998: Math.max(0, centre - 3.09 * sd),
			upper998: Math.min(most, centre + 3.09 * sd)
		};
	}
	if (kind === 'share') return expectedRange(denominator, centre);
	const at = (quantile: number) => poissonLimit(centre * denominator, quantile) / denominator;
	return { lower95: at(0.025), upper95: at(0.975), lower998: at(0.001), upper998: at(0.999) };
}

/**
 * Units around the rate of all of them, with the 95% and 99.8% limits that chance alone gives: exact binomial for shares, exact Poisson for rates. Where units
 * differ more than that (Spiegelhalter's test), limits widened by the variance between units may be asked for. No ranks. Null when nobody is counted.
 */
export function funnel(all: FunnelUnit[], kind: FunnelKind, adjust = false): Funnel | null {
	const sum = (key: 'numerator' | 'denominator') => all.reduce((total, unit) => total + unit[key], 0);
	if (!(sum('denominator') > 0)) return null;
	const centre = sum('numerator') / sum('denominator');
	const shown = all.filter((unit) => unit.patients >= fewestPatients && unit.denominator > 0);
	const variance = (unit: FunnelUnit) => (kind === 'share' ? centre * (1 - centre) : centre) / unit.denominator;
	const spread = centre > 0 && (kind === 'rate' || centre < 1);
	const z = winsorised(
		spread ? shown.map((unit) => (unit.numerator / unit.denominator - centre) / Math.sqrt(variance(unit))) : [0]
	);
	const count = shown.length;
	const dispersion = count ? z.reduce((total, each) => total + each * each, 0) / z.length : 1;
	const overdispersed = count >= fewestUnits && dispersion > 1 + 2 * Math.sqrt(2 / count);
	const weight = spread ? shown.map((unit) => 1 / variance(unit)) : [];
	const total = weight.reduce((a, b) => a + b, 0);
	const between =
		overdispersed && adjust
			? Math.max(0, (count * dispersion - (count - 1)) / (total - weight.reduce((a, b) => a + b * b, 0) / total))
			: 0;
	const units = shown.map((unit): PlacedUnit => {
		const placed = {
			...unit,
			value: unit.numerator / unit.denominator,
			...limitsAround(centre, between, kind, unit.denominator)
		};
		const band = bandIn(placed);
		return { ...placed, band, words: bandWords[band] };
	});
	return {
		centre,
		units,
		tooSmall: all.length - shown.length,
		tooFew: count < fewestUnits,
		dispersion,
		overdispersed,
		adjusted: between > 0,
		between,
		byChance: Math.round(count * 0.05)
	};
}

/** The 95% interval of a unit: Wilson for shares, Byar for rates. */
export function unitInterval(unit: FunnelUnit, kind: FunnelKind): { lower: number; upper: number } {
	if (kind === 'share') return wilson(unit.numerator, unit.denominator)!;
	const { lower, upper } = eventInterval(unit.numerator);
	return { lower: lower / unit.denominator, upper: upper / unit.denominator };
}
