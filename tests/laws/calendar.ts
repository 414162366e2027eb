export interface Fill {
	day: number;
	days: number;
	ingredient: number;
}
/** What the calendar needs to know of one person, class and year; days are any whole numbers. */
export interface History {
	fills: Fill[];
	stays: { from: number; to: number }[];
	end: number;
	asOf: number;
	least: number;
}

/** The slow, obvious way: tablets on a shelf for each ingredient, one day after another. */
export function walk(history: History) {
	const { fills, stays, end, asOf, least } = history;
	const index = Math.min(...fills.map((fill) => fill.day));
	const shelf = new Map<number, number>();
	const inStay = (day: number) => day <= end && stays.some((stay) => stay.from <= day && day <= stay.to);
	const result = { period: 0, elapsed: 0, covered: 0, removed: 0, toEnd: 0, plain: 0, runsOut: null as number | null };
	let carried = 0;
	for (let day = index; day < index + 3000; day++) {
		for (const fill of fills) {
			if (fill.day === day) shelf.set(fill.ingredient, (shelf.get(fill.ingredient) ?? 0) + fill.days);
		}
		let taken = 0;
		for (const [ingredient, left] of shelf) {
			if (left > 0) {
				taken++;
				shelf.set(ingredient, left - 1);
			}
		}
		const onHand = taken >= least;
		const known = day <= Math.min(asOf, end);
		if (onHand && known) result.plain++;
		if (day <= end) result.period++;
		if (known) result.elapsed++;
		if (inStay(day)) {
			result.period--;
			result.removed++;
			if (known) result.elapsed--;
			if (onHand) carried++;
			continue;
		}
		if (!onHand && carried === 0) continue;
		if (!onHand) carried--;
		result.runsOut = day;
		if (day <= end) result.toEnd++;
		if (known) result.covered++;
	}
	return result;
}
