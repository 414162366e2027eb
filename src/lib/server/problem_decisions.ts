import { asc, eq } from 'drizzle-orm';
import { isDismissal, problemKey, subjectOf, wrongUntil, type Dismissal, type ProblemOf } from '$lib/domain/problem';
import type { Viewer } from '$lib/domain/viewer';
import type { Home } from './home';
import { record } from './records/log';
import { records } from './records/open';
import { problem_decision, user } from './records/schema';
import { usage } from './trouble';
import { ask } from './warehouse';

/** A problem that somebody dismissed: who, when (instant, UTC, ISO), why, and the last day it stands (ISO). */
export type Dismissed = ProblemOf & { at: string; by: string; reason: Dismissal; until_on: string };

/** Today by the clock of this machine, UTC, ISO. */
const todayOf = (now: number) => new Date(now).toISOString().slice(0, 10);

/** The problems that are dismissed on a day, by their keys: of each problem its latest decision counts, until its last day is over. */
export async function dismissedProblems(home: Home, now = Date.now()): Promise<Map<string, Dismissed>> {
	const decisions = await (
		await records(home)
	)
		.select({
			at: problem_decision.at,
			by: user.name,
			pid: problem_decision.patient,
			list: problem_decision.list,
			subject: problem_decision.subject,
			decision: problem_decision.decision,
			reason: problem_decision.reason,
			until_on: problem_decision.until_on
		})
		.from(problem_decision)
		.leftJoin(user, eq(user.id, problem_decision.by))
		.orderBy(asc(problem_decision.seq));
	const standing = new Map<string, Dismissed>();
	const today = todayOf(now);
	for (const { decision, reason, until_on, by, ...one } of decisions) {
		const key = problemKey(one);
		standing.delete(key);
		if (decision === 'dismissed' && until_on !== null && until_on >= today && reason !== null && isDismissal(reason))
			standing.set(key, { ...one, by: by ?? 'a user who is gone', reason, until_on });
	}
	return standing;
}

/** The patient's row of that problem, for who may see it; exit 1 when the claims do not show it (any more) or the patient is not theirs. */
async function problemThere(home: Home, viewer: Viewer, problem: ProblemOf): Promise<void> {
	const [key] = await ask<{ patient_no: number }>(home, 'patient_key', { pid: problem.pid }, viewer.scope);
	const rows = key
		? await ask<{ list: string; subject: string | null; measure: string | null }>(
				home,
				'patient_lists',
				{ patient_no: key.patient_no },
				viewer.scope
			)
		: [];
	if (!rows.some((row) => row.list === problem.list && subjectOf(row) === problem.subject))
		throw usage(
			'Claims show no such problem of a patient of yours; newer results may have closed it. Nothing was changed. Reload the list.'
		);
}

/**
 * Dismisses a problem until the end of a day, for a reason of the list. It stands in the access log first. Exit 1 for an unknown reason, a day that is
 * past, none or more than a year away, and for a problem that claims do not show to this viewer.
 */
export async function dismissProblem(
	home: Home,
	viewer: Viewer,
	given: ProblemOf & { reason: string; until_on: string },
	now = Date.now()
): Promise<void> {
	const { reason, until_on, ...problem } = given;
	if (!isDismissal(reason)) throw usage('Choose one of the reasons. Nothing was changed.');
	const wrong = wrongUntil(until_on, todayOf(now));
	if (wrong) throw usage(`The problem was not dismissed: ${wrong}. Nothing was changed.`);
	await problemThere(home, viewer, problem);
	await decide(home, viewer, 'problem_dismissed', problem, { reason, until_on }, now);
}

/** Takes a dismissal back, so that the problem is open again; it stands in the access log first. Exit 1 when it is not dismissed. */
export async function reopenProblem(home: Home, viewer: Viewer, problem: ProblemOf, now = Date.now()): Promise<void> {
	await problemThere(home, viewer, problem);
	if (!(await dismissedProblems(home, now)).has(problemKey(problem)))
		throw usage('The problem is not dismissed (any more). Nothing was changed.');
	await decide(home, viewer, 'problem_reopened', problem, null, now);
}

async function decide(
	home: Home,
	viewer: Viewer,
	kind: 'problem_dismissed' | 'problem_reopened',
	{ pid, list, subject }: ProblemOf,
	dismissed: { reason: Dismissal; until_on: string } | null,
	now: number
): Promise<void> {
	await record(home, {
		kind,
		by: viewer.user.id,
		session: viewer.session,
		patient: pid,
		reason: dismissed?.reason,
		detail: { list, subject, ...(dismissed ? { until_on: dismissed.until_on } : {}) }
	});
	await (await records(home)).insert(problem_decision).values({
		at: new Date(now).toISOString(),
		by: viewer.user.id,
		patient: pid,
		list,
		subject,
		decision: dismissed ? 'dismissed' : 'reopened',
		reason: dismissed?.reason ?? null,
		until_on: dismissed?.until_on ?? null
	});
}
