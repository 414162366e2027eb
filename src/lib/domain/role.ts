import { leavesOutNobody, type Limits, type PhiLevel, type Scope } from './scope';

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
	'build_lists',
	'assign_lists',
	'contact_notes',
	'audit',
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

/** What is of the whole home: nobody whose patients are limited may. */
const ofTheWhole: ReadonlySet<Ability> = new Set([
	'see_data',
	'see_loads',
	'load',
	'rollback',
	'manage_users',
	'see_log',
	'back_up',
	'approve_settings'
]);

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
			'build_lists',
			'assign_lists',
			'contact_notes',
			'audit',
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
		can: [
			'see_data',
			'see_loads',
			'load',
			'rollback',
			'export_totals',
			'export_rows',
			'query',
			'reveal',
			'see_own_log',
			'back_up'
		]
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

/** Why identifiers are looked at; `emergency` is the administrator's only one. */
export const purposes = {
	outreach: 'Calling or writing to patients',
	care: 'Care of a patient: their medicines or pharmacy',
	audit: 'Audit of a claim or service',
	data: 'A fault in the data',
	emergency: 'An emergency'
} as const;
export type Purpose = keyof typeof purposes;

/** The purposes a role may give. */
export function purposesOf(role: Role): Purpose[] {
	if (roleCard(role).emergency) return ['emergency'];
	if (role === 'payer_auditor') return ['audit'];
	if (role === 'data_engineer') return ['data'];
	return ['outreach', 'care', 'data'];
}

/** A reason given once per session and purpose; `pid` when it opens one patient alone. */
export type Reveal = { purpose: string; reason: string; at: number; pid?: string };

/** Who looks: a signed-in user, what they may see at this moment and what they may do. */
export type Viewer = {
	user: { id: string; name: string; role: Role };
	/** The session's id; never its secret. */
	session: string;
	scope: Scope;
	reveals: Reveal[];
	can: (ability: Ability) => boolean;
};

/**
 * The viewer that a user's record and a session make. Null for a role that does not exist: nothing is shown to it.
 */
export function viewerOf(
	user: { id: string; name: string; role: string } & Limits,
	session: { id: string; reveals: Reveal[] }
): Viewer | null {
	if (!isRole(user.role)) return null;
	const card = roleCard(user.role);
	const { pharmacies, plans, contracts, programs } = user;
	const limits: Limits = { pharmacies, plans, contracts, programs };
	const whole = leavesOutNobody(limits);
	const opened = session.reveals.length > 0 ? (card.canByReveal ?? []) : [];
	return {
		user: { id: user.id, name: user.name, role: user.role },
		session: session.id,
		scope: { limits, phi: card.phi },
		reveals: session.reveals,
		can: (ability) => (card.can.includes(ability) || opened.includes(ability)) && (whole || !ofTheWhole.has(ability))
	};
}

/** True when the viewer has given a reason that opens identifiers, of this patient when the role opens one at a time. */
export function hasRevealed(viewer: Viewer, pid?: string): boolean {
	const { reveals } = roleCard(viewer.user.role);
	if (reveals === 'none') return false;
	return viewer.reveals.some((one) => reveals === 'all' || (pid !== undefined && one.pid === pid));
}

/**
 * The scope of one view: with `identifiers` asked for and a reason given, the role's highest level, else the one of every day. A role
 * that sees no persons on other days (P0) is lifted by its reason alone.
 */
export function scopeOfView(viewer: Viewer, identifiers: boolean, pid?: string): Scope {
	const card = roleCard(viewer.user.role);
	const lifted = (identifiers || card.phi === 'P0') && hasRevealed(viewer, pid);
	return lifted ? { limits: viewer.scope.limits, phi: card.most } : viewer.scope;
}

/** What a route needs: an ability; `anyone` for what is shown before signing in; `signed_in` for every user. */
export type Need = Ability | 'anyone' | 'signed_in';

/** Every route of the web and what it needs. A route that is not named here is refused. */
export const routes: Readonly<Record<string, Need>> = {
	// Home turns who has no totals to the data.
	'/': 'signed_in',
	'/account': 'signed_in',
	'/account/log': 'see_own_log',
	'/account/second-factor': 'signed_in',
	'/adherence': 'see_totals',
	'/adherence/[measure]': 'see_totals',
	'/admin/log': 'see_log',
	'/admin/log.csv': 'see_log',
	'/admin/users': 'manage_users',
	'/admin/users/[id]': 'manage_users',
	'/data': 'see_data',
	'/data/loads/[id]': 'see_loads',
	'/download/[table].[format]': 'export_totals',
	'/explain/[measure]': 'see_totals',
	'/export/[table]': 'export_totals',
	'/export/job/[id]': 'export_totals',
	'/export/job/[id]/file': 'export_totals',
	'/help': 'signed_in',
	'/link/[token]': 'anyone',
	'/lock': 'anyone',
	'/login': 'anyone',
	'/login/code': 'anyone',
	'/metrics': 'see_totals',
	'/metrics/[id]': 'see_totals',
	'/not-here': 'anyone',
	'/now': 'signed_in',
	'/patients': 'see_patients',
	'/patients/[pid]': 'see_patient',
	'/reveal': 'reveal',
	'/session': 'anyone',
	'/sign-out': 'anyone',
	'/welcome': 'anyone'
};

/** What a route of the web needs; null for one that has no row in the table, which nobody may open. */
export const routeAbility = (route: string | null): Need | null =>
	route !== null && Object.hasOwn(routes, route) ? routes[route]! : null;

const addresses = Object.entries(routes).map(([route, need]) => ({
	need,
	form: new RegExp(`^${route.replaceAll('.', '\\.').replaceAll(/\[\w+\]/g, '[^/]+?')}$`)
}));

/** What an address inside the product needs, so that a page offers only links that open; null when no route has it. */
export function addressNeed(href: string): Need | null {
	const path = href.replace(/[?#].*$/, '');
	if (/^\/(download|export)\/patient/.test(path)) return 'export_rows';
	return addresses.find(({ form }) => form.test(path))?.need ?? null;
}

/** True when the route may be opened by this viewer (null: not signed in). */
export function mayOpen(route: string | null, viewer: Viewer | null): boolean {
	const need = routeAbility(route);
	if (need === null) return false;
	if (need === 'anyone') return true;
	if (viewer === null) return false;
	return need === 'signed_in' || viewer.can(need);
}

/** What each verb of the shell needs under `--as`; null where nobody's view can be taken. */
export const verbs: Readonly<Record<string, Ability | 'signed_in' | null>> = {
	backup: 'back_up',
	bench: null,
	demo: null,
	doctor: 'see_loads',
	export: 'query',
	init: null,
	load: 'load',
	'loads list': 'see_loads',
	'loads show': 'see_loads',
	'loads rejects': 'see_loads',
	'loads rollback': 'rollback',
	'log show': 'see_own_log',
	'log verify': 'see_log',
	metric: 'see_totals',
	query: 'query',
	'reference import': 'load',
	'reference list': 'see_data',
	refresh: 'load',
	restore: 'back_up',
	serve: null,
	status: 'see_data',
	users: 'manage_users',
	validate: 'load',
	version: 'signed_in'
};
