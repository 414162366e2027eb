import type { RecommendationRow } from '$lib/domain/recommendation';
import { readRecommendationTable } from '$lib/domain/recommendation_table';
import { seesDays } from '$lib/domain/scope';
import { identifiersFor } from '$lib/domain/viewer';
import { answer } from '$lib/server/door';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import { mtmAsked } from '../asked.server';
import type { PageServerLoad } from './$types';

const pageRows = 50;

/** Every recommendation of a year that the filters keep, a page at a time. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const asked = await mtmAsked(event, 'see_patients', 'recommendations', 'patients');
	if (!asked) return { ready: false as const };
	const { question, chosen, problems, options, loaded } = asked;
	const { home, viewer, scope, run, year } = question;
	const table = readRecommendationTable(url.searchParams, seesDays(scope));
	problems.push(...table.problems);
	const frame = {
		ready: true as const,
		year,
		asOf: run.as_of,
		problems,
		options,
		loaded,
		sort: table.sort,
		descending: table.descending,
		open: table.chosen.open,
		named: scope.phi === 'P3',
		days: seesDays(scope),
		identifiers: identifiersFor(viewer)
	};
	if (!loaded.has_recommendations) return { ...frame, shown: null };
	const found = await answer(
		async () =>
			(
				await ask<{ recommendations: number | null; patients: number | null; hidden?: Record<string, string> }>(
					home,
					'recommendations_found',
					{ ...chosen, ...table.chosen },
					scope
				)
			)[0]!
	);
	const at = Math.max(1, Math.floor(Number(url.searchParams.get('page') ?? '1')) || 1);
	const count = found.value?.recommendations ?? null;
	const page = count === null ? at : Math.min(at, Math.max(1, Math.ceil(count / pageRows)));
	const rows = await answer(async () => {
		const shown = await ask<RecommendationRow>(
			home,
			'recommendations',
			{
				...chosen,
				...table.chosen,
				sort: table.sort,
				descending: table.descending,
				first: (page - 1) * pageRows,
				rows: pageRows
			},
			scope
		);
		await listSeen(question, 'recommendations', shown);
		return shown;
	});
	return { ...frame, shown: { found, rows, page, pageRows } };
};
