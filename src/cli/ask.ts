import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { usage } from '$lib/server/trouble';

/** True when a person sits before this process and can be asked. */
export const canAsk = (): boolean => Boolean(process.stdin.isTTY && process.stderr.isTTY);

/** Asks for a line on the terminal; with `hidden` what is typed is not shown. Exit 1 when the person stops (Ctrl C, Ctrl D). */
export async function ask(question: string, hidden = false): Promise<string> {
	const shown = new Writable({
		write: (chunk: Buffer, _, done) => {
			if (!hidden) process.stderr.write(chunk);
			done();
		}
	});
	const lines = createInterface({ input: process.stdin, output: shown, terminal: true });
	if (hidden) process.stderr.write(question);
	try {
		return await new Promise<string>((answered, stopped) => {
			// Ctrl C, Ctrl D, or a terminal that goes away.
			lines.once('SIGINT', () => lines.close());
			lines.once('close', () => stopped(usage('Stopped: nobody was made an administrator.')));
			lines.question(hidden ? '' : question).then(answered, stopped);
		});
	} finally {
		lines.close();
		if (hidden) process.stderr.write('\n');
	}
}
