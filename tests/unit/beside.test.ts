import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doBeside, type Doing } from '$lib/server/build/beside';
import { stepClock } from '$lib/server/step_clock';
import type { Connection } from '$lib/server/duckdb';
import { openDatabase } from '$lib/server/duckdb';

const database = await openDatabase();
const connections = [await database.connect(), await database.connect()];

/** Steps s0, s1, ...: each reads some of those before it, goes beside others or alone, and asks the database for a moment. */
const work = fc
	.array(fc.record({ reads: fc.array(fc.nat(), { maxLength: 3 }), beside: fc.boolean(), rows: fc.nat(2000) }), {
		minLength: 1,
		maxLength: 14
	})
	.map((each) =>
		each.map(({ reads, ...rest }, at) => ({
			...rest,
			makes: `s${at}`,
			reads: at === 0 ? [] : [...new Set(reads.map((read) => `s${read % at}`))]
		}))
	);

test('each step comes after what it reads, a step that goes alone runs by itself, and a connection has one step at a time', async () => {
	await fc.assert(
		fc.asyncProperty(work, async (planned) => {
			const made: string[] = [];
			const running = new Map<string, Connection>();
			let most = 0;
			const steps = planned.map(({ rows, ...step }): Doing => ({
				...step,
				does: async (connection) => {
					expect(step.reads.filter((read) => !made.includes(read))).toEqual([]);
					expect([...running.values()]).not.toContain(connection);
					running.set(step.makes, connection);
					most = Math.max(most, running.size);
					const alone = planned.some((one) => !one.beside && running.has(one.makes));
					expect(alone && running.size > 1).toBe(false);
					await connection.run(`select sum(hash(range)) from range(${rows})`);
					running.delete(step.makes);
					made.push(step.makes);
				}
			}));
			await doBeside(steps, connections);
			expect([...made].sort()).toEqual(planned.map((one) => one.makes).sort());
			expect(most).toBeLessThanOrEqual(2);
		}),
		{ numRuns: 60 }
	);
});

const waits = (makes: string, does: Doing['does'], reads: string[] = []): Doing => ({
	makes,
	reads,
	beside: true,
	does
});

test('two steps that do not read each other do run at once', async () => {
	let both = () => {};
	const met = new Promise<void>((resolve) => (both = resolve));
	let come = 0;
	const meets = async () => {
		if (++come === 2) both();
		await met;
	};
	await doBeside([waits('one', meets), waits('other', meets)], connections);
	expect(come).toBe(2);
});

test('after a failure nothing more is begun, and what runs is waited for', async () => {
	const ended: string[] = [];
	const steps = [
		waits('fails', () => Promise.reject(new Error('no such column'))),
		waits('runs', async (connection) => {
			await connection.run('select sum(hash(range)) from range(300000)');
			ended.push('runs');
		}),
		waits('later', async () => void ended.push('later')),
		waits('reads it', async () => void ended.push('reads it'), ['fails'])
	];
	await expect(doBeside(steps, connections)).rejects.toThrow('no such column');
	expect(ended).toEqual(['runs']);
});

test('a stop begins nothing more and says why', async () => {
	const stop = new AbortController();
	const ended: string[] = [];
	const steps = [
		waits('first', async () => {
			ended.push('first');
			stop.abort(new Error('stopped by its user'));
		}),
		waits('second', async () => void ended.push('second'), ['first'])
	];
	await expect(doBeside(steps, connections, undefined, stop.signal)).rejects.toThrow('stopped by its user');
	expect(ended).toEqual(['first']);
});

test('what is told ends at the whole, and steps at once share the time that passes', async () => {
	const clock = stepClock();
	const shares: number[] = [];
	const started = performance.now();
	const sleep = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
	await doBeside(
		['one', 'two', 'three'].map((makes) => waits(makes, sleep)),
		connections,
		(running, share) => {
			clock.told(running);
			shares.push(share);
		}
	);
	clock.told([]);
	const passed = (performance.now() - started) / 1000;
	expect([...shares].sort((one, other) => one - other)).toEqual(shares);
	const told = [...clock.seconds.values()].reduce((sum, one) => sum + one, 0);
	expect(clock.seconds.size).toBe(3);
	expect(told).toBeGreaterThan(0.03);
	expect(told).toBeLessThanOrEqual(passed);
});
