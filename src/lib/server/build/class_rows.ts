import type { Day } from '$lib/domain/day';
import type { Connection } from '../duckdb';

/** Measures of the pharmacy view have the number of their base measure and this. */
export const VIEW = 16;

/**
 * What the NDCs of the classes are, as columns: an NDC text's rows are those from `start[ndc_no]` to before `start[ndc_no + 1]`, one for
 * each measure and ingredient, measures together.
 */
export type ClassRows = {
	start: Int32Array;
	measure: Uint8Array;
	/** The target ingredient's number in the measure, 1 to 127; EXCLUSION for a drug that excludes. */
	ingredient: Uint8Array;
	from: Int32Array;
	to: Int32Array;
};

/** In place of an ingredient: a fill of this drug excludes from the measure. */
export const EXCLUSION = 255;

/**
 * Makes the small tables that name the fold's numbers, measure_code and class_ingredient, and returns what each NDC text is. Measures of the
 * pharmacy view exist when a source needs them. Throws when there are more measures or ingredients than the fold holds.
 */
export async function prepareClasses(connection: Connection): Promise<ClassRows> {
	await connection.run(`
		create or replace table measure_code as
		with views as (select count(*) > 0 as needed from view_source)
		select
			measure_no + ${VIEW} * is_view::integer as measure_no,
			measure || case when is_view then '_pharmacy_view' else '' end as measure,
			measure as base_measure,
			is_view as in_pharmacy_view,
			threshold_percent::integer as threshold_percent,
			min_ingredients::integer as min_ingredients,
			exclusion_reason
		from (select *, (row_number() over (order by measure) - 1)::integer as measure_no from adherence_measure)
		cross join (select unnest([false, true]) as is_view)
		cross join views
		where not is_view or views.needed`);
	await connection.run(`
		create or replace table class_ingredient as
		select
			measure_code.measure_no,
			measure_code.measure,
			ingredient,
			dense_rank() over (partition by measure_code.measure order by ingredient)::integer as ingredient_no
		from (select distinct measure as base_measure, ingredient from ndc_class where role = 'target')
		inner join measure_code using (base_measure)`);
	const { most, measures } = await connection.row<{ most: number; measures: number }>(
		`select (select coalesce(max(ingredient_no), 0) from class_ingredient) as most, (select count(*) from adherence_measure) as measures`
	);
	if (most > 127) throw new Error(`a measure has ${most} target ingredients; the fold holds 127`);
	if (measures > VIEW) throw new Error(`there are ${measures} adherence measures; the fold holds ${VIEW}`);
	return await readClasses(connection);
}

async function readClasses(connection: Connection): Promise<ClassRows> {
	const { texts } = await connection.row<{ texts: number }>('select count(*) as texts from ndc_text');
	const rows = await connection.rows<{ ndc: number; measure: number; ingredient: number; from: Day; to: Day }>(`
		select
			ndc_text.ndc_no as ndc,
			measure_code.measure_no as measure,
			case when ndc_class.role = 'exclusion' then ${EXCLUSION} else class_ingredient.ingredient_no end as ingredient,
			coalesce(ndc_class.valid_from - date '1970-01-01', ${-0x80000000})::integer as "from",
			coalesce(ndc_class.valid_to - date '1970-01-01', ${0x7fffffff})::integer as "to"
		from ndc_class
		inner join ndc_text on ndc_class.ndc_code = ndc_text.ndc_code
		inner join measure_code on ndc_class.measure = measure_code.base_measure
		left join class_ingredient
			on measure_code.measure_no = class_ingredient.measure_no
			and ndc_class.ingredient = class_ingredient.ingredient
			and ndc_class.role = 'target'
		order by ndc, measure, ingredient`);
	const start = new Int32Array(texts + 2);
	for (const { ndc } of rows) start[ndc + 1]!++;
	for (let ndc = 1; ndc < start.length; ndc++) start[ndc]! += start[ndc - 1]!;
	return {
		start,
		measure: Uint8Array.from(rows, (row) => row.measure),
		ingredient: Uint8Array.from(rows, (row) => row.ingredient),
		from: Int32Array.from(rows, (row) => row.from),
		to: Int32Array.from(rows, (row) => row.to)
	};
}
