import { randomBytes } from 'node:crypto';
import type { Answer } from '$lib/domain/answer';
import { readPopulation, writePopulation, type Population, type Problem } from '$lib/domain/population';
import { everyone, type Scope } from '$lib/domain/scope';
import { homeAt, readCurrent, type Home } from './home';
import { Trouble } from './trouble';
import { ask } from './warehouse';

/** The home folder that the web answers from: MTM_HOME, else data/local. */
export const theHome = (): Home => homeAt(process.env.MTM_HOME ?? 'data/local');

/** What the last refresh made: the as-of day, the years, when. */
export type Run = {
	as_of: string;
	years: number[];
	built_at: string;
	version: string;
	patients: number;
	fills: number;
};

/** The last refresh; null before the first. */
export async function theRun(home: Home, scope: Scope): Promise<Run | null> {
	if (readCurrent(home).results === null) return null;
	return (await ask<Run>(home, 'latest_run', {}, scope))[0] ?? null;
}

/** What a page was asked: whose data, which year, which patients, and what in the address could not be used. */
export type Asked = {
	home: Home;
	scope: Scope;
	run: Run;
	year: number;
	population: Population;
	problems: Problem[];
};

/** Reads the address of a page; null when nothing has been computed yet. */
export async function asked(url: URL): Promise<Asked | null> {
	const home = theHome();
	const scope = everyone;
	const run = await theRun(home, scope);
	if (!run) return null;
	const { population, problems } = readPopulation(url.searchParams);
	const latest = Math.max(...run.years);
	const wanted = url.searchParams.get('y');
	const year = wanted === null ? latest : Number(wanted);
	const known = run.years.includes(year);
	if (!known)
		problems.push({
			key: 'y',
			value: wanted ?? '',
			why: `${wanted} has not been computed; ${latest} is shown. Computed: ${run.years.join(', ')}`
		});
	const asof = url.searchParams.get('asof');
	if (asof !== null && asof !== run.as_of)
		problems.push({
			key: 'asof',
			value: asof,
			why: `The results are as of ${run.as_of}, not ${asof}; "mtm refresh --as-of" computes another day`
		});
	return { home, scope, run, year: known ? year : latest, population, problems };
}

/** The same population without some of its filters, such as the one a chart itself sets. */
export function without(population: Population, ...keys: string[]): Population {
	const words = writePopulation(population);
	for (const key of keys) words.delete(key);
	return readPopulation(words).population;
}

/** Runs one card's question so that its failure leaves the other cards standing. The log names the fault, never rows or parameters. */
export async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
	try {
		return { value: await work(), failed: null };
	} catch (cause) {
		const id = randomBytes(2).toString('hex');
		const words = cause instanceof Trouble ? cause.message : cause instanceof Error ? cause.message : String(cause);
		process.stderr.write(`card ${id} failed: ${words.split('\n')[0]}\n`);
		return { value: null, failed: id };
	}
}

/** For a population that is empty: how many patients there would be without each of its filters. */
export async function relief(
	{ home, scope, year, population }: Asked,
	measure?: string
): Promise<{ key: string; patients: number }[]> {
	return await Promise.all(
		[...writePopulation(population).keys()].map(async (key) => {
			const lines = await ask<{ patients: number }>(
				home,
				'headline',
				{ measure, year, population: without(population, key) },
				scope
			);
			return { key, patients: Math.max(0, ...lines.map((line) => line.patients)) };
		})
	);
}
