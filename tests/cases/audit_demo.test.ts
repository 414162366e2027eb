import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { refresh } from '$lib/server/build/refresh';
import { auditRules } from '$lib/server/build/audit';
import { auditCase } from '$lib/server/demo/audit';
import { generateDemo } from '$lib/server/demo/generate';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { query } from '$lib/server/query';

const place = process.env.MTM_KEEP ?? mkdtempSync(join(tmpdir(), 'mtm-audit-'));
const home = openHome(join(place, 'home'));
let truth: Record<string, string>[];

beforeAll(async () => {
	const made = await generateDemo(join(place, 'made'), { patients: 700, seed: 4 });
	await load(home, [made.folder], { by: 'test' });
	await refresh(home);
	const [header, ...lines] = readFileSync(join(made.folder, '..', 'truth', 'audit.csv'), 'utf8')
		.trim()
		.split('\n');
	const names = header!.split(',');
	truth = lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at]!, cell])));
}, 600_000);
afterAll(() => {
	if (!process.env.MTM_KEEP) rmSync(place, { recursive: true, force: true });
});

const rows = async <T>(sql: string): Promise<T[]> =>
	await query(home, sql, everyone, async (answer) => {
		const found: T[] = [];
		for await (const row of answer.rows) found.push(row as T);
		return found;
	});

test('a problem is planted for every rule that is run', () => {
	const planted = new Set(truth.map((one) => one.rule));
	const run = auditRules().filter((rule) => rule.notRun === null);
	expect(run.filter((rule) => !planted.has(rule.id)).map((rule) => rule.id)).toEqual([]);
});

test('each planted problem is found by its own rule, once a line', async () => {
	const flags = await rows<{ rule_id: string; claim_id: string; claim_line_number: number }>(
		'select rule_id, claim_id, claim_line_number from audit_flag'
	);
	expect(truth.length).toBeGreaterThan(45);
	const missed = truth.filter(
		(one) =>
			!flags.some(
				(flag) =>
					flag.rule_id === one.rule &&
					flag.claim_id === one.claim_id &&
					(one.claim_line_number === '' || flag.claim_line_number === Number(one.claim_line_number))
			)
	);
	expect(missed).toEqual([]);
	const keys = flags.map((flag) => `${flag.rule_id} ${flag.claim_id} ${flag.claim_line_number}`);
	expect(new Set(keys).size).toBe(keys.length);
});

/** What a planted claim has beside its own problem, because one thing wrong is wrong in two ways. */
const also: Record<string, string[]> = {
	// A session without times documents no minutes; seven minutes earn no unit; billing Medicaid for a Part D patient lacks all that Medicaid asks for.
	A44: ['A04'],
	A36: ['A12', 'A13', 'A34', 'A35'],
	A14: ['A13', 'A38'],
	A12: ['A38'],
	A13: ['A38'],
	A16: ['A38']
};

test('planted claims have no other flag, clean ones none', async () => {
	const flags = await rows<{ rule_id: string; person: string; claim_id: string }>(
		'select distinct rule_id, patient_id as person, claim_id from audit_flag'
	);
	const planted = new Map(truth.map((one) => [one.person_id!, one.rule!]));
	const other = flags
		.filter((flag) => planted.has(flag.person) && flag.rule_id !== planted.get(flag.person))
		.filter((flag) => !also[planted.get(flag.person)!]?.includes(flag.rule_id))
		.map((flag) => `${flag.claim_id}: planted ${planted.get(flag.person)}, flagged ${flag.rule_id}`);
	expect(other).toEqual([]);
	const clean = (await rows<{ person_id: string }>('select distinct person_id from mtm_claim'))
		.map((row) => row.person_id)
		.filter((id) => auditCase(Number(id.slice(1)) - 1)?.rule === 'clean');
	expect(clean.length).toBe(1);
	expect(flags.filter((flag) => clean.includes(flag.person))).toEqual([]);
});

test('ordinary claims of the demo are flagged by nothing but what the demo does to ordinary reviews', async () => {
	const flags = await rows<{ rule_id: string; patient_id: string }>(
		'select distinct rule_id, patient_id from audit_flag'
	);
	const planted = new Set(truth.map((one) => one.person_id!));
	const ordinary = new Set(flags.filter((flag) => !planted.has(flag.patient_id)).map((flag) => flag.rule_id));
	// Late or missing summaries, other formats, reviews of people who do not count, accepted changes and refills that did not happen.
	expect([...ordinary].filter((rule) => !['A27', 'A28', 'A32', 'A33', 'A38'].includes(rule))).toEqual([]);
	expect(ordinary.has('A32')).toBe(true);
});
