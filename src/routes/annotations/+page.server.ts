import { redirect } from '@sveltejs/kit';
import { annotate, annotations, groupChoices, removeAnnotation } from '$lib/server/annotations';
import { asked, latestYear, refuseOld, theHome, theRun, viewerWho } from '$lib/server/door';
import { attempt, field } from '$lib/server/sign_in/form';
import { localPath } from '$lib/server/sign_in/next';
import { measures } from '$lib/server/warehouse';
import type { Actions, PageServerLoad } from './$types';

/** Every annotation that the viewer's limits cover, and a form for a further one. */
export const load: PageServerLoad = async (event) => {
	const question = await asked(event, 'see_totals');
	if (!question) return { ready: false as const };
	const { home, viewer, scope, year } = question;
	const choices = await groupChoices(home, viewer, year);
	return {
		ready: true as const,
		groups: viewer.can('annotate') ? choices : [],
		annotations: await annotations(home, viewer, choices),
		measures: (await measures(home, scope)).map(({ id, title }) => ({ id, title }))
	};
};

const here = '/annotations';
/** Back to the page of the chart; this one when the form was sent from nowhere. */
const back = (form: FormData) => {
	const next = localPath(field(form, 'next'));
	return next === '/' ? here : next;
};

export const actions: Actions = {
	/** Keeps an annotation. What cannot be kept comes back with what was typed. */
	add: async (event) => {
		const viewer = viewerWho('annotate', event);
		const form = await event.request.formData();
		const home = theHome();
		const given = {
			on_day: field(form, 'on_day'),
			group: field(form, 'group'),
			measure: field(form, 'measure'),
			words: field(form, 'words'),
			begins_level: field(form, 'begins_level') === 'yes'
		};
		const next = back(form);
		const tried = await attempt(
			async () => {
				await refuseOld(event);
				const run = await theRun(home, viewer.scope);
				await annotate(home, viewer, given, run ? latestYear(run) : new Date().getUTCFullYear());
			},
			{ given, next }
		);
		if (!('done' in tried)) return tried;
		redirect(303, next);
	},
	/** Takes an annotation back. */
	remove: async (event) => {
		const viewer = viewerWho('annotate', event);
		const form = await event.request.formData();
		const tried = await attempt(async () => {
			await refuseOld(event);
			await removeAnnotation(theHome(), viewer, Number(field(form, 'id')));
		});
		if (!('done' in tried)) return tried;
		redirect(303, back(form));
	}
};
