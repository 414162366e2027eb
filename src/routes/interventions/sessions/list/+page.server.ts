import { readSessionList, sessionListWords } from '$lib/domain/session_list';
import { elementTitles } from '$lib/server/element_titles';
import { listed } from '../listed.server';
import type { ListedSession } from '../session_row';
import type { PageServerLoad } from './$types';

/** The sessions and attempts of a year that a number of another page counts. */
export const load: PageServerLoad = (event) =>
	listed<ListedSession>(event, 'sessions', 'sessions', async ({ question: { home, scope } }) => {
		const titles = await elementTitles(home, scope);
		const { chosen, problems } = readSessionList(event.url.searchParams, [...titles.keys()]);
		return { chosen, problems, words: sessionListWords(chosen, titles) };
	});
