import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import type { Row } from '$lib/server/duckdb';
import { homeAt } from '$lib/server/home';
import { query } from '$lib/server/query';
import { Trouble } from '$lib/server/trouble';
import { emptyFolder, must, mtm } from '../known/shell';

// `mtm query` can only read the published views and the intake tables.

const home = emptyFolder();
const files = emptyFolder();
const secret = join(files, 'secret.csv');

beforeAll(() => {
	const input = join(files, 'vendor');
	mkdirSync(input);
	writeFileSync(secret, 'word\nopen sesame\n');
	writeFileSync(
		join(input, 'eligibility.csv'),
		'person_id,birth_date,enrollment_start_date,enrollment_end_date\n007,1950-05-01,2025-01-01,2025-12-31\n'
	);
	writeFileSync(
		join(input, 'pharmacy_claim.csv'),
		'claim_id,person_id,dispensing_date,ndc_code,days_supply\na,007,2025-01-01,00071015523,30\nb,007,2025-02-01,00071015523,30\n'
	);
	must('--home', home, 'load', input);
	must('--home', home, 'refresh');
}, 300_000);

/** Everything in the home folder with its size: what a query must leave as it is. */
const inside = () =>
	readdirSync(home, { recursive: true, encoding: 'utf8' })
		.filter((path) => statSync(join(home, path)).isFile())
		.map((path) => `${path} ${statSync(join(home, path)).size}`)
		.sort();

const out = join(files, 'out.csv');
const statements: [string, string][] = [
	['a file as a table', `select * from '${secret}'`],
	['a file as a quoted name', `select * from "${secret}"`],
	['read_csv', `select * from read_csv('${secret}')`],
	['read_csv_auto', `select * from read_csv_auto('${secret}')`],
	['read_text', `select content from read_text('${secret}')`],
	['read_blob', `select content from read_blob('${secret}')`],
	['read_json', `select * from read_json('${secret}')`],
	['read_parquet', `select * from read_parquet('${secret}')`],
	['parquet_scan', `select * from parquet_scan('${secret}')`],
	['parquet_metadata', `select * from parquet_metadata('${secret}')`],
	['sniff_csv', `select * from sniff_csv('${secret}')`],
	['glob', `select * from glob('${files}/*')`],
	['a list of files', `select * from read_csv(['${secret}'])`],
	['a file in a subquery', `select (select count(*) from read_csv('${secret}')) from adherence`],
	['a file in a common table', `with f as (select * from read_text('${secret}')) select * from f`],
	['a file in a filter', `select * from adherence where patient_id in (select word from '${secret}')`],
	['a file in a union', `select patient_id from adherence union all select word from '${secret}'`],
	['a file behind a lateral join', `select * from adherence, lateral (select * from read_text('${secret}'))`],
	[
		'a common table named like a file, used outside',
		`select * from '${secret}' where 1 in (with "${secret}" as (select 1) select 1)`
	],
	['http', `select * from 'http://127.0.0.1:9/x.csv'`],
	['attach', `attach '${files}/x.db'`],
	['attach as', `attach '${files}/x.db' as x (type duckdb)`],
	['detach', 'detach results'],
	['use', 'use results'],
	['copy out', `copy (select 1) to '${out}'`],
	['copy a table out', `copy adherence to '${out}' (format parquet)`],
	['copy in', `copy adherence from '${secret}'`],
	['export database', `export database '${files}/all'`],
	['import database', `import database '${files}/all'`],
	['set', "set memory_limit = '1GB'"],
	['set global', 'set global threads = 1'],
	['reset', 'reset memory_limit'],
	['set variable', "set variable x = 'y'"],
	['pragma', 'pragma database_list'],
	['pragma with a value', 'pragma enable_external_access=true'],
	['install', 'install httpfs'],
	['load', 'load httpfs'],
	['create table', 'create table t as select 1'],
	['create temp table', 'create temp table t as select 1'],
	['create view', 'create or replace view adherence as select 1'],
	['create macro', 'create macro f(x) as x'],
	['create schema', 'create schema s'],
	['create secret', "create secret s (type s3, key_id 'a', secret 'b')"],
	['insert', "insert into pharmacy_claim (claim_id) values ('x')"],
	['update', "update pharmacy_claim set claim_id = 'x'"],
	['delete', 'delete from pharmacy_claim'],
	['truncate', 'truncate pharmacy_claim'],
	['alter', 'alter table pharmacy_claim add column x int'],
	['drop', 'drop table pharmacy_claim'],
	['drop view', 'drop view adherence'],
	['with ... insert', "with x as (select 'x') insert into pharmacy_claim (claim_id) select * from x"],
	['insert returning', "insert into pharmacy_claim (claim_id) values ('x') returning *"],
	['call', 'call duckdb_settings()'],
	['checkpoint', 'checkpoint'],
	['vacuum', 'vacuum'],
	['begin', 'begin transaction'],
	['prepare', 'prepare p as select 1'],
	['execute', 'execute p'],
	['deallocate', 'deallocate p'],
	['explain', 'explain select * from adherence'],
	['explain analyze of a write', 'explain analyze delete from pharmacy_claim'],
	['show tables', 'show all tables'],
	['describe a file', `describe select * from '${secret}'`],
	['summarize a file', `summarize '${secret}'`],
	['two statements', 'select 1; select 2'],
	['a write after a select', 'select 1; drop table pharmacy_claim'],
	['a write after a comment', 'select 1 -- harmless\n; drop table pharmacy_claim'],
	['a write inside a comment that ends', '/* select 1 */ drop table pharmacy_claim'],
	['a select that hides a statement in a comment', "select 1 /* ; */ ; attach ':memory:' as x"],
	['a setting after a line end', 'select 1;\r\nset threads = 1'],
	['duckdb_settings', 'select * from duckdb_settings()'],
	['duckdb_secrets', 'select * from duckdb_secrets()'],
	['duckdb_databases', 'select path from duckdb_databases()'],
	['duckdb_tables', 'select * from duckdb_tables()'],
	['pragma function', 'select * from pragma_database_list()'],
	['pragma_table_info', "select * from pragma_table_info('adherence')"],
	['information_schema', 'select * from information_schema.tables'],
	['sqlite_master', 'select * from sqlite_master'],
	['pg_catalog', 'select * from pg_catalog.pg_tables'],
	['query()', `select * from query('select * from ''${secret}''')`],
	['query_table()', `select * from query_table('${secret}')`],
	['json_execute_serialized_sql', "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))"],
	['getenv', "select getenv('HOME')"],
	['current_setting', "select current_setting('temp_directory')"],
	['a table behind the views', 'select * from results.main.adherence_fact'],
	['a table behind the views, without its catalog', 'select * from adherence_fact'],
	[
		'a table behind the views, hidden by a name elsewhere',
		'select * from adherence_fact where 1 in (with adherence_fact as (select 1) select 1)'
	],
	['a column list over a hidden table', 'select columns(*) from run'],
	['the patient table', 'select * from patient'],
	[
		'a catalog view, hidden by a name elsewhere',
		'select * from duckdb_databases where 1 in (with duckdb_databases as (select 1) select 1)'
	],
	[
		'a catalog view, hidden by its own name',
		'with duckdb_databases as (select * from duckdb_databases) select * from duckdb_databases'
	],
	[
		'a catalog view, hidden by a later name',
		'with a as (select * from duckdb_databases), duckdb_databases as (select 1) select * from a'
	],
	['a setting inside an expression', "select patient_id || current_setting('temp_directory') from adherence"],
	['nothing', ''],
	['only a comment', '-- nothing'],
	['no SQL', 'hello there'],
	['an unbound parameter', 'select $1'],
	['a pivot of a file', `pivot '${secret}' on word`]
];

/** What the command does with a text, in this process. */
async function asked(sql: string): Promise<Row[]> {
	return await query(homeAt(home), sql, everyone, async ({ rows }) => {
		const all: Row[] = [];
		for await (const row of rows) all.push(row);
		return all;
	});
}

describe('a query is refused with exit 1, and nothing is read or written', () => {
	test.each(statements)('%s', async (_, sql) => {
		const before = inside();
		const refused: unknown = await asked(sql).then(
			(rows) => ({ answered: rows }),
			(cause: unknown) => cause
		);
		expect(refused).toBeInstanceOf(Trouble);
		expect((refused as Trouble).exit).toBe(1);
		expect((refused as Trouble).message).not.toContain('open sesame');
		expect((refused as Trouble).message).not.toContain(home);
		expect(inside()).toEqual(before);
		expect(existsSync(out)).toBe(false);
	});

	test.each([
		['a file', `select * from read_text('${secret}')`],
		['attach', `attach '${files}/x.db'`],
		['a write after a select', 'select 1; drop table pharmacy_claim'],
		['with ... insert', "with x as (select 'x') insert into pharmacy_claim (claim_id) select * from x"]
	])('by the command too: %s', (_, sql) => {
		for (const format of ['json', 'csv', 'table']) {
			const answer = mtm('--home', home, 'query', sql, '--format', format);
			expect({ status: answer.status, out: answer.out }).toEqual({ status: 1, out: '' });
			expect(answer.err.trim()).not.toBe('');
		}
	});
});

describe('mtm query answers', () => {
	const statements: [string, string, unknown][] = [
		['a view', "select patient_id from adherence where measure = 'pdc_statins'", [{ patient_id: '007' }]],
		['an intake table', 'select count(*) as n from pharmacy_claim', [{ n: 2 }]],
		['a common table', 'with a as (select 1 as x) select * from a', [{ x: 1 }]],
		[
			'a recursive one',
			'with recursive a(x) as (select 1 union all select x + 1 from a where x < 3) select max(x) as x from a',
			[{ x: 3 }]
		],
		['days as ISO text', "select date '2025-02-28' + 1 as d", [{ d: '2025-03-01' }]],
		[
			'yes and no, nothing, text with quotes',
			"select true as y, null as n, 'it''s' as t",
			[{ y: true, n: null, t: "it's" }]
		],
		['a closing semicolon', 'select 1 as x;', [{ x: 1 }]],
		['a comment before', '-- what\nselect 1 as x', [{ x: 1 }]],
		['words of hostile statements as text', "select 'drop table; attach' as t", [{ t: 'drop table; attach' }]],
		['a name in capitals', 'SELECT COUNT(*) AS n FROM Pharmacy_Claim', [{ n: 2 }]],
		['values', 'values (1)', [{ col0: 1 }]],
		['from first', 'from eligibility select person_id', [{ person_id: '007' }]]
	];

	test.each(statements)('%s', async (_, sql, want) => {
		expect(await asked(sql)).toEqual(want);
	});

	test('every row: no hidden limit', () => {
		const rows = must('--home', home, 'query', 'select * from range(100000)', '--format', 'json').json() as unknown[];
		expect(rows.length).toBe(100_000);
		const table = must('--home', home, 'query', 'select * from range(300000)').out.trimEnd().split('\n');
		expect(table.length).toBe(300_002);
	});
});
