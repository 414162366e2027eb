import { holdsNumbers } from './personal_words';
import { isRole, roleCard, type Ability, type Role } from './role';
import { leavesOutNobody, type Limits, type Scope } from './scope';

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

/** What is wrong with a reason, in words; null for one that can be kept. A reason says why, never whom. */
export function reasonProblem(reason: string): string | null {
	const words = reason.trim();
	if (words.length < 8) return 'Say in a few words why identifiers are needed.';
	if (words.length > 300) return 'A reason has 300 characters at most.';
	if (holdsNumbers(words))
		return 'This looks as if it held an id, a phone number, a birth date or an address. Say why, not whom; the log keeps every word.';
	return null;
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
 * How identifiers stand in a view of many patients, or of the one of `pid`: open after a reason, closed until one is given, null where the role opens
 * none there.
 */
export function identifiersFor(viewer: Viewer, pid?: string): 'open' | 'closed' | null {
	const { reveals } = roleCard(viewer.user.role);
	if (reveals === 'none' || (reveals === 'one' && pid === undefined)) return null;
	return hasRevealed(viewer, pid) ? 'open' : 'closed';
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
