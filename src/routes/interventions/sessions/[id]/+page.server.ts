import { error } from '@sveltejs/kit';
import { seesDays } from '$lib/domain/scope';
import { identifiersFor } from '$lib/domain/viewer';
import { answer } from '$lib/server/door';
import { patientSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import type { Recommended, Session, ShownDay } from '../../patient';
import { knownPatient } from '../../patient.server';
import type { PageServerLoad } from './$types';

export type Element = {
	place: number;
	part: string;
	element: string;
	title: string;
	is_required: boolean;
	state: string;
	shown_by: string | null;
};
export type Reviewed = {
	line: number | null;
	ingredient: string | null;
	name: string | null;
	source: string | null;
	indication: string | null;
	indicated: string | null;
	effective: string | null;
	safe: string | null;
	adherent: string | null;
	decision: string | null;
	last_fill_on: ShownDay;
	runs_out_on: ShownDay;
	seen_in: string;
};

/** One session of a patient: what it covered, which medicines it reviewed, what it recommended and what became of that. */
export const load: PageServerLoad = async (event) => {
	const id = /^([0-9a-z]+)-([1-9]\d{0,5})$/.exec(event.params.id.toLowerCase());
	if (!id) error(404, 'There is no such page.');
	const [, pid, at] = id as unknown as [string, string, string];
	const { question, person, patient_no } = await knownPatient(event, pid);
	const { home, scope, viewer, run } = question;
	const number = Number(at);
	const sessions = await ask<Session>(home, 'patient_sessions', { patient_no }, scope);
	const session = sessions.find((one) => one.number === number);
	if (!session) error(404, 'There is no such page.');
	const [key] = await ask<{ service_id: string; data_source: string | null }>(
		home,
		'session_key',
		{ patient_no, number },
		scope
	);
	if (!key) error(404, 'There is no such page.');
	await patientSeen(question, pid, 'session');
	const [elements, medications, recommendations] = await Promise.all([
		answer(() => ask<Element>(home, 'mtm_session_elements', key, scope)),
		answer(() => ask<Reviewed>(home, 'mtm_session_medications', key, scope)),
		answer(async () =>
			(await ask<Recommended>(home, 'patient_recommendations', { patient_no }, scope)).filter(
				(one) => one.session_number === number
			)
		)
	]);
	return {
		person,
		asOf: run.as_of,
		named: scope.phi === 'P3',
		days: seesDays(scope),
		identifiers: identifiersFor(viewer, pid),
		session,
		count: sessions.length,
		elements,
		medications,
		recommendations
	};
};
