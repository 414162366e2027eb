import type { Step } from './control_chart';
import { looksPersonal } from './personal_words';
import { isDay, type Population } from './population';
import { limitKeys, type Limits } from './scope';

/** The groups that an annotation can be about, each with the limit of a user by the same. */
export const groupLimits = {
	pharmacy: 'pharmacies',
	plan: 'plans',
	contract: 'contracts',
	program: 'programs'
} as const satisfies Record<string, keyof Limits>;
type GroupKind = keyof typeof groupLimits;

/** Whom an annotation is about: everybody (the value is empty then), or one pharmacy (NPI), plan, contract or programme. */
export type Group = { kind: 'all' | GroupKind; value: string };
export const everybody: Group = { kind: 'all', value: '' };

/** A dated note on charts over time, as it stands. */
export type Annotation = {
	id: number;
	/** The day of what is noted, ISO. */
	on_day: string;
	group: Group;
	/** The group in words. */
	about: string;
	/** null for every measure. */
	measure: string | null;
	words: string;
	/** A new level of a control chart begins in the month of the day. */
	begins_level: boolean;
	by: string;
	/** The instant it was written, UTC, ISO. */
	at: string;
};

/** What a form says of an annotation to be added; `group` as `groupKey` writes it, `measure` empty for every measure. */
export type GivenAnnotation = { on_day: string; group: string; measure: string; words: string; begins_level: boolean };

/** A group as one word of a form: "all", "plan:PLAN A". */
export const groupKey = ({ kind, value }: Group): string => (kind === 'all' ? 'all' : `${kind}:${value}`);

/** The group that a word of a form names; null when it names none. */
export function readGroup(key: string): Group | null {
	if (key === 'all') return everybody;
	const [, kind, value] = /^(\w+):(.+)$/s.exec(key) ?? [];
	return kind !== undefined && value !== undefined && Object.hasOwn(groupLimits, kind)
		? { kind: kind as GroupKind, value }
		: null;
}

/** True when a view limited so sees all patients that the group has: only then are its annotations seen and written. */
export const covers = (limits: Limits, { kind, value }: Group): boolean =>
	limitKeys.every(
		(key) => limits[key] === null || (kind !== 'all' && groupLimits[kind] === key && limits[key].includes(value))
	);

/** A chart over time: its measure, the groups that all its people belong to, and whether filters leave people out. */
export type TimeChart = { measure: string; groups: Group[]; isNarrowed: boolean };

/** The chart of a measure for a population and a view: filters and limits that name one pharmacy, plan, contract or programme say which groups its people belong to. */
export function timeChart(measure: string, population: Population, limits: Limits): TimeChart {
	const picks = [
		['pharmacy', population.pharm],
		['plan', population.plan],
		['contract', population.contract]
	] as const;
	const groups: Group[] = picks.flatMap(([kind, pick]) =>
		pick.in.length === 1 && !pick.out.length ? [{ kind, value: pick.in[0]! }] : []
	);
	for (const [kind, key] of Object.entries(groupLimits) as [GroupKind, keyof Limits][])
		if (limits[key]?.length === 1) groups.push({ kind, value: limits[key][0]! });
	const isPicked = Object.values(population).some((one) =>
		typeof one === 'object' && one !== null
			? 'in' in one
				? one.in.length + one.out.length > 0
				: one.from !== null || one.to !== null
			: one !== null
	);
	return { measure, groups, isNarrowed: isPicked };
}

/** An annotation on a chart; `isWhole` when it is about all people of the chart, so that it may begin a level there. */
export type ShownAnnotation = Annotation & { isWhole: boolean };

/** The annotations that a chart shows: of its measure or all, about all its people or, when no filter leaves people out, about some. */
export function annotationsOn(chart: TimeChart, all: Annotation[]): ShownAnnotation[] {
	return all.flatMap((one) => {
		if (one.measure !== null && one.measure !== chart.measure) return [];
		const isWhole = one.group.kind === 'all' || chart.groups.some((group) => groupKey(group) === groupKey(one.group));
		return isWhole || !chart.isNarrowed ? [{ ...one, isWhole }] : [];
	});
}

/** A numbered flag on a chart: an annotation and the period it stands at. */
export type Flag = { number: number; at: number; annotation: ShownAnnotation };

/** The flags of a chart by month, numbered by day; `months` are its labels ("2026-03"). Annotations of other months have none. */
export const flagsOf = (annotations: ShownAnnotation[], months: string[]): Flag[] =>
	annotations
		.map((annotation) => ({ annotation, at: months.indexOf(annotation.on_day.slice(0, 7)) }))
		.filter(({ at }) => at >= 0)
		.sort(
			({ annotation: a }, { annotation: b }) =>
				(a.on_day === b.on_day ? 0 : a.on_day < b.on_day ? -1 : 1) || a.id - b.id
		)
		.map((flag, place) => ({ number: place + 1, ...flag }));

/** Where levels of a control chart begin: at the flags that say so and are about all people of the chart. */
export const levelsOf = (flags: Flag[]): Step[] =>
	flags
		.filter(({ annotation }) => annotation.begins_level && annotation.isWhole)
		.map(({ annotation }) => ({ from: annotation.on_day.slice(0, 7), because: annotation.words }));

const most = 200;

/** What is wrong with an annotation, in words; null for one that can be kept. `today` ISO: an annotation is of the past, today or the year to come. */
export function annotationProblem({ on_day, words }: GivenAnnotation, today: string): string | null {
	const said = words.trim();
	if (!isDay(on_day)) return `"${on_day}" is no day. Write the day of what happened as 2026-03-31.`;
	const lastDay = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
	if (on_day > lastDay || on_day < '1990-01-01') return 'The day must be after 1990 and a year ahead at most.';
	if (said.length < 3) return 'Say in a few words what happened.';
	if (said.length > most) return `An annotation has ${most} characters at most; this has ${said.length}.`;
	if (/\p{Cc}/u.test(said)) return 'Write it in one line.';
	if (looksPersonal(said)) return personal;
	return null;
}

/** What is said of words that look as if they told of a person. */
export const personal =
	'This looks as if it held a name, an id, a phone number or a date of birth. Say what changed, never whom: everybody who sees the chart reads it. The day has its own field.';
