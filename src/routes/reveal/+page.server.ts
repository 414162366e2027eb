import { fail, redirect } from '@sveltejs/kit';
import { roleCard } from '$lib/domain/role';
import { purposes, purposesOf } from '$lib/domain/viewer';
import { notHere, theHome, viewerWho } from '$lib/server/door';
import { reveal } from '$lib/server/reveal';
import { localPath } from '$lib/server/sign_in/next';
import { Trouble } from '$lib/server/trouble';
import { ask } from '$lib/server/warehouse';
import type { Actions, PageServerLoad } from './$types';

const word = (form: FormData, key: string) => String(form.get(key) ?? '');

/** Asks why identifiers are needed, and leads back to the page that asked. */
export const load: PageServerLoad = (event) => {
	const { user } = viewerWho('reveal', event);
	const { reveals, emergency } = roleCard(user.role);
	return {
		next: localPath(event.url.searchParams.get('next')),
		one: reveals === 'one',
		emergency: emergency === true,
		purposes: purposesOf(user.role).map((id) => ({ id, words: purposes[id] }))
	};
};

export const actions: Actions = {
	default: async (event) => {
		const viewer = viewerWho('reveal', event);
		const form = await event.request.formData();
		const next = new URL(localPath(word(form, 'next')), event.url);
		const pid = /^\/(?:patients|audit\/claims|interventions\/(?:prep|sessions))\/([0-9a-z]{10})(?:-\d+|\/\d+)?$/i
			.exec(next.pathname)?.[1]
			?.toLowerCase();
		const home = theHome();
		// Only a patient that this viewer may see can be opened; at P0 none is there before the reason is given.
		if (pid && viewer.scope.phi !== 'P0' && !(await ask(home, 'patient_key', { pid }, viewer.scope)).length) notHere();
		try {
			await reveal(home, viewer, { purpose: word(form, 'purpose'), reason: word(form, 'reason'), pid });
		} catch (cause) {
			if (!(cause instanceof Trouble)) throw cause;
			return fail(400, { problem: cause.message, purpose: word(form, 'purpose'), reason: word(form, 'reason') });
		}
		next.searchParams.set('show', 'identifiers');
		redirect(303, next.pathname + next.search);
	}
};
