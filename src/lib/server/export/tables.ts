import { error } from '@sveltejs/kit';
import type { ExportName } from '$lib/domain/exportable';
import { withMarks } from '$lib/domain/hidden';
import { readReview } from '$lib/domain/review';
import type { Viewer } from '$lib/domain/viewer';
import { seesDays, type Scope } from '$lib/domain/scope';
import { latestYear, notHere, type Asked } from '$lib/server/door';
import type { Row } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { readLoads } from '$lib/server/load/manifest';
import { rejectedRows } from '$lib/server/load/reject';
import { auditClaimsOf, auditFindingsOf, auditSampleOf } from '$lib/server/export/audit_tables';
import {
	annotationsTable,
	aroundOf,
	comparedOf,
	countedOf,
	followedOf,
	monthsOf,
	ratesOf,
	stepsOf
} from '$lib/server/export/hospital_tables';
import {
	eligibilityOf,
	opportunitiesOf,
	sessionElementsOf,
	sessionMedicinesOf,
	problemsDocumentedOf,
	problemsOf,
	reasonsOf,
	recommendationsOf,
	reviewsDueOf,
	reviewedOf,
	sessionsOf
} from '$lib/server/export/mtm_tables';
import { reviewLists } from '$lib/server/review_lists';
import { adherenceMeasures, ask } from '$lib/server/warehouse';

/** Who wants a table, of whom, and what the address says; `question` is null until something has been computed. */
export type Asking = { home: Home; viewer: Viewer; scope: Scope; question: Asked | null; words: URLSearchParams };

/** The rows of a table as they are shown, `order` in words when they have one; `about`: what a file of it says of itself beside what every file says. */
export type Shown = { columns: string[]; rows: Row[]; order?: string; about?: [label: string, words: string][] };

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

const computed = ({ question }: Asking): Asked => question ?? notHere();

/** Rows under the names of a panel's columns; what is hidden as its mark. */
const named = (released: Row[], otherwise: string): Shown => {
	const rows = released.map(withMarks);
	return { columns: Object.keys(rows[0] ?? { [otherwise]: null }), rows };
};

/** The rows of a panel as they are. */
const whole = (panel: string) => async (asking: Asking) => {
	const { home, scope } = computed(asking);
	return named(await ask(home, panel, {}, scope), panel);
};

/** The rows of a panel about one measure, with the filters of the page; `units` for those that compare units. */
const measured =
	(panel: string, units = false) =>
	async (asking: Asking) => {
		const { home, scope, year, population } = computed(asking);
		const measure = asking.words.get('measure') ?? undefined;
		const unit = asking.words.get('unit') ?? 'pharm';
		if (units && !['pharm', 'presc', 'plan'].includes(unit)) error(400, 'There is no such unit.');
		return named(await ask(home, panel, { measure, year, population, ...(units ? { unit } : {}) }, scope), panel);
	};

/** What the table of patients was asked to show: list, measure, order. */
export async function reviewOf(asking: Asking) {
	const { home, scope, run, year, population } = computed(asking);
	const family = await adherenceMeasures(home, scope);
	return readReview(asking.words, {
		year,
		latest: latestYear(run),
		population,
		measures: family.map((measure) => measure.id),
		lists: reviewLists().map((list) => list.id),
		days: seesDays(scope)
	}).review;
}

const columnsOfReview = ({ phi }: Scope) =>
	phi === 'P3' ? reviewColumns : reviewColumns.filter((column) => !identifiers.includes(column));

const readers: Record<ExportName, (asking: Asking) => Promise<Shown>> = {
	/** The review table with the filters, list and order of the page, all pages of it. */
	patients: async (asking) => {
		const { home, scope } = asking;
		const review = await reviewOf(asking);
		const rows = await ask<Row>(home, 'patients', { ...review, first: 0, rows: null }, scope);
		return {
			columns: columnsOfReview(scope),
			rows: rows.map((row) => ({
				...row,
				measures: ((row.measures ?? []) as { measure: string; status: string }[])
					.map((one) => `${one.measure} ${one.status}`)
					.join('; ')
			})),
			order: `${review.sort}, ${review.descending ? 'descending' : 'ascending'}`
		};
	},
	patient_fills: async (asking) => {
		const { home, scope, year } = computed(asking);
		const pid = asking.words.get('pid') ?? '';
		const [person] = await ask<{ patient_no: number }>(home, 'patient_key', { pid }, scope);
		if (!person) return notHere();
		return named(await ask(home, 'patient_fills', { patient_no: person.patient_no, year }, scope), 'dispensed_on');
	},
	patient_recommendations: (asking) => recommendationsOf(computed(asking), asking.words),
	patient_eligibility: (asking) => eligibilityOf(computed(asking), asking.words),
	patient_reviews_due: (asking) => reviewsDueOf(computed(asking), asking.words),
	patient_sessions: (asking) => sessionsOf(computed(asking), asking.words),
	patient_session_elements: (asking) => sessionElementsOf(computed(asking), asking.words),
	patient_session_medicines: (asking) => sessionMedicinesOf(computed(asking), asking.words),
	patient_opportunities: (asking) => opportunitiesOf(computed(asking), asking.words),
	patient_reviewed: (asking) => reviewedOf(computed(asking), asking.words),
	patient_problems: (asking) => problemsOf(computed(asking), asking.words),
	patient_problems_documented: (asking) => problemsDocumentedOf(computed(asking), asking.words),
	patient_reasons: (asking) => reasonsOf(computed(asking), asking.words),
	audit_claims: (asking) => auditClaimsOf(computed(asking), asking.words),
	audit_findings: (asking) => auditFindingsOf(computed(asking), asking.words),
	audit_sample: (asking) => auditSampleOf(computed(asking), asking.words),
	patient_counted: (asking) => countedOf(computed(asking), asking.words),
	patient_follow_up: (asking) => followedOf(computed(asking), asking.words),
	hospital_rates: (asking) => ratesOf(computed(asking), asking.words),
	hospital_months: (asking) => monthsOf(computed(asking), asking.words),
	stay_steps: (asking) => stepsOf(computed(asking), asking.words),
	around_review: (asking) => aroundOf(computed(asking), asking.words),
	compare: (asking) => comparedOf(computed(asking), asking.words),
	annotations: (asking) => annotationsTable(computed(asking)),
	headline: measured('headline'),
	unit_rates: measured('unit_rates', true),
	pdc_histogram: measured('pdc_histogram'),
	trend: measured('trend'),
	last_useful_fills: measured('last_useful_fills'),
	supply_lengths: measured('supply_lengths'),
	attrition: measured('attrition'),
	unmapped_drugs: whole('unmapped_drugs'),
	checks: whole('checks'),
	source_months: whole('source_months'),
	/** The rejected rows of a load; as they stand in the file only for who sees everything, because they may name a person. */
	rejects: async ({ home, scope, words }) => {
		const id = Number(words.get('load'));
		if (!readLoads(home).some((load) => load.load_id === id)) return notHere();
		return {
			columns: ['file', 'table', 'line', 'column', 'reason', 'sentence', ...(scope.phi === 'P3' ? ['raw'] : [])],
			rows: await rejectedRows(home, id)
		};
	}
};

/** The rows of a table, in the order in which the page shows them, all of them. A table or patient that is not there is answered as such (404). */
export const readTable = (name: ExportName, asking: Asking): Promise<Shown> => readers[name](asking);

/** How many rows and which columns a table has, without reading rows where they are many. */
export async function outlineOf(name: ExportName, asking: Asking): Promise<{ columns: string[]; rows: number | null }> {
	if (name !== 'patients') {
		const { columns, rows } = await readTable(name, asking);
		return { columns, rows: rows.length };
	}
	const { sort: _, descending: __, ...chosen } = await reviewOf(asking);
	const [found] = await ask<{ rows: number | null }>(asking.home, 'patients_found', chosen, asking.scope);
	return { columns: columnsOfReview(asking.scope), rows: found?.rows ?? null };
}
