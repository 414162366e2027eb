import type { Ability } from './role';

/** A table that can be taken out as a file: what it is called and what whoever takes it must be allowed to do. */
export type Exportable = {
	title: string;
	need: Ability;
	/** Each row is about a patient. */
	isOfPatients?: true;
	/** The page it stands on; where the way back leads. */
	page: string;
	/** The filters of the address choose its rows. */
	isFiltered?: true;
	/** The words of the address that choose its rows, where they are not those of a population. */
	words?: readonly string[];
	/** Its rows would count a small group that its page hides: not there where small counts are hidden. */
	countsGroups?: true;
};

/** Every table that can be exported, by its name in the address. */
export const exportables = {
	patients: { title: 'Patients', need: 'export_rows', isOfPatients: true, page: '/patients', isFiltered: true },
	patient_fills: { title: 'Fills of a patient', need: 'export_rows', isOfPatients: true, page: '/patients' },
	patient_recommendations: {
		title: 'Recommendations',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/recommendations',
		isFiltered: true
	},
	patient_reviews_due: {
		title: 'Reviews due',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/reviews',
		isFiltered: true
	},
	patient_reviewed: {
		title: 'Who is counted in CMR completion',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/reviews',
		isFiltered: true,
		countsGroups: true
	},
	patient_eligibility: {
		title: 'Who belongs in MTM',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/eligibility',
		isFiltered: true,
		countsGroups: true
	},
	patient_sessions: {
		title: 'Sessions',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/sessions/list',
		isFiltered: true,
		countsGroups: true
	},
	patient_session_elements: {
		title: 'Elements of sessions',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/sessions/elements',
		isFiltered: true,
		countsGroups: true
	},
	patient_session_medicines: {
		title: 'Medicines of sessions',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/sessions/medicines',
		isFiltered: true,
		countsGroups: true
	},
	patient_opportunities: {
		title: 'Opportunities',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/sessions/opportunities',
		isFiltered: true,
		countsGroups: true
	},
	patient_problems: {
		title: 'Problems of a list',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/problems',
		isFiltered: true
	},
	patient_problems_documented: {
		title: 'Problems documented and not shown by claims',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/problems',
		isFiltered: true,
		countsGroups: true
	},
	patient_reasons: {
		title: 'Patients with all reasons',
		need: 'export_rows',
		isOfPatients: true,
		page: '/interventions/problems',
		isFiltered: true
	},
	audit_claims: { title: 'Audited claims', need: 'audit', isOfPatients: true, page: '/audit/claims', isFiltered: true },
	audit_findings: {
		title: 'Findings of the audit',
		need: 'audit',
		isOfPatients: true,
		page: '/audit/claims',
		isFiltered: true
	},
	audit_sample: {
		title: 'Workpaper of a sample of claims',
		need: 'decide_audit',
		isOfPatients: true,
		page: '/audit/sample',
		isFiltered: true
	},
	patient_counted: {
		title: 'Stays and visits counted',
		need: 'export_rows',
		isOfPatients: true,
		page: '/outcomes',
		words: ['measure', 'plan', 'period']
	},
	patient_follow_up: {
		title: 'Follow-up after hospital care',
		need: 'export_rows',
		isOfPatients: true,
		page: '/outcomes/follow-up',
		words: ['list', 'since']
	},
	hospital_rates: { title: 'Hospital rates', need: 'export_totals', page: '/outcomes', words: ['plan', 'per'] },
	hospital_months: {
		title: 'A hospital rate by month',
		need: 'export_totals',
		page: '/outcomes',
		words: ['measure', 'plan', 'per']
	},
	stay_steps: { title: 'Stays to those counted', need: 'export_totals', page: '/outcomes', words: ['measure'] },
	around_review: {
		title: 'Rates around a review',
		need: 'export_totals',
		page: '/outcomes/around-review',
		words: ['measure']
	},
	compare: {
		title: 'Units beside each other',
		need: 'export_totals',
		page: '/compare',
		words: ['measure', 'unit', 'adjust']
	},
	annotations: { title: 'Annotations', need: 'export_totals', page: '/annotations' },
	headline: { title: 'Measures', need: 'export_totals', page: '/adherence', isFiltered: true },
	unit_rates: { title: 'Rates by unit', need: 'export_totals', page: '/adherence', isFiltered: true },
	pdc_histogram: { title: 'Patients by PDC', need: 'export_totals', page: '/adherence', isFiltered: true },
	trend: { title: 'Month by month', need: 'export_totals', page: '/adherence', isFiltered: true },
	last_useful_fills: { title: 'Last useful fills', need: 'export_totals', page: '/adherence', isFiltered: true },
	supply_lengths: { title: "Days' supply", need: 'export_totals', page: '/adherence', isFiltered: true },
	attrition: { title: 'Who is counted', need: 'export_totals', page: '/adherence', isFiltered: true },
	unmapped_drugs: { title: 'Drugs that are not known', need: 'see_data', page: '/data' },
	checks: { title: 'Checks', need: 'see_data', page: '/data' },
	source_months: { title: 'Rows by source and month', need: 'see_data', page: '/data' },
	rejects: { title: 'Rejected rows', need: 'see_loads', page: '/data' }
} as const satisfies Record<string, Exportable>;
export type ExportName = keyof typeof exportables;

/** True for the name of a table that can be exported. */
export const isExportable = (name: string): name is ExportName => Object.hasOwn(exportables, name);

/** What the table of that name is. */
export const exportable = (name: ExportName): Exportable => exportables[name];
