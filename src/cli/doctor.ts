import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { keepCommand } from '$lib/domain/kept';
import { attach, openDatabase } from '$lib/server/duckdb';
import { intakeFile, lockHolder, readCurrent, readKept, resultsFile } from '$lib/server/home';
import { homeOf, printJson } from './terminal';

type Finding = { check: string; ok: boolean; found: string; todo: string };

/** `mtm doctor`: what could keep this installation from working, with its cure. */
export function register(program: Command): void {
	program
		.command('doctor')
		.description('what could keep this installation from working, with its cure')
		.option('--port <port>', 'the port the dashboard would use', '4780')
		.option('--json', 'print one JSON value')
		.action(async (options: { port: string; json?: boolean }, command: Command) => {
			const home = homeOf(command);
			const findings: Finding[] = [];
			const check = async (what: string, look: () => Promise<[boolean, string, string?]>) => {
				const [ok, found, todo] = await look().catch(
					(cause: Error) => [false, cause.message, ''] as [boolean, string, string]
				);
				findings.push({ check: what, ok, found, todo: ok ? '' : (todo ?? '') });
			};
			await check('Node', async () => {
				const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
				return [major > 20 || (major === 20 && minor >= 19), process.version, 'Install Node 20.19 or newer.'];
			});
			await check('home folder', async () => {
				let at = home.folder;
				while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
				try {
					await access(at, constants.W_OK | constants.R_OK);
					return [true, at === home.folder ? home.folder : `${home.folder} (not made yet)`];
				} catch {
					return [
						false,
						`${at} cannot be written`,
						'Give this user the right to write there, or choose another folder with --home.'
					];
				}
			});
			await check('disk', async () => {
				let at = home.folder;
				while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
				const { bavail, bsize } = await statfs(at);
				const free = (bavail * bsize) / 1e9;
				return [
					free >= 2,
					`${free.toFixed(1)} GB free`,
					'Free at least 2 GB: each load and refresh builds beside the old version.'
				];
			});
			await check('engine', async () => {
				const database = await openDatabase();
				const connection = await database.connect();
				const { version } = await connection.row<{ version: string }>('select version() as version');
				database.close();
				return [true, `DuckDB ${version}`];
			});
			await check('warehouse', async () => {
				const current = readCurrent(home);
				const files = [
					current.intake === null ? null : intakeFile(home, current.intake),
					current.results === null ? null : resultsFile(home, current.results)
				].filter((file): file is string => file !== null);
				if (!files.length) return [true, 'nothing loaded yet'];
				const database = await openDatabase();
				try {
					const connection = await database.connect();
					for (const [index, file] of files.entries()) await attach(connection, file, `version_${index}`);
					return [true, `${files.length} files open`];
				} catch (cause) {
					return [false, (cause as Error).message, 'Run mtm refresh: it builds the warehouse anew from the loads.'];
				} finally {
					database.close();
				}
			});
			await check('kept results', async () => {
				const kept = readKept(home);
				if (!kept.length) return [true, 'none'];
				const database = await openDatabase();
				try {
					const connection = await database.connect();
					for (const { results, intake, as_of, known } of kept)
						for (const [of, file] of [
							['results', resultsFile(home, results)],
							['intake', intakeFile(home, intake)]
						] as const)
							try {
								await attach(connection, file, `kept_${results}_${of}`);
							} catch (cause) {
								return [
									false,
									`results ${results}, as of ${as_of}: ${(cause as Error).message}`,
									`Make them again ("${keepCommand({ as_of, known })}") or drop them ("mtm results --drop ${results}").`
								];
							}
					return [true, `${kept.length} kept, all open`];
				} finally {
					database.close();
				}
			});
			await check('lock', async () => {
				const holder = lockHolder(home);
				return [true, holder ? `held by "${holder.what}" (process ${holder.pid}) since ${holder.since}` : 'free'];
			});
			await check('port', async () => {
				const free = await new Promise<boolean>((done) => {
					const probe = createServer();
					probe.once('error', () => done(false));
					probe.listen(Number(options.port), '127.0.0.1', () => probe.close(() => done(true)));
				});
				return [
					free,
					free ? `${options.port} is free` : `${options.port} is taken`,
					'Choose another with mtm serve --port.'
				];
			});
			await check('web build', async () => {
				const built = existsSync(join(process.env.MTM_ROOT ?? '.', 'build', 'web', 'index.js'));
				return [true, built ? 'built' : 'not built yet; mtm serve builds it'];
			});
			if (options.json) printJson(findings);
			else
				for (const { check: what, ok, found, todo } of findings)
					process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${what}: ${found}${todo ? `. ${todo}` : ''}\n`);
			if (findings.some((finding) => !finding.ok)) process.exitCode = 5;
		});
}
