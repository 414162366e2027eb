import { isDay, type Problem } from './population';
import { day } from './wording';

/** Results kept beside the current ones: the numbers of their two files, the as-of day, and what they were made from. */
export type Kept = {
	results: number;
	intake: number;
	/** ISO. */
	as_of: string;
	/** The last load that counted; null when they were made from every load that stood. */
	known: number | null;
	/** The loads they were made from. */
	loads: number[];
	/** The instant they were made, ISO. */
	built_at: string;
	/** The product's version that made them; another one asks other tables. */
	version: string;
};

/** The words of an address, or the options of a command, that mean results of another day. */
export type Meant = { asof: string | null; known: string | null };

/** Kept results as a page or a file tells of them: beside what they are, the day their last load was received and the as-of day of the current ones. */
export type Old = Pick<Kept, 'as_of' | 'known'> & { received_on: string | null; latest: string };

/** Files and windows of text know no space that does not break. */
const plainDay = (iso: string) => day(iso).replaceAll('\u00a0', ' ');

/** What kept results are, in one sentence, so that nobody takes them for the latest. */
export const oldWords = ({ as_of, known, received_on, latest }: Old): string =>
	known === null
		? `As of ${plainDay(as_of)}, not the latest (${plainDay(latest)}).`
		: `Only what had been received by load ${known}${received_on ? ` (${plainDay(received_on)})` : ''}, as of ${plainDay(as_of)}; the latest results are as of ${plainDay(latest)}.`;

/** What is said in place of a form that decides something. */
export const latestOnly = 'Decisions and notes are made on the latest results only.';

/** The options of a command that mean kept results, with a space before each; nothing for the current ones. */
export const keptOptions = (old: Pick<Kept, 'as_of' | 'known'> | null): string =>
	old ? ` --as-of ${old.as_of}${old.known === null ? '' : ` --known ${old.known}`}` : '';

/** The command that keeps the results of a day, of what had been received by a load, or both. */
export const keepCommand = ({ as_of, known }: { as_of: string | null; known: number | null }): string =>
	['mtm refresh', ...(as_of ? [`--as-of ${as_of}`] : []), known === null ? '--keep' : `--known ${known}`].join(' ');

/** A day without a load means the current results when it is theirs, else those kept of it. A load means those kept of it, the latest day where none is named; else the current results when they were made from nothing later. */
function found(
	as_of: string | null,
	known: number | null,
	current: { as_of: string; loads: number[] },
	kept: readonly Kept[],
	standing: readonly number[]
): Kept | 'current' | null {
	if (known === null && as_of === current.as_of) return 'current';
	const one = kept
		.filter((each) => each.known === known && (as_of === null || each.as_of === as_of))
		.sort((a, b) => (a.as_of < b.as_of ? 1 : -1))[0];
	if (one || known === null) return one ?? null;
	const upTo = standing.filter((load) => load <= known);
	const isSame = standing.includes(known) && upTo.join() === current.loads.join();
	return isSame && (as_of === null || as_of === current.as_of) ? 'current' : null;
}

/**
 * Which results the words `asof` (a day) and `known` (a load) mean: kept ones, or the current ones (null), with what of the words could not be
 * used and why. `standing` are the loads that count now.
 */
export function resultsMeant(
	{ asof, known }: Meant,
	current: { as_of: string; loads: number[] },
	kept: readonly Kept[],
	standing: readonly number[]
): { kept: Kept | null; problems: Problem[] } {
	const problems: Problem[] = [];
	const refuse = (key: 'asof' | 'known', value: string, why: string) => void problems.push({ key, value, why });
	if (asof !== null && !isDay(asof)) refuse('asof', asof, `"${asof}" is no day; write asof=2026-09-30`);
	if (known !== null && !/^[1-9]\d{0,8}$/.test(known))
		refuse('known', known, `"${known}" is no number of a load; write known=7`);
	const as_of = asof !== null && isDay(asof) ? asof : null;
	const load = known !== null && !problems.some(({ key }) => key === 'known') ? Number(known) : null;
	if (as_of === null && load === null) return { kept: null, problems };
	const one = found(as_of, load, current, kept, standing);
	if (one === 'current') return { kept: null, problems };
	if (one) return { kept: one, problems };
	if (load === null)
		refuse('asof', asof!, `No results are kept as of ${as_of}. "${keepCommand({ as_of, known: null })}" keeps them`);
	else if (!standing.includes(load))
		refuse('known', known!, `No load ${load} counts: there is none, or it was rolled back`);
	else
		refuse(
			'known',
			known!,
			`No results are kept of what had been received by load ${load}${as_of ? ` as of ${as_of}` : ''}. "${keepCommand({ as_of, known: load })}" keeps them`
		);
	return { kept: null, problems };
}
