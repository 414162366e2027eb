import { randomBytes } from 'node:crypto';
import { error } from '@sveltejs/kit';
import { unansweredWords } from '$lib/domain/address';
import type { Answer } from '$lib/domain/answer';
import { readComparison } from '$lib/domain/comparison';
import { isInSteps, readPopulation, writePopulation, type Population, type Problem } from '$lib/domain/population';
import type { Ability } from '$lib/domain/role';
import { scopeOfView, type Viewer } from '$lib/domain/viewer';
import { seesDays, type Scope } from '$lib/domain/scope';
import { latestOnly, oldWords, type Old } from '$lib/domain/kept';
import { homeAt, readCurrent, type Home } from './home';
import { homeMeant, oldOf } from './kept';
import { hidesSmallCells } from './release';
import { faultWords, usage } from './trouble';
import { ask } from './warehouse';

/** The home folder that the web answers from: MTM_HOME, else data/local. */
export const theHome = (): Home => homeAt(process.env.MTM_HOME ?? 'data/local');

/** What the last refresh made: the as-of day, the years, when. */
export type Run = {
	as_of: string;
	years: number[];
	built_at: string;
	version: string;
	/** The loads that the results were made from. */
	loads: number[];
	patients: number;
	fills: number;
};

/** What a door needs of a request: the address and who looks. */
export type Request = { url: URL; locals: App.Locals };

/** What is said of a page that is not there, and of one that the asker may not see: the same. */
export const notHere = (): never => error(404, 'There is no such page.');

/** Who looks, if they may do this; anybody else gets what they would get if the page were not there. */
export function viewerWho(ability: Ability | null, { locals }: Pick<Request, 'locals'>): Viewer {
	const { viewer } = locals;
	if (!viewer || (ability !== null && !viewer.can(ability))) return notHere();
	return viewer;
}

/** The scope of this view: identifiers only where the address asks for them and a reason was given, of `pid` when one patient is meant. */
export function scopeOf({ url, locals }: Request, pid?: string): Scope {
	return scopeOfView(viewerWho(null, { locals }), url.searchParams.get('show') === 'identifiers', pid);
}

/** The last refresh; null before the first. */
export async function theRun(home: Home, scope: Scope): Promise<Run | null> {
	if (readCurrent(home).results === null) return null;
	return (await ask<Run>(home, 'latest_run', {}, scope))[0] ?? null;
}

/** The results that an address means, and what of its words could not be used. */
export type Results = {
	/** The home, held to kept results where `asof` or `known` mean such. */
	home: Home;
	/** What those results were made from; null before the first refresh. */
	run: Run | null;
	old: Old | null;
	problems: Problem[];
};

/** The one place that decides which results a request is answered from: the current ones, or those kept of the day and load that its address names. */
export async function resultsOf({ url }: Pick<Request, 'url'>, scope: Scope): Promise<Results> {
	const home = theHome();
	const run = await theRun(home, scope);
	const meant = { asof: url.searchParams.get('asof'), known: url.searchParams.get('known') };
	if (!run) return { home, run, old: null, problems: [] };
	const found = homeMeant(home, meant, run);
	if (!found.kept) {
		const instead = `. The latest, as of ${run.as_of}, are shown`;
		const problems = found.problems.map((one, at, all) =>
			at === all.length - 1 ? { ...one, why: one.why + instead } : one
		);
		return { home, run, old: null, problems };
	}
	return {
		home: found.home,
		run: await theRun(found.home, scope),
		old: oldOf(found.home, run.as_of),
		problems: found.problems
	};
}

/** Refuses to decide or note anything where the address means kept results: what changes since then is not on that page. Throws exit 1. */
export async function refuseOld(request: Request): Promise<void> {
	const { old } = await resultsOf(request, viewerWho(null, request).scope);
	if (old)
		throw usage(
			`${oldWords(old)} ${latestOnly} Nothing was changed. Open the page without "asof" and "known" in its address.`
		);
}

/** The year that a page shows when its address names none: the last that was folded; without fills to fold, that of the as-of day. */
export const latestYear = ({ years, as_of }: Pick<Run, 'years' | 'as_of'>): number =>
	years.length ? Math.max(...years) : Number(as_of.slice(0, 4));

/** What a page was asked: whose data, which year, which patients, and what in the address could not be used. */
export type Asked = {
	home: Home;
	viewer: Viewer;
	scope: Scope;
	run: Run;
	/** The kept results that the address means; null where it means the current ones. */
	old: Old | null;
	year: number;
	population: Population;
	problems: Problem[];
};

/** Reads the address of a page for who looks, if they may do this; null when nothing has been computed yet. `pid` when the page is one patient's. */
export async function asked(request: Request, ability: Ability, pid?: string): Promise<Asked | null> {
	const { url } = request;
	const viewer = viewerWho(ability, request);
	const scope = scopeOf(request, pid);
	const { home, run, old, problems: unkept } = await resultsOf(request, scope);
	if (!run) return null;
	const { population, problems } = readPopulation(url.searchParams);
	if (!seesDays(scope)) problems.push(...withoutDays(population));
	const latest = latestYear(run);
	const wanted = url.searchParams.get('y');
	const year = wanted === null ? latest : Number(wanted);
	const known = year === latest || run.years.includes(year);
	if (!known)
		problems.push({
			key: 'y',
			value: wanted ?? '',
			why: `${wanted} has not been computed; ${latest} is shown. Computed: ${run.years.join(', ') || 'no year, because no fills are loaded'}`
		});
	const view = url.searchParams.get('view');
	if (view !== null) problems.push({ key: 'view', value: view, why: `There is no saved view "${view}" (any more)` });
	problems.push(...unkept, ...unansweredWords(url.searchParams), ...readComparison(url.searchParams).problems);
	return { home, viewer, scope, run, old, year: known ? year : latest, population, problems };
}

/** Takes the filters on days, and on PDC finer than its steps, out of a population, for who sees no days: by filtering, days could be found out. Gives what was taken out. */
function withoutDays(population: Population): Problem[] {
	const taken: Problem[] = [];
	for (const key of ['adr', 'late', 'lid'] as const) {
		const { from, to } = population[key];
		if (from === null && to === null) continue;
		taken.push({
			key,
			value: `${from ?? ''}..${to ?? ''}`,
			why: 'days are not shown at your level, so they cannot be filtered by'
		});
		population[key] = { from: null, to: null };
	}
	const { from, to } = population.pdc;
	if (!isInSteps(population.pdc)) {
		taken.push({
			key: 'pdc',
			value: `${from ?? ''}..${to ?? ''}`,
			why: 'PDC is shown in steps of five points at your level, so it is filtered by those alone'
		});
		population.pdc = { from: null, to: null };
	}
	return taken;
}

/** The same population without some of its filters, such as the one a chart itself sets. */
export function without(population: Population, ...keys: string[]): Population {
	const words = writePopulation(population);
	for (const key of keys) words.delete(key);
	return readPopulation(words).population;
}

/**
 * The population without some of its filters, for a chart that sets them itself; with them for who sees no small cells, because all
 * tables of their page are of the same patients: what another shows can then not be subtracted.
 */
export const around = ({ scope, population }: Asked, ...keys: string[]): Population =>
	hidesSmallCells(scope) ? population : without(population, ...keys);

/** Runs one card's question so that its failure leaves the other cards standing. The log names the fault, never rows or parameters. */
export async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
	try {
		return { value: await work(), failed: null };
	} catch (cause) {
		const id = randomBytes(2).toString('hex');
		process.stderr.write(`card ${id} failed: ${faultWords(cause)}\n`);
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
			const lines = await ask<{ patients: number | null }>(
				home,
				'headline',
				{ measure, year, population: without(population, key) },
				scope
			);
			return { key, patients: Math.max(0, ...lines.map((line) => line.patients ?? 0)) };
		})
	);
}
