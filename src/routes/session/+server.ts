import { theHome } from '$lib/server/door';
import { keepActive, lockSession, type SignedIn } from '$lib/server/lucia/session';
import { fromOf } from '$lib/server/sign_in/form';
import { unlock } from '$lib/server/sign_in/sign_in';
import type { RequestHandler } from './$types';

const state = (session: SignedIn | null) =>
	!session || session.awaiting
		? { state: 'ended' }
		: { state: session.locked ? 'locked' : 'open', locks_in: session.locksIn };

/** How the browser's session stands: open with the milliseconds until it locks, locked, or ended. Asking is no activity. */
export const GET: RequestHandler = ({ locals }) => Response.json(state(locals.session));

/** What an open page tells: somebody is active, lock now, or the password that unlocks. */
export const POST: RequestHandler = async (event) => {
	const { session } = event.locals;
	if (!session || session.awaiting) return Response.json({ state: 'ended' }, { status: 401 });
	const told = (await event.request.json().catch(() => ({}))) as { do?: string; password?: string };
	if (told.do === 'active') await keepActive(theHome(), session);
	else if (told.do === 'lock') await lockSession(theHome(), session, 'asked');
	else if (told.do === 'unlock' && session.locked) {
		const refused = await unlock(theHome(), session, String(told.password ?? ''), fromOf(event));
		return refused
			? Response.json({ state: 'locked', problem: refused.refused }, { status: 403 })
			: Response.json({ state: 'open', locks_in: session.idle });
	} else if (told.do !== 'unlock') return Response.json({ problem: 'There is no such thing to do.' }, { status: 400 });
	return Response.json({
		...state(session),
		...(told.do === 'lock' ? { state: 'locked' } : session.locked ? {} : { locks_in: session.idle })
	});
};
