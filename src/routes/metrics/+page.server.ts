import { anyone } from '$lib/domain/population';
import { answer, theHome, theRun, viewerWho } from '$lib/server/door';
import { ask, measures } from '$lib/server/warehouse';
import type { PageServerLoad } from './$types';

type Value = { measure: string; numerator: number; denominator: number };

export const load: PageServerLoad = async (event) => {
	const { scope } = viewerWho('see_totals', event);
	const home = theHome();
	const run = await theRun(home, scope);
	if (!run) return { ready: false as const };
	const year = Math.max(...run.years);
	const [family, values] = await Promise.all([
		measures(home, scope),
		answer(() => ask<Value>(home, 'headline', { year, population: anyone() }, scope))
	]);
	return {
		ready: true as const,
		year,
		asOf: run.as_of,
		failed: values.failed,
		metrics: family.map((measure) => {
			const value = values.value?.find((one) => one.measure === measure.id);
			return {
				id: measure.id,
				title: measure.title.replace(/ \(pharmacy view:.*\)$/, ', pharmacy view'),
				topic: measure.topic,
				question: measure.question,
				unit: measure.unit,
				better: measure.better,
				inPharmacyView: measure.id.endsWith('_pharmacy_view'),
				numerator: value?.numerator ?? 0,
				denominator: value?.denominator ?? 0
			};
		})
	};
};
