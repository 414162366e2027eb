import { viewerOf } from '$lib/domain/viewer';
import { homeAt } from '$lib/server/home';
import { readSession } from '$lib/server/lucia/session';
import { reveal } from '$lib/server/reveal';

// One of several processes that give reasons in the same session at the same time: FOLDER TOKEN FIRST COUNT.
const [folder, token, first, count] = process.argv.slice(2);
const home = homeAt(folder!);
const session = (await readSession(home, token))!;
const viewer = viewerOf(session.user, session)!;
for (let at = 0; at < Number(count); at++)
	await reveal(home, viewer, { purpose: 'audit', reason: 'a claim is looked at', pid: `p${Number(first) + at}` });
