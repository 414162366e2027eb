import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingredientName, ingredientNames, type Names } from '$lib/domain/ingredient';
import { routeOf } from '$lib/domain/route';
import { literal, openDatabase, type Connection, type Database } from '$lib/server/duckdb';
import { loadReference, readNames } from '$lib/server/reference/load';
import { sqlFile } from '$lib/server/sql';

let database: Database;
let connection: Connection;
let names: Names;

beforeAll(async () => {
	database = await openDatabase();
	connection = await database.connect();
	await loadReference(connection, null);
	// A table, so that packages can be made up.
	await connection.run('create table shipped as from reference_drug; drop view reference_drug');
	await connection.run('alter table shipped rename to reference_drug');
	names = await readNames(connection);
});
afterAll(() => database.close());

/** Makes the drug facts anew for the given NDC texts. */
async function know(...texts: string[]): Promise<void> {
	const values = texts.map((text) => `(${literal(text)}, 1, 30)`).join(', ');
	await connection.run(`create or replace table claim_ndc as from (values ${values}) as each(ndc_code, fills, days)`);
	for (const fact of ['ndc_reading', 'ndc_package', 'drug', 'ndc_class'])
		await connection.run(`create or replace table ${fact} as ${sqlFile('facts', fact).text}`);
}

/** How one NDC text is understood: "00093204605 ndc11 pioglitazone". */
async function drugOf(text: string): Promise<string> {
	await know(text);
	return await drugRow(text);
}

/** The same of a text that the facts were made for. */
async function drugRow(text: string): Promise<string> {
	const { what } = await connection.row<{ what: string }>(
		`select concat_ws(' ', coalesce(ndc11, '-'), ndc_match, array_to_string(ingredients, '+')) as what
		from drug where ndc_code = ${literal(text)}`
	);
	return what.trim();
}

/** What an NDC is in the measures: "pdc_rasa target valsartan", in order. */
async function classesOf(text: string): Promise<string[]> {
	await know(text);
	return await classRows(text);
}

/** The same of a text that the facts were made for. */
async function classRows(text: string): Promise<string[]> {
	const rows = await connection.rows<{ what: string }>(
		`select measure || ' ' || role || ' ' || ingredient as what from ndc_class
		where ndc_code = ${literal(text)} order by what`
	);
	return rows.map((each) => each.what);
}

/** The first NDC of a product with exactly these ingredients in the shipped table. */
async function ndcOf(ingredients: string[], and = 'true'): Promise<string> {
	const list = ingredients.map(literal).join(', ');
	const { ndc11 } = await connection.row<{ ndc11: string | null }>(
		`select min(ndc11) as ndc11 from reference_drug where ingredients = [${list}] and ${and}`
	);
	if (!ndc11) throw new Error(`the shipped table has no product of ${ingredients.join(' and ')}`);
	return ndc11;
}

describe('an NDC, however it is written', () => {
	// 00378-3950-77 is atorvastatin 10 mg, 00002-1433-80 Trulicity, 00071-0155-23 Lipitor.
	const texts = [
		['eleven digits', '00378395077', '00378395077 ndc11 atorvastatin'],
		['dashed 5-4-2', '00378-3950-77', '00378395077 ndc11 atorvastatin'],
		['dashed 4-4-2', '0378-3950-77', '00378395077 ndc11 atorvastatin'],
		['dashed 5-3-2', '00071-155-23', '00071015523 ndc11 atorvastatin'],
		['blanks around and within', ' 00378 3950 77 ', '00378395077 ndc11 atorvastatin'],
		['ten digits without dashes', '0378395077', '00378395077 ndc10 atorvastatin'],
		['ten digits, labeler without its zero', '0002143380', '00002143380 ndc10 dulaglutide'],
		['nine digits: labeler and product', '003783950', '- ndc9 atorvastatin'],
		['dashed labeler and product', '0378-3950', '- ndc9 atorvastatin'],
		['a package nobody knows', '00378395001', '00378395001 ndc9 atorvastatin'],
		['eleven digits of no known product', '99999999999', '99999999999 none'],
		['dashed, of no known product', '9999-9999-99', '09999999999 none'],
		['twelve digits, from 2033', '000378395077', '000378395077 none']
	];
	beforeAll(() => know(...texts.map(([, text]) => text!)));
	test.each(texts)('%s', async (_, text, understood) => {
		expect(await drugRow(text!)).toBe(understood);
	});

	test('5-4-1 lacks its zero in the package', async () => {
		await connection.run(
			`insert into reference_drug by name select '12345678909' as ndc11, ['warfarin'] as ingredients`
		);
		expect(await drugOf('12345-6789-9')).toBe('12345678909 ndc11 warfarin');
		expect(await drugOf('1234567899')).toBe('12345678909 ndc10 warfarin');
		await connection.run(`delete from reference_drug where ndc11 = '12345678909'`);
	});

	test('ten digits that are two known codes of different drugs are no drug', async () => {
		await connection.run(
			`insert into reference_drug by name
			from (values ('01234567890', ['warfarin']), ('12345067890', ['digoxin'])) as each(ndc11, ingredients)`
		);
		expect(await drugOf('1234567890')).toBe('- none');
		await connection.run(`update reference_drug set ingredients = ['warfarin'] where ndc11 = '12345067890'`);
		expect(await drugOf('1234567890')).toBe('- ndc10 warfarin');
		await connection.run(`delete from reference_drug where ndc11 in ('01234567890', '12345067890')`);
	});

	test('nine digits that may also be a code without its two leading zeros', async () => {
		await connection.run(
			`insert into reference_drug by name
			from (values ('00987654321', ['warfarin']), ('98765432109', ['digoxin'])) as each(ndc11, ingredients)`
		);
		expect(await drugOf('987654321')).toBe('- none');
		await connection.run(`delete from reference_drug where ndc11 = '98765432109'`);
		expect(await drugOf('987654321')).toBe('00987654321 ndc10 warfarin');
		await connection.run(`delete from reference_drug where ndc11 = '00987654321'`);
	});

	test('an unknown package of a product number used for two drugs is no drug', async () => {
		await connection.run(
			`insert into reference_drug by name
			from (values ('98765432101', ['warfarin']), ('98765432102', ['digoxin'])) as each(ndc11, ingredients)`
		);
		expect(await drugOf('98765432101')).toBe('98765432101 ndc11 warfarin');
		expect(await drugOf('98765432199')).toBe('98765432199 none');
		await connection.run(`delete from reference_drug where ndc11 in ('98765432101', '98765432102')`);
	});

	test('a row for each text, with its fills and days, known or not', async () => {
		await know('00378395077', '0378-3950-77', 'unknown', '99999999999');
		expect(await connection.rows('select ndc_code, ndc_match, fills, days from drug order by ndc_code')).toEqual([
			{ ndc_code: '00378395077', ndc_match: 'ndc11', fills: 1, days: 30 },
			{ ndc_code: '0378-3950-77', ndc_match: 'ndc11', fills: 1, days: 30 },
			{ ndc_code: '99999999999', ndc_match: 'none', fills: 1, days: 30 },
			{ ndc_code: 'unknown', ndc_match: 'none', fills: 1, days: 30 }
		]);
	});
});

describe('which measures a product is in', () => {
	const products: [string, string[], string[]][] = [
		[
			'valsartan with hydrochlorothiazide: the partner gives no row',
			['hydrochlorothiazide', 'valsartan'],
			['pdc_rasa target valsartan']
		],
		[
			'metformin with sitagliptin: both are targets',
			['metformin', 'sitagliptin'],
			['pdc_diabetes target metformin', 'pdc_diabetes target sitagliptin']
		],
		[
			'three targets in one product',
			['empagliflozin', 'linagliptin', 'metformin'],
			['pdc_diabetes target empagliflozin', 'pdc_diabetes target linagliptin', 'pdc_diabetes target metformin']
		],
		[
			'insulin with liraglutide: exclusion, never target',
			['insulin degludec', 'liraglutide'],
			['pdc_diabetes exclusion insulin degludec']
		],
		[
			'insulin with lixisenatide: the same',
			['insulin glargine', 'lixisenatide'],
			['pdc_diabetes exclusion insulin glargine']
		],
		[
			'sacubitril with valsartan: exclusion, never target',
			['sacubitril', 'valsartan'],
			['pdc_rasa exclusion sacubitril']
		],
		['dapagliflozin alone', ['dapagliflozin'], ['pdc_diabetes target dapagliflozin']],
		['sotagliflozin is no diabetes target', ['sotagliflozin'], []],
		['acarbose is no diabetes target', ['acarbose'], []],
		['cerivastatin is no statin target', ['cerivastatin'], []],
		[
			'amlodipine with benazepril: a target in two measures',
			['amlodipine', 'benazepril'],
			['pdc_calcium_channel_blockers target amlodipine', 'pdc_rasa target benazepril']
		],
		[
			'amlodipine with atorvastatin',
			['amlodipine', 'atorvastatin'],
			['pdc_calcium_channel_blockers target amlodipine', 'pdc_statins target atorvastatin']
		],
		['simvastatin with ezetimibe', ['ezetimibe', 'simvastatin'], ['pdc_statins target simvastatin']],
		[
			'aliskiren with valsartan: both',
			['aliskiren', 'valsartan'],
			['pdc_rasa target aliskiren', 'pdc_rasa target valsartan']
		],
		['apixaban', ['apixaban'], ['pdc_doac target apixaban']],
		['warfarin', ['warfarin'], ['pdc_doac exclusion warfarin']],
		['budesonide with formoterol', ['budesonide', 'formoterol'], ['pdc_copd_inhaled target formoterol']],
		[
			'three antiretrovirals and no booster',
			['cobicistat', 'elvitegravir', 'emtricitabine', 'tenofovir'],
			[
				'pdc_antiretrovirals target elvitegravir',
				'pdc_antiretrovirals target emtricitabine',
				'pdc_antiretrovirals target tenofovir'
			]
		]
	];

	const brands: [string, string[], string, string[]][] = [
		['Ozempic', ['semaglutide'], `brand = 'Ozempic'`, ['pdc_diabetes target semaglutide']],
		['Rybelsus, by mouth', ['semaglutide'], `brand = 'Rybelsus'`, ['pdc_diabetes target semaglutide']],
		['Wegovy, for weight', ['semaglutide'], `brand = 'Wegovy'`, []],
		['Mounjaro', ['tirzepatide'], `brand = 'Mounjaro'`, ['pdc_diabetes target tirzepatide']],
		['Zepbound, for weight', ['tirzepatide'], `brand = 'Zepbound'`, []],
		['Victoza', ['liraglutide'], `brand = 'Victoza'`, ['pdc_diabetes target liraglutide']],
		['Saxenda, for weight', ['liraglutide'], `brand = 'Saxenda'`, []],
		[
			'inhaled insulin',
			['insulin human'],
			`brand = 'Afrezza' and route = 'inhalation'`,
			['pdc_diabetes exclusion insulin human']
		],
		['timolol tablets', ['timolol'], `route = 'oral'`, ['pdc_beta_blockers target timolol']],
		['timolol eye drops', ['timolol'], `route = 'ophthalmic'`, []],
		['metoprolol by injection', ['metoprolol'], `route = 'injection'`, []],
		['inhaled glycopyrrolate', ['glycopyrrolate'], `route = 'inhalation'`, ['pdc_copd_inhaled target glycopyrrolate']],
		['glycopyrrolate tablets', ['glycopyrrolate'], `route = 'oral'`, []],
		['lamivudine for HIV', ['lamivudine'], `brand = 'EPIVIR'`, ['pdc_antiretrovirals target lamivudine']],
		['lamivudine for hepatitis B', ['lamivudine'], `brand = 'Epivir HBV'`, []],
		['a diabetes kit of a wholesaler', ['metformin'], `brand = 'Appformin'`, []]
	];
	beforeAll(async () => {
		const codes: string[] = [];
		for (const [, ingredients] of products) codes.push(await ndcOf(ingredients));
		for (const [, ingredients, and] of brands) codes.push(await ndcOf(ingredients, and));
		await know(...new Set(codes));
	});
	test.each(products)('%s', async (_, ingredients, classes) => {
		expect(await classRows(await ndcOf(ingredients))).toEqual(classes);
	});
	test.each(brands)('%s', async (_, ingredients, and, classes) => {
		expect(await classRows(await ndcOf(ingredients, and))).toEqual(classes);
	});

	test('a product whose route is not known passes the route test', async () => {
		await connection.run(
			`insert into reference_drug by name select '98765432101' as ndc11, ['pravastatin'] as ingredients`
		);
		expect(await classesOf('98765432101')).toEqual(['pdc_statins target pravastatin']);
		await connection.run(`update reference_drug set route = 'topical' where ndc11 = '98765432101'`);
		expect(await classesOf('98765432101')).toEqual([]);
		await connection.run(`delete from reference_drug where ndc11 = '98765432101'`);
	});

	test('every ingredient of the class table is one that the drug table or an import can give', async () => {
		for (const { ingredient } of await connection.rows<{ ingredient: string }>('from drug_class'))
			expect(ingredientName(ingredient, names)).toBe(ingredient);
		const missing = await connection.rows<{ ingredient: string }>(
			`select distinct drug_class.ingredient from drug_class
			anti join (select unnest(ingredients) as ingredient from reference_drug) as known using (ingredient)`
		);
		expect(missing).toEqual([]);
	});

	test('the class lists have as many ingredients as the published measures', async () => {
		const counts = await connection.rows(
			`select measure, count(*) filter (role = 'target') as targets, count(*) filter (role = 'exclusion') as exclusions
			from drug_class where measure in ('pdc_diabetes', 'pdc_rasa', 'pdc_statins') group by measure order by measure`
		);
		expect(counts).toEqual([
			{ measure: 'pdc_diabetes', targets: 27, exclusions: 8 },
			{ measure: 'pdc_rasa', targets: 19, exclusions: 1 },
			{ measure: 'pdc_statins', targets: 7, exclusions: 0 }
		]);
	});

	test('no product is a target and an exclusion of one measure', async () => {
		const rows = await connection.rows<{ ndc11: string }>('select ndc11 from reference_drug');
		await connection.run(
			`create or replace table claim_ndc as select ndc11 as ndc_code, 1 as fills, 30 as days from reference_drug`
		);
		for (const fact of ['ndc_reading', 'ndc_package', 'drug', 'ndc_class'])
			await connection.run(`create or replace table ${fact} as ${sqlFile('facts', fact).text}`);
		const { drugs, both } = await connection.row<{ drugs: number; both: number }>(
			`select (select count(*) from drug where ndc_match = 'ndc11') as drugs, (
				select count(*) from (
					select ndc_code, measure from ndc_class group by all having count(distinct role) > 1
				)
			) as both`
		);
		expect(drugs).toBe(rows.length);
		expect(both).toBe(0);
	});
});

describe('the year decides the stay adjustment, the measure its threshold', () => {
	test('stays are adjusted for through 2025', async () => {
		const rows = await connection.rows<{ year: number; stay_adjustment: boolean }>('from adherence_year');
		for (const { year, stay_adjustment } of rows) expect([year, stay_adjustment]).toEqual([year, year <= 2025]);
		expect(rows).toHaveLength(30);
	});

	test('80% everywhere, 90% and two drugs at once for antiretrovirals', async () => {
		const rows = await connection.rows<{ measure: string; threshold_percent: number; min_ingredients: number }>(
			'select measure, threshold_percent, min_ingredients from adherence_measure order by measure'
		);
		expect(rows).toHaveLength(8);
		for (const row of rows)
			expect([row.threshold_percent, row.min_ingredients]).toEqual(
				row.measure === 'pdc_antiretrovirals' ? [90, 2] : [80, 1]
			);
	});

	test('four cut points for each measure, ratings year and plan type, rising', async () => {
		const rows = await connection.rows<{ minimum: number[]; gap: number[] }>(
			`select list(minimum order by stars) as minimum, list(distinct ratings_year - measure_year) as gap
			from cut_point group by measure, ratings_year, plan_type`
		);
		expect(rows).toHaveLength(30);
		for (const { minimum, gap } of rows) {
			expect(minimum).toEqual([...minimum].sort((a, b) => a - b));
			expect([minimum.length, new Set(minimum).size, gap]).toEqual([4, 4, [2]]);
		}
	});
});

describe('a substance by its generic name', () => {
	test.each([
		['ATORVASTATIN CALCIUM TRIHYDRATE', 'atorvastatin'],
		['METFORMIN HYDROCHLORIDE', 'metformin'],
		['LOSARTAN POTASSIUM', 'losartan'],
		['CANDESARTAN CILEXETIL', 'candesartan'],
		['OLMESARTAN MEDOXOMIL', 'olmesartan'],
		['AZILSARTAN KAMEDOXOMIL', 'azilsartan'],
		['PERINDOPRIL ERBUMINE', 'perindopril'],
		['PERINDOPRIL ARGININE', 'perindopril'],
		['ALISKIREN HEMIFUMARATE', 'aliskiren'],
		['SITAGLIPTIN PHOSPHATE', 'sitagliptin'],
		['DAPAGLIFLOZIN PROPANEDIOL', 'dapagliflozin'],
		['ERTUGLIFLOZIN PIDOLATE', 'ertugliflozin'],
		['EXENATIDE SYNTHETIC', 'exenatide'],
		['DABIGATRAN ETEXILATE MESYLATE', 'dabigatran'],
		['EDOXABAN TOSYLATE', 'edoxaban'],
		['TENOFOVIR DISOPROXIL FUMARATE', 'tenofovir'],
		['TENOFOVIR ALAFENAMIDE FUMARATE', 'tenofovir'],
		['VILANTEROL TRIFENATATE', 'vilanterol'],
		['INDINAVIR SULFATE ETHANOLATE', 'indinavir'],
		['INSULIN GLARGINE-YFGN', 'insulin glargine'],
		['INSULIN HUMAN', 'insulin human'],
		['human insulin isophane', 'insulin human'],
		['GLIBENCLAMIDE', 'glyburide'],
		['pioglitazole', 'pioglitazone'],
		['POTASSIUM CHLORIDE', 'potassium chloride'],
		['DIMETHYL FUMARATE', 'dimethyl fumarate'],
		['Simvastatin', 'simvastatin']
	])('%s is %s', (substance, ingredient) => {
		expect(ingredientName(substance, names)).toBe(ingredient);
	});

	test('several, sorted and once each', () => {
		expect(ingredientNames('VALSARTAN; HYDROCHLOROTHIAZIDE; valsartan ;', names)).toEqual([
			'hydrochlorothiazide',
			'valsartan'
		]);
	});
});

test.each([
	['ORAL', 'TABLET', 'oral'],
	['SUBCUTANEOUS', 'INJECTION, SOLUTION', 'injection'],
	['ORAL; RESPIRATORY (INHALATION)', 'CAPSULE', 'inhalation; oral'],
	[null, 'Oral Tablet', 'oral'],
	[null, 'Metered Dose Nasal Spray', 'nasal'],
	[null, 'Metered Dose Inhaler', 'inhalation'],
	['OCCLUSIVE DRESSING TECHNIQUE', 'TABLET', 'oral'],
	[null, 'KIT', null],
	['', '', null]
])('a product given %s as %s is %s', (route, form, known) => {
	expect(routeOf(route, form)).toBe(known);
});
