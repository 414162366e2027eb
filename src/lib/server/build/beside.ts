import type { Connection } from '../duckdb';
import type { Step } from './order';

/** A step that makes its table on the connection it is given, told how much of it is done; one that is not `beside` others has the database to itself. */
export type Doing = Step & {
	beside: boolean;
	does: (connection: Connection, told: (part: number) => void) => Promise<void>;
};

/** Which steps run now, and how much of the whole work is done (0 to 1). */
export type Told = (running: string[], share: number) => void;

/**
 * Does steps that are in order, each as soon as all that it reads is made, as many at once as there are connections. After a failure or when `signal`
 * aborts no further step is begun, those at work are waited for, and the first cause is thrown.
 */
export async function doBeside(
	steps: Doing[],
	connections: Connection[],
	told: Told = () => undefined,
	signal?: AbortSignal
): Promise<void> {
	const waiting = [...steps];
	const idle = [...connections];
	const running = new Map<Doing, { part: number; ends: Promise<void> }>();
	const unmade = new Set(steps.map((step) => step.makes));
	const failures: unknown[] = [];
	const tell = () => {
		const parts = [...running.values()].reduce((sum, { part }) => sum + part, steps.length - unmade.size);
		told(
			[...running.keys()].map((step) => step.makes),
			parts / steps.length
		);
	};
	const begin = (step: Doing, connection: Connection) => {
		waiting.splice(waiting.indexOf(step), 1);
		const at = { part: 0, ends: Promise.resolve() };
		running.set(step, at);
		tell();
		const work = step.does(connection, (part) => {
			at.part = part;
			tell();
		});
		at.ends = work
			.catch((cause: unknown) => void failures.push(cause))
			.finally(() => {
				running.delete(step);
				unmade.delete(step.makes);
				idle.push(connection);
			});
	};
	const isReady = (step: Doing) => !step.reads.some((table) => table !== step.makes && unmade.has(table));
	const isShared = () => [...running.keys()].every((step) => step.beside);
	for (;;) {
		if (signal?.aborted && failures.length === 0) failures.push(signal.reason);
		const ready =
			failures.length > 0 ? undefined : waiting.find((step) => isReady(step) && (running.size === 0 || step.beside));
		if (ready && idle.length > 0 && isShared()) begin(ready, idle.shift()!);
		else if (running.size > 0) await Promise.race([...running.values()].map(({ ends }) => ends));
		else break;
	}
	if (failures.length > 0) throw failures[0];
}
