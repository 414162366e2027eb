import { wilson } from '$lib/domain/interval';
import type { MtmFilter } from '$lib/domain/mtm_filter';
import type { Acceptance } from '$lib/domain/recommendation';
import type { Scope } from '$lib/domain/scope';
import type { Row } from './duckdb';
import type { Home } from './home';
import { query } from './query';
import { ask } from './warehouse';

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

/** The measures of recommendations that take filters on recommendations: their numerators and denominators among the counts of the panel acceptance. */
const ofRecommendations: Record<string, (line: Acceptance) => [number | null, number | null]> = {
	acceptance_of_made: (line) => [line.accepted, line.made],
	acceptance_of_answered: (line) => [line.accepted, line.answered],
	acceptance_verified: (line) => [line.verified_yes, (line.verified_yes ?? 0) + (line.verified_no ?? 0)],
	problems_resolved_within_60_days: (line) => [line.resolved_in_time, line.resolvable]
};

/** Whether a measure of MTM takes filters on recommendations, beside those on persons. */
export const takesRecommendationFilters = (measure: string): boolean => Object.hasOwn(ofRecommendations, measure);

/** A measure of MTM of a year, a proportion with its Wilson interval, among the people or recommendations that filters choose; nothing when nobody is counted. */
export async function chosenTotal(
	home: Home,
	measure: string,
	year: number,
	filter: MtmFilter,
	asOf: string,
	scope: Scope
): Promise<Total | undefined> {
	const of = ofRecommendations[measure];
	let numerator: number | null | undefined;
	let denominator: number | null | undefined;
	if (of) {
		const [line] = await ask<Acceptance>(home, 'acceptance', { year, ...filter }, scope);
		[numerator, denominator] = of(line!);
	} else {
		const [line] = await ask<{ numerator: number | null; denominator: number | null }>(
			home,
			'review_measures',
			{ year, measure, ...filter },
			scope
		);
		({ numerator, denominator } = line ?? {});
	}
	if (!denominator || typeof numerator !== 'number') return undefined;
	return {
		measure,
		as_of: asOf,
		numerator,
		denominator,
		rate: numerator / denominator,
		...wilson(numerator, denominator)!,
		unit: 'proportion'
	};
}

/** A rate in its unit: a share in percent, else the number with its unit. */
export const rateIn = ({ rate, unit }: Pick<Total, 'rate' | 'unit'>): string =>
	rate === null
		? 'not computable'
		: unit === 'proportion'
			? `${(rate * 100).toFixed(1)}%`
			: `${rate.toFixed(1).replace('-0.0', '0.0')} ${unit}`;
