import type { MeasureWords } from '$lib/domain/headline';
import type { Cell, Released } from '$lib/domain/hidden';
import { hospitalMeasures } from '$lib/domain/hospital_rate';
import type { Problem } from '$lib/domain/population';
import type { UnitRate } from '$lib/domain/unit_rate';
import type { Asked } from './door';
import { ask } from './warehouse';

/** A unit in one measure: a row of the panel `hospital_units`, or of `unit_rates` with the people counted below the line. */
export type UnitRow = Released & {
	value: string | null;
	label: string;
	numerator: Cell;
	denominator: Cell;
	patients: Cell;
};

type Choice = { id: string; title: string; family: 'hospital' | 'adherence' };

const units = {
	adherence: { pharm: 'Pharmacies', presc: 'Prescribers', plan: 'Plans' },
	hospital: { pharm: 'Pharmacies', plan: 'Plans', contract: 'Contracts' }
} as const;

/** What a comparison was asked: which measure, by which units, of which year; whether limits are widened by the spread between units. */
export type CompareAsked = {
	choices: Choice[];
	chosen: Choice;
	offered: Record<string, string>;
	unit: string;
	year: number;
	years: number[];
	adjust: boolean;
	problems: Problem[];
};

/** Reads the words of an address of a comparison. Days in hospital have no limits that counts could give, so they are not compared. */
export async function compareOf(question: Asked, words: URLSearchParams): Promise<CompareAsked> {
	const { home, scope, run } = question;
	const problems = question.problems.filter((problem) => problem.key !== 'y');
	const [family, [loaded]] = await Promise.all([
		ask<MeasureWords>(home, 'measure_family', {}, scope),
		ask<{ has_rates: boolean; years: number[] | null }>(home, 'hospital_loaded', {}, scope)
	]);
	const choices: Choice[] = [
		...(loaded?.has_rates
			? hospitalMeasures
					.filter((one) => one.chart !== 'mean')
					.map((one) => ({ id: one.id, title: one.short, family: 'hospital' as const }))
			: []),
		...family
			.filter((one) => !one.in_pharmacy_view)
			.map((one) => ({ id: one.measure, title: one.short_title, family: 'adherence' as const }))
	];
	const wanted = words.get('measure');
	const chosen = choices.find((one) => one.id === wanted) ?? choices[0]!;
	if (wanted !== null && chosen.id !== wanted)
		problems.push({ key: 'measure', value: wanted, why: `"${wanted}" is not compared; ${chosen.title} is shown` });
	const offered: Record<string, string> = units[chosen.family];
	const asUnit = words.get('unit') ?? 'pharm';
	const unit = Object.hasOwn(offered, asUnit) ? asUnit : 'pharm';
	if (unit !== asUnit) problems.push({ key: 'unit', value: asUnit, why: `"${asUnit}" is no unit of this measure` });
	const years = chosen.family === 'hospital' ? [...(loaded?.years ?? [])] : [...run.years];
	years.sort((a, b) => b - a);
	const asYear = Number(words.get('y') ?? question.year);
	const year = years.includes(asYear) ? asYear : (years[0] ?? question.year);
	if (year !== asYear)
		problems.push({ key: 'y', value: String(asYear), why: `this measure has ${years.join(', ')}; ${year} is shown` });
	return { choices, chosen, offered, unit, year, years, adjust: words.get('adjust') === 'yes', problems };
}

/** The units of a comparison, by name; those too small to draw included. */
export async function unitsOf(
	{ home, scope, population }: Asked,
	{ chosen, year, unit }: CompareAsked
): Promise<UnitRow[]> {
	if (chosen.family === 'hospital')
		return await ask<UnitRow>(home, 'hospital_units', { measure: chosen.id, year, unit }, scope);
	const found = await ask<UnitRate>(home, 'unit_rates', { measure: chosen.id, year, unit, population }, scope);
	return found.map((row) => ({ ...row, patients: row.denominator }));
}
