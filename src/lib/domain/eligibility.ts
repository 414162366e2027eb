import type { Problem } from './population';

/** How a person stands in MTM: whether claims meet the programme's criteria, against whether the person is enrolled. */
export const standings = {
	eligible_not_enrolled: 'Eligible, not enrolled',
	eligible_and_enrolled: 'Eligible and enrolled',
	enrolled_not_eligible: 'Enrolled, not eligible',
	not_computable: 'Not computable',
	neither: 'Neither eligible nor enrolled'
} as const;
export type Standing = keyof typeof standings;

export const programs = { part_d: 'Part D', medicaid: 'Medicaid', commercial: 'Commercial', other: 'Other' } as const;

const lacks: Record<string, string> = { diseases: 'core diseases', drugs: 'drugs', cost: 'yearly drug cost' };
const reasons: Record<string, string> = {
	criteria: 'Meets the criteria',
	at_risk: 'At risk under drug management',
	no_criteria: 'The table of criteria has none of this programme and year',
	no_pharmacy: 'No pharmacy claims are loaded: drugs and their cost not known',
	no_medical: 'No medical coverage or claims: core diseases not known',
	no_cost: 'Some fills name no price: yearly cost not known'
};

/** Why a person stands so, in words: "Too few core diseases and drugs". Codes are those of mtm_eligibility.standing_because. */
export function becauseWords(because: string): string {
	if (reasons[because]) return reasons[because];
	const parts = because.split('+').map((part) => lacks[part] ?? part.replaceAll('_', ' '));
	const last = parts.pop()!;
	return `Below the criteria: ${parts.length ? `${parts.join(', ')} and ${last}` : last}`;
}

/** A row of the panel eligibility_standing; a hidden count is null. */
export type StandingRow = {
	program: string;
	standing: Standing;
	standing_because: string;
	year: number;
	/** Null where the table has no criteria of the programme and year. */
	least_diseases: number | null;
	least_drugs: number | null;
	least_cost: number | null;
	patients: number | null;
	hidden?: Record<string, string>;
};

/** A row of the panel eligibility_people. */
export type EligibilityRow = {
	pid: string;
	first_name: string | null;
	last_name: string | null;
	phone: string | null;
	age: number | string | null;
	plan: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	program: string;
	standing: Standing;
	standing_because: string;
	core_diseases: number | null;
	diseases: string[] | null;
	drugs: number | null;
	annual_cost: number | null;
	do_not_contact: boolean | null;
};

/** Which people are asked for. */
export type ChosenStanding = { standing: Standing | null; program: string | null; because: string | null };

/** Reads which standing, programme and reason an address asks for; what is not known is a problem and chooses nothing. */
export function readStanding(words: URLSearchParams): { chosen: ChosenStanding; problems: Problem[] } {
	const problems: Problem[] = [];
	const known = <K extends string>(key: string, all: Record<K, string>): K | null => {
		const value = words.get(key);
		if (value === null) return null;
		if (Object.hasOwn(all, value)) return value as K;
		problems.push({ key, value, why: `there is no such ${key}` });
		return null;
	};
	const because = words.get('why');
	const isReason =
		because !== null &&
		(Object.hasOwn(reasons, because) || because.split(' ').every((part) => Object.hasOwn(lacks, part)));
	if (because !== null && !isReason) problems.push({ key: 'why', value: because, why: 'there is no such reason' });
	return {
		// A plus sign of an address is read as a blank.
		chosen: {
			standing: known('standing', standings),
			program: known('program', programs),
			because: isReason ? because.replaceAll(' ', '+') : null
		},
		problems
	};
}
