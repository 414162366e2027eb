import { error } from '@sveltejs/kit';
import { problemKey, subjectOf, type ListTables } from '$lib/domain/problem';
import { seesDays } from '$lib/domain/scope';
import { answer, asked, type Asked, type Request } from '$lib/server/door';
import { dismissedProblems } from '$lib/server/problem_decisions';
import { ask } from '$lib/server/warehouse';
import type {
	Adherence,
	Care,
	Condition,
	Lab,
	ListRow,
	Medication,
	Person,
	PrepFacts,
	Recommended,
	Session
} from './patient';

type Known = { question: Asked; person: Person; patient_no: number };

/** The patient of this opaque id for who looks; answers as for a page that is not there when there is none. */
export async function knownPatient(event: Request, pid: string): Promise<Known> {
	const question = await asked(event, 'see_patient', pid);
	if (!question) error(404, 'There is no such page.');
	const person = await personOf(question, pid);
	if (!person) error(404, 'There is no such page.');
	return { question, ...person };
}

async function personOf({ home, scope }: Asked, pid: string) {
	const [[person], [key]] = await Promise.all([
		ask<Person>(home, 'patient', { pid }, scope),
		ask<{ patient_no: number }>(home, 'patient_key', { pid }, scope)
	]);
	return person && key ? { person, patient_no: key.patient_no } : null;
}

/** What all prep sheets of one print have in common: which tables are loaded, and the problems that somebody dismissed. */
export async function prepGround({ home, scope }: Asked) {
	const [[loaded], dismissed] = await Promise.all([
		ask<Omit<ListTables, 'has_mtm_enrollment'>>(home, 'mtm_loaded', {}, scope),
		dismissedProblems(home)
	]);
	return { loaded: loaded!, dismissed };
}
type PrepGround = Awaited<ReturnType<typeof prepGround>>;

/** All that one prep sheet shows; null when nobody has the id. A part that fails leaves the others standing. */
export async function prepFacts(question: Asked, pid: string, ground: PrepGround): Promise<PrepFacts | null> {
	const { loaded, dismissed } = ground;
	const { home, scope, year, run } = question;
	const found = await personOf(question, pid);
	if (!found) return null;
	const { person, patient_no } = found;
	const of = { patient_no };
	const [conditions, medications, adherence, care, labs, lists, sessions, recommendations] = await Promise.all([
		answer(() => ask<Condition>(home, 'mtm_patient_conditions', of, scope)),
		answer(async () =>
			loaded.has_pharmacy_claim ? await ask<Medication>(home, 'mtm_patient_medications', of, scope) : null
		),
		answer(async () =>
			(await ask<Adherence>(home, 'patient_adherence', of, scope)).filter(
				(row) => row.year === year && !row.measure.endsWith('_pharmacy_view')
			)
		),
		answer(async () =>
			loaded.has_medical_claim ? await ask<Care>(home, 'patient_recent_care', { ...of, year }, scope) : null
		),
		answer(async () => (loaded.has_lab_result ? await ask<Lab>(home, 'patient_labs', { ...of, year }, scope) : null)),
		answer(async () => {
			const rows = await ask<ListRow>(home, 'patient_lists', of, scope);
			return rows.filter((row) => !dismissed.has(problemKey({ pid, list: row.list, subject: subjectOf(row) })));
		}),
		answer(() => ask<Session>(home, 'patient_sessions', of, scope)),
		answer(() => ask<Recommended>(home, 'patient_recommendations', of, scope))
	]);
	return {
		person,
		asOf: run.as_of,
		year,
		named: scope.phi === 'P3',
		days: seesDays(scope),
		conditions,
		medications,
		adherence,
		care,
		labs,
		lists,
		sessions,
		recommendations
	};
}
