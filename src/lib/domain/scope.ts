/**
 * How much of a person a view shows: P0 counts only, small ones hidden; P1 rows without identifiers, days as numbers; P2 dates and
 * ZIP codes, no direct identifiers; P3 everything.
 */
export const phiLevels = ['P0', 'P1', 'P2', 'P3'] as const;
export type PhiLevel = (typeof phiLevels)[number];

/** What each level lets somebody see, in words for files and prints. */
export const levelWords: Record<PhiLevel, string> = {
	P0: 'P0: numbers only, small ones hidden',
	P1: 'P1: no identifiers, days as years',
	P2: 'P2: days and places, no direct identifiers',
	P3: 'P3: everything, identifiers too'
};

/** Whose patients a view is limited to. A list that is null limits nothing, an empty one leaves nobody; all that are given must hold. */
export type Limits = {
	/** NPIs of pharmacies. */
	pharmacies: string[] | null;
	plans: string[] | null;
	contracts: string[] | null;
	/** MTM programmes: part_d, medicaid, commercial, other. */
	programs: string[] | null;
};

/** Which patients the asker may see, and how much of each; a mandatory argument of every question. */
export type Scope = { limits: Limits; phi: PhiLevel };

export const limitKeys = ['pharmacies', 'plans', 'contracts', 'programs'] as const;

/** No limits at all. */
export const unlimited: Limits = { pharmacies: null, plans: null, contracts: null, programs: null };

/** The owner's scope: every patient, in full. */
export const everyone: Scope = { limits: unlimited, phi: 'P3' };

/** True when limits leave out nobody. */
export const leavesOutNobody = (limits: Limits): boolean => limitKeys.every((key) => limits[key] === null);

/** True when the scope leaves out no patient and hides nothing. */
export const isWhole = ({ limits, phi }: Scope): boolean => phi === 'P3' && leavesOutNobody(limits);

/** True when at least days and places are seen as they are (P2 and P3); below, persons are not to be told by them. */
export const seesDays = ({ phi }: Scope): boolean => phi === 'P2' || phi === 'P3';

/** Throws unless this is a scope: a level that exists, and each list there, as texts or null. Nothing is answered otherwise. */
export function checkScope(scope: Scope): void {
	const { limits, phi } = scope;
	const good =
		phiLevels.includes(phi) &&
		limits !== undefined &&
		limitKeys.every(
			(key) =>
				limits[key] === null || (Array.isArray(limits[key]) && limits[key].every((value) => typeof value === 'string'))
		);
	if (!good) throw new Error('an unknown scope answers nothing');
}
