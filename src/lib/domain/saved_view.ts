import { address } from './address';
import { mtmKeys } from './mtm_filter';
import { looksPersonal } from './personal_words';
import { populationKeys } from './population';
import { listedKeys } from './recommendation_table';

/** The pages that a view can be of, each with its name; a page of one patient, claim or session is none. */
const pages: readonly [RegExp, string][] = [
	[/^\/$/, 'Home'],
	[/^\/adherence$/, 'Adherence'],
	[/^\/adherence\/[^/]+$/, 'A measure of adherence'],
	[/^\/patients$/, 'Patients'],
	[/^\/interventions$/, 'Interventions'],
	[/^\/interventions\/eligibility$/, 'Who belongs in MTM'],
	[/^\/interventions\/prep$/, 'Prep sheets'],
	[/^\/interventions\/problems$/, 'Problems in claims'],
	[/^\/interventions\/recommendations$/, 'Recommendations'],
	[/^\/interventions\/reviews$/, 'Reviews'],
	[/^\/interventions\/sessions$/, 'Sessions'],
	[/^\/interventions\/sessions\/list$/, 'Sessions, listed'],
	[/^\/interventions\/sessions\/elements$/, 'Elements of sessions'],
	[/^\/interventions\/sessions\/medicines$/, 'Medicines of sessions'],
	[/^\/interventions\/sessions\/opportunities$/, 'Opportunities'],
	[/^\/outcomes$/, 'Outcomes'],
	[/^\/outcomes\/around-review$/, 'Rates around a review'],
	[/^\/outcomes\/follow-up$/, 'Follow-up lists'],
	[/^\/outcomes\/[^/]+$/, 'An outcome'],
	[/^\/compare$/, 'Compare'],
	[/^\/audit$/, 'Audit'],
	[/^\/audit\/(billing|claims|reporting|sample)$/, 'Audit'],
	[/^\/audit\/rules\/[^/]+$/, 'A rule of the audit']
];

/** The name of the page of a path, or null where no view can be of it. */
export const viewPage = (path: string): string | null => pages.find(([form]) => form.test(path))?.[1] ?? null;

/** Words of an address that belong to a moment, not to a view: what is open beside the page, which page of rows, identifiers (they are asked for anew). */
const momentary = ['view', 'explain', 'part', 'of', 'page', 'show', 'sheet', 'v'];

/** What of an address a view keeps. */
export type Keeping = {
	/** The filters alone, without tab, order and other words of the page. */
	filtersOnly: boolean;
	/** The year and the day that are shown now, to be kept where the address leaves them to the newest results. */
	pinned: { y: string; asof: string } | null;
};

/** The words that a view of this address has, as the query of an address. */
export function wordsOfView(words: URLSearchParams, { filtersOnly, pinned }: Keeping): string {
	const kept = new URLSearchParams();
	const filters: readonly string[] = [...populationKeys, ...mtmKeys, ...listedKeys];
	for (const [key, value] of words)
		if (!momentary.includes(key) && (!filtersOnly || filters.includes(key))) kept.append(key, value);
	for (const key of ['y', 'asof'] as const) if (pinned) kept.set(key, words.get(key) ?? pinned[key]);
	return address('', kept).slice(1);
}

/** What a form says of a view: the address as its page shows it, what to keep of it, and for whom. */
export type GivenView = {
	name: string;
	address: string;
	filtersOnly: boolean;
	pinned: boolean;
	shared: boolean;
};

/** A view that was saved, or an address too long for a link that was kept. */
export type SavedView = {
	/** What `view=` in an address names. */
	id: string;
	/** Null for an address that was kept because it is long. */
	name: string | null;
	path: string;
	/** The query of the address. */
	words: string;
	filtersOnly: boolean;
	pinned: boolean;
	/** Whether everybody who may open its page finds it. */
	shared: boolean;
	/** The name of who saved it. */
	by: string;
	own: boolean;
	/** The instant it was last opened, UTC, ISO. */
	usedAt: string;
};

/** Where a view opens. */
export const viewLink = ({ id, path }: Pick<SavedView, 'id' | 'path'>) => `${path}?view=${id}`;

const most = 60;

/** What is wrong with the name of a view, in a sentence, or null. */
export function viewNameProblem(name: string): string | null {
	const said = name.trim();
	if (!said) return 'Give the view a name.';
	if (said.length > most) return `The name of a view has ${most} characters at most; this has ${said.length}.`;
	if (/\p{Cc}/u.test(said)) return 'Write the name in one line.';
	if (looksPersonal(said)) return personalName;
	return null;
}

/** What is said of a name that looks as if it told of a person. */
export const personalName =
	'This name looks as if it held a patient’s name, an id, a phone number or a date of birth. Name what the view shows, never whom.';
