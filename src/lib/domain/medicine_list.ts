import { readerOf, type Problem } from './population';
import { codesOf, codeWords } from './recommendation';

/** Where a medicine of a session was seen. */
export const seenIn = {
	both: 'in the list and in claims',
	reviewed: 'in the list only',
	claims: 'on hand by claims and not reviewed'
} as const;

/** Which medicines of sessions a list holds; null for all. */
export type ChosenMedicines = { service_type: string | null; seen_in: keyof typeof seenIn | null };

/** The words of an address that choose medicines for a list. */
export const medicineListKeys = ['kind', 'seen'] as const;

/** Reads which medicines an address asks for; what is not known is a problem and chooses nothing. */
export function readMedicineList(words: URLSearchParams): { chosen: ChosenMedicines; problems: Problem[] } {
	const problems: Problem[] = [];
	const known = readerOf(words, problems);
	return {
		chosen: {
			service_type: known('kind', codesOf('service'), 'kind of session'),
			seen_in: known('seen', Object.keys(seenIn) as (keyof typeof seenIn)[], 'place where medicines are seen')
		},
		problems
	};
}

/** Which medicines are listed, in words: "CMR, in the list only"; nothing for all. */
export const medicineListWords = ({ service_type, seen_in }: ChosenMedicines): string =>
	[service_type && codeWords('service', service_type), seen_in && seenIn[seen_in]].filter(Boolean).join(', ');
