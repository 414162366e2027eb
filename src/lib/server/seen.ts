import { writePopulation } from '$lib/domain/population';
import type { Asked } from './door';
import { record, type Entry } from './records/log';

/** The reason that stands for a look at identifiers; none below P3. */
function why({ viewer, scope }: Asked): Pick<Entry, 'purpose' | 'reason'> {
	const given = scope.phi === 'P3' ? viewer.reveals.at(-1) : undefined;
	return { purpose: given?.purpose, reason: given?.reason };
}

/** Kept results stand in the entry by their day and load. */
const when = ({ old }: Asked) => (old ? { as_of: old.as_of, known: old.known } : {});

const who = ({ viewer }: Asked) => ({ by: viewer.user.id, session: viewer.session });

/** Writes down that one patient is looked at, before they are shown; throws when it cannot, and then nothing may be shown. */
export async function patientSeen(question: Asked, pid: string, view: string): Promise<void> {
	await record(question.home, {
		kind: 'view_patient',
		...who(question),
		...why(question),
		patient: pid,
		detail: { view, phi: question.scope.phi, year: question.year, ...when(question) }
	});
}

/** Writes down that these patients are looked at together, before they are shown. A list of nobody is no look. */
export async function listSeen(
	question: Asked,
	view: string,
	rows: readonly { pid: string }[],
	more: Record<string, string | number | null> = {}
): Promise<void> {
	const patients = [...new Set(rows.map((row) => row.pid))];
	if (!patients.length) return;
	const filters = writePopulation(question.population).toString();
	await record(question.home, {
		kind: 'view_list',
		...who(question),
		...why(question),
		detail: {
			view,
			phi: question.scope.phi,
			year: question.year,
			...when(question),
			rows: rows.length,
			patients,
			...(filters ? { filters: decodeURIComponent(filters.replaceAll('+', ' ')) } : {}),
			...more
		}
	});
}
