import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { auditStanding, decisionProblem, errorScale, mayStep, type AuditStep } from '$lib/domain/audit';
import { auditProgress, claimSteps, decide, reply, review } from '$lib/server/audit';
import { openHome } from '$lib/server/home';
import { readLog } from '$lib/server/records/log';
import { closeRecords, records } from '$lib/server/records/open';

const folder = mkdtempSync(join(tmpdir(), 'mtm-audit-step-'));
const home = openHome(folder);
afterAll(async () => {
	await closeRecords(home);
	rmSync(folder, { recursive: true, force: true });
});

const key = { data_source: 'plan', claim_id: 'C1', rule_id: 'A04' };
const now = {
	rule_version: 1,
	expected: '4 units',
	found: '20 minutes earn 1',
	at_risk: 60,
	told: 'time_rule midpoint',
	paid: 120,
	pid: 'abcdefghij'
};
const first = { id: 'first', session: 's1' };
const second = { id: 'second', session: 's2' };
const upheld = { decision: 'not_supported', reason: 'time', amount: 60, words: 'Twenty minutes.' };

test('a finding goes from open to decided, replied, decided again under a later version, and closed', async () => {
	expect(auditStanding([]).state).toBe('open');
	await decide(home, first, key, now, { ...upheld, decision: 'need_records', amount: null });
	expect(auditStanding(await claimSteps(home, key)).state).toBe('need_records');
	await expect(review(home, second, key, now, true, '')).rejects.toThrow('no decision to review');
	await reply(home, { id: 'manager', session: 's3' }, key, now, 'The appointment book says forty minutes.');
	expect(auditStanding(await claimSteps(home, key)).state).toBe('replied');
	await decide(
		home,
		first,
		key,
		{ ...now, rule_version: 2, at_risk: 40, told: 'time_rule any_part' },
		{ ...upheld, decision: 'partly', amount: 40 }
	);
	await expect(review(home, first, key, now, true, '')).rejects.toThrow('never the one who made it');
	await expect(review(home, second, key, now, false, ' ')).rejects.toThrow('Say why');
	await review(home, second, key, now, false, 'The book is no record of the session.');
	expect(auditStanding(await claimSteps(home, key)).state).toBe('disputed');
	await expect(review(home, second, key, now, true, '')).rejects.toThrow('Decide again first');
	await decide(home, first, key, { ...now, rule_version: 2 }, upheld);
	await review(home, second, key, now, true, '');
	const steps = await claimSteps(home, key);
	expect(auditStanding(steps)).toMatchObject({ state: 'closed', version: 2, closed: true });
	expect(steps.map((step) => [step.kind, step.rule_version, step.at_risk, step.told?.split(' ')[1]])).toEqual([
		['decision', 1, 60, 'midpoint'],
		['reply', 1, 60, 'midpoint'],
		['decision', 2, 40, 'any_part'],
		['disagree', 1, 60, 'midpoint'],
		['decision', 2, 60, 'midpoint'],
		['agree', 1, 60, 'midpoint']
	]);
	expect(await auditProgress(home)).toEqual([{ state: 'closed', findings: 1, dollars: 60 }]);
	const log = await readLog(home, { patient: now.pid }, { first: 0, rows: 50 });
	expect(log.rows.filter((row) => row.kind === 'audit_step').length).toBe(6);
});

test('a closed finding takes nothing more, in the product and in the database; nothing is changed or removed', async () => {
	await expect(decide(home, second, key, now, upheld)).rejects.toThrow('closed');
	await expect(reply(home, first, key, now, 'One more thing.')).rejects.toThrow('closed');
	const { $client } = await records(home);
	const columns =
		"data_source, claim_id, rule_id, rule_version, kind, by, at) values ('plan', 'C1', 'A04', 1, 'reply', 'x', 'now')";
	await expect($client.execute(`insert into audit_step (${columns}`)).rejects.toThrow('the finding is closed');
	await expect($client.execute("update audit_step set amount = 0 where kind = 'decision'")).rejects.toThrow(
		'never changed'
	);
	await expect($client.execute('delete from audit_step')).rejects.toThrow('nothing leaves');
	// Another rule of the same claim is another finding.
	await decide(home, second, { ...key, rule_id: 'A41' }, now, { ...upheld, decision: 'supported', amount: null });
	expect((await claimSteps(home, key)).length).toBe(7);
});

test('dollars lie between nothing and the payment, and stand only where a finding is upheld', () => {
	expect(decisionProblem(upheld, 120)).toBeNull();
	expect(decisionProblem({ ...upheld, amount: 120 }, 120)).toBeNull();
	expect(decisionProblem({ ...upheld, amount: 120.01 }, 120)).toContain('between 0 and the payment of $120.00');
	expect(decisionProblem({ ...upheld, amount: -1 }, 120)).toContain('between 0');
	expect(decisionProblem({ ...upheld, amount: Number('ten') }, 120)).toContain('Give the dollars');
	expect(decisionProblem({ ...upheld, amount: null }, 120)).toContain('Give the dollars');
	expect(decisionProblem({ ...upheld, decision: 'supported', amount: null }, 120)).toBeNull();
	expect(decisionProblem({ ...upheld, decision: 'guilty' }, 120)).toContain('Choose a decision');
	expect(decisionProblem({ ...upheld, reason: '' }, 120)).toContain('Choose a reason');
	const decision: AuditStep = {
		at: '',
		by: 'first',
		kind: 'decision',
		decision: 'partly',
		reason: 'time',
		amount: 1,
		words: null,
		rule_version: 1
	};
	expect(mayStep('agree', [decision], 'second')).toBeNull();
	expect(mayStep('agree', [], 'second')).toContain('no decision');
});

test('the share of rows in error on the scale of data validation', () => {
	expect([0, 50, 51, 100, 101, 150, 151, 200, 201, 1000].map((errors) => errorScale(errors, 1000))).toEqual([
		5, 5, 4, 4, 3, 3, 2, 2, 1, 1
	]);
	expect(errorScale(0, 0)).toBeNull();
});
