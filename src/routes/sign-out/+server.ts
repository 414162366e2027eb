import { theHome } from '$lib/server/door';
import { endSession, takeToken } from '$lib/server/lucia/session';
import { record } from '$lib/server/records/log';
import type { RequestHandler } from './$types';

/** Ends the browser's session at once. */
export const POST: RequestHandler = async ({ locals, cookies, url }) => {
	const { session } = locals;
	if (session) {
		await endSession(theHome(), session.id);
		await record(theHome(), { kind: 'sign_out', by: session.user.id, session: session.id });
	}
	takeToken(cookies, url);
	return new Response(null, { status: 303, headers: { location: '/login' } });
};
