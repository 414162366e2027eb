/** The chance of at most `events` when `mean` are expected. */
export function poissonUpTo(events: number, mean: number): number {
	if (mean <= 0) return 1;
	let term = Math.exp(-mean);
	// Above some 700 the first term is 0 in floating point: start where the weight is instead.
	if (mean > 600) return normalUpTo((events + 0.5 - mean) / Math.sqrt(mean));
	let sum = term;
	for (let k = 1; k <= events; k++) {
		term *= mean / k;
		sum += term;
	}
	return Math.min(1, sum);
}

/** The normal distribution below z (Abramowitz and Stegun 7.1.26; within 0.0000002). */
function normalUpTo(z: number): number {
	const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
	const tail =
		0.5 *
		t *
		(0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
		Math.exp((-z * z) / 2);
	return z < 0 ? tail : 1 - tail;
}

/** The mean at which a falling function of it is 0, between 0 and `most`. */
function meanWhere(falls: (mean: number) => number, most: number): number {
	let low = 0;
	let high = most;
	for (let turn = 0; turn < 100; turn++) {
		const middle = (low + high) / 2;
		if (falls(middle) > 0) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}

/** The 95% interval of a count of events: exact (Poisson) below ten, else Byar's approximation (Breslow and Day 1987). Divide by person-time for a rate. */
export function eventInterval(events: number): { lower: number; upper: number } {
	if (events < 10)
		return {
			lower: events === 0 ? 0 : meanWhere((mean) => 0.025 - (1 - poissonUpTo(events - 1, mean)), 50),
			upper: meanWhere((mean) => poissonUpTo(events, mean) - 0.025, 50)
		};
	const z = 1.959963984540054;
	const more = events + 1;
	return {
		lower: events * (1 - 1 / (9 * events) - z / (3 * Math.sqrt(events))) ** 3,
		upper: more * (1 - 1 / (9 * more) + z / (3 * Math.sqrt(more))) ** 3
	};
}

/** The count at a quantile of the Poisson distribution around a mean, interpolated between whole events as for funnel plots (Spiegelhalter 2005). */
export function poissonLimit(mean: number, quantile: number): number {
	if (mean <= 0) return 0;
	const z = quantile < 0.01 ? -3.0902 : quantile < 0.5 ? -1.96 : quantile < 0.99 ? 1.96 : 3.0902;
	if (mean > 600) return mean + z * Math.sqrt(mean);
	let below = 0;
	let here = Math.exp(-mean);
	for (let events = 0; events < mean * 3 + 60; events++) {
		if (below + here >= quantile) return Math.max(0, events - (below + here - quantile) / here);
		below += here;
		here *= mean / (events + 1);
	}
	return mean + z * Math.sqrt(mean);
}
