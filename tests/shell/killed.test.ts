import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { refresh } from '$lib/server/build/refresh';
import type { Row } from '$lib/server/duckdb';
import { homeAt, openHome } from '$lib/server/home';
import { listLoads } from '$lib/server/load/history';
import { ensureIntake } from '$lib/server/load/intake';
import { load } from '$lib/server/load/load';
import { query } from '$lib/server/query';
import { folder } from '../known/expected';
import { emptyFolder, mtm, must, started } from '../known/shell';

// A kill -9 at any moment leaves the old result readable and whole. MTM_KILLS sets how many moments are tried.

const kills = Number(process.env.MTM_KILLS ?? 6);
/** A command that had ended by its moment is faster now than when it was timed, so the next moments come sooner. */
const late = 0.7;
const drops = join(folder, 'drops');
const home = join(emptyFolder(), 'home');
const results = 'select * from adherence order by patient_id, measure, year';
const claims = 'select * from pharmacy_claim order by data_source, claim_id, claim_line_number, claim_status';

/** The rows of a query, read as `mtm query` reads them. */
async function asked(at: string, sql: string): Promise<Row[]> {
	await ensureIntake(homeAt(at));
	return await query(homeAt(at), sql, everyone, async ({ rows }) => {
		const all: Row[] = [];
		for await (const row of rows) all.push(row);
		return all;
	});
}

beforeAll(async () => {
	// Builds the command when it must, so that what is started below is there.
	must('version');
	for (const drop of ['drop-1', 'drop-2']) await load(openHome(home), [join(drops, drop)]);
	await refresh(homeAt(home), { years: [2025], asOf: '2025-09-30' });
}, 300_000);

/** Starts a command, kills it at a moment (0 to 1) of the time it takes when left alone, and says whether it was still at work. */
async function killed(moment: number, length: number, ...words: string[]): Promise<boolean> {
	const child = started(...words);
	const ended = once(child, 'exit');
	await new Promise((done) => setTimeout(done, moment * length));
	const atWork = child.exitCode === null;
	child.kill('SIGKILL');
	await ended;
	return atWork;
}

/** How long a command takes when it is left alone, in milliseconds. */
async function timed(...words: string[]): Promise<number> {
	const from = Date.now();
	const child = started(...words);
	await once(child, 'exit');
	expect(child.exitCode).toBe(0);
	return Date.now() - from;
}

describe('kill -9', () => {
	test('a refresh killed at many moments: what was readable stays, to the digit, and the next refresh works', async () => {
		const before = await asked(home, results);
		expect(before.length).toBeGreaterThan(100);
		const other = join(emptyFolder(), 'home');
		cpSync(home, other, { recursive: true });
		let length = await timed('--home', other, 'refresh', '--year', '2025', '--as-of', '2025-12-31');
		const after = await asked(other, results);
		expect(after).not.toEqual(before);
		let atWork = 0;
		for (let at = 0; at < kills; at++) {
			const moment = (at + Math.random()) / kills;
			const one = join(emptyFolder(), 'home');
			cpSync(home, one, { recursive: true });
			const wasAtWork = await killed(
				moment,
				length,
				'--home',
				one,
				'refresh',
				'--year',
				'2025',
				'--as-of',
				'2025-12-31'
			);
			atWork += Number(wasAtWork);
			if (!wasAtWork) length *= late;
			const now = await asked(one, results);
			// Either all of the old or, when the kill came after the swap, all of the new.
			expect([moment, [before, after].some((whole) => same(whole, now))]).toEqual([moment, true]);
			if (at === kills - 1 || at === kills >> 1) {
				await refresh(homeAt(one), { years: [2025], asOf: '2025-12-31' });
				expect(await asked(one, results)).toEqual(after);
			}
		}
		expect(atWork).toBeGreaterThan(kills / 3);
	}, 600_000);

	test('a load killed at many moments: no half load; the load works when it is left alone', async () => {
		const before = {
			results: await asked(home, results),
			claims: await asked(home, claims),
			loads: listLoads(homeAt(home))
		};
		const whole = join(emptyFolder(), 'home');
		cpSync(home, whole, { recursive: true });
		let length = await timed('--home', whole, 'load', join(drops, 'drop-3'));
		const after = await asked(whole, claims);
		expect(after).not.toEqual(before.claims);
		let atWork = 0;
		for (let at = 0; at < kills; at++) {
			const one = join(emptyFolder(), 'home');
			cpSync(home, one, { recursive: true });
			const moment = (at + Math.random()) / kills;
			const wasAtWork = await killed(moment, length, '--home', one, 'load', join(drops, 'drop-3'));
			atWork += Number(wasAtWork);
			if (!wasAtWork) length *= late;
			expect(await asked(one, results)).toEqual(before.results);
			// Killed after the one rename that commits, the load is there whole.
			if (listLoads(homeAt(one)).length === 2) {
				expect(listLoads(homeAt(one))).toEqual(before.loads);
				expect(await asked(one, claims)).toEqual(before.claims);
				await load(homeAt(one), [join(drops, 'drop-3')]);
			}
			expect(await asked(one, claims)).toEqual(after);
			expect(listLoads(homeAt(one)).length).toBe(3);
		}
		expect(atWork).toBeGreaterThan(kills / 3);
	}, 600_000);
});

const same = (one: Row[], other: Row[]) => JSON.stringify(one) === JSON.stringify(other);

describe('one at a time', () => {
	const held = (at: string) => {
		const lock = join(at, 'lock');
		return existsSync(lock) ? (JSON.parse(readFileSync(lock, 'utf8') || '{}') as { pid?: number }).pid : undefined;
	};

	test('a second load or refresh ends with 4, names the holder and changes nothing', async () => {
		const one = join(emptyFolder(), 'home');
		const vendor = join(emptyFolder(), 'vendor');
		mkdirSync(vendor);
		const lines = ['claim_id,person_id,dispensing_date,ndc_code,days_supply'];
		for (let at = 0; at < 400_000; at++)
			lines.push(`c${at},p${at % 5000},2025-0${1 + (at % 9)}-1${at % 10},00071015523,30`);
		writeFileSync(join(vendor, 'pharmacy_claim.csv'), lines.join('\n') + '\n');
		await load(openHome(one), [join(drops, 'drop-1')]);
		const first = started('--home', one, 'load', vendor);
		const ended = once(first, 'exit');
		while (held(one) !== first.pid && first.exitCode === null) await new Promise((done) => setTimeout(done, 5));
		const second = mtm('--home', one, 'load', join(drops, 'drop-2'));
		const third = mtm('--home', one, 'refresh');
		const stillAtWork = first.exitCode === null;
		for (const answer of [second, third]) {
			expect(answer.status).toBe(4);
			expect(answer.err).toContain(String(first.pid));
			expect(answer.err).toContain('load');
		}
		expect(stillAtWork).toBe(true);
		// Readers are not held up.
		expect(await asked(one, 'select 1 as x')).toEqual([{ x: 1 }]);
		await ended;
		expect(first.exitCode).toBe(0);
		expect(listLoads(homeAt(one)).length).toBe(2);
	}, 300_000);

	test('a holder that died is taken over', async () => {
		const one = join(emptyFolder(), 'home');
		await load(openHome(one), [join(drops, 'drop-1')]);
		writeFileSync(
			join(one, 'lock'),
			JSON.stringify({
				pid: 2 ** 22 - 3,
				id: 'dead',
				what: 'load',
				since: '2025-01-01T00:00:00Z',
				host: hostname()
			})
		);
		const answer = mtm('--home', one, 'load', join(drops, 'drop-2'));
		expect([answer.status, answer.err]).toEqual([0, expect.anything()]);
	});
});
