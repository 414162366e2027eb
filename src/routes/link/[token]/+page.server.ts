import { theHome } from '$lib/server/door';
import { tokenOf } from '$lib/server/lucia/session';
import { attempt, enter, field, fromOf } from '$lib/server/sign_in/form';
import { linkUser } from '$lib/server/sign_in/link';
import { chooseByLink, signInByLink } from '$lib/server/sign_in/sign_in';
import { signInSettings } from '$lib/server/sign_in/settings';
import type { Actions, PageServerLoad } from './$types';

/** Whom the link is for; one of the demo lets in at once. Looking at another's does not use it up. */
export const load: PageServerLoad = async (event) => {
	const { token } = event.params;
	const person = await linkUser(theHome(), token);
	if (person?.is_demo && !person.password_hash && event.request.method === 'GET' && !event.isDataRequest)
		enter(event, await signInByLink(theHome(), token, fromOf(event), tokenOf(event.cookies, event.url)), '/');
	return { name: person?.name ?? null, shortest: (await signInSettings(theHome())).shortest };
};

export const actions: Actions = {
	default: async (event) => {
		const form = await event.request.formData();
		const earlier = tokenOf(event.cookies, event.url);
		const tried = await attempt(() =>
			chooseByLink(theHome(), event.params.token, field(form, 'password'), fromOf(event), earlier)
		);
		return 'done' in tried ? enter(event, tried.done, '/') : tried;
	}
};
