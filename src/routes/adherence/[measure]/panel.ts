import type { Cell, Released } from '$lib/domain/hidden';

/** A row of the panel pdc_histogram. */
export type PdcRow = Released & { bin: number; patients: Cell; recoverable: Cell };
/** A row of the panel last_useful_fills. */
export type LastUsefulDay = Released & { on_day: string; patients: Cell };
/** A row of the panel supply_lengths. */
export type SupplyLength = Released & {
	place: number;
	length: string;
	denominator: Cell;
	numerator: Cell;
	candidates: Cell;
};
/** The columns of the panel patients that the measure page shows. */
export type MeasurePatient = {
	pid: string;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	last_ingredient: string | null;
	last_days_supply: number | null;
	last_fill_on: string | null;
	runs_out_on: string | null;
	days_late: number | null;
	pdc: number | null;
	missed_days: number | null;
	allowable_days_remaining: number | null;
	last_impactable_on: string | null;
	status: string;
};
