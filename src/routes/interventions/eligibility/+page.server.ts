import { readStanding, type EligibilityRow, type StandingRow } from '$lib/domain/eligibility';
import { cellSum } from '$lib/domain/hidden';
import { identifiersFor } from '$lib/domain/viewer';
import { answer } from '$lib/server/door';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import { mtmAsked, opens, pageOf } from '../asked.server';
import type { PageServerLoad } from './$types';

const pageRows = 50;

/** Who belongs in MTM by claims against who is enrolled, by programme and reason, and the people of one standing. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const found = await mtmAsked(event, 'see_totals', 'reviews', 'counts');
	if (!found) return { ready: false as const };
	const { question, chosen, options, loaded } = found;
	const { home, viewer, scope, run } = question;
	const read = readStanding(url.searchParams);
	const problems = [
		...found.problems.filter((problem) => !['standing', 'program', 'why', 'page', 'show'].includes(problem.key)),
		...read.problems
	];
	const asOfYear = Number(run.as_of.slice(0, 4));
	if (question.year !== asOfYear)
		problems.push({
			key: 'y',
			value: String(question.year),
			why: `who belongs is computed for the as-of day alone, ${run.as_of}; that is shown`
		});
	const filter = { only: chosen.only, never: chosen.never };
	const counts = await answer(() => ask<StandingRow>(home, 'eligibility_standing', filter, scope));
	const wanted = read.chosen;
	const matching = (counts.value ?? []).filter(
		(row) =>
			(wanted.standing === null || row.standing === wanted.standing) &&
			(wanted.program === null || row.program === wanted.program) &&
			(wanted.because === null || row.standing_because === wanted.because)
	);
	const rowsFound = cellSum(matching, 'patients');
	const page = pageOf(url, pageRows, rowsFound);
	const isChosen = wanted.standing !== null || wanted.program !== null || wanted.because !== null;
	const rows = await answer(async () => {
		if (!isChosen || !opens(question)) return null;
		const shown = await ask<EligibilityRow>(
			home,
			'eligibility_people',
			{ ...filter, ...wanted, first: (page - 1) * pageRows, rows: pageRows },
			scope
		);
		await listSeen(question, 'who belongs in MTM', shown);
		return shown;
	});
	return {
		ready: true as const,
		asOf: run.as_of,
		problems,
		options,
		loaded,
		counts,
		chosen: wanted,
		isChosen,
		opens: opens(question),
		rows,
		rowsFound,
		page,
		pageRows,
		named: scope.phi === 'P3',
		identifiers: identifiersFor(viewer)
	};
};
