import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { elementListWords, readElementList } from '$lib/domain/element_list';
import { medicineListWords, readMedicineList } from '$lib/domain/medicine_list';
import { opportunityWords, readOpportunities } from '$lib/domain/opportunity';
import { readSessionList, sessionListWords } from '$lib/domain/session_list';
import { everyone } from '$lib/domain/scope';
import type { Home } from '$lib/server/home';
import { ask } from '$lib/server/warehouse';
import { demoHome } from '../laws/scope_home';

// Each number of the page of sessions, and of reviews tried, opens to as many sessions or opportunities.

let home: Home;
beforeAll(async () => {
	home = await demoHome(1500, 4);
}, 600_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

type Row = Record<string, number | string | null>;
const asked = (panel: string, more: Record<string, string | number | boolean | string[] | null> = {}) =>
	ask<Row>(home, panel, { year: 2025, ...more }, everyone);
const words = (text: string) =>
	readSessionList(new URLSearchParams(text), ['allergies', 'medication_list', 'action_plan']);

/** The sessions that words of an address list, all of them; how many they say they are is how many there are. */
async function listed(text: string, elements?: string[], filter: Record<string, string[]> = {}): Promise<Row[]> {
	const { chosen, problems } = elements ? readSessionList(new URLSearchParams(text), elements) : words(text);
	expect(problems).toEqual([]);
	const rows = await asked('sessions', { ...chosen, ...filter, first: 0, rows: null });
	for (const row of rows) expect(row.rows_in_all).toBe(rows.length);
	expect(new Set(rows.map((row) => row.sid)).size).toBe(rows.length);
	return rows;
}

/** The elements of sessions that words of an address list, all of them. */
async function elementsOf(text: string, elements: string[] = []): Promise<Row[]> {
	const { chosen, problems } = readElementList(new URLSearchParams(text), elements);
	expect(problems).toEqual([]);
	const rows = await asked('elements_listed', { ...chosen, first: 0, rows: null });
	for (const row of rows) expect(row.rows_in_all).toBe(rows.length);
	return rows;
}

test('what sessions covered: each element, by how it is documented', async () => {
	let numbers = 0;
	for (const kind of ['cmr', 'tmr', 'follow_up']) {
		const coverage = await asked('session_coverage', { service_type: kind });
		const elements = coverage.map((row) => String(row.element));
		for (const row of coverage)
			for (const state of ['sessions', 'yes', 'no', 'not_applicable', 'missing']) {
				const of = `kind=${kind}&became=completed&element=${row.element}${state === 'sessions' ? '' : `&state=${state}`}`;
				expect((await listed(of, elements)).length, of).toBe(row[state]);
				const same = of.replace('&became=completed', '');
				expect((await elementsOf(same, elements)).map((one) => one.sid).sort(), of).toEqual(
					(await listed(of, elements)).map((one) => one.sid).sort()
				);
				numbers += Number(Number(row[state]) > 0);
			}
	}
	expect(numbers).toBeGreaterThan(60);
});

test('sessions side by side, and reviews tried, by every unit', async () => {
	let left = 0;
	let documented = 0;
	for (const kind of ['cmr', 'tmr', 'follow_up'])
		for (const by of ['way', 'setting', 'provider'])
			for (const row of await asked('session_groups', { service_type: kind, unit: by })) {
				const of = `kind=${kind}&became=completed&by=${by}${row.value === null ? '' : `&group=${row.value}`}`;
				expect((await listed(of)).length, of).toBe(row.sessions);
				const found = await listed(`${of}&recommended=yes`);
				expect(found.length, of).toBe(row.with_recommendation);
				expect(found.every((one) => Number(one.recommendations) > 0)).toBe(true);
				expect((await listed(`${of}&recommended=no`)).length, of).toBe(
					Number(row.sessions) - Number(row.with_recommendation)
				);
				left += Number(found.length > 0);
				const group = of.replace('&became=completed', '');
				expect((await elementsOf(`${group}&state=yes`)).length, of).toBe(row.numerator);
				expect((await elementsOf(`${group}&state=applicable`)).length, of).toBe(row.denominator);
				expect((await elementsOf(group)).length, of).toBe(row.required);
				documented += Number(Number(row.numerator) > 0);
			}
	expect(left).toBeGreaterThan(10);
	expect(documented).toBeGreaterThan(10);
	let outcomes = 0;
	for (const by of ['plan', 'contract', 'pharm', 'delivery', 'setting', 'provider', 'recipient'])
		for (const row of await asked('review_tries', { unit: by }))
			for (const [status, column] of [
				['tried', 'tries'],
				['refused', 'refused'],
				['unable_to_reach', 'unable_to_reach'],
				['no_show', 'no_show']
			] as const) {
				const group = row.value === null ? '' : `&group=${encodeURIComponent(String(row.value))}`;
				const rows = await listed(`kind=cmr&became=${status}&by=${by}${group}`);
				expect(rows.length, `${by}${group} ${status}`).toBe(row[column]);
				expect(rows.every((one) => one.status !== 'scheduled' && one.service_type === 'cmr')).toBe(true);
				outcomes += Number(rows.length > 0);
			}
	expect(outcomes).toBeGreaterThan(40);
});

test('why reviews were not held, by every unit, with and without filters: as many sessions, of as many people', async () => {
	const [some] = await asked('review_tries', { unit: 'plan' });
	const filters: Record<string, string[]>[] = [
		{},
		{ only: ['plan', `plan=${some!.value}`] },
		{ never: [`plan=${some!.value}`] }
	];
	const seen = { shown: 0, others: 0 };
	for (const filter of filters)
		for (const by of ['plan', 'contract', 'pharm', 'delivery', 'setting', 'provider', 'recipient'])
			for (const row of await asked('review_reasons', { unit: by, ...filter })) {
				const of = new URLSearchParams({ kind: 'cmr', became: String(row.status), by });
				if (row.value !== null) of.set('group', String(row.value));
				const word = String(row.reason_word ?? 'not_stated');
				of.set('reason', word);
				const rows = await listed(of.toString(), undefined, filter);
				expect([rows.length, new Set(rows.map((one) => one.pid)).size], String(of)).toEqual([row.tries, row.patients]);
				seen[word === 'in other words' ? 'others' : 'shown']++;
			}
	expect(Math.min(seen.shown, seen.others)).toBeGreaterThan(5);
	const few = (await asked('sessions', { ...words('reason=in other words').chosen, first: 0, rows: null })).map((row) =>
		String(row.status_reason)
	);
	expect(few.length).toBeGreaterThan(0);
	for (const reason of few) expect(await listed(String(new URLSearchParams({ reason })))).toEqual([]);
});

test('lists of medicines and promised follow-ups', async () => {
	const [lists] = await asked('session_lists', { service_type: 'cmr' });
	expect((await listed('kind=cmr&became=completed&medicines=any')).length).toBe(lists!.sessions);
	for (const kind of ['cmr', 'tmr', 'follow_up']) {
		const [counted] = await asked('session_lists', { service_type: kind });
		for (const [seen, column] of [
			['', 'medicines'],
			['&seen=both', 'in_both'],
			['&seen=reviewed', 'list_only'],
			['&seen=claims', 'claims_only']
		] as const) {
			const { chosen, problems } = readMedicineList(new URLSearchParams(`kind=${kind}${seen}`));
			expect(problems).toEqual([]);
			const rows = await asked('medicines_listed', { ...chosen, first: 0, rows: null });
			expect(rows.length, `${kind}${seen}`).toBe(counted![column]);
			for (const row of rows) expect(row.rows_in_all).toBe(rows.length);
			if (seen === '') expect(new Set(rows.map((row) => row.sid)).size).toBe(counted!.sessions);
			if (kind === 'cmr') expect(rows.length).toBeGreaterThan(0);
		}
	}
	const [promised] = await asked('follow_ups');
	for (const state of ['promised', 'kept', 'late', 'missed', 'open']) {
		const rows = await listed(`follow_up=${state}`);
		expect(rows.length, state).toBe(promised![state]);
		expect(rows.every((row) => String(row.follow_up_due_on).startsWith('2025'))).toBe(true);
		expect(state === 'promised' || rows.every((row) => row.follow_up === state)).toBe(true);
	}
	expect(Number(promised!.promised)).toBeGreaterThan(10);
});

test('a page of the list is a piece of it, and each row opens the session it tells of', async () => {
	const all = await listed('kind=cmr&became=completed');
	expect(all.map((row) => row.held_on)).toEqual(
		all
			.map((row) => row.held_on)
			.sort()
			.reverse()
	);
	const { chosen } = words('kind=cmr&became=completed');
	const part = await asked('sessions', { ...chosen, first: 10, rows: 5 });
	expect(part.map((row) => row.sid)).toEqual(all.slice(10, 15).map((row) => row.sid));
	for (const row of part) {
		const [pid, number] = String(row.sid).split('-');
		const [person] = await ask<{ patient_no: number }>(home, 'patient_key', { pid: pid! }, everyone);
		const own = await ask<Row>(home, 'patient_sessions', { patient_no: person!.patient_no }, everyone);
		expect(own.find((one) => one.number === Number(number))).toMatchObject({
			held_on: row.held_on,
			service_type: 'cmr',
			status: 'completed',
			recommendations: row.recommendations
		});
	}
});

test('opportunities, by problem and what became of them', async () => {
	let numbers = 0;
	for (const row of await asked('opportunities'))
		for (const state of ['opened', 'done', 'in_progress', 'open', 'expired', 'removed']) {
			const of = `about=${row.problem ?? 'not_stated'}${state === 'opened' ? '' : `&state=${state}`}`;
			const { chosen, problems } = readOpportunities(new URLSearchParams(of));
			expect(problems).toEqual([]);
			const rows = await asked('opportunities_opened', { ...chosen, first: 0, rows: null });
			expect(rows.length, of).toBe(row[state]);
			for (const one of rows) expect(one.rows_in_all).toBe(rows.length);
			numbers += Number(rows.length > 0);
		}
	expect(numbers).toBeGreaterThan(8);
	const all = await asked('opportunities');
	for (const state of ['opened', 'done']) {
		const { chosen } = readOpportunities(new URLSearchParams(state === 'opened' ? '' : { state }));
		const rows = await asked('opportunities_opened', { ...chosen, first: 0, rows: null });
		expect(rows.length, state).toBe(all.reduce((sum, row) => sum + Number(row[state]), 0));
	}
});

test('what an address asks for in words, and what of it nobody knows', () => {
	const titles = new Map([['allergies', 'Allergies']]);
	const said = (text: string) => sessionListWords(words(text).chosen, titles);
	expect(said('kind=cmr&became=completed&element=allergies&state=missing')).toBe(
		'CMR, completed; Allergies: nothing written'
	);
	expect(said('kind=cmr&became=tried&by=plan')).toBe('CMR, tried; plan not stated');
	expect(said('by=way&group=remote')).toBe('remote or in person remote (telephone, telehealth)');
	expect(said('kind=tmr&recommended=yes')).toBe('TMR; left a recommendation');
	expect(words('recommended=maybe').problems.map(({ key }) => key)).toEqual(['recommended']);
	expect(said('follow_up=missed')).toBe('follow-up missed');
	expect(said('became=refused&reason=No time')).toBe('refused; not held, reason "No time"');
	expect(said('kind=cmr&reason=not_stated')).toBe('CMR; not held, reason not stated');
	expect(said('')).toBe('');
	const unknown = words('kind=x&became=y&element=z&by=w&medicines=v&follow_up=u');
	expect(unknown.problems.map(({ key }) => key)).toEqual(['element', 'by', 'kind', 'became', 'medicines', 'follow_up']);
	expect(Object.values(unknown.chosen).every((value) => value === null)).toBe(true);
	expect(words('state=missing&group=a').problems.map(({ key }) => key)).toEqual(['state', 'group']);
	expect(words('element=allergies&state=maybe').problems.map(({ key }) => key)).toEqual(['state']);
	const medicines = readMedicineList(new URLSearchParams('kind=cmr&seen=moon'));
	expect([medicines.chosen, medicines.problems.map(({ key }) => key)]).toEqual([
		{ service_type: 'cmr', seen_in: null },
		['seen']
	]);
	expect(medicineListWords({ service_type: 'cmr', seen_in: 'claims' })).toBe('CMR, on hand by claims and not reviewed');
	expect(opportunityWords({ problem: 'cost', state: 'in_progress' })).toBe('Cost, Taken up');
	expect(opportunityWords({ problem: null, state: null })).toBe('');
	expect(opportunityWords({ problem: 'not_stated', state: null })).toBe('problem not stated');
	expect(readOpportunities(new URLSearchParams('about=x&state=done'))).toEqual({
		chosen: { problem: null, state: 'done' },
		problems: [{ key: 'about', value: 'x', why: 'there is no problem "x"' }]
	});
});

test('words of an address that choose elements are read and said', () => {
	const elements = ['allergies'];
	const read = (text: string) => readElementList(new URLSearchParams(text), elements);
	const titles = new Map([['allergies', 'Allergies']]);
	const said = (text: string) => elementListWords(read(text).chosen, titles);
	expect(said('kind=cmr&element=allergies&state=missing')).toBe('CMR; Allergies; nothing written');
	expect(said('state=applicable&by=setting')).toBe('applicable; setting not stated');
	expect(said('by=way&group=in_person')).toBe('remote or in person in person');
	expect(said('')).toBe('');
	const unknown = read('kind=x&element=y&state=z&by=plan&group=a');
	expect(unknown.problems.map(({ key }) => key)).toEqual(['by', 'group', 'kind', 'element', 'state']);
	expect(Object.values(unknown.chosen).every((value) => value === null)).toBe(true);
});
