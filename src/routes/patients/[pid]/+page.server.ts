import { error } from '@sveltejs/kit';
import type { LaneFacts, SupplyRow } from '$lib/charts/fill_timeline';
import { whatIf, type DaySpan, type WhatIf } from '$lib/domain/what_if';
import { problemKey, subjectOf } from '$lib/domain/problem';
import { identifiersFor } from '$lib/domain/viewer';
import { seesDays } from '$lib/domain/scope';
import { answer, asked } from '$lib/server/door';
import { dismissedProblems } from '$lib/server/problem_decisions';
import { reviewLists } from '$lib/server/review_lists';
import { patientSeen } from '$lib/server/seen';
import { ask, measures } from '$lib/server/warehouse';
import type { Enrolment, Recommended, Session } from '../../interventions/patient';
import type { PageServerLoad } from './$types';
import type { EmergencyVisit, HospitalStay, StayClaim } from './hospital';
import { numbered } from './numbered';

type Person = {
	patient_id: string | null;
	pid: string;
	first_name: string | null;
	last_name: string | null;
	birth_date: string | null;
	/** Years; below P2 a band. */
	age: number | string | null;
	death_date: string | null;
	gender: string | null;
	phone: string | null;
	has_phone: boolean;
	best_time: string | null;
	language: string | null;
	do_not_contact: boolean | null;
	plan: string | null;
	payer: string | null;
	contract_id: string | null;
	city: string | null;
	state: string | null;
	zip_code: string | null;
	on_roster: boolean;
};

/** A row of the panel `patient_adherence`. */
export type AdherenceRow = {
	measure: string;
	year: number;
	as_of: string;
	in_denominator: boolean;
	excluded_because: string | null;
	index_date: string | null;
	period_end: string | null;
	period_days: number | null;
	elapsed_days: number | null;
	covered_days: number | null;
	removed_days: number | null;
	fills: number;
	pdc: number | null;
	adherent: boolean | null;
	missed_days: number | null;
	allowable_days_remaining: number | null;
	runs_out_on: string | null;
	days_late: number | null;
	last_impactable_on: string | null;
	best_possible_pdc: number | null;
	status: string;
	covered_days_without_stay_adjustment: number | null;
	period_days_without_stay_adjustment: number | null;
	adherent_without_stay_adjustment: boolean | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	prescriber_npi: string | null;
	prescriber_name: string | null;
	prescriber_phone: string | null;
	prescriber_fax: string | null;
	plan: string | null;
	last_fill_on: string | null;
	last_ingredient: string | null;
	last_days_supply: number | null;
	last_refills_remaining: number | null;
	pharmacy_fills: number | null;
	counted_fills: number | null;
};

export type FillRow = {
	claim_id: string;
	claim_line_number: number;
	data_source: string;
	dispensed_on: string;
	ndc_code: string;
	ingredient: string | null;
	strength: string | null;
	form: string | null;
	brand: string | null;
	ndc_match: string | null;
	quantity: number | null;
	days_supply: number;
	refills_remaining: number | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	prescriber_npi: string | null;
	prescriber_name: string | null;
	plan: string | null;
	is_covered: boolean;
	drug_coverage_status: string | null;
	source_file: string;
	source_line: number;
	load_id: number;
};

type PharmacyRow = {
	measure: string;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	fills: number;
	supply_days: number;
	last_fill_on: string;
};

/** One measure of the patient with the words of its card and what one more fill would change. */
export type MeasurePanel = AdherenceRow & {
	title: string;
	short: string;
	drugWord: string;
	threshold: number;
	/** How many of the measure's ingredients must be on hand together. */
	minIngredients: number;
	inPharmacyView: boolean;
	whatIf: WhatIf | null;
};

const urgency = ['last_chance', 'overdue', 'due_soon', 'on_track', 'not_yet_in_measure', 'secured', 'lost', 'excluded'];

/** The days in `spans` that are in none of `known`; both merged and in order. */
function beyond(spans: DaySpan[], known: DaySpan[]): DaySpan[] {
	const left: DaySpan[] = [];
	const next = (iso: string, by: number) => new Date(Date.parse(iso) + by * 86_400_000).toISOString().slice(0, 10);
	for (const span of spans) {
		let from = span.from_on;
		for (const other of known) {
			if (other.to_on < from || other.from_on > span.to_on) continue;
			if (other.from_on > from) left.push({ from_on: from, to_on: next(other.from_on, -1) });
			from = next(other.to_on, 1);
		}
		if (from <= span.to_on) left.push({ from_on: from, to_on: span.to_on });
	}
	return left;
}

export const load: PageServerLoad = async (event) => {
	const { params, url } = event;
	const pid = params.pid.toLowerCase();
	const question = await asked(event, 'see_patient', pid);
	if (!question) error(404, 'This page is not here.');
	const { home, viewer, scope, run, year } = question;
	const [[person], [key]] = await Promise.all([
		ask<Person>(home, 'patient', { pid }, scope),
		ask<{ patient_no: number; patient_id: string }>(home, 'patient_key', { pid }, scope)
	]);
	if (!person || !key) error(404, 'This page is not here.');
	const { patient_no, patient_id } = key;
	await patientSeen(question, pid, 'patient');

	const [family, rows, supply, stays, fills, spans, onLists, pharmacies] = await Promise.all([
		measures(home, scope),
		ask<AdherenceRow>(home, 'patient_adherence', { patient_no }, scope),
		ask<SupplyRow>(home, 'patient_supply', { patient_no, patient_id, year }, scope),
		ask<DaySpan & { kind: string | null }>(home, 'patient_stays', { patient_no, year }, scope),
		answer(() => ask<FillRow>(home, 'patient_fills', { patient_no, year }, scope)),
		answer(() =>
			ask<{ coverage: string; from_on: string; to_on: string }>(home, 'patient_enrollment', { patient_no }, scope)
		),
		answer(() =>
			ask<{
				list: string;
				measure: string | null;
				subject: string | null;
				reason: string;
				evidence: string | null;
				priority: number;
				due_on: string | null;
			}>(home, 'patient_lists', { patient_no }, scope)
		),
		answer(() => ask<PharmacyRow>(home, 'patient_pharmacies', { patient_no, patient_id, year }, scope))
	]);

	const [enrolments, sessions, recommendations, hospitalStays, visits, stayClaims] = await Promise.all([
		answer(() => ask<Enrolment>(home, 'patient_programmes', { patient_no }, scope)),
		answer(() => ask<Session>(home, 'patient_sessions', { patient_no }, scope)),
		answer(() => ask<Recommended>(home, 'patient_recommendations', { patient_no }, scope)),
		answer(() => ask<HospitalStay>(home, 'patient_hospital_stays', { patient_no, year }, scope)),
		answer(() => ask<EmergencyVisit>(home, 'patient_emergency_visits', { patient_no, year }, scope)),
		answer(() => ask<StayClaim>(home, 'patient_stay_claims', { patient_no, year }, scope))
	]);

	const byId = new Map(family.map((measure) => [measure.id, measure]));
	const frame = {
		asOf: run.as_of,
		year,
		years: [...new Set(rows.map((row) => row.year))].sort((a, b) => b - a),
		/** Identifiers can be shown once a reason is given; null for who never sees them. */
		identifiers: identifiersFor(viewer, pid),
		problems: question.problems,
		hospital: { stays: hospitalStays, visits, claims: stayClaims }
	};
	if (!seesDays(scope))
		return {
			...frame,
			days: false as const,
			person,
			...numbered({ year, rows, supply, stays, fills: fills.value ?? [], spans: spans.value ?? [], byId }),
			failed: fills.failed ?? spans.failed
		};
	const hasPlain = rows.some(
		(row) => row.year === year && !row.measure.endsWith('_pharmacy_view') && row.status !== 'excluded'
	);
	const panels: MeasurePanel[] = rows
		.filter((row) => row.year === year && row.measure.endsWith('_pharmacy_view') === (!person.on_roster && !hasPlain))
		.map((row) => {
			const card = byId.get(row.measure);
			const threshold = Number(card?.facts.threshold_percent ?? 80);
			const minIngredients = Number(card?.facts.min_ingredients ?? 1);
			const counted = supply.filter((fill) => fill.measure === row.measure);
			return {
				...row,
				title: card?.title ?? row.measure,
				short: String(card?.facts.short_title ?? row.measure),
				drugWord: String(card?.facts.drug_word ?? 'medicine'),
				threshold,
				minIngredients,
				inPharmacyView: row.measure.endsWith('_pharmacy_view'),
				whatIf:
					row.index_date && row.period_end && counted.length
						? whatIf({
								fills: counted,
								stays: (row.removed_days ?? 0) > 0 ? stays : [],
								period: { index_date: row.index_date, period_end: row.period_end, as_of: row.as_of },
								rule: { threshold_percent: threshold, min_ingredients: minIngredients }
							})
						: null
			};
		})
		.sort(
			(a, b) =>
				urgency.indexOf(a.status) - urgency.indexOf(b.status) ||
				(a.last_impactable_on ?? '9999').localeCompare(b.last_impactable_on ?? '9999') ||
				(a.measure < b.measure ? -1 : 1)
		);

	const lanes: LaneFacts[] = panels
		.filter((panel) => supply.some((fill) => fill.measure === panel.measure))
		.map((panel) => ({
			measure: panel.measure,
			title: panel.short,
			index_date: panel.index_date,
			period_end: panel.period_end,
			last_impactable_on: panel.last_impactable_on,
			supply: supply.filter((fill) => fill.measure === panel.measure),
			pushed: panel.whatIf ? beyond(panel.whatIf.covered, panel.whatIf.on_hand) : [],
			gaps: panel.whatIf?.gaps ?? []
		}));

	const dismissed = await dismissedProblems(home);
	const titles = new Map(reviewLists('all').map((list) => [list.id, list.title]));
	return {
		...frame,
		days: true as const,
		person: {
			...person,
			// A birth date is a day that P2 may see, but beside an opaque id it does nobody's work: the age does.
			birth_date: scope.phi === 'P3' ? person.birth_date : null
		},
		named: scope.phi === 'P3',
		way: url.searchParams.get('way') === 'dispensed' ? ('dispensed' as const) : ('counted' as const),
		panels,
		lanes,
		stays,
		fills,
		spans,
		lists: {
			...onLists,
			value: (onLists.value ?? []).map((row) => ({
				...row,
				title: titles.get(row.list) ?? row.list,
				short: row.measure === null ? null : String(byId.get(row.measure)?.facts.short_title ?? row.measure),
				decision: dismissed.get(problemKey({ pid, list: row.list, subject: subjectOf(row) })) ?? null
			}))
		},
		pharmacies,
		mtm: { enrolments, sessions, recommendations }
	};
};
