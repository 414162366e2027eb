import type { seenIn } from '$lib/domain/medicine_list';
import type { opportunityStates } from '$lib/domain/opportunity';
import type { ShownDay } from '../patient';

/** The kinds of session that have pages of their own numbers. */
export const sessionKinds = ['cmr', 'tmr', 'follow_up'] as const;
export type SessionKind = (typeof sessionKinds)[number];

/** The ways in which sessions are set side by side. */
export const sessionUnits = {
	way: { title: 'Remote or in person', kind: 'way' },
	setting: { title: 'Setting', kind: 'setting' },
	provider: { title: 'Provider', kind: 'provider' }
} as const;
export type SessionUnit = keyof typeof sessionUnits;

/** A row of the panel session_coverage; a hidden count is null. */
export type Coverage = {
	part: string;
	element: string;
	title: string;
	sessions: number | null;
	patients: number | null;
	yes: number | null;
	no: number | null;
	not_applicable: number | null;
	missing: number | null;
};
/** A row of the panel session_groups. */
export type SessionGroup = {
	value: string | null;
	patients: number | null;
	sessions: number | null;
	with_recommendation: number | null;
	denominator: number | null;
	numerator: number | null;
	minutes: number | null;
};
/** The row of the panel session_lists. */
export type SessionLists = {
	medicines: number | null;
	patients: number | null;
	sessions: number | null;
	in_both: number | null;
	list_only: number | null;
	claims_only: number | null;
};
/** The row of the panel follow_ups. */
export type FollowUps = {
	promised: number | null;
	patients: number | null;
	kept: number | null;
	late: number | null;
	missed: number | null;
	open: number | null;
};
/** A row of the panel opportunities. */
export type Opportunity = {
	problem: string | null;
	opened: number | null;
	patients: number | null;
	done: number | null;
	expired: number | null;
	removed: number | null;
	in_progress: number | null;
	open: number | null;
};
/** What a row of every list has. */
export type ListedRow = {
	pid: string;
	first_name: string | null;
	last_name: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	plan: string | null;
	/** The session that it is of, and its kind. */
	sid: string | null;
	service_type?: string;
	rows_in_all: number;
};
/** A row of the panel sessions. Days and texts are null where they are not shown. */
export type ListedSession = ListedRow & {
	held_on: ShownDay;
	status: string;
	status_reason: string | null;
	delivery_method: string | null;
	setting: string | null;
	provider_type: string | null;
	minutes: number | null;
	required: number | null;
	yes: number | null;
	not_applicable: number | null;
	recommendations: number;
	follow_up_due_on: ShownDay;
	kept_on: ShownDay;
	follow_up: string | null;
};
/** A row of the panel medicines_listed. */
export type ListedMedicine = ListedRow & {
	held_on: ShownDay;
	ingredient: string | null;
	seen_in: keyof typeof seenIn;
	last_fill_on: ShownDay;
	runs_out_on: ShownDay;
};
/** A row of the panel elements_listed. */
export type ListedElement = ListedRow & {
	held_on: ShownDay;
	part: string;
	element: string;
	title: string;
	state: string;
	setting: string | null;
	provider_type: string | null;
};
/** A row of the panel opportunities_opened. */
export type ListedOpportunity = ListedRow & {
	source: string | null;
	problem: string | null;
	ingredient: string | null;
	opened_on: ShownDay;
	expires_on: ShownDay;
	state: keyof typeof opportunityStates;
	held_on: ShownDay;
};
