import type { ChartKind } from './control_chart';
import type { Cell, Released } from './hidden';
import { decimal, percent } from './wording';

/** A figure of a year or a month, as the panels hospital_rates and hospital_months give it. */
export type HospitalRate = Released & {
	measure: string;
	numerator: Cell;
	denominator: Cell;
	rate: number | null;
	lower: number | null;
	upper: number | null;
	unit: string;
};
export type HospitalMonth = HospitalRate & { year: number; period: string; is_filling_in: boolean };

/** How a hospital measure reads and is drawn: what stands above and below the line, and which chart judges its months. */
export type HospitalMeasure = {
	id: string;
	short: string;
	group: 'use' | 'avoidable' | 'supply' | 'harm' | 'paid';
	above: string;
	below: string;
	chart: ChartKind;
	/** In place of the usual unit. */
	unit?: string;
	/** Where the person-time form is asked for: events for each 1,000 member-months or member-years. */
	isByTime: boolean;
};

const byTime = (id: string, short: string, group: HospitalMeasure['group'], above: string): HospitalMeasure => ({
	id,
	short,
	group,
	above,
	below: 'member-months',
	chart: 'u',
	isByTime: true
});

const ofDischarges = (
	id: string,
	short: string,
	group: HospitalMeasure['group'],
	above: string,
	below: string
): HospitalMeasure => ({ id, short, group, above, below, chart: 'p', isByTime: false });

const paid = (id: string, short: string): HospitalMeasure => ({
	id,
	short,
	group: 'paid',
	above: 'dollars',
	below: 'member-months',
	chart: 'mean',
	unit: 'dollars per member per month',
	isByTime: false
});

/** The hospital measures in the order of the page: what medicines can change first within each group; tiers of harm are never added up. */
export const hospitalMeasures: readonly HospitalMeasure[] = [
	byTime('hospital_admissions', 'Admissions', 'use', 'admissions'),
	{ ...byTime('hospital_bed_days', 'Bed days', 'use', 'bed days'), chart: 'mean' },
	byTime('emergency_visits', 'Emergency visits', 'use', 'visits'),
	ofDischarges('readmission_30_days', 'Readmissions within 30 days', 'use', 'readmissions', 'index stays'),
	{
		id: 'length_of_stay',
		short: 'Length of stay',
		group: 'use',
		above: 'days',
		below: 'admissions',
		chart: 'mean',
		isByTime: false
	},
	byTime('observation_stays', 'Observation stays', 'use', 'stays'),
	byTime('avoidable_admissions_medicine', 'Avoidable, medicine-sensitive', 'avoidable', 'admissions'),
	byTime('avoidable_admissions', 'Avoidable, all', 'avoidable', 'admissions'),
	byTime('hospital_after_gap', 'After a gap in supply', 'supply', 'stays and visits'),
	ofDischarges(
		'discharge_without_fills',
		'Home without the fills called for',
		'supply',
		'without a fill',
		'discharges'
	),
	ofDischarges(
		'hospital_after_no_fill',
		'Back after home without fills',
		'supply',
		'back',
		'discharges without a fill'
	),
	byTime('drug_harm_definite', 'Adverse effect of a medicine', 'harm', 'stays and visits'),
	byTime('drug_harm_poisoning', 'Poisoning', 'harm', 'stays and visits'),
	byTime('drug_harm_underdosing', 'Underdosing', 'harm', 'stays and visits'),
	byTime('drug_harm_possible', 'Possible harm', 'harm', 'stays and visits'),
	paid('medical_paid', 'Medical paid amount'),
	paid('pharmacy_paid', 'Pharmacy paid amount')
];

export const hospitalMeasure = (id: string): HospitalMeasure | undefined =>
	hospitalMeasures.find((one) => one.id === id);

/** What multiplies events over member-months into the rate shown: 1,000 member-years are 12,000 member-months. */
export const perThousand = { years: 12_000, months: 1_000 } as const;
export type PerTime = keyof typeof perThousand;

/** The factor from events over the denominator to the figure as shown, and its unit in words. */
export function shownUnit({ isByTime, chart, unit }: HospitalMeasure, per: PerTime): { times: number; unit: string } {
	if (isByTime) return { times: perThousand[per], unit: `per 1,000 member-${per}` };
	return chart === 'p' ? { times: 100, unit: '%' } : { times: 1, unit: unit ?? 'days an admission' };
}

/** A rate as people read it: "82.4 per 1,000 member-years", "13.2%", "not computable" when nobody is below the line. */
export function rateWords(measure: HospitalMeasure, numerator: Cell, denominator: Cell, per: PerTime): string {
	if (numerator === null || !denominator) return 'not computable';
	if (measure.chart === 'p') return percent(numerator / denominator);
	const { times, unit } = shownUnit(measure, per);
	return `${decimal((numerator / denominator) * times)} ${unit}`;
}

/** The measures that are told by months around a review, each with its title. */
export const aroundMeasures = { emergency_visits: 'Emergency visits', hospital_admissions: 'Admissions' } as const;
