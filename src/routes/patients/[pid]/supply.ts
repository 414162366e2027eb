import type { LaneFacts, SupplyRow } from '$lib/charts/fill_timeline';
import { daysBetween } from '$lib/domain/wording';

/** A fill as a measure counts it; `moved` are the days an early refill waited for the earlier supply to end, null where that is after the period. */
export type CountedFill = SupplyRow & { title: string; moved: number | null };

/** The fills of all measures as they are counted, by the day of dispensing. */
export const countedFills = (lanes: LaneFacts[]): CountedFill[] =>
	lanes
		.flatMap((lane) =>
			lane.supply.map((fill) => ({
				...fill,
				title: lane.title,
				moved: fill.counted_from === null ? null : daysBetween(fill.dispensed_on, fill.counted_from)
			}))
		)
		.sort((a, b) => (a.dispensed_on < b.dispensed_on ? -1 : a.dispensed_on > b.dispensed_on ? 1 : 0));
