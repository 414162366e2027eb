// Derives drug.parquet, value_set.csv and cut_point.csv from raw public files. Run by maintainers, not by users:
//   node data/reference/build.mjs RAW
// RAW holds reference/drug_ndc.parquet, code-sets.json and stars/part_d_cut_points_2026.csv (see README.md).
// It prints what was mended and every NDC that the raw table classes one way and drug_class.csv another.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { runnerImport } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const raw = process.argv[2];
if (!raw) {
	console.error('usage: node data/reference/build.mjs RAW');
	process.exit(1);
}
const domain = join(here, '../../src/lib/domain');
const quiet = { configFile: false, logLevel: 'error' };
const { ingredientName } = (await runnerImport(join(domain, 'ingredient.ts'), quiet)).module;
const { routeOf } = (await runnerImport(join(domain, 'route.ts'), quiet)).module;

const instance = await DuckDBInstance.create(':memory:');
const db = await instance.connect();
const rows = async (sql) => (await db.runAndReadAll(sql)).getRowObjectsJson();
const csv = (name) => `read_csv('${join(here, name)}', header = true, all_varchar = true, quote = '"')`;

const names = {
	other: new Map((await rows(`from ${csv('ingredient_name.csv')}`)).map((each) => [each.name, each.ingredient])),
	salts: new Set((await rows(`from ${csv('salt_word.csv')}`)).map((each) => each.word))
};
const reasons = new Map((await rows(`from ${csv('ingredient_name.csv')}`)).map((each) => [each.name, each.why]));

// Remains of package descriptions and strengths that stand where an ingredient should.
const notAnIngredient = [
	/^[\W\d_]*$/,
	/\(\d{4,5}-\d{3,4}(-\d{1,2})?\)?$/,
	/^[\d.,\s]+(mg|mcg|ug|g|ml|l|%)\b.*$/,
	/ in 1 [a-z]+/,
	/^(tablet|capsule|film coated|enteric coated|dispensing|glass|spray|dropper|pump|single-dose)\b/
];
const insulinBrands = [
	[/humulin|novolin|afrezza|myxredlin|velosulin/i, 'insulin human'],
	[/lantus|basaglar|toujeo|semglee|rezvoglar|soliqua/i, 'insulin glargine'],
	[/humalog|admelog|lyumjev/i, 'insulin lispro'],
	[/novolog|fiasp|kirsty|merilog/i, 'insulin aspart'],
	[/levemir/i, 'insulin detemir'],
	[/tresiba|xultophy/i, 'insulin degludec'],
	[/apidra/i, 'insulin glulisine']
];
// Unbranded pens whose first nine digits belong to one insulin.
const insulinProducts = { '000027752': 'insulin lispro', '009553900': 'insulin glargine' };

/** One name as the raw table writes it, without the remains of package descriptions around it; '' when nothing is left. */
function tidy(text) {
	let name = text.trim().replace(/^[,-]\s+/, '');
	const inside = /^[^(]*\) \(([a-z].*)$/.exec(name);
	if (inside) name = inside[1];
	const before = /^([a-z][a-z ,-]*?) ?\) ?[\d.].* in 1 /.exec(name);
	if (before) name = before[1];
	if (notAnIngredient.some((pattern) => pattern.test(name))) return '';
	if (name.startsWith('(') && !name.includes(')')) name = name.slice(1);
	if (name.endsWith(')') && !name.includes('(')) name = name.slice(0, -1);
	return name.trim();
}

const source = await rows(
	`select ndc11, ingredients, strength, form, route, brand, labeler, classes, sources
	from '${join(raw, 'reference/drug_ndc.parquet')}' order by ndc11`
);
const known = new Set(source.flatMap((each) => (each.ingredients ?? '').split(';').map((name) => name.trim())));
const mends = new Map();
const mended = (from, to, why) => {
	const key = `${why}: "${from}" -> ${to === '' ? 'dropped' : `"${to}"`}`;
	mends.set(key, (mends.get(key) ?? 0) + 1);
};
const drugs = [];
let empty = 0;
for (const each of source) {
	const ingredients = new Set();
	for (const part of (each.ingredients ?? '').split(';')) {
		if (part.trim() === '') continue;
		const tidied = tidy(part);
		if (tidied !== part.trim()) mended(part.trim(), tidied, 'remains of a package description');
		if (tidied === '') continue;
		// "glyburide-metformin" and "estradiol/norgestimate": two names known by themselves.
		const pieces = tidied.split(/[-/]/).map((piece) => piece.trim());
		const parts = tidied !== 'povidone-iodine' && pieces.length > 1 && pieces.every((piece) => piece.length > 3 && known.has(piece)) ? pieces : [tidied];
		if (parts.length > 1) mended(tidied, parts.join('; '), 'two names in one');
		for (const one of parts) {
			let name = ingredientName(one, names);
			if (name !== one) mended(one, name, reasons.get(one) ?? 'salt or kind');
			if (name === 'insulin')
				name =
					insulinBrands.find(([pattern]) => pattern.test(each.brand ?? ''))?.[1] ??
					insulinProducts[each.ndc11.slice(0, 9)] ??
					name;
			ingredients.add(name);
		}
	}
	if (ingredients.size === 0) {
		empty++;
		continue;
	}
	drugs.push({
		ndc11: each.ndc11,
		ingredients: [...ingredients].sort(),
		strength: each.strength || null,
		form: each.form ? each.form.toLowerCase() : null,
		route: routeOf(each.route, each.form),
		brand: each.brand?.trim() || null,
		labeler: each.labeler || null,
		source: sourceOf(each.sources),
		raw_classes: each.classes || null
	});
}

// Some rows of the directory lost ingredients of a combination. Where a measured ingredient is among them, the label's name tells:
// it names the missing one ("Amlodipine and Benazepril Hydrochloride"), or other products of that name have it (Truvada).
const measured = new Set((await rows(`select distinct ingredient from ${csv('drug_class.csv')}`)).map((each) => each.ingredient));
const partners = ['chlorthalidone', 'ezetimibe', 'hydrochlorothiazide'];
const named = [...measured, ...partners].map((name) => [name, new RegExp(`\\b${name}\\b`, 'i')]);
for (const each of drugs) {
	if (!each.brand) continue;
	const lost = named.filter(([name, pattern]) => pattern.test(each.brand) && !each.ingredients.includes(name));
	if (lost.length === 0) continue;
	const whole = [...each.ingredients, ...lost.map(([name]) => name)].sort();
	mended(`${each.brand}: ${each.ingredients.join('; ')}`, whole.join('; '), 'named on the label');
	each.ingredients = whole;
}
const byBrand = new Map();
for (const each of drugs) {
	if (!each.brand || !each.ingredients.some((name) => measured.has(name))) continue;
	const brand = each.brand.toLowerCase();
	byBrand.set(brand, [...(byBrand.get(brand) ?? []), each]);
}
for (const products of byBrand.values()) {
	const counts = new Map();
	for (const each of products) counts.set(each.ingredients.join(';'), (counts.get(each.ingredients.join(';')) ?? 0) + 1);
	const commonest = [...counts].sort((a, b) => b[1] - a[1])[0][0].split(';');
	for (const each of products) {
		if (each.ingredients.length >= commonest.length || !each.ingredients.every((name) => commonest.includes(name))) continue;
		mended(`${each.brand}: ${each.ingredients.join('; ')}`, commonest.join('; '), 'as other products of that name');
		each.ingredients = commonest;
	}
}

/** Where a row's names come from, in the words of README.md. */
function sourceOf(sources) {
	const found = new Set(sources.split('|'));
	const words = [];
	if (found.has('fda2018')) words.push('FDA NDC Directory 2018-04');
	else if (found.has('fda2015')) words.push('FDA NDC Directory 2015-12');
	if (found.has('dron')) words.push('DrOn 2026');
	if (found.has('rx2024')) words.push('RxNorm 2024');
	return words.join('; ');
}

const passing = join(mkdtempSync(join(tmpdir(), 'drug-')), 'drug.json');
writeFileSync(passing, drugs.map((each) => JSON.stringify(each)).join('\n'));
await db.run(`create table drug as from read_json('${passing}', format = 'newline_delimited', columns = {
	ndc11: 'varchar', ingredients: 'varchar[]', strength: 'varchar', form: 'varchar', route: 'varchar',
	brand: 'varchar', labeler: 'varchar', source: 'varchar', raw_classes: 'varchar'})`);
rmSync(dirname(passing), { recursive: true });
await db.run(`copy (select ndc11, ingredients, strength, form, route, brand, labeler, source from drug order by ndc11)
	to '${join(here, 'drug.parquet')}' (format parquet, compression zstd, compression_level 19, row_group_size 300000)`);

// Value sets.
const codes = JSON.parse(readFileSync(join(raw, 'code-sets.json'), 'utf8'));
const sets = [];
const add = (set, system, list, match, from) => {
	for (const code of list) sets.push([set, system, code.replaceAll('.', ''), match, from]);
};
const published = 'CMS, measure code lists for measurement year 2023';
const memory = 'Not checked against a published list';
const esrd = codes.supd_exclusions.sets.ESRD.filter((code) => code !== 'Z91.15');
add('esrd', 'icd-10-cm', esrd, 'exact', published);
add('esrd', 'icd-10-cm', ['Z91.15'], 'prefix', `${published}; by prefix because the code was split in fiscal year 2024`);
add('esrd', 'icd-9-cm', ['585.5', '585.6', '586', 'V45.1', '403.01', '403.11', '403.91', '404.02', '404.03', '404.12', '404.13', '404.92', '404.93'], 'exact', memory);
add('esrd', 'icd-9-cm', ['V45.11', 'V45.12'], 'exact', memory);
add('dialysis', 'bill_type', ['72'], 'prefix', memory);
add('dialysis', 'revenue', ['082', '083', '084', '085', '088'], 'prefix', memory);
// 90935 to 90947 are left out: they are billed for acute kidney injury in hospital too.
const dialysis = ['90989', '90993', '90999', 'G0257'];
for (let code = 90951; code <= 90970; code++) dialysis.push(String(code));
add('dialysis', 'hcpcs', dialysis.sort(), 'exact', memory);
const system = { HCPCS_CODE: 'hcpcs', CPT: 'hcpcs', UBREV: 'revenue' };
for (const each of codes.hospice_codes.codes)
	if (system[each.type]) add('hospice', system[each.type], [each.code], 'exact', 'Hospice service codes, public code lists');
add('hospice', 'bill_type', ['81', '82'], 'prefix', 'Type of bill: hospice');
const ed = codes.emergency_department;
const tuva = 'The Tuva Project, service categories (Apache-2.0)';
add('emergency_department', 'revenue', ed.revenue, 'exact', tuva);
add('emergency_department', 'hcpcs', ed.hcpcs, 'exact', tuva);
add('emergency_department', 'place_of_service', ed.pos, 'exact', tuva);
add('observation', 'revenue', ed.observation.revenue, 'exact', tuva);
add('observation', 'hcpcs', ed.observation.hcpcs, 'exact', tuva);
const line = (cells) => cells.map((cell) => (/[",]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(',');
writeFileSync(
	join(here, 'value_set.csv'),
	`set,code_system,code,match,source\n${sets.map(line).join('\n')}\n`
);

// Cut points: the lowest whole percent that earns 2, 3, 4 and 5 stars.
const cuts = {
	pdc_diabetes: { 'MA-PD': { 2024: [80, 84, 88, 90], 2025: [80, 85, 87, 91], 2026: [83, 86, 89, 92] }, PDP: { 2024: [84, 87, 89, 93], 2025: [85, 87, 89, 93], 2026: [85, 87, 89, 92] } },
	pdc_rasa: { 'MA-PD': { 2024: [82, 86, 89, 91], 2025: [83, 87, 90, 92], 2026: [84, 88, 91, 93] }, PDP: { 2024: [87, 89, 91, 94], 2025: [87, 89, 90, 92], 2026: [88, 90, 91, 93] } },
	pdc_statins: { 'MA-PD': { 2024: [82, 86, 88, 91], 2025: [80, 85, 89, 93], 2026: [84, 88, 90, 93] }, PDP: { 2024: [84, 87, 89, 93], 2025: [86, 88, 89, 92], 2026: [87, 89, 90, 92] } },
	cmr_completion: { 'MA-PD': { 2024: [52, 72, 85, 92], 2025: [57, 77, 89, 93], 2026: [62, 82, 91, 96] }, PDP: { 2024: [34, 52, 63, 77], 2025: [30, 55, 68, 80], 2026: [27, 51, 70, 83] } },
	supd: { 'MA-PD': { 2024: [81, 86, 88, 92], 2025: [81, 86, 89, 93], 2026: [81, 85, 89, 93] }, PDP: { 2024: [81, 83, 85, 87], 2025: [80, 83, 85, 87], 2026: [82, 83, 84, 86] } }
};
const dated = { 2024: '2024-07-02', 2025: '2024-12-02', 2026: '2025-10-08' };
const cutRows = [];
for (const [measure, plans] of Object.entries(cuts))
	for (const [plan, years] of Object.entries(plans))
		for (const [year, lows] of Object.entries(years))
			lows.forEach((low, at) => cutRows.push([measure, year, Number(year) - 2, plan, at + 2, low, `CMS Star Ratings data table - Part D cut points ${year} (${dated[year]})`]));
writeFileSync(join(here, 'cut_point.csv'), `measure,ratings_year,measure_year,plan_type,stars,minimum,source\n${cutRows.map(line).join('\n')}\n`);

const table = readFileSync(join(raw, 'stars/part_d_cut_points_2026.csv'), 'utf8').split(/\r?\n/).map((row) => row.split(','));
const columns = { pdc_diabetes: 'D08', pdc_rasa: 'D09', pdc_statins: 'D10', cmr_completion: 'D11', supd: 'D12' };
let plan = '';
let agreed = 0;
for (const row of table) {
	if (/^(MA-PD|PDP)/.test(row[0])) plan = row[0].trim();
	const stars = /^([1-5]) ?star/.exec(row[1] ?? '');
	if (!plan || !stars || stars[1] === '1') continue;
	for (const [measure, code] of Object.entries(columns)) {
		const at = table.find((each) => each.some((cell) => cell.startsWith(`${code}:`))).findIndex((cell) => cell.startsWith(`${code}:`));
		const low = Number(/>= ?(\d+)/.exec(row[at])?.[1]);
		if (low !== cuts[measure][plan][2026][Number(stars[1]) - 2])
			throw new Error(`cut point of ${measure}, ${plan}, ${stars[1]} stars: ${row[at]} is not ${cuts[measure][plan][2026][Number(stars[1]) - 2]}`);
		agreed++;
	}
}

// The check: what the raw table's class column says against our lists (domain rule: the ingredient lists decide).
await db.run(`create table drug_class as
	select * replace (valid_from::date as valid_from, valid_to::date as valid_to) from ${csv('drug_class.csv')}`);
await db.run('create table user_drug(ndc11 varchar, ingredient varchar, class varchar)');
await db.run('create table user_class(ndc11 varchar, measure varchar, ingredient varchar, role varchar)');
await db.run('alter table drug rename column ndc11 to ndc_code');
await db.run('alter table drug add column ndc11 varchar');
await db.run(`create table ndc_class as ${readFileSync(join(here, '../../sql/facts/ndc_class.sql'), 'utf8')}`);
const differences = await rows(`
	with said(measure, class) as (values ('pdc_diabetes', 'DM_NONINSULIN'), ('pdc_rasa', 'RASA'), ('pdc_statins', 'STATIN'),
		('pdc_doac', 'DOAC'), ('pdc_antiretrovirals', 'HIV_ARV')),
	ours as (select distinct ndc_code, measure from ndc_class where role = 'target'),
	theirs as (
		select distinct drug.ndc_code, said.measure from drug
		inner join said on list_contains(string_split(drug.raw_classes, '|'), said.class)
	)
	select coalesce(ours.measure, theirs.measure) as measure,
		case when ours.ndc_code is null then 'raw table only' else 'our list only' end as who,
		array_to_string(drug.ingredients, '; ') as ingredients, drug.route, drug.form, drug.brand, drug.ndc_code
	from ours full join theirs on theirs.ndc_code = ours.ndc_code and theirs.measure = ours.measure
	inner join drug on drug.ndc_code = coalesce(ours.ndc_code, theirs.ndc_code)
	where (ours.ndc_code is null or theirs.ndc_code is null)
		and coalesce(ours.measure, theirs.measure) in (select measure from said)
	order by measure, who, ingredients, brand, ndc_code`);

console.log(`drug.parquet: ${drugs.length} NDCs of ${source.length} (${empty} without a name)`);
console.log(`value_set.csv: ${sets.length} codes; cut_point.csv: ${cutRows.length} rows, ${agreed} of 2026 agree with the raw file`);
console.log(`\nMends (${mends.size} kinds):`);
for (const [key, count] of [...mends].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${key}`);
console.log(`\nNDCs classed one way by the raw table and another by drug_class.csv: ${differences.length}`);
for (const each of differences) console.log([each.measure, each.who, each.ndc_code, each.ingredients, each.route ?? '', each.form ?? '', each.brand ?? ''].join('\t'));
