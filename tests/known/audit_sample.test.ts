import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSample, sampleEstimate, type SampledBy } from '$lib/domain/audit_sample';
import { anyone, readPopulation } from '$lib/domain/population';
import { everyone } from '$lib/domain/scope';
import { addressNeed } from '$lib/domain/need';
import { readAudit, type AuditAsked } from '$lib/server/audit_asked';
import { decide, review } from '$lib/server/audit';
import { drawSample, workpaper } from '$lib/server/audit_sample';
import { refresh } from '$lib/server/build/refresh';
import type { Asked } from '$lib/server/door';
import { auditFindingsOf, auditSampleOf } from '$lib/server/export/audit_tables';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { ask } from '$lib/server/warehouse';
import type { Run } from '$lib/server/door';

const folder = mkdtempSync(join(tmpdir(), 'mtm-known-sample-'));
const home = openHome(join(folder, 'home'));
let asked: AuditAsked;
const words = (text: string) => new URLSearchParams(text);
let question: Asked;

beforeAll(async () => {
	await load(home, [join(process.cwd(), 'tests', 'known', 'audit', 'drop')], { by: 'test', source: 'hand' });
	await refresh(home, { asOf: '2025-10-01' });
	const [run] = await ask<Run>(home, 'latest_run', {}, everyone);
	question = { home, scope: everyone, run: run!, year: 2025, population: anyone(), problems: [] } as unknown as Asked;
	asked = await readAudit(question, words('y=2025'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const how = (size: number, seed = '42', by: SampledBy = 'payer') => ({ size, seed, by });
const ids = (sample: Awaited<ReturnType<typeof drawSample>>) => sample.claims.map((claim) => claim.claim_id);

describe('drawing', () => {
	test('the same seed draws the same claims, another seed others; all are drawn where there are fewer', async () => {
		const first = await drawSample(asked, how(6));
		expect(ids(await drawSample(asked, how(6)))).toEqual(ids(first));
		expect(ids(await drawSample(asked, how(6, '43'))).sort()).not.toEqual(ids(first).sort());
		const all = await drawSample(asked, how(500));
		expect(all.claims.length).toBe(all.frame);
		expect(new Set(ids(all)).size).toBe(all.frame);
		// A larger sample of one part holds the smaller one.
		const few = await drawSample(asked, how(4, '42', 'all'));
		const more = await drawSample(asked, how(7, '42', 'all'));
		expect(ids(few).every((id) => ids(more).includes(id))).toBe(true);
	});

	test('each part gives its share, to within one claim, and the frame is that of the money', async () => {
		for (const size of [1, 2, 3, 5, 8, 13]) {
			const sample = await drawSample(asked, how(size));
			expect(sample.claims.length).toBe(Math.min(size, sample.frame));
			for (const part of sample.parts)
				expect(Math.abs(part.drawn - (part.frame * size) / sample.frame)).toBeLessThan(1);
			for (const claim of sample.claims)
				expect(sample.parts.find((part) => part.part === claim.part)).toMatchObject({
					frame: claim.frame,
					drawn: claim.drawn
				});
		}
		const [money] = await ask<{ claims: number; paid: number }>(home, 'audit_money', { year: 2025, unit: 'all' }, everyone);
		const all = await drawSample(asked, how(500));
		expect([all.frame, all.paid]).toEqual([money!.claims, money!.paid]);
		expect(all.claims.reduce((sum, claim) => sum + claim.paid, 0)).toBeCloseTo(money!.paid, 6);
	});

	test('what an address says wrong is told and not used', () => {
		expect(readSample(words(''))).toEqual({ asked: { size: 60, seed: '42', by: 'pharm' }, problems: [] });
		expect(readSample(words('n=500&seed=Q3-a&by=all')).problems).toEqual([]);
		const wrong = readSample(words('n=501&seed=a b&by=mood'));
		expect(wrong.asked).toEqual({ size: 60, seed: '42', by: 'pharm' });
		expect(wrong.problems.length).toBe(3);
		expect(readSample(words('n=0')).problems.length).toBe(1);
	});
});

describe('what a sample says', () => {
	test('nothing until every claim is decided', () => {
		expect(sampleEstimate([], 10)).toBeNull();
		expect(sampleEstimate([{ paid: 60, recovers: null }], 10)).toBeNull();
		expect(
			sampleEstimate(
				[
					{ paid: 60, recovers: 0 },
					{ paid: 60, recovers: null }
				],
				10
			)
		).toBeNull();
	});

	test('by hand: four of a hundred claims, 0, 0, 20 and 60 to recover', () => {
		const told = sampleEstimate(
			[0, 0, 20, 60].map((recovers) => ({ paid: 80, recovers })),
			100
		)!;
		// Mean 20, times 100. Variance (400 + 400 + 0 + 1600) / 3 = 800; standard error 100 x sqrt(800 / 4 x 0.96) = 1385.6.
		expect(told).toMatchObject({ claims: 4, errors: 2, rate: 0.5, found: 80, point: 2000 });
		expect(2000 - 1.644854 * 1385.64).toBeLessThan(0);
		// Never less than what the sample itself found.
		expect(told.lower).toBe(80);
		const many = sampleEstimate(
			Array.from({ length: 100 }, (_, at) => ({ paid: 80, recovers: at % 2 ? 40 : 0 })),
			1000
		)!;
		// Mean 20, variance 100 x 400 / 99; standard error 1000 x sqrt(404.04 / 100 x 0.9) = 1906.9.
		expect(many.point).toBe(20_000);
		expect(many.lower).toBeCloseTo(20_000 - 1.644854 * 1906.925, 0);
		// The whole frame leaves nothing to chance; one claim tells nothing of it.
		expect(sampleEstimate([0, 0, 20, 60].map((recovers) => ({ paid: 80, recovers })), 4)!.lower).toBe(80);
		expect(sampleEstimate([{ paid: 80, recovers: 10 }], 9)!.lower).toBeNull();
	});

	test('decisions of findings count once a claim; an objection makes it wait again', async () => {
		const sample = await drawSample(asked, how(500));
		const flagged = sample.claims.filter((claim) => claim.rules !== '');
		expect(flagged.length).toBeGreaterThan(5);
		expect(sample.claims.filter((claim) => claim.rules === '').map((claim) => claim.recovers)).toEqual(
			sample.claims.filter((claim) => claim.rules === '').map(() => 0)
		);
		expect(sample.estimate).toBeNull();
		const who = (id: string) => ({ id, session: 's' });
		const now = (paid: number) => ({
			rule_version: 1,
			expected: 'e',
			found: 'f',
			at_risk: 1,
			told: null,
			paid,
			pid: 'p'
		});
		for (const claim of flagged)
			for (const rule_id of claim.rules.split(', ')) {
				const key = { data_source: claim.data_source ?? '', claim_id: claim.claim_id, rule_id };
				await decide(home, who('one'), key, now(claim.paid), {
					decision: 'not_supported',
					reason: 'time',
					amount: Math.min(10, claim.paid),
					words: ''
				});
			}
		const then = await drawSample(asked, how(500));
		expect(then.estimate).toMatchObject({ claims: then.frame, errors: flagged.length, lower: then.estimate!.found });
		expect(then.estimate!.found).toBeCloseTo(
			flagged.reduce((sum, claim) => sum + Math.min(10, claim.paid), 0),
			6
		);
		const claim = flagged[0]!;
		const key = {
			data_source: claim.data_source ?? '',
			claim_id: claim.claim_id,
			rule_id: claim.rules.split(', ')[0]!
		};
		await review(home, who('two'), key, now(claim.paid), false, 'The record came meanwhile.');
		expect((await drawSample(asked, how(500))).estimate).toBeNull();
	});
});

test('the workpaper has a row for each finding, one for a claim without, and says its scope, method, rules and totals', async () => {
	const sample = await drawSample(asked, how(500));
	const rows = await workpaper(asked, sample);
	const flags = sample.claims.reduce((sum, claim) => sum + Math.max(1, claim.rules.split(', ').length), 0);
	expect(rows.length).toBe(flags);
	const unit = rows.find((row) => row.rule_id === 'A04')!;
	expect(unit).toMatchObject({ told: 'time_rule midpoint', rule_version: 1, at_risk: 60 });
	const { about } = await auditSampleOf(question, words('y=2025&n=8&seed=7&by=payer'));
	const said = new Map(about);
	expect(said.get('Year of service')).toBe('2025');
	expect(said.get('Sample')).toContain('Seed 7');
	expect(said.get('Part Sunrise')).toMatch(/^\d+ of \d+ claims drawn$/);
	expect(said.get('Rule A04 version 1')).toContain('time_rule midpoint for everybody');
	expect(said.get('Rule A21 version 1')).toContain('not run, which is no pass');
	expect(said.get('Paid, of the frame')).toBe('$1,400.01');
});

test('who may draw a sample and take files of the audit', () => {
	expect(addressNeed('/audit/sample?n=3')).toBe('decide_audit');
	expect(addressNeed('/export/audit_sample?n=3')).toBe('decide_audit');
	expect(addressNeed('/export/audit_claims')).toBe('audit');
	expect(addressNeed('/export/audit_findings')).toBe('audit');
});

test('a file of the findings of one pharmacy names no other provider, as its letter; one of all has the evidence in full', async () => {
	const files = join(folder, 'more');
	mkdirSync(files);
	const header = readFileSync(join(process.cwd(), 'tests/known/audit/drop/mtm_claim.csv'), 'utf8').split('\n')[0]!;
	// The session that the claim names was held by another pharmacist.
	writeFileSync(
		join(files, 'mtm_claim.csv'),
		`${header}\nP1-C,1,P1,P1-S2,Sunrise,part_d,2025-08-06,99606,1,1000010029,1000000772,01,40,40,paid,2025-08-10,2025-08-24,837p,PA1,\n`
	);
	await load(home, [files], { by: 'test', source: 'hand' });
	await refresh(home, { asOf: '2025-10-01' });
	const foundOf = async (filter: string) => {
		const { population } = readPopulation(words(filter));
		const file = await auditFindingsOf({ ...question, population }, words(`y=2025&${filter}`));
		return {
			named: file.rows.filter((row) => /1000010011/.test(`${String(row.expected)} ${String(row.found)}`)).length,
			found: file.rows.find((row) => row.claim_id === 'P1-C' && row.rule_id === 'A01')?.found,
			says: new Map(file.about).get('Evidence')
		};
	};
	const held = 'the session that the claim names was held by';
	const all = { found: `${held} pharmacist 1000010011`, says: undefined };
	expect(await foundOf('')).toMatchObject(all);
	expect(await foundOf('pharm=1000000772,1000000780')).toMatchObject(all);
	const one = await foundOf('pharm=1000000772');
	expect(one).toMatchObject({ named: 0, found: `${held} another pharmacist` });
	expect(one.says).toContain('no claim of another pharmacy');
	expect((await foundOf('')).named).toBeGreaterThan(0);
}, 120_000);
