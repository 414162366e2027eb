import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, type Row } from '$lib/server/duckdb';
import { shippedFolder } from '$lib/server/reference/table';
import type { Given } from './warehouse';

/** One row of the tables of adherence.md. */
export interface Case {
	name: string;
	person: string;
	measure: string;
	enrolled: string;
	fills: string;
	also: string;
	asOf: string;
	expected: string;
}

const text = readFileSync(join(import.meta.dirname, 'adherence.md'), 'utf8');
/** Every worked case, in the order of the file. */
export const cases: Case[] = text
	.split('\n')
	.filter((line) => line.startsWith('|') && !/^\| (Case|---)/.test(line))
	.map((line, at) => {
		const [name, measure, enrolled, fills, also, asOf, expected] = line
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim()) as [string, string, string, string, string, string, string];
		return { name, person: `P${at + 1}`, measure, enrolled, fills, also, asOf: asOf || '2025-12-31', expected };
	});

const day = (word: string) => (/^\d{2}-\d{2}$/.test(word) ? `2025-${word}` : word);
const span = (word: string) => word.split('..').map(day) as [string, string];
const parts = (cell: string) =>
	cell
		.split(';')
		.map((part) => part.trim())
		.filter((part) => part !== '');

/** For each product an NDC whose ingredients are exactly its, taken by mouth where the table says so. */
async function ndcsOf(products: string[]): Promise<(product: string) => string> {
	const sorted = (product: string) => product.split('+').sort().join(',');
	const database = await openDatabase();
	const connection = await database.connect();
	const found = await connection.rows<{ ingredients: string; ndc11: string }>(
		`select array_to_string(ingredients, ',') as ingredients, min(ndc11) as ndc11 from read_parquet($file)
		where array_to_string(ingredients, ',') in (select unnest(string_split($products, ';')))
			and (route is null or route = 'oral' or array_to_string(ingredients, ',') like 'insulin%')
		group by all`,
		{ file: join(shippedFolder(), 'drug.parquet'), products: products.map(sorted).join(';') }
	);
	database.close();
	const known = new Map(found.map(({ ingredients, ndc11 }) => [ingredients, ndc11]));
	return (product) => {
		const ndc11 = known.get(sorted(product));
		if (!ndc11) throw new Error(`no NDC has exactly ${product}`);
		return ndc11;
	};
}

let ndcs: ReturnType<typeof ndcsOf> | undefined;

/** A fill as the table writes it: `simvastatin 03-01 30 E`. */
const fillOf = (part: string) => /^(.+) (\S+) (\d+)(?: ([CEO]))?$/.exec(part) as unknown as string[];

async function given(some: Case[]): Promise<Given> {
	const eligibility: Given[string] = [];
	const pharmacy_claim: Given[string] = [];
	const medical_claim: Given[string] = [];
	const ndc = await (ndcs ??= ndcsOf(cases.flatMap((one) => parts(one.fills).map((part) => fillOf(part)[1]!))));
	for (const one of some) {
		const also = parts(one.also);
		const after = (word: string) => also.find((part) => part.startsWith(`${word} `))?.slice(word.length + 1);
		if (one.enrolled !== 'none')
			for (const part of parts(one.enrolled || '01-01..12-31')) {
				const [dates, plan] = part.split(' plan ') as [string, string | undefined];
				const hospice = after('hospice');
				eligibility.push({
					person_id: one.person,
					birth_date: after('born') ?? '1950-06-15',
					death_date: after('died') ? day(after('died')!) : null,
					enrollment_start_date: span(dates)[0],
					enrollment_end_date: span(dates)[1],
					plan: plan ?? 'PLAN',
					pharmacy_coverage: also.includes('no pharmacy coverage') ? false : null,
					hospice_start_date: hospice ? span(hospice)[0] : null,
					hospice_end_date: hospice ? span(hospice)[1] : null,
					medicare_status_code: also.includes('esrd status') ? '11' : '10'
				});
			}
		for (const [at, part] of parts(one.fills).entries()) {
			const [, product, on, days, status] = fillOf(part);
			pharmacy_claim.push({
				claim_id: `${one.person}-${at + 1}`,
				person_id: one.person,
				dispensing_date: day(on!),
				days_supply: days!,
				ndc_code: ndc(product!),
				drug_coverage_status: status ?? null
			});
		}
		for (const [at, part] of also.entries()) {
			const [word, first, second] = part.split(' ') as [string, string, string | undefined];
			const bill = word === 'bill' ? first : { stay: '111', snf: '211', swing: '181' }[word];
			if (bill) {
				const [from, to] = span(word === 'bill' ? second! : first);
				medical_claim.push({
					claim_id: `${one.person}-m${at}`,
					person_id: one.person,
					claim_type: 'institutional',
					claim_start_date: from,
					claim_end_date: to,
					admission_date: from,
					discharge_date: to,
					bill_type_code: bill
				});
			} else if (word === 'dx')
				medical_claim.push({
					claim_id: `${one.person}-m${at}`,
					person_id: one.person,
					claim_type: 'professional',
					claim_start_date: day(second!),
					claim_end_date: day(second!),
					diagnosis_code_type: 'icd-10-cm',
					diagnosis_code_2: first
				});
		}
	}
	return { eligibility, pharmacy_claim, medical_claim };
}

/** What the engine makes of the people of some cases of one as-of day, computed together as a plan's would be. */
export async function rowsOf(some: Case[]): Promise<{ adherence: Row[]; supply: Row[] }> {
	// Taken when it is asked for: a test may have put other code in place since.
	const { computed } = await import('./warehouse');
	const built = await computed(await given(some), {
		asOf: some[0]!.asOf,
		only: ['adherence', 'supply']
	});
	const rows = {
		adherence: await built.connection.rows('select * from adherence'),
		supply: await built.connection.rows(
			'select * from supply order by patient_id, measure, year, dispensed_on, claim_id, ingredient'
		)
	};
	built.close();
	return rows;
}

const shown = (value: unknown) => (value === null ? 'null' : String(value).replace(/^2025-(\d{2}-\d{2})$/, '$1'));

/** What a case expects and what came, by column. */
export function compared(one: Case, { adherence, supply }: { adherence: Row[]; supply: Row[] }) {
	const wanted = parts(one.expected).map((part) => [
		part.slice(0, part.indexOf(' ')),
		part.slice(part.indexOf(' ') + 1)
	]);
	const year = Number(wanted.find(([column]) => column === 'year')?.[1] ?? 2025);
	const isHis = (each: Row) => each.patient_id === one.person && each.measure === one.measure && each.year === year;
	const row = adherence.find(isHis);
	const spans = supply
		.filter(isHis)
		.map((each) => `${shown(each.counted_from)}..${shown(each.counted_to)}`)
		.join(', ');
	const got = wanted.map(([column]) => [column, column === 'supply' ? spans : row ? shown(row[column!]) : 'no row']);
	return { wanted: Object.fromEntries(wanted) as Row, got: Object.fromEntries(got) as Row };
}
