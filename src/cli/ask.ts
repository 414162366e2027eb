import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** True when a person sits before this process and can be asked. */
export const canAsk = (): boolean => Boolean(process.stdin.isTTY && process.stderr.isTTY);

/** Asks for a line on the terminal; with `hidden` what is typed is not shown. */
export async function ask(question: string, hidden = false): Promise<string> {
	const shown = new Writable({
		write: (chunk: Buffer, _, done) => {
			if (!hidden) process.stderr.write(chunk);
			done();
		}
	});
	const lines = createInterface({ input: process.stdin, output: shown, terminal: true });
	try {
		process.stderr.write(question);
		return await lines.question(hidden ? '' : '');
	} finally {
		lines.close();
		if (hidden) process.stderr.write('\n');
	}
}
