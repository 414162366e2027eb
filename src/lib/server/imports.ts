import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ingredientName, ingredientNames, type Names } from '$lib/domain/ingredient';
import { routeOf } from '$lib/domain/route';
import { literal, openDatabase, type Connection } from './duckdb';
import { withLock, writeWhole, type Home } from './home';
import {
	loadReference,
	readImports,
	readNames,
	readTable,
	shippedFolder,
	tables,
	type Import,
	type Kind,
	type Table
} from './reference';
import { wrongSetting, type Setting } from './setting';
import { sqlFile } from './sql';
import { gate, usage } from './trouble';

/** What one import did, for the person who asked for it. */
export type Imported = { import: Import; isNew: boolean; notes: string[] };

type Given = { name: string; sha256: string; text: string; header: string[]; isTabbed: boolean };
type Ready = { kind: Kind; files: Given[] };

/**
 * Reads files of drugs, classes or codes into the home's reference folder; what they are is told by their header. The same bytes twice
 * are kept once. Any row that cannot be read stops the whole import (exit 2) and nothing is changed. Takes effect at the next refresh.
 */
export async function importReference(home: Home, paths: string[]): Promise<Imported[]> {
	const ready = sorted(paths.map(read));
	return await withLock(home, 'reference import', async () => {
		const database = await openDatabase();
		const connection = await database.connect();
		const scratch = mkdtempSync(join(tmpdir(), 'mtm-reference-'));
		try {
			await loadReference(connection, home);
			const names = await readNames(connection);
			const done: Imported[] = [];
			// Everything is read and checked before anything is kept.
			const drafts: { ready: Ready; draft: Draft; seen: Import | undefined }[] = [];
			for (const each of ready) {
				const seen = readImports(home).find((one) => sameFiles(one, each));
				const draft = seen ? none : await draftOf(each, connection, names, scratch);
				drafts.push({ ready: each, draft, seen });
			}
			for (const { ready: each, draft, seen } of drafts) {
				if (seen)
					done.push({ import: seen, isNew: false, notes: ['These bytes are imported already; nothing was changed.'] });
				else done.push({ import: keep(home, each, draft), isNew: true, notes: draft.notes });
			}
			return done;
		} finally {
			rmSync(scratch, { recursive: true, force: true });
			database.close();
		}
	});
}

/** Takes an import out again by its number; throws when there is none. */
export async function forgetImport(home: Home, id: number): Promise<Import> {
	return await withLock(home, 'reference forget', async () => {
		const imports = readImports(home);
		const found = imports.find((each) => each.id === id);
		if (!found) throw usage(`There is no import ${id}. Nothing was changed. mtm reference list shows them.`);
		const rest = imports.filter((each) => each.id !== id);
		writeWhole(join(home.reference, 'imports.json'), JSON.stringify(rest, null, '\t'));
		for (const file of Object.values(found.parts)) rmSync(join(home.reference, file), { force: true });
		return found;
	});
}

type Draft = {
	/** Files made, by what they hold; they lie in the scratch folder. */
	parts: Record<string, string>;
	rows: number;
	version: string | null;
	decides: Import['decides'];
	notes: string[];
};
const none: Draft = { parts: {}, rows: 0, version: null, decides: [], notes: [] };

const sameFiles = (one: Import, ready: Ready) =>
	one.kind === ready.kind &&
	one.files.length === ready.files.length &&
	ready.files.every((file) => one.files.some((each) => each.sha256 === file.sha256));

function read(path: string): Given {
	let bytes: Buffer;
	try {
		bytes = readFileSync(path);
	} catch (cause) {
		throw usage(`${path} cannot be read (${(cause as Error).message}). Nothing was changed.`);
	}
	const name = basename(path);
	if (bytes[0] === 0x50 && bytes[1] === 0x4b)
		throw usage(`${name} is a zip file. Nothing was changed. Unpack it and give product.txt and package.txt.`);
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		// The FDA's files come in the Windows character set.
		text = new TextDecoder('windows-1252').decode(bytes);
	}
	const first = text.slice(0, text.search(/\r?\n/) < 0 ? undefined : text.search(/\r?\n/));
	const isTabbed = first.includes('\t');
	const header = first
		.split(isTabbed ? '\t' : ',')
		.map((cell) => cell.replaceAll('"', '').trim().toLowerCase().replace(/\s+/g, '_'));
	return { name, sha256: createHash('sha256').update(bytes).digest('hex'), text, header, isTabbed };
}

const ndcWords = ['ndc', 'ndc11', 'ndc_11', 'ndc_code', 'ndc_number', 'national_drug_code'];
const ingredientWords = ['ingredient', 'ingredients', 'active_ingredient', 'generic_name'];
const classWords = ['class', 'drug_class'];
const measureWords = ['measure', 'measure_id'];
const roleWords = ['role'];
const has = (file: Given, words: readonly string[]) => words.some((word) => file.header.includes(word));

const isProducts = (file: Given) => file.header.includes('productndc') && file.header.includes('substancename');
const isPackages = (file: Given) => file.header.includes('ndcpackagecode');

/** What each file is; product.txt and package.txt make one directory. */
function sorted(files: Given[]): Ready[] {
	const ready: Ready[] = [];
	const products = files.filter(isProducts);
	const packages = files.filter(isPackages);
	if (products.length !== packages.length || products.length > 1)
		throw usage(
			`The FDA NDC Directory is two files, product.txt and package.txt; ${products.length} and ${packages.length} were given. Nothing was changed. Give one of each together.`
		);
	if (products.length === 1) ready.push({ kind: 'fda_directory', files: [products[0]!, packages[0]!] });
	for (const file of files) {
		if (isProducts(file) || isPackages(file)) continue;
		const table = (Object.keys(tables) as Table[]).find((each) =>
			Object.keys(tables[each]).every((column) => column === 'source' || file.header.includes(column))
		);
		if (table) ready.push({ kind: table, files: [file] });
		else if (has(file, ndcWords) && (has(file, measureWords) || (has(file, classWords) && !has(file, ingredientWords))))
			ready.push({ kind: 'class_list', files: [file] });
		else if (has(file, ndcWords) && has(file, ingredientWords)) ready.push({ kind: 'drug_list', files: [file] });
		else
			throw usage(
				`${file.name} is none of the files that can be imported: its header reads ${file.header.slice(0, 8).join(', ')}. Nothing was changed. ` +
					`Known are the FDA's product.txt with package.txt; a list with the columns ndc, ingredient and, if wanted, class; ` +
					`a list with ndc, measure and role; and the tables ${Object.keys(tables).join(', ')} with all their columns.`
			);
	}
	return ready;
}

function draftOf(ready: Ready, connection: Connection, names: Names, scratch: string): Promise<Draft> {
	const [first, second] = ready.files;
	switch (ready.kind) {
		case 'fda_directory':
			return directoryDraft(first!, second!, connection, names, scratch);
		case 'drug_list':
			return drugListDraft(first!, connection, names, scratch);
		case 'class_list':
			return classListDraft(first!, connection, names, scratch);
		default:
			return tableDraft(ready.kind, first!, connection, scratch);
	}
}

/** Moves a draft's files into the home and writes it into imports.json, which is what makes it count. */
function keep(home: Home, ready: Ready, draft: Draft): Import {
	const imports = readImports(home);
	const id = Math.max(0, ...imports.map((each) => each.id)) + 1;
	const parts: Record<string, string> = {};
	for (const [part, path] of Object.entries(draft.parts)) {
		const file = `${String(id).padStart(4, '0')}-${ready.kind}-${basename(path)}`;
		// The scratch folder may lie on another disk, from which no file can be renamed.
		const beside = join(home.reference, `${file}.tmp`);
		writeFileSync(beside, readFileSync(path), { mode: 0o600 });
		renameSync(beside, join(home.reference, file));
		parts[part] = file;
	}
	const kept: Import = {
		id,
		kind: ready.kind,
		files: ready.files.map(({ name, sha256 }) => ({ name, sha256 })),
		parts,
		rows: draft.rows,
		version: draft.version,
		decides: draft.decides,
		imported_at: new Date().toISOString()
	};
	writeWhole(join(home.reference, 'imports.json'), JSON.stringify([...imports, kept], null, '\t'));
	return kept;
}

/** The rows of a tab-separated file by column name; quotes around a cell go. */
function* tabbed(file: Given): Generator<Record<string, string>> {
	const lines = file.text.split(/\r?\n/);
	for (let at = 1; at < lines.length; at++) {
		if (lines[at] === '') continue;
		const cells = lines[at]!.split('\t');
		const row: Record<string, string> = {};
		file.header.forEach((column, index) => {
			const cell = (cells[index] ?? '').trim();
			row[column] = /^".*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
		});
		yield row;
	}
}

/** The rows of a CSV or tab-separated file, all cells as text, null when empty. */
async function cells(file: Given, connection: Connection, scratch: string): Promise<Record<string, string | null>[]> {
	const path = join(scratch, `${file.sha256}.csv`);
	writeFileSync(path, file.text);
	try {
		const rows = await connection.rows<Record<string, string | null>>(
			`from read_csv(${literal(path)}, header = true, delim = ${literal(file.isTabbed ? '\t' : ',')}, quote = '"', escape = '"',
			all_varchar = true, parallel = false)`
		);
		return rows.map((row) => {
			const entries = Object.values(row).map((cell, at) => [
				file.header[at] ?? `column_${at + 1}`,
				cell?.trim() || null
			]);
			return Object.fromEntries(entries) as Record<string, string | null>;
		});
	} catch (cause) {
		throw gate(
			`${file.name} is not a table that can be read: ${(cause as Error).message.split('\n')[0]}. Nothing was changed. Mend the file and import it again.`
		);
	}
}

const cell = (row: Record<string, string | null>, words: readonly string[]): string | null => {
	for (const word of words) if (row[word]) return row[word];
	return null;
};

/** Writes rows as a Parquet file in the scratch folder. */
async function parquet(
	rows: object[],
	columns: Record<string, string>,
	order: string,
	part: string,
	connection: Connection,
	scratch: string
) {
	const json = join(scratch, `${part}.json`);
	const path = join(scratch, `${part}.parquet`);
	writeFileSync(json, rows.map((row) => JSON.stringify(row)).join('\n'));
	const types = Object.entries(columns).map(([column, type]) => `${column}: ${literal(type)}`);
	await connection.run(
		`copy (from read_json(${literal(json)}, format = 'newline_delimited', columns = {${types.join(', ')}}) order by ${order})
		to ${literal(path)} (format parquet, compression zstd)`
	);
	return path;
}

const thousands = (count: number) => count.toLocaleString('en-US');

/** An FDA package code with dashes as eleven digits (twelve from 2033); null when it is not one. */
function packageCode(code: string): string | null {
	const parts = /^(\d{4,6})-(\d{3,4})-(\d{1,2})$/.exec(code);
	if (!parts) return null;
	return parts[1]!.padStart(5, '0') + parts[2]!.padStart(4, '0') + parts[3]!.padStart(2, '0');
}

async function directoryDraft(
	products: Given,
	packages: Given,
	connection: Connection,
	names: Names,
	scratch: string
): Promise<Draft> {
	type Product = {
		ingredients: string[];
		strength: string | null;
		form: string | null;
		route: string | null;
		brand: string | null;
		labeler: string | null;
	};
	const byId = new Map<string, Product>();
	let latest = '';
	let nameless = 0;
	let read = 0;
	const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
	for (const row of tabbed(products)) {
		read++;
		// Kits leave the substances to their parts; the generic name lists them, parted by commas.
		const substances = row.substancename || (row.nonproprietaryname ?? '').replaceAll(/, and |, | and | & /gi, ';');
		const ingredients = ingredientNames(substances, names);
		if (ingredients.length === 0) nameless++;
		const amounts = (row.active_numerator_strength ?? '').split(';').map((each) => each.trim());
		const units = (row.active_ingred_unit ?? '').split(';').map((each) => each.trim());
		const strength = amounts.map((amount, at) => `${amount} ${units[at] ?? ''}`.trim()).join('; ');
		const started = row.startmarketingdate ?? '';
		if (/^\d{8}$/.test(started) && started > latest && started <= today) latest = started;
		byId.set(row.productid || row.productndc!, {
			ingredients,
			strength: strength || null,
			form: row.dosageformname?.toLowerCase() || null,
			route: routeOf(row.routename ?? null, row.dosageformname ?? null),
			brand: [row.proprietaryname, row.proprietarynamesuffix].filter(Boolean).join(' ') || null,
			labeler: row.labelername || null
		});
	}
	const version = latest
		? `products marketed up to ${latest.slice(0, 4)}-${latest.slice(4, 6)}-${latest.slice(6)}`
		: null;
	const drugs = new Map<string, object>();
	let lost = 0;
	let unreadable = 0;
	let rows = 0;
	for (const row of tabbed(packages)) {
		rows++;
		const ndc11 = packageCode(row.ndcpackagecode!);
		const product = byId.get(row.productid || row.productndc!);
		if (!ndc11) unreadable++;
		else if (!product) lost++;
		else if (product.ingredients.length > 0)
			drugs.set(ndc11, { ndc11, ...product, source: 'FDA NDC Directory, imported' });
	}
	if (drugs.size === 0)
		throw gate(
			`${products.name} and ${packages.name} give no drug: ${thousands(read)} products, ${thousands(rows)} packages, ${thousands(lost)} packages without their product. Nothing was changed. Are both of the same day?`
		);
	const columns = {
		ndc11: 'varchar',
		ingredients: 'varchar[]',
		strength: 'varchar',
		form: 'varchar',
		route: 'varchar',
		brand: 'varchar',
		labeler: 'varchar',
		source: 'varchar'
	};
	const path = await parquet([...drugs.values()], columns, 'ndc11', 'drug', connection, scratch);
	const { fresh } = await connection.row<{ fresh: number }>(
		`select count(*) as fresh from read_parquet(${literal(path)}) as each anti join reference_drug using (ndc11)`
	);
	const notes = [
		`${thousands(read)} products and ${thousands(rows)} packages read; ${thousands(drugs.size)} NDCs kept, ${thousands(fresh)} of them new. Where both know an NDC, the imported directory counts.`
	];
	if (nameless > 0) notes.push(`${thousands(nameless)} products without any substance were left out.`);
	if (lost + unreadable > 0)
		notes.push(
			`${thousands(lost)} packages without a product and ${thousands(unreadable)} with an unreadable code were left out.`
		);
	return { parts: { drug: path }, rows: drugs.size, version, decides: [], notes };
}

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

function stopAt(file: Given, wrong: string[], rows: number): void {
	if (wrong.length === 0) return;
	const shown = wrong.slice(0, 10).join('\n  ');
	const more = wrong.length > 10 ? `\n  and ${thousands(wrong.length - 10)} more` : '';
	throw gate(
		`${file.name}: ${thousands(wrong.length)} of ${thousands(rows)} rows cannot be read. Nothing was changed. Mend them and import the file again.\n  ${shown}${more}`
	);
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

async function drugListDraft(file: Given, connection: Connection, names: Names, scratch: string): Promise<Draft> {
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

async function classListDraft(file: Given, connection: Connection, names: Names, scratch: string): Promise<Draft> {
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

const allowed: Partial<Record<Table, Record<string, string[]>>> = {
	drug_class: { role: ['target', 'exclusion'] },
	value_set: { match: ['exact', 'prefix'] },
	cut_point: { plan_type: ['MA-PD', 'PDP'] }
};
/** Columns that a row of a table may leave empty, beside its source. */
const mayBeEmpty: Partial<Record<Table, string[]>> = {
	drug_class: ['class', 'route_filter', 'brand_exclude', 'valid_from', 'valid_to'],
	adherence_measure: ['exclusion_reason'],
	verification_window: ['least'],
	chronic_condition: ['core_disease', 'strong_claims', 'other_claims'],
	mtm_criteria: ['annual_cost'],
	part_d_element: ['to_year'],
	part_d_provider: ['setting'],
	audit_value: ['program', 'payer', 'effective_to'],
	audit_level: ['effective_to'],
	problem_list: ['problem', 'problem_detail', 'action', 'drug_group'],
	discharge_medicine: ['also']
};

async function tableDraft(table: Table, file: Given, connection: Connection, scratch: string): Promise<Draft> {
	const rows = await cells(file, connection, scratch);
	const wrong: string[] = [];
	const columns = Object.keys(tables[table]);
	rows.forEach((row, at) => {
		for (const column of columns) {
			if (!row[column] && column !== 'source' && !mayBeEmpty[table]?.includes(column))
				wrong.push(`row ${at + 1}: ${column} is empty`);
			const words = allowed[table]?.[column];
			if (words && row[column] && !words.includes(row[column]))
				wrong.push(`row ${at + 1}: ${column} is "${row[column]}", not ${words.join(' or ')}`);
		}
	});
	if (table === 'setting') {
		const shipped = await connection.rows<Setting>(readTable(table, join(shippedFolder(), 'setting.csv')));
		rows.forEach((row, at) => {
			const sentence = wrongSetting({ setting: row.setting ?? '', value: row.value ?? '' }, shipped);
			if (sentence) wrong.push(`row ${at + 1}: ${sentence}`);
		});
	}
	if (table === 'audit_value') {
		const known = await connection.rows<{ setting: string; value: string; allowed: string }>(
			`select parameter as setting, '' as value, allowed from (${readTable('audit_parameter', join(shippedFolder(), 'audit_parameter.csv'))})`
		);
		rows.forEach((row, at) => {
			const sentence = wrongSetting({ setting: row.parameter ?? '', value: row.value ?? '' }, known);
			if (sentence) wrong.push(`row ${at + 1}: ${sentence}`);
		});
	}
	stopAt(file, wrong, rows.length);
	if (rows.length === 0) throw gate(`${file.name} has no rows. Nothing was changed.`);
	const quoted = (text: string | null | undefined) => (text ? `"${text.replaceAll('"', '""')}"` : '');
	const path = join(scratch, `${file.sha256.slice(0, 8)}-table.csv`);
	const lines = rows.map((row) => columns.map((column) => quoted(row[column])).join(','));
	writeFileSync(path, `${columns.join(',')}\n${lines.join('\n')}\n`);
	try {
		await connection.rows(`select count(*) ${readTable(table, path)}`);
		await connection.run(`create or replace temp table checked as ${readTable(table, path)}`);
	} catch (cause) {
		throw gate(
			`${file.name} does not fit the table ${table}: ${(cause as Error).message.split('\n')[0]}. Nothing was changed. Its columns are ${Object.entries(
				tables[table]
			)
				.map(([column, type]) => `${column} (${type})`)
				.join(', ')}.`
		);
	}
	return {
		parts: { table: path },
		rows: rows.length,
		version: null,
		decides: [],
		notes: [`${thousands(rows.length)} rows; they count instead of the shipped ${table}.`]
	};
}
