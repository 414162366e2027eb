import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { decide, review, type FindingNow } from '$lib/server/audit';
import { letterTo } from '$lib/server/audit_letter';
import { tryRule } from '$lib/server/audit_trial';
import { keepValue, valuesWait, type ValueChange } from '$lib/server/audit_value';
import { refresh } from '$lib/server/build/refresh';
import { latestYear } from '$lib/server/door';
import { openHome } from '$lib/server/home';
import { forgetImport } from '$lib/server/reference/import';
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
		effective_from: '2006-01-01',
		from: '2006-01-01'
	};
	const tried = await tryRule(home, everyone, 'A04', 2025, { ...value, value: 'any_part' });
	// Twenty minutes earn two units by any part of one: still two too many, at $20 each.
	expect(tried).toEqual({ now: { claims: 1, at_risk: 60 }, then: { claims: 1, at_risk: 40 } });
	// Whole blocks: thirty minutes still earn two units, twenty one.
	expect((await tryRule(home, everyone, 'A04', 2025, { ...value, value: 'full_block' })).then).toEqual({
		claims: 1,
		at_risk: 60
	});
	const late = { ...value, parameter: 'new_patient_days' };
	expect(await tryRule(home, everyone, 'A07', 2025, { ...late, value: '364' })).toEqual({
		now: { claims: 1, at_risk: 20 },
		then: { claims: 0, at_risk: 0 }
	});
	expect((await tryRule(home, everyone, 'A04', 2025, { ...value, value: 'midpoint' })).then.at_risk).toBe(60);
	// From a day on: the claim of four units with twenty minutes is of 5 March 2025 and keeps the old value when the new one begins a day later.
	const anyPart = { ...value, value: 'any_part' };
	expect((await tryRule(home, everyone, 'A04', 2025, { ...anyPart, from: '2025-03-05' })).then.at_risk).toBe(40);
	expect((await tryRule(home, everyone, 'A04', 2025, { ...anyPart, from: '2025-03-06' })).then.at_risk).toBe(60);
	await expect(tryRule(home, everyone, 'A04', 2025, { ...anyPart, from: '2005-12-31' })).rejects.toThrow('does not hold on');
	await expect(tryRule(home, everyone, 'A04', 2025, { ...anyPart, from: '2025-02-30' })).rejects.toThrow('is not a day');
	await expect(tryRule(home, everyone, 'A04', 2025, { ...value, value: 'sometimes' })).rejects.toThrow('not midpoint');
	await expect(tryRule(home, everyone, 'A01', 2025, { ...value, value: 'midpoint' })).rejects.toThrow('no parameter');
});

test('what would be flagged of a claim before it is sent', async () => {
	const rows = await ask<{ held_on: string; payer: string; rules: string | null }>(
		home,
		'audit_unbilled',
		{ year: 2025, first: 0 },
		everyone
	);
	// This patient is on no roster, and P11's pharmacist documented both at the same time; nothing is wrong with P1's second session.
	expect(rows.map(({ held_on, payer, rules }) => [held_on, payer, rules])).toEqual([
		['2025-03-05', null, 'A12, A13, A19'],
		['2025-08-06', 'Sunrise', null]
	]);
	const flagging = await ask<{ rule_id: string; sessions: number; can_send: number }>(
		home,
		'audit_unbilled_rules',
		{ year: 2025 },
		everyone
	);
	expect(flagging.map(({ rule_id, sessions, can_send }) => [rule_id, sessions, can_send])).toEqual([
		['A12', 1, 1],
		['A13', 1, 1],
		['A19', 1, 1]
	]);
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

test('claims and sessions have years of their own; without fills the year is that of the as-of day', async () => {
	expect(latestYear({ years: [], as_of: '2025-10-01' })).toBe(2025);
	expect(latestYear({ years: [2023, 2024], as_of: '2025-10-01' })).toBe(2024);
	const [loaded] = await ask<{ years: number[]; has_claims: boolean }>(home, 'audit_loaded', {}, everyone);
	expect(loaded).toEqual({ years: [2025, 2024], has_claims: true });
});

describe('a letter to a provider', () => {
	const chosen = { year: 2025, program: null, payer: null, pharmacies: null };
	const to = (npi: string, only: { pid: string; number: number } | null = null) =>
		letterTo({ question: { home, scope: everyone }, chosen }, npi, only, new Date('2025-10-31T23:30:00Z'));
	const who = (id: string) => ({ id, session: `session of ${id}` });
	const said = async (claim_id: string, rule_id: string, decision: string, amount: number, found: string) => {
		const now: FindingNow = { rule_version: 1, expected: 'something else', found, at_risk: amount, told: null, paid: 80, pid: 'x' };
		const key = { data_source: 'hand', claim_id, rule_id };
		await decide(home, who('first'), key, now, { decision, reason: 'documentation', amount, words: `Of ${claim_id}.` });
		return { key, now };
	};

	test('tells what is upheld or asked for, of one pharmacy, and names nobody else', async () => {
		expect((await to('1000000772')).findings).toEqual([]);
		await said('P2-B', 'A01', 'not_supported', 80, 'the session that the claim names was held by pharmacist 1000000780');
		await said('P5-B2', 'A08', 'partly', 60, 'paid before on claim P5-B');
		await said('P3-B', 'A04', 'need_records', 0, 'paid before on claim OTHER-1');
		await said('P4-B', 'A07', 'supported', 0, 'a paid service');
		const disputed = await said('P6-B', 'A12', 'not_supported', 80, 'on no roster');
		await review(home, who('second'), disputed.key, disputed.now, false, 'The roster came late.');
		const letter = await to('1000000772');
		expect(letter.findings.map((one) => [one.claim_id, one.rule_id, one.amount, one.found])).toEqual([
			['P2-B', 'A01', 80, 'the session that the claim names was held by another pharmacist'],
			['P3-B', 'A04', null, 'paid before on a claim of another provider'],
			['P5-B2', 'A08', 60, 'paid before on claim P5-B']
		]);
		expect(letter.findings[0]).toMatchObject({ expected: 'something else', words: 'Of P2-B.', closed: false });
		expect(letter.findings[0]!.documents).toContain('session note');
		expect([letter.written, letter.replyBy, letter.appealBy]).toEqual(['2025-10-31', '2025-11-30', '2025-12-30']);
		const [one] = letter.findings;
		const own = await to('1000000772', { pid: one!.pid, number: one!.claim_number });
		expect(own.findings.map((finding) => finding.claim_id)).toEqual(['P2-B']);
		// P2-B whole, and $60 of the $80 of P5-B2; records asked for bring nothing yet.
		expect([letter.back, own.back]).toEqual([140, 80]);
		expect((await to('1000000780')).findings).toEqual([]);
	});

	test('asks back what is at risk when every finding is upheld as the rules say, and each line once', async () => {
		const npi = '1000000772';
		const found = await ask<{ claim_id: string; rule_id: string; at_risk: number; found: string }>(
			home,
			'audit_findings',
			{ ...chosen, pharmacies: [npi] },
			everyone
		);
		for (const one of found) await said(one.claim_id, one.rule_id, 'not_supported', one.at_risk, one.found);
		const [money] = await ask<{ at_risk: number }>(home, 'audit_money', { ...chosen, unit: 'all', pharmacies: [npi] }, everyone);
		expect((await to(npi)).back).toBe(money!.at_risk);
		// A38 stands on the lines that A16 asks back whole: its dollars are among those.
		await said('P9-B', 'A38', 'partly', 40, 'a program of another name');
		expect((await to(npi)).back).toBe(money!.at_risk);
		await said('P9-B', 'A16', 'partly', 20, 'in hospice');
		// A16's $20 are $15 of the first line and $5 of the second; A38's $40 are $30 and $10, and it recovers nothing by itself.
		expect((await to(npi)).back).toBe(money!.at_risk - 80 + 40);
	});
});

test('a value that is kept counts from the next refresh on, one after another, and can be taken out again', async () => {
	const values = () => ask<Omit<ValueChange, 'from'>>(home, 'audit_values', {}, everyone);
	const flagged = async () =>
		(await ask<{ rule_id: string; at_risk: number }>(home, 'audit_rules', { year: 2025 }, everyone))
			.filter((rule) => ['A04', 'A07'].includes(rule.rule_id))
			.map((rule) => rule.at_risk);
	const who = { id: 'u1', session: 's1', name: 'First auditor' };
	const value = { parameter: 'time_rule', program: null, payer: null, effective_from: '2006-01-01', from: '2006-01-01' };
	const before = await flagged();
	expect(await valuesWait(home, await values())).toBe(false);
	const first = await keepValue(home, who, everyone, 'A04', { ...value, from: '2025-01-01', value: 'any_part' });
	expect(await flagged()).toEqual(before);
	expect(await valuesWait(home, await values())).toBe(true);
	// The second is made of the first, before anything was computed.
	const second = await keepValue(home, who, everyone, 'A07', { ...value, parameter: 'new_patient_days', value: '364' });
	await refresh(home, { asOf: '2025-10-01' });
	expect(await flagged()).toEqual([40, 0]);
	const rules = (await values()).filter((one) => one.parameter === 'time_rule' && one.program === null && one.payer === null);
	expect(rules).toMatchObject([
		{ value: 'midpoint', effective_from: '2006-01-01', effective_to: '2024-12-31' },
		{ value: 'any_part', effective_from: '2025-01-01', effective_to: null }
	]);
	expect(await valuesWait(home, await values())).toBe(false);
	// Who sees a part of the home, a value that is there already, and one that is none: nothing is kept.
	const limited = { ...everyone, limits: { ...everyone.limits, programs: ['part_d'] } };
	const later = { ...value, effective_from: '2025-01-01', from: '2025-01-01' };
	await expect(keepValue(home, who, limited, 'A04', { ...later, value: 'midpoint' })).rejects.toThrow('part of the home');
	await expect(keepValue(home, who, everyone, 'A04', { ...later, value: 'any_part' })).rejects.toThrow('already');
	await expect(keepValue(home, who, everyone, 'A04', { ...later, value: 'never' })).rejects.toThrow('not midpoint');
	await expect(keepValue(home, who, everyone, 'A01', { ...later, value: 'midpoint' })).rejects.toThrow('no parameter');
	for (const id of [first, second]) await forgetImport(home, id);
	expect(await valuesWait(home, await values())).toBe(true);
	await refresh(home, { asOf: '2025-10-01' });
	expect(await flagged()).toEqual(before);
}, 120_000);
