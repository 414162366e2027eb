import { wilson } from './interval';

/** How a sample of claims is drawn. */
export type SampleAsked = { size: number; seed: string; by: SampledBy };

/** What the claims are parted by before they are drawn, in words. */
export const sampledBy = {
	pharm: 'pharmacy',
	payer: 'payer',
	program: 'programme',
	all: 'nothing: one draw from all'
} as const;
export type SampledBy = keyof typeof sampledBy;

/** The most claims of a sample. */
export const mostSampled = 500;

/** Reads a sample from an address: 60 claims by pharmacy with seed 42 unless it says otherwise; what cannot be is told and not used. */
export function readSample(words: URLSearchParams): { asked: SampleAsked; problems: string[] } {
	const problems: string[] = [];
	const given = words.get('n') ?? '60';
	const size = /^\d{1,4}$/.test(given) ? Number(given) : 0;
	const isSize = size >= 1 && size <= mostSampled;
	if (!isSize) problems.push(`A sample has 1 to ${mostSampled} claims, not "${given}"; 60 are drawn`);
	const by = words.get('by') ?? 'pharm';
	const isBy = Object.hasOwn(sampledBy, by);
	if (!isBy) problems.push(`Claims are not parted by "${by}"; they are parted by pharmacy`);
	const seed = (words.get('seed') ?? '42').trim();
	const isSeed = /^[0-9A-Za-z_-]{1,20}$/.test(seed);
	if (!isSeed) problems.push('A seed has 1 to 20 letters and digits; 42 is used');
	return {
		asked: { size: isSize ? size : 60, seed: isSeed ? seed : '42', by: isBy ? (by as SampledBy) : 'pharm' },
		problems
	};
}

/** A claim of a sample: what its decisions recover, or null while a finding of it waits for one; a claim that no rule flags recovers 0. */
export type SampledClaim = { paid: number; recovers: number | null };

/** What a sample says of its frame. Null until every claim of the sample is decided. */
export type SampleEstimate = {
	claims: number;
	/** Claims of the sample with something to recover. */
	errors: number;
	/** Their share, with Wilson's 95% interval. */
	rate: number;
	rateFrom: number;
	rateTo: number;
	/** Dollars to recover of the sample. */
	found: number;
	/** Dollars of the frame: claims of the frame times the mean of the sample. */
	point: number;
	/** The lower end of the 90% interval of those, never below what the sample itself found; null for a sample of one claim. */
	lower: number | null;
};

/** The 95% quantile of the normal distribution: one end of a 90% interval. */
const z90 = 1.644854;

/**
 * What a decided random sample says of a frame of `frame` claims. The sample is counted as one simple random draw without replacement, which parts in
 * proportion only make more exact. Null while a claim waits, or when nothing was drawn.
 */
export function sampleEstimate(sample: readonly SampledClaim[], frame: number): SampleEstimate | null {
	const amounts = sample.flatMap((claim) => (claim.recovers === null ? [] : [claim.recovers]));
	const n = amounts.length;
	if (n === 0 || n < sample.length) return null;
	const errors = amounts.filter((amount) => amount > 0).length;
	const { lower: rateFrom, upper: rateTo } = wilson(errors, n)!;
	const found = amounts.reduce((sum, amount) => sum + amount, 0);
	const mean = found / n;
	const point = frame * mean;
	const variance = n > 1 ? amounts.reduce((sum, amount) => sum + (amount - mean) ** 2, 0) / (n - 1) : null;
	const lower =
		variance === null ? null : Math.max(found, point - z90 * frame * Math.sqrt((variance / n) * (1 - n / frame)));
	return { claims: n, errors, rate: errors / n, rateFrom, rateTo, found, point, lower };
}
