import { redirect } from '@sveltejs/kit';
import { theHome, viewerWho } from '$lib/server/door';
import { emergenciesFor, seeEmergency } from '$lib/server/emergency';
import { readLog, verifyLog } from '$lib/server/records/log';
import { attempt, field } from '$lib/server/sign_in/form';
import { logFilterOf } from './filter.server';
import type { Actions, PageServerLoad } from './$types';

const pageRows = 50;
/** Up to so many entries the whole chain is walked for the page; beyond, the command does it. */
const walkedRows = 20_000;

/** Everybody's entries; the chain of all entries is walked when the first page of all of them is opened. */
export const load: PageServerLoad = async (event) => {
	const viewer = viewerWho('see_log', event);
	const { searchParams } = event.url;
	const { filter, problems } = logFilterOf(searchParams);
	const page = Math.max(1, Math.floor(Number(searchParams.get('page') ?? 1)) || 1);
	const found = await readLog(theHome(), filter, { first: (page - 1) * pageRows, rows: pageRows });
	const isWhole = Object.values(filter).every((value) => value === undefined || value.length === 0);
	return {
		...found,
		emergencies: await emergenciesFor(theHome(), viewer.user.id),
		page,
		pageRows,
		problems,
		chain: page === 1 && isWhole && found.total <= walkedRows ? await verifyLog(theHome()) : null,
		long: found.total > walkedRows,
		asked: {
			user: filter.user ?? '',
			patient: filter.patient ?? '',
			kind: filter.kinds?.[0] ?? '',
			from: filter.from ?? '',
			to: filter.to ?? ''
		}
	};
};

export const actions: Actions = {
	/** Ends the alert of one emergency. */
	seen: async (event) => {
		const by = viewerWho('see_log', event).user.id;
		const entry = Number(field(await event.request.formData(), 'entry'));
		const tried = await attempt(() => seeEmergency(theHome(), entry, by));
		if (!('done' in tried)) return tried;
		redirect(303, '/admin/log');
	}
};
