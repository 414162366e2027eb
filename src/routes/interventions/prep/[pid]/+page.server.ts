import { error } from '@sveltejs/kit';
import { identifiersFor } from '$lib/domain/viewer';
import { patientSeen } from '$lib/server/seen';
import { knownPatient, prepFacts, prepGround } from '../../patient.server';
import { sheetWords } from '../words.server';
import type { PageServerLoad } from './$types';

/** The sheet with which one patient's next session is prepared. */
export const load: PageServerLoad = async (event) => {
	const pid = event.params.pid.toLowerCase();
	const { question } = await knownPatient(event, pid);
	await patientSeen(question, pid, 'prep sheet');
	const facts = await prepFacts(question, pid, await prepGround(question));
	if (!facts) error(404, 'There is no such page.');
	return {
		facts,
		words: await sheetWords(question),
		identifiers: identifiersFor(question.viewer, pid)
	};
};
