/**
 * How much of a person a view shows: P0 counts only, small ones hidden; P1 rows without identifiers, days as numbers; P2 dates and
 * ZIP codes, no direct identifiers; P3 everything.
 */
export type PhiLevel = 'P0' | 'P1' | 'P2' | 'P3';

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

/** No limits at all. */
export const unlimited: Limits = { pharmacies: null, plans: null, contracts: null, programs: null };

/** The owner's scope: every patient, in full. */
export const everyone: Scope = { limits: unlimited, phi: 'P3' };

/** True when the scope leaves out no patient and hides nothing. */
export const isWhole = ({ limits, phi }: Scope): boolean =>
	phi === 'P3' && Object.values(limits).every((list) => list === null);
