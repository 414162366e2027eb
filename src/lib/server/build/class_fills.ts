import type { Day } from '$lib/domain/day';
import { REFILLS_UNKNOWN, UNKNOWN } from './patient_range';

/** What gives a patient to one of several pharmacies or prescribers; ties go to the latest fill, then to the lower number. */
export const attributions = ['days_supply', 'fills', 'latest_fill'] as const;
export type Attribution = (typeof attributions)[number];

/** One pharmacy's or prescriber's part of the fills. */
export type Share = { no: number; days: number; fills: number; last: Day };

/** The parts of the pharmacies, or of the prescribers, of some fills. */
export class Shares {
	private readonly shares: Share[] = [];
	private count = 0;

	begin(): void {
		this.count = 0;
	}

	add(no: number, days: number, day: Day): void {
		for (let i = 0; i < this.count; i++) {
			const share = this.shares[i]!;
			if (share.no === no) {
				share.days += days;
				share.fills++;
				share.last = day;
				return;
			}
		}
		const share = (this.shares[this.count++] ??= { no: 0, days: 0, fills: 0, last: 0 });
		share.no = no;
		share.days = days;
		share.fills = 1;
		share.last = day;
	}

	/** The largest part by the rule given; null when no fill names anybody. */
	largest(by: Attribution): Share | null {
		let best: Share | null = null;
		for (let i = 0; i < this.count; i++) {
			const share = this.shares[i]!;
			if (share.no === 0) continue;
			if (!best) {
				best = share;
				continue;
			}
			const more = by === 'days_supply' ? share.days - best.days : by === 'fills' ? share.fills - best.fills : 0;
			if ((more || share.last - best.last || best.no - share.no) > 0) best = share;
		}
		return best;
	}
}

/** The fills of one patient for one measure in one year, as they come, and what is counted of them. */
export class ClassFills {
	/** One row for each target ingredient of a fill that counts. */
	readonly fills = { count: 0, day: [] as number[], days: [] as number[], ingredient: [] as number[] };
	readonly pharmacies = new Shares();
	readonly prescribers = new Shares();
	/** 0 when closed. */
	year = 0;
	/** Whether there is a fill of a target drug, counting or not. */
	hasTarget = false;
	lastExclusion = UNKNOWN;
	counted = 0;
	fillDays = 0;
	lastFill = UNKNOWN;
	lastDays = 0;
	lastIngredient = 0;
	lastRefills = REFILLS_UNKNOWN;
	private lastPharmacy = 0;

	constructor(readonly measure: number) {}

	begin(year: number): void {
		this.year = year;
		this.fills.count = 0;
		this.pharmacies.begin();
		this.prescribers.begin();
		this.hasTarget = false;
		this.lastExclusion = UNKNOWN;
		this.counted = 0;
		this.fillDays = 0;
		this.lastFill = UNKNOWN;
	}

	/** Adds one target ingredient of a fill that counts; fills of one day queue by days' supply, whatever their order in the files. */
	add(day: Day, days: number, ingredient: number): void {
		const { fills } = this;
		let at = fills.count++;
		for (; at > 0 && fills.day[at - 1] === day && fills.days[at - 1]! > days; at--) {
			fills.day[at] = day;
			fills.days[at] = fills.days[at - 1]!;
			fills.ingredient[at] = fills.ingredient[at - 1]!;
		}
		fills.day[at] = day;
		fills.days[at] = days;
		fills.ingredient[at] = ingredient;
	}

	/** Counts a fill once. The last fill is the one of the latest day; of one day, the one of most days, then the lower numbers. */
	count(day: Day, days: number, ingredient: number, pharmacy: number, refills: number, prescriber: number): void {
		this.counted++;
		this.pharmacies.add(pharmacy, days, day);
		this.prescribers.add(prescriber, days, day);
		if (day === this.lastFill) {
			const order =
				this.lastDays - days ||
				pharmacy - this.lastPharmacy ||
				ingredient - this.lastIngredient ||
				refills - this.lastRefills;
			if (order >= 0) return;
		} else this.fillDays++;
		this.lastFill = day;
		this.lastDays = days;
		this.lastIngredient = ingredient;
		this.lastRefills = refills;
		this.lastPharmacy = pharmacy;
	}
}
