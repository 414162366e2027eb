import type { Day } from '$lib/domain/day';
import { dayOf, lastDay } from './calendar';
import { coveredOn, type Person } from './person';
import type { Product } from './product';
import { chance, type Chance } from './random';
import { asNeeded, monthly, type Behaviour, type Therapy } from './therapy';
import { harbor, type Pharmacy } from './world';

export type Fill = {
	therapy: Therapy;
	product: Product;
	on: Day;
	days: number;
	quantity: number;
	fillNumber: number;
	refillsRemaining: number;
	prescription: string;
	pharmacy: Pharmacy;
};

/** How MTM and the world bear on refills. */
export type Bearing = {
	/** Days in hospital or nursing facility, on which nobody goes to a store. */
	away: (day: Day) => Day | null;
	/** From this day a completed review makes someone steadier; null when none. */
	steadierFrom: Day | null;
	/** Share of lateness that a review takes away. */
	steadier: number;
};

/** Share of statin refills at Harbor from August 2026 that do not come when due. */
const harborMissed = 0.62;
const harborFrom = dayOf(2026, 8, 1);

function delay(draw: Chance, behaviour: Behaviour, fills: number, as: string): number {
	if (asNeeded.has(as)) return draw.whole(-2, 9) + (draw.yes(0.2) ? draw.whole(5, 40) : 0);
	if (behaviour === 'early') return -draw.whole(3, 8);
	const chanceOf = draw.unit();
	if (behaviour === 'drifting') return draw.whole(0, 4) + Math.min(22, Math.round(fills * 1.3));
	if (behaviour === 'returning' && chanceOf < 0.3) return draw.whole(18, 60);
	if (chanceOf < 0.64) return -draw.whole(0, 4);
	if (chanceOf < 0.88) return draw.whole(0, 3);
	return chanceOf < 0.985 ? draw.whole(3, 12) : draw.whole(14, 50);
}

/** The fills of a treatment, as dispensed, in order. */
export function fillsOf(seed: number, one: Person, therapy: Therapy, bearing: Bearing): Fill[] {
	const draw = chance(seed, 3, one.number, therapy.number);
	const fills: Fill[] = [];
	let product = therapy.product;
	let days = therapy.daysSupply;
	let prescription = 0;
	let left = 0;
	let fillNumber = 0;
	let last: Product | null = null;
	let behaviour = therapy.behaviour;
	let due = therapy.from;
	let stock = therapy.from;
	let change = 0;
	const end = Math.min(therapy.to, lastDay, one.death === null ? lastDay : one.death - 1);
	const copied = [...therapy.changes].sort((a, b) => a.on - b.on);
	for (let guard = 0; guard < 400; guard++) {
		let on = due;
		if (fills.length > 0) {
			let late = delay(draw, behaviour, fills.length, therapy.line);
			const missed =
				therapy.pharmacy === harbor && therapy.line === 'statin' && on + late >= harborFrom && draw.yes(harborMissed);
			if (missed) late += draw.whole(30, 90);
			else if (late > 3 && bearing.steadierFrom !== null && on >= bearing.steadierFrom)
				late = Math.round(late * (1 - bearing.steadier));
			on += late;
			const before = fills[fills.length - 1]!.on;
			// What a review changed is dispensed anew when it is decided, not when the old supply ends.
			const decided = copied[change];
			if (decided && decided.why === 'mtm' && (decided.product || decided.days) && decided.on > before)
				on = Math.min(on, decided.on);
			if (on <= before) on = before + 1;
		}
		let stopped = false;
		while (change < copied.length && copied[change]!.on <= on) {
			const next = copied[change++]!;
			if (next.stop) {
				const prevented =
					next.why === 'behaviour' &&
					bearing.steadierFrom !== null &&
					next.on >= bearing.steadierFrom &&
					draw.yes(bearing.steadier);
				if (!prevented) stopped = true;
			}
			if (next.product) product = next.product;
			if (next.days) days = next.days;
			if (next.steadier) behaviour = 'steady';
		}
		if (stopped) break;
		const back = bearing.away(on);
		if (back !== null) on = back + 1;
		if (on > end) break;
		if (!coveredOn(one, on)) {
			const next = one.spans.find((span) => span.from > on);
			if (!next) break;
			due = next.from + draw.whole(0, 12);
			if (due <= on) due = on + 1;
			continue;
		}
		if (product !== last || left === 0) {
			prescription++;
			left = days >= 84 ? draw.pick([3, 3, 1]) : draw.pick([11, 5, 5, 2]);
			if (monthly.has(therapy.line) && asNeeded.has(therapy.line)) left = draw.pick([0, 0, 2, 5]);
			if (therapy.behaviour === 'acute') left = 0;
			fillNumber = 0;
		} else {
			left--;
			fillNumber++;
		}
		last = product;
		const filled = therapy.behaviour !== 'acute' && fills.length === 0 && days >= 84 && draw.yes(0.25) ? 30 : days;
		fills.push({
			therapy,
			product,
			on,
			days: filled,
			quantity: Math.max(1, Math.round(product.unitsPerDay * filled * 10) / 10),
			fillNumber,
			refillsRemaining: left,
			prescription: `RX${String(one.number + 1).padStart(7, '0')}${String(therapy.number).padStart(2, '0')}${String(prescription).padStart(2, '0')}`,
			pharmacy: therapy.pharmacy
		});
		if (behaviour === 'acute' || behaviour === 'single') break;
		// Supply on hand carries over; who stockpiles comes before the last fill is used up, others when all is.
		stock = Math.max(stock, on) + filled;
		due = behaviour === 'early' && stock - on - filled < 45 ? on + filled : stock;
	}
	return fills;
}
