import type { Answer } from '$lib/domain/answer';
import { readMtmFilter, type MtmFilter } from '$lib/domain/mtm_filter';
import type { Problem } from '$lib/domain/population';
import type { ListTables } from '$lib/domain/problem';
import type { Ability } from '$lib/domain/role';
import { seesDays } from '$lib/domain/scope';
import { answer, asked, type Asked, type Request } from '$lib/server/door';
import { hidesSmallCells } from '$lib/server/release';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import type { FilterOption } from '$lib/ui/filter';

/** What a page of interventions was asked: the question, the year and filters as its panels take them, what of the address is not used. */
export type MtmAsked = {
	question: Asked;
	chosen: MtmFilter & { year: number };
	problems: Problem[];
	options: FilterOption[];
	loaded: { has_enrollments: boolean; has_sessions: boolean; has_recommendations: boolean } & Omit<
		ListTables,
		'has_mtm_enrollment'
	>;
};

/** Whether numbers open to their rows: for who may see rows, and where no small count is hidden that they would tell. */
export const opens = ({ viewer, scope }: Asked): boolean => viewer.can('see_patients') && !hidesSmallCells(scope);

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

/** The page of a table that an address asks for: from 1 to the last of its rows, or to a million where nobody knows how many there are. */
export const pageOf = (url: URL, size: number, rows: number | null): number =>
	Math.min(
		rows === null ? 1_000_000 : Math.max(1, Math.ceil(rows / size)),
		Math.max(1, Math.floor(Number(url.searchParams.get('page') ?? '1')) || 1)
	);

/** A page of the rows that a number counts, and how many they are in all. */
export type Opened<Row> = { rows: Row[]; rowsInAll: number; page: number; pageRows: number };

/**
 * Rows that a number counts, a page of them, written down as looked at; null for who sees numbers only, and where small counts are
 * hidden: the rows would count them. A page past the last has no rows to say how many there are: the first is given.
 */
export const opened = <Row extends { pid: string; rows_in_all: number }>(
	question: Asked,
	url: URL,
	panel: string,
	asking: Parameters<typeof ask>[2],
	view: string,
	pageRows: number
): Promise<Answer<Opened<Row> | null>> =>
	answer(async () => {
		const { home, scope } = question;
		if (!opens(question)) return null;
		const of = (at: number) => ask<Row>(home, panel, { ...asking, first: (at - 1) * pageRows, rows: pageRows }, scope);
		let page = pageOf(url, pageRows, null);
		let rows = await of(page);
		if (!rows.length && page > 1) rows = await of((page = 1));
		await listSeen(question, view, rows);
		return { rows, rowsInAll: rows[0]?.rows_in_all ?? 0, page, pageRows };
	});
