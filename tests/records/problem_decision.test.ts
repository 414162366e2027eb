import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyone, unlimited } from '$lib/domain/scope';
import { viewerOf, type Viewer } from '$lib/domain/viewer';
import { refresh } from '$lib/server/build/refresh';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { dismissedProblems, dismissProblem, reopenProblem } from '$lib/server/problem_decisions';
import { query } from '$lib/server/query';
import { readLog, verifyLog } from '$lib/server/records/log';
import { closeRecords, records } from '$lib/server/records/open';
import { problem_decision } from '$lib/server/records/schema';
import { addUser } from '$lib/server/sign_in/people';
import { ask } from '$lib/server/warehouse';
import type { Asked } from '$lib/server/door';
import { prepFacts, prepGround } from '../../src/routes/interventions/patient.server';
import { sheetWords } from '../../src/routes/interventions/prep/words.server';

const folder = mkdtempSync(join(tmpdir(), 'mtm-decision-'));
const home = openHome(join(folder, 'home'));
const drops = join(process.cwd(), 'tests', 'known', 'drops');
const now = Date.UTC(2026, 9, 1, 12);
const day = 86_400_000;
let lead: Viewer;
let elsewhere: Viewer;
let pid: string;
const list = 'adherence_at_risk';
const subject = 'pdc_statins';

const statesOf = async (sql: string) =>
	await query(home, sql, everyone, async (answer) => {
		const found: Record<string, unknown>[] = [];
		for await (const row of answer.rows) found.push(row as Record<string, unknown>);
		return found;
	});

beforeAll(async () => {
	for (const drop of ['drop-1', 'drop-2']) await load(home, [join(drops, drop)], { by: 'test' });
	await refresh(home, { years: [2025], asOf: '2025-09-30' });
	const { id } = await addUser(home, { name: 'Lena', role: 'quality_lead', limits: unlimited }, 'test');
	const viewerIn = (plans: string[] | null) =>
		viewerOf(
			{ id, name: 'Lena', role: 'quality_lead', pharmacies: null, plans, contracts: null, programs: null },
			{ id: 'session', reveals: [] }
		)!;
	lead = viewerIn(null);
	elsewhere = viewerIn(['nowhere']);
	const rows = await ask<{ pid: string; measure: string }>(
		home,
		'problems',
		{ list, state: null, first: 0, rows: null },
		lead.scope
	);
	pid = rows.find((row) => row.measure === subject)!.pid;
}, 240_000);
afterAll(async () => {
	await closeRecords(home);
	rmSync(folder, { recursive: true, force: true });
});

const dismiss = (more: Record<string, string> = {}, viewer = lead) =>
	dismissProblem(home, viewer, { pid, list, subject, reason: 'meant', until_on: '2026-10-31', ...more }, now);

test('what cannot be: an unknown reason, a past, missing or far day, a problem that claims do not show, a patient of others', async () => {
	for (const [more, why] of [
		[{ reason: 'because' }, 'Choose one of the reasons'],
		[{ until_on: '2026-10-01' }, 'must be after today'],
		[{ until_on: '' }, 'is no day'],
		[{ until_on: '2026-02-30' }, 'is no day'],
		[{ until_on: '2027-10-03' }, 'a year at most'],
		[{ list: 'duplication' }, 'no such problem'],
		[{ subject: 'pdc_rasa' }, 'no such problem'],
		[{ pid: '0000000000' }, 'no such problem']
	] as const)
		await expect(dismiss(more), JSON.stringify(more)).rejects.toThrow(why);
	await expect(dismiss({}, elsewhere)).rejects.toThrow('no such problem');
	await expect(reopenProblem(home, lead, { pid, list, subject }, now)).rejects.toThrow('not dismissed');
	expect((await dismissedProblems(home, now)).size).toBe(0);
});

test('dismissed through its last day, open the day after; taken back at once; the latest decision counts', async () => {
	await dismiss();
	const key = `${pid}|${list}|${subject}`;
	expect((await dismissedProblems(home, now)).get(key)).toMatchObject({
		by: 'Lena',
		reason: 'meant',
		until_on: '2026-10-31'
	});
	expect((await dismissedProblems(home, Date.UTC(2026, 9, 31, 23))).has(key)).toBe(true);
	expect((await dismissedProblems(home, Date.UTC(2026, 10, 1))).has(key)).toBe(false);
	await reopenProblem(home, lead, { pid, list, subject }, now + 1000);
	expect((await dismissedProblems(home, now)).size).toBe(0);
	await dismiss({ reason: 'claims_wrong', until_on: '2026-10-02' });
	expect((await dismissedProblems(home, now)).get(key)).toMatchObject({ reason: 'claims_wrong' });
});

test('a decision is never changed or deleted, and each stands in the access log', async () => {
	const { $client } = await records(home);
	await expect($client.execute("update problem_decision set by = 'me'")).rejects.toThrow('never changed');
	await expect($client.execute('delete from problem_decision')).rejects.toThrow('no decision is deleted');
	const { rows } = await readLog(
		home,
		{ patient: pid, kinds: ['problem_dismissed', 'problem_reopened'] },
		{ first: 0, rows: 10 }
	);
	expect(rows.map((row) => [row.kind, row.reason, row.detail.list])).toEqual([
		['problem_dismissed', 'claims_wrong', list],
		['problem_reopened', null, list],
		['problem_dismissed', 'meant', list]
	]);
	expect((await verifyLog(home)).broken).toBeNull();
});

test('the published list says dismissed after the next refresh, for that problem alone and while it lasts', async () => {
	const until_on = new Date(Date.now() + 3 * day).toISOString().slice(0, 10);
	await dismissProblem(home, lead, { pid, list, subject, reason: 'meant', until_on });
	// A decision about another measure of somebody else says nothing about the one on the list.
	const [other] = (
		await ask<{ pid: string }>(home, 'problems', { list, state: null, first: 0, rows: null }, everyone)
	).filter((row) => row.pid !== pid);
	await (await records(home)).insert(problem_decision).values({
		...{ at: new Date().toISOString(), by: lead.user.id, patient: other!.pid, list, subject: 'pdc_none' },
		...{ decision: 'dismissed', reason: 'meant', until_on }
	});
	const [person] = await ask<{ patient_id: string }>(home, 'patient_key', { pid }, everyone);
	await refresh(home, { years: [2025], asOf: '2025-09-30' });
	expect(await statesOf("select patient_id, list, measure from review_list where state = 'dismissed'")).toEqual([
		{ patient_id: person!.patient_id, list, measure: subject }
	]);
}, 60_000);

test('a prep sheet shows the problems that nobody dismissed, and has a title for each list', async () => {
	const question = { home, scope: everyone, year: 2025, run: { as_of: '2025-09-30' } } as Asked;
	const [key] = await ask<{ patient_no: number }>(home, 'patient_key', { pid }, everyone);
	const all = await ask<{ list: string; measure: string }>(
		home,
		'patient_lists',
		{ patient_no: key!.patient_no },
		everyone
	);
	const isOpen = (row: { list: string; measure: string | null }) => row.list !== list || row.measure !== subject;
	expect(all.filter(isOpen).length).toBe(all.length - 1);
	const { value } = (await prepFacts(question, pid, await prepGround(question)))!.lists;
	expect(value!.map((row) => [row.list, row.measure])).toEqual(
		all.filter(isOpen).map((row) => [row.list, row.measure])
	);
	expect((await sheetWords(question)).lists).toMatchObject({ opioid_and_benzodiazepine: 'Opioid with benzodiazepine' });
});
