/** One contract and age group of CMS's plan all-cause readmissions: index stays, readmissions seen, readmissions expected for its case mix. */
export type ReadmissionCell = { stays: number; observed: number; expected: number };

/** Readmissions seen over readmissions expected, of all age groups of a contract together; null when none is expected. */
export function observedToExpected(cells: ReadmissionCell[]): number | null {
	const sum = (key: keyof ReadmissionCell) => cells.reduce((total, cell) => total + cell[key], 0);
	return sum('expected') > 0 ? sum('observed') / sum('expected') : null;
}

/** The share of index stays of all contracts that were followed by a readmission; null when there are none. */
export function nationalObserved(cells: ReadmissionCell[]): number | null {
	const stays = cells.reduce((total, cell) => total + cell.stays, 0);
	return stays > 0 ? cells.reduce((total, cell) => total + cell.observed, 0) / stays : null;
}

/**
 * A contract's rate in whole percent as CMS rounds it (half up): observed over expected, times the national observed share (2026 Star Ratings technical
 * notes, Attachment F). Null when it cannot be computed.
 */
export function planReadmissionPercent(cells: ReadmissionCell[], national: number): number | null {
	const ratio = observedToExpected(cells);
	return ratio === null ? null : Math.floor(ratio * national * 100 + 0.5);
}
