import { readOpportunities } from '$lib/domain/opportunity';
import { seesDays } from '$lib/domain/scope';
import { identifiersFor } from '$lib/domain/viewer';
import { answer } from '$lib/server/door';
import { hidesSmallCells } from '$lib/server/release';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import { mtmAsked, pageOf } from '../../asked.server';
import type { ListedOpportunity } from '../session_row';
import type { PageServerLoad } from './$types';

const pageRows = 50;

/** The opportunities that plans and vendors opened in a year, and what became of each. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const found = await mtmAsked(event, 'see_patients', 'reviews', 'patients');
	if (!found) return { ready: false as const };
	const { question, chosen, problems, options } = found;
	const { home, viewer, scope, run, year } = question;
	const read = readOpportunities(url.searchParams);
	problems.push(...read.problems);
	let page = pageOf(url);
	const rows = await answer(async () => {
		// Where small counts are hidden, the rows of a chosen group would count them.
		if (hidesSmallCells(scope)) return null;
		const of = (at: number) =>
			ask<ListedOpportunity>(
				home,
				'opportunities_opened',
				{ ...chosen, ...read.chosen, first: (at - 1) * pageRows, rows: pageRows },
				scope
			);
		let shown = await of(page);
		// A page after the last has no rows, and nothing says how many there are: the first is shown.
		if (!shown.length && page > 1) shown = await of((page = 1));
		await listSeen(question, 'opportunities', shown);
		return shown;
	});
	return {
		ready: true as const,
		year,
		asOf: run.as_of,
		problems,
		options,
		chosen: read.chosen,
		rows,
		page,
		pageRows,
		named: scope.phi === 'P3',
		days: seesDays(scope),
		identifiers: identifiersFor(viewer)
	};
};
