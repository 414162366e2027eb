import { readCard } from '../catalog';
import { name, type Connection } from '../duckdb';
import type { SqlFile } from '../sql';

/** Claims that a fact made by ranges of patients takes at once, so that its sort stays in memory. */
const claimsInRange = 6_000_000;

/** Whether the card of a fact says that it is made for some of the patients after others, in order of their numbers (`Ranges: patients`). */
export const byRanges = (file: SqlFile): boolean => Boolean(readCard(file.text).fields.Ranges);

/** Makes the table of a fact from its select; `alone` while no other statement runs in the database, whose settings it may then change for itself. */
export async function createFact(connection: Connection, file: SqlFile, alone: boolean): Promise<void> {
	const create = `create table ${name(file.name)} as ${file.text}`;
	// A select that ends in an order by is stored in that order; keeping the order of its inputs as well only costs memory.
	const sorted = /\border by [^()]*$/.test(file.text.trim());
	if (!alone || !sorted) return await connection.run(create);
	await connection.run('set preserve_insertion_order = false');
	try {
		await connection.run(create);
	} finally {
		await connection.run('set preserve_insertion_order = true');
	}
}

/** The same for a fact by ranges of patients: `atOnce` claims, about, in each. It changes settings of the whole database while it runs. */
export async function createByRanges(connection: Connection, file: SqlFile, atOnce = claimsInRange): Promise<void> {
	const { patients, claims } = await connection.row<{ patients: number; claims: number }>(
		'select (select count(*) from person) as patients, (select count(*) from pharmacy_claim) as claims'
	);
	const size = Math.max(1, Math.ceil(patients / Math.max(1, Math.ceil(claims / atOnce))));
	// The planner takes the claims of a range for few and would build its hash tables of them; as written, they are of what claims are looked up in.
	await connection.run("set disabled_optimizers = 'join_order,build_side_probe_side'");
	await connection.run('set preserve_insertion_order = false');
	try {
		for (let first = 1; first === 1 || first <= patients; first += size) {
			await connection.run(`set variable first_patient = ${first}`);
			await connection.run(`set variable last_patient = ${first + size - 1}`);
			await connection.run(
				`${first === 1 ? `create table ${name(file.name)} as` : `insert into ${name(file.name)}`} ${file.text}`
			);
		}
	} finally {
		await connection.run('reset disabled_optimizers');
		await connection.run('set preserve_insertion_order = true');
	}
}
