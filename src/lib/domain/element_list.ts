import { readerOf, type Problem } from './population';
import { codesOf, codeWords } from './recommendation';
import { elementStates, groupWords } from './session_list';

/** Which required elements of sessions a list holds; null for all. */
export type ChosenElements = {
	service_type: string | null;
	element: string | null;
	/** How it is documented; `applicable`: anything but not applicable. */
	state: string | null;
	unit: string | null;
	/** The group of the unit; null with a unit: those that state none. */
	value: string | null;
};

const states: Record<string, string> = { ...elementStates, applicable: 'applicable' };

/** The words of an address that choose elements for a list. */
export const elementListKeys = ['kind', 'element', 'state', 'by', 'group'] as const;

/** Reads which elements an address asks for; what is not known is a problem and chooses nothing. `elements` are those some programme asks for. */
export function readElementList(
	words: URLSearchParams,
	elements: readonly string[]
): { chosen: ChosenElements; problems: Problem[] } {
	const problems: Problem[] = [];
	const known = readerOf(words, problems);
	const unit = known('by', ['way', 'setting', 'provider'], 'grouping by');
	const group = words.get('group');
	if (group !== null && unit === null)
		problems.push({ key: 'group', value: group, why: 'a group is that of a grouping, and none is named' });
	return {
		chosen: {
			service_type: known('kind', codesOf('service'), 'kind of session'),
			element: known('element', elements, 'element'),
			state: known('state', Object.keys(states), 'state of an element'),
			unit,
			value: unit === null ? null : group
		},
		problems
	};
}

/** Which elements are listed, in words, each a part: "CMR; Allergies; nothing written; setting pharmacy". `titles` name elements. */
export const elementListWords = (chosen: ChosenElements, titles: ReadonlyMap<string, string>): string =>
	[
		chosen.service_type && codeWords('service', chosen.service_type),
		chosen.element && (titles.get(chosen.element) ?? chosen.element),
		chosen.state && states[chosen.state],
		chosen.unit && groupWords(chosen.unit, chosen.value)
	]
		.filter(Boolean)
		.join('; ');
