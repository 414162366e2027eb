import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { errorScale } from '$lib/domain/audit';
import { fileLine, type Element, type Separator } from '$lib/domain/part_d_file';
import type { Scope } from '$lib/domain/scope';
import type { Row } from './duckdb';
import { sha256 } from './export/write';
import type { Home } from './home';
import { denied, usage } from './trouble';
import { ask } from './warehouse';

/** A row that fails an edit of the beneficiary file. */
export type Edit = Row & { edit: string; letter: string; severity: 'error' | 'warning'; sentence: string };

/** What the CMS Part D MTM beneficiary file of a year would hold, with the edits that were run on it first. */
export type BeneficiaryFile = { elements: Element[]; edits: Edit[]; rows: Row[] };

/**
 * Runs the edits of the CMS Part D MTM beneficiary file of a reporting year, then reads its rows: one for each person and contract. It holds names and
 * identifiers, so a scope below P3 is refused (exit 3); a year without a layout or without an enrolment is exit 1.
 */
export async function beneficiaryFile(
	home: Home,
	asked: { year: number; contract: string | null },
	scope: Scope
): Promise<BeneficiaryFile> {
	if (scope.phi !== 'P3')
		throw denied(
			'The beneficiary file holds names and Medicare identifiers, which your level does not show. Nothing was written. Leave out --as.'
		);
	const elements = await ask<Element>(home, 'beneficiary_elements', { year: asked.year }, scope);
	if (!elements.length)
		throw usage(
			`The layout of the beneficiary file of ${asked.year} is not in data/reference/part_d_element.csv. Nothing was written. Add its rows (mtm reference import).`
		);
	const edits = await ask<Edit>(home, 'beneficiary_edits', asked, scope);
	const rows = await ask<Row>(home, 'beneficiary_file', asked, scope);
	if (!rows.length)
		throw usage(
			`Nobody was enrolled in a Part D MTM programme in ${asked.year}${asked.contract ? ` under ${asked.contract}` : ''}. Nothing was written.`
		);
	return { elements, edits, rows };
}

/** Writes lines to a file that its owner alone can read, and gives its size and SHA-256; a failure leaves no file. Line ends are CR LF. */
export async function writeLines(
	path: string,
	lines: Iterable<string>
): Promise<{ rows: number; bytes: number; sha256: string }> {
	const beside = `${path}.part`;
	let rows = 0;
	let bytes = 0;
	try {
		await pipeline(
			(function* () {
				for (const line of lines) {
					rows++;
					const part = Buffer.from(`${line}\r\n`);
					bytes += part.length;
					yield part;
				}
			})(),
			createWriteStream(beside, { mode: 0o600 })
		);
		const sum = await sha256(beside);
		await rename(beside, path);
		return { rows, bytes, sha256: sum };
	} finally {
		await rm(beside, { force: true });
	}
}

/** The lines of the beneficiary file, with the elements' letters and titles before them when asked for. */
export function* beneficiaryLines(
	{ elements, rows }: BeneficiaryFile,
	form: { separator: Separator; header: boolean }
): Generator<string> {
	if (form.header)
		yield fileLine(
			elements.map((element) => ({ ...element, form: 'text' })),
			Object.fromEntries(elements.map(({ field, letter, title }) => [field, `${letter} ${title}`])),
			form.separator
		);
	for (const row of rows) yield fileLine(elements, row, form.separator);
}

/** How many rows fail each edit, in the order of the edits. */
export function editCounts(
	edits: Edit[]
): { edit: string; letter: string; severity: string; rows: number; sentence: string }[] {
	const counts = new Map<string, { edit: string; letter: string; severity: string; rows: number; sentence: string }>();
	for (const { edit, letter, severity, sentence } of edits) {
		const one = counts.get(edit) ?? { edit, letter, severity, rows: 0, sentence };
		one.rows++;
		counts.set(edit, one);
	}
	return [...counts.values()];
}

/** An edit of the beneficiary file, the rows that fail it, their share of all rows and its score on CMS's scale of five. */
export type ReportingCheck = {
	edit: string;
	letter: string | null;
	severity: string;
	sentence: string;
	rows: number;
	share: number;
	score: number | null;
};

/**
 * The integrity checks of Part D MTM reporting of a year over all contracts in scope: rows, contracts, every edit that was run with the rows that fail it,
 * and the elements of the file in their order.
 */
export async function reportingChecks(
	home: Home,
	year: number,
	scope: Scope
): Promise<{ rows: number; contracts: number; edits: ReportingCheck[]; elements: Element[] }> {
	const [rows, elements, listed] = await Promise.all([
		ask<{ contract_id: string | null; rows: number }>(home, 'beneficiary_rows', { year }, scope),
		ask<Element>(home, 'beneficiary_elements', { year }, scope),
		ask<Omit<ReportingCheck, 'rows' | 'share' | 'score'>>(home, 'beneficiary_checks', { year }, scope)
	]);
	const all = rows.reduce((sum, row) => sum + row.rows, 0);
	if (all === 0) return { rows: 0, contracts: 0, edits: [], elements };
	const failed = new Map(
		editCounts(await ask<Edit>(home, 'beneficiary_edits', { year }, scope)).map((edit) => [edit.edit, edit.rows])
	);
	return {
		rows: all,
		contracts: rows.length,
		elements,
		edits: listed.map((edit) => {
			const found = failed.get(edit.edit) ?? 0;
			return { ...edit, rows: found, share: found / all, score: errorScale(found, all) };
		})
	};
}
