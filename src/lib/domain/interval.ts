/** The normal quantiles of two-sided 95% and 99.8%. */
const z95 = 1.959964;

/** Wilson's 95% score interval of a proportion (Wilson 1927); null when nobody is counted. */
export function wilson(numerator: number, denominator: number): { lower: number; upper: number } | null {
	if (!(denominator > 0)) return null;
	const p = numerator / denominator;
	const z2 = z95 * z95;
	const middle = p + z2 / (2 * denominator);
	const half = z95 * Math.sqrt((p * (1 - p) + z2 / (4 * denominator)) / denominator);
	const scale = 1 + z2 / denominator;
	return { lower: Math.max(0, (middle - half) / scale), upper: Math.min(1, (middle + half) / scale) };
}

/** Logarithm of n! for whole n, by Stirling's series above 20. */
function logFactorial(n: number): number {
	if (n > 20) return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
	let sum = 0;
	for (let k = 2; k <= n; k++) sum += Math.log(k);
	return sum;
}

/**
 * The share at a quantile of the binomial distribution of n patients around a rate, interpolated between whole
 * patients as for funnel plots (Spiegelhalter 2005).
 */
function binomialLimit(n: number, centre: number, quantile: number): number {
	if (centre <= 0 || centre >= 1) return centre;
	let below = 0;
	for (let r = 0; r <= n; r++) {
		const here = Math.exp(
			logFactorial(n) - logFactorial(r) - logFactorial(n - r) + r * Math.log(centre) + (n - r) * Math.log(1 - centre)
		);
		if (below + here >= quantile) return Math.min(1, Math.max(0, (r - (below + here - quantile) / here) / n));
		below += here;
	}
	return 1;
}

export type Band = 'far_lower' | 'lower' | 'within' | 'higher' | 'far_higher';

/** What a band reads as; no word of praise or blame. */
export const bandWords: Record<Band, string> = {
	far_lower: 'much lower than expected',
	lower: 'lower than expected',
	within: 'within expected variation',
	higher: 'higher than expected',
	far_higher: 'much higher than expected'
};

/**
 * The range that chance alone would give a unit of n patients if its true rate were the centre: 95% and 99.8%
 * binomial limits, as shares.
 */
export function expectedRange(n: number, centre: number) {
	return {
		lower95: binomialLimit(n, centre, 0.025),
		upper95: binomialLimit(n, centre, 0.975),
		lower998: binomialLimit(n, centre, 0.001),
		upper998: binomialLimit(n, centre, 0.999)
	};
}

/** Which band a unit's rate falls in, given the rate of all units together. */
export function bandOf(numerator: number, denominator: number, centre: number): Band {
	const range = expectedRange(denominator, centre);
	const share = numerator / denominator;
	if (share < range.lower998) return 'far_lower';
	if (share < range.lower95) return 'lower';
	if (share > range.upper998) return 'far_higher';
	if (share > range.upper95) return 'higher';
	return 'within';
}

/** Patients still needed to reach a goal (a share): the least whole number, never below 0. */
export function neededToGoal(goal: number, numerator: number, denominator: number): number {
	return Math.max(0, Math.ceil(goal * denominator - 1e-9) - numerator);
}
