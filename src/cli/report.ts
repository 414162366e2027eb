import { version } from '../../package.json';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { isSeparator, separators } from '$lib/domain/part_d_file';
import type { Home } from '$lib/server/home';
import { measureReports } from '$lib/server/measure_report';
import { sha256 } from '$lib/server/export/write';
import { csvLine } from '$lib/server/output';
import { printPdf } from '$lib/server/pdf';
import { programmeReport } from '$lib/server/programme_report';
import { record } from '$lib/server/records/log';
import { beneficiaryFile, beneficiaryLines, editCounts, writeLines } from '$lib/server/report';
import { Trouble, usage } from '$lib/server/trouble';
import { ask } from '$lib/server/warehouse';
import { homeOf, printJson, printTable, say, shellBy, shellScope, takenView } from './terminal';

type Options = {
	out: string;
	year?: string;
	contract?: string;
	anyway?: boolean;
	separator: string;
	header?: boolean;
	json?: boolean;
};

/** The year that was asked for, else the latest computed. */
async function yearOf(home: Home, asked?: string): Promise<{ year: number; asOf: string; years: number[] }> {
	const [run] = await ask<{ as_of: string; years: number[] }>(home, 'latest_run', {}, shellScope());
	if (asked && !/^\d{4}$/.test(asked)) throw usage(`"${asked}" is no year; write it as 2026.`);
	return { year: asked ? Number(asked) : Math.max(...run!.years), asOf: run!.as_of, years: run!.years };
}

/** The same, of a year that has been computed; another throws exit 1. */
async function computedYear(home: Home, asked?: string): Promise<{ year: number; asOf: string }> {
	const { year, asOf, years } = await yearOf(home, asked);
	if (!years.includes(year))
		throw usage(`${year} has not been computed. Computed are: ${years.join(', ')}. Nothing was written.`);
	return { year, asOf };
}

function writable(out: string): string {
	try {
		accessSync(dirname(resolve(out)), constants.W_OK);
	} catch {
		throw usage(`${out} cannot be written: its folder is not there or is closed to you. Nothing was written.`);
	}
	return resolve(out);
}

/** The edits with their rows in FILE.edits.csv first, then the file itself; with errors it is not written (exit 2) unless it is asked for anyway. */
async function partDFile(home: Home, options: Options): Promise<void> {
	const scope = shellScope();
	const { separator } = options;
	if (!isSeparator(separator))
		throw usage(`"${separator}" is no separator; choose ${Object.keys(separators).join(', ')}.`);
	const out = writable(options.out);
	const { year, asOf } = await yearOf(home, options.year);
	const contract = options.contract ?? null;
	const file = await beneficiaryFile(home, { year, contract }, scope);
	const edits = editCounts(file.edits);
	const errors = edits.filter((edit) => edit.severity === 'error').reduce((sum, edit) => sum + edit.rows, 0);
	const log = async (report: string, path: string, written: { rows: number; bytes: number; sha256: string }) =>
		await record(home, {
			kind: 'export',
			by: shellBy(),
			detail: { table: report, format: 'text', ...written, file: basename(path), phi: scope.phi, year, contract }
		});
	let editsOut: string | null = null;
	if (file.edits.length) {
		editsOut = `${out}.edits.csv`;
		const columns = Object.keys(file.edits[0]!);
		const lines = [columns, ...file.edits.map((edit) => columns.map((column) => edit[column]))];
		const written = await writeLines(
			editsOut,
			lines.map((cells) => csvLine(cells).trimEnd())
		);
		await log('part_d_edits', editsOut, { ...written, rows: file.edits.length });
	}
	if (!options.json && edits.length) printTable(edits);
	if (errors > 0 && !options.anyway) {
		if (options.json)
			printJson({ report: 'part_d_file', year, contract, edits, edits_file: editsOut, out: null, rows: 0 });
		throw new Trouble(
			2,
			`${errors} errors in ${file.rows.length} rows: the file was not written. Each with its row and where it was loaded from stands in ${options.out}.edits.csv. Mend them at their source and load again, or write the file as it is with --anyway.`
		);
	}
	const written = await writeLines(out, beneficiaryLines(file, { separator, header: options.header ?? false }));
	await log('part_d_file', out, { ...written, rows: file.rows.length });
	if (options.json)
		printJson({
			report: 'part_d_file',
			year,
			contract,
			edits,
			edits_file: editsOut,
			out: options.out,
			...written,
			rows: file.rows.length
		});
	say(
		`${file.rows.length} rows of the beneficiary file of ${year} written to ${options.out}, with what is known through ${asOf}.${asOf < `${year}-12-31` ? ' The year is not over: it is no submission.' : ''} Most letters and all lengths of the layout are from memory (data/reference/part_d_element.csv): check them against the year's reporting requirements.`
	);
}

/** The programme summary of a computed year as one printable HTML file, or printed to PDF where the file's name ends so. */
async function programme(home: Home, options: Options): Promise<void> {
	const scope = shellScope();
	const out = writable(options.out);
	const { year, asOf } = await computedYear(home, options.year);
	const demo = existsSync(join(home.folder, 'demo.json'));
	const html = await programmeReport(home, { year, asOf, by: takenView()?.user.name ?? shellBy(), demo }, scope);
	const isPdf = extname(out).toLowerCase() === '.pdf';
	if (isPdf) printPdf(home, html, out);
	const written = isPdf
		? { bytes: statSync(out).size, sha256: await sha256(out) }
		: await writeLines(out, [html.trimEnd()]);
	await record(home, {
		kind: 'export',
		by: shellBy(),
		detail: {
			table: 'programme',
			format: isPdf ? 'pdf' : 'html',
			...written,
			file: basename(out),
			phi: scope.phi,
			year
		}
	});
	if (options.json)
		printJson({ report: 'programme', year, out: options.out, bytes: written.bytes, sha256: written.sha256 });
	else
		say(
			`The programme summary of ${year} was written to ${options.out}.${isPdf ? '' : ' Open it in a browser and print it.'}`
		);
}

/** The measures of a computed year as FHIR R4 MeasureReports in one Bundle. */
async function fhirMeasures(home: Home, options: Options): Promise<void> {
	const scope = shellScope();
	const out = writable(options.out);
	const { year } = await computedYear(home, options.year);
	const bundle = await measureReports(home, year, version, scope);
	const written = await writeLines(out, [JSON.stringify(bundle, null, '\t')]);
	const reports = bundle.entry.length;
	await record(home, {
		kind: 'export',
		by: shellBy(),
		detail: {
			table: 'measure_report',
			format: 'json',
			...written,
			rows: reports,
			file: basename(out),
			phi: scope.phi,
			year
		}
	});
	if (options.json)
		printJson({
			report: 'measure_report',
			year,
			out: options.out,
			reports,
			bytes: written.bytes,
			sha256: written.sha256
		});
	else say(`${reports} measures of ${year} were written to ${options.out} as FHIR R4 MeasureReports.`);
}

const reports: Record<string, (home: Home, options: Options) => Promise<void>> = {
	part_d_file: partDFile,
	programme,
	measure_report: fhirMeasures
};

/** `mtm report NAME`: a file for others, made of the same numbers as the screens. */
export function register(program: Command): void {
	program
		.command('report <name>')
		.description(`a report as a file: ${Object.keys(reports).join(', ')}`)
		.requiredOption('--out <file>', 'the file to write')
		.option('--year <year>', 'year; the latest computed when left out')
		.option('--contract <id>', 'part_d_file: one contract; all when left out')
		.option('--anyway', 'part_d_file: write it though edits found errors')
		.option('--separator <name>', `part_d_file: ${Object.keys(separators).join(', ')}`, 'tab')
		.option('--header', 'part_d_file: a first line with letters and titles')
		.option('--json', 'print one JSON value')
		.action(async (name: string, options: Options, command: Command) => {
			const report = Object.hasOwn(reports, name) ? reports[name]! : null;
			if (!report) throw usage(`There is no report "${name}". There are: ${Object.keys(reports).join(', ')}.`);
			await report(homeOf(command), options);
		});
}
