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
	switch (told.do) {
		case 'active':
			return Response.json({ ...state(session), locks_in: await keepActive(theHome(), session) });
		case 'lock':
			await lockSession(theHome(), session, 'asked');
			return Response.json({ state: 'locked', locks_in: 0 });
		case 'unlock': {
			const refused = session.locked
				? await unlock(theHome(), session, String(told.password ?? ''), fromOf(event))
				: null;
			return refused
				? Response.json({ state: 'locked', problem: refused.refused }, { status: 403 })
				: Response.json({ state: 'open', locks_in: session.locked ? session.idle : session.locksIn });
		}
		default:
			return Response.json({ problem: 'There is no such thing to do. Nothing was done.' }, { status: 400 });
	}
};
