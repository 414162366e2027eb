import { join } from 'node:path';
import { readPopulation } from '$lib/domain/population';
import { everyone } from '$lib/domain/scope';
import { homeAt } from './home';
import { seconds } from './timing';
import { ask, panelNamed, type Answerable } from './warehouse';

/** Warm questions of pages with many filters: the 95th percentile in seconds, of all and of each panel in milliseconds. */
export async function benchPanels(folder: string, peak: () => number) {
	const home = homeAt(join(folder, 'home'));
	const filters = [
		'',
		'plan=H1234-001',
		'age=65-74',
		'sex=female',
		'status=overdue,last_chance',
		'pdc=60..80',
		'adr=0..7',
		'late=1..',
		'plan=!H1234-002&sex=male'
	];
	const questions = ['headline', 'attrition', 'pdc_histogram', 'trend', 'unit_rates', 'patients'].map(panelNamed);
	const took: number[] = [];
	const each: Record<string, number[]> = {};
	for (let round = 0; round < 12; round++)
		for (const panel of questions)
			for (const words of filters) {
				// A day's difference in the filter keeps the answer from being one that was kept.
				const { population } = readPopulation(new URLSearchParams(words));
				const given: Record<string, Answerable> = {
					measure: 'pdc_statins',
					year: 2025,
					population: { ...population, late: { from: population.late.from ?? -1 - round, to: null } },
					unit: 'pharm',
					sort: 'priority',
					descending: false,
					first: 0,
					rows: 50
				};
				const asked = Object.fromEntries(
					panel.parameters.filter(({ name }) => name in given).map(({ name }) => [name, given[name]])
				);
				const one = await seconds(() => ask(home, panel.name, asked, everyone));
				if (round === 0) continue;
				took.push(one);
				(each[panel.name] ??= []).push(one);
			}
	const p95 = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)]!;
	return {
		seconds: p95(took),
		count: took.length,
		panels: Object.entries(each)
			.map(([panel, values]) => `${panel} ${Math.round(p95(values) * 1000)}`)
			.join(', '),
		peak_mb: peak()
	};
}
