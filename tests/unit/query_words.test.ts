import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Connection, type Database } from '$lib/server/duckdb';
import { queryWords } from '$lib/server/query_words';
import { faultWords, withoutValues } from '$lib/server/trouble';

let database: Database;
let connection: Connection;
beforeAll(async () => {
	database = await openDatabase();
	connection = await database.connect();
});
afterAll(() => database.close());

test.each([
	["select * from adherence where patient_id = 'M777'", ['adherence', 'patient_id']],
	[
		"select * from adherence where patient_id in ('M777', 'M777b') and year = 7777777 limit 7777777",
		['adherence', 'year']
	],
	[
		"with x as (select 'M777' as id, $$M777$$ as other) select * from x join fill using (id) where id like 'M777%'",
		['fill']
	],
	["select count(*) from eligibility -- M777\nwhere /* M777 */ last_name = 'M777'", ['eligibility', 'last_name']],
	[
		"select * from eligibility where birth_date between date '7777-07-07' and '7777-07-08' union all select * from eligibility",
		['UNION ALL']
	],
	[
		"select list_contains(['M777'], person_id), {'a': 'M777'}, x'77777777' from eligibility order by 7777777",
		['person_id']
	],
	[
		"select sum(paid_amount) filter (where person_id = 'M777') over (order by paid_date) from pharmacy_claim",
		['pharmacy_claim']
	],
	["describe select 'M777'", []],
	["select case when person_id = 'M777' then 7777777 end, cast('M777' as varchar) from lab_result", ['lab_result']],
	["select * from (values ('M777', 7777777)) as v(a, b)", []]
] as const)('%s is kept without its values', async (sql, kept) => {
	const words = await queryWords(connection, sql);
	expect(words).not.toMatch(/777/);
	for (const word of kept) expect(words).toContain(word);
});

test.each([
	"select 'Smith, O''Hara'::integer",
	"select 'Smith'::date",
	"select ('Smith' || chr(10) || 'O''Hara')::timestamp",
	"select '{Smith'::json",
	"select 'Smith'::boolean",
	"select strptime('Smith', '%Y')",
	'select 7777777::tinyint',
	"select '7777777'::tinyint"
])('%s: the fault tells what went wrong, and no value', async (sql) => {
	const fault = await connection.rows(sql).catch((cause: unknown) => cause);
	expect(fault).toBeInstanceOf(Error);
	expect(String(fault)).toMatch(/Smith|777/);
	for (const words of [faultWords(fault), withoutValues((fault as Error).message)]) {
		expect(words).not.toMatch(/Smith|Hara|777/);
		expect(words).toMatch(/Error/);
	}
});

test('a fault in the words of a question says which', async () => {
	const fault = await connection.rows('select nothing from (select 1 as something)').catch((cause: unknown) => cause);
	expect(withoutValues((fault as Error).message)).toContain('"nothing" not found');
});
