import { readerOf, type Problem } from './population';
import { codesOf, codeWords } from './recommendation';
import { notStated } from './reviewed_people';

/** Which sessions a list holds; null chooses none of its kind. Words of the address: kind, became, element, state, by, group, medicines, follow_up, recommended, reason. */
export type ChosenSessions = {
	service_type: string | null;
	status: string | null;
	element: string | null;
	state: string | null;
	unit: string | null;
	/** The group of the unit; null with a unit: those that state none. */
	value: string | null;
	/** Whether it documented a list of medicines. */
	with_list: true | null;
	follow_up: string | null;
	/** Whether it left a recommendation. */
	recommended: boolean | null;
	/** Why a review was not held, in the word that the numbers show for it. */
	reason: string | null;
};

const statuses: Record<string, string> = {
	completed: 'completed',
	tried: 'tried',
	refused: 'refused',
	unable_to_reach: 'nobody reached',
	no_show: 'did not come',
	scheduled: 'scheduled'
};
export const elementStates: Record<string, string> = {
	yes: 'documented as yes',
	no: 'documented as no',
	not_applicable: 'not applicable',
	missing: 'nothing written'
};
/** How the follow-up that a session promised stands. */
export const followUpStates: Record<string, string> = {
	promised: 'promised',
	kept: 'kept by fourteen days after the day',
	late: 'kept later',
	missed: 'missed',
	open: 'not yet due'
};
const units: Record<string, string> = {
	way: 'remote or in person',
	plan: 'plan',
	contract: 'contract',
	pharm: 'pharmacy',
	delivery: 'delivery',
	setting: 'setting',
	provider: 'provider',
	recipient: 'recipient'
};
/** The groups of the unit way. */
export const ways: Record<string, string> = { in_person: 'In person', remote: 'Remote (telephone, telehealth)' };

/** A group of sessions in words: "setting not stated". */
export const groupWords = (unit: string, value: string | null): string =>
	`${units[unit]} ${value === null ? 'not stated' : unit === 'way' ? (ways[value] ?? value).toLowerCase() : codeWords(unit, value)}`;

/** The words of an address that choose sessions for a list. */
export const sessionListKeys = [
	'kind',
	'became',
	'element',
	'state',
	'by',
	'group',
	'medicines',
	'follow_up',
	'recommended',
	'reason'
] as const;

/** Reads which sessions an address asks for; what is not known is a problem and chooses nothing. `elements` are those some programme asks for. */
export function readSessionList(
	words: URLSearchParams,
	elements: readonly string[]
): { chosen: ChosenSessions; problems: Problem[] } {
	const problems: Problem[] = [];
	const known = readerOf(words, problems);
	const element = known('element', elements, 'element');
	const state = known('state', Object.keys(elementStates), 'state of an element');
	const unit = known('by', Object.keys(units), 'grouping by');
	const group = words.get('group');
	const recommended = known('recommended', ['yes', 'no'], 'answer, yes or no,');
	if (state !== null && element === null)
		problems.push({ key: 'state', value: state, why: 'a state is that of an element, and none is named' });
	if (group !== null && unit === null)
		problems.push({ key: 'group', value: group, why: 'a group is that of a grouping, and none is named' });
	return {
		chosen: {
			service_type: known('kind', codesOf('service'), 'kind of session'),
			status: known('became', Object.keys(statuses), 'status of a session'),
			element,
			state: element === null ? null : state,
			unit,
			value: unit === null ? null : group,
			with_list: known('medicines', ['any'], 'kind of list') && true,
			follow_up: known('follow_up', Object.keys(followUpStates), 'state of a follow-up'),
			recommended: recommended === null ? null : recommended === 'yes',
			reason: words.get('reason')
		},
		problems
	};
}

/** Which sessions are listed, in words, each a part: "CMR, completed; Allergies: nothing written". `titles` name elements. */
export function sessionListWords(chosen: ChosenSessions, titles: ReadonlyMap<string, string>): string {
	const kind = [
		chosen.service_type && codeWords('service', chosen.service_type),
		chosen.status && statuses[chosen.status]
	]
		.filter(Boolean)
		.join(', ');
	const element =
		chosen.element &&
		`${titles.get(chosen.element) ?? chosen.element}: ${chosen.state ? elementStates[chosen.state] : 'required'}`;
	const group = chosen.unit && groupWords(chosen.unit, chosen.value);
	const followUp = chosen.follow_up && `follow-up ${followUpStates[chosen.follow_up]}`;
	const reason =
		chosen.reason && `not held, reason ${chosen.reason === notStated ? 'not stated' : `"${chosen.reason}"`}`;
	const left =
		chosen.recommended === null ? null : chosen.recommended ? 'left a recommendation' : 'left no recommendation';
	return [kind, element, group, chosen.with_list && 'with a list of medicines', followUp, left, reason]
		.filter(Boolean)
		.join('; ');
}
