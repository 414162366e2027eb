import { asc, eq, isNotNull } from 'drizzle-orm';
import {
	annotationProblem,
	annotationsOn,
	covers,
	everybody,
	groupKey,
	personal,
	readGroup,
	type Annotation,
	type GivenAnnotation,
	type Group,
	type ShownAnnotation,
	type TimeChart
} from '$lib/domain/annotation';
import type { Viewer } from '$lib/domain/viewer';
import type { Home } from './home';
import { namesPatient } from './people_named';
import { record } from './records/log';
import { records } from './records/open';
import { annotation, user } from './records/schema';
import { usage } from './trouble';
import { ask, measures } from './warehouse';

/** A group that an annotation may be about, as a word of a form and in words. */
export type GroupChoice = { key: string; label: string };

const programs = { part_d: 'Part D', medicaid: 'Medicaid', commercial: 'commercial', other: 'other' };
const kinds = { plan: 'plan', contract: 'contract', pharm: 'pharmacy' } as const;

/** Every group that this viewer may write about: those that the view covers whole, everybody first. */
export async function groupChoices(home: Home, { scope }: Viewer, year: number): Promise<GroupChoice[]> {
	const chosen = [...(scope.limits.pharmacies ?? []), ...(scope.limits.plans ?? []), ...(scope.limits.contracts ?? [])];
	const [options, plans] = await Promise.all([
		ask<{ key: string; value: string; label: string }>(home, 'filter_options', { year, chosen }, scope),
		ask<{ value: string }>(home, 'hospital_plans', { year }, scope)
	]);
	const insured = plans.filter(({ value }) => !options.some((one) => one.key === 'plan' && one.value === value));
	const groups: [Group, string][] = [
		[everybody, 'Everybody'],
		...Object.entries(programs).map(([value, label]): [Group, string] => [
			{ kind: 'program', value },
			`Programme: ${label}`
		]),
		...insured.map(({ value }): [Group, string] => [{ kind: 'plan', value }, `Plan: ${value}`]),
		...options.flatMap(({ key, value, label }): [Group, string][] => {
			const kind = Object.hasOwn(kinds, key) ? kinds[key as keyof typeof kinds] : null;
			return kind ? [[{ kind, value }, `${kind[0]!.toUpperCase()}${kind.slice(1)}: ${label}`]] : [];
		})
	];
	return groups
		.filter(([group]) => covers(scope.limits, group))
		.map(([group, label]) => ({ key: groupKey(group), label }));
}

/** The annotations that stand and that this viewer's limits cover, by day; each group named as `choices` name it. */
export async function annotations(home: Home, { scope }: Viewer, choices: GroupChoice[]): Promise<Annotation[]> {
	const database = await records(home);
	const gone = new Set(
		(await database.select({ seq: annotation.removes }).from(annotation).where(isNotNull(annotation.removes))).map(
			({ seq }) => seq
		)
	);
	const rows = await database
		.select({ note: annotation, by: user.name })
		.from(annotation)
		.leftJoin(user, eq(user.id, annotation.by))
		.orderBy(asc(annotation.on_day), asc(annotation.seq));
	return rows.flatMap(({ note, by }) => {
		if (note.removes !== null || gone.has(note.seq)) return [];
		const group: Group = { kind: note.group_kind!, value: note.group_value! };
		if (!covers(scope.limits, group)) return [];
		const key = groupKey(group);
		return [
			{
				id: note.seq,
				on_day: note.on_day!,
				group,
				about: choices.find((one) => one.key === key)?.label ?? group.value,
				measure: note.measure,
				words: note.words!,
				begins_level: note.begins_level!,
				by: by ?? 'a user who is gone',
				at: note.at
			}
		];
	});
}

/** What a page shows of a chart's annotations: those on it, and what a form to add one offers (nobody to write about: no form). */
export type ChartAnnotations = { shown: ShownAnnotation[]; groups: GroupChoice[] };

/** The annotations of one chart for this viewer, with the groups to write about, those of the chart first. */
export async function annotatedChart(
	home: Home,
	viewer: Viewer,
	chart: TimeChart,
	year: number
): Promise<ChartAnnotations> {
	const choices = await groupChoices(home, viewer, year);
	const own = new Set(chart.groups.map(groupKey));
	return {
		shown: annotationsOn(chart, await annotations(home, viewer, choices)),
		groups: viewer.can('annotate')
			? [...choices.filter(({ key }) => own.has(key)), ...choices.filter(({ key }) => !own.has(key))]
			: []
	};
}

const nothing = 'Nothing was kept.';

/**
 * Keeps an annotation; it stands in the access log first, without its words. Exit 1 for a day or words that cannot be kept, words that hold a name or an
 * id of a patient of this viewer, a measure that is not known, and a group that the view does not cover whole.
 */
export async function annotate(
	home: Home,
	viewer: Viewer,
	given: GivenAnnotation,
	year: number,
	now = Date.now()
): Promise<void> {
	const at = new Date(now).toISOString();
	const wrong = annotationProblem(given, at.slice(0, 10));
	if (wrong) throw usage(`${wrong} ${nothing}`);
	const group = readGroup(given.group);
	const choices = await groupChoices(home, viewer, year);
	if (!group || !choices.some(({ key }) => key === given.group))
		throw usage(`Choose one of the groups: whom is it about? ${nothing}`);
	const measure = given.measure || null;
	if (measure !== null && !(await measures(home, viewer.scope)).some((one) => one.id === measure))
		throw usage(`There is no measure "${measure}". ${nothing}`);
	const who = { by: viewer.user.id, session: viewer.session };
	if (await namesPatient(home, viewer, given.words)) {
		await record(home, { kind: 'refused', ...who, detail: { annotation: 'words that name a person' } });
		throw usage(`${personal} ${nothing}`);
	}
	const { on_day, begins_level } = given;
	await record(home, {
		kind: 'annotation_added',
		...who,
		detail: { on_day, group: given.group, ...(measure ? { measure } : {}) }
	});
	await (await records(home)).insert(annotation).values({
		at,
		by: viewer.user.id,
		on_day,
		group_kind: group.kind,
		group_value: group.value,
		measure,
		words: given.words.trim(),
		begins_level
	});
}

/** Takes an annotation back by a further row; it stands in the access log first. Exit 1 when it is not there (any more) for this viewer. */
export async function removeAnnotation(home: Home, viewer: Viewer, id: number, now = Date.now()): Promise<void> {
	const gone = usage(`There is no such annotation (any more). Nothing was changed. Reload the page.`);
	if (!(await annotations(home, viewer, [])).some((one) => one.id === id)) throw gone;
	await record(home, {
		kind: 'annotation_removed',
		by: viewer.user.id,
		session: viewer.session,
		detail: { annotation: id }
	});
	const database = await records(home);
	const kept = await database
		.insert(annotation)
		.values({ at: new Date(now).toISOString(), by: viewer.user.id, removes: id })
		.onConflictDoNothing()
		.returning({ seq: annotation.seq });
	if (!kept.length) throw gone;
}
