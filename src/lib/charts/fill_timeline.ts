import { dayOf, firstDayOf, isoOf, lastDayOf, lastDayOfMonth } from '$lib/domain/day';
import type { DaySpan } from '$lib/domain/what_if';
import { count, day, monthName, plural, shortDay } from '$lib/domain/wording';

/** A fill that counts for a measure, as it was dispensed and as it is counted. */
export type SupplyRow = {
	measure: string;
	claim_id: string;
	ingredient: string;
	dispensed_on: string;
	days_supply: number;
	/** Null where no day of it lies inside the period: an early refill at its end. */
	counted_from: string | null;
	counted_to: string | null;
	source_file: string;
	source_line: number;
	load_id: number;
};

/** What one lane is drawn from: one measure of one patient in one year. */
export type LaneFacts = {
	measure: string;
	title: string;
	index_date: string | null;
	period_end: string | null;
	last_impactable_on: string | null;
	supply: SupplyRow[];
	/** Days that count beyond what the fills' own spans show: supply pushed past a stay. */
	pushed: DaySpan[];
	gaps: (DaySpan & { days: number })[];
};

/** Whether bars stand where the fills were dispensed, or where early refills have moved to. */
export type Way = 'counted' | 'dispensed';

/** A piece of a lane: left and width in percent of the year, and the row it stands on. */
export type Piece = { left: number; width: number; row: number; words: string };
export type Bar = Piece & { claim: string; carried: { left: number; width: number } | null };
export type Lane = {
	measure: string;
	title: string;
	rows: number;
	bars: Bar[];
	pushed: Piece[];
	/** Gaps with their days; the label is null where it would run into a neighbour's. */
	gaps: (Piece & { label: string | null })[];
	start: number | null;
	end: number | null;
	lastUseful: { at: number; words: string } | null;
};
export type Timeline = {
	months: { name: string; left: number; width: number }[];
	asOf: number | null;
	asOfWords: string;
	lanes: Lane[];
	stays: Piece[];
};

/** The ids of claims' rows in the fills table, for links within the page: by place, because a link stands in the address. */
export function claimAnchors(claims: readonly string[]): (claim: string) => string {
	const places = new Map([...claims.entries()].map(([at, claim]) => [claim, at + 1]));
	return (claim) => `fill-${places.get(claim) ?? 0}`;
}

/** Lays a patient's year out in percent of its days, so that any width can draw it. */
export function fillTimeline(
	lanes: LaneFacts[],
	stays: (DaySpan & { kind: string | null })[],
	year: number,
	asOf: string,
	way: Way
): Timeline {
	const first = firstDayOf(year);
	const last = lastDayOf(year);
	const all = last - first + 1;
	const at = (day: number) => ((Math.min(Math.max(day, first), last + 1) - first) / all) * 100;
	const place = (from: number, to: number) => ({ left: at(from), width: Math.max(0, at(to + 1) - at(from)) });

	return {
		months: Array.from({ length: 12 }, (_, index) => {
			const end = lastDayOfMonth(year, index + 1);
			const from = index === 0 ? first : lastDayOfMonth(year, index) + 1;
			return { name: monthName(index + 1), ...place(from, end) };
		}),
		asOf: dayOf(asOf) >= first && dayOf(asOf) <= last ? at(dayOf(asOf) + 1) : null,
		asOfWords: `as of ${shortDay(asOf)}`,
		lanes: lanes.map((lane) => {
			const bars: Bar[] = [];
			const rowEnds: number[] = [];
			for (const fill of lane.supply) {
				const dispensed = dayOf(fill.dispensed_on);
				const dispensedTo = dispensed + fill.days_supply - 1;
				const counted = fill.counted_from && fill.counted_to ? { from: fill.counted_from, to: fill.counted_to } : null;
				if (way === 'counted' && !counted) continue;
				const from = way === 'counted' ? dayOf(counted!.from) : dispensed;
				const to = way === 'counted' ? dayOf(counted!.to) : dispensedTo;
				if (to < first || from > last) continue;
				let row = rowEnds.findIndex((end) => end < from);
				if (row < 0) row = rowEnds.length;
				rowEnds[row] = to;
				const carriedFrom = Math.max(from, dispensedTo + 1);
				bars.push({
					...place(from, to),
					row,
					claim: fill.claim_id,
					carried: way === 'counted' && carriedFrom <= to ? place(carriedFrom, to) : null,
					words:
						`${fill.ingredient}, ${plural(fill.days_supply, 'day')}, filled ${shortDay(fill.dispensed_on)}` +
						(way === 'counted'
							? `, counted ${shortDay(counted!.from)} to ${shortDay(counted!.to)}`
							: `, would last to ${shortDay(isoOf(dispensedTo))}`)
				});
			}
			return {
				measure: lane.measure,
				title: lane.title,
				rows: Math.max(1, rowEnds.length),
				bars,
				pushed:
					way === 'counted'
						? lane.pushed.map((span) => ({
								...place(dayOf(span.from_on), dayOf(span.to_on)),
								row: 0,
								words: `supply moved past a stay: ${shortDay(span.from_on)} to ${shortDay(span.to_on)}`
							}))
						: [],
				gaps:
					way === 'counted'
						? labelled(
								lane.gaps.map((gap) => ({
									...place(dayOf(gap.from_on), dayOf(gap.to_on)),
									row: 0,
									label: `${count(gap.days)} d`,
									words: `no supply ${shortDay(gap.from_on)} to ${shortDay(gap.to_on)}, ${plural(gap.days, 'day')}`
								}))
							)
						: [],
				start: lane.index_date ? at(dayOf(lane.index_date)) : null,
				end: lane.period_end ? at(dayOf(lane.period_end) + 1) : null,
				lastUseful:
					lane.last_impactable_on && dayOf(lane.last_impactable_on) <= last
						? {
								at: at(dayOf(lane.last_impactable_on)),
								words: `last useful fill ${shortDay(lane.last_impactable_on)}`
							}
						: null
			};
		}),
		stays: stays
			.filter((stay) => dayOf(stay.to_on) >= first && dayOf(stay.from_on) <= last)
			.map((stay) => ({
				...place(dayOf(stay.from_on), dayOf(stay.to_on)),
				row: 0,
				words: `${stay.kind ?? 'hospital'} stay ${shortDay(stay.from_on)} to ${shortDay(stay.to_on)}`
			}))
	};
}

/** The least distance between the middles of two labels, in percent of the year. */
const labelRoom = 3.6;

/** Keeps the labels of the widest gaps, and those that do not run into one already kept. */
function labelled(gaps: (Piece & { label: string })[]): (Piece & { label: string | null })[] {
	const middle = (piece: Piece) => piece.left + piece.width / 2;
	const kept: Piece[] = [];
	for (const gap of [...gaps].sort((a, b) => b.width - a.width))
		if (kept.every((other) => Math.abs(middle(other) - middle(gap)) >= labelRoom)) kept.push(gap);
	return gaps.map((gap) => ({ ...gap, label: kept.includes(gap) ? gap.label : null }));
}

/** One sentence on what the timeline shows. */
export function fillTimelineSentence(lanes: LaneFacts[], asOf: string): string {
	const parts = lanes.slice(0, 2).map((lane) => {
		const missed = lane.gaps.reduce((sum, gap) => sum + gap.days, 0);
		const longest = lane.gaps.reduce<LaneFacts['gaps'][number] | null>(
			(most, gap) => (!most || gap.days > most.days ? gap : most),
			null
		);
		const fills = new Set(lane.supply.map((fill) => fill.claim_id)).size;
		return (
			`${lane.title}: ${plural(fills, 'fill')}, ` +
			(longest
				? `${plural(missed, 'day')} without supply, the longest gap ${plural(longest.days, 'day')} from ${shortDay(longest.from_on)}`
				: 'no day without supply')
		);
	});
	const others = lanes.length - parts.length;
	if (others > 0) parts.push(`${plural(others, 'other measure')} below`);
	return parts.length ? `Through ${day(asOf)}. ${parts.join('. ')}.` : 'No fill counts for a measure in this year.';
}
