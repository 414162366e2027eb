import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { casesOf, flagWords, given } from './audit_case';
import { computed, type Built } from './warehouse';

const cases = casesOf('audit_programs.md');
const fee = (program: string, payer: string, fees: Record<string, number>, from: string, to: string | null = null) =>
	Object.entries(fees).map(([procedure_code, unit_fee]) => ({
		program,
		payer,
		procedure_code,
		unit_fee,
		effective_from: from,
		effective_to: to
	}));
const fees = [
	...fee('medicaid', 'Minnesota MHCP', { 99605: 52, 99606: 34, 99607: 24 }, '2015-08-25'),
	...fee('medicaid', 'Wisconsin ForwardHealth', { 99605: 75, 99606: 40 }, '2017-04-01'),
	...fee('part_d', 'Example Part D contract', { 99605: 60, 99606: 40, 99607: 20 }, '2023-01-01', '2025-12-31'),
	...fee('part_d', 'Example Part D contract', { 99605: 62, 99606: 42, 99607: 21 }, '2026-01-01')
];

let built: Built;
const flags = new Map<string, string[]>();

beforeAll(async () => {
	const { given: tables, names } = await given(cases, fees);
	built = await computed(tables, { asOf: '2026-12-01', only: ['audit_finding'] });
	const rows = await built.connection.rows<{
		claim_id: string;
		claim_line_number: number;
		claim_status: string;
		rule_id: string;
		amount_at_risk: number;
	}>(
		'select finding.*, line.claim_status from audit_finding as finding inner join mtm_claim_line as line using (line_no)'
	);
	for (const row of rows) {
		const person = row.claim_id.split('-')[0]!;
		const line = names.get(`${row.claim_id}/${row.claim_line_number}/${row.claim_status}`)!;
		flags.set(person, [...(flags.get(person) ?? []), flagWords(row.rule_id, line, row.amount_at_risk)]);
	}
}, 120_000);
afterAll(() => built.close());

describe('what the programmes ask', () => {
	test.each(cases)('$name', ({ person, expected }) => {
		expect((flags.get(person) ?? []).sort()).toEqual(expected);
	});
});
