import { contractGoals, goalsAmong, neededInAll, planTypes } from '$lib/domain/cmr_goal';
import type { CutPoint } from '$lib/domain/headline';
import { readReviewed, reviewedKeys, type ReviewedRow } from '$lib/domain/reviewed_people';
import { identifiersFor } from '$lib/domain/viewer';
import { seesDays } from '$lib/domain/scope';
import { daysBetween } from '$lib/domain/wording';
import { answer } from '$lib/server/door';
import { hidesSmallCells } from '$lib/server/release';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import { mtmAsked, opened, opens, pageOf } from '../asked.server';
import type {
	Attempts,
	DueRow,
	LeftOut,
	MtmMeasure,
	PaceRow,
	ReviewDay,
	ReviewGroup,
	TriedGroup,
	TriedReason
} from './review';
import type { PageServerLoad } from './$types';

const pageRows = 25;

/** How many reviews were completed of those that count, how many the goal still needs, and who can still have one, by when. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const found = await mtmAsked(event, 'see_totals', 'reviews', 'counts');
	if (!found) return { ready: false as const };
	const { question, chosen, options, loaded } = found;
	const { home, viewer, scope, run, year } = question;
	const { by, chosen: people, isChosen, problems: unknown } = readReviewed(url.searchParams, seesDays(scope));
	const problems = [
		...found.problems.filter(({ key }) => !(reviewedKeys as readonly string[]).includes(key)),
		...unknown
	];
	const seesRows = viewer.can('see_patients') && scope.phi !== 'P0';
	const hides = hidesSmallCells(scope);
	const yearEnd = `${year}-12-31`;
	const frame = {
		ready: true as const,
		year,
		asOf: run.as_of,
		problems,
		options,
		loaded,
		by,
		people,
		opens: opens(question),
		daysLeft: Math.max(0, daysBetween(run.as_of, yearEnd)),
		lastMonth: run.as_of >= yearEnd ? 12 : Number(run.as_of.slice(5, 7)),
		named: scope.phi === 'P3',
		days: seesDays(scope),
		identifiers: identifiersFor(viewer)
	};
	if (!loaded.has_enrollments) return { ...frame, cards: null };
	const [lines, leftOut, groups, tried, reasons, pace, attempts, due, goals, times] = await Promise.all([
		answer(() => ask<MtmMeasure>(home, 'review_measures', chosen, scope)),
		answer(() => ask<LeftOut>(home, 'review_left_out', { ...chosen, measure: 'cmr_completion' }, scope)),
		answer(() => ask<ReviewGroup>(home, 'review_groups', { ...chosen, unit: by }, scope)),
		answer(() => ask<TriedGroup>(home, 'review_tries', { ...chosen, unit: by }, scope)),
		answer(() =>
			hides ? Promise.resolve(null) : ask<TriedReason>(home, 'review_reasons', { ...chosen, unit: by }, scope)
		),
		answer(() => ask<PaceRow>(home, 'review_pace', chosen, scope)),
		answer(async () => (await ask<Attempts>(home, 'review_attempts', chosen, scope))[0]!),
		answer(
			async () =>
				(
					await ask<{ rows: number | null; patients: number | null; with_phone: number | null }>(
						home,
						'reviews_due_found',
						chosen,
						scope
					)
				)[0]!
		),
		answer(async () => {
			const [contracts, settings, ...cuts] = await Promise.all([
				ask<ReviewGroup>(home, 'review_groups', { ...chosen, unit: 'contract' }, scope),
				ask<{ setting: string; value: string }>(home, 'settings', {}, scope),
				...planTypes.map((plan_type) => ask<CutPoint>(home, 'cut_points', { plan_type }, scope))
			]);
			const least = Number(settings.find(({ setting }) => setting === 'cmr_least_counted')!.value);
			return { least, contracts: contractGoals(contracts, cuts.flat(), least) };
		}),
		// Single days would tell of single people.
		answer(() => (hides ? Promise.resolve(null) : ask<ReviewDay>(home, 'review_times', chosen, scope)))
	]);
	const page = pageOf(url, pageRows, due.value?.rows ?? 0);
	// The people chosen stand in place of those due: one list at a time.
	const rows = await answer(async () => {
		if (!seesRows || isChosen) return null;
		const shown = await ask<DueRow>(
			home,
			'reviews_due',
			{ ...chosen, first: (page - 1) * pageRows, rows: pageRows },
			scope
		);
		await listSeen(question, 'reviews due', shown);
		return shown;
	});
	const reviewed = isChosen
		? await opened<ReviewedRow>(
				question,
				url,
				'reviewed_people',
				{ ...chosen, ...people },
				'who is counted in CMR completion',
				pageRows
			)
		: null;
	const completion = lines.value?.find((line) => line.measure === 'cmr_completion') ?? null;
	return {
		...frame,
		cards: {
			lines,
			leftOut,
			groups,
			tried,
			reasons,
			pace,
			attempts,
			due,
			times,
			rows,
			reviewed,
			page,
			pageRows,
			completion,
			goals,
			cuts: goalsAmong(goals.value?.contracts ?? []),
			needed: completion?.denominator == null ? null : neededInAll(goals.value?.contracts ?? [])
		}
	};
};
