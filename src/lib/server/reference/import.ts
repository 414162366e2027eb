import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Names } from '$lib/domain/ingredient';
import { openDatabase, type Connection } from '$lib/server/duckdb';
import { withLock, writeWhole, type Home } from '$lib/server/home';
import { usage } from '$lib/server/trouble';
import type { Draft } from './draft';
import { directoryDraft, isPackages, isProducts } from './fda_directory';
import { read, type Given } from './given';
import { readImports, type Import, type Kind } from './imported';
import { loadReference, readNames } from './load';
import { classListDraft, drugListDraft, isClassList, isDrugList } from './ndc_list';
import { tableDraft, tableOf } from './own_table';
import { tables } from './table';

/** What one import did, for the person who asked for it. */
export type Imported = { import: Import; isNew: boolean; notes: string[] };

type Ready = { kind: Kind; files: Given[] };

/**
 * Reads files of drugs, classes or codes into the home's reference folder; what they are is told by their header. The same bytes twice
 * are kept once. Any row that cannot be read stops the whole import (exit 2) and nothing is changed. Takes effect at the next refresh.
 */
export async function importReference(home: Home, paths: string[]): Promise<Imported[]> {
	const ready = sorted(paths.map(read));
	return await withLock(home, 'reference import', async () => {
		const database = await openDatabase();
		const connection = await database.connect();
		const scratch = mkdtempSync(join(tmpdir(), 'mtm-reference-'));
		try {
			await loadReference(connection, home);
			const names = await readNames(connection);
			const done: Imported[] = [];
			// Everything is read and checked before anything is kept.
			const drafts: { ready: Ready; draft: Draft; seen: Import | undefined }[] = [];
			for (const each of ready) {
				const seen = readImports(home).find((one) => sameFiles(one, each));
				const draft = seen ? none : await draftOf(each, connection, names, scratch);
				drafts.push({ ready: each, draft, seen });
			}
			for (const { ready: each, draft, seen } of drafts) {
				if (seen)
					done.push({ import: seen, isNew: false, notes: ['These bytes are imported already; nothing was changed.'] });
				else done.push({ import: keep(home, each, draft), isNew: true, notes: draft.notes });
			}
			return done;
		} finally {
			rmSync(scratch, { recursive: true, force: true });
			database.close();
		}
	});
}

/** Takes an import out again by its number; throws when there is none. */
export async function forgetImport(home: Home, id: number): Promise<Import> {
	return await withLock(home, 'reference forget', async () => {
		const imports = readImports(home);
		const found = imports.find((each) => each.id === id);
		if (!found) throw usage(`There is no import ${id}. Nothing was changed. mtm reference list shows them.`);
		const rest = imports.filter((each) => each.id !== id);
		writeWhole(join(home.reference, 'imports.json'), JSON.stringify(rest, null, '\t'));
		for (const file of Object.values(found.parts)) rmSync(join(home.reference, file), { force: true });
		return found;
	});
}

const none: Draft = { parts: {}, rows: 0, version: null, decides: [], notes: [] };

const sameFiles = (one: Import, ready: Ready) =>
	one.kind === ready.kind &&
	one.files.length === ready.files.length &&
	ready.files.every((file) => one.files.some((each) => each.sha256 === file.sha256));

/** What each file is; product.txt and package.txt make one directory. */
function sorted(files: Given[]): Ready[] {
	const ready: Ready[] = [];
	const products = files.filter(isProducts);
	const packages = files.filter(isPackages);
	if (products.length !== packages.length || products.length > 1)
		throw usage(
			`The FDA NDC Directory is two files, product.txt and package.txt; ${products.length} and ${packages.length} were given. Nothing was changed. Give one of each together.`
		);
	if (products.length === 1) ready.push({ kind: 'fda_directory', files: [products[0]!, packages[0]!] });
	for (const file of files) {
		if (isProducts(file) || isPackages(file)) continue;
		const table = tableOf(file);
		if (table) ready.push({ kind: table, files: [file] });
		else if (isClassList(file)) ready.push({ kind: 'class_list', files: [file] });
		else if (isDrugList(file)) ready.push({ kind: 'drug_list', files: [file] });
		else
			throw usage(
				`${file.name} is none of the files that can be imported: its header reads ${file.header.slice(0, 8).join(', ')}. Nothing was changed. ` +
					`Known are the FDA's product.txt with package.txt; a list with the columns ndc, ingredient and, if wanted, class; ` +
					`a list with ndc, measure and role; and the tables ${Object.keys(tables).join(', ')} with all their columns.`
			);
	}
	return ready;
}

function draftOf(ready: Ready, connection: Connection, names: Names, scratch: string): Promise<Draft> {
	const [first, second] = ready.files;
	switch (ready.kind) {
		case 'fda_directory':
			return directoryDraft(first!, second!, connection, names, scratch);
		case 'drug_list':
			return drugListDraft(first!, connection, names, scratch);
		case 'class_list':
			return classListDraft(first!, connection, names, scratch);
		default:
			return tableDraft(ready.kind, first!, connection, scratch);
	}
}

/** Moves a draft's files into the home and writes it into imports.json, which is what makes it count. */
function keep(home: Home, ready: Ready, draft: Draft): Import {
	const imports = readImports(home);
	const id = Math.max(0, ...imports.map((each) => each.id)) + 1;
	const parts: Record<string, string> = {};
	for (const [part, path] of Object.entries(draft.parts)) {
		const file = `${String(id).padStart(4, '0')}-${ready.kind}-${basename(path)}`;
		// The scratch folder may lie on another disk, from which no file can be renamed.
		const beside = join(home.reference, `${file}.tmp`);
		writeFileSync(beside, readFileSync(path), { mode: 0o600 });
		renameSync(beside, join(home.reference, file));
		parts[part] = file;
	}
	const kept: Import = {
		id,
		kind: ready.kind,
		files: ready.files.map(({ name, sha256 }) => ({ name, sha256 })),
		parts,
		rows: draft.rows,
		version: draft.version,
		decides: draft.decides,
		imported_at: new Date().toISOString()
	};
	writeWhole(join(home.reference, 'imports.json'), JSON.stringify([...imports, kept], null, '\t'));
	return kept;
}
