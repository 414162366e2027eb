import { ingredientName, ingredientNames, type Names } from '$lib/domain/ingredient';
import { literal, type Connection } from '$lib/server/duckdb';
import { sqlFile } from '$lib/server/sql';
import { gate } from '$lib/server/trouble';
import { parquet, type Draft } from './draft';
import { cells, stopAt, thousands, type Given } from './given';
import type { Import } from './imported';

const ndcWords = ['ndc', 'ndc11', 'ndc_11', 'ndc_code', 'ndc_number', 'national_drug_code'];
const ingredientWords = ['ingredient', 'ingredients', 'active_ingredient', 'generic_name'];
const classWords = ['class', 'drug_class'];
const measureWords = ['measure', 'measure_id'];
const roleWords = ['role'];

const has = (file: Given, words: readonly string[]) => words.some((word) => file.header.includes(word));

/** Whether a file's header is that of a list of the NDCs of measures. */
export const isClassList = (file: Given) =>
	has(file, ndcWords) && (has(file, measureWords) || (has(file, classWords) && !has(file, ingredientWords)));
/** Whether it is that of a list of drugs. */
export const isDrugList = (file: Given) => !isClassList(file) && has(file, ndcWords) && has(file, ingredientWords);

const cell = (row: Record<string, string | null>, words: readonly string[]): string | null => {
	for (const word of words) if (row[word]) return row[word];
	return null;
};

/** The one eleven-digit code that each NDC text stands for, and what is wrong with the others. */
async function settled(
	texts: string[],
	connection: Connection
): Promise<Map<string, { ndc11: string } | { wrong: string }>> {
	const result = new Map<string, { ndc11: string } | { wrong: string }>();
	const distinct = [...new Set(texts)];
	if (distinct.length === 0) return result;
	await connection.run('create or replace temp table claim_ndc(ndc_code varchar)');
	for (let at = 0; at < distinct.length; at += 1000)
		await connection.run(
			`insert into claim_ndc values ${distinct
				.slice(at, at + 1000)
				.map((text) => `(${literal(text)})`)
				.join(', ')}`
		);
	await connection.run(`create or replace temp table ndc_reading as ${sqlFile('facts', 'ndc_reading').text}`);
	const rows = await connection.rows<{ ndc_code: string; sure: string | null; known: string | null; count: number }>(
		`select
			claim_ndc.ndc_code,
			max(ndc_reading.ndc11) filter (not ndc_reading.is_guess) as sure,
			max(reference_drug.ndc11) as known,
			count(distinct reference_drug.ndc11) as count
		from claim_ndc
		left join ndc_reading on ndc_reading.ndc_code = claim_ndc.ndc_code
		left join reference_drug on reference_drug.ndc11 = ndc_reading.ndc11
		group by claim_ndc.ndc_code`
	);
	for (const row of rows) {
		const code = row.sure ?? (row.count === 1 ? row.known : null);
		const digits = row.ndc_code.replaceAll(/\D/g, '').length;
		if (code) result.set(row.ndc_code, { ndc11: code });
		else if (digits === 10 || digits === 9)
			result.set(row.ndc_code, {
				wrong: `"${row.ndc_code}" has ${digits} digits and can be read in more than one way: write it with its dashes or with eleven digits`
			});
		else result.set(row.ndc_code, { wrong: `"${row.ndc_code}" is not an NDC` });
	}
	return result;
}

/** Measure ids by the words a list may use for them: the id, its short title, a class of ours. */
async function measureWordsOf(connection: Connection): Promise<Map<string, string>> {
	const rows = await connection.rows<{ word: string; measure: string }>(
		`select measure as word, measure from adherence_measure
		union select lower(short_title), measure from adherence_measure
		union select class, any_value(measure) from drug_class where role = 'target' group by class having count(distinct measure) = 1`
	);
	return new Map(rows.map((each) => [each.word, each.measure]));
}
const wordOf = (text: string) => text.trim().toLowerCase();
const measureOf = (text: string, words: Map<string, string>) =>
	words.get(wordOf(text)) ??
	words.get(wordOf(text).replaceAll(/[\s-]+/g, '_')) ??
	words.get(wordOf(text).replace(/s$/, ''));

/** The ingredients of the NDCs that a list of drugs names, and their class where it says one. */
export async function drugListDraft(
	file: Given,
	connection: Connection,
	names: Names,
	scratch: string
): Promise<Draft> {
	const rows = await cells(file, connection, scratch);
	const codes = await settled(
		rows.flatMap((row) => cell(row, ndcWords) ?? []),
		connection
	);
	const words = await measureWordsOf(connection);
	const wrong: string[] = [];
	const kept = new Map<string, { ndc11: string; ingredient: string; class: string | null }>();
	rows.forEach((row, at) => {
		const where = `row ${at + 1}: `;
		const ndc = cell(row, ndcWords);
		const ingredients = ingredientNames(cell(row, ingredientWords) ?? '', names);
		const stated = cell(row, classWords);
		const measure = stated ? measureOf(stated, words) : null;
		const code = ndc ? codes.get(ndc) : undefined;
		if (!code) wrong.push(`${where}no NDC`);
		else if ('wrong' in code) wrong.push(where + code.wrong);
		else if (ingredients.length === 0) wrong.push(`${where}no ingredient`);
		else if (measure === undefined)
			wrong.push(`${where}"${stated}" is no class known here: ${[...new Set(words.values())].join(', ')}`);
		else
			for (const ingredient of ingredients)
				kept.set(`${code.ndc11} ${ingredient} ${measure}`, { ndc11: code.ndc11, ingredient, class: measure });
	});
	stopAt(file, wrong, rows.length);
	if (kept.size === 0) throw gate(`${file.name} has no rows. Nothing was changed.`);
	const list = [...kept.values()];
	const columns = { ndc11: 'varchar', ingredient: 'varchar', class: 'varchar' };
	const path = await parquet(list, columns, 'ndc11, ingredient, class', 'drug', connection, scratch);
	const known = await connection.rows<{ ingredient: string }>(
		'select distinct unnest(ingredients) as ingredient from reference_drug union select ingredient from drug_class'
	);
	const knownNames = new Set(known.map((each) => each.ingredient));
	const strange = [...new Set(list.map((each) => each.ingredient))].filter((name) => !knownNames.has(name)).sort();
	const ndcs = new Set(list.map((each) => each.ndc11)).size;
	const notes = [
		`${thousands(rows.length)} rows read, ${thousands(ndcs)} NDCs. For these NDCs the list counts before every other table.`
	];
	if (strange.length > 0)
		notes.push(
			`Ingredients that no other table has (a spelling?): ${strange.slice(0, 10).join(', ')}${strange.length > 10 ? ` and ${strange.length - 10} more` : ''}.`
		);
	return { parts: { drug: path }, rows: ndcs, version: null, decides: [], notes };
}

const roles: Record<string, string> = {
	target: 'target',
	include: 'target',
	exclusion: 'exclusion',
	exclude: 'exclusion'
};

/** The NDCs that a list gives to measures as targets or exclusions. */
export async function classListDraft(
	file: Given,
	connection: Connection,
	names: Names,
	scratch: string
): Promise<Draft> {
	const rows = await cells(file, connection, scratch);
	const codes = await settled(
		rows.flatMap((row) => cell(row, ndcWords) ?? []),
		connection
	);
	const words = await measureWordsOf(connection);
	const wrong: string[] = [];
	const kept = new Map<string, { ndc11: string; measure: string; ingredient: string | null; role: string }>();
	rows.forEach((row, at) => {
		const where = `row ${at + 1}: `;
		const ndc = cell(row, ndcWords);
		const stated = cell(row, measureWords) ?? cell(row, classWords);
		const measure = stated ? measureOf(stated, words) : undefined;
		const role = roles[wordOf(cell(row, roleWords) ?? 'target')];
		const ingredients = (cell(row, ingredientWords) ?? '').split(';').filter((each) => each.trim() !== '');
		const code = ndc ? codes.get(ndc) : undefined;
		if (!code) wrong.push(`${where}no NDC`);
		else if ('wrong' in code) wrong.push(where + code.wrong);
		else if (!measure)
			wrong.push(`${where}"${stated ?? ''}" is no measure known here: ${[...new Set(words.values())].join(', ')}`);
		else if (!role) wrong.push(`${where}"${cell(row, roleWords)}" is no role: target or exclusion`);
		else
			for (const each of ingredients.length > 0 ? ingredients : [null]) {
				const ingredient = each === null ? null : ingredientName(each, names);
				kept.set(`${code.ndc11} ${measure} ${role} ${ingredient}`, { ndc11: code.ndc11, measure, ingredient, role });
			}
	});
	stopAt(file, wrong, rows.length);
	if (kept.size === 0) throw gate(`${file.name} has no rows. Nothing was changed.`);
	const columns = { ndc11: 'varchar', measure: 'varchar', ingredient: 'varchar', role: 'varchar' };
	const path = await parquet(
		[...kept.values()],
		columns,
		'measure, role, ndc11, ingredient',
		'class',
		connection,
		scratch
	);
	const decides = await connection.rows<Import['decides'][number]>(
		`select measure, role, count(distinct ndc11) as rows from read_parquet(${literal(path)}) group by all order by all`
	);
	return {
		parts: { class: path },
		rows: kept.size,
		version: null,
		decides,
		notes: decides.map(
			(each) =>
				`${each.measure}: these ${thousands(each.rows)} NDCs are now all of its ${each.role}s; our list by ingredient no longer counts for them.`
		)
	};
}
