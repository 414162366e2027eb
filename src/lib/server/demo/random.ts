/** A seeded source of chance: the same keys give the same draws on every machine. */
export type Chance = {
	/** A number in [0, 1). */
	unit(): number;
	/** True with probability p. */
	yes(p: number): boolean;
	/** A whole number from `from` to `to`, both included. */
	whole(from: number, to: number): number;
	/** A draw from the standard normal distribution. */
	normal(): number;
	/** A waiting time of mean `mean`. */
	wait(mean: number): number;
	/** A count of mean `mean` (small means). */
	count(mean: number): number;
	/** One of a list, each as likely. */
	pick<T>(from: readonly T[]): T;
	/** One of a list by weight. */
	weighted<T>(from: readonly T[], weight: (item: T) => number): T;
};

/** A 32-bit mix of whole numbers, in which each matters. */
export function mix(...keys: number[]): number {
	let hash = 0x9e3779b9;
	for (const key of keys) {
		hash = Math.imul(hash ^ (key | 0), 0x85ebca6b);
		hash ^= hash >>> 13;
		hash = Math.imul(hash, 0xc2b2ae35);
		hash ^= hash >>> 16;
		hash = (hash + 0x6d2b79f5) | 0;
	}
	return hash >>> 0;
}

/** Chance for one purpose: `keys` are the seed, whom it is for, and what it is for (sfc32). */
export function chance(...keys: number[]): Chance {
	let a = mix(1, ...keys);
	let b = mix(2, ...keys);
	let c = mix(3, ...keys);
	let d = 1;
	const unit = () => {
		const sum = (((a + b) | 0) + d) | 0;
		d = (d + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (c << 21) | (c >>> 11);
		c = (c + sum) | 0;
		return (sum >>> 0) / 4294967296;
	};
	for (let turn = 0; turn < 12; turn++) unit();
	const source: Chance = {
		unit,
		yes: (p) => unit() < p,
		whole: (from, to) => from + Math.floor(unit() * (to - from + 1)),
		normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
		wait: (mean) => -mean * Math.log(1 - unit()),
		count: (mean) => {
			let left = Math.exp(-mean);
			const drawn = unit();
			let total = left;
			let number = 0;
			while (drawn > total && number < 200) {
				number++;
				left *= mean / number;
				total += left;
			}
			return number;
		},
		pick: (from) => from[Math.floor(unit() * from.length)]!,
		weighted: (from, weight) => {
			let all = 0;
			for (const item of from) all += weight(item);
			let left = unit() * all;
			for (const item of from) {
				left -= weight(item);
				if (left < 0) return item;
			}
			return from[from.length - 1]!;
		}
	};
	return source;
}
