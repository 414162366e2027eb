/** Days after which a monthly file is expected, and after which lists may include people who already refilled. */
export const expectedDays = 31;
export const staleDays = 45;

export type Verdict = 'current' | 'late' | 'stale';

/** Whether data this many days old is current (up to 31 days), late (up to 45) or stale. */
export const freshness = (ageDays: number): Verdict =>
	ageDays <= expectedDays ? 'current' : ageDays <= staleDays ? 'late' : 'stale';

export type MonthCount = { month: string; rows: number };

/** What is odd about a month's row count: none at all between months that have some, or under half of the usual. */
export type Oddity = 'missing' | 'half' | 'filling_in' | null;

/** A source with fewer rows in its usual month is too thin to judge. */
const leastUsual = 10;

/**
 * Looks at a source's months in order, `from` to `to` (first days of months) without a hole. A month is compared with the median of
 * the six before it when that is 10 rows or more; the last `fillingIn` months are still filling in and are not judged.
 */
export function monthOddities(
	counts: MonthCount[],
	from: string,
	to: string,
	fillingIn: number
): { month: string; rows: number; oddity: Oddity }[] {
	const byMonth = new Map(counts.map(({ month, rows }) => [month.slice(0, 7), rows]));
	const first = counts.length ? counts.map(({ month }) => month.slice(0, 7)).sort()[0]! : '';
	const months: string[] = [];
	for (let [year, month] = from.split('-').map(Number) as [number, number]; ;) {
		const name = `${year}-${String(month).padStart(2, '0')}`;
		months.push(name);
		if (name >= to.slice(0, 7)) break;
		if (++month > 12) [year, month] = [year + 1, 1];
	}
	return months.map((month, at) => {
		const rows = byMonth.get(month) ?? 0;
		const before = months
			.slice(Math.max(0, at - 6), at)
			.filter((one) => one >= first)
			.map((one) => byMonth.get(one) ?? 0)
			.sort((a, b) => a - b);
		const median = before.length >= 3 ? before[Math.floor(before.length / 2)]! : 0;
		const usual = median >= leastUsual ? median : null;
		const oddity: Oddity =
			at >= months.length - fillingIn
				? 'filling_in'
				: usual === null || month < first
					? null
					: rows === 0
						? 'missing'
						: rows * 2 < usual
							? 'half'
							: null;
		return { month: `${month}-01`, rows, oddity };
	});
}
