import { errorScale } from '$lib/domain/audit';
import { answer } from '$lib/server/door';
import { editCounts, type Edit } from '$lib/server/report';
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
		answer(async () => {
			const rows = await ask<{ contract_id: string | null; rows: number }>(home, 'beneficiary_rows', { year }, scope);
			const all = rows.reduce((sum, row) => sum + row.rows, 0);
			if (all === 0) return { rows: 0, contracts: 0, edits: [] };
			const edits = editCounts(await ask<Edit>(home, 'beneficiary_edits', { year }, scope));
			return {
				rows: all,
				contracts: rows.length,
				edits: edits.map((edit) => ({ ...edit, share: edit.rows / all, score: errorScale(edit.rows, all) }))
			};
		}),
		answer(() => ask<Completeness>(home, 'program_completeness', { year }, scope))
	]);
	return { ready: true as const, year, years: found.years, asOf: run.as_of, problems, checks, completeness };
};
