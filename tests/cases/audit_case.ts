import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '$lib/server/duckdb';
import { shippedFolder } from '$lib/server/reference/table';
import type { Built, Given } from './warehouse';

/** One row of audit.md. */
export type AuditCase = { name: string; person: string; changes: string[]; expected: string[] };
type Cells = Record<string, string | number | boolean | null>;
/** The rows of one case, by the names that audit.md calls them. */
type Rows = Map<string, { table: string; cells: Cells }>;

const parts = (text: string) =>
	text
		.split(';')
		.map((part) => part.trim())
		.filter((part) => part !== '');

/** Every worked case of a file, in its order. */
export const casesOf = (file: string): AuditCase[] =>
	readFileSync(join(import.meta.dirname, file), 'utf8')
		.split('\n')
		.filter((line) => line.startsWith('|') && !/^\| (Case|---)/.test(line))
		.map((line, at) => {
			const [name, changes, expected] = line
				.split('|')
				.slice(1, -1)
				.map((cell) => cell.trim()) as [string, string, string];
			return { name, person: `P${at + 1}`, changes: parts(changes), expected: parts(expected).sort() };
		});
export const cases = casesOf('audit.md');

/** A valid National Provider Identifier with this number inside. */
export function npi(number: number): string {
	const nine = `1${String(number).padStart(8, '0')}`;
	const sum = [...nine].reduce((all, digit, at) => {
		const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
		return all + (doubled > 9 ? doubled - 9 : doubled);
	}, 24);
	return nine + String((10 - (sum % 10)) % 10);
}

const words = (person: string) =>
	Array.from({ length: 60 }, (_, at) => `${['eats', 'sleeps', 'walks', 'asks', 'takes'][at % 5]}${person}${at}`);

function rightClaim(person: string, pharmacist: string): Rows {
	const claim = (line: number, code: string, paid: number): Cells => ({
		claim_id: `${person}-B`,
		claim_line_number: line,
		person_id: person,
		service_id: `${person}-S`,
		payer: 'Sunrise',
		program: 'part_d',
		service_date: '2025-03-05',
		procedure_code: code,
		units: 1,
		pharmacist_npi: pharmacist,
		pharmacy_npi: npi(77),
		place_of_service_code: '01',
		billed_amount: paid,
		paid_amount: paid,
		claim_status: 'paid',
		submitted_date: '2025-03-10',
		paid_date: '2025-03-24',
		claim_format: '837p',
		approval_number: 'PA1'
	});
	return new Map([
		[
			'roster',
			{
				table: 'eligibility',
				cells: {
					person_id: person,
					birth_date: '1950-06-15',
					enrollment_start_date: '2024-01-01',
					enrollment_end_date: '2025-12-31',
					payer: 'Sunrise',
					payer_type: 'medicare',
					contract_id: 'H1'
				}
			}
		],
		[
			'enrolled',
			{
				table: 'mtm_enrollment',
				cells: {
					person_id: person,
					contract_id: 'H1',
					program: 'part_d',
					enrollment_date: '2025-01-15',
					met_criteria_date: '2025-01-10',
					targeting_reason: '01'
				}
			}
		],
		[
			'session',
			{
				table: 'mtm_service',
				cells: {
					service_id: `${person}-S`,
					person_id: person,
					contract_id: 'H1',
					program: 'part_d',
					service_type: 'cmr',
					service_date: '2025-03-05',
					status: 'completed',
					delivery_method: '01',
					provider_npi: pharmacist,
					pharmacy_npi: npi(77),
					start_time: '10:00',
					end_time: '10:30',
					minutes: 30,
					summary_sent_date: '2025-03-10',
					summary_standard_format: true,
					consent_date: '2025-03-05',
					approval_number: 'PA1',
					documented_at: '2025-03-05 11:00',
					note: words(person).join(' ')
				}
			}
		],
		['line1', { table: 'mtm_claim', cells: claim(1, '99605', 60) }],
		['line2', { table: 'mtm_claim', cells: claim(2, '99607', 20) }],
		['provider', { table: 'provider', cells: { npi: pharmacist, kind: 'pharmacist', licensed_from: '2015-01-01' } }]
	]);
}

/** A row that a case names before it is there: a copy of the right one, or one of its own. */
function rowNamed(rows: Rows, name: string, person: string, pharmacist: string): { table: string; cells: Cells } {
	const known = rows.get(name);
	if (known) return known;
	const [, stem, at] = /^(\D+)(\d*)$/.exec(name) as unknown as [string, string, string];
	const of = (other: string, more: Cells = {}) => ({
		table: rows.get(other)!.table,
		cells: { ...rows.get(other)!.cells, ...more }
	});
	const made =
		stem === 'again'
			? of(`line${at}`, { claim_id: `${person}-B2`, submitted_date: '2025-03-11' })
			: stem === 'problem'
				? {
						table: 'mtm_recommendation',
						cells: {
							recommendation_id: `${person}-R${at}`,
							service_id: `${person}-S`,
							person_id: person,
							identified_date: '2025-03-05',
							problem: 'needs_monitoring',
							action: 'monitor',
							ingredient: 'warfarin',
							recipient: 'prescriber',
							prescriber_npi: npi(55),
							response: 'declined',
							severity_level: 3,
							rationale: 'the last test is old'
						}
					}
				: stem === 'medicine'
					? {
							table: 'mtm_medication',
							cells: { service_id: `${person}-S`, line: Number(at || 1), ingredient: `medicine ${at}`, source: 'rx' }
						}
					: stem === 'beside'
						? of('session', {
								service_id: `${person}-S-beside`,
								person_id: `${person}-beside`,
								start_time: '10:30',
								end_time: '11:00',
								provider_npi: pharmacist,
								note: words(`${person}other`).join(' ')
							})
						: of(stem);
	rows.set(name, made);
	return made;
}

function visit(rows: Rows, person: string, name: string, day: string): void {
	const session = rows.get('session')!;
	rows.set(name === 'v0' ? 'earlier' : name === 'v1' ? 'visit' : `visit${name.slice(1)}`, {
		table: 'mtm_service',
		cells: {
			...session.cells,
			service_id: `${person}-S-${name}`,
			service_type: 'follow_up',
			service_date: day,
			consent_date: day,
			documented_at: `${day} 11:00`,
			summary_sent_date: null,
			summary_standard_format: null,
			note: words(`${person}${name}`).join(' ')
		}
	});
	const line = (of: string, code: string, paid: number) => ({
		table: 'mtm_claim',
		cells: {
			...rows.get(of)!.cells,
			claim_id: `${person}-B-${name}`,
			service_id: `${person}-S-${name}`,
			service_date: day,
			procedure_code: code,
			units: 1,
			paid_amount: paid,
			submitted_date: day,
			paid_date: day
		}
	});
	rows.set(name, line('line1', '99606', 40));
	rows.set(`${name}b`, line('line2', '99607', 20));
}

const programmes: Record<string, string> = {
	'Example Part D contract': 'part_d',
	HealthPartners: 'commercial'
};
const ndcs = new Map<string, string>();
async function ndcOf(ingredient: string): Promise<string> {
	const known = ndcs.get(ingredient);
	if (known) return known;
	const database = await openDatabase();
	const { ndc11 } = await (
		await database.connect()
	).row<{ ndc11: string }>(
		`select min(ndc11) as ndc11 from read_parquet($file) where ingredients = [$ingredient] and route = 'oral'`,
		{ file: join(shippedFolder(), 'drug.parquet'), ingredient }
	);
	database.close();
	ndcs.set(ingredient, ndc11);
	return ndc11;
}

const usualFees: Cells[] = ['part_d', 'medicaid', 'commercial'].flatMap((program) =>
	(
		[
			['99605', 60],
			['99606', 40],
			['99607', 20]
		] as const
	).map(([procedure_code, unit_fee]) => ({ program, procedure_code, unit_fee, effective_from: '2023-01-01' }))
);

/** The input tables of some cases, and the name of each claim line by "claim id/line". */
export async function given(
	some: AuditCase[],
	fees: Cells[] = usualFees
): Promise<{ given: Given; names: Map<string, string> }> {
	const tables: Record<string, Cells[]> = { fee_schedule: fees, pharmacy_claim: [], medical_claim: [] };
	const names = new Map<string, string>();
	for (const one of some) {
		const { person } = one;
		const pharmacist = npi(1000 + Number(person.slice(1)));
		const rows = rightClaim(person, pharmacist);
		let visits = 0;
		let events = 0;
		const claims: [string, Cells][] = [];
		for (const change of one.changes) {
			const [word, ...rest] = change.split(' ') as [string, ...string[]];
			const value = rest.join(' ');
			if (word === 'no') rows.delete(value);
			else if (word === 'payer') {
				const program = programmes[value] ?? 'medicaid';
				for (const [name, { cells }] of rows) {
					if (name === 'provider') continue;
					if ('payer' in cells) cells.payer = value;
					if ('program' in cells) cells.program = program;
					if ('payer_type' in cells && program !== 'part_d') cells.payer_type = program;
					if ('contract_id' in cells && program !== 'part_d') cells.contract_id = null;
				}
				rows.get('provider')!.cells.certified_from = '2016-01-01';
			} else if (word === 'visit') visit(rows, person, `v${++visits}`, value);
			else if (word === 'earlier') visit(rows, person, 'v0', value);
			else if (word === 'pays')
				for (const { table, cells } of rows.values()) {
					if (table !== 'mtm_claim') continue;
					const fee = rest[['99605', '99606', '99607'].indexOf(String(cells.procedure_code))];
					if (fee !== undefined) cells.paid_amount = cells.billed_amount = Number(fee) * Number(cells.units);
				}
			else if (word === 'fill')
				claims.push([
					'pharmacy_claim',
					{
						claim_id: `${person}-F${++events}`,
						person_id: person,
						dispensing_date: rest[0]!,
						ndc_code: await ndcOf(rest[1]!),
						days_supply: 90,
						dispensing_provider_npi: npi(77)
					}
				]);
			else if (word === 'stay') {
				const [from, to] = value.split('..') as [string, string];
				claims.push([
					'medical_claim',
					{
						claim_id: `${person}-M${++events}`,
						person_id: person,
						claim_type: 'institutional',
						claim_start_date: from,
						claim_end_date: to,
						admission_date: from,
						discharge_date: to,
						bill_type_code: '111'
					}
				]);
			} else if (word === 'ill') {
				for (const code of rest)
					for (const day of ['2025-01-20', '2025-02-10'])
						claims.push([
							'medical_claim',
							{
								claim_id: `${person}-M${++events}`,
								person_id: person,
								claim_type: 'professional',
								claim_start_date: day,
								claim_end_date: day,
								diagnosis_code_type: 'icd-10-cm',
								diagnosis_code_1: code
							}
						]);
			} else if (change === 'billed beside') {
				const beside = rows.get('beside')!.cells;
				rows.set('beside claim', {
					table: 'mtm_claim',
					cells: {
						...rows.get('line1')!.cells,
						claim_id: `${person}-beside-B`,
						person_id: `${person}-beside`,
						service_id: beside.service_id!,
						procedure_code: '99606',
						paid_amount: 40
					}
				});
				for (const of of ['roster', 'enrolled'])
					rows.set(`beside ${of}`, {
						table: rows.get(of)!.table,
						cells: { ...rows.get(of)!.cells, person_id: `${person}-beside` }
					});
			} else {
				const [name, column] = word.split('.') as [string, string | undefined];
				const { cells } = rowNamed(rows, name, person, pharmacist);
				if (column === undefined) continue;
				cells[column] =
					value === 'none'
						? null
						: value === 'same'
							? words(person).join(' ')
							: value === 'one word changed'
								? words(person)
										.map((each, at) => (at % 12 === 6 ? 'changed' : each))
										.join(' ')
								: value === 'last word changed'
									? [...words(person).slice(0, -1), 'changed'].join(' ')
									: column === 'original_claim_id'
										? `${person}-${value}`
										: value;
			}
		}
		for (const [name, { table, cells }] of rows) {
			if (table === 'mtm_service')
				for (const column of ['start_time', 'end_time'])
					if (/^\d\d:\d\d$/.test(String(cells[column]))) cells[column] = `${cells.service_date} ${cells[column]}`;
			if (table === 'mtm_claim')
				names.set(
					`${cells.claim_id}/${cells.claim_line_number}/${cells.claim_status}`,
					name === 'beside claim' ? 'beside' : name
				);
			(tables[table] ??= []).push(cells);
		}
		for (const [table, cells] of claims) tables[table]!.push(cells);
	}
	return { given: tables, names };
}

/** A flag as audit.md writes it. */
const flagWords = (rule: string, line: string, dollars: number) => `${rule} ${line} ${Math.round(dollars * 100) / 100}`;

/** The flags of each person of some cases, as audit.md writes them; names are those that `given` gave. */
export async function flagsBy(
	connection: Built['connection'],
	names: Map<string, string>
): Promise<Map<string, string[]>> {
	const rows = await connection.rows<{
		claim_id: string;
		claim_line_number: number;
		claim_status: string;
		rule_id: string;
		amount_at_risk: number;
	}>(
		'select finding.*, line.claim_status from audit_finding as finding inner join mtm_claim_line as line using (line_no)'
	);
	const flags = new Map<string, string[]>();
	for (const row of rows) {
		const person = row.claim_id.split('-')[0]!;
		const line = names.get(`${row.claim_id}/${row.claim_line_number}/${row.claim_status}`)!;
		flags.set(person, [...(flags.get(person) ?? []), flagWords(row.rule_id, line, row.amount_at_risk)].sort());
	}
	return flags;
}
