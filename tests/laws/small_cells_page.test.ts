import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPopulation } from '$lib/domain/population';
import type { Home } from '$lib/server/home';
import { ask } from '$lib/server/warehouse';
import { narrowed, solved } from './onlooker';
import { emptyTold, onlooker, readPage, type Told } from './small_cells_page';
import { demoHome } from './scope_home';

let home: Home;
beforeAll(async () => {
	home = await demoHome(1500, 4);
}, 300_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

/** The small numbers that somebody who has the whole page can work out, by sums and by what is known of each number. */
function foundOut(told: Told): string[] {
	const names = [...told.truth.keys()];
	const at = new Map(names.map((name, place) => [name, place]));
	const small = (value: number) => value > 0 && value < 11;
	const shown = [...told.known].filter(([, bounds]) => bounds.least === bounds.most);
	const values = solved({
		unknowns: names.length,
		equations: [
			...told.sums.map(({ total, parts }) => ({
				of: [[at.get(total)!, -1], ...parts.map((part): [number, number] => [at.get(part)!, 1])] as [number, number][],
				is: 0
			})),
			...shown.map(([name, { least }]) => ({ of: [[at.get(name)!, 1]] as [number, number][], is: least }))
		]
	});
	const found = new Set<string>();
	for (const [place, value] of values) if (small(value)) found.add(`${names[place]} is ${value}`);
	for (const [name, { least, most }] of narrowed(told.sums, told.known))
		if (least === most && small(least)) found.add(`${name} can only be ${least}`);
	return [...found];
}

const filters = [
	'',
	'sex=female',
	'age=65-74',
	'age=85%2B',
	'status=lost',
	'status=secured,on_track',
	'pdc=75..79.99',
	'pdc=..79.99',
	'counted=yes',
	'lang=es',
	'sex=male&age=45-64'
];

test('what a page shows at P0 lets no small cell be worked out, whatever the filters', async () => {
	const words = await ask<{ measure: string }>(home, 'measure_family', {}, onlooker);
	const options = await ask<{ key: string; value: string }>(home, 'filter_options', { year: 2026 }, onlooker);
	const some = ['pharm', 'plan', 'presc', 'contract'].flatMap((key) =>
		options
			.filter((option) => option.key === key)
			.slice(0, 4)
			.flatMap(({ value }) => [`${key}=${value}`, `${key}=!${value}`])
	);
	let shown = 0;
	let hidden = 0;
	const all: string[] = [];
	// Every measure without a filter; every filter with one of the measures, each in its turn.
	const every = [...filters, ...some]
		.slice(1)
		.map((filter, at) => ({ measure: words[at % words.length]!.measure, filter }));
	const pages = [...words.map(({ measure }) => ({ measure, filter: '' })), ...every];
	for (const { measure, filter } of pages) {
		const told = emptyTold();
		await readPage(home, told, 'page', measure, 2026, readPopulation(new URLSearchParams(filter)).population);
		shown += told.shown;
		hidden += told.hidden;
		all.push(...foundOut(told).map((one) => `${measure} ${filter}: ${one}`));
	}
	expect(all).toEqual([]);
	expect(shown).toBeGreaterThan(1000);
	expect(hidden).toBeGreaterThan(1000);
}, 600_000);
