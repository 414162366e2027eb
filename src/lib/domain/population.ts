/** Values to keep and values to leave out of one field; both empty means no filter. */
export type Pick = { in: string[]; out: string[] };
/** A range with both ends included; null means open. */
export type Range<T> = { from: T | null; to: T | null };

/** Which of a measure's patients are meant: the filters of the address bar. */
export type Population = {
	plan: Pick;
	contract: Pick;
	pharm: Pick;
	presc: Pick;
	age: Pick;
	sex: Pick;
	zip3: Pick;
	lang: Pick;
	status: Pick;
	/** PDC to date in percent. */
	pdc: Range<number>;
	/** Allowable days remaining. */
	adr: Range<number>;
	/** Days late. */
	late: Range<number>;
	/** Last impactable date. */
	lid: Range<string>;
	/** Only those in the denominator (yes), only those left out (no), or both (null). */
	counted: boolean | null;
};

export const pickKeys = ['plan', 'contract', 'pharm', 'presc', 'age', 'sex', 'zip3', 'lang', 'status'] as const;
export const numberKeys = ['pdc', 'adr', 'late'] as const;
export type PickKey = (typeof pickKeys)[number];
export type NumberKey = (typeof numberKeys)[number];
export type PopulationKey = PickKey | NumberKey | 'lid' | 'counted';

export const populationKeys: readonly PopulationKey[] = [...pickKeys, ...numberKeys, 'lid', 'counted'];

/** Age bands, by age on the as-of day. */
export const ageBands = ['0-17', '18-44', '45-64', '65-74', '75-84', '85+'] as const;

/** The statuses of an adherence row, in the order in which they are tested. */
export const statuses = [
	'excluded',
	'not_yet_in_measure',
	'secured',
	'lost',
	'last_chance',
	'overdue',
	'due_soon',
	'on_track'
] as const;
export type Status = (typeof statuses)[number];

/** A part of the address that could not be used, and why. */
export type Problem = { key: string; value: string; why: string };

/** A reader of words that each take one of some values; another value is a problem ("there is no WHAT VALUE", or what a function says), and chooses nothing. */
export const readerOf =
	(words: URLSearchParams, problems: Problem[]) =>
	<T extends string>(key: string, all: readonly T[], what: string | ((value: string) => string)): T | null => {
		const value = words.get(key);
		if (value === null || (all as readonly string[]).includes(value)) return value as T | null;
		problems.push({ key, value, why: typeof what === 'string' ? `there is no ${what} "${value}"` : what(value) });
		return null;
	};

/** Everyone: no filter at all. */
export const anyone = (): Population => ({
	...(Object.fromEntries(pickKeys.map((key) => [key, { in: [], out: [] }])) as unknown as Record<PickKey, Pick>),
	pdc: { from: null, to: null },
	adr: { from: null, to: null },
	late: { from: null, to: null },
	lid: { from: null, to: null },
	counted: null
});

/** True for a range of PDC whose ends stand on steps of five points (or just below one, as 79.99): finer ones would tell persons apart. */
export const isInSteps = ({ from, to }: Range<number>): boolean =>
	[from, to].every((at) => at === null || Math.abs(at - Math.round(at / 5) * 5) < 0.011);

const day = /^\d{4}-\d{2}-\d{2}$/;

/** True for a calendar day written YYYY-MM-DD that exists. */
export function isDay(text: string): boolean {
	if (!day.test(text)) return false;
	const at = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

function range<T>(text: string, read: (part: string) => T | undefined): Range<T> | undefined {
	const dots = text.indexOf('..');
	const parts = dots < 0 ? [text, text] : [text.slice(0, dots), text.slice(dots + 2)];
	const [from, to] = parts.map((part) => (part.trim() === '' ? null : read(part.trim())));
	if (from === undefined || to === undefined || (from === null && to === null)) return undefined;
	return { from: from as T | null, to: to as T | null };
}

const readNumber = (part: string) => (/^-?\d+(\.\d+)?$/.test(part) ? Number(part) : undefined);
const readDay = (part: string) => (isDay(part) ? part : undefined);

/** Splits a comma list; a comma inside a value is written twice. */
const split = (text: string) =>
	text
		.split(/(?<!,),(?!,)/)
		.map((part) => part.replaceAll(',,', ',').trim())
		.filter((part) => part !== '');

/**
 * The population that an address (or `--filter k=v` words) asks for, with what could not be understood.
 * Lists are comma separated, `!` before a value leaves it out; ranges are `lo..hi` with either end open; days are ISO.
 */
export function readPopulation(words: URLSearchParams): { population: Population; problems: Problem[] } {
	const population = anyone();
	const problems: Problem[] = [];
	for (const key of pickKeys)
		for (const text of words.getAll(key))
			for (const part of split(text)) {
				const out = part.startsWith('!');
				const value = out ? part.slice(1) : part;
				const known =
					key === 'status'
						? (statuses as readonly string[]).includes(value.replaceAll('-', '_'))
						: key === 'age'
							? (ageBands as readonly string[]).includes(value)
							: value !== '';
				if (!known) problems.push({ key, value: part, why: `"${part}" is no ${key} that exists` });
				else
					(out ? population[key].out : population[key].in).push(key === 'status' ? value.replaceAll('-', '_') : value);
			}
	for (const key of numberKeys)
		for (const text of words.getAll(key)) {
			if (text.trim() === '' || text.trim() === '..') continue;
			const found = range(text, readNumber);
			if (found) population[key] = found;
			else problems.push({ key, value: text, why: `"${text}" is no range; write it as 0..7` });
		}
	for (const text of words.getAll('lid')) {
		if (text.trim() === '' || text.trim() === '..') continue;
		const found = range(text, readDay);
		if (found) population.lid = found;
		else
			problems.push({
				key: 'lid',
				value: text,
				why: `"${text}" is no range of days; write it as 2026-10-01..2026-10-07`
			});
	}
	for (const text of words.getAll('counted')) {
		if (text === 'yes' || text === 'no') population.counted = text === 'yes';
		else if (text !== '') problems.push({ key: 'counted', value: text, why: `"${text}" is neither yes nor no` });
	}
	return { population, problems };
}

/** The words of the address for a population, in a fixed order; empty for everyone. */
export function writePopulation(population: Population): URLSearchParams {
	const words = new URLSearchParams();
	const safe = (value: string) => value.replaceAll(',', ',,');
	for (const key of pickKeys) {
		const { in: kept, out } = population[key];
		const all = [...kept.map(safe), ...out.map((value) => `!${safe(value)}`)];
		if (all.length) words.set(key, all.join(','));
	}
	for (const key of [...numberKeys, 'lid'] as const) {
		const { from, to } = population[key];
		if (from !== null || to !== null) words.set(key, `${from ?? ''}..${to ?? ''}`);
	}
	if (population.counted !== null) words.set('counted', population.counted ? 'yes' : 'no');
	return words;
}
