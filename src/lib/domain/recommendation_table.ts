import type { Problem } from './population';

/** The words that the head of a column sorts the table of recommendations by. */
export const recommendationSorts = [
	'identified',
	'patient',
	'problem',
	'action',
	'drug',
	'prescriber',
	'pharmacy',
	'channel',
	'answer',
	'answered',
	'age',
	'verified',
	'severity'
] as const;
export type RecommendationSort = (typeof recommendationSorts)[number];

/** How the table of recommendations is ordered, and whether only the unanswered (true) or the answered (false) are meant. */
export type RecommendationTable = {
	sort: RecommendationSort;
	descending: boolean;
	open: boolean | null;
	problems: Problem[];
};

/** The columns whose order would tell days, for who sees none. */
const ofDays: readonly string[] = ['identified', 'answered', 'age'];

/** Reads order and openness from an address; newest first unless it says otherwise, by patient for who sees no days. */
export function readRecommendationTable(words: URLSearchParams, days: boolean): RecommendationTable {
	const problems: Problem[] = [];
	const usual: RecommendationSort = days ? 'identified' : 'patient';
	const wanted = words.get('sort') ?? usual;
	let sort = recommendationSorts.find((one) => one === wanted);
	if (!sort) problems.push({ key: 'sort', value: wanted, why: `the table cannot be sorted by "${wanted}"` });
	else if (!days && ofDays.includes(sort)) {
		problems.push({
			key: 'sort',
			value: wanted,
			why: 'days are not shown at your level, so the table cannot be sorted by them'
		});
		sort = undefined;
	}
	const direction = words.get('dir');
	const open = words.get('open');
	if (open !== null && open !== 'yes' && open !== 'no')
		problems.push({ key: 'open', value: open, why: `"${open}" is neither yes nor no` });
	return {
		sort: sort ?? usual,
		descending: direction ? direction === 'desc' : (sort ?? usual) === 'identified',
		open: open === 'yes' ? true : open === 'no' ? false : null,
		problems
	};
}
