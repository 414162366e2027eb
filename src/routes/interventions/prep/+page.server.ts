import { identifiersFor } from '$lib/domain/viewer';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import { mtmAsked } from '../asked.server';
import type { PrepFacts } from '../patient';
import { prepFacts, prepGround } from '../patient.server';
import { sheetWords } from './words.server';
import type { PageServerLoad } from './$types';

/** Sheets of one print. */
const sheets = 10;

/** The prep sheets of the first people who are due a review, within the filters of the page of reviews, one page each. */
export const load: PageServerLoad = async (event) => {
	const found = await mtmAsked(event, 'see_patient', 'reviews', 'patients');
	if (!found) return { ready: false as const };
	const { question, chosen, problems } = found;
	const { home, viewer, scope, run } = question;
	const due = await ask<{ pid: string }>(home, 'reviews_due', { ...chosen, first: 0, rows: sheets }, scope);
	const pids = [...new Set(due.map((row) => row.pid))];
	await listSeen(
		question,
		'prep sheets',
		pids.map((pid) => ({ pid }))
	);
	const ground = await prepGround(question);
	const facts: PrepFacts[] = [];
	for (const pid of pids) {
		const one = await prepFacts(question, pid, ground);
		if (one) facts.push(one);
	}
	return {
		ready: true as const,
		problems,
		facts,
		words: await sheetWords(question),
		named: scope.phi === 'P3',
		asOf: run.as_of,
		identifiers: identifiersFor(viewer)
	};
};
