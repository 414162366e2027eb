import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '$lib/server/home';
import type { Table } from './table';

/** What an import brings: the FDA directory, a list of drugs, a list of the NDCs of measures, or a table of ours in its user's version. */
export type Kind = 'fda_directory' | 'drug_list' | 'class_list' | Table;

/** One import kept in the home folder's reference/, as its imports.json tells it; `parts` are the files beside it by what they hold. */
export type Import = {
	id: number;
	kind: Kind;
	files: { name: string; sha256: string }[];
	parts: Record<string, string>;
	rows: number;
	/** What the files say of their own date, such as the latest start of marketing. */
	version: string | null;
	/** For a class list: the measures and roles whose NDCs it decides. */
	decides: { measure: string; role: string; rows: number }[];
	imported_at: string;
};

/** What was imported into a home, oldest first. */
export function readImports(home: Home | null): Import[] {
	const path = home && join(home.reference, 'imports.json');
	if (!path || !existsSync(path)) return [];
	return JSON.parse(readFileSync(path, 'utf8')) as Import[];
}

/** The imports that count: the latest directory and the latest version of a table; every list. */
export function activeImports(home: Home | null): Import[] {
	const imports = readImports(home);
	const isList = (kind: Kind) => kind === 'drug_list' || kind === 'class_list';
	return imports.filter(
		(each) => isList(each.kind) || !imports.some((later) => later.kind === each.kind && later.id > each.id)
	);
}

/** The path of what an import keeps under a name. */
export const partOf = (home: Home | null, each: Import, name: string) => join(home!.reference, each.parts[name]!);
