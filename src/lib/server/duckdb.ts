import {
	DuckDBDateValue,
	DuckDBDecimalValue,
	DuckDBInstance,
	DuckDBListValue,
	DuckDBStructValue,
	DuckDBTimestampValue,
	type DuckDBConnection,
	type DuckDBResult,
	type DuckDBType,
	type DuckDBValue
} from '@duckdb/node-api';

export type Row = Record<string, unknown>;
export type Parameters = Record<string, DuckDBValue>;
export type ParameterTypes = Record<string, DuckDBType>;

/** Quotes a text as a SQL string. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** Quotes a text as a SQL identifier. */
export const name = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** A DuckDB value as plain JavaScript: days as 'YYYY-MM-DD', instants as ISO text, whole numbers and decimals as numbers, lists as arrays. */
export function plain(value: DuckDBValue): unknown {
	if (value === null || value === undefined) return null;
	if (typeof value === 'bigint') return Number(value);
	if (typeof value !== 'object') return value;
	if (value instanceof DuckDBDateValue) return value.toString();
	if (value instanceof DuckDBDecimalValue) return value.toDouble();
	if (value instanceof DuckDBTimestampValue) return value.toString().replace(' ', 'T');
	if (value instanceof DuckDBListValue) return value.items.map(plain);
	if (value instanceof DuckDBStructValue)
		return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, plain(item)]));
	return value.toString();
}

/** One connection to a database; statements on one connection queue behind each other. */
export class Connection {
	constructor(readonly raw: DuckDBConnection) {}

	/** Runs statements and drops what they return. */
	async run(sql: string, parameters?: Parameters, types?: ParameterTypes): Promise<void> {
		await this.raw.run(sql, parameters, types);
	}

	/** All rows of a select as plain objects. */
	async rows<T = Row>(sql: string, parameters?: Parameters, types?: ParameterTypes): Promise<T[]> {
		const result = await this.raw.run(sql, parameters, types);
		return await plainRows<T>(result);
	}

	/** The only row of a select; throws when there is not exactly one. */
	async row<T = Row>(sql: string, parameters?: Parameters, types?: ParameterTypes): Promise<T> {
		const rows = await this.rows<T>(sql, parameters, types);
		if (rows.length !== 1) throw new Error(`one row expected, ${rows.length} came`);
		return rows[0]!;
	}

	/** Rows as DuckDB makes them, chunk by chunk; nothing is held. */
	async stream(sql: string, parameters?: Parameters, types?: ParameterTypes): Promise<DuckDBResult> {
		return await this.raw.stream(sql, parameters, types);
	}

	interrupt(): void {
		this.raw.interrupt();
	}

	close(): void {
		this.raw.closeSync();
	}
}

/** Reads a whole result as plain row objects. */
export async function plainRows<T = Row>(result: DuckDBResult): Promise<T[]> {
	const names = result.deduplicatedColumnNames();
	const rows: T[] = [];
	for (;;) {
		const chunk = await result.fetchChunk();
		if (!chunk || chunk.rowCount === 0) return rows;
		const columns = names.map((_, index) => chunk.getColumnVector(index));
		for (let at = 0; at < chunk.rowCount; at++) {
			const row: Row = {};
			for (let index = 0; index < names.length; index++) row[names[index]!] = plain(columns[index]!.getItem(at));
			rows.push(row as T);
		}
	}
}

/** An open DuckDB instance; close it when done. */
export class Database {
	constructor(readonly instance: DuckDBInstance) {}

	/** A new connection to this database. */
	async connect(): Promise<Connection> {
		return new Connection(await this.instance.connect());
	}

	close(): void {
		this.instance.closeSync();
	}
}

/** Threads DuckDB may use: MTM_THREADS, else its own choice. */
const threads = (): Record<string, string> => (process.env.MTM_THREADS ? { threads: process.env.MTM_THREADS } : {});

/**
 * Opens an in-memory instance, to which files are attached by `attach`.
 * `memory` caps DuckDB's memory (such as '4GB'); `spill` is the folder for what does not fit.
 */
export async function openDatabase(options: { memory?: string; spill?: string } = {}): Promise<Database> {
	return new Database(
		await DuckDBInstance.create(':memory:', {
			...threads(),
			...(options.memory ? { memory_limit: options.memory } : {}),
			...(options.spill ? { temp_directory: options.spill } : {}),
			autoinstall_known_extensions: 'false',
			autoload_known_extensions: 'false'
		})
	);
}

/** Attaches a database file under a name, for reading only unless `write`. */
export async function attach(connection: Connection, path: string, as: string, write = false): Promise<void> {
	await connection.run(`attach ${literal(path)} as ${name(as)}${write ? '' : ' (read_only)'}`);
}

/** Shuts every way out of a database: no files, no attach, no settings from here on. */
export async function lockDown(connection: Connection): Promise<void> {
	await connection.run('set enable_external_access = false');
	await connection.run('set lock_configuration = true');
}

/** The day of an ISO date as DuckDB takes it; null stays null. */
export const dateOf = (iso: string | null): DuckDBDateValue | null =>
	iso === null ? null : new DuckDBDateValue(Date.parse(`${iso}T00:00:00Z`) / 86_400_000);
