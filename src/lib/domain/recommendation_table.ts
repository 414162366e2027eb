import type { Problem } from './population';
import { codesOf, codeWords } from './recommendation';
import { notStated } from './reviewed_people';

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

/** Words of the address that choose rows of the table alone; those that tell more than is shown where days are not seen. */
export const listedKeys = ['decline', 'strategy', 'around', 'cost', 'within', 'took'] as const;
export type ListedKey = (typeof listedKeys)[number];

/** Which recommendations the table holds beside the filters; null chooses all. */
export type ChosenRecommendations = {
	/** Only the unanswered (true) or the answered (false). */
	open: boolean | null;
	/** The reason for declining, in the word that the numbers show for it. */
	decline: string | null;
	/** What was agreed about a barrier, in the word that the numbers show for it. */
	strategy: string | null;
	/** How the days around the answer to a named barrier stand. */
	around: string | null;
	/** What the verified change did to the cost of the medicine: told, or why not. */
	cost: string | null;
	/** Where the problem stands by resolution within 60 days. */
	within: string | null;
	/** Days that the answer took, '7', or a day before which none had come, '7_or_more'. */
	took: string | null;
};

/** How the table of recommendations is ordered, and which it holds. */
export type RecommendationTable = {
	sort: RecommendationSort;
	descending: boolean;
	chosen: ChosenRecommendations;
	problems: Problem[];
};

/** The columns whose order would tell days, for who sees none. */
const ofDays: readonly string[] = ['identified', 'answered', 'age'];

const listedLabels: Record<ListedKey, string> = {
	decline: 'Declined because',
	strategy: 'Strategy',
	around: 'Days around the answer',
	cost: 'Cost of the medicine',
	within: 'Resolved within 60 days',
	took: 'Answer'
};

/** How the days before and after the answer to a named barrier can stand: known, adherent, or why they are not computable. */
const aroundWords: Record<string, string> = {
	followed: 'known before and after',
	adherent_before: 'adherent before',
	adherent_after: 'adherent after',
	not_computable: 'not computable',
	...Object.fromEntries(codesOf('around').map((code) => [code, `not computable: ${codeWords('around', code)}`]))
};

/** How what a verified change did to the cost of its medicine can stand: told, of either part, or why it is not computable. */
const costWords: Record<string, string> = {
	compared: 'told before and after',
	plan: "plan's part told before and after",
	patient: "patient's part told before and after",
	...Object.fromEntries(codesOf('cost_of').map((code) => [code, `not computable: ${codeWords('cost_of', code)}`]))
};

/** Where a problem can stand by resolution within 60 days. */
const withinWords: Record<string, string> = {
	counted: 'yes or no',
	in_time: 'yes',
	not_in_time: 'no',
	under_60_days: 'too early: identified less than 60 days ago',
	no_medicine: 'no medicine named',
	not_documented: 'not computable: the source says of nothing whether it was implemented or resolved'
};

const states = { around: aroundWords, cost: costWords, within: withinWords };

/** Days until an answer in words; null for what is none. */
function tookWords(value: string): string | null {
	const [, days, more] = /^(\d{1,5})(_or_more)?$/.exec(value) ?? [];
	if (days === undefined) return null;
	return more ? `not before day ${Number(days)} after sending` : `on day ${Number(days)} after sending`;
}

/** Reads order and rows from an address; newest first unless it says otherwise, by patient for who sees no days. */
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
	const listed = (key: ListedKey): string | null => {
		const value = words.get(key);
		if (!value || days) return value || null;
		problems.push({
			key,
			value,
			why: 'reasons, strategies and days of an answer are not shown at your level, so recommendations are not chosen by them'
		});
		return null;
	};
	/** A state among those that are known; another one is told, and chooses nothing. */
	const state = (key: 'around' | 'cost' | 'within', why: string): string | null => {
		const value = listed(key);
		if (value === null || Object.hasOwn(states[key], value)) return value;
		problems.push({ key, value, why: `${why} "${value}"` });
		return null;
	};
	const around = state('around', 'days around the answer do not stand as');
	const cost = state('cost', 'the cost of a medicine does not stand as');
	const within = state('within', 'resolution within 60 days does not stand as');
	const took = listed('took');
	const isTook = took !== null && tookWords(took) !== null;
	if (took !== null && !isTook)
		problems.push({ key: 'took', value: took, why: `"${took}" is no number of days, as 7 or 7_or_more` });
	return {
		sort: sort ?? usual,
		descending: direction ? direction === 'desc' : (sort ?? usual) === 'identified',
		chosen: {
			open: open === 'yes' ? true : open === 'no' ? false : null,
			decline: listed('decline'),
			strategy: listed('strategy'),
			around,
			cost,
			within,
			took: isTook ? took : null
		},
		problems
	};
}

function textOf(key: ListedKey, value: string): string {
	if (key === 'around' || key === 'cost' || key === 'within') return states[key][value]!;
	if (key === 'took') return tookWords(value)!;
	return value === notStated ? codeWords(key, null) : value;
}

/** What an address chooses of the table alone, in words; nothing for who sees no days. */
export function listedChips(words: URLSearchParams, days: boolean): { key: ListedKey; label: string; text: string }[] {
	const { chosen } = readRecommendationTable(words, days);
	return listedKeys.flatMap((key) => {
		const value = chosen[key];
		return value === null
			? []
			: [
					{
						key,
						label: listedLabels[key],
						text: textOf(key, value)
					}
				];
	});
}
