import type { Day } from '$lib/domain/day';
import { dayOf, lastDay } from './calendar';
import { coveredOn, type Condition, type Person } from './person';
import type { Therapy } from './therapy';

const core: readonly (readonly Condition[])[] = [
	['dementia'],
	['osteoporosis', 'osteoarthritis'],
	['heart_failure'],
	['diabetes'],
	['dyslipidemia'],
	['esrd'],
	['hiv'],
	['hypertension'],
	['depression', 'schizophrenia'],
	['copd', 'asthma']
];
/** The yearly drug cost from which someone is targeted (Part D; domain table by year). */
const costThreshold: Record<number, number> = { 2024: 5330, 2025: 1623, 2026: 1276 };
/** Least number of lasting treatments for targeting, by programme. */
const leastDrugs = { part_d: 6, medicaid: 4, commercial: 5 } as const;

/** The first quarter start on which the targeting criteria hold, from the treatments as planned. */
export function eligibleFrom(one: Person, treated: readonly Therapy[]): Day | null {
	const diseases = core.filter((group) => group.some((condition) => one.conditions.has(condition))).length;
	for (let year = 2024; year <= 2026; year++)
		for (let month = 1; month <= 10; month += 3) {
			const day = dayOf(year, month, 1);
			if (day > lastDay) return null;
			const span = coveredOn(one, day);
			if (!span || (one.death !== null && day >= one.death)) continue;
			const active = treated.filter(
				(therapy) => therapy.behaviour !== 'acute' && therapy.from <= day + 30 && therapy.to >= day
			);
			const programme = span.plan.programme;
			if (diseases < (programme === 'part_d' ? 3 : 2) || active.length < leastDrugs[programme]) continue;
			const cost = active.reduce(
				(sum, therapy) => sum + therapy.product.unitPrice * therapy.product.unitsPerDay * 365 + 14,
				0
			);
			if (programme === 'part_d' && cost < costThreshold[year]!) continue;
			return day;
		}
	return null;
}
