import type { Cell, Released } from '$lib/domain/hidden';
import { error } from '@sveltejs/kit';
import { anyone } from '$lib/domain/population';
import { answer, resultsOf, viewerWho } from '$lib/server/door';
import { sqlFiles } from '$lib/server/sql';
import { rateIn, yearTotals } from '$lib/server/total';
import { ask, measures } from '$lib/server/warehouse';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { params } = event;
	const { scope } = viewerWho('see_totals', event);
	const { home, run } = await resultsOf(event, scope);
	if (!run) return { ready: false as const };
	const measure = (await measures(home, scope)).find((one) => one.id === params.id);
	if (!measure) error(404, 'There is no such metric.');
	const totals =
		measure.topic === 'Adherence'
			? null
			: await answer(async () =>
					(
						await Promise.all(
							run.years.map(async (year) =>
								(await yearTotals(home, year, scope))
									.filter((total) => total.measure === measure.id)
									.map((total) => ({ year, ...total, rate: rateIn(total) }))
							)
						)
					)
						.flat()
						.sort((a, b) => b.year - a.year)
				);
	const values = await answer(async () =>
		(
			await Promise.all(
				[...run.years]
					.sort((a, b) => b - a)
					.map((year) =>
						ask<Released & { year: number; numerator: Cell; denominator: Cell }>(
							home,
							'headline',
							{ measure: measure.id, year, population: anyone() },
							scope
						)
					)
			)
		).flat()
	);
	return {
		ready: true as const,
		asOf: run.as_of,
		version: run.version,
		measure,
		values,
		totals,
		/** Parts of the rule that the card's own statement reads. */
		parts: sqlFiles('facts')
			.filter((file) => new RegExp(`\\b(from|join) ${file.name}\\b`).test(measure.sql))
			.map(({ path, text }) => ({ path, text }))
	};
};
