import type { Day } from '$lib/domain/day';
import { lastDay } from './calendar';
import type { Dispensed } from './dispense';
import type { Recommendation } from './recommendation';

export type Verified = 'yes' | 'no' | 'too_early' | 'not_checkable';
/** Days in which claims must show an accepted change, and the run-out of pharmacy claims. */
const windowDays = 60;
const runOutDays = 30;

/** What claims through the last day show of an accepted recommendation, and the claim that shows it. */
export function verify(
	item: Recommendation,
	dispensed: readonly Dispensed[]
): { verified: Verified; claim: string; on: Day | null } {
	const answered = item.answered;
	const known = dispensed.filter((one) => !one.ndc.startsWith('99999'));
	const none = (end: Day): { verified: Verified; claim: string; on: Day | null } => ({
		verified: end + runOutDays > lastDay ? 'too_early' : 'no',
		claim: '',
		on: null
	});
	const unseen = { verified: 'not_checkable' as const, claim: '', on: null };
	if (answered === null) return unseen;
	const inside = known.filter((one) => one.on >= answered && one.on <= answered + windowDays);
	const yes = (one: Dispensed) => ({ verified: 'yes' as const, claim: one.claimId, on: one.on });
	const holds = (one: Dispensed, ingredients: string) =>
		ingredients.split(';').every((name) => one.fill.product.ingredients.split(';').includes(name));
	const product = item.product;
	/** Fills of the medicine in the year before the answer: what the change is told from. */
	const before = known.filter(
		(one) => one.on < answered && one.on >= answered - 365 && holds(one, product?.ingredients ?? '')
	);
	const last = before[before.length - 1];
	switch (item.action) {
		case 'start':
		case 'change_drug': {
			const hit = inside.find((one) => holds(one, item.newProduct!.ingredients));
			return hit ? yes(hit) : none(answered + windowDays);
		}
		case 'reduce_cost': {
			if (!last) return unseen;
			const price = (one: Dispensed) => (one.fill.product.unitPrice * one.quantity + 1.75) / one.days;
			const hit = inside.find((one) => holds(one, item.newProduct!.ingredients) && price(one) < price(last) * 0.99);
			return hit ? yes(hit) : none(answered + windowDays);
		}
		case 'increase_dose':
		case 'decrease_dose': {
			if (!last) return unseen;
			const dose = (one: Dispensed) =>
				(one.fill.product.strength.split(';').reduce((sum, part) => sum + Number.parseFloat(part), 0) * one.quantity) /
				one.days;
			const up = item.action === 'increase_dose';
			const hit = inside.find(
				(one) =>
					one.fill.product.ingredients === last.fill.product.ingredients &&
					(up ? dose(one) > dose(last) * 1.01 : dose(one) < dose(last) * 0.99)
			);
			return hit ? yes(hit) : none(answered + windowDays);
		}
		case 'extend_supply': {
			const hit = inside.find((one) => one.days >= 84 && holds(one, product!.ingredients));
			return hit ? yes(hit) : none(answered + windowDays);
		}
		case 'stop': {
			if (!last) return unseen;
			// The first day without supply: an early refill starts when the earlier supply ends.
			let empty = 0;
			for (const one of before) empty = Math.max(empty, one.on) + one.days;
			const end = Math.max(answered, empty - 1) + windowDays;
			const again = known.find((one) => one.on >= answered && one.on <= end && holds(one, product!.ingredients));
			if (again) return { verified: 'no', claim: again.claimId, on: again.on };
			return { verified: end + runOutDays > lastDay ? 'too_early' : 'yes', claim: '', on: null };
		}
		case 'adherence_support': {
			const hit = known.find(
				(one) => one.on >= answered && one.on <= answered + 30 && holds(one, product!.ingredients)
			);
			return hit ? yes(hit) : none(answered + 30);
		}
		default:
			return unseen;
	}
}
