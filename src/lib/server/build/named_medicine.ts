import { ingredientName, type Names } from '$lib/domain/ingredient';
import type { Connection } from '../duckdb';
import { readNames } from '../reference/load';

/** What parts the ingredients of a text such as "amlodipine; benazepril". */
const parting = /\s*[;+/|]\s*/;

/**
 * The ingredients of a medicine as somebody wrote them, by the names of the drug tables, joined by "; ": salts go, other names and spellings are brought to these
 * ("Atorvastatin Calcium" is "atorvastatin"), and a comma or "and" parts ingredients where all parts are then known. What is not known stays as written, in lower case.
 */
export function writtenIngredients(text: string, names: Names, known: ReadonlySet<string>): string {
	const one = (part: string): string[] => {
		if (known.has(part)) return [part];
		const name = ingredientName(part, names);
		if (known.has(name)) return [name];
		const parts = part
			.split(/\s*,\s*(?:and\s+)?|\s+and\s+/)
			.map((each) => (known.has(each) ? each : ingredientName(each, names)));
		return parts.length > 1 && parts.every((each) => known.has(each)) ? parts : [part];
	};
	const written = text.toLowerCase().replace(/\s+/g, ' ').trim();
	const parts = written.split(parting).filter((part) => part !== '');
	return [...new Set(parts.flatMap(one))].join('; ');
}

/** Makes named_medicine: for each text by which a recommendation or a session's list names a medicine (`written`, in lower case), its ingredients (`text`). */
export async function nameMedicines(connection: Connection): Promise<void> {
	const rows = await connection.rows<{ written: string }>(`
		select distinct lower(trim(written)) as written
		from (
			select ingredient as written from mtm_recommendation
			union all
			select new_ingredient from mtm_recommendation
			union all
			select ingredient from mtm_medication
		)
		where trim(written) <> ''`);
	const known = new Set(
		rows.length === 0
			? []
			: (
					await connection.rows<{ ingredient: string }>(
						`select distinct unnest(ingredients) as ingredient from reference_drug
						union select distinct ingredient from user_drug where ingredient is not null`
					)
				).map((row) => row.ingredient)
	);
	const names = await readNames(connection);
	const told = rows.map(({ written }) => [written, writtenIngredients(written, names, known)]);
	await connection.run(
		`create table named_medicine as
		select row[1] as written, row[2] as text from (select unnest(from_json($rows::varchar, '[["varchar"]]')) as row)`,
		{ rows: JSON.stringify(told) }
	);
}
