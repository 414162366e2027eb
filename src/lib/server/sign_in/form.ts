import { fail, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import { theHome } from '$lib/server/door';
import { giveToken } from '$lib/server/lucia/session';
import { Trouble } from '$lib/server/trouble';
import { localPath } from './next';
import type { From, LetIn, Refused } from './sign_in';

/** Where a request comes from. */
export const fromOf = (event: Pick<RequestEvent, 'getClientAddress' | 'request'>): From => ({
	address: event.getClientAddress(),
	browser: event.request.headers.get('user-agent') ?? ''
});

/** One field of a form as text; empty when it was not sent. */
export function field(form: FormData, name: string): string {
	const value = form.get(name);
	return typeof value === 'string' ? value : '';
}

/** Does the work of a form; what its sender can mend comes back as a problem in words, with what was typed. */
export async function attempt<T, K extends Record<string, unknown>>(
	work: () => Promise<T>,
	kept: K = {} as K
): Promise<{ done: T } | ActionFailure<K & { problem: string }>> {
	try {
		return { done: await work() };
	} catch (cause) {
		if (cause instanceof Trouble && cause.exit === 1) return fail(400, { ...kept, problem: cause.message });
		throw cause;
	}
}

/** Gives the session to the browser and leads on: to what is still missing, or to the page that was wanted. */
export function enter<K extends Record<string, unknown>>(
	event: Pick<RequestEvent, 'cookies' | 'url'>,
	let_in: LetIn | Refused,
	next: string,
	kept: K = {} as K
): ActionFailure<K & { problem: string }> {
	if ('refused' in let_in) return fail(400, { ...kept, problem: let_in.refused });
	giveToken(event.cookies, event.url, let_in.token);
	const after = localPath(next);
	const later = after === '/' ? '' : `?next=${encodeURIComponent(after)}`;
	if (let_in.awaiting === 'code') redirect(303, `/login/code${later}`);
	if (let_in.awaiting === 'second_factor') redirect(303, `/account/second-factor${later}`);
	redirect(303, after);
}

/** The signed-in user's own row, fresh; the door has made sure that there is one. */
export function ownSession(event: Pick<RequestEvent, 'locals'>) {
	const { session } = event.locals;
	if (!session) redirect(303, '/login');
	return { home: theHome(), session, person: session.user };
}
