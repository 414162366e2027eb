import { populationKeys, type Problem } from './population';

/** The words of the address that follow the reader from page to page; all others belong to one page. */
export const sharedKeys: readonly string[] = ['y', 'asof', 'known', 'cmp', ...populationKeys];

/** Words of the grammar that no page answers, each with what is shown instead. */
const unanswered: Record<string, string> = {
	period: 'Rates are of the year to date, as the rules of PDC have it; "asof" shows an earlier day, charts show months',
	cohort: 'Cohorts are not kept; filters say who is meant'
};

/** The words of an address that no page answers, with why; nothing is dropped in silence. */
export const unansweredWords = (words: URLSearchParams): Problem[] =>
	Object.entries(unanswered)
		.filter(([key]) => words.has(key) && !(key === 'period' && words.get(key) === 'ytd'))
		.map(([key, why]) => ({ key, value: words.get(key)!, why: `${key}=${words.get(key)}: ${why}` }));

type Patch = Record<string, string | number | null | undefined>;

/** An address as text: commas, dots and `!` stay readable; no question mark when there are no words. */
export function address(path: string, words: URLSearchParams): string {
	const query = words.toString().replaceAll('%2C', ',').replaceAll('%21', '!').replaceAll('%3A', ':');
	return query ? `${path}?${query}` : path;
}

/** An address of more characters than this is kept as a view, and its link names the view. */
export const longestAddress = 2000;

/** An address whose saved view is spelled out: the view's words, then its own words over them; it names no view any more. */
export function withView(url: URL, words: string): URL {
	const whole = new URLSearchParams(words);
	for (const key of new Set(url.searchParams.keys())) {
		if (key === 'view') continue;
		whole.delete(key);
		for (const value of url.searchParams.getAll(key)) whole.append(key, value);
	}
	const spelled = new URL(url);
	spelled.search = whole.toString();
	return spelled;
}

/** The same page with some words changed (null takes a word out); the page number starts over unless it is what changes. */
export function here(url: URL, patch: Patch): string {
	const words = new URLSearchParams(url.searchParams);
	if (!('page' in patch) && !('explain' in patch)) words.delete('page');
	change(words, patch);
	return address(url.pathname, words);
}

/** Another page with the shared words of this one, changed by the patch. */
export function there(url: URL, path: string, patch: Patch = {}): string {
	const words = new URLSearchParams();
	for (const [key, value] of url.searchParams) if (sharedKeys.includes(key)) words.append(key, value);
	change(words, patch);
	return address(path, words);
}

function change(words: URLSearchParams, patch: Patch): void {
	for (const [key, value] of Object.entries(patch))
		if (value === null || value === undefined || value === '') words.delete(key);
		else words.set(key, String(value));
}

/**
 * What a plain form sent, in the grammar of the address: repeated words become one comma list, `adr.from` and `adr.to`
 * become `adr=0..7`, empty words go. Null when it is so already.
 */
export function canonical(url: URL): string | null {
	const words = new URLSearchParams();
	const ranges = new Map<string, { from: string; to: string }>();
	let changed = false;
	for (const [key, value] of url.searchParams) {
		const part = /^([a-z]+)\.(from|to)$/.exec(key);
		if (part) {
			changed = true;
			const range = ranges.get(part[1]!) ?? { from: '', to: '' };
			range[part[2] as 'from' | 'to'] = value.trim();
			ranges.set(part[1]!, range);
		} else if (value.trim() === '') changed = true;
		else if (words.has(key)) {
			changed = true;
			const all = new Set([...words.get(key)!.split(','), value]);
			words.set(key, [...all].join(','));
		} else words.set(key, value);
	}
	for (const [key, { from, to }] of ranges) if (from || to) words.set(key, `${from}..${to}`);
	return changed ? address(url.pathname, words) : null;
}

/** PDC in percent below a line, as the address writes it: 80 -> "..79.99". No share of 366 days or fewer lies between the two. */
export const belowPdc = (line: number) => `..${(line - 0.01).toFixed(2)}`;

/** A bin of PDC, left end included and right end not, as the address writes it: "75..79.99"; the last bin holds 100. */
export const pdcBin = (from: number, to: number) => (to >= 100 ? `${from}..` : `${from}..${(to - 0.01).toFixed(2)}`);

/**
 * Another page with the shared words of this one, narrowed further: ranges meet (`pdc=60..` and `..79.99` give `60..79.99`),
 * a list becomes the narrower value. The list it opens has the rows that were counted here.
 */
export function narrower(url: URL, path: string, patch: Patch): string {
	const met: Patch = { ...patch };
	for (const key of ['pdc', 'adr', 'late', 'lid'] as const) {
		const wanted = patch[key];
		const now = url.searchParams.get(key);
		if (typeof wanted === 'string' && now?.includes('..')) met[key] = meet(now, wanted, key === 'lid');
	}
	return there(url, path, met);
}

function meet(one: string, other: string, days: boolean): string {
	const [a = '', b = ''] = one.split('..');
	const [c = '', d = ''] = other.split('..');
	const later = (x: string, y: string) => (days ? x > y : Number(x) > Number(y));
	const from = a === '' ? c : c === '' ? a : later(a, c) ? a : c;
	const to = b === '' ? d : d === '' ? b : later(b, d) ? d : b;
	return `${from}..${to}`;
}
