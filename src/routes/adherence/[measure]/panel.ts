/** A row of the panel pdc_histogram. */
export type PdcRow = { bin: number; patients: number; recoverable: number };
/** A row of the panel last_useful_fills. */
export type LastUsefulDay = { on_day: string; patients: number };
/** A row of the panel supply_lengths. */
export type SupplyLength = {
	place: number;
	length: string;
	denominator: number;
	numerator: number;
	candidates: number;
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
