import { keptOptions, type Kept } from './kept';
import { writePopulation, type Population } from './population';

const columns: Partial<Record<keyof Population, string>> = {
	plan: 'plan',
	pharm: 'pharmacy_npi',
	presc: 'prescriber_npi',
	status: 'status'
};
const ranges: Partial<Record<keyof Population, string>> = {
	pdc: 'pdc * 100',
	adr: 'allowable_days_remaining',
	late: 'days_late'
};

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * A select over the published view `adherence` that gives the same numerator and denominator as the screen, for `mtm query`.
 * Null when a filter is set that the view has no column for (age, sex, language, ZIP, contract).
 */
export function sameNumber(measure: string, year: number, population: Population): string | null {
	const where = [`measure = ${quoted(measure)}`, `year = ${year}`];
	for (const key of writePopulation(population).keys()) {
		const name = key as keyof Population;
		const column = columns[name];
		const range = ranges[name];
		if (column) {
			const pick = population[name] as { in: string[]; out: string[] };
			if (pick.in.length) where.push(`${column} in (${pick.in.map(quoted).join(', ')})`);
			if (pick.out.length) where.push(`coalesce(${column} not in (${pick.out.map(quoted).join(', ')}), true)`);
		} else if (range) {
			const { from, to } = population[name] as { from: number | null; to: number | null };
			if (from !== null) where.push(`${range} >= ${from}`);
			if (to !== null) where.push(`${range} <= ${to}`);
		} else if (name === 'lid') {
			const { from, to } = population.lid;
			if (from !== null) where.push(`last_impactable_on >= date ${quoted(from)}`);
			if (to !== null) where.push(`last_impactable_on <= date ${quoted(to)}`);
		} else if (name === 'counted') where.push(population.counted ? 'in_denominator' : 'not in_denominator');
		else return null;
	}
	return `select
    count(*) filter (where in_denominator and adherent) as numerator,
    count(*) filter (where in_denominator) as denominator
from adherence
where ${where.join('\n    and ')}`;
}

/** The same question as a command: `mtm metric`, with the filters of the address and the kept results that it means. */
export function sameCommand(
	measure: string,
	year: number,
	population: Population,
	old: Pick<Kept, 'as_of' | 'known'> | null
): string {
	const filters = [...writePopulation(population)].map(
		([key, value]) => ` --filter '${key}=${value.replaceAll("'", "'\\''")}'`
	);
	return `npm run -s mtm -- metric ${measure} --year ${year}${keptOptions(old)}${filters.join('')}`;
}
