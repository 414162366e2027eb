import { elementListWords, readElementList } from '$lib/domain/element_list';
import { elementTitles } from '$lib/server/element_titles';
import { listed } from '../listed.server';
import type { ListedElement } from '../session_row';
import type { PageServerLoad } from './$types';

/** What programmes require of a year's sessions, element by element, and how each is documented. */
export const load: PageServerLoad = (event) =>
	listed<ListedElement>(event, 'elements_listed', 'elements of sessions', async ({ question: { home, scope } }) => {
		const titles = await elementTitles(home, scope);
		const { chosen, problems } = readElementList(event.url.searchParams, [...titles.keys()]);
		return { chosen, problems, words: elementListWords(chosen, titles) };
	});
