import type { CutPoint } from '$lib/domain/headline';
import { percent } from '$lib/domain/wording';

/** Where the marks of a cut-point scale stand, in percent of its width; the scale runs from `low` to 100. */
export function cutPointScale(rate: number, floor: number | null, ceiling: number | null, cuts: CutPoint[]) {
	const lowest = Math.min(rate, ...cuts.map((cut) => cut.minimum));
	const low = Math.max(0, Math.floor((lowest * 100 - 4) / 5) * 5);
	const place = (share: number) => Math.min(100, Math.max(0, ((share * 100 - low) / (100 - low)) * 100));
	return {
		low,
		rate: place(rate),
		floor: floor === null ? null : place(floor),
		ceiling: ceiling === null ? null : place(ceiling),
		cuts: apart(
			cuts.map((cut) => ({
				stars: cut.stars,
				at: place(cut.minimum),
				label: String(Math.round(cut.minimum * 100))
			}))
		)
	};
}

/** Labels pushed apart so that none lies on the next; the ticks stay where they are. */
function apart<T extends { at: number }>(cuts: T[]): (T & { labelAt: number })[] {
	const room = 8;
	const placed = [...cuts].sort((a, b) => a.at - b.at).map((cut) => ({ ...cut, labelAt: cut.at }));
	for (let tries = 0; tries < 20; tries++)
		for (let index = 1; index < placed.length; index++) {
			const [left, right] = [placed[index - 1]!, placed[index]!];
			const short = room - (right.labelAt - left.labelAt);
			if (short > 0) {
				left.labelAt -= short / 2;
				right.labelAt += short / 2;
			}
		}
	return placed;
}

/** "2 to 5 star cut points of 2026, MA-PD, published by CMS for measurement year 2024." */
export function cutPointSource(cuts: CutPoint[]): string {
	const cut = cuts[0];
	return cut
		? `Ticks: 2 to 5 star cut points of ${cut.ratings_year}, ${cut.plan_type}, published (measurement year ${cut.measure_year}).`
		: '';
}

/** "Floor 41.0% if nobody fills again, ceiling 91.0% if everyone who can does; not a forecast." */
export function floorAndCeiling(floor: number | null, ceiling: number | null): string {
	return floor === null || ceiling === null
		? ''
		: `Floor ${percent(floor)} if nobody fills again, ceiling ${percent(ceiling)} if everyone who still can does; not a forecast.`;
}
