import type { Command } from 'commander';
import { dayOf } from '$lib/domain/day';
import { refresh } from '$lib/server/build/refresh';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { usage } from '$lib/server/trouble';
import { madeHomeOf, printJson, say, shellBy } from './terminal';

/** The steps that are told where the share done cannot be rewritten in place: what takes longest. */
const milestones = ['fill', 'adherence_fact', 'list_row'];

const years = (text: string, before: number[] = []) => {
	if (!/^\d{4}$/.test(text)) throw usage(`"${text}" is no year. Nothing was changed. Write it as --year 2026.`);
	return [...before, Number(text)];
};

const asOf = (text: string) => {
	try {
		dayOf(text);
	} catch {
		throw usage(`"${text}" is no day. Nothing was changed. Write it as --as-of 2026-09-30.`);
	}
	return text;
};

/** `mtm refresh`: computes the results again, beside the old ones. */
export function register(program: Command): void {
	program
		.command('refresh')
		.description('computes the results again; readers keep the old ones until the new ones are whole')
		.option('--year <year>', 'a measurement year (may be repeated); others keep their last result', years)
		.option('--as-of <date>', 'cut claims by service date; the latest service date when left out', asOf)
		.option('--json', 'print one JSON value')
		.action(async (options: { year?: number[]; asOf?: string; json?: boolean }, command: Command) => {
			const told = new Set<string>();
			const home = madeHomeOf(command);
			await records(home);
			const summary = await refresh(home, {
				years: options.year,
				asOf: options.asOf,
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
			const { as_of, years, results, patients, fills, seconds } = summary;
			await record(home, {
				kind: 'refresh',
				by: shellBy(),
				detail: { as_of, years, results, patients, fills, seconds }
			});
			if (options.json) return printJson(summary);
			say(
				`Computed as of ${summary.as_of}: ${summary.patients} patients, ${summary.fills} fills, adherence for ${summary.years.join(', ') || 'no year'} (${summary.adherence_rows} rows), ${summary.list_rows} list rows, in ${summary.seconds} s.`
			);
			for (const check of summary.checks)
				if (check.rows > 0) say(`${check.severity}: ${check.sentence} (${check.rows} rows)`);
		});
}
