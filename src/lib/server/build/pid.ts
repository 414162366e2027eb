import { randomBytes } from 'node:crypto';
import { DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import { name, type Connection } from '../duckdb';

const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ten random letters and digits (50 bits, Crockford's base 32): says nothing about the person it stands for. */
export function opaqueId(): string {
	const bytes = randomBytes(10);
	let id = '';
	for (const byte of bytes) id += letters[byte & 31];
	return id;
}

/**
 * Makes `person_pid` (patient_no, pid) for the table person: people known to results made before (these catalogs, the first that knows them)
 * keep their id, others get a new one that nobody has.
 */
export async function makePids(connection: Connection, earlier: string[]): Promise<void> {
	await connection.run('create or replace table person_pid (patient_no integer, pid varchar)');
	for (const catalog of earlier)
		await connection.run(`
			insert into person_pid
			select person.patient_no, before.pid
			from person
			inner join ${name(catalog)}.main.patient as before on person.patient_id = before.patient_id
			anti join person_pid on person.patient_no = person_pid.patient_no
			where before.pid is not null`);
	const taken = new Set<string>();
	if (earlier.length)
		for (const { pid } of await connection.rows<{ pid: string }>('select pid from person_pid')) taken.add(pid);
	await connection.run(
		'create or replace temp table new_person as select patient_no, row_number() over (order by patient_no) as place from person anti join person_pid using (patient_no)'
	);
	const { people } = await connection.row<{ people: number }>('select count(*) as people from new_person');
	await connection.run('create or replace temp table fresh (pid varchar)');
	const appender = await connection.raw.createAppender('fresh', 'main', 'temp');
	for (let made = 0; made < people;) {
		const ids: string[] = [];
		while (ids.length < 2048 && made < people) {
			const id = opaqueId();
			if (taken.has(id)) continue;
			taken.add(id);
			ids.push(id);
			made++;
		}
		const chunk = DuckDBDataChunk.create([VARCHAR], ids.length);
		chunk.setColumnValues(0, ids);
		appender.appendDataChunk(chunk);
	}
	appender.closeSync();
	await connection.run(`
		insert into person_pid
		select new_person.patient_no, numbered.pid
		from new_person
		inner join (select pid, row_number() over () as place from fresh) as numbered using (place)`);
	await connection.run('drop table fresh; drop table new_person');
}
