import type { Command } from 'commander';
import { refresh } from '$lib/server/build/refresh';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { usage } from '$lib/server/trouble';
import { asOfDay, loadNumber, madeHomeOf, printJson, say, shellBy } from './terminal';

/** The steps that are told where the share done cannot be rewritten in place: what takes longest. */
const milestones = ['fill', 'adherence_fact', 'list_row'];

const years = (text: string, before: number[] = []) => {
	if (!/^\d{4}$/.test(text)) throw usage(`"${text}" is no year. Nothing was changed. Write it as --year 2026.`);
	return [...before, Number(text)];
};

type Options = { year?: number[]; asOf?: string; keep?: boolean; known?: number; json?: boolean };

/** `mtm refresh`: computes the results again, beside the old ones. */
export function register(program: Command): void {
	program
		.command('refresh')
		.description('computes the results again; readers keep the old ones until the new ones are whole')
		.option('--year <year>', 'a measurement year (may be repeated); others keep their last result', years)
		.option('--as-of <date>', 'cut claims by service date; the latest service date when left out', asOfDay)
		.option('--keep', 'keep what is computed beside the current results, which stay current; every year')
		.option('--known <load>', 'the same from what had been received by this load alone', loadNumber)
		.option('--json', 'print one JSON value')
		.action(async (options: Options, command: Command) => {
			const told = new Set<string>();
			const home = madeHomeOf(command);
			await records(home);
			const summary = await refresh(home, {
				years: options.year,
				asOf: options.asOf,
				keep: options.keep,
				known: options.known,
				progress: (running, share) => {
					const line = `${String(Math.floor(share * 100)).padStart(3)}% ${running.join(', ')}`;
					if (process.stderr.isTTY) return void process.stderr.write(`\r\u001b[K${line}`);
					const reached = running.find((step) => milestones.includes(step) && !told.has(step));
					if (!reached) return;
					told.add(reached);
					say(line);
				}
			});
			if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
			const { as_of, years, results, kept, patients, fills, seconds } = summary;
			await record(home, {
				kind: 'refresh',
				by: shellBy(),
				detail: { as_of, years, results, ...(kept ? { kept: true, ...kept } : {}), patients, fills, seconds }
			});
			if (options.json) return printJson(summary);
			say(
				`Computed as of ${summary.as_of}: ${summary.patients} patients, ${summary.fills} fills, adherence for ${summary.years.join(', ') || 'no year'} (${summary.adherence_rows} rows), ${summary.list_rows} list rows, in ${summary.seconds} s.`
			);
			if (kept)
				say(
					`Kept beside the current results, which stay as they were: the web shows them with ?asof=${as_of}${kept.known === null ? '' : `&known=${kept.known}`}, "mtm results" lists them.`
				);
			for (const check of summary.checks)
				if (check.rows > 0) say(`${check.severity}: ${check.sentence} (${check.rows} rows)`);
		});
}
