import type { Scope } from '$lib/domain/scope';
import type { Row } from './duckdb';
import type { Home } from './home';
import { query } from './query';

/** A measure's figure of a year over everybody the asker may see, as measure_result has it; small counts are not there below P2. */
export type Total = {
	measure: string;
	as_of: string;
	numerator: number;
	denominator: number;
	rate: number | null;
	lower: number | null;
	upper: number | null;
	unit: string;
};

/** The figures of a year of every measure that has one, from the published view measure_result. */
export async function yearTotals(home: Home, year: number, scope: Scope): Promise<Total[]> {
	return await query(
		home,
		`select measure, as_of, numerator, denominator, rate, lower, upper, unit from measure_result
		where dimension = 'all' and period = '${Number(year)}' order by measure`,
		scope,
		async ({ rows }) => {
			const found: Row[] = [];
			for await (const row of rows) found.push(row);
			return found as Total[];
		}
	);
}

/** A rate in its unit: a share in percent, else the number with its unit. */
export const rateIn = ({ rate, unit }: Pick<Total, 'rate' | 'unit'>): string =>
	rate === null
		? 'not computable'
		: unit === 'proportion'
			? `${(rate * 100).toFixed(1)}%`
			: `${rate.toFixed(1).replace('-0.0', '0.0')} ${unit}`;
