import { anyone } from '$lib/domain/population';
import { answer, latestYear, resultsOf, viewerWho } from '$lib/server/door';
import { rateIn, yearTotals } from '$lib/server/total';
import { ask, measures } from '$lib/server/warehouse';
import type { PageServerLoad } from './$types';

type Setting = { setting: string; value: string; unit: string; meaning: string; source: string; mark: string };
type Value = { measure: string; numerator: number; denominator: number };

export const load: PageServerLoad = async (event) => {
	const { scope } = viewerWho('see_totals', event);
	const { home, run } = await resultsOf(event, scope);
	if (!run) return { ready: false as const };
	const year = latestYear(run);
	const [family, totals, settings, values] = await Promise.all([
		measures(home, scope),
		answer(() => yearTotals(home, year, scope)),
		answer(() => ask<Setting>(home, 'settings', {}, scope)),
		answer(() => ask<Value>(home, 'headline', { year, population: anyone() }, scope))
	]);
	return {
		ready: true as const,
		year,
		asOf: run.as_of,
		failed: values.failed ?? totals.failed,
		settings,
		metrics: family.map((measure) => {
			const value = values.value?.find((one) => one.measure === measure.id);
			const total = totals.value?.find((one) => one.measure === measure.id);
			return {
				id: measure.id,
				title: measure.title.replace(/ \(pharmacy view:.*\)$/, ', pharmacy view'),
				topic: measure.topic,
				question: measure.question,
				unit: measure.unit,
				better: measure.better,
				now: measure.topic !== 'Adherence' && total ? rateIn(total) : null,
				inPharmacyView: measure.id.endsWith('_pharmacy_view'),
				numerator: value?.numerator ?? total?.numerator ?? 0,
				denominator: value?.denominator ?? total?.denominator ?? 0
			};
		})
	};
};
