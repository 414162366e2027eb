import { redirect } from '@sveltejs/kit';
import { here } from '$lib/domain/address';
import { lackOf, listAsked, problemKey, subjectOf, type ProblemYield } from '$lib/domain/problem';
import { codesOf } from '$lib/domain/recommendation';
import { seesDays } from '$lib/domain/scope';
import { identifiersFor } from '$lib/domain/viewer';
import { answer, notHere, refuseOld, theHome, viewerWho } from '$lib/server/door';
import { dismissedProblems, dismissProblem, reopenProblem } from '$lib/server/problem_decisions';
import { reviewLists } from '$lib/server/review_lists';
import { listSeen } from '$lib/server/seen';
import { attempt, field } from '$lib/server/sign_in/form';
import { ask } from '$lib/server/warehouse';
import { mtmAsked, opens, pageOf } from '../asked.server';
import type { DocumentedRow, ProblemRow, ReasonRow, Unlisted } from './problem_row';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const pageRows = 25;

/** The problems that claims show, list by list: how each stands, what its list brought, and everybody with an open reason, once. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const found = await mtmAsked(event, 'see_totals', 'reviews', 'counts');
	if (!found) return { ready: false as const };
	const { question, problems, options } = found;
	const { home, viewer, scope, run } = question;
	const dismissed = await dismissedProblems(home);
	const chosen = { only: found.chosen.only, never: found.chosen.never };
	const asking = { ...chosen, dismissed: [...dismissed.keys()] };
	const seesRows = viewer.can('see_patients') && scope.phi !== 'P0';
	const by = url.searchParams.get('by') === 'patient' ? ('patient' as const) : ('list' as const);

	const cards = reviewLists('all');
	const wanted = (url.searchParams.get('list') ?? '').split(',').filter(Boolean);
	const known = wanted.filter((id) => cards.some((card) => card.id === id));
	for (const id of wanted.filter((one) => !known.includes(one)))
		problems.push({ key: 'list', value: id, why: `there is no list "${id}"` });
	const state = url.searchParams.get('state');
	const asked = listAsked(state);
	if (state !== null && !asked) problems.push({ key: 'state', value: state, why: `there is no state "${state}"` });
	const one = by === 'list' ? (known[0] ?? null) : null;
	const lists = known.length ? known : null;
	if (state !== null && asked?.documented && !one)
		problems.push({ key: 'state', value: state, why: 'what is documented only is of one list: choose a list' });
	const word = url.searchParams.get('unlisted');
	if (word !== null && (one || by === 'patient'))
		problems.push({ key: 'unlisted', value: word, why: 'what no list looks for stands beside the lists, not in one' });

	const [yields, unlisted, reached] = await Promise.all([
		answer(() => ask<ProblemYield>(home, 'problem_yield', asking, scope)),
		answer(() => ask<Unlisted>(home, 'problem_unlisted', chosen, scope)),
		answer(
			async () =>
				(
					await ask<{ patients: number | null; reasons: number | null }>(
						home,
						'patients_with_reasons_found',
						{ ...asking, lists },
						scope
					)
				)[0]!
		)
	]);
	const isProblem =
		word !== null &&
		(codesOf('problem').includes(word) || (unlisted.value?.some((row) => row.problem === word) ?? true));
	if (word !== null && !isProblem)
		problems.push({ key: 'unlisted', value: word, why: `no recommendation is about a problem "${word}"` });
	const unlistedProblem = by === 'list' && !one && isProblem ? word : null;
	const { shown, documented: documentedState } = (one && asked) || listAsked(null)!;
	const shownState = shown === 'all' ? null : shown;
	const counted = yields.value?.find((row) => row.list === one);
	/** Rows of what claims show, or of people, and of what is documented only. */
	const total = (one ? shown && counted?.[shownState ?? 'shown'] : reached.value?.patients) ?? 0;
	const documentedTotal =
		(unlistedProblem
			? unlisted.value?.find((row) => row.problem === unlistedProblem)?.recommendations
			: documentedState && counted?.[documentedState === 'resolved' ? 'not_shown_resolved' : 'not_shown']) ?? 0;
	const page = pageOf(url, pageRows, unlistedProblem ? documentedTotal : Math.max(total, documentedTotal));
	const part = { first: (page - 1) * pageRows, rows: pageRows };
	const rows = await answer(async () => {
		if (!one || !seesRows || !shown) return null;
		const listed = await ask<ProblemRow>(home, 'problems', { ...asking, list: one, state: shownState, ...part }, scope);
		await listSeen(question, `problems: ${one}`, listed);
		return listed.map((row) => ({
			...row,
			decision: dismissed.get(problemKey({ ...row, subject: subjectOf(row) })) ?? null
		}));
	});
	const documented = await answer(async () => {
		if (!opens(question) || !(documentedState || unlistedProblem)) return null;
		const listed = await ask<DocumentedRow>(
			home,
			'problems_documented',
			{
				...chosen,
				list: one,
				resolved: documentedState === 'resolved' ? true : null,
				problem: unlistedProblem,
				...part
			},
			scope
		);
		await listSeen(question, `problems documented: ${one ?? unlistedProblem}`, listed);
		return listed;
	});
	const people = await answer(async () => {
		if (by !== 'patient' || !seesRows) return null;
		const shown = await ask<ReasonRow>(home, 'patients_with_reasons', { ...asking, lists, ...part }, scope);
		await listSeen(question, 'patients with reasons', shown);
		return shown;
	});
	const tables = { ...found.loaded, has_mtm_enrollment: found.loaded.has_enrollments };
	const order = new Map(cards.map((card, at) => [card.id, at]));
	return {
		ready: true as const,
		asOf: run.as_of,
		problems,
		options,
		by,
		state: one && asked ? state : null,
		shown,
		card: cards.find((card) => card.id === one) ?? null,
		chosenLists: known,
		lists: cards.map(({ id, title, needs }) => ({ id, title, lack: lackOf(needs, tables) })),
		yields: {
			...yields,
			value: yields.value?.toSorted((a, b) => (order.get(a.list) ?? 99) - (order.get(b.list) ?? 99)) ?? null
		},
		unlisted,
		reached,
		rows,
		documented,
		documentedState,
		unlistedProblem,
		people,
		page,
		pageRows,
		total,
		documentedTotal,
		opens: opens(question),
		dismisses: viewer.can('dismiss_problems'),
		today: new Date().toISOString().slice(0, 10),
		named: scope.phi === 'P3',
		days: seesDays(scope),
		identifiers: identifiersFor(viewer)
	};
};

/** Reads which problem a form is about, does the deed, and leads back to the same page; what its sender can mend comes back in words. */
async function decided(
	event: RequestEvent,
	deed: (
		viewer: ReturnType<typeof viewerWho>,
		problem: { pid: string; list: string; subject: string },
		form: FormData
	) => Promise<void>
) {
	const viewer = viewerWho('dismiss_problems', event);
	const form = await event.request.formData();
	const problem = { pid: field(form, 'pid'), list: field(form, 'list'), subject: field(form, 'subject') };
	if (!/^[0-9a-z]{10}$/.test(problem.pid)) notHere();
	const tried = await attempt(async () => {
		await refuseOld(event);
		await deed(viewer, problem, form);
	}, problem);
	if (!('done' in tried)) return tried;
	const back = new URL(event.url);
	for (const key of [...back.searchParams.keys()]) if (key.startsWith('/')) back.searchParams.delete(key);
	redirect(303, here(back, { page: back.searchParams.get('page') }));
}

export const actions: Actions = {
	dismiss: (event) =>
		decided(event, (viewer, problem, form) =>
			dismissProblem(theHome(), viewer, {
				...problem,
				reason: field(form, 'reason'),
				until_on: field(form, 'until_on')
			})
		),
	reopen: (event) => decided(event, (viewer, problem) => reopenProblem(theHome(), viewer, problem))
};
