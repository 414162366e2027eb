import type { Day } from '$lib/domain/day';
import { firstDay, lastDay } from './calendar';
import { coveredOn, type Person } from './person';
import { chance, type Chance } from './random';

/** Laboratory results of a person: [day, LOINC, value, unit]. */
export function labs(seed: number, one: Person): [Day, string, string, string][] {
	const draw: Chance = chance(seed, 8, one.number);
	const found: [Day, string, string, string][] = [];
	if (!one.spans[0]!.plan.medical) return found;
	const until = one.death === null ? lastDay : one.death - 1;
	const series = (yearly: number, loinc: string, unit: string, value: () => string) => {
		for (let day = firstDay + draw.wait(365 / yearly); day <= until; day += 20 + draw.wait(365 / yearly)) {
			const on = Math.floor(day);
			const text = value();
			if (coveredOn(one, on)?.plan.medical) found.push([on, loinc, text, unit]);
		}
	};
	if (one.conditions.has('diabetes')) {
		const usual = 7.3 - 0.35 * one.bent + 0.2 * one.need;
		series(2, '4548-4', '%', () => Math.max(4.8, usual + 0.5 * draw.normal()).toFixed(1));
	}
	if (one.conditions.has('dyslipidemia'))
		series(1, '13457-7', 'mg/dL', () => String(Math.round(Math.max(30, 95 - 9 * one.bent + 24 * draw.normal()))));
	if (one.conditions.has('kidney_disease'))
		series(2, '62238-1', 'mL/min/1.73m2', () =>
			String(Math.round(Math.max(8, (one.conditions.has('esrd') ? 10 : 44) + 8 * draw.normal())))
		);
	if (one.conditions.has('heart_failure') || one.conditions.has('hypertension'))
		series(0.8, '2823-3', 'mmol/L', () => (4.3 + 0.4 * draw.normal()).toFixed(1));
	return found;
}
