import { mayOpenAddress } from '$lib/domain/need';
import { readPopulation } from '$lib/domain/population';
import { viewPage } from '$lib/domain/saved_view';
import { latestYear, resultsOf, theHome, theRun, viewerWho } from '$lib/server/door';
import { removeView, savedViews, saveView } from '$lib/server/saved_views';
import { attempt, field } from '$lib/server/sign_in/form';
import { localPath } from '$lib/server/sign_in/next';
import { ask, measures } from '$lib/server/warehouse';
import type { FilterOption } from '$lib/ui/filter';
import type { Actions, PageServerLoad } from './$types';

/** The views that the viewer finds, and a form to save the page that they came from. */
export const load: PageServerLoad = async (event) => {
	const viewer = viewerWho(null, event);
	const home = theHome();
	const from = event.url.searchParams.get('save');
	const saving = from === null ? null : localPath(from);
	const path = saving?.replace(/[?#].*$/, '') ?? null;
	const page = path === null ? null : viewPage(path);
	const views = await savedViews(home, viewer);
	const run = await theRun(home, viewer.scope);
	const chosen = views.flatMap(({ words }) => {
		const { pharm, presc } = readPopulation(new URLSearchParams(words)).population;
		return [...pharm.in, ...presc.in];
	});
	const sees = run !== null && viewer.can('see_totals');
	const options = sees
		? await ask<FilterOption>(home, 'filter_options', { year: latestYear(run), chosen }, viewer.scope)
		: [];
	const titles = sees ? await measures(home, viewer.scope) : [];
	/** The name of the page of a path, with its measure where it is of one. */
	const nameOf = (path: string) => titles.find(({ id }) => path.endsWith(`/${id}`))?.title ?? viewPage(path) ?? path;
	return {
		views: views.map((view) => ({ ...view, page: nameOf(view.path) })),
		options: [...options, ...titles.map(({ id, title }) => ({ key: 'measure', value: id, label: title }))],
		saving: page && mayOpenAddress(path!, viewer.can) ? { address: saving!, page: nameOf(path!) } : null,
		mayShare: viewer.can('annotate'),
		mayRemoveAny: viewer.can('manage_users')
	};
};

export const actions: Actions = {
	/** Saves a view. What cannot be saved comes back with what was typed. */
	save: async (event) => {
		const viewer = viewerWho(null, event);
		const form = await event.request.formData();
		const home = theHome();
		const given = {
			name: field(form, 'name'),
			address: localPath(field(form, 'address')),
			filtersOnly: field(form, 'keep') === 'filters',
			pinned: field(form, 'pinned') === 'yes',
			shared: field(form, 'shared') === 'yes'
		};
		const tried = await attempt(
			async () => {
				const shown = { url: new URL(given.address, event.url) };
				const { run } = await resultsOf(shown, viewer.scope);
				const today = new Date().toISOString().slice(0, 10);
				const newest = { y: String(run ? latestYear(run) : today.slice(0, 4)), asof: run?.as_of ?? today };
				return await saveView(home, viewer, given, newest);
			},
			{ given }
		);
		return 'done' in tried ? { said: `Saved: ${given.name.trim()}.` } : tried;
	},
	/** Removes a view. */
	remove: async (event) => {
		const viewer = viewerWho(null, event);
		const form = await event.request.formData();
		const tried = await attempt(() => removeView(theHome(), viewer, field(form, 'id')));
		return 'done' in tried ? { said: 'Removed. Its link opens nothing any more.' } : tried;
	}
};
