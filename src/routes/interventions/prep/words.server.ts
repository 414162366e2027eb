import type { Asked } from '$lib/server/door';
import { reviewLists } from '$lib/server/review_lists';
import { measures } from '$lib/server/warehouse';

/** Short names of measures and titles of review lists, by id, as prep sheets print them. */
export async function sheetWords({ home, scope }: Asked) {
	const family = await measures(home, scope);
	return {
		measures: Object.fromEntries(family.map((one) => [one.id, String(one.facts.short_title ?? one.title)])),
		lists: Object.fromEntries(reviewLists('all').map((one) => [one.id, one.title]))
	};
}
