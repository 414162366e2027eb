import { BOOLEAN, DATE, DOUBLE, LIST, STRUCT, VARCHAR, listValue, structValue } from '@duckdb/node-api';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { numberKeys, pickKeys, type Population } from '$lib/domain/population';
import { dateOf } from './duckdb';
import { sqlFile } from './sql';

/** One filter of an address in the form that SQL takes: its name in the macro, its type and its value. */
type Given = { name: string; type: DuckDBType; value: DuckDBValue };

/** The filters that a population really sets. */
function given(population: Population): Given[] {
	const found: (Given & { value: DuckDBValue | null })[] = [
		...pickKeys.flatMap((key) =>
			(['in', 'out'] as const).map((side) => ({
				name: `${key}_${side}`,
				type: LIST(VARCHAR),
				value: population[key][side].length ? listValue(population[key][side]) : null
			}))
		),
		...numberKeys.flatMap((key) =>
			(['from', 'to'] as const).map((side) => ({ name: `${key}_${side}`, type: DOUBLE, value: population[key][side] }))
		),
		...(['from', 'to'] as const).map((side) => ({
			name: `lid_${side}`,
			type: DATE,
			value: dateOf(population.lid[side])
		})),
		{ name: 'counted', type: BOOLEAN, value: population.counted }
	];
	return found.filter(({ value }) => value !== null);
}

/** A population as DuckDB is told it: the macro with its filters only, the macro's name, and what is bound to it. */
export type PlannedPopulation = { macro: string; create: string; type: DuckDBType; value: DuckDBValue };

/**
 * The population macro with the filters given and no other, and with those attributes of the patient that the question names. DuckDB plans
 * every condition and every join it is shown, used or not, and on a warm warehouse planning is most of an answer's time.
 */
export function plannedPopulation(population: Population, question: string): PlannedPopulation {
	const filters = given(population);
	const names = filters.map(({ name }) => name);
	const { text } = sqlFile('macros', 'population');
	for (const name of names)
		if (!text.includes(`(f).${name} is null or`)) throw new Error(`the population knows no filter "${name}"`);
	const attributes: string[] = [];
	const alias = /\bpopulation\(.*\) as (\w+)/.exec(question)?.[1];
	let lines = text.split('\n').filter((line) => {
		const attribute = /^\s+p\.(\w+),?$/.exec(line)?.[1];
		if (attribute) {
			const named = new RegExp(`\\b${alias ? `${alias}\\.` : ''}${attribute}\\b`).test(question);
			if (named) attributes.push(attribute);
			return named;
		}
		const filter = /\(f\)\.(\w+) is null or/.exec(line)?.[1];
		return filter === undefined || names.includes(filter);
	});
	if (!lines.some((line) => /[^.]\bp\.\w/.test(line) && !/ join patient as p /.test(line)))
		lines = lines.filter((line) => !/ join patient as p /.test(line));
	const macro = ['population', ...attributes, ...names].join('_');
	const create = lines
		.join('\n')
		.replace('macro population(', `macro if not exists ${macro}(`)
		.replace('create or replace', 'create');
	return filters.length
		? {
				macro,
				create,
				type: STRUCT(Object.fromEntries(filters.map(({ name, type }) => [name, type]))),
				value: structValue(Object.fromEntries(filters.map(({ name, value }) => [name, value])))
			}
		: { macro, create, type: BOOLEAN, value: null };
}
