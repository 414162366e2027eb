import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditRules } from '$lib/server/build/audit';
import { cases, flagsBy, given } from './audit_case';
import { computed, type Built } from './warehouse';

let built: Built;
let flags: Map<string, string[]>;

beforeAll(async () => {
	const { given: tables, names } = await given(cases);
	built = await computed(tables, { asOf: '2025-10-01' });
	flags = await flagsBy(built.connection, names);
}, 120_000);
afterAll(() => built.close());

describe('what the audit flags', () => {
	test.each(cases)('$name', ({ person, expected }) => {
		expect(flags.get(person) ?? []).toEqual(expected);
	});
});

test('every rule that is run has a case that it flags and one that it does not', () => {
	const flagged = new Set(cases.flatMap((one) => one.expected.map((flag) => flag.split(' ')[0]!)));
	const clean = new Set(
		cases
			.filter((one) => !one.expected.some((flag) => flag.startsWith(one.name.slice(0, 3))))
			.map((one) => one.name.slice(0, 3))
	);
	const run = auditRules().filter((rule) => rule.notRun === null);
	expect(run.filter((rule) => !flagged.has(rule.id) || !clean.has(rule.id)).map((rule) => rule.id)).toEqual([]);
});

test('every rule that can be run was run, and a line is flagged once by a rule', async () => {
	const [row] = await built.connection.rows<{ idle: number; twice: number; above: number }>(`select
		(select count(*) from audit_rule where not_run_because like 'No %')::integer as idle,
		(select count(*) from (select 1 from audit_finding group by line_no, rule_id having count(*) > 1))::integer as twice,
		(select count(*) from audit_claim where at_risk > paid)::integer as above`);
	expect(row).toEqual({ idle: 0, twice: 0, above: 0 });
});
