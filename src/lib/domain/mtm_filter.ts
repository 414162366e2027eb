import { pickKeys, writePopulation, type PickKey, type Population, type Problem } from './population';
import { address, sharedKeys } from './address';
import { codesOf, codeWords } from './recommendation';
import { notStated } from './reviewed_people';
import { monthName } from './wording';

/** Filters of the address that are about recommendations. */
export const mtmKeys = [
	'problem',
	'detail',
	'action',
	'channel',
	'to',
	'response',
	'judged',
	'verified',
	'service',
	'barrier',
	'severity',
	'month',
	'resolved',
	'waited',
	'sent',
	'estimate'
] as const;
export type MtmKey = (typeof mtmKeys)[number];

export const mtmLabels: Record<MtmKey, string> = {
	problem: 'Problem',
	detail: 'Problem in detail',
	action: 'Recommendation',
	channel: 'Channel',
	to: 'Addressed to',
	response: 'Answer',
	judged: 'Counted',
	verified: 'Verified in claims',
	service: 'Session',
	barrier: 'Barrier',
	severity: 'Severity',
	month: 'Month identified',
	resolved: 'Problem resolved',
	waited: 'Days since sending',
	sent: 'Sent',
	estimate: 'Avoided cost'
};

/** Filters that tell days: the month, the age, and whether acceptance counts a recommendation, which follows from its age. */
export const mtmDayKeys: readonly MtmKey[] = ['judged', 'month', 'waited'];

/** Filters as the panels of MTM take them: `only` holds each key that keeps and each key=value, `never` each key=value left out; null for none. */
export type MtmFilter = { only: string[] | null; never: string[] | null };

const own = (words: URLSearchParams, key: string) => {
	const parts = words
		.getAll(key)
		.flatMap((text) => text.split(/(?<!,),(?!,)/))
		.map((part) => part.replaceAll(',,', ',').trim())
		.filter(Boolean);
	return {
		in: parts.filter((part) => !part.startsWith('!')),
		out: parts.filter((p) => p.startsWith('!')).map((p) => p.slice(1))
	};
};

const isMonth = (value: string) => /^\d{4}-(0[1-9]|1[0-2])$/.test(value);

function valueWords(key: MtmKey, value: string): string {
	if (value === notStated) return codeWords(key, null);
	return key === 'month' && isMonth(value)
		? `${monthName(Number(value.slice(5)))} ${value.slice(0, 4)}`
		: codeWords(key, value);
}

/** The persons' filters that every MTM page takes. */
const personKeys: readonly PickKey[] = pickKeys.filter((key) => key !== 'status' && key !== 'presc');

/**
 * Reads the filters of an MTM page. Those about adherence do not choose sessions or recommendations, and on pages without
 * recommendations those about recommendations do not either, nor those that tell days where `days` are not shown: they are named as
 * problems, never passed over in silence.
 */
export function readMtmFilter(
	words: URLSearchParams,
	population: Population,
	about: 'recommendations' | 'reviews',
	days: boolean
): { filter: MtmFilter; problems: Problem[] } {
	const only: string[] = [];
	const never: string[] = [];
	const problems: Problem[] = [];
	const add = (key: string, pick: { in: string[]; out: string[] }) => {
		if (pick.in.length) only.push(key, ...pick.in.map((value) => `${key}=${value}`));
		never.push(...pick.out.map((value) => `${key}=${value}`));
	};
	for (const key of personKeys) add(key, population[key]);
	const withRecommendations = about === 'recommendations';
	if (withRecommendations) {
		add('presc', population.presc);
		for (const key of mtmKeys) {
			const pick = own(words, key);
			if (!days && mtmDayKeys.includes(key)) {
				if (pick.in.length || pick.out.length)
					problems.push({
						key,
						value: words.getAll(key).join(','),
						why: 'days are not shown at your level, so recommendations cannot be filtered by months, nor by what follows from their age'
					});
				continue;
			}
			const known = codesOf(key);
			for (const value of [...pick.in, ...pick.out])
				if (value !== notStated && (key === 'month' ? !isMonth(value) : known.length > 0 && !known.includes(value)))
					problems.push({ key, value, why: `"${value}" is no ${mtmLabels[key].toLowerCase()} that exists` });
			add(key, pick);
		}
	}
	const set = writePopulation(population);
	const unused = [...set.keys()].filter(
		(key) => !(personKeys as readonly string[]).includes(key) && !(withRecommendations && key === 'presc')
	);
	for (const key of unused)
		problems.push({ key, value: words.getAll(key).join(','), why: `the filter ${key} chooses nothing here` });
	return { filter: { only: only.length ? only : null, never: never.length ? never : null }, problems };
}

/** The filters about recommendations that an address sets, in words; those that tell days only where `days` are shown. */
export function mtmChips(words: URLSearchParams, days = true): { key: MtmKey; label: string; text: string }[] {
	return mtmKeys.flatMap((key) => {
		if (!days && mtmDayKeys.includes(key)) return [];
		const pick = own(words, key);
		const text = [
			...pick.in.map((value) => valueWords(key, value)),
			...pick.out.map((value) => (value === notStated ? 'stated' : `not ${valueWords(key, value)}`))
		].join(', ');
		return text ? [{ key, label: mtmLabels[key], text }] : [];
	});
}

type Pick = ReturnType<typeof own>;

/** What passes both picks of one key. */
function both(now: Pick, wanted: Pick): Pick {
	const passes = ({ in: only, out }: Pick, value: string) =>
		(!only.length || only.includes(value)) && !out.includes(value);
	const named = [...new Set([...wanted.in, ...now.in])];
	const left = named.filter((value) => passes(now, value) && passes(wanted, value));
	if (left.length) return { in: left, out: [] };
	// Values that no recommendation can have choose none; without values to keep, both leave out theirs.
	return { in: named, out: named.length ? named : [...new Set([...now.out, ...wanted.out])] };
}

const written = ({ in: only, out }: Pick) =>
	[...only, ...out.map((value) => `!${value}`)].map((value) => value.replaceAll(',', ',,')).join(',');

/**
 * Another page of MTM with the filters of this one, changed by the patch (null takes a word out). Filters on recommendations are narrowed further, so that
 * a number opens to what it counts within them.
 */
export function mtmThere(url: URL, path: string, patch: Record<string, string | null> = {}): string {
	const words = new URLSearchParams();
	for (const [key, value] of url.searchParams)
		if (sharedKeys.includes(key) || (mtmKeys as readonly string[]).includes(key)) words.append(key, value);
	for (const [key, value] of Object.entries(patch))
		if (value === null) words.delete(key);
		else if ((mtmKeys as readonly string[]).includes(key) && words.has(key))
			words.set(key, written(both(own(words, key), own(new URLSearchParams({ [key]: value }), key))));
		else words.set(key, value);
	return address(path, words);
}
