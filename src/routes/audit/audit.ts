/** A group of MTM claims as `audit_money` tells it. */
export type Group = {
	value: string | null;
	label: string | null;
	claims: number;
	flagged: number;
	billed: number;
	paid: number;
	flagged_paid: number;
	at_risk: number;
};

/** A rule of the audit and what it flags, as `audit_rules` tells it. */
export type RuleRow = {
	rule_id: string;
	rule_version: number;
	title: string;
	severity: string;
	statement: string;
	message: string;
	recovers: string;
	documents: string;
	parameters: string[];
	not_run_because: string | null;
	claims: number | null;
	at_risk: number | null;
};

/** A claim in the list. */
export type ClaimRow = {
	pid: string;
	claim_number: number;
	claim_id: string | null;
	held_on: string;
	submitted_on: string | null;
	paid_on: string | null;
	payer: string | null;
	program: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	pharmacist_npi: string | null;
	service_type: string;
	minutes: number | null;
	codes: string;
	billed: number;
	paid: number;
	at_risk: number;
	rules: string;
	yes: number | null;
	required: number | null;
};

/** A line of one claim. */
export type LineRow = {
	claim_id: string;
	claim_line_number: number;
	held_on: string;
	submitted_on: string | null;
	paid_on: string | null;
	payer: string | null;
	program: string | null;
	claim_format: string | null;
	procedure_code: string;
	modifier: string | null;
	units: number;
	claim_status: string;
	denial_reason: string | null;
	is_final: boolean;
	is_reversed: boolean;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	pharmacist_npi: string | null;
	service_type: string;
	minutes: number | null;
	billed: number;
	fee: number | null;
	paid: number;
	at_risk: number;
	flags: number;
	source_file: string;
	source_line: number;
	load_id: number;
};

/** A rule that flags one claim, with the evidence. */
export type FindingRow = {
	rule_id: string;
	rule_version: number;
	title: string;
	severity: string;
	message: string;
	recovers: string;
	documents: string;
	lines: string;
	expected: string | null;
	found: string | null;
	at_risk: number;
	told: string | null;
};

/** A step of the evidence. */
export type StepRow = {
	place: number;
	step: string;
	standing: 'pass' | 'fail' | 'missing' | 'not_applicable';
	found: string | null;
	source_file: string | null;
	source_line: number | null;
};

export const standingWords = {
	pass: 'Pass',
	fail: 'Fail',
	missing: 'Missing',
	not_applicable: 'Not applicable'
} as const;

export const stateWords: Record<string, string> = {
	open: 'Open',
	need_records: 'Records are needed',
	replied: 'The provider replied',
	decided: 'Decided, waits for a second auditor',
	disputed: 'The second auditor does not agree',
	closed: 'Closed'
};

export const programWords: Record<string, string> = {
	part_d: 'Part D',
	medicaid: 'Medicaid',
	commercial: 'Commercial',
	other: 'Other'
};

/** A pharmacist or pharmacy in a funnel, as `audit_signal` tells it. */
export type SignalRow = { value: string; label: string; numerator: number; denominator: number; patients: number };

/** What is drawn as a funnel: shares whose outliers are worth a look and are no finding. */
export const signals = {
	severe: {
		title: 'Problems of severity 6 and 7, by pharmacist',
		units: 'pharmacists',
		below: 'problems with a severity',
		none: 'No problem of the year has a severity and a session with a pharmacist.'
	},
	unreached: {
		title: 'Attempts that reached nobody, by pharmacy',
		units: 'pharmacies',
		below: 'sessions and attempts',
		none: 'No session or attempt of the year names a pharmacy.'
	},
	flagged: {
		title: 'Flagged claims, by pharmacy',
		units: 'pharmacies',
		below: 'paid claims',
		none: 'No paid claim of the year names a pharmacy.'
	}
} as const;
export type Signal = keyof typeof signals;
