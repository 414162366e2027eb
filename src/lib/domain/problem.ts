import { dayOf, type Day } from './day';

/** Why somebody says that what claims show needs nothing done for now. */
export const dismissals = {
	meant: 'Meant so: the prescriber knows and wants it',
	not_a_problem: 'No problem for this patient',
	patient_declined: 'The patient does not want a change',
	being_dealt_with: 'Somebody is dealing with it',
	claims_wrong: 'The claims are wrong'
} as const;
export type Dismissal = keyof typeof dismissals;

/** True for a reason that exists. */
export const isDismissal = (text: string): text is Dismissal => Object.hasOwn(dismissals, text);

/** How a problem that claims show stands. */
export const problemStates = { new: 'New', documented: 'Documented', dismissed: 'Dismissed' } as const;
export type ProblemState = keyof typeof problemStates;

/** What is documented of a list's kind and not shown by claims now: all of it, or what of it is resolved. */
export const documentedStates = { not_shown: 'Documented only', resolved: 'of these resolved' } as const;
export type DocumentedState = keyof typeof documentedStates;

/** What a list found, and what of it was acted on: problems that claims show; what is documented only is in neither. */
export const yieldStates = { found: 'Found', acted_on: 'Acted on' } as const;
export type YieldState = keyof typeof yieldStates;

/**
 * What a word of the address asks for of a list: problems that claims show (all of them, or those in a state) and what is documented only (all of
 * it, or what of it is resolved); null of either that is not asked for. Without a word all that claims show; null for a word that does not exist.
 */
export function listAsked(
	word: string | null
): { shown: ProblemState | 'all' | null; documented: DocumentedState | null } | null {
	if (word === null) return { shown: 'all', documented: null };
	if (word === 'found') return { shown: 'all', documented: null };
	if (word === 'acted_on') return { shown: 'documented', documented: null };
	if (Object.hasOwn(problemStates, word)) return { shown: word as ProblemState, documented: null };
	if (Object.hasOwn(documentedStates, word)) return { shown: null, documented: word as DocumentedState };
	return null;
}

/** What a problem is, beside its patient: the list, and what it is about (a medicine, a pair, a measure; nothing where a list has one problem a patient). */
export type ProblemOf = { pid: string; list: string; subject: string };

/** A problem in one text, as the panels take it; the same words as the macro problem_key. */
export const problemKey = ({ pid, list, subject }: ProblemOf): string => `${pid}|${list}|${subject}`;

/** What a row of a list is about, in the word of its problem. */
export const subjectOf = (row: { subject?: string | null; measure?: string | null }): string =>
	row.subject ?? row.measure ?? '';

/** A row of the panel problem_yield; a hidden count is null. */
export type ProblemYield = {
	list: string;
	shown: number | null;
	patients: number | null;
	new: number | null;
	documented: number | null;
	dismissed: number | null;
	not_shown: number | null;
	not_shown_patients: number | null;
	not_shown_resolved: number | null;
	hidden?: Record<string, string>;
};

/** Which tables that lists are read from are loaded. */
export type ListTables = Record<`has_${'pharmacy_claim' | 'medical_claim' | 'lab_result' | 'mtm_enrollment'}`, boolean>;

/** What a list needs and nobody loaded, in words; null when all is there. Of the tables of one entry any will do. */
export function lackOf(needs: readonly (readonly string[])[], loaded: ListTables): string | null {
	const words: Record<string, string> = {
		pharmacy_claim: 'pharmacy claims',
		medical_claim: 'medical claims',
		lab_result: 'laboratory results',
		mtm_enrollment: 'MTM enrolments'
	};
	const missing = needs.find((tables) => !tables.some((table) => loaded[`has_${table}` as keyof ListTables]));
	return missing ? `no ${missing.map((table) => words[table] ?? table).join(' or ')} are loaded` : null;
}

/** What a list brought: problems that claims show (found), of which a recommendation is about (acted on); and of what is documented and not shown, the resolved. */
export function yieldOf(row: ProblemYield): { found: number; acted_on: number; resolved: number } | null {
	const { shown, documented, not_shown_resolved } = row;
	if (shown === null || documented === null || not_shown_resolved === null) return null;
	return { found: shown, acted_on: documented, resolved: not_shown_resolved };
}

/** The longest that a problem may be left alone, in days: a year. */
export const longestDismissal = 366;

/** What is wrong with the last day of a dismissal made on a day (both ISO texts), in words; null when it may be. */
export function wrongUntil(until: string, today: string): string | null {
	let day: Day;
	try {
		day = dayOf(until);
	} catch {
		return `"${until}" is no day; write it as ${today.slice(0, 4)}-12-31`;
	}
	const from = dayOf(today);
	if (day <= from) return 'the last day must be after today';
	return day - from > longestDismissal
		? 'a problem is dismissed for a year at most, so that somebody looks again'
		: null;
}
