import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { tryRule } from '$lib/server/audit_trial';
import { refresh } from '$lib/server/build/refresh';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { query } from '$lib/server/query';
import { ask } from '$lib/server/warehouse';

const folder = mkdtempSync(join(tmpdir(), 'mtm-known-audit-'));
const home = openHome(join(folder, 'home'));
const place = join(process.cwd(), 'tests', 'known', 'audit');

beforeAll(async () => {
	await load(home, [join(place, 'drop')], { by: 'test', source: 'hand' });
	await refresh(home, { asOf: '2025-10-01' });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the drop is flagged as written down, and no further', async () => {
	const expected = readFileSync(join(place, 'expected.csv'), 'utf8').trim().split('\n').slice(1).sort();
	const found = await query(
		home,
		'select claim_id, claim_line_number, rule_id, amount_at_risk from audit_flag',
		everyone,
		async (answer) => {
			const rows: string[] = [];
			for await (const row of answer.rows) rows.push(Object.values(row as object).join(','));
			return rows;
		}
	);
	expect(found.sort()).toEqual(expected);
});

test('the money counts a line once', async () => {
	const [all] = await ask<{ paid: number; at_risk: number }>(home, 'audit_money', { year: 2025, unit: 'all' }, everyone);
	expect([all!.paid.toFixed(2), all!.at_risk.toFixed(2)]).toEqual(['1400.01', '800.01']);
	const payers = await ask<{ at_risk: number }>(home, 'audit_money', { year: 2025, unit: 'payer' }, everyone);
	expect(payers.reduce((sum, row) => sum + row.at_risk, 0)).toBeCloseTo(all!.at_risk, 6);
});

test('a trial tells what a rule would flag, and changes nothing', async () => {
	const value = {
		parameter: 'time_rule',
		program: null,
		payer: null,
		effective_from: '2006-01-01'
	};
	const tried = await tryRule(home, everyone, 'A04', 2025, { ...value, value: 'any_part' });
	// Twenty minutes earn two units by any part of one: still two too many, at $20 each.
	expect(tried).toEqual({ now: { claims: 1, at_risk: 60 }, then: { claims: 1, at_risk: 40 } });
	// Whole blocks: thirty minutes still earn two units, twenty one.
	expect((await tryRule(home, everyone, 'A04', 2025, { ...value, value: 'full_block' })).then).toEqual({
		claims: 1,
		at_risk: 60
	});
	const late = { parameter: 'new_patient_days', program: null, payer: null, effective_from: '2006-01-01' };
	expect(await tryRule(home, everyone, 'A07', 2025, { ...late, value: '364' })).toEqual({
		now: { claims: 1, at_risk: 20 },
		then: { claims: 0, at_risk: 0 }
	});
	expect((await tryRule(home, everyone, 'A04', 2025, { ...value, value: 'midpoint' })).then.at_risk).toBe(60);
	await expect(tryRule(home, everyone, 'A04', 2025, { ...value, value: 'sometimes' })).rejects.toThrow('not midpoint');
	await expect(tryRule(home, everyone, 'A01', 2025, { ...value, value: 'midpoint' })).rejects.toThrow('no parameter');
});

test('what was done and never billed, and what it would pay', async () => {
	const rows = await ask<{ held_on: string; fee: number; send_by_on: string; can_send: boolean }>(
		home,
		'audit_unbilled',
		{ year: 2025, first: 0 },
		everyone
	);
	expect(rows.map(({ held_on, fee, send_by_on, can_send }) => [held_on, fee, send_by_on, can_send])).toEqual([
		['2025-03-05', 60, '2026-03-05', true],
		['2025-08-06', 80, '2026-08-06', true]
	]);
});
