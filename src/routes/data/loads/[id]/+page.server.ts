import { error } from '@sveltejs/kit';
import { answer, theHome, viewerWho } from '$lib/server/door';
import { unmappedGroups } from '$lib/server/ecareplan/listing';
import { readLoads, type Warning } from '$lib/server/load/manifest';
import { rejectedRows } from '$lib/server/load/reject';
import type { PageServerLoad } from './$types';

/** One rule that spoke in one file. */
export type RuleRow = Warning & { file: string; kind: 'rejected' | 'warned'; percent: number | null };

/** Rejected rows shown on the page; the download has all. */
const shownRejects = 200;
/** Care plans shown on the page; they come by the thousand. */
const shownPlans = 200;

export const load: PageServerLoad = async (event) => {
	const { params } = event;
	viewerWho('see_loads', event);
	const loads = readLoads(theHome());
	const found = loads.find((one) => String(one.load_id) === params.id);
	if (!found) error(404, 'There is no such load.');
	const files = found.files.map((file) => ({
		name: file.name,
		table: file.table,
		layout: file.layout,
		sources: Object.keys(file.sources).join(', ') || file.data_source,
		sha256: file.sha256,
		read: file.read,
		loaded: file.loaded,
		rejected: file.rejected,
		duplicate: file.duplicate,
		ignored: file.ignored,
		from: file.from,
		to: file.to,
		unknown_columns: file.unknown_columns,
		reconciles: file.read === file.loaded + file.rejected + file.duplicate + file.ignored
	}));
	const rules: RuleRow[] = found.files.flatMap((file) =>
		[
			...file.rejects.map((rule) => ({ ...rule, kind: 'rejected' as const })),
			...file.warnings.map((rule) => ({ ...rule, kind: 'warned' as const }))
		].map((rule) => ({ ...rule, file: file.name, percent: file.read ? rule.rows / file.read : null }))
	);
	const rejects = await answer(async () =>
		// The text of the rows stays out of the page.
		(await rejectedRows(theHome(), found.load_id, shownRejects)).map(({ raw: _, ...row }) => row)
	);
	const plans = found.plans ?? [];
	const unmapped = plans.length ? await answer(() => unmappedGroups(theHome(), found.load_id)) : null;
	return {
		plans: {
			files: plans.length,
			resources: plans.reduce((total, plan) => total + plan.resources, 0),
			shown: [...plans].sort((a, b) => b.rejected - a.rejected).slice(0, shownPlans)
		},
		unmapped,
		rejects,
		load: {
			load_id: found.load_id,
			loaded_at: found.loaded_at,
			by: found.by,
			state: found.state,
			rolled_back_at: found.rolled_back_at ?? null,
			rolled_back_by: found.rolled_back_by ?? null,
			append: found.append,
			version: found.version,
			vanished: found.vanished ?? []
		},
		files,
		rules,
		previous: loads.filter((one) => one.load_id < found.load_id).at(-1)?.load_id ?? null,
		next: loads.find((one) => one.load_id > found.load_id)?.load_id ?? null
	};
};
