import { json } from '@sveltejs/kit';
import { theHome, viewerWho } from '$lib/server/door';
import { lockHolder, readCurrent } from '$lib/server/home';
import type { RequestHandler } from './$types';

/** Which results readers get now, and what is being worked on; an open page asks to learn that it is old. */
export const GET: RequestHandler = (event) => {
	viewerWho(null, event);
	const home = theHome();
	return json({ results: readCurrent(home).results, busy: lockHolder(home)?.what ?? null });
};
