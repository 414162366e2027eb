import { canonical } from '$lib/domain/address';
import type { Cell, Released } from '$lib/domain/hidden';
import type { MeasureWords } from '$lib/domain/headline';
import { hospitalMeasures, hospitalMeasure } from '$lib/domain/hospital_rate';
import type { UnitRate } from '$lib/domain/unit_rate';
import { answer, asked } from '$lib/server/door';
import { ask } from '$lib/server/warehouse';
import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** A unit in one measure: a row of the panel `hospital_units`, or of `unit_rates` with the people counted below the line. */
export type UnitRow = Released & {
	value: string | null;
	label: string;
	numerator: Cell;
	denominator: Cell;
	patients: Cell;
};

const units = {
	adherence: { pharm: 'Pharmacies', presc: 'Prescribers', plan: 'Plans' },
	hospital: { pharm: 'Pharmacies', plan: 'Plans', contract: 'Contracts' }
} as const;

/** One measure unit by unit against all of them together; no ranks. Days in hospital have no limits that counts could give, so they are not compared. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const tidy = canonical(url);
	if (tidy) redirect(307, tidy);
	const question = await asked(event, 'see_totals');
	if (!question) return { ready: false as const };
	const { home, scope, run, population } = question;
	const problems = question.problems.filter((problem) => problem.key !== 'y');
	const [family, [loaded]] = await Promise.all([
		ask<MeasureWords>(home, 'measure_family', {}, scope),
		ask<{ has_rates: boolean; years: number[] | null }>(home, 'hospital_loaded', {}, scope)
	]);
	const choices = [
		...(loaded?.has_rates
			? hospitalMeasures
					.filter((one) => one.chart !== 'mean')
					.map((one) => ({ id: one.id, title: one.short, family: 'hospital' as const }))
			: []),
		...family
			.filter((one) => !one.in_pharmacy_view)
			.map((one) => ({ id: one.measure, title: one.short_title, family: 'adherence' as const }))
	];
	const wanted = url.searchParams.get('measure');
	const chosen = choices.find((one) => one.id === wanted) ?? choices[0]!;
	if (wanted !== null && chosen.id !== wanted)
		problems.push({ key: 'measure', value: wanted, why: `"${wanted}" is not compared; ${chosen.title} is shown` });
	const offered: Record<string, string> = units[chosen.family];
	const asUnit = url.searchParams.get('unit') ?? 'pharm';
	const unit = Object.hasOwn(offered, asUnit) ? asUnit : 'pharm';
	if (unit !== asUnit) problems.push({ key: 'unit', value: asUnit, why: `"${asUnit}" is no unit of this measure` });
	const years = chosen.family === 'hospital' ? [...(loaded?.years ?? [])] : [...run.years];
	years.sort((a, b) => b - a);
	const asYear = Number(url.searchParams.get('y') ?? question.year);
	const year = years.includes(asYear) ? asYear : (years[0] ?? question.year);
	if (year !== asYear)
		problems.push({ key: 'y', value: String(asYear), why: `this measure has ${years.join(', ')}; ${year} is shown` });
	const rows = await answer(async (): Promise<UnitRow[]> => {
		if (chosen.family === 'hospital')
			return await ask<UnitRow>(home, 'hospital_units', { measure: chosen.id, year, unit }, scope);
		const found = await ask<UnitRate>(home, 'unit_rates', { measure: chosen.id, year, unit, population }, scope);
		return found.map((row) => ({ ...row, patients: row.denominator }));
	});
	const hospital = hospitalMeasure(chosen.id);
	return {
		ready: true as const,
		asOf: run.as_of,
		year,
		years,
		choices,
		chosen,
		offered,
		unit,
		adjust: url.searchParams.get('adjust') === 'yes',
		hospital: hospital ?? null,
		problems,
		rows
	};
};
