import { error } from '@sveltejs/kit';
import { readReview } from '$lib/domain/review';
import { scopeOfView } from '$lib/domain/role';
import type { Scope } from '$lib/domain/scope';
import { asked, theHome, viewerWho, type Asked } from '$lib/server/door';
import type { Row } from '$lib/server/duckdb';
import { readLoads } from '$lib/server/load/manifest';
import { rejectedRows } from '$lib/server/load/reject';
import { csvLine } from '$lib/server/output';
import { reviewLists } from '$lib/server/review_lists';
import { ask, measures } from '$lib/server/warehouse';
import type { RequestHandler } from './$types';

type Table = { columns: string[]; rows: Row[] };
type Maker = (question: Asked, words: URLSearchParams) => Promise<Table>;

const identifiers = ['patient_id', 'first_name', 'last_name', 'birth_date', 'phone', 'best_time'];
const reviewColumns = [
	'place',
	'pid',
	...identifiers,
	'language',
	'do_not_contact',
	'age',
	'gender',
	'plan',
	'list',
	'reason',
	'evidence',
	'due_on',
	'measure',
	'status',
	'in_denominator',
	'excluded_because',
	'last_ingredient',
	'last_days_supply',
	'last_refills_remaining',
	'last_fill_on',
	'runs_out_on',
	'days_late',
	'covered_days',
	'elapsed_days',
	'pdc',
	'missed_days',
	'allowable_days_remaining',
	'last_impactable_on',
	'best_possible_pdc',
	'measures',
	'pharmacy_npi',
	'pharmacy_name',
	'store_number',
	'pharmacy_fills',
	'counted_fills',
	'prescriber_npi',
	'prescriber_name',
	'prescriber_phone',
	'prescriber_fax'
];

/** The rows of a panel as they are, under the names of its columns. */
const whole =
	(panel: string): Maker =>
	async ({ home, scope }) => {
		const rows = await ask(home, panel, {}, scope);
		return { columns: Object.keys(rows[0] ?? { [panel]: null }), rows };
	};

/** The rows of a panel about one measure, with the filters of the page; `unit` for those that compare units. */
const measured =
	(panel: string, units = false): Maker =>
	async ({ home, scope, year, population }, words) => {
		const measure = words.get('measure') ?? undefined;
		const unit = words.get('unit') ?? 'pharm';
		if (units && !['pharm', 'presc', 'plan'].includes(unit)) error(400, 'There is no such unit.');
		const rows = await ask(home, panel, { measure, year, population, ...(units ? { unit } : {}) }, scope);
		return { columns: Object.keys(rows[0] ?? { [panel]: null }), rows };
	};

/** The tables whose rows are persons. */
const personTables = ['patients', 'patient_fills'];

const tables: Record<string, Maker> = {
	/** The review table with the filters, list and order of the page, all pages of it. */
	patients: async (question, words) => {
		const { home, scope, run, year, population } = question;
		const family = await measures(home, scope);
		const { review } = readReview(words, {
			year,
			latest: Math.max(...run.years),
			population,
			measures: family.map((measure) => measure.id),
			lists: reviewLists().map((list) => list.id)
		});
		const rows = await ask<Row>(home, 'patients', { ...review, first: 0, rows: null }, scope);
		const named = scope.phi === 'P3';
		return {
			columns: named ? reviewColumns : reviewColumns.filter((column) => !identifiers.includes(column)),
			rows: rows.map((row) => ({
				...row,
				measures: ((row.measures ?? []) as { measure: string; status: string }[])
					.map((one) => `${one.measure} ${one.status}`)
					.join('; ')
			}))
		};
	},
	patient_fills: async ({ home, scope, year }, words) => {
		const [person] = await ask<{ patient_no: number }>(home, 'patient_key', { pid: words.get('pid') ?? '' }, scope);
		if (!person) error(404, 'This page is not here.');
		const rows = await ask(home, 'patient_fills', { patient_no: person.patient_no, year }, scope);
		return { columns: Object.keys(rows[0] ?? { dispensed_on: null }), rows };
	},
	unmapped_drugs: whole('unmapped_drugs'),
	checks: whole('checks'),
	source_months: whole('source_months'),
	headline: measured('headline'),
	unit_rates: measured('unit_rates', true),
	pdc_histogram: measured('pdc_histogram'),
	trend: measured('trend'),
	last_useful_fills: measured('last_useful_fills'),
	supply_lengths: measured('supply_lengths'),
	attrition: measured('attrition')
};

/** The rejected rows of a load, with their place and reason and as they stand in the file. */
async function rejects(words: URLSearchParams, { phi }: Scope): Promise<Table> {
	const id = Number(words.get('load'));
	if (!readLoads(theHome()).some((load) => load.load_id === id)) error(404, 'There is no such load.');
	// The row as it stands in the file may name a person.
	return {
		columns: ['file', 'table', 'line', 'column', 'reason', 'sentence', ...(phi === 'P3' ? ['raw'] : [])],
		rows: await rejectedRows(theHome(), id)
	};
}

/** Any table of the pages as CSV, complete: the same rows as on the screen, in the same order. */
export const GET: RequestHandler = async (event) => {
	const { params, url } = event;
	if (params.table === 'rejects') {
		const viewer = viewerWho('see_loads', event);
		return csv(
			await rejects(url.searchParams, scopeOfView(viewer, true)),
			(rows) => `mtm_rejects_load_${url.searchParams.get('load')}_${rows}.csv`
		);
	}
	const make = Object.hasOwn(tables, params.table) ? tables[params.table] : undefined;
	if (!make) error(404, 'There is no such table.');
	const question = await asked(
		event,
		personTables.includes(params.table) ? 'export_rows' : 'export_totals',
		url.searchParams.get('pid') ?? undefined
	);
	if (!question) error(404, 'Nothing has been computed yet.');
	return csv(await make(question, url.searchParams), (rows) => `mtm_${params.table}_${question.run.as_of}_${rows}.csv`);
};

/** A table as a download, written as it is read; its name says how many rows it has. */
function csv({ columns, rows }: Table, fileName: (rows: number) => string): Response {
	let at = -1;
	const lines = new ReadableStream<Uint8Array>({
		pull(out) {
			let text = at < 0 ? csvLine(columns) : '';
			for (at = Math.max(at, 0); at < rows.length && text.length < 65_536; at++)
				text += csvLine(columns.map((column) => rows[at]![column]));
			out.enqueue(new TextEncoder().encode(text));
			if (at >= rows.length) out.close();
		}
	});
	return new Response(lines, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${fileName(rows.length)}"`,
			'cache-control': 'private, no-store'
		}
	});
}
