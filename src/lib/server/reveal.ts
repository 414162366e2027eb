import { eq } from 'drizzle-orm';
import { roleCard } from '$lib/domain/role';
import { purposesOf, reasonProblem, type Purpose, type Reveal, type Viewer } from '$lib/domain/viewer';
import type { Home } from './home';
import { record } from './records/log';
import { records } from './records/open';
import { auth_session } from './records/schema';
import { usage } from './trouble';

/** What somebody gives to see identifiers: why, in a word of the list and in their own; of whom, when the role opens one patient at a time. */
export type Given = { purpose: string; reason: string; pid?: string };

/**
 * Opens identifiers for this session, once for each purpose. It stands in the log before anything is shown; an administrator's is
 * marked there as an emergency. Exit 1 for a purpose that is not the role's, a reason that says nothing or names somebody.
 */
export async function reveal(home: Home, viewer: Viewer, given: Given, now = Date.now()): Promise<void> {
	const card = roleCard(viewer.user.role);
	const purpose = purposesOf(viewer.user.role).find((one) => one === given.purpose) as Purpose | undefined;
	if (!purpose || card.reveals === 'none') throw usage('Choose one of the purposes. Nothing was shown.');
	const wrong = reasonProblem(given.reason);
	if (wrong) throw usage(wrong);
	const pid = card.reveals === 'one' ? given.pid : undefined;
	if (card.reveals === 'one' && !pid) throw usage("Open the patient's page first. Nothing was shown.");
	const reason = given.reason.trim();
	await record(home, {
		kind: 'reveal',
		by: viewer.user.id,
		session: viewer.session,
		patient: pid ?? null,
		purpose,
		reason,
		detail: { level: card.most, ...(card.emergency ? { emergency: true } : {}) }
	});
	const opened: Reveal = { purpose, reason, at: now, ...(pid ? { pid } : {}) };
	// Read and written in one piece: two reasons given at once both stand. One of each purpose (and patient), the latest last.
	await (
		await records(home)
	).transaction(async (work) => {
		const [session] = await work.select().from(auth_session).where(eq(auth_session.id, viewer.session));
		if (!session) throw usage('This session has ended. Nothing was shown. Sign in again.');
		const others = session.reveals.filter((one) => one.purpose !== purpose || one.pid !== opened.pid);
		await work
			.update(auth_session)
			.set({ reveals: [...others, opened] })
			.where(eq(auth_session.id, viewer.session));
	});
}
