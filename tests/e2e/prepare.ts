import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places } from './place';
import { mtm, serve, signInByLink, storage, type Cookie } from './server';

/** A one-time link of a user of a home. */
const linkOf = (home: string, ...words: string[]) =>
	(JSON.parse(mtm(home, ...words, '--json')) as { link: string }).link;

/**
 * Makes a small demo population once, loads and computes it through the command line, serves it and an empty home, and signs in: as the
 * demo's quality lead and as its administrator.
 */
export default async function prepare(): Promise<void> {
	mkdirSync(places.folder, { recursive: true });
	cpSync(join(places.root, 'build', 'web'), places.build, { recursive: true });
	cpSync(join(places.root, 'build', 'cli'), join(places.build, 'cli'), { recursive: true });
	if (!existsSync(join(places.home, 'current.json'))) mtm(places.home, 'demo', '--patients', '2000', '--seed', '7');
	const empty = linkOf(places.empty, 'init', '--admin', 'e2e-admin');
	const pids = [await serve(places.home, places.port), await serve(places.empty, places.port + 1)];
	writeFileSync(places.servers, JSON.stringify(pids));
	const emptyCookie = await signInByLink(places.emptyOrigin, empty, 'seven grey herons wade');
	const keep = (file: string, ...cookies: Cookie[]) => writeFileSync(file, JSON.stringify(storage(...cookies)));
	for (const [name, file] of [
		['demo-lead', places.lead],
		['demo-admin', places.admin]
	] as const)
		keep(file, await signInByLink(places.origin, linkOf(places.home, 'users', 'reset', name)), emptyCookie);
}
