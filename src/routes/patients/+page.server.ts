import { fail, redirect } from '@sveltejs/kit';
import { there } from '$lib/domain/address';
import { populationKeys, writePopulation } from '$lib/domain/population';
import type { Cell, Released } from '$lib/domain/hidden';
import { identifiersFor, scopeOfView } from '$lib/domain/viewer';
import { seesDays, type Scope } from '$lib/domain/scope';
import { answer, asked, latestYear, resultsOf, viewerWho, without } from '$lib/server/door';
import type { Home } from '$lib/server/home';
import { reviewLists } from '$lib/server/review_lists';
import { listSeen } from '$lib/server/seen';
import { adherenceMeasures, ask } from '$lib/server/warehouse';
import type { FilterOption } from '$lib/ui/filter';
import type { Actions, PageServerLoad } from './$types';
import { readReview, type Found, type Review, type ReviewRow } from '$lib/domain/review';

const pageRows = 50;
/** A call sheet is for paper: beyond this many rows it says so and points to the download. */
const sheetRows = 500;

export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const question = await asked(event, 'see_patients');
	if (!question) return { ready: false as const };
	const { home, viewer, scope, run, year, population } = question;
	const family = await adherenceMeasures(home, scope);
	const lists = reviewLists();
	const latest = latestYear(run);
	const { review, problems } = readReview(url.searchParams, {
		year,
		latest,
		population,
		measures: family.map((measure) => measure.id),
		lists: lists.map((list) => list.id),
		days: seesDays(scope)
	});
	const { sort, descending, ...chosen } = review;
	// A call sheet is names and phones; without them the table is shown.
	const sheet = scope.phi === 'P3' && url.searchParams.get('sheet') === 'call';
	const at = Math.max(1, Math.floor(Number(url.searchParams.get('page') ?? '1')) || 1);

	const [found, sizes, options] = await Promise.all([
		answer(async () => (await ask<Found>(home, 'patients_found', chosen, scope))[0]!),
		answer(() =>
			year === latest
				? ask<Released & { list: string; rows: Cell; patients: Cell }>(
						home,
						'list_sizes',
						{ measure: review.measure, year, population },
						scope
					)
				: Promise.resolve([])
		),
		answer(() => ask<FilterOption>(home, 'filter_options', { year }, scope))
	]);
	// A count that is hidden is of few people: one page holds them.
	const last = found.value?.rows ? Math.max(1, Math.ceil(found.value.rows / pageRows)) : 1;
	const sizeOf = (size?: Released & { rows: Cell }) => (size ? { rows: size.rows, hidden: size.hidden } : { rows: 0 });
	const page = Math.min(at, last);
	const rows = await answer(() =>
		ask<ReviewRow>(
			home,
			'patients',
			{ ...chosen, sort, descending, first: sheet ? 0 : (page - 1) * pageRows, rows: sheet ? sheetRows : pageRows },
			scope
		)
	);
	await listSeen(question, sheet ? 'call sheet' : 'patients', rows.value ?? [], {
		list: review.list ?? 'all',
		...(sheet ? {} : { page })
	});
	return {
		ready: true as const,
		asOf: run.as_of,
		year,
		latest,
		review: { list: review.list, measure: review.measure, phone: review.phone, sort, descending },
		problems: [...question.problems, ...problems],
		measures: family.map(({ id, title, facts }) => ({
			id,
			title,
			short: String(facts.short_title ?? title),
			inPharmacyView: id.endsWith('_pharmacy_view')
		})),
		lists: lists.map((list) => ({
			...list,
			sql: undefined,
			...sizeOf(sizes.value?.find((size) => size.list === list.id))
		})),
		options: options.value ?? [],
		found,
		rows,
		page,
		pageRows,
		sheet,
		sheetRows,
		named: scope.phi === 'P3',
		/** Names can be shown once a reason is given; null for who never sees them here. */
		identifiers: identifiersFor(viewer),
		days: seesDays(scope),
		removals: found.value?.rows === 0 ? await removals(chosen, home, scope) : []
	};
};

type Chosen = Omit<Review, 'sort' | 'descending'>;

/** For a table that nobody matches: each filter that could go, and how many rows there would be without it; most first. */
async function removals(chosen: Chosen, home: Home, scope: Scope) {
	const set = writePopulation(chosen.population);
	const found = async (patch: Partial<Chosen>) =>
		(await ask<Found>(home, 'patients_found', { ...chosen, ...patch }, scope))[0]!.rows ?? 0;
	const tries = await Promise.all([
		...populationKeys
			.filter((key) => set.has(key))
			.map(async (key) => ({
				key: key as string,
				value: set.get(key)!,
				rows: await found({ population: without(chosen.population, key) })
			})),
		...(chosen.measure
			? [found({ measure: null }).then((rows) => ({ key: 'measure', value: chosen.measure!, rows }))]
			: []),
		...(chosen.phone !== null
			? [found({ phone: null }).then((rows) => ({ key: 'phone', value: chosen.phone ? 'yes' : 'no', rows }))]
			: []),
		...(chosen.list ? [found({ list: null }).then((rows) => ({ key: 'list', value: chosen.list!, rows }))] : [])
	]);
	return tries.sort((a, b) => b.rows - a.rows);
}

export const actions: Actions = {
	/** Opens the patient with an id as loaded. The id travels in the form, never in an address. */
	find: async ({ request, locals, url }) => {
		const viewer = viewerWho('see_patients', { locals });
		const scope = scopeOfView(viewer, true);
		if (scope.phi !== 'P3')
			return fail(403, {
				notFound: 'An id as loaded names a person. Show identifiers first, giving a reason; nothing was looked up.'
			});
		const id = String((await request.formData()).get('patient_id') ?? '').trim();
		if (!id) return fail(400, { notFound: 'Type an id as it stands in your files.' });
		const { home } = await resultsOf({ url }, scope);
		const [patient] = await ask<{ pid: string }>(home, 'patient_by_id', { patient_id: id }, scope);
		if (!patient) return fail(404, { notFound: 'No patient with this id.' });
		redirect(303, there(url, `/patients/${patient.pid}`));
	}
};
