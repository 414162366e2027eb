import { readSessionList, sessionListWords } from '$lib/domain/session_list';
import { ask } from '$lib/server/warehouse';
import { listed } from '../listed.server';
import type { ListedSession } from '../session_row';
import type { PageServerLoad } from './$types';

/** The sessions and attempts of a year that a number of another page counts. */
export const load: PageServerLoad = (event) =>
	listed<ListedSession>(event, 'sessions', 'sessions', async ({ question: { home, scope } }) => {
		const elements = await ask<{ element: string; title: string }>(home, 'session_elements', {}, scope);
		const titles = new Map(elements.map(({ element, title }) => [element, title]));
		const { chosen, problems } = readSessionList(event.url.searchParams, [...titles.keys()]);
		return { chosen, problems, words: sessionListWords(chosen, titles) };
	});
