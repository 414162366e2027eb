import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCard } from '$lib/server/catalog';
import { attach, openDatabase, type Connection, type Database } from '$lib/server/duckdb';
import { intakeFile, readCurrent, resultsFile, type Home } from '$lib/server/home';
import { loadDrugs } from '$lib/server/reference/load';
import { sqlFiles, type SqlFile } from '$lib/server/sql';
import { demoHome } from './scope_home';

// Rows of many people that meet without a column of both being equal are looked at pair by pair: unseen among hundreds, endless among millions.

type Plan = { name: string; children: Plan[]; extra_info: Record<string, string | string[]> };

let home: Home;
let database: Database;
let connection: Connection;
/** The tables that have rows of people. */
let ofPeople: Set<string>;

beforeAll(async () => {
	home = await demoHome(300);
	database = await openDatabase();
	connection = await database.connect();
	for (const macro of sqlFiles('macros').filter((file) => file.name !== 'population')) await connection.run(macro.text);
	const { results, intake } = readCurrent(home);
	await attach(connection, resultsFile(home, results!), 'results', true);
	await attach(connection, intakeFile(home, intake!), 'intake', true);
	await connection.run('create table user_drug(ndc11 varchar, ingredient varchar, class varchar)');
	await loadDrugs(connection, null);
	await connection.run(`set search_path = 'results.main,intake.main,memory.main'`);
	await connection.run('set variable first_patient = 1; set variable last_patient = 1000000');
	const told = await connection.rows<{ name: string }>(
		`select distinct table_name as name from duckdb_columns()
		where database_name in ('results', 'intake') and column_name in ('patient_no', 'person_id', 'patient_id', 'service_id', 'claim_id')`
	);
	ofPeople = new Set(told.map((each) => each.name));
}, 300_000);
afterAll(() => {
	database.close();
	rmSync(home.folder, { recursive: true, force: true });
});

/** The joins of a plan that compare rows of people on both sides by nothing that is equal. */
function pairs(top: Plan): string[] {
	const made = new Map<string, Plan>();
	const all = (plan: Plan): Plan[] => [plan, ...plan.children.flatMap(all)];
	for (const plan of all(top))
		if (plan.name === 'CTE') made.set(String(plan.extra_info['Table Index']), plan.children[0]!);
	const hasPeople = (plan: Plan): boolean => {
		// A sum of everybody is one row.
		if (plan.name === 'UNGROUPED_AGGREGATE') return false;
		if (plan.name.trim() === 'CTE_SCAN') {
			const from = made.get(String(plan.extra_info['CTE Index']));
			return from !== undefined && hasPeople(from);
		}
		const table = plan.extra_info.Table && String(plan.extra_info.Table).split('.').at(-1)!;
		return (table !== undefined && ofPeople.has(table)) || plan.children.some(hasPeople);
	};
	return all(top)
		.filter((plan) => /NESTED_LOOP|BLOCKWISE|PIECEWISE|IE_JOIN/.test(plan.name) && plan.children.every(hasPeople))
		.map((plan) => `${plan.name} ${JSON.stringify(plan.extra_info.Conditions ?? plan.extra_info.Condition)}`);
}

const planned = ['facts', 'lists', 'measures', 'published', 'audit_rules']
	.flatMap(sqlFiles)
	.filter((file) => file.name !== 'adherence_fact' && !readCard(file.text).fields['Not run']);

test.each(planned.map((file): [string, SqlFile] => [file.path, file]))('%s', async (_, file) => {
	const [plan] = await connection.rows<{ explain_value: string }>(`explain (format json) ${file.text}`);
	expect((JSON.parse(plan!.explain_value) as Plan[]).flatMap(pairs)).toEqual([]);
});
