import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { literal, openDatabase, type Connection } from '$lib/server/duckdb';
import { openHome, type Home } from '$lib/server/home';
import { forgetImport, importReference } from '$lib/server/reference/import';
import { readImports } from '$lib/server/reference/imported';
import { listReference } from '$lib/server/reference/listing';
import { loadReference } from '$lib/server/reference/load';
import { shippedFolder, tables } from '$lib/server/reference/table';
import { sqlFile } from '$lib/server/sql';

let folder: string;
let home: Home;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'mtm-'));
	home = openHome(join(folder, 'home'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string | Buffer): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

const productHeader =
	'PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tPROPRIETARYNAMESUFFIX\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\tROUTENAME\t' +
	'STARTMARKETINGDATE\tENDMARKETINGDATE\tMARKETINGCATEGORYNAME\tAPPLICATIONNUMBER\tLABELERNAME\tSUBSTANCENAME\t' +
	'ACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tPHARM_CLASSES\tDEASCHEDULE\tNDC_EXCLUDE_FLAG\tLISTING_RECORD_CERTIFIED_THROUGH';
const packageHeader =
	'PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\tENDMARKETINGDATE\tNDC_EXCLUDE_FLAG\tSAMPLE_PACKAGE';

/** One line of product.txt as the FDA writes it. */
const product = (ndc: string, brand: string, form: string, route: string, substance: string, generic = '') =>
	[
		`${ndc}_x`,
		ndc,
		'HUMAN PRESCRIPTION DRUG',
		brand,
		'',
		generic || substance,
		form,
		route,
		'20250601',
		'',
		'ANDA',
		'ANDA123456',
		'Laboratorios Ficción, S.A.',
		substance,
		'10; 20',
		'mg/1; mg/1',
		'',
		'',
		'N',
		'20271231'
	].join('\t');
const pack = (ndc: string, code: string) =>
	[`${ndc}_x`, ndc, code, '90 TABLET in 1 BOTTLE', '20250601', '', 'N', 'N'].join('\t');

/** The directory's two files, in the FDA's character set and with its line ends. */
function directory(): [string, string] {
	const products = [
		productHeader,
		product('7001-123', 'Atorva', 'TABLET, FILM COATED', 'ORAL', 'ATORVASTATIN CALCIUM TRIHYDRATE'),
		product('70002-0456', 'Losar HCT', 'TABLET', 'ORAL', 'HYDROCHLOROTHIAZIDE; LOSARTAN POTASSIUM'),
		product('70003-789', 'Glargi', 'INJECTION, SOLUTION', 'SUBCUTANEOUS', 'INSULIN GLARGINE'),
		product('70004-001', 'Exena Kit', 'KIT', '', '', 'exenatide'),
		product('70005-911', 'Nothing', 'KIT', '', ''),
		// The shipped table calls 00378-3950-77 atorvastatin 10 mg.
		product('0378-3950', 'Simva', 'TABLET', 'ORAL', 'SIMVASTATIN')
	];
	const packages = [
		packageHeader,
		pack('7001-123', '7001-0123-05'),
		pack('70002-0456', '70002-0456-9'),
		pack('70003-789', '70003-789-10'),
		pack('70004-001', '70004-001-04'),
		pack('70005-911', '70005-911-04'),
		pack('0378-3950', '0378-3950-77'),
		pack('79999-001', '79999-001-01')
	];
	return [
		file('product.txt', Buffer.from(`${products.join('\r\n')}\r\n`, 'latin1')),
		file('package.txt', Buffer.from(`${packages.join('\r\n')}\r\n`, 'latin1'))
	];
}

/** What a results database made now would say of NDC texts: "code ingredients | measure role ingredient". */
async function understood(...texts: string[]): Promise<string[]> {
	const database = await openDatabase();
	const connection = await database.connect();
	try {
		await loadReference(connection, home);
		const values = texts.map((text) => `(${literal(text)}, 1, 30)`).join(', ');
		await connection.run(`create table claim_ndc as from (values ${values}) as each(ndc_code, fills, days)`);
		for (const fact of ['ndc_reading', 'ndc_package', 'drug', 'ndc_class'])
			await connection.run(`create table ${fact} as ${sqlFile('facts', fact).text}`);
		return await lines(connection);
	} finally {
		database.close();
	}
}

async function lines(connection: Connection): Promise<string[]> {
	const rows = await connection.rows<{ line: string }>(
		`select concat_ws(' | ',
			concat_ws(' ', drug.ndc_code, ndc_match, nullif(array_to_string(ingredients, '+'), '')),
			string_agg(measure || ' ' || role || ' ' || ingredient, ', ' order by measure, role, ingredient)) as line
		from drug left join ndc_class on ndc_class.ndc_code = drug.ndc_code
		group by drug.ndc_code, ndc_match, ingredients order by drug.ndc_code`
	);
	return rows.map((each) => each.line);
}

describe('the FDA NDC Directory', () => {
	test('gives the drugs of its packages and wins over the shipped table', async () => {
		const [done] = await importReference(home, directory());
		expect(done!.import).toMatchObject({
			id: 1,
			kind: 'fda_directory',
			rows: 5,
			version: 'products marketed up to 2025-06-01'
		});
		expect(done!.notes[0]).toContain('6 products and 7 packages read; 5 NDCs kept, 4 of them new');
		expect(done!.notes).toContain('1 products without any substance were left out.');
		expect(done!.notes).toContain('1 packages without a product and 0 with an unreadable code were left out.');
		expect(
			await understood('07001012305', '70002045609', '70003078910', '70004000104', '70005091104', '00378395077')
		).toEqual([
			'00378395077 ndc11 simvastatin | pdc_statins target simvastatin',
			'07001012305 ndc11 atorvastatin | pdc_statins target atorvastatin',
			'70002045609 ndc11 hydrochlorothiazide+losartan | pdc_rasa target losartan',
			'70003078910 ndc11 insulin glargine | pdc_diabetes exclusion insulin glargine',
			'70004000104 ndc11 exenatide | pdc_diabetes target exenatide',
			'70005091104 none'
		]);
	});

	test('keeps strength, route, brand and labeler, letters of the Windows character set too', async () => {
		await importReference(home, directory());
		const database = await openDatabase();
		const connection = await database.connect();
		await loadReference(connection, home);
		expect(await connection.row(`from reference_drug where ndc11 = '70002045609'`)).toEqual({
			ndc11: '70002045609',
			ingredients: ['hydrochlorothiazide', 'losartan'],
			strength: '10 mg/1; 20 mg/1',
			form: 'tablet',
			route: 'oral',
			brand: 'Losar HCT',
			labeler: 'Laboratorios Ficción, S.A.',
			source: 'FDA NDC Directory, imported'
		});
		database.close();
	});

	test('needs both files, and unpacked', async () => {
		const [products, packages] = directory();
		await expect(importReference(home, [products])).rejects.toMatchObject({ exit: 1 });
		await expect(importReference(home, [packages])).rejects.toMatchObject({ exit: 1 });
		await expect(importReference(home, [file('ndctext.zip', 'PK\u0003\u0004')])).rejects.toThrow('zip');
		expect(readImports(home)).toEqual([]);
	});

	test('a newer one takes the place of the older', async () => {
		const [products, packages] = directory();
		await importReference(home, [products, packages]);
		writeFileSync(products, readFileSync(products, 'latin1').replaceAll('SIMVASTATIN', 'ROSUVASTATIN'), 'latin1');
		await importReference(home, [products, packages]);
		expect(await understood('00378395077')).toEqual([
			'00378395077 ndc11 rosuvastatin | pdc_statins target rosuvastatin'
		]);
	});
});

describe("a user's own list of drugs", () => {
	test('adds and corrects NDCs, and counts before all else', async () => {
		await importReference(home, directory());
		const list = file(
			'own.csv',
			'NDC,Ingredient,Class\n00378-3950-77,Pravastatin Sodium,\n88888-7777-66,"Sitagliptin Phosphate; Metformin HCl",\n88888-7777-55,newstatin,Statins\n'
		);
		const [done] = await importReference(home, [list]);
		expect(done!.import).toMatchObject({ id: 2, kind: 'drug_list', rows: 3 });
		expect(done!.notes[1]).toContain('newstatin');
		expect(await understood('00378395077', '88888777766', '88888777755')).toEqual([
			'00378395077 list pravastatin | pdc_statins target pravastatin',
			'88888777755 list newstatin | pdc_statins target newstatin',
			'88888777766 list metformin+sitagliptin | pdc_diabetes target metformin, pdc_diabetes target sitagliptin'
		]);
	});

	test('of two lists, the one imported last counts for an NDC of both', async () => {
		await importReference(home, [file('a.csv', 'ndc,ingredient\n88888777766,warfarin\n88888777755,digoxin\n')]);
		await importReference(home, [file('b.csv', 'ndc,ingredient\n88888777766,apixaban\n')]);
		expect(await understood('88888777766', '88888777755')).toEqual([
			'88888777755 list digoxin',
			'88888777766 list apixaban | pdc_doac target apixaban'
		]);
	});

	test('the same bytes count once, under any name', async () => {
		const text = 'ndc,ingredient\n88888777766,warfarin\n';
		await importReference(home, [file('a.csv', text)]);
		const [again] = await importReference(home, [file('b.csv', text)]);
		expect(again!.isNew).toBe(false);
		expect(readImports(home)).toHaveLength(1);
	});

	test('rows that cannot be read stop the whole import and are named', async () => {
		const list = file(
			'bad.csv',
			'ndc,ingredient,class\n88888777766,warfarin,\n123,warfarin,\n8888877776,warfarin,\n88888777755,,\n88888777744,warfarin,blood thinner\n,warfarin,\n'
		);
		const good = file('good.csv', 'ndc,ingredient\n88888777711,warfarin\n');
		const failed = importReference(home, [good, list]);
		await expect(failed).rejects.toMatchObject({ exit: 2 });
		await expect(failed).rejects.toThrow('5 of 6 rows cannot be read. Nothing was changed.');
		for (const part of [
			'row 2: "123" is not an NDC',
			'row 3: "8888877776" has 10 digits',
			'row 4: no ingredient',
			'row 5: "blood thinner" is no class',
			'row 6: no NDC'
		])
			await expect(failed).rejects.toThrow(part);
		expect(readImports(home)).toEqual([]);
		expect(readdirSync(home.reference)).toEqual([]);
	});

	test('can be taken out again', async () => {
		await importReference(home, [file('a.csv', 'ndc,ingredient\n88888777766,warfarin\n')]);
		await forgetImport(home, 1);
		expect(await understood('88888777766')).toEqual(['88888777766 none']);
		expect(readdirSync(home.reference)).toEqual(['imports.json']);
		await expect(forgetImport(home, 1)).rejects.toMatchObject({ exit: 1 });
	});
});

describe('a list of the NDCs of a measure', () => {
	test('replaces our list for its measure and role, and for no other', async () => {
		// 00378-3950-77 and 00071-0155-23 are atorvastatin by our list.
		const list = file(
			'licensed.csv',
			'ndc,measure,role\n00378-3950-77,pdc_statins,target\n88888-7777-66,pdc_statins,target\n'
		);
		await importReference(home, [list]);
		expect(await understood('00378395077', '00071015523', '88888777766', '00093204605')).toEqual([
			'00071015523 ndc11 atorvastatin',
			'00093204605 ndc11 pioglitazone | pdc_diabetes target pioglitazone',
			'00378395077 ndc11 atorvastatin | pdc_statins target atorvastatin',
			'88888777766 none | pdc_statins target 88888777766'
		]);
		const database = await openDatabase();
		const listed = await listReference(await database.connect(), home);
		database.close();
		expect(listed.find((each) => each.name === 'import 1')).toMatchObject({
			origin: 'imported',
			counts: true,
			note: 'replaces our list for pdc_statins (targets, 2 NDCs)'
		});
	});

	test('a combination is in it by each target ingredient, or by the one that the list names', async () => {
		// Both are metformin with sitagliptin.
		const list = file(
			'licensed.csv',
			'ndc,measure,role,ingredient\n00006-0078-14,Diabetes,target,\n00006057503,pdc_diabetes,include,Sitagliptin Phosphate\n'
		);
		await importReference(home, [list]);
		expect(await understood('00006007814', '00006057503')).toEqual([
			'00006007814 ndc11 metformin+sitagliptin | pdc_diabetes target metformin, pdc_diabetes target sitagliptin',
			'00006057503 ndc11 metformin+sitagliptin | pdc_diabetes target sitagliptin'
		]);
	});

	test('its exclusions leave our targets as they are, but a product of both is no target', async () => {
		await importReference(home, [file('ex.csv', 'ndc,measure,role\n00378395077,pdc_statins,exclusion\n')]);
		expect(await understood('00378395077', '00071015523')).toEqual([
			'00071015523 ndc11 atorvastatin | pdc_statins target atorvastatin',
			'00378395077 ndc11 atorvastatin | pdc_statins exclusion atorvastatin'
		]);
	});

	test('a measure or role that nobody knows stops it', async () => {
		const list = file('bad.csv', 'ndc,measure,role\n00378395077,pdc_none,target\n00378395077,pdc_statins,perhaps\n');
		await expect(importReference(home, [list])).rejects.toThrow('2 of 2 rows');
	});
});

describe('a table of ours in its user’s version', () => {
	test('counts instead of the shipped one, whatever the order of its columns', async () => {
		const table = file('years.csv', 'stay_adjustment,year,source\nfalse,2025,"a plan, by contract"\n');
		await importReference(home, [table]);
		const database = await openDatabase();
		const connection = await database.connect();
		await loadReference(connection, home);
		expect(await connection.rows('from adherence_year')).toEqual([
			{ year: 2025, stay_adjustment: false, source: 'a plan, by contract' }
		]);
		const listed = await listReference(connection, home);
		expect(listed.find((each) => each.name === 'adherence_year')).toMatchObject({ counts: false });
		database.close();
	});

	test('is refused when a value does not fit', async () => {
		await expect(
			importReference(home, [file('years.csv', 'year,stay_adjustment,source\ntwenty,false,\n')])
		).rejects.toMatchObject({ exit: 2 });
		const classes = 'measure,class,ingredient,role,route_filter,brand_exclude,valid_from,valid_to,source\n';
		await expect(
			importReference(home, [file('drug_class.csv', `${classes}pdc_statins,statin,newstatin,aim,,,,,\n`)])
		).rejects.toThrow('role is "aim", not target or exclusion');
	});

	test('a file that is none of these is refused with what is known', async () => {
		await expect(importReference(home, [file('x.csv', 'a,b\n1,2\n')])).rejects.toThrow('none of the files');
		await expect(importReference(home, [join(folder, 'missing.csv')])).rejects.toMatchObject({ exit: 1 });
	});
});

test('every table that may be replaced can be, with its own shipped rows', async () => {
	const names = Object.keys(tables);
	const done = await importReference(
		home,
		names.map((name) => join(shippedFolder(), `${name}.csv`))
	);
	expect(done.map((each) => each.import.kind)).toEqual(names);
	const database = await openDatabase();
	try {
		await loadReference(await database.connect(), home);
	} finally {
		database.close();
	}
});

test('a value of the audit that its parameter cannot have stops the import', async () => {
	const shipped = readFileSync(join(shippedFolder(), 'audit_value.csv'), 'utf8');
	const wrong = file('audit_value.csv', shipped.replace('time_rule,midpoint', 'time_rule,sometimes'));
	await expect(importReference(home, [wrong])).rejects.toThrow(
		'time_rule is "sometimes", not midpoint or any_part or full_block'
	);
	expect(readImports(home)).toEqual([]);
});
