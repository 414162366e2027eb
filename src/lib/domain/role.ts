import type { PhiLevel } from './scope';

/** What somebody may do. Every route and every verb needs one of these, or none. */
export const abilities = [
	/** Measures, trends and comparisons as numbers. */
	'see_totals',
	/** The sum over everybody beside one's own part, as numbers only. */
	'see_network',
	/** The table of patients. */
	'see_patients',
	/** One patient's page. */
	'see_patient',
	/** Freshness of sources, checks, drugs that are not known. */
	'see_data',
	/** The history of loads, file by file, with rejected rows. */
	'see_loads',
	'load',
	'rollback',
	/** Tables of numbers as files. */
	'export_totals',
	/** Tables of patients as files. */
	'export_rows',
	/** One select in SQL over what the scope shows. */
	'query',
	/** Names, birth dates, phones, after giving a reason. */
	'reveal',
	'work_lists',
	/** Saying that a problem which claims show needs nothing done until a day. */
	'dismiss_problems',
	/** Dated notes on charts over time, about what one's view covers. */
	'annotate',
	'build_lists',
	'assign_lists',
	'contact_notes',
	/** The audit of MTM claims: of all in scope. */
	'audit',
	/** Decide of a finding, review another's decision. */
	'decide_audit',
	/** Answer a finding for the provider. */
	'reply_audit',
	'audit_rules',
	'staff_results',
	'propose_goals',
	'propose_fees',
	'approve_settings',
	'manage_users',
	/** One's own entries of the access log. */
	'see_own_log',
	/** Everybody's entries. */
	'see_log',
	'back_up'
] as const;
export type Ability = (typeof abilities)[number];

const deciding: readonly string[] = [
	'dismiss_problems',
	'annotate',
	'decide_audit',
	'reply_audit',
	'audit_rules'
] satisfies Ability[];
/** True for an ability to decide or note something about what results show: that is done on the latest results alone. */
export const decidesOrNotes = (ability: string): boolean => deciding.includes(ability);

/** A role: how much of a person it sees, how much more after a reason, and what it may do. */
export type RoleCard = {
	title: string;
	/** The level of every day. */
	phi: PhiLevel;
	/** The level after a reveal. */
	most: PhiLevel;
	/** Whether a reason opens everybody in scope or one patient alone. */
	reveals: 'all' | 'one' | 'none';
	/** A reveal that is an emergency: flagged in the log. */
	emergency?: true;
	can: readonly Ability[];
	/** Allowed too after a reveal. */
	canByReveal?: readonly Ability[];
};

/** The seven roles and what each may see and do. */
export const roleCards = {
	viewer: {
		title: 'Viewer',
		phi: 'P0',
		most: 'P0',
		reveals: 'none',
		can: ['see_totals', 'see_network', 'see_data', 'export_totals', 'query', 'see_own_log']
	},
	pharmacy_manager: {
		title: 'Pharmacy manager',
		phi: 'P2',
		most: 'P3',
		reveals: 'all',
		can: [
			'see_totals',
			'see_network',
			'see_patients',
			'see_patient',
			'see_data',
			'export_totals',
			'export_rows',
			'query',
			'reveal',
			'work_lists',
			'dismiss_problems',
			'annotate',
			'build_lists',
			'assign_lists',
			'contact_notes',
			'audit',
			'reply_audit',
			'staff_results',
			'see_own_log'
		]
	},
	quality_caller: {
		title: 'Quality caller',
		phi: 'P2',
		most: 'P3',
		reveals: 'all',
		// Patients reach a caller through lists assigned to them, never by looking through everybody.
		can: ['see_totals', 'reveal', 'work_lists', 'contact_notes', 'staff_results', 'see_own_log']
	},
	quality_lead: {
		title: 'Quality lead',
		phi: 'P2',
		most: 'P3',
		reveals: 'all',
		can: [
			'see_totals',
			'see_patients',
			'see_patient',
			'see_data',
			'export_totals',
			'export_rows',
			'query',
			'reveal',
			'work_lists',
			'dismiss_problems',
			'annotate',
			'build_lists',
			'assign_lists',
			'contact_notes',
			'staff_results',
			'propose_goals',
			'see_own_log'
		]
	},
	payer_auditor: {
		title: 'Payer auditor',
		phi: 'P1',
		most: 'P3',
		reveals: 'one',
		can: [
			'see_totals',
			'see_patients',
			'see_patient',
			'see_data',
			'export_totals',
			'export_rows',
			'query',
			'reveal',
			'contact_notes',
			'audit',
			'decide_audit',
			'audit_rules',
			'annotate',
			'staff_results',
			'propose_fees',
			'see_own_log'
		]
	},
	data_engineer: {
		title: 'Data engineer',
		phi: 'P0',
		most: 'P2',
		reveals: 'all',
		can: ['see_data', 'see_loads', 'load', 'rollback', 'export_totals', 'query', 'reveal', 'see_own_log', 'back_up'],
		canByReveal: ['export_rows']
	},
	administrator: {
		title: 'Administrator',
		phi: 'P0',
		most: 'P3',
		reveals: 'all',
		emergency: true,
		can: [
			'see_totals',
			'see_network',
			'see_data',
			'see_loads',
			'load',
			'rollback',
			'export_totals',
			'query',
			'reveal',
			'audit_rules',
			'approve_settings',
			'manage_users',
			'see_own_log',
			'see_log',
			'back_up'
		],
		canByReveal: ['see_patients', 'see_patient']
	}
} as const satisfies Record<string, RoleCard>;

export type Role = keyof typeof roleCards;
export const roles = Object.keys(roleCards) as Role[];

/** True for the name of a role. */
export const isRole = (text: string): text is Role => Object.hasOwn(roleCards, text);

/** What a role may see and do. */
export const roleCard = (role: Role): RoleCard => roleCards[role];
