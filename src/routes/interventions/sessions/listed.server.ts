import type { Problem } from '$lib/domain/population';
import { identifiersFor } from '$lib/domain/viewer';
import type { Request } from '$lib/server/door';
import { mtmAsked, opened, type MtmAsked } from '../asked.server';

const pageRows = 50;

/** What words of an address choose, as a panel takes it and in words, and what of them is not known. */
type Read = { chosen: Record<string, string | boolean | null>; words: string; problems: Problem[] };

/** The rows of a year that a number of another page counts: those of a panel that `read` finds in the address. */
export async function listed<Row extends { pid: string; rows_in_all: number }>(
	event: Request,
	panel: string,
	view: string,
	read: (found: MtmAsked) => Read | Promise<Read>
) {
	const found = await mtmAsked(event, 'see_patients', 'reviews', 'patients');
	if (!found) return { ready: false as const };
	const { question, chosen, options, loaded } = found;
	const { viewer, scope, run, year } = question;
	const asked = await read(found);
	return {
		ready: true as const,
		year,
		asOf: run.as_of,
		problems: [...found.problems, ...asked.problems],
		options,
		loaded,
		words: asked.words,
		shown: await opened<Row>(question, event.url, panel, { ...chosen, ...asked.chosen }, view, pageRows),
		named: scope.phi === 'P3',
		identifiers: identifiersFor(viewer)
	};
}
