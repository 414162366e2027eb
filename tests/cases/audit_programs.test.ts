import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { casesOf, flagsBy, given } from './audit_case';
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
let flags: Map<string, string[]>;

beforeAll(async () => {
	const { given: tables, names } = await given(cases, fees);
	built = await computed(tables, { asOf: '2026-12-01', only: ['audit_finding'] });
	flags = await flagsBy(built.connection, names);
}, 120_000);
afterAll(() => built.close());

describe('what the programmes ask', () => {
	test.each(cases)('$name', ({ person, expected }) => {
		expect(flags.get(person) ?? []).toEqual(expected);
	});
});
