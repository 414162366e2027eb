import { all, along, peek, readWhole, type Element } from './element';

/** One row of the reference table ecareplan_code: what a code of a system says in one field of ours. The first row that fits wins. */
export type CodeRow = { field: string; system: string; code: string; value: string };

const systems: [RegExp, string][] = [
	[/snomed\.info\/sct|2\.16\.840\.1\.113883\.6\.96$/, 'snomed'],
	[/loinc\.org|2\.16\.840\.1\.113883\.6\.1$/, 'loinc'],
	[/nucc\.org\/provider-taxonomy|2\.16\.840\.1\.114222\.4\.11\.1066$|2\.16\.840\.1\.113883\.6\.101$/, 'taxonomy'],
	[/v3[/-]ActCode|2\.16\.840\.1\.113883\.5\.4$/, 'act_code'],
	[/ama-assn\.org\/go\/cpt|2\.16\.840\.1\.113883\.6\.12$/, 'cpt'],
	[/sid\/ndc|2\.16\.840\.1\.113883\.6\.69$/, 'ndc'],
	[/umls\/rxnorm|2\.16\.840\.1\.113883\.6\.88$/, 'rxnorm'],
	[/observation-category/, 'observation_category'],
	[/goal-achievement/, 'goal_achievement'],
	[/condition-clinical/, 'condition_clinical'],
	[/2\.16\.840\.1\.113883\.3\.88\.12\.3221\.5\.2$/, 'payer_type']
];

/** The short name that ecareplan_code uses for a code system's address; the address itself when it has none. */
export const systemName = (address: string | null): string =>
	systems.find(([pattern]) => pattern.test(address ?? ''))?.[1] ?? address ?? '';

/** The codings of a CodeableConcept, a Coding, or several of them. */
export const codings = (concepts: Element[]): Element[] =>
	concepts.flatMap((each) =>
		each.children.some((child) => child.name === 'code' && child.value !== null) ? [each] : all(each, 'coding')
	);

/** The system's short name and the code of a coding. */
export const codeOf = (coding: Element) => ({
	system: systemName(peek(coding, 'system')),
	code: peek(coding, 'code') ?? ''
});

/** What people call a concept: its text, else the first name of a code. */
export function wordsOf(concept: Element | undefined): string | null {
	if (!concept) return null;
	for (const path of ['text', 'coding.display', 'display'])
		for (const found of along(concept, path))
			if (found.value?.trim()) {
				found.isRead = true;
				return found.value.trim().replaceAll(/\s+/g, ' ');
			}
	return null;
}

/** Looks codes up in ecareplan_code. */
export type Codes = {
	/** The word of ours for the first row that one of the concepts fits; says of the codes whether they were known. */
	word: (field: string, concepts: Element[]) => string | null;
	/** The same for a plain code, such as a status, under the name of its own system. */
	plain: (field: string, system: string, element: Element | undefined) => string | null;
	/** The same for a code at hand. */
	of: (field: string, system: string, code: string) => string | null;
};

/** The look-up over the rows of ecareplan_code. */
export function codesOf(rows: CodeRow[]): Codes {
	const byField = new Map<string, Map<string, { rank: number; value: string }>>();
	for (const [rank, row] of rows.entries()) {
		const known = byField.get(row.field) ?? new Map<string, { rank: number; value: string }>();
		const key = `${row.system}|${row.code}`;
		if (!known.has(key)) known.set(key, { rank, value: row.value });
		byField.set(row.field, known);
	}
	const of = (field: string, system: string, code: string) => byField.get(field)?.get(`${system}|${code}`);
	return {
		of: (field, system, code) => of(field, system, code)?.value ?? null,
		word: (field, concepts) => {
			let best: { rank: number; value: string; coding: Element } | null = null;
			for (const coding of codings(concepts)) {
				const { system, code } = codeOf(coding);
				const found = of(field, system, code);
				if (found && (!best || found.rank < best.rank)) best = { ...found, coding };
				if (!coding.isRead) coding.why ??= 'unknown_code';
				if (found) coding.why = 'other_code';
			}
			if (best) readWhole(best.coding);
			return best?.value ?? null;
		},
		plain: (field, system, element) => {
			const code = element?.value?.trim();
			if (!element || !code) return null;
			const found = of(field, system, code);
			if (found) element.isRead = true;
			else element.why ??= 'unknown_code';
			return found?.value ?? null;
		}
	};
}
