import type { Answer } from './answer';
import type { Cell, Released } from './hidden';
import type { Headline } from './headline';

/** The parts of an explanation, in the order of its tabs. */
export const explainParts = ['meaning', 'formula', 'population', 'patients', 'evidence'] as const;
export type ExplainPart = (typeof explainParts)[number];

/** The part that an address asks for; the first when it names none that exists. */
export const explainPart = (word: string | null): ExplainPart =>
	explainParts.find((part) => part === word) ?? 'meaning';

/** A step of the attrition: the patients left out at it, and those who remain; the first has no reason. */
export type AttritionStep = Released & {
	step: number;
	excluded_because: string | null;
	patients: Cell;
	remaining: Cell;
};

export type ExplainedPatient = {
	pid: string;
	in_denominator: boolean;
	adherent: boolean | null;
	excluded_because: string | null;
	covered_days: number | null;
	elapsed_days: number | null;
	removed_days: number | null;
	fills: number;
	pdc: number | null;
	status: string;
};

/** A fill that counts, with its claim, file, line and load. */
export type EvidenceRow = {
	dispensed_on: string;
	ingredient: string;
	days_supply: number;
	counted_from: string | null;
	counted_to: string | null;
	claim_id: string;
	source_file: string;
	source_line: number;
	load_id: number;
};

/** What stands behind a rate: the part that was asked for. */
export type Explained = {
	id: string;
	year: number;
	asOf: string;
	title: string;
	short: string;
	question: string;
	threshold: number;
	drugs: string;
	line: Answer<Headline | null>;
	/** True when the parts about persons, patients and evidence, are there for who asks. */
	persons: boolean;
} & (
	| { part: 'meaning'; source: string; limits: string; better: string; counts: string }
	| {
			part: 'formula';
			denominator: string;
			numerator: string;
			leftOut: string;
			facts: Record<string, unknown>;
			rules: Answer<{ stay_adjustment: boolean; source: string } | null>;
			version: string;
			hash: string;
			path: string;
			sql: string;
			panel: string;
			query: string | null;
			command: string;
			/** The options that mean the same results in the shell; empty for the current ones. */
			options: string;
	  }
	| { part: 'population'; steps: Answer<AttritionStep[]> }
	| { part: 'patients'; counted: Answer<ExplainedPatient[]>; leftOut: Answer<ExplainedPatient[]> }
	| {
			part: 'evidence';
			chosen: Answer<{ pid: string | null; patients: ExplainedPatient[]; rows: EvidenceRow[] }>;
	  }
);
