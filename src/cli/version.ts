import type { Command } from 'commander';
import { DuckDBInstance } from '@duckdb/node-api';
import { version } from '../../package.json';
import { printJson } from './terminal';

/** `mtm version`: this program, its engine and the runtime. */
export function register(program: Command): void {
	program
		.command('version')
		.description('the versions of the program, the engine and the runtime')
		.option('--json', 'print one JSON value')
		.action(async (options: { json?: boolean }) => {
			const connection = await (await DuckDBInstance.create(':memory:')).connect();
			const duckdb = (await connection.runAndReadAll('select version()')).getRows()[0]![0] as string;
			const found = { openmtm: version, duckdb, node: process.version };
			if (options.json) printJson(found);
			else process.stdout.write(`OpenMTM ${version}, DuckDB ${duckdb}, Node ${process.version}\n`);
		});
}
