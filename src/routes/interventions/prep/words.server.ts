import type { Asked } from '$lib/server/door';
import { reviewLists } from '$lib/server/review_lists';
import { ask, measures } from '$lib/server/warehouse';

/** Short names of measures and titles of review lists, by id, as prep sheets print them, and how many days sheets look back. */
export async function sheetWords({ home, scope }: Asked) {
	const [family, settings] = await Promise.all([
		measures(home, scope),
		ask<{ setting: string; value: string }>(home, 'settings', {}, scope)
	]);
	return {
		measures: Object.fromEntries(family.map((one) => [one.id, String(one.facts.short_title ?? one.title)])),
		lists: Object.fromEntries(reviewLists('all').map((one) => [one.id, one.title])),
		lookBack: Number(settings.find(({ setting }) => setting === 'prep_sheet_days')!.value)
	};
}
