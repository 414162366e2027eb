import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyone, unlimited, type Limits } from '$lib/domain/scope';
import { viewerOf, type Viewer } from '$lib/domain/viewer';
import { annotate, annotations, groupChoices, removeAnnotation } from '$lib/server/annotations';
import type { Home } from '$lib/server/home';
import { readLog, verifyLog } from '$lib/server/records/log';
import { closeRecords, records } from '$lib/server/records/open';
import { addUser } from '$lib/server/sign_in/people';
import { ask } from '$lib/server/warehouse';
import { demoHome } from '../laws/scope_home';

const year = 2026;
const now = Date.UTC(2026, 9, 1, 12);
let home: Home;
let id: string;
let plans: string[];
let pharmacy: string;
let person: { first_name: string; last_name: string; patient_id: string; pid: string };

const viewer = (limits: Partial<Limits> = {}): Viewer =>
	viewerOf({ id, name: 'Lena', role: 'quality_lead', ...unlimited, ...limits }, { id: 'session', reveals: [] })!;

beforeAll(async () => {
	home = await demoHome(300);
	({ id } = await addUser(home, { name: 'Lena', role: 'quality_lead', limits: unlimited }, 'test'));
	const options = await ask<{ key: string; value: string }>(home, 'filter_options', { year }, everyone);
	plans = options.filter(({ key }) => key === 'plan').map(({ value }) => value);
	pharmacy = options.find(({ key }) => key === 'pharm')!.value;
	const people = await ask<typeof person>(
		home,
		'patients',
		{ year, sort: 'patient', descending: false, first: 0, rows: 20 },
		everyone
	);
	// Opaque ids differ from home to home; one with five digits in a row is refused as a number before it is looked up.
	person = people.find(({ pid }) => !/\d{5}/.test(pid))!;
}, 300_000);
afterAll(async () => {
	await closeRecords(home);
	rmSync(home.folder, { recursive: true, force: true });
});

const given = { on_day: '2026-03-12', group: 'all', measure: '', words: 'New nurse line', begins_level: false };
const keep = (more: Partial<typeof given> = {}, who = viewer()) =>
	annotate(home, who, { ...given, ...more }, year, now);
const seen = async (who: Viewer) =>
	(await annotations(home, who, await groupChoices(home, who, year))).map(({ words, about }) => `${words} (${about})`);

test('what cannot be kept: no day, an unknown group or measure, words that tell of a person', async () => {
	const name = `${person.first_name} ${person.last_name}`;
	for (const [more, why] of [
		[{ on_day: '2026-02-30' }, 'is no day'],
		[{ words: 'ab' }, 'few words'],
		[{ group: 'plan:nowhere' }, 'Choose one of the groups'],
		[{ group: 'nobody' }, 'Choose one of the groups'],
		[{ measure: 'none' }, 'no measure'],
		[{ words: `asked by ${name}` }, 'never whom'],
		[{ words: `${person.last_name}, ${person.first_name}: moved` }, 'never whom'],
		[{ words: `follows ${person.patient_id} home` }, 'never whom'],
		[{ words: `follows ${person.pid.toUpperCase()} home` }, 'never whom'],
		[{ words: 'call 555-0129' }, 'never whom']
	] as const)
		await expect(keep(more), JSON.stringify(more)).rejects.toThrow(why);
	expect(await seen(viewer())).toEqual([]);
	const { rows } = await readLog(home, { kinds: ['refused'] }, { first: 0, rows: 10 });
	// The id as loaded has five digits in a row, which is refused before it is looked up.
	expect(rows).toHaveLength(3);
	expect(JSON.stringify(rows)).not.toContain(person.last_name);
});

test('seen and written by those whose view covers whom it is about, and by nobody else', async () => {
	await keep({ words: 'Everybody: new form' });
	await keep({ words: 'Plan one', group: `plan:${plans[0]}`, begins_level: true });
	await keep({ words: 'Store one', group: `pharmacy:${pharmacy}`, measure: 'hospital_admissions' });
	await keep({ words: 'Part D', group: 'program:part_d' });
	expect(await seen(viewer())).toHaveLength(4);
	expect(await seen(viewer({ plans: [plans[0]!] }))).toEqual([`Plan one (Plan: ${plans[0]})`]);
	expect(await seen(viewer({ plans: [plans[1]!] }))).toEqual([]);
	expect(await seen(viewer({ plans: plans.slice(0, 2) }))).toEqual([`Plan one (Plan: ${plans[0]})`]);
	expect(await seen(viewer({ plans: [plans[0]!], pharmacies: [pharmacy] }))).toEqual([]);
	expect(await seen(viewer({ pharmacies: [pharmacy] }))).toEqual([expect.stringMatching(/^Store one \(Pharmacy: /)]);
	expect(await seen(viewer({ programs: ['part_d'] }))).toEqual(['Part D (Programme: Part D)']);
	await expect(keep({ group: 'all' }, viewer({ plans: [plans[0]!] }))).rejects.toThrow('Choose one of the groups');
	await expect(keep({ group: `plan:${plans[0]}` }, viewer({ plans: [plans[1]!] }))).rejects.toThrow('Choose one');
	await keep({ group: `plan:${plans[1]}`, words: 'Their own' }, viewer({ plans: [plans[1]!] }));
	expect(await seen(viewer({ plans: [plans[1]!] }))).toEqual([`Their own (Plan: ${plans[1]})`]);
});

test('taken back by a further row, once, by who sees it; nothing is changed or deleted; each stands in the log', async () => {
	const all = await annotations(home, viewer(), []);
	const own = all.find(({ words }) => words === 'Plan one')!;
	await expect(removeAnnotation(home, viewer({ plans: [plans[1]!] }), own.id)).rejects.toThrow('no such annotation');
	await expect(removeAnnotation(home, viewer(), 999)).rejects.toThrow('no such annotation');
	const both = await Promise.allSettled([
		removeAnnotation(home, viewer(), own.id, now),
		removeAnnotation(home, viewer(), own.id, now)
	]);
	expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
	expect((await annotations(home, viewer(), [])).map((one) => one.id)).toEqual(
		all.map((one) => one.id).filter((one) => one !== own.id)
	);
	const { $client } = await records(home);
	const { rows: kept } = await $client.execute("select words from annotation where words = 'Plan one'");
	expect(kept).toHaveLength(1);
	await expect($client.execute("update annotation set words = 'x'")).rejects.toThrow('never changed');
	await expect($client.execute('delete from annotation')).rejects.toThrow('no annotation is deleted');
	const { rows } = await readLog(home, { kinds: ['annotation_added', 'annotation_removed'] }, { first: 0, rows: 20 });
	expect(rows.filter(({ kind }) => kind === 'annotation_added')).toHaveLength(5);
	expect(rows.filter(({ kind }) => kind === 'annotation_removed').length).toBeGreaterThanOrEqual(1);
	expect(JSON.stringify(rows)).not.toContain('Plan one');
	expect((await verifyLog(home)).broken).toBeNull();
});
