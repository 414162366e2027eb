import type { UnmappedGroup } from '$lib/server/ecareplan/listing';
import { Trouble } from '$lib/server/trouble';
import type { Stop } from './gate';
import type { CarePlanFile, Load, LoadedFile } from './manifest';

/** What became of one file, as it is reported. */
type ReportedFile = ReturnType<typeof reported>;

/** A file of the manifest without what only the store of loads needs. */
export const reported = (file: LoadedFile) => ({
	name: file.name,
	table: file.table,
	layout: file.layout,
	data_source: file.data_source,
	sha256: file.sha256,
	bytes: file.bytes,
	read: file.read,
	loaded: file.loaded,
	rejected: file.rejected,
	duplicate: file.duplicate,
	ignored: file.ignored,
	rejects: file.rejects,
	warnings: file.warnings,
	unknown_columns: file.unknown_columns,
	sources: file.sources,
	from: file.from,
	to: file.to,
	format: file.format
});

/** What a load did, or would do. */
export type LoadResult = {
	verdict: 'loaded' | 'passes' | 'already_loaded' | 'stopped';
	load_id: number | null;
	loaded_at: string | null;
	by: string;
	files: ReportedFile[];
	already: { name: string; load_id: number }[];
	skipped: { path: string; why: string }[];
	vanished: Load['vanished'];
	stops: Stop[];
	/** Care plans read, and what of them is in no row, like things together. */
	plans: CarePlanFile[];
	unmapped: UnmappedGroup[];
	/** Users of the demo whom this load shut out, because its files are not the demo's. */
	demo_users_disabled: string[];
};

/** A load that the gate stopped: nothing was changed; `result` says what was seen. */
export class Stopped extends Trouble {
	constructor(readonly result: LoadResult) {
		super(
			2,
			`Stopped by the gate; nothing was changed.\n${result.stops.map((stop) => `- ${stop.message}`).join('\n')}\nMend the file or the mapping and load it again${
				result.stops.some(
					(stop) => stop.share !== null && stop.rule !== 'roster_shrinks' && !stop.rule.startsWith('required_column')
				)
					? '; if the rows may be lost, --max-rejects PERCENT lets them go'
					: ''
			}.`
		);
	}
}
