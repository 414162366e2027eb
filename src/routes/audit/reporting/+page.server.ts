import { answer } from '$lib/server/door';
import { reportingChecks } from '$lib/server/report';
import { ask } from '$lib/server/warehouse';
import { auditAsked } from '../asked.server';
import type { PageServerLoad } from './$types';

/** Of the required elements that apply, how many the sessions document; null where hidden. */
type Completeness = { program: string; service_type: string; required: number | null; documented: number | null };

/** The integrity checks of Part D MTM reporting with their share of rows in error on CMS's scale, and how complete sessions are by programme. */
export const load: PageServerLoad = async (event) => {
	const found = await auditAsked(event);
	if (!found) return { ready: false as const };
	const { question, chosen, problems } = found;
	const { home, scope, run } = question;
	const { year } = chosen;
	const [checks, completeness] = await Promise.all([
		answer(() => reportingChecks(home, year, scope)),
		answer(() => ask<Completeness>(home, 'program_completeness', { year }, scope))
	]);
	return { ready: true as const, year, years: found.years, asOf: run.as_of, problems, checks, completeness };
};
