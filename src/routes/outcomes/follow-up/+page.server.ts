import type { Cell, Released } from '$lib/domain/hidden';
import { seesDays } from '$lib/domain/scope';
import { identifiersFor } from '$lib/domain/viewer';
import { answer, asked } from '$lib/server/door';
import { followUpOf, followUpSpans } from '$lib/server/follow_up';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import type { PageServerLoad } from './$types';

/** A row of the panel `follow_up`. */
export type FollowUpRow = {
	pid: string;
	patient_id: string | null;
	first_name: string | null;
	last_name: string | null;
	phone: string | null;
	best_time: string | null;
	age: number | string | null;
	plan: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	since_on: string | number | null;
	due_on: string | null;
	reason: string | null;
	evidence: string | null;
};

const pageRows = 100;

/** Who to look at after hospital care: one list at a time, with reason, evidence and due day. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const question = await asked(event, 'see_patients');
	if (!question) return { ready: false as const };
	const { home, viewer, scope, run } = question;
	const { lists, list, since, ...found } = followUpOf(question, url.searchParams);
	const problems = [...question.problems, ...found.problems];
	const [sizes, loaded] = await Promise.all([
		answer(() =>
			ask<Released & { list: string; patients: Cell; recent: Cell }>(home, 'follow_up_sizes', { within: since }, scope)
		),
		answer(async () => (await ask<{ has_care: boolean }>(home, 'hospital_loaded', {}, scope))[0]!)
	]);
	const size = sizes.value?.find((one) => one.list === list.id);
	const last = Math.max(1, Math.ceil((size?.recent ?? 0) / pageRows));
	const page = Math.min(last, Math.max(1, Math.floor(Number(url.searchParams.get('page') ?? '1')) || 1));
	const rows = await answer(async () => {
		const shown = await ask<FollowUpRow>(
			home,
			'follow_up',
			{ list: list.id, within: since, first: (page - 1) * pageRows, rows: pageRows },
			scope
		);
		await listSeen(question, 'follow-up', shown, { list: list.id, page });
		return shown;
	});
	return {
		ready: true as const,
		asOf: run.as_of,
		problems,
		hasCare: loaded.value?.has_care !== false,
		list: { ...list, sql: undefined },
		lists: lists.map(({ id, title }) => {
			const own = sizes.value?.find((one) => one.list === id);
			return { id, title, size: own ?? { patients: 0, recent: 0 } };
		}),
		size: size ?? { patients: 0, recent: 0 },
		since,
		spans: followUpSpans,
		rows,
		page,
		pageRows,
		named: scope.phi === 'P3',
		days: seesDays(scope),
		identifiers: identifiersFor(viewer)
	};
};
