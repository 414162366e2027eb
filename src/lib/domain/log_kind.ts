/** Everything that leaves a trace in the access log, in words. */
export const logKinds = {
	sign_in: 'Signed in',
	sign_in_failed: 'Sign-in failed',
	sign_out: 'Signed out',
	lock: 'Locked',
	unlock: 'Unlocked',
	session_revoked: 'Session ended',
	user_added: 'User added',
	user_changed: 'User changed',
	password_reset: 'Password reset',
	view_patient: 'Patient viewed',
	view_list: 'List viewed',
	reveal: 'Identifiers revealed',
	emergency_seen: 'Emergency looked into',
	export: 'Exported',
	query: 'Query',
	load: 'Files loaded',
	rollback: 'Load rolled back',
	refresh: 'Results computed',
	reference_import: 'Reference list changed',
	backup: 'Backup made',
	restore: 'Backup restored',
	refused: 'Refused',
	audit_step: 'Audit finding decided or answered',
	setting_changed: 'Setting changed',
	problem_dismissed: 'Problem dismissed',
	problem_reopened: 'Problem taken up again',
	annotation_added: 'Annotation added',
	annotation_removed: 'Annotation taken back',
	view_saved: 'View saved',
	view_removed: 'View removed'
} as const;
export type LogKind = keyof typeof logKinds;

/** True for the name of a kind. */
export const isLogKind = (text: string): text is LogKind => Object.hasOwn(logKinds, text);

/** An entry of the access log as it is shown. */
export type LogRow = {
	seq: number;
	/** The instant, UTC, ISO. */
	at: string;
	kind: string;
	/** The user's id, or who acts without one: the owner in the shell, nobody before a sign-in. */
	by: string;
	/** The user's name now, where `by` is a user. */
	name: string | null;
	session: string | null;
	/** The product's own opaque id of a patient. */
	patient: string | null;
	purpose: string | null;
	reason: string | null;
	detail: Record<string, unknown>;
	hash: string;
};

/** What is told first; the rest follows by name. */
const order = ['view', 'table', 'list', 'file', 'format', 'rows', 'patients', 'filters', 'phi'];
const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
const isEmpty = (value: unknown) =>
	value === null || (typeof value === 'object' && Object.keys(value as object).length === 0);

/** What an entry tells beside who, when and whom, in one line. */
export function detailWords(detail: Record<string, unknown>): string {
	return Object.entries(detail)
		.filter(([, value]) => !isEmpty(value))
		.sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
		.map(([key, value]) => {
			const what = key.replaceAll('_', ' ');
			if (Array.isArray(value)) return value.length > 5 ? `${what}: ${value.length}` : `${what}: ${value.join(', ')}`;
			if (typeof value === 'object') return `${what}: ${detailWords(value as Record<string, unknown>)}`;
			if (key === 'sha256') return `${what}: ${String(value).slice(0, 12)}…`;
			return `${what}: ${String(value)}`;
		})
		.join('; ');
}
