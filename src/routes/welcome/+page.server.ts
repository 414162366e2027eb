import { error, redirect } from '@sveltejs/kit';
import { theHome } from '$lib/server/door';
import { isLoopback } from '$lib/server/sign_in/answering';
import { attempt, enter, field, fromOf } from '$lib/server/sign_in/form';
import { hasNoUsers } from '$lib/server/sign_in/people';
import { signInFirst } from '$lib/server/sign_in/sign_in';
import { signInSettings } from '$lib/server/sign_in/settings';
import type { Actions, PageServerLoad } from './$types';

/** The first administrator is made on the machine itself, and only while there is no user. */
async function firstRun(address: string): Promise<void> {
	if (!(await hasNoUsers(theHome()))) redirect(303, '/');
	if (!isLoopback(address)) error(404, 'There is no such page.');
}

export const load: PageServerLoad = async (event) => {
	await firstRun(event.getClientAddress());
	return { shortest: (await signInSettings(theHome())).shortest };
};

export const actions: Actions = {
	default: async (event) => {
		await firstRun(event.getClientAddress());
		const form = await event.request.formData();
		const name = field(form, 'name');
		const tried = await attempt(() => signInFirst(theHome(), name, field(form, 'password'), fromOf(event)), { name });
		return 'done' in tried ? enter(event, tried.done, '/', { name }) : tried;
	}
};
