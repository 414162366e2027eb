import { dayOf, firstDayOf, lastDayOf } from '$lib/domain/day';
import { codeWords, medicineWords } from '$lib/domain/recommendation';
import { shortDay } from '$lib/domain/wording';

/** What a mark stands for: a session held, one tried, a recommendation, a claim that shows one. */
export type MarkLook = 'held' | 'tried' | 'made' | 'shown';
/** A mark of one day, in percent of the year, and the row it stands on. */
export type Mark = { at: number; row: number; look: MarkLook; words: string; href: string | null };
export type MarkLane = { title: string; rows: number; marks: Mark[] };

type Told = string | number | null;
type SessionFacts = { number: number; service_type: string; status: string; held_on: Told };
type RecommendationFacts = {
	session_number: number | null;
	identified_date: Told;
	action: string;
	ingredient: string | null;
	new_ingredient: string | null;
	response: string;
	verified: string | null;
	verified_on: Told;
	verified_by_claim_id: string | null;
};

/** The least distance between two marks of a row, in percent of the year, so that each can be hit. */
const room = 4;

/**
 * Lays a patient's sessions, recommendations and the claims that show these into lanes beside the fills of a year; lanes without a mark in the year are left
 * out. `session` gives the page of a session by its number, `claim` the place of a claim on the page, null where it is not there.
 */
export function mtmMarks(
	sessions: readonly SessionFacts[],
	recommendations: readonly RecommendationFacts[],
	year: number,
	{ session, claim }: { session: (number: number) => string | null; claim: (id: string) => string | null }
): MarkLane[] {
	const [first, last] = [firstDayOf(year), lastDayOf(year)];
	const lane = (title: string, found: { on: Told; look: MarkLook; words: string; href: string | null }[]): MarkLane => {
		const ends: number[] = [];
		const marks = found
			.flatMap(({ on, look, words, href }) => {
				const day = typeof on === 'string' ? dayOf(on) : null;
				if (day === null || day < first || day > last) return [];
				return [
					{
						at: ((day - first + 0.5) / (last - first + 1)) * 100,
						look,
						words: `${words} ${shortDay(on as string)}`,
						href
					}
				];
			})
			.sort((a, b) => a.at - b.at)
			.map((mark) => {
				let row = ends.findIndex((end) => end <= mark.at - room);
				if (row < 0) row = ends.length;
				ends[row] = mark.at;
				return { ...mark, row };
			});
		return { title, rows: ends.length, marks };
	};
	const what = (row: RecommendationFacts) =>
		`${codeWords('action', row.action)}${medicineWords(row) ? `: ${medicineWords(row)}` : ''}`;
	return [
		lane(
			'MTM sessions',
			sessions.map((row) => ({
				on: row.held_on,
				look: row.status === 'completed' ? 'held' : 'tried',
				words: `${codeWords('service', row.service_type)} ${codeWords('status', row.status).toLowerCase()}`,
				href: session(row.number)
			}))
		),
		lane('Recommended', [
			...recommendations.map((row) => ({
				on: row.identified_date,
				look: 'made' as const,
				words: `${what(row)}, ${codeWords('response', row.response).toLowerCase()};`,
				href: row.session_number === null ? null : session(row.session_number)
			})),
			...recommendations
				.filter((row) => row.verified === 'yes')
				.map((row) => ({
					on: row.verified_on,
					look: 'shown' as const,
					words: `Claims show it (${what(row)}),`,
					href: row.verified_by_claim_id === null ? null : claim(row.verified_by_claim_id)
				}))
		])
	].filter(({ marks }) => marks.length > 0);
}
