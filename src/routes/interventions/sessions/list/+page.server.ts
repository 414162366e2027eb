import { readSessionList, sessionListWords } from '$lib/domain/session_list';
import { seesDays } from '$lib/domain/scope';
import { identifiersFor } from '$lib/domain/viewer';
import { answer } from '$lib/server/door';
import { hidesSmallCells } from '$lib/server/release';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import { mtmAsked, pageOf } from '../../asked.server';
import type { ListedSession } from '../session_row';
import type { PageServerLoad } from './$types';

const pageRows = 50;

/** The sessions and attempts of a year that a number of another page counts. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const found = await mtmAsked(event, 'see_patients', 'reviews', 'patients');
	if (!found) return { ready: false as const };
	const { question, chosen, problems, options, loaded } = found;
	const { home, viewer, scope, run, year } = question;
	const elements = await ask<{ element: string; title: string }>(home, 'session_elements', {}, scope);
	const titles = new Map(elements.map(({ element, title }) => [element, title]));
	const read = readSessionList(url.searchParams, [...titles.keys()]);
	problems.push(...read.problems);
	let page = pageOf(url);
	const rows = await answer(async () => {
		// Where small counts are hidden, the rows of a chosen group would count them.
		if (hidesSmallCells(scope)) return null;
		const of = (at: number) =>
			ask<ListedSession>(
				home,
				'sessions',
				{ ...chosen, ...read.chosen, first: (at - 1) * pageRows, rows: pageRows },
				scope
			);
		let shown = await of(page);
		// A page after the last has no rows, and nothing says how many there are: the first is shown.
		if (!shown.length && page > 1) shown = await of((page = 1));
		await listSeen(question, 'sessions', shown);
		return shown;
	});
	return {
		ready: true as const,
		year,
		asOf: run.as_of,
		problems,
		options,
		loaded,
		words: sessionListWords(read.chosen, titles),
		rows,
		page,
		pageRows,
		named: scope.phi === 'P3',
		days: seesDays(scope),
		identifiers: identifiersFor(viewer)
	};
};
