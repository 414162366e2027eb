/** One element of a FHIR resource, from XML or JSON alike: a repeated element stands as often as it occurs. */
export type Element = {
	name: string;
	/** A primitive's text; null for an element that holds others. */
	value: string | null;
	/** The line of the file on which it begins. */
	line: number;
	children: Element[];
	/** Its value went into a row, or told where another one goes. */
	isRead: boolean;
	/** Why it went nowhere, when a mapper knows better than the general reason. */
	why?: Why;
};

/** Why an element is in no row. */
export type Why = keyof typeof reasons;

/** The words of each reason. */
export const reasons = {
	no_column: 'no column of the MTM tables holds it',
	no_place: 'resources of this kind have no place in the MTM tables',
	unknown_code: 'its code is in no row of ecareplan_code that this element is looked up in',
	other_code: 'another code of the same concept was taken',
	person: 'who the patient is comes from the roster alone',
	document: 'it tells of the document, not of the care',
	narrative: 'a narrative repeats in prose what the data say',
	partial_day: 'a day without its month or its day of the month is no day',
	not_an_npi: 'an NPI has ten digits',
	entered_in_error: 'the sender says that it was entered in error or refuted',
	no_session: 'it names none of the sessions, and there is not exactly one of this patient',
	no_patient: 'it names no patient of the file',
	no_problem: 'no problem that ecareplan_code knows is linked to what was proposed',
	no_proposal: 'nothing that was proposed, as far as ecareplan_code knows, is linked to this problem',
	nothing_names_it: 'nothing that is mapped names it',
	dangling: 'it names a resource that is not in the files',
	ambiguous: 'several resources of the files are called so'
} as const;

/** The elements of that name, in their order. */
export const all = (of: Element | undefined, name: string): Element[] =>
	of?.children.filter((each) => each.name === name) ?? [];

/** The elements at the end of a path, such as 'participant.individual'. */
export const along = (of: Element, path: string): Element[] =>
	path.split('.').reduce<Element[]>((from, name) => from.flatMap((each) => all(each, name)), [of]);

/** The text of the first element of these paths that has one, and marks it as read; null when none has. */
export function text(of: Element | undefined, ...paths: string[]): string | null {
	for (const path of of ? paths : [])
		for (const found of along(of!, path))
			if (found.value !== null && found.value.trim() !== '') {
				found.isRead = true;
				return found.value.trim().replaceAll(/\s+/g, ' ');
			}
	return null;
}

/** The same without the mark: a look that decides nothing by itself. */
export function peek(of: Element | undefined, ...paths: string[]): string | null {
	for (const path of of ? paths : [])
		for (const found of along(of!, path))
			if (found.value !== null && found.value.trim() !== '') return found.value.trim();
	return null;
}

/** A whole day (YYYY-MM-DD) or instant as the sender's clock showed it; a part of a day is left and said so. */
export function moment(of: Element | undefined, ...paths: string[]): string | null {
	for (const path of of ? paths : [])
		for (const found of along(of!, path)) {
			const value = found.value?.trim() ?? '';
			if (/^\d{4}-\d{2}-\d{2}/.test(value)) {
				found.isRead = true;
				return value;
			}
			if (value !== '') found.why = 'partial_day';
		}
	return null;
}

/** The day of a moment. */
export const dayOf = (value: string | null) => value?.slice(0, 10) ?? null;

/** Marks an element and everything in it as read. */
export function readWhole(element: Element): void {
	element.isRead = true;
	element.children.forEach(readWhole);
}
