import { explainPart } from '$lib/domain/explained';
import { abilities, roleCard } from '$lib/domain/role';
import type { Scope } from '$lib/domain/scope';
import { scopeOfView } from '$lib/domain/viewer';
import { demoOf } from '$lib/server/demo/mark';
import { asked, latestYear, resultsOf, theHome } from '$lib/server/door';
import { explain } from '$lib/server/explain';
import { lockHolder, readCurrent } from '$lib/server/home';
import type { LayoutServerLoad } from './$types';

/** The audit of claims shows their days and numbers to who sees none elsewhere. */
const shownLevel = (route: string | null, { phi }: Scope) => (route?.startsWith('/audit') && phi === 'P1' ? 'P2' : phi);

/** What the frame of every page shows: whose data, which years, how fresh. */
export const load: LayoutServerLoad = async (event) => {
	const { url, locals } = event;
	// Anew for every page: who looks, and what they may, can have changed since the last.
	void url.pathname;
	void url.searchParams.get('view');
	const home = theHome();
	const viewer = locals.viewer;
	const found = viewer && (await resultsOf(event, viewer.scope));
	const run = found && found.run;
	const busy = lockHolder(home);
	const wanted = url.searchParams.get('explain');
	const question = wanted && run && viewer.can('see_totals') ? await asked(event, 'see_totals') : null;
	return {
		viewer: viewer && {
			name: viewer.user.name,
			role: roleCard(viewer.user.role).title,
			can: abilities.filter((ability) => viewer.can(ability)),
			phi: shownLevel(
				event.route.id,
				scopeOfView(viewer, url.searchParams.get('show') === 'identifiers', event.params.pid)
			),
			blur: event.cookies.get('blur') === 'on'
		},
		lock: viewer &&
			locals.session && { hasPassword: locals.session.user.password_hash !== null, idle: locals.session.idle },
		view: locals.view ? { name: locals.view.name, words: locals.view.words } : null,
		organisation: process.env.MTM_ORGANISATION ?? null,
		demo: demoOf(home),
		run,
		/** The kept results that the page was made from, and what of the words for them could not be used. */
		old: found && found.old,
		notKept: found ? found.problems : [],
		results: readCurrent(home).results,
		year: run ? Number(url.searchParams.get('y') ?? latestYear(run)) : null,
		busy: busy ? busy.what : null,
		explained: question
			? await explain(question, wanted!, explainPart(url.searchParams.get('part')), url.searchParams.get('of'))
			: null
	};
};
