import { redirect } from '@sveltejs/kit';
import { notHere, viewerWho } from '$lib/server/door';
import { exportOf } from '$lib/server/export/job';
import type { Actions, PageServerLoad } from './$types';

/** How far an export is. Only the session that started it hears of it. */
export const load: PageServerLoad = (event) => {
	const { session } = viewerWho('export_totals', event);
	const job = exportOf(event.params.id, session);
	if (!job) return { job: null };
	const { id, state, rows, of, message, file, back } = job;
	return {
		job: { id, state, rows, of, message, back, name: file?.name ?? null, bytes: file?.bytes ?? null }
	};
};

export const actions: Actions = {
	/** Ends an export; nothing of it is kept. */
	cancel: (event) => {
		const { session } = viewerWho('export_totals', event);
		const job = exportOf(event.params.id, session);
		if (!job) return notHere();
		job.cancel();
		redirect(303, job.back);
	}
};
