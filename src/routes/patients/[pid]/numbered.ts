import type { AdherenceRow, FillRow } from './+page.server';

type Words = ReadonlyMap<string, { title: string; facts: Record<string, unknown> }>;

/** Rows of one patient whose days are numbers already: 1 is the first fill of a measure's drugs in the year. */
export type NumberedRows = {
	year: number;
	rows: AdherenceRow[];
	supply: { measure: string; ingredient: string; days_supply: number; dispensed_on: unknown; counted_from: unknown }[];
	stays: { from_on: unknown; to_on: unknown; kind: string | null }[];
	fills: FillRow[];
	spans: { coverage: string; from_on: unknown; to_on: unknown }[];
	byId: Words;
};

const dayOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** What the page of a patient shows to who sees neither identifiers nor days: states, bands, and spans by day number. */
export function numbered({ year, rows, supply, stays, fills, spans, byId }: NumberedRows) {
	const shortOf = (id: string) => String(byId.get(id)?.facts.short_title ?? id);
	return {
		measures: rows
			.filter((row) => row.year === year)
			.map((row) => ({
				measure: row.measure,
				short: shortOf(row.measure),
				title: byId.get(row.measure)?.title ?? row.measure,
				status: row.status,
				/** A band of five points, in words. */
				pdc: row.pdc === null ? null : String(row.pdc),
				adherent: row.adherent,
				in_denominator: row.in_denominator,
				excluded_because: row.excluded_because,
				fills: row.fills,
				pharmacy: row.pharmacy_name ?? row.pharmacy_npi,
				prescriber: row.prescriber_name ?? row.prescriber_npi
			})),
		supply: supply.map((row) => ({
			measure: row.measure,
			short: shortOf(row.measure),
			ingredient: row.ingredient,
			days_supply: row.days_supply,
			filled: dayOf(row.dispensed_on),
			from: dayOf(row.counted_from),
			to: dayOf(row.counted_from) === null ? null : dayOf(row.counted_from)! + row.days_supply - 1
		})),
		stays: stays.map((row) => ({ from: dayOf(row.from_on), to: dayOf(row.to_on), kind: row.kind })),
		fills: fills.map((row) => ({
			filled: dayOf(row.dispensed_on),
			drug: row.ingredient ?? `no drug known for NDC ${row.ndc_code}`,
			quantity: row.quantity,
			days_supply: row.days_supply,
			pharmacy: row.pharmacy_name ?? row.pharmacy_npi,
			prescriber: row.prescriber_name ?? row.prescriber_npi
		})),
		/** Years alone: spans of coverage begin on days that everybody knows. */
		spans: spans.map((row) => ({ coverage: row.coverage, from: dayOf(row.from_on), to: dayOf(row.to_on) }))
	};
}
