import { expect, test } from 'vitest';
import { viewerOf } from '$lib/domain/viewer';
import { emergenciesFor, seeEmergency } from '$lib/server/emergency';
import type { Home } from '$lib/server/home';
import { beginSession, readSession, type UserRow } from '$lib/server/lucia/session';
import { readLog, verifyLog } from '$lib/server/records/log';
import { reveal } from '$lib/server/reveal';
import { disableUser } from '$lib/server/sign_in/people';
import { desk, freshHome, person } from './home';

const reason = 'a patient waits at the counter';

async function opens(home: Home, who: UserRow, purpose: string) {
	const { token } = await beginSession(home, who.id, desk);
	const session = (await readSession(home, token))!;
	await reveal(home, viewerOf(session.user, session)!, { purpose, reason });
}

test('an emergency alerts every administrator until another one looked into it', async () => {
	const home = freshHome();
	const ann = await person(home, 'Ann', { role: 'administrator' });
	const ben = await person(home, 'Ben', { role: 'administrator' });
	const lead = await person(home, 'Lea', { role: 'quality_lead' });
	expect(await emergenciesFor(home, ann.id)).toEqual([]);
	// A reason of every day is no emergency.
	await opens(home, lead, 'care');
	expect(await emergenciesFor(home, ann.id)).toEqual([]);
	await opens(home, ann, 'emergency');
	await opens(home, ann, 'emergency');
	const [first, second] = await emergenciesFor(home, ben.id);
	expect(first).toMatchObject({ by: ann.id, name: 'Ann', reason, mayEnd: true });
	expect((await emergenciesFor(home, ann.id)).map((one) => one.mayEnd)).toEqual([false, false]);

	await expect(seeEmergency(home, first!.seq, ann.id)).rejects.toMatchObject({ exit: 1 });
	await expect(seeEmergency(home, first!.seq - 1, ben.id)).rejects.toMatchObject({ exit: 1 });
	await seeEmergency(home, first!.seq, ben.id);
	expect((await emergenciesFor(home, ben.id)).map((one) => one.seq)).toEqual([second!.seq]);
	await expect(seeEmergency(home, first!.seq, ben.id)).rejects.toMatchObject({ exit: 1 });
	const { rows } = await readLog(home, { kinds: ['emergency_seen'] }, { first: 0, rows: 5 });
	expect(rows).toMatchObject([{ by: ben.id, detail: { entry: first!.seq, user: ann.id } }]);

	// Who is alone looks into their own, and it stands in the log so.
	await disableUser(home, ben, 'test');
	expect((await emergenciesFor(home, ann.id)).map((one) => one.mayEnd)).toEqual([true]);
	await seeEmergency(home, second!.seq, ann.id);
	expect(await emergenciesFor(home, ann.id)).toEqual([]);
	expect((await verifyLog(home)).broken).toBe(null);
});
