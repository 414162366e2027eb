import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyone, unlimited } from '$lib/domain/scope';
import type { GivenView } from '$lib/domain/saved_view';
import { viewerOf, type Viewer } from '$lib/domain/viewer';
import type { Home } from '$lib/server/home';
import { readLog, verifyLog } from '$lib/server/records/log';
import { closeRecords } from '$lib/server/records/open';
import { keepAddress, removeView, savedView, savedViews, saveView } from '$lib/server/saved_views';
import { addUser } from '$lib/server/sign_in/people';
import { ask } from '$lib/server/warehouse';
import { demoHome } from '../laws/scope_home';

const newest = { y: '2026', asof: '2026-09-30' };
const noon = Date.UTC(2026, 9, 1, 12);
const day = 86_400_000;
let home: Home;
let lena: Viewer;
let vic: Viewer;
let ada: Viewer;
let person: { first_name: string; last_name: string; patient_id: string };

beforeAll(async () => {
	home = await demoHome(300);
	const user = async (name: string, role: 'quality_lead' | 'viewer' | 'administrator') => {
		const { id } = await addUser(home, { name, role, limits: unlimited }, 'test');
		return viewerOf({ id, name, role, ...unlimited }, { id: 'session', reveals: [] })!;
	};
	[lena, vic, ada] = [
		await user('Lena', 'quality_lead'),
		await user('Vic', 'viewer'),
		await user('Ada', 'administrator')
	];
	[person] = (await ask<typeof person>(
		home,
		'patients',
		{ year: 2026, sort: 'patient', descending: false, first: 0, rows: 1 },
		everyone
	)) as [typeof person];
}, 300_000);
afterAll(async () => {
	await closeRecords(home);
	rmSync(home.folder, { recursive: true, force: true });
});

const given: GivenView = {
	name: 'Overdue statins',
	address: '/patients?measure=pdc_statins&status=overdue&show=identifiers',
	filtersOnly: false,
	pinned: false,
	shared: false
};
const save = (more: Partial<GivenView> = {}, who = lena, now = noon) =>
	saveView(home, who, { ...given, ...more }, newest, now);
const found = async (who: Viewer) => (await savedViews(home, who)).map(({ name, own, by }) => ({ name, own, by }));

test('what cannot be saved: a page of one person, a page that is not opened, a name that tells of a patient, sharing by who only looks', async () => {
	const name = `${person.first_name} ${person.last_name}`;
	for (const [more, why, who] of [
		[{ address: '/patients/0123456789' }, 'No view can be of this page'],
		[{ address: '/admin/users' }, 'No view can be of this page'],
		[{ address: '/export/patients?status=overdue' }, 'No view can be of this page'],
		[{ address: '/nowhere' }, 'No view can be of this page'],
		[{}, 'No view can be of this page', vic],
		[{ name: '' }, 'Give the view a name'],
		[{ name: `Call ${name}` }, 'never whom'],
		[{ name: `${person.last_name} ${person.first_name}` }, 'never whom'],
		[{ address: '/adherence', shared: true }, 'for itself, not for everybody', vic]
	] as [Partial<GivenView>, string, Viewer?][])
		await expect(save(more, who), JSON.stringify(more)).rejects.toThrow(why);
	expect(await found(lena)).toEqual([]);
});

test('one’s own view is one’s own, saved again it is replaced, and its id stays', async () => {
	const id = await save();
	expect(await savedView(home, lena, id, noon)).toMatchObject({
		name: 'Overdue statins',
		path: '/patients',
		words: 'measure=pdc_statins&status=overdue',
		own: true,
		by: 'Lena',
		shared: false
	});
	expect(await save({ name: ' overdue STATINS', address: '/patients?status=lost' })).toBe(id);
	expect((await savedView(home, lena, id, noon))!.words).toBe('status=lost');
	expect(await found(lena)).toEqual([{ name: 'overdue STATINS', own: true, by: 'Lena' }]);
	expect(await found(ada)).toEqual([]);
	// Who was given the link may follow it; what it shows is the asker's own scope, behind the page's own gate.
	expect(await savedView(home, vic, id, noon)).toMatchObject({ own: false, by: 'Lena' });
});

test('a view for everybody is found by who may open its page, and removed by its owner or who manages users', async () => {
	const patients = await save({ name: 'For callers', shared: true });
	const totals = await save({ name: 'For all', address: '/adherence?plan=H1', shared: true }, lena, noon + 1000);
	expect(await found(vic)).toEqual([{ name: 'For all', own: false, by: 'Lena' }]);
	expect((await found(lena)).map(({ name }) => name)).toContain('For callers');
	await expect(removeView(home, vic, totals)).rejects.toThrow('no such view');
	await expect(removeView(home, vic, patients)).rejects.toThrow('no such view');
	await removeView(home, lena, totals);
	expect(await found(vic)).toEqual([]);
	expect(await savedView(home, lena, totals, noon)).toBeNull();
	await expect(removeView(home, lena, totals)).rejects.toThrow('no such view');

	const again = await save({ name: 'Of the team', address: '/adherence', shared: true });
	await removeView(home, ada, again);
	expect(await savedView(home, lena, again, noon)).toBeNull();
});

test('a view of a page that itself names a view has the words of both', async () => {
	const inner = await save({ name: 'Inner', address: '/adherence/pdc_statins?plan=H1&tab=trend' });
	const outer = await save({ name: 'Outer', address: `/adherence/pdc_statins?view=${inner}&plan=H2`, pinned: true });
	expect((await savedView(home, lena, outer, noon))!.words).toBe('tab=trend&plan=H2&y=2026&asof=2026-09-30');
});

test('a long address has one id however often it is kept, is in nobody’s list, and goes when nobody looked for long', async () => {
	const url = new URL(
		`http://here.invalid/patients?pharm=${Array.from({ length: 300 }, (_, n) => 1_000_000 + n).join(',')}`
	);
	const before = await found(lena);
	const id = await keepAddress(home, lena, url, noon);
	expect(await keepAddress(home, vic, url, noon + day)).toBe(id);
	expect(await savedView(home, vic, id, noon + day)).toMatchObject({ name: null, path: '/patients' });
	expect((await savedView(home, vic, id, noon + day))!.words).toBe(`pharm=${url.searchParams.get('pharm')}`);
	expect(await found(lena)).toEqual(before);
	const other = new URL('http://here.invalid/adherence?plan=x');
	// Looked at on the 401st day less one it stays, a day later it is gone; saved views stay for good.
	await keepAddress(home, lena, other, noon + day + 400 * day);
	expect(await savedView(home, lena, id, noon + day)).not.toBeNull();
	await keepAddress(home, lena, other, noon + day + 400 * day + 1);
	expect(await savedView(home, lena, id, noon + day)).toBeNull();
	expect(await found(lena)).toEqual(before);
});

test('when it was opened is kept to the hour', async () => {
	const id = await save({ name: 'Clock' });
	const used = async () => (await savedViews(home, lena)).find((one) => one.id === id)!.usedAt;
	await savedView(home, lena, id, noon + 3_600_000);
	expect(Date.parse(await used())).toBe(noon);
	await savedView(home, lena, id, noon + 3_600_001);
	expect(Date.parse(await used())).toBe(noon + 3_600_001);
});

test('the log has that a view was saved or removed, of which page, without its name', async () => {
	const { rows } = await readLog(home, {}, { first: 0, rows: 500 });
	const ours = rows.filter(({ kind }) => kind.startsWith('view_saved') || kind === 'view_removed');
	expect(ours.length).toBeGreaterThan(8);
	expect(JSON.stringify(ours)).not.toMatch(/statins'|Overdue|callers/i);
	expect(ours.map(({ detail }) => detail.page)).toContain('/patients');
	expect((await verifyLog(home)).broken).toBeNull();
});
