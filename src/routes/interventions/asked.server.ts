import { readMtmFilter, type MtmFilter } from '$lib/domain/mtm_filter';
import type { Problem } from '$lib/domain/population';
import type { Ability } from '$lib/domain/role';
import { seesDays } from '$lib/domain/scope';
import { answer, asked, type Asked, type Request } from '$lib/server/door';
import { hidesSmallCells } from '$lib/server/release';
import { ask } from '$lib/server/warehouse';
import type { FilterOption } from '$lib/ui/filter';

/** What a page of interventions was asked: the question, the year and filters as its panels take them, what of the address is not used. */
export type MtmAsked = {
	question: Asked;
	chosen: MtmFilter & { year: number };
	problems: Problem[];
	options: FilterOption[];
	loaded: { has_enrollments: boolean; has_sessions: boolean; has_recommendations: boolean };
};

/**
 * Reads the address of a page of interventions; null when nothing has been computed. Where small counts are hidden, pages of counts take
 * no filters: numbers of neighbouring groups would tell the hidden ones.
 */
export async function mtmAsked(
	event: Request,
	ability: Ability,
	about: 'recommendations' | 'reviews',
	rows: 'counts' | 'patients'
): Promise<MtmAsked | null> {
	const question = await asked(event, ability);
	if (!question) return null;
	const { home, scope, year, population } = question;
	const read = readMtmFilter(event.url.searchParams, population, about, seesDays(scope));
	const problems = [...question.problems, ...read.problems];
	let filter = read.filter;
	if (rows === 'counts' && hidesSmallCells(scope) && (filter.only || filter.never)) {
		filter = { only: null, never: null };
		problems.push(
			...[...event.url.searchParams.keys()]
				.filter(
					(key) =>
						!['y', 'asof', 'known', 'cmp', 'by', 'explain'].includes(key) && !problems.some((one) => one.key === key)
				)
				.map((key) => ({
					key,
					value: event.url.searchParams.getAll(key).join(','),
					why: 'at your level these numbers are shown for everybody together, without filters'
				}))
		);
	}
	const [options, [loaded]] = await Promise.all([
		answer(() =>
			ask<FilterOption>(
				home,
				'filter_options',
				{ year, chosen: [...population.pharm.in, ...population.presc.in] },
				scope
			)
		),
		ask<MtmAsked['loaded']>(home, 'mtm_loaded', {}, scope)
	]);
	return { question, chosen: { year, ...filter }, problems, options: options.value ?? [], loaded: loaded! };
}

/** The page of a table that an address asks for, from 1 to a million. */
export const pageOf = (url: URL): number =>
	Math.min(1_000_000, Math.max(1, Math.floor(Number(url.searchParams.get('page') ?? '1')) || 1));
