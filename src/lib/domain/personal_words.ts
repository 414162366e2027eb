/** True for words that look as if they held an id, a phone number, a birth date or an address of mail. */
export const holdsNumbers = (words: string): boolean =>
	/\d{5,}|\S+@\S+|\d{3}[-. ]\d{3,4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/.test(words);

/** True for words that look as if they named a person: a form of address before a name, a patient by name, or what stands before an id. */
const holdsName = (words: string): boolean =>
	/\b(mr|mrs|ms|miss)\b\.?\s+\p{L}/iu.test(words) ||
	/\b(patient|member|beneficiary|pt)\b[:.,]?\s+\p{Lu}\p{L}+/u.test(words) ||
	/\b(dob|ssn|mrn|mbi|(member|patient|subscriber|beneficiary) (id|no|number))\b/i.test(words);

/** True for words that look as if they told of a person. */
export const looksPersonal = (words: string): boolean => holdsNumbers(words) || holdsName(words);

/** Words in small letters between single spaces, without the marks that end a sentence, so that a name is found wherever it stands. */
export const spaced = (words: string): string =>
	` ${words
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}'’-]+/gu, ' ')
		.trim()} `;
