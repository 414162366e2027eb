import { DuckDBDataChunk, INTEGER } from '@duckdb/node-api';
import type { State } from '$lib/domain/fold';
import type { Connection } from '../duckdb';

/**
 * The columns of adherence_fold, all whole numbers of 32 bits, UNKNOWN where there is none. Days are days since 1970. Small numbers share a column, the
 * first in the lowest bits: kind = measure (8 bits), year (12), flags (8); fills = days with a fill (9), fills (22); day_counts = elapsed,
 * covered, removed (10 each); stay_counts = covered days without the stay adjustment and with it, period days with it (10 each); months = adherent to date at the month's end (12), counted in the month (12); last_fill = ingredient (8), days' supply (9), refills
 * remaining (7, REFILLS_UNKNOWN where claims do not say). sql/facts/adherence_fact.sql takes them apart.
 */
export const columns = [
	'patient_no',
	'kind',
	'index_date',
	'period_end',
	'fills',
	'pharmacy_fills',
	'long_waits',
	'day_counts',
	'stay_counts',
	'allowable_days_remaining',
	'runs_out_on',
	'days_late',
	'last_impactable_on',
	'months',
	'pharmacy_no',
	'prescriber_no',
	'plan_no',
	'last_fill_on',
	'last_fill'
] as const;

/** The order of the codes of the state in flags. */
export const states: State[] = ['secured', 'lost', 'last_chance', 'overdue', 'due_soon', 'on_track'];

/** Bits of flags: a gap in coverage, an exclusion fill, and adherence as counted, without and with the stay adjustment. */
export const flag = {
	gap: 8,
	exclusion: 16,
	adherent: 32,
	adherentWithoutStays: 64,
	adherentWithStays: 128
} as const;

const VECTOR = 2048;
/** DuckDB stores and packs a table in groups of 122,880 rows; rows that come in whole groups are written once. */
const CHUNKS_IN_GROUP = 122_880 / VECTOR;

/** Rows of the fold in memory, until a connection takes them. */
export class FoldRows {
	/** The columns of the chunk at hand, in the order of `columns`. */
	out: Int32Array[] = [];
	private full: DuckDBDataChunk[] = [];
	private chunk: DuckDBDataChunk | null = null;
	private rows = 0;

	/** The place of a new row in each column of `out`. */
	open(): number {
		if (this.chunk && this.rows === VECTOR) this.close();
		if (!this.chunk) {
			this.chunk = newChunk(VECTOR);
			this.out = columns.map((_, column) => vectorOf(this.chunk!, column).items);
			this.rows = 0;
		}
		return this.rows++;
	}

	private close(): void {
		if (!this.chunk) return;
		const chunk = this.rows < VECTOR ? newChunk(this.rows) : this.chunk;
		for (let column = 0; column < columns.length; column++) {
			const vector = vectorOf(chunk, column);
			if (chunk !== this.chunk) vector.items.set(this.out[column]!.subarray(0, this.rows));
			vector.flush();
		}
		this.full.push(chunk);
		this.chunk = null;
	}

	/** As many rows as fill whole row groups of a table, which are then forgotten here; null when there are too few. */
	takeGroups(): DuckDBDataChunk[] | null {
		const groups = Math.floor(this.full.length / CHUNKS_IN_GROUP);
		return groups > 0 ? this.full.splice(0, groups * CHUNKS_IN_GROUP) : null;
	}

	/** What is left. */
	takeRest(): DuckDBDataChunk[] {
		this.close();
		return this.full.splice(0);
	}
}

type IntegerVector = { items: Int32Array; flush(): void };
const vectorOf = (chunk: DuckDBDataChunk, column: number) => chunk.getColumnVector(column) as unknown as IntegerVector;
const newChunk = (rows: number) =>
	DuckDBDataChunk.create(
		columns.map(() => INTEGER),
		rows
	);

/** Makes the table `adherence_fold` of a connection anew, with these rows; other connections do not see it. */
export async function fillFoldTable(connection: Connection, rows: DuckDBDataChunk[]): Promise<void> {
	await connection.run(
		`create or replace temp table adherence_fold (${columns.map((column) => `${column} integer`).join(', ')})`
	);
	const appender = await connection.raw.createAppender('adherence_fold', 'main', 'temp');
	for (const chunk of rows) appender.appendDataChunk(chunk);
	appender.closeSync();
}
