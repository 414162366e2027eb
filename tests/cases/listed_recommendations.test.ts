import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mtmThere, readMtmFilter } from '$lib/domain/mtm_filter';
import { readPopulation } from '$lib/domain/population';
import { readRecommendationTable } from '$lib/domain/recommendation_table';
import { notStated } from '$lib/domain/reviewed_people';
import { everyone } from '$lib/domain/scope';
import type { Home } from '$lib/server/home';
import { ask } from '$lib/server/warehouse';
import { demoHome } from '../laws/scope_home';

// Each number of the page of interventions opens to as many recommendations.

let home: Home;
beforeAll(async () => {
	home = await demoHome(1500, 4);
}, 600_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

type Row = Record<string, number | string | boolean | null>;
type Words = Record<string, string>;

/** The filters on the page that the links stand on, each with the least number of links it must have. */
const pages = ['', 'response=accepted,declined&problem=adherence', 'verified=!yes&to=patient,both'];

/** How a page with these words reads its filters. */
function filtersOf(words: string) {
	const params = new URLSearchParams(words);
	const { filter, problems } = readMtmFilter(params, readPopulation(params).population, 'recommendations', true);
	expect(problems).toEqual([]);
	return filter;
}
const asked = (panel: string, page: string, more: Record<string, string | number | null> = {}) =>
	ask<Row>(home, panel, { year: 2025, ...filtersOf(page), ...more }, everyone);

/** The recommendations that a link of a page lists; how many they say they are is how many there are. */
async function listed(page: string, patch: Words): Promise<Row[]> {
	const link = mtmThere(new URL(`http://x/interventions?${page}`), '/interventions/recommendations', patch);
	const words = link.split('?')[1] ?? '';
	const year = Number(new URLSearchParams(words).get('y') ?? 2025);
	const { chosen, sort, descending, problems } = readRecommendationTable(new URLSearchParams(words), true);
	expect(problems).toEqual([]);
	const asking = { ...filtersOf(words), ...chosen, year };
	const rows = await ask<Row>(home, 'recommendations', { ...asking, sort, descending, first: 0, rows: null }, everyone);
	const [found] = await ask<Row>(home, 'recommendations_found', asking, everyone);
	expect(found).toMatchObject({
		recommendations: rows.length,
		patients: new Set(rows.map((row) => row.pid)).size
	});
	return rows;
}

/** Compares numbers of each page with what they open to; at least so many are not 0. */
async function holds(least: number, numbers: (page: string) => Promise<[number: unknown, patch: Words][]>) {
	let seen = 0;
	for (const page of pages)
		for (const [number, patch] of await numbers(page)) {
			// A number of 0 is no link.
			if (number === 0) continue;
			expect((await listed(page, patch)).length, `${page} ${JSON.stringify(patch)}`).toBe(number);
			seen += 1;
		}
	expect(seen).toBeGreaterThanOrEqual(least);
}

test('why recommendations were declined', () =>
	holds(8, async (page) =>
		(await asked('decline_reasons', page)).map((row) => [
			row.recommendations,
			{ decline: String(row.decline_word ?? notStated) }
		])
	));
