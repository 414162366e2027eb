import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyone } from '$lib/domain/population';
import { recommendationSorts } from '$lib/domain/recommendation_table';
import { sorts, type Sort } from '$lib/domain/review';
import { everyone, unlimited, type Scope } from '$lib/domain/scope';
import type { Row } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { ask } from '$lib/server/warehouse';
import { demoHome, rowsOf } from './scope_home';

// Where days are not shown, the order of rows tells nothing of them: among rows that look alike in what they are sorted by, it is the order
// of the opaque ids, which are random.

const withoutDays: Scope = { limits: unlimited, phi: 'P1' };
let home: Home;
beforeAll(async () => {
	home = await demoHome(300);
}, 300_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

const text = (value: unknown) => JSON.stringify(value ?? null);

/** True when the rows that look alike stand in the order of their opaque ids. */
const tellsNothing = (rows: { looks: string; pid: string }[]) =>
	rows.every((row, at) => at === 0 || rows[at - 1]!.looks !== row.looks || rows[at - 1]!.pid <= row.pid);

const columns: Partial<Record<Sort, string>> = {
	age: 'age',
	pdc: 'pdc',
	best: 'best_possible_pdc',
	patient: 'pid',
	plan: 'plan',
	pharmacy: 'pharmacy_name',
	prescriber: 'prescriber_name',
	drug: 'last_ingredient'
};

test('the table of patients, by every word, in every list', async () => {
	let told = 0;
	for (const sort of sorts)
		for (const list of [null, 'adherence_at_risk', 'lost_for_year_clinical'])
			for (const descending of [false, true]) {
				const asked = { list, year: 2026, population: anyone(), sort, descending, first: 0, rows: null };
				const seen = await ask<Row>(home, 'patients', asked, withoutDays);
				const column = columns[sort];
				expect(seen.length).toBeGreaterThan(list === null ? 100 : 5);
				const looks = seen.map((row) => ({ pid: String(row.pid), looks: text([row.status, column && row[column]]) }));
				told += seen.length;
				expect(tellsNothing(looks), `${sort} ${list} ${descending}`).toBe(true);
			}
	expect(told).toBeGreaterThan(3000);
});

test('the tables of recommendations and of reviews that are due', async () => {
	const of = {
		patient: 'pid',
		problem: 'problem',
		action: 'action',
		drug: 'ingredient',
		channel: 'channel',
		answer: 'response'
	};
	for (const sort of recommendationSorts)
		for (const descending of [false, true]) {
			const asked = { year: 2026, sort, descending, first: 0, rows: null };
			const seen = await ask<Row>(home, 'recommendations', asked, withoutDays);
			expect(seen.length).toBeGreaterThan(20);
			const column = {
				...of,
				prescriber: 'prescriber_name',
				pharmacy: 'pharmacy_name',
				verified: 'verified',
				severity: 'severity_level'
			}[sort as string];
			const looks = seen.map((row) => ({ pid: String(row.pid), looks: text(column && row[column]) }));
			expect(tellsNothing(looks), `${sort} ${descending}`).toBe(true);
		}
	const due = await ask<Row>(home, 'reviews_due', { year: 2026, first: 0, rows: null }, withoutDays);
	expect(due.length).toBeGreaterThan(5);
	const looks = due.map((row) => ({
		pid: String(row.pid),
		looks: text([Number(row.refused) > 0, row.offered_on !== null])
	}));
	expect(tellsNothing(looks)).toBe(true);
});

test('the recommendations about problems that claims do not show', async () => {
	for (const list of [null, 'adherence_at_risk', 'statin_in_diabetes']) {
		const seen = await ask<Row>(home, 'problems_documented', { list, first: 0, rows: null }, withoutDays);
		expect(seen.length, String(list)).toBeGreaterThan(3);
		expect(tellsNothing(seen.map((row) => ({ pid: String(row.pid), looks: '' }))), String(list)).toBe(true);
	}
});

test('what follows from the age of a recommendation is not filtered by, with or without rows', async () => {
	const filters = [
		{ only: ['judged', 'judged=made'] },
		{ never: ['judged=under_30_days'] },
		{ never: ['month=2026-03'] },
		{ only: ['waited', 'waited=90_days_or_more'] }
	];
	for (const filter of filters) {
		const asked = { year: 2026, ...filter };
		const rows = { ...asked, sort: 'patient', descending: false, first: 0, rows: null };
		for (const scope of [withoutDays, { limits: unlimited, phi: 'P0' as const }])
			await expect(ask(home, 'recommendations_found', asked, scope)).rejects.toMatchObject({ exit: 1 });
		await expect(ask(home, 'recommendations', rows, withoutDays)).rejects.toMatchObject({ exit: 1 });
		expect((await ask(home, 'recommendations', rows, { limits: unlimited, phi: 'P2' })).length).toBeGreaterThan(0);
	}
});

test('recommendations are not chosen by reasons in own words where these are not shown', async () => {
	const chosen = { decline: 'not_stated', strategy: 'not_stated', around: 'followed', took: '0_or_more' };
	for (const [key, value] of Object.entries(chosen)) {
		const asked = { year: 2026, [key]: value };
		const rows = { ...asked, sort: 'patient', descending: false, first: 0, rows: null };
		for (const scope of [withoutDays, { limits: unlimited, phi: 'P0' as const }])
			await expect(ask(home, 'recommendations_found', asked, scope)).rejects.toMatchObject({ exit: 1 });
		await expect(ask(home, 'recommendations', rows, withoutDays)).rejects.toMatchObject({ exit: 1 });
		await ask(home, 'recommendations', rows, { limits: unlimited, phi: 'P2' });
	}
});

test('sessions are not chosen by reasons in own words where these are not shown', async () => {
	const asked = { year: 2025, reason: 'in other words', first: 0, rows: null };
	expect(await ask(home, 'sessions', asked, withoutDays)).toEqual([]);
	expect((await ask(home, 'sessions', asked, { limits: unlimited, phi: 'P2' })).length).toBeGreaterThan(0);
});

test('nobody is chosen by the month of a review where days are not shown', async () => {
	const asked = { year: 2025, from_month: 1, to_month: 12, first: 0, rows: null };
	expect(await ask(home, 'reviewed_people', asked, withoutDays)).toEqual([]);
	expect((await ask(home, 'reviewed_people', asked, { limits: unlimited, phi: 'P2' })).length).toBeGreaterThan(0);
});

test('a place in an order of days is not shown, a finer share is not filtered by, and rows in SQL stand in no order', async () => {
	const asked = { list: 'adherence_at_risk', year: 2026, sort: 'priority', descending: false, first: 0, rows: null };
	const all = await ask<Row>(home, 'patients', { ...asked, population: anyone() }, withoutDays);
	expect(all.every((row) => row.priority === null)).toBe(true);
	await expect(
		ask(home, 'patients', { ...asked, population: { ...anyone(), pdc: { from: 77, to: 78 } } }, withoutDays)
	).rejects.toMatchObject({ exit: 1 });
	await expect(
		ask(home, 'patients', { ...asked, population: anyone(), days: true }, withoutDays)
	).rejects.toMatchObject({
		exit: 1
	});
	const inOrder = (await ask<Row>(home, 'patients', { ...asked, population: anyone() }, everyone)).map(
		(row) => row.pid
	);
	const told = (
		await rowsOf(home, `select patient_id from review_list where list = 'adherence_at_risk'`, withoutDays)
	).map((row) => row.patient_id);
	expect([...told].sort()).toEqual([...inOrder].sort());
	const place = new Map(inOrder.map((pid, at) => [pid, at]));
	const ups = told.filter((pid, at) => at > 0 && place.get(pid as string)! > place.get(told[at - 1] as string)!).length;
	expect(ups / told.length).toBeGreaterThan(0.3);
	expect(ups / told.length).toBeLessThan(0.7);
});
