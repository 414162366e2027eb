import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { folder } from '../known/expected';
import { asked, emptyFolder, must, mtm, started } from '../known/shell';

// A kill -9 at any moment leaves the old result readable and whole.

const drops = join(folder, 'drops');
const home = emptyFolder();
const question = 'select * from adherence order by patient_id, measure, year';

beforeAll(() => {
	for (const drop of ['drop-1', 'drop-2']) must('--home', home, 'load', join(drops, drop));
	must('--home', home, 'refresh', '--year', '2025', '--as-of', '2025-09-30');
}, 300_000);

/** Starts, kills after so many milliseconds, and says whether it was still at work. */
async function killed(after: number, ...words: string[]): Promise<boolean> {
	const child = started(...words);
	const ended = once(child, 'exit');
	await new Promise((done) => setTimeout(done, after));
	const atWork = child.exitCode === null;
	child.kill('SIGKILL');
	await ended;
	return atWork;
}

/** How long a run takes when it is left alone. */
function time(...words: string[]): number {
	const from = Date.now();
	must(...words);
	return Date.now() - from;
}

describe('kill -9', () => {
	test('a refresh killed at many moments: what was readable stays, to the digit, and the next refresh works', async () => {
		const before = asked(home, question);
		const other = join(emptyFolder(), 'home');
		cpSync(home, other, { recursive: true });
		const length = time('--home', other, 'refresh', '--year', '2025', '--as-of', '2025-12-31');
		let atWork = 0;
		for (let at = 0; at < 24; at++) {
			const moment = Math.round((length * (at + Math.random())) / 24);
			atWork += Number(await killed(moment, '--home', home, 'refresh', '--year', '2025', '--as-of', '2025-09-30'));
			if (at % 4 === 3) expect([moment, asked(home, question)]).toEqual([moment, before]);
		}
		expect(atWork).toBeGreaterThan(6);
		must('--home', home, 'refresh', '--year', '2025', '--as-of', '2025-09-30');
		expect(asked(home, question)).toEqual(before);
	}, 600_000);

	test('a load killed at many moments: no half load, the history and the results as before, and the load works when it is left alone', async () => {
		const before = asked(home, question);
		const claims = asked(home, 'select * from pharmacy_claim order by data_source, claim_id, claim_line_number');
		const history = must('--home', home, 'loads', 'list', '--json').json();
		const whole = join(emptyFolder(), 'home');
		cpSync(home, whole, { recursive: true });
		const length = time('--home', whole, 'load', join(drops, 'drop-3'));
		let atWork = 0;
		let done = 0;
		for (let at = 0; at < 24; at++) {
			const one = join(emptyFolder(), 'home');
			cpSync(home, one, { recursive: true });
			const moment = Math.round((length * (at + Math.random())) / 24);
			atWork += Number(await killed(moment, '--home', one, 'load', join(drops, 'drop-3')));
			expect(asked(one, question)).toEqual(before);
			const now = must('--home', one, 'loads', 'list', '--json').json() as unknown[];
			// Killed after the one rename that commits, the load is there whole.
			if (now.length === 3) done++;
			else {
				expect(now).toEqual(history);
				expect(asked(one, 'select * from pharmacy_claim order by data_source, claim_id, claim_line_number')).toEqual(
					claims
				);
				must('--home', one, 'load', join(drops, 'drop-3'));
			}
			expect(asked(one, 'select count(*) as n from pharmacy_claim')).toEqual(
				asked(whole, 'select count(*) as n from pharmacy_claim')
			);
		}
		expect(atWork).toBeGreaterThan(6);
		expect(done).toBeLessThan(24);
	}, 900_000);
});

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
		must('--home', one, 'load', join(drops, 'drop-1'));
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
		expect(asked(one, 'select 1 as x')).toEqual([{ x: 1 }]);
		await ended;
		expect(first.exitCode).toBe(0);
		expect((must('--home', one, 'loads', 'list', '--json').json() as unknown[]).length).toBe(2);
	}, 300_000);

	test('a holder that died is taken over', () => {
		const one = join(emptyFolder(), 'home');
		must('--home', one, 'load', join(drops, 'drop-1'));
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
