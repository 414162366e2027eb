import type { Ability } from './role';
import type { Viewer } from './viewer';

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
	'/annotations': 'see_totals',
	'/audit': 'audit',
	'/audit/billing': 'audit',
	'/audit/claims': 'audit',
	'/audit/claims/[pid]/[claim]': 'audit',
	'/audit/letter/[npi]': 'decide_audit',
	'/audit/reporting': 'audit',
	'/audit/rules/[rule]': 'audit',
	'/audit/sample': 'decide_audit',
	'/compare': 'see_totals',
	'/data': 'see_data',
	'/data/loads/[id]': 'see_loads',
	'/download/[table].[format]': 'export_totals',
	'/explain/[measure]': 'see_totals',
	'/export/[table]': 'export_totals',
	'/export/job/[id]': 'export_totals',
	'/export/job/[id]/file': 'export_totals',
	'/help': 'signed_in',
	'/interventions': 'see_totals',
	'/interventions/eligibility': 'see_totals',
	'/interventions/prep': 'see_patient',
	'/interventions/prep/[pid]': 'see_patient',
	'/interventions/problems': 'see_totals',
	'/interventions/recommendations': 'see_patients',
	'/interventions/reviews': 'see_totals',
	'/interventions/sessions': 'see_totals',
	'/interventions/sessions/[id]': 'see_patient',
	'/interventions/sessions/list': 'see_patients',
	'/interventions/sessions/elements': 'see_patients',
	'/interventions/sessions/medicines': 'see_patients',
	'/interventions/sessions/opportunities': 'see_patients',
	'/link/[token]': 'anyone',
	'/lock': 'anyone',
	'/login': 'anyone',
	'/login/code': 'anyone',
	'/metrics': 'see_totals',
	'/metrics/[id]': 'see_totals',
	'/not-here': 'anyone',
	'/now': 'signed_in',
	'/outcomes': 'see_totals',
	'/outcomes/[measure]': 'see_totals',
	'/outcomes/around-review': 'see_totals',
	'/outcomes/follow-up': 'see_patients',
	'/patients': 'see_patients',
	'/patients/[pid]': 'see_patient',
	'/reveal': 'reveal',
	'/session': 'anyone',
	'/sign-out': 'anyone',
	// Views of pages that the viewer may not open are not shown there.
	'/views': 'signed_in',
	'/welcome': 'anyone'
};

/** What a route of the web needs; null for one that has no row in the table, which nobody may open. */
export const routeAbility = (route: string | null): Need | null =>
	route !== null && Object.hasOwn(routes, route) ? routes[route]! : null;

// An address that a route names is that route's before it is a parameter of another's.
const named = (route: string) => Number(route.includes('['));
const addresses = Object.entries(routes)
	.sort(([a], [b]) => named(a) - named(b))
	.map(([route, need]) => ({
		need,
		form: new RegExp(`^${route.replaceAll('.', '\\.').replaceAll(/\[\w+\]/g, '[^/]+?')}$`)
	}));

/** What an address inside the product needs, so that a page offers only links that open; null when no route has it. */
export function addressNeed(href: string): Need | null {
	const path = href.replace(/[?#].*$/, '');
	if (/^\/(download|export)\/patient/.test(path)) return 'export_rows';
	if (/^\/(download|export)\/audit_/.test(path)) return path.includes('/audit_sample') ? 'decide_audit' : 'audit';
	return addresses.find(({ form }) => form.test(path))?.need ?? null;
}

/** True for who may open an address inside the product; `can` tells what they may. */
export function mayOpenAddress(href: string, can: (ability: Ability) => boolean): boolean {
	const need = addressNeed(href);
	return need !== null && (need === 'anyone' || need === 'signed_in' || can(need));
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
	// Rejected rows stand there as in the file, names and all.
	'loads rejects': null,
	'loads rollback': 'rollback',
	'log show': 'see_own_log',
	'log verify': 'see_log',
	metric: 'see_totals',
	query: 'query',
	'reference import': 'load',
	'reference list': 'see_data',
	'records key': null,
	refresh: 'load',
	report: 'export_totals',
	restore: 'back_up',
	results: 'load',
	serve: null,
	status: 'see_data',
	users: 'manage_users',
	validate: 'load',
	version: 'signed_in'
};

/** What a verb needs under `--as`, such as "loads list" or "users add"; null for one that is the owner's alone or is not named here. */
export const verbNeed = (verb: string): Ability | 'signed_in' | null =>
	[verb, verb.split(' ')[0]!]
		.map((name) => (Object.hasOwn(verbs, name) ? verbs[name]! : undefined))
		.find((need) => need !== undefined) ?? null;
