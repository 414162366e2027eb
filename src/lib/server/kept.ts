import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { resultsMeant, type Kept, type Meant, type Old } from '$lib/domain/kept';
import type { Problem } from '$lib/domain/population';
import { intakeFile, readKept, readPointers, resultsFile, writeCurrent, type Current, type Home } from './home';
import { activeLoads, readLoads } from './load/manifest';
import { version } from '../../../package.json';

/** The home held to kept results: whoever asks it gets their answers, from their own intake, and writes nothing there. */
export const heldTo = (home: Home, { intake, results }: Kept): Home => ({ ...home, version: { intake, results } });

/** What the kept results are that a home is held to; null for one that answers from the current ones. `latest` is the as-of day of those. */
export function oldOf(home: Home, latest: string): Old | null {
	const kept = readKept(home).find((one) => one.results === home.version?.results);
	if (!kept) return null;
	const load = kept.known === null ? undefined : readLoads(home).find((one) => one.load_id === kept.known);
	return { as_of: kept.as_of, known: kept.known, received_on: load?.loaded_at.slice(0, 10) ?? null, latest };
}

/** The results that `asof` and `known` mean: the home held to them, which they are (null: the current ones), and what could not be used. */
export function homeMeant(
	home: Home,
	meant: Meant,
	current: { as_of: string; loads: number[] }
): { home: Home; kept: Kept | null; problems: Problem[] } {
	if (meant.asof === null && meant.known === null) return { home, kept: null, problems: [] };
	const there = readKept(home).filter(
		(kept) => kept.version === version && existsSync(resultsFile(home, kept.results))
	);
	const standing = meant.known === null ? [] : activeLoads(home).map(({ load }) => load.load_id);
	const { kept, problems } = resultsMeant(meant, current, there, standing);
	return { home: kept ? heldTo(home, kept) : home, kept, problems };
}

/** Stops keeping the results that `which` picks, and removes their files; gives what was dropped. Only while holding the lock. */
export function dropKept(home: Home, which: (kept: Kept) => boolean): Kept[] {
	const { intake: current, kept: all } = readPointers(home);
	const dropped = all.filter(which);
	if (!dropped.length) return [];
	const rest = all.filter((kept) => !which(kept));
	writeCurrent(home, { kept: rest });
	for (const { results, intake } of dropped) {
		remove(home, /^results-(\d+)\./, (number) => number === results);
		if (intake !== current && !rest.some((kept) => kept.intake === intake))
			remove(home, /^intake-(\d+)\./, (number) => number === intake);
	}
	return dropped;
}

/**
 * Removes the files of versions that are neither current nor kept, such as those of a refresh that was killed. `spared` stay, too: those before,
 * for a reader that still has them open. Only while holding the lock.
 */
export function sweepWarehouse(home: Home, spared: Partial<Current>): void {
	const { kept, ...current } = readPointers(home);
	for (const of of ['intake', 'results'] as const) {
		const numbers = [current[of], spared[of], ...kept.map((each) => each[of])];
		remove(home, new RegExp(`^${of}-(\\d+)\\.`), (number) => !numbers.includes(number));
	}
}

function remove(home: Home, form: RegExp, which: (number: number) => boolean): void {
	for (const file of readdirSync(home.warehouse)) {
		const number = form.exec(file)?.[1];
		if (number !== undefined && which(Number(number)))
			rmSync(join(home.warehouse, file), { recursive: true, force: true });
	}
}

/** The files of a kept version that no other version has. */
export function ownFiles(home: Home, kept: Kept): string[] {
	const { intake, kept: all } = readPointers(home);
	const shared = [intake, ...all.filter((one) => one.results !== kept.results).map((one) => one.intake)];
	return [resultsFile(home, kept.results), ...(shared.includes(kept.intake) ? [] : [intakeFile(home, kept.intake)])];
}
