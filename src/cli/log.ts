import type { Command } from 'commander';
import { detailWords, isLogKind, logKinds } from '$lib/domain/log_kind';
import { isDay } from '$lib/domain/population';
import { writeCsv, writeJson } from '$lib/server/output';
import { eachLogRow, readLog, verifyLog, type LogFilter } from '$lib/server/records/log';
import { logColumns, logFileRows } from '$lib/server/records/log_file';
import { gate, usage } from '$lib/server/trouble';
import { homeOf, printJson, printTable, say, takenView } from './terminal';

const day = (text: string) => {
	if (!isDay(text)) throw usage(`"${text}" is no day. Write it as 2026-09-30.`);
	return text;
};

const kind = (text: string, before: string[] = []) => {
	if (!isLogKind(text)) throw usage(`"${text}" is no kind of entry. There are: ${Object.keys(logKinds).join(', ')}.`);
	return [...before, text];
};

const noted = (text: string) => {
	const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
	if (!hash) throw usage(`"${text}" is no entry. Write its number and hash as 120:9f86d0...`);
	return { seq: Number(seq), hash };
};

type Shown = LogFilter & { kind?: string[]; last: string; format: string; json?: boolean };

/** `mtm log show` and `mtm log verify`: who looked at what, and whether nobody changed it. */
export function register(program: Command): void {
	const log = program.command('log').description('the access log: who looked at what, when and why');
	log
		.command('show')
		.description('entries, oldest first')
		.option('--user <name>', "a user's name, or owner (shell)")
		.option('--patient <pid>', 'entries about this patient, by the opaque id of the patient page')
		.option('--kind <kind>', `a kind (may be repeated): ${Object.keys(logKinds).join(', ')}`, kind)
		.option('--from <day>', 'from this day on, UTC', day)
		.option('--to <day>', 'to this day, UTC', day)
		.option('--last <n>', 'as a table: the last n entries', '100')
		.option('--format <format>', 'table, csv or json; csv and json have every entry', 'table')
		.option('--json', 'the same as --format json')
		.action(async (options: Shown, command: Command) => {
			const format = options.json ? 'json' : options.format;
			if (!['json', 'csv', 'table'].includes(format))
				throw usage(`"${format}" is no format; choose table, csv or json.`);
			const home = homeOf(command);
			const viewer = takenView();
			// Who may not see everybody's entries sees their own.
			const user = viewer && !viewer.can('see_log') ? viewer.user.id : options.user;
			const { patient, from, to } = options;
			const filter: LogFilter = { user, patient, from, to, kinds: options.kind };
			if (format === 'csv') {
				await writeCsv(process.stdout, [...logColumns], logFileRows(eachLogRow(home, filter)));
				return;
			}
			if (format === 'json') {
				await writeJson(process.stdout, eachLogRow(home, filter));
				return;
			}
			const wanted = Number(options.last);
			if (!Number.isInteger(wanted) || wanted < 1) throw usage(`"${options.last}" is no number of entries.`);
			const { rows, total } = await readLog(home, filter, { first: 0, rows: wanted });
			printTable(
				rows.reverse().map(({ seq, at, kind, by, name, patient, purpose, reason, detail }) => ({
					seq,
					at: at.slice(0, 19).replace('T', ' '),
					kind,
					by: name ?? by,
					patient,
					why: [purpose, reason].filter(Boolean).join(': '),
					detail: detailWords(detail)
				}))
			);
			say(`${rows.length} of ${total} ${total === 1 ? 'entry' : 'entries'}`);
		});
	log
		.command('verify')
		.description('walks the chain of hashes from its first entry; exit 2 when an entry was changed or is gone')
		.option('--noted <seq:hash>', 'an entry that you wrote down earlier must still be there', noted)
		.option('--json', 'print one JSON value')
		.action(async (options: { noted?: { seq: number; hash: string }; json?: boolean }, command: Command) => {
			const verdict = await verifyLog(homeOf(command), options.noted);
			if (options.json) printJson(verdict);
			if (verdict.broken)
				throw gate(
					`The access log is broken at entry ${verdict.broken.seq}: ${verdict.broken.why}. The ${verdict.entries} entries before it are as they were written. Keep a copy of the records folder and compare it with a backup.`
				);
			say(
				verdict.last
					? `${verdict.entries} entries, none changed and none gone. The last is ${verdict.last.seq}:${verdict.last.hash}; written down elsewhere, it shows later that not even the whole log was written anew (--noted).`
					: 'The access log is empty.'
			);
		});
}
