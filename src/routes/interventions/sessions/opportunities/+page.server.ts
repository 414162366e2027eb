import { opportunityWords, readOpportunities } from '$lib/domain/opportunity';
import { listed } from '../listed.server';
import type { ListedOpportunity } from '../session_row';
import type { PageServerLoad } from './$types';

/** The opportunities that plans and vendors opened in a year, and what became of each. */
export const load: PageServerLoad = (event) =>
	listed<ListedOpportunity>(event, 'opportunities_opened', 'opportunities', () => {
		const { chosen, problems } = readOpportunities(event.url.searchParams);
		return { chosen, problems, words: opportunityWords(chosen) };
	});
