import { join } from 'node:path';
import type { Kept } from '$lib/domain/kept';
import { withLock, writeWhole, type Home } from '$lib/server/home';
import { dropKept } from '$lib/server/kept';
import { usage } from '$lib/server/trouble';
import { ensureIntake } from './intake';
import { loadFolder, readLoads, type Load } from './manifest';

export type ListedLoad = {
	load_id: number;
	loaded_at: string;
	by: string;
	state: Load['state'];
	rolled_back_at?: string;
	rolled_back_by?: string;
	vanished: Load['vanished'];
	/** Care plans, whose rows lie in the files by table and source. */
	plans?: Load['plans'];
	files: {
		name: string;
		table: string;
		layout: string;
		/** The data sources of its rows; --source or the folder's name where no row is loaded. */
		data_source: string;
		/** Rows by data_source. */
		sources: Record<string, number>;
		sha256: string;
		read: number;
		loaded: number;
		rejected: number;
		duplicate: number;
		ignored: number;
		rejects: Load['files'][number]['rejects'];
		warnings: Load['files'][number]['warnings'];
		unknown_columns: string[];
		from: string | null;
		to: string | null;
	}[];
};

/** The history of loads, oldest first, as the contract shows it. */
export function listLoads(home: Home): ListedLoad[] {
	return readLoads(home).map((load) => ({
		load_id: load.load_id,
		loaded_at: load.loaded_at,
		by: load.by,
		state: load.state,
		...(load.rolled_back_at ? { rolled_back_at: load.rolled_back_at, rolled_back_by: load.rolled_back_by } : {}),
		vanished: load.vanished,
		...(load.plans ? { plans: load.plans } : {}),
		files: load.files.map((file) => ({
			name: file.name,
			table: file.table,
			layout: file.layout,
			data_source: Object.keys(file.sources).join(', ') || file.data_source,
			sources: file.sources,
			sha256: file.sha256,
			read: file.read,
			loaded: file.loaded,
			rejected: file.rejected,
			duplicate: file.duplicate,
			ignored: file.ignored,
			rejects: file.rejects,
			warnings: file.warnings,
			unknown_columns: file.unknown_columns,
			from: file.from,
			to: file.to
		}))
	}));
}

/** One load of the history; throws (exit 1) when there is none of that number. */
export function showLoad(home: Home, id: number): ListedLoad {
	const found = listLoads(home).find((load) => load.load_id === id);
	if (!found) throw usage(`There is no load ${id}. "mtm loads list" shows them.`);
	return found;
}

/** Takes a load out of what counts, as if it had never come; its files stay in the history. Kept results made from it are dropped first, and told. */
export async function rollback(home: Home, id: number, by: string): Promise<ListedLoad & { dropped: Kept[] }> {
	showLoad(home, id);
	return await withLock(home, `rollback ${id}`, async () => {
		const load = readLoads(home).find((each) => each.load_id === id)!;
		if (load.state === 'rolled_back')
			throw usage(`Load ${id} was rolled back already, on ${load.rolled_back_at}. Nothing was changed.`);
		const dropped = dropKept(home, (kept) => kept.loads.includes(id));
		const done: Load = { ...load, state: 'rolled_back', rolled_back_at: new Date().toISOString(), rolled_back_by: by };
		writeWhole(join(loadFolder(home, id), 'load.json'), JSON.stringify(done));
		await ensureIntake(home);
		return { ...showLoad(home, id), dropped };
	});
}
