import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Kept } from '$lib/domain/kept';
import { anyone } from '$lib/domain/population';
import { everyone, unlimited, type Scope } from '$lib/domain/scope';
import { backUp, restore } from '$lib/server/backup';
import { refresh, type RefreshOptions } from '$lib/server/build/refresh';
import type { Row } from '$lib/server/duckdb';
import { homeAt, openHome, readCurrent, readKept, resultsFile, type Home } from '$lib/server/home';
import { heldTo, homeMeant } from '$lib/server/kept';
import { rollback } from '$lib/server/load/history';
import { load } from '$lib/server/load/load';
import { publishedNames, query } from '$lib/server/query';
import { shellOwner } from '$lib/server/records/log';
import { ask } from '$lib/server/warehouse';
import { unzip } from '../export/workbook';
import { folder } from '../known/expected';
import { emptyFolder, mtm, must, started } from '../known/shell';
import { serve, type Served } from './served';

// Results kept beside the current ones are those of a home of that day, or of a home that had received no more, to the digit.

const newHome = () => openHome(join(emptyFolder(), 'home'));
const drop = async (home: Home, ...numbers: number[]) => {
	for (const number of numbers) await load(home, [join(folder, 'drops', `drop-${number}`)]);
};
const day = '2025-09-30';
const home = newHome();

const patientsAsked = {
	year: 2025,
	population: anyone(),
	measure: null,
	list: null,
	phone: null,
	sort: 'patient',
	descending: false,
	first: 0,
	rows: 1000
};

const keptOf = (at: Home, known: number | null): Kept => readKept(at).find((kept) => kept.known === known)!;
const held = (known: number | null, at = home): Home => heldTo(at, keptOf(at, known));

/** Every published view and intake table, row by row, and some pages' questions; opaque ids aside, which are each home's own. */
async function everything(at: Home): Promise<Record<string, unknown>> {
	const found: Record<string, unknown> = {};
	for (const name of publishedNames())
		found[name] = await query(at, `select * from ${name} order by all`, everyone, async ({ rows }) => {
			const all: Row[] = [];
			for await (const row of rows) all.push(row);
			return all;
		});
	for (const year of [2024, 2025, 2026]) {
		const one = { year, population: anyone() };
		found[`headline ${year}`] = await ask(at, 'headline', one, everyone);
		found[`trend ${year}`] = await ask(at, 'trend', { ...one, measure: 'pdc_statins' }, everyone);
		found[`attrition ${year}`] = await ask(at, 'attrition', { ...one, measure: 'pdc_statins' }, everyone);
	}
	found.checks = await ask(at, 'checks', {}, everyone);
	return found;
}
const pids = async (at: Home) =>
	new Map(
		(await ask<{ patient_id: string; pid: string }>(at, 'patients', patientsAsked, everyone)).map(
			({ patient_id, pid }) => [patient_id, pid] as const
		)
	);

beforeAll(async () => {
	await drop(home, 1, 2, 3);
	await refresh(home);
}, 300_000);

describe('what is kept', () => {
	let before: Record<string, unknown>;
	/** The same loads, computed as of that day. */
	const ofDay = newHome();
	beforeAll(async () => {
		before = await everything(home);
		await refresh(home, { asOf: day, keep: true });
		await refresh(home, { known: 1 });
	}, 300_000);

	test('the current results stay as they were', async () => {
		expect(readCurrent(home)).toEqual({ intake: readCurrent(home).intake, results: 1 });
		expect(await everything(home)).toEqual(before);
		expect(readKept(home)).toMatchObject([
			{ as_of: day, known: null, loads: [1, 2, 3] },
			{ known: 1, loads: [1] }
		]);
	});

	test('results of a day are those of a home that was computed as of it', async () => {
		cpSync(home.folder, ofDay.folder, { recursive: true });
		await refresh(ofDay, { asOf: day });
		const wanted = await everything(ofDay);
		expect((wanted.adherence as Row[]).length).toBeGreaterThan(100);
		expect(await everything(held(null))).toEqual(wanted);
		expect(wanted).not.toEqual(before);
	}, 300_000);

	test('results by a load are those of a home that had received no more', async () => {
		const other = newHome();
		await drop(other, 1);
		await refresh(other);
		const wanted = await everything(other);
		expect(await everything(held(1))).toEqual(wanted);
		expect((wanted.pharmacy_claim as Row[]).length).toBeLessThan((before.pharmacy_claim as Row[]).length);
	}, 300_000);

	test('people keep their opaque ids from result to result', async () => {
		const current = await pids(home);
		const then = await pids(held(1));
		expect(then.size).toBeGreaterThan(20);
		const differing = [...then].filter(([patient, pid]) => current.has(patient) && current.get(patient) !== pid);
		expect(differing).toEqual([]);
		// Who is in no current result has one id in all kept ones.
		await refresh(home, { known: 1, asOf: '2025-08-31' });
		const other = readKept(home).find((kept) => kept.as_of === '2025-08-31')!;
		const again = await pids(heldTo(home, other));
		expect([...then].filter(([patient, pid]) => again.has(patient) && again.get(patient) !== pid)).toEqual([]);
	}, 300_000);

	test('limits and levels hold there as on the current results', async () => {
		const limits = { ...unlimited, pharmacies: ['1184000135'] };
		const limited: Scope = { limits, phi: 'P3' };
		const own = await ask<Row>(held(null), 'patients', patientsAsked, limited);
		const all = await ask<Row>(held(null), 'patients', patientsAsked, everyone);
		expect(own.length).toBeGreaterThan(0);
		expect(own.length).toBeLessThan(all.length);
		// The same limits over results of that day which are current.
		expect(own).toEqual(await ask<Row>(ofDay, 'patients', patientsAsked, limited));
		for (const phi of ['P1', 'P2'] as const)
			expect(
				Object.keys((await ask<Row>(held(null), 'patients', patientsAsked, { limits: unlimited, phi }))[0]!)
			).toEqual(Object.keys((await ask<Row>(home, 'patients', patientsAsked, { limits: unlimited, phi }))[0]!));
		await expect(ask(held(null), 'patients', patientsAsked, { limits: unlimited, phi: 'P0' })).rejects.toThrow(
			'no panel'
		);
		const small = await ask<Row>(
			held(null),
			'headline',
			{ year: 2025, population: anyone() },
			{ limits: unlimited, phi: 'P0' }
		);
		expect(JSON.stringify(small)).toContain('hidden');
	}, 300_000);

	test('kept and current results are read at the same time, however many kept ones are asked', async () => {
		const headline = (at: Home) => ask<Row>(at, 'headline', { year: 2025, population: anyone() }, everyone);
		const [now, then] = [await headline(home), await headline(held(null))];
		expect(now).not.toEqual(then);
		for (let at = 0; at < 3; at++) {
			const answers = await Promise.all([home, held(null), held(1), home, held(null)].map(headline));
			expect(answers[0]).toBe(answers[3]);
			expect(answers[1]).toEqual(then);
			expect(answers[0]).toEqual(now);
		}
	});

	test('one result is kept for a day and load: made again, it takes the place of the one before', async () => {
		const other = newHome();
		cpSync(home.folder, other.folder, { recursive: true });
		const was = keptOf(other, null);
		await refresh(other, { asOf: day, keep: true });
		const is = readKept(other).filter((kept) => kept.as_of === day && kept.known === null);
		expect(is).toHaveLength(1);
		expect(is[0]!.results).toBeGreaterThan(was.results);
		// A later load and refresh leave what is kept, its claims too.
		const before = await Promise.all([null, 1].map((known) => everything(held(known, other))));
		const vendor = join(emptyFolder(), 'pharmacy_claim.csv');
		writeFileSync(
			vendor,
			'claim_id,person_id,dispensing_date,ndc_code,days_supply\n1,0000,2025-02-01,00071015523,30\n'
		);
		await load(other, [vendor]);
		await refresh(other);
		expect(existsSync(resultsFile(other, was.results))).toBe(false);
		expect(await Promise.all([null, 1].map((known) => everything(held(known, other))))).toEqual(before);
		expect((await everything(other)).pharmacy_claim).not.toEqual(before[0]!.pharmacy_claim);
	}, 300_000);

	test('a rollback drops what was made from the load, and nothing else', async () => {
		const other = newHome();
		cpSync(home.folder, other.folder, { recursive: true });
		const was = keptOf(other, null);
		const answer = must('--home', other.folder, 'loads', 'rollback', '2');
		expect(answer.err).toContain(`Kept results as of ${day} were made from it, so they are dropped.`);
		expect(readKept(other).every((kept) => kept.known === 1)).toBe(true);
		expect(existsSync(resultsFile(other, was.results))).toBe(false);
		expect(homeMeant(other, { asof: day, known: null }, { as_of: '2026-06-30', loads: [1, 3] }).kept).toBeNull();
		await rollback(other, 1, 'test');
		expect(readKept(other)).toEqual([]);
		expect(readdirSync(other.warehouse).filter((file) => /^results-.*duckdb$/.test(file))).toEqual([
			'results-0001.duckdb'
		]);
		// A number once given is not given again: a reader would take one for the other.
		await refresh(other);
		expect(readCurrent(other).results).toBeGreaterThan(was.results);
	}, 300_000);

	test('a backup has them, and a restored home answers from them', async () => {
		const file = join(emptyFolder(), 'backup.tar');
		await backUp(home, file, { by: shellOwner });
		const other = homeAt(join(emptyFolder(), 'restored'));
		await restore(file, other, { by: shellOwner });
		expect(readKept(other)).toEqual(readKept(home));
		expect(await everything(held(1, other))).toEqual(await everything(held(1)));
	}, 300_000);

	test('the command lists and drops them, and never the current ones', () => {
		const other = newHome();
		cpSync(home.folder, other.folder, { recursive: true });
		const list = (...words: string[]) =>
			must('--home', other.folder, 'results', '--json', ...words).json() as {
				results: number;
				state: string;
				bytes: number;
			}[];
		const before = list();
		expect(before[0]).toMatchObject({ results: 1, state: 'current' });
		expect(before.every(({ bytes }) => bytes > 100_000)).toBe(true);
		const one = keptOf(other, null);
		expect(list('--drop', String(one.results))).toEqual(before.filter(({ results }) => results !== one.results));
		expect(existsSync(resultsFile(other, one.results))).toBe(false);
		for (const [number, words] of [
			['1', /are the current ones/],
			[String(one.results), /There are no kept results/],
			['two', /"two" is no number of results\. Nothing was changed\. Write it as --drop 3/]
		] as const) {
			const answer = mtm('--home', other.folder, 'results', '--drop', number);
			expect(answer.status).toBe(1);
			expect(answer.err).toMatch(words);
		}
		expect(must('--home', other.folder, 'doctor', '--json').out).toContain('kept, all open');
		rmSync(resultsFile(other, keptOf(other, 1).results));
		expect(mtm('--home', other.folder, 'doctor').status).toBe(5);
	});

	test('the command tells the number of a kept day', () => {
		const of = (...words: string[]) =>
			must('--home', home.folder, 'metric', 'pdc_statins', '--year', '2025', '--json', ...words).json() as Row;
		expect(of('--as-of', day).as_of).toBe(day);
		expect(of().as_of).not.toBe(day);
		const answer = mtm('--home', home.folder, 'metric', 'pdc_statins', '--as-of', '2025-09-29');
		expect(answer.status).toBe(1);
		expect(answer.err).toContain('mtm refresh --as-of 2025-09-29 --keep');
	});
});

describe('what cannot be kept', () => {
	const refused: [string, RefreshOptions, RegExp][] = [
		['a day before the first claim', { asOf: '1999-12-31', keep: true }, /1999-12-31 lies before the first service/],
		['a load that is not there', { known: 9 }, /There is no load 9\. Nothing was changed/],
		['years', { known: 1, years: [2025] }, /every year/]
	];
	test.for(refused)('%s is said, and nothing is changed', async ([, options, words]) => {
		const files = () => readdirSync(home.warehouse).filter((file) => file !== 'spill');
		const before = [readCurrent(home), readKept(home), files()];
		await expect(refresh(home, options)).rejects.toThrow(words);
		expect([readCurrent(home), readKept(home), files()]).toEqual(before);
	});

	test('a load that was rolled back, and a home without results', async () => {
		const other = newHome();
		await drop(other, 1, 2);
		await expect(refresh(other, { asOf: day, keep: true })).rejects.toThrow('there are none yet');
		await rollback(other, 2, 'test');
		await expect(refresh(other, { known: 2 })).rejects.toThrow('Load 2 was rolled back');
	});

	test('in the shell: no day, no load', () => {
		for (const [words, said] of [
			[['--as-of', '2026-02-30', '--keep'], '"2026-02-30" is no day'],
			[['--known', 'two'], '"two" is no number of a load']
		] as const) {
			const answer = mtm('--home', home.folder, 'refresh', ...words);
			expect(answer.status).toBe(1);
			expect(answer.err).toContain(said);
		}
	});
});

test('a kill -9 while results are kept leaves everything, and the next one works', async () => {
	must('version');
	const other = newHome();
	cpSync(home.folder, other.folder, { recursive: true });
	const kept = readKept(other);
	const current = await everything(other);
	for (const share of [0.2, 0.7]) {
		const from = Date.now();
		const there = new Set([...readdirSync(other.warehouse), 'spill']);
		const child = started('--home', other.folder, 'refresh', '--known', '2');
		const ended = once(child, 'exit');
		// The work has begun when its first file is there; then some of it is let happen.
		const begun = () => readdirSync(other.warehouse).some((file) => !there.has(file));
		while (!begun() && child.exitCode === null && Date.now() - from < 60_000) await wait(5);
		await wait(share * 1500);
		child.kill('SIGKILL');
		await ended;
		if (readKept(other).length > kept.length) break;
		expect(readKept(other)).toEqual(kept);
		expect(await everything(other)).toEqual(current);
	}
	await refresh(other, { known: 2 });
	expect(readKept(other).map(({ known }) => known)).toContain(2);
	const numbers = new Set([readCurrent(other).results, ...readKept(other).map(({ results }) => results)]);
	const files = readdirSync(other.warehouse).flatMap((file) => /^results-(\d+)\.duckdb$/.exec(file)?.[1] ?? []);
	expect(files.map(Number).filter((number) => !numbers.has(number))).toEqual([]);
}, 300_000);

describe('in the web', () => {
	let web: Served;
	let manager: string;
	beforeAll(async () => {
		web = await serve(home);
		manager = await web.signIn('pharmacy_manager');
	}, 300_000);
	afterAll(async () => await web?.stop());
	const page = async (address: string) => (await (await web.ask(manager, address)).text()).replaceAll('\u00a0', ' ');
	const bar = 'As of 30 Sep 2025, not the latest';

	test('every page says which results it shows, and links on within them', async () => {
		for (const address of [
			'/',
			'/adherence',
			'/adherence/pdc_statins',
			'/patients',
			'/compare',
			'/metrics',
			'/data',
			'/help',
			'/interventions'
		])
			expect([address, (await page(`${address}?asof=${day}`)).includes(bar)]).toEqual([address, true]);
		const adherence = await page(`/adherence?asof=${day}&known=1`.replace(`asof=${day}&`, ''));
		expect(adherence).toContain('Only what had been received by load 1');
		expect(await page(`/adherence?asof=${day}`)).toContain(`href="/patients?asof=${day}"`);
		expect(await page('/adherence')).not.toContain('not the latest');
	}, 60_000);

	test('words that nothing is kept for are told, and the latest are shown', async () => {
		const shown = await page('/adherence?asof=2025-09-29');
		expect(shown).toContain('mtm refresh --as-of 2025-09-29 --keep');
		expect(shown).toContain('The latest, as of 2026-04-01, are shown');
		expect(shown).not.toContain('not the latest');
		// Once, before the data that the page's script reads.
		const [both] = (await page('/adherence?asof=yesterday&known=two')).split('<script');
		expect(both).toContain('is no number of a load; write known=7. The latest, as of 2026-04-01, are shown');
		expect(both!.match(/The latest, as of/g)).toHaveLength(1);
		const other = await page('/adherence?asof=yesterday&known=1');
		expect(other).toContain('is no day');
		expect(other).not.toContain('The latest, as of');
	});

	test('no decision is taken on old results', async () => {
		const note = { on_day: '2025-09-01', group: 'all', measure: '', words: 'a storm', next: '/annotations' };
		const old = await web.ask(manager, `/annotations?/add&asof=${day}`, note);
		expect(await old.text()).toContain('made on the latest results only');
		expect(await page('/annotations')).not.toContain('a storm');
		const dismissal = {
			pid: '0000000000',
			list: 'costlier_brand',
			subject: '',
			reason: 'other',
			until_on: '2030-01-01'
		};
		const refused = await web.ask(manager, `/interventions/problems?/dismiss&asof=${day}`, dismissal);
		expect(await refused.text()).toContain('made on the latest results only');
		const found = await page(`/annotations?asof=${day}`);
		expect(found).not.toContain('?/add');
	});

	test('nor is a finding of the audit decided, replied to or reviewed', async () => {
		const other = newHome();
		await load(other, [join(folder, 'audit', 'drop')]);
		await refresh(other, { asOf: '2025-10-01' });
		await refresh(other, { asOf: day, keep: true });
		const audit = await serve(other);
		try {
			const auditor = await audit.signIn('payer_auditor');
			const text = async (who: string, address: string, form?: Record<string, string>) =>
				await (await audit.ask(who, address, form)).text();
			const claim = /\/audit\/claims\/\w+\/\d+/.exec(await text(auditor, '/audit/claims?y=2025&rule=A04'))![0];
			const given = { rule: 'A04', decision: 'not_supported', reason: 'time', amount: '60', words: 'Twenty minutes.' };
			const posted: [string, string, Record<string, string>][] = [
				[auditor, 'decide', given],
				[await audit.signIn('pharmacy_manager'), 'reply', { rule: 'A04', words: 'We have the record.' }],
				[await audit.signIn('payer_auditor'), 'review', { rule: 'A04', words: '', agrees: 'yes' }]
			];
			for (const [who, deed, form] of posted)
				expect(await text(who, `${claim}?/${deed}&asof=${day}`, form), deed).toContain(
					'Nothing was changed. Open the page without'
				);
			expect(await text(auditor, claim)).not.toContain('History');
			// On the latest results the same form is kept.
			expect(await text(auditor, `${claim}?/decide`, given)).toContain('The decision is kept.');
			expect(await text(auditor, claim)).toContain('Twenty minutes.');
		} finally {
			await audit.stop();
		}
	}, 120_000);

	test('a file says which results it was made from', async () => {
		const file = await web.ask(manager, `/download/headline.csv?asof=${day}&described=yes`);
		expect(file.headers.get('content-disposition')).toContain(`mtm_headline_${day}`);
		const description = [...unzip(Buffer.from(await file.arrayBuffer()))].find(([name]) => name.endsWith('.json'))![1];
		expect((JSON.parse(description) as { about: Record<string, string> }).about).toMatchObject({
			Results: 'As of 30 Sep 2025, not the latest (1 Apr 2026).',
			'Data through': day
		});
		// What is asked for by the load alone says the load.
		const by = await web.ask(manager, '/download/headline.csv?known=1');
		expect(by.headers.get('content-disposition')).toMatch(/mtm_headline_[\d-]+_load_1_/);
	});
});
