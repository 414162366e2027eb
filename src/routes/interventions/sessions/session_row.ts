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
