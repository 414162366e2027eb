import type { Problem } from '$lib/domain/population';
import { seesDays } from '$lib/domain/scope';
import type { Asked } from './door';
import { reviewLists } from './review_lists';

/** The spans of days that a follow-up list can be narrowed to. */
export const followUpSpans = [14, 30] as const;

/** Reads which list after hospital care an address asks for, and since how many days (null: everybody on it); what it cannot have is a problem. */
export function followUpOf({ scope }: Asked, words: URLSearchParams) {
	const problems: Problem[] = [];
	const lists = reviewLists('Hospital');
	const wanted = words.get('list');
	const list = lists.find((one) => one.id === wanted) ?? lists.find((one) => one.id === 'home_from_hospital')!;
	if (wanted !== null && list.id !== wanted)
		problems.push({ key: 'list', value: wanted, why: `there is no follow-up list "${wanted}"` });
	const span = words.get('since');
	const days = followUpSpans.find((one) => String(one) === span) ?? null;
	// By choosing days, days that are not shown could be found out.
	const since = seesDays(scope) ? days : null;
	if (span !== null && since === null)
		problems.push({
			key: 'since',
			value: span,
			why: days === null ? `"${span}" is no span; write 14 or 30` : 'days are not shown at your level'
		});
	return { lists, list, since, problems };
}
