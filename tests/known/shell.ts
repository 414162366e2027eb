import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The command as a person in the shell starts it: builds when it must, then starts the built one. */
const launcher = join('src', 'cli', 'mtm.js');

let command = process.env.MTM_MAIN;

/** The built command itself, which MTM_MAIN may name; the launcher has seen to it once that it is built of what is there. */
function builtCommand(): string {
	if (command) return command;
	const done = spawnSync(process.execPath, [launcher, 'version'], { encoding: 'utf8' });
	if (done.status !== 0) throw new Error(`${launcher} version ended with ${done.status}:\n${done.stderr}`);
	return (command = join('build', 'cli', 'main.js'));
}

export type Answer = { status: number; out: string; err: string; json: () => unknown };

/** Runs `mtm ...` to its end. */
export function mtm(...words: string[]): Answer {
	const done = spawnSync(process.execPath, [builtCommand(), ...words], { encoding: 'utf8', maxBuffer: 1 << 28 });
	const out = done.stdout;
	const err = done.stderr;
	return {
		status: done.status ?? -1,
		out,
		err,
		json: () => {
			try {
				return JSON.parse(out);
			} catch {
				throw new Error(`mtm ${words.join(' ')} (exit ${done.status}) printed no JSON:\n${out.slice(0, 500)}\n${err}`);
			}
		}
	};
}

/** Runs `mtm ...` and throws with what it said unless it ended with 0. */
export function must(...words: string[]): Answer {
	const answer = mtm(...words);
	if (answer.status !== 0)
		throw new Error(`mtm ${words.join(' ')} ended with ${answer.status}:\n${answer.err}\n${answer.out.slice(0, 500)}`);
	return answer;
}

/** Starts the built command itself, so that a kill hits the process that works and not its launcher. */
export function started(...words: string[]): ChildProcess {
	return spawn(process.execPath, [builtCommand(), ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
}

const folders: string[] = [];
process.on('exit', () => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that goes when the tests of the file are done. */
export function emptyFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'mtm-known-'));
	folders.push(folder);
	return folder;
}

/** All rows of a query, as the command prints them. */
export function asked(home: string, sql: string): Record<string, unknown>[] {
	return must('--home', home, 'query', sql, '--format', 'json').json() as Record<string, unknown>[];
}
