import { all, peek } from '$lib/domain/ecareplan/element';
import type { Resource } from '$lib/domain/ecareplan/plan';
import type { Connection } from '$lib/server/duckdb';
import { currentSql } from '$lib/server/load/current';
import type { Placed } from '$lib/server/load/manifest';
import { intakeTable } from '$lib/server/load/table';

/** Whose a plan is: the roster's person_id, or the rule by which nobody is taken for it. */
export type Whose = { person_id: string } | { refused: 'unknown_person' | 'several_persons' | 'other_birth_date' };

type Known = { identifier: string; person_id: string; birth_date: string | null };

/**
 * The person each patient of the plans is. One identifier of the plan must be a person_id, member_id or MBI of one person of the roster, with the
 * same birth date: numbers of two senders may be alike, and a plan given to somebody else would harm both. Where the asker names the identifier system
 * that holds the person_id, that identifier is taken, on the roster or not; a birth date that the roster knows must agree all the same.
 */
export async function findPeople(
	connection: Connection,
	loads: Placed[],
	engine: string,
	patients: Resource[],
	system: string | null
): Promise<Map<Resource, Whose>> {
	const identifiers = (patient: Resource) =>
		all(patient.element, 'identifier').flatMap((each) => {
			const value = peek(each, 'value');
			return value && (system === null || peek(each, 'system') === system) ? [value] : [];
		});
	const wanted = [...new Set(patients.flatMap(identifiers))];
	const roster = wanted.length ? currentSql(intakeTable('eligibility'), loads, engine) : null;
	const known = new Map<string, Known[]>();
	if (roster) {
		await connection.run('create or replace temp table plan_identifier (identifier varchar)');
		for (let from = 0; from < wanted.length; from += 10_000)
			await connection.run(`insert into plan_identifier select unnest(from_json($some::varchar, '["varchar"]'))`, {
				some: JSON.stringify(wanted.slice(from, from + 10_000))
			});
		const rows = await connection.rows<Known>(
			`with roster as (select distinct person_id, member_id, mbi, birth_date from (${roster})),
			named as (select person_id as identifier, person_id, birth_date from roster union select member_id, person_id, birth_date from roster union select mbi, person_id, birth_date from roster)
			select identifier, person_id, min(birth_date)::date::varchar as birth_date from named semi join plan_identifier using (identifier) group by all order by all`
		);
		await connection.run('drop table plan_identifier');
		for (const each of rows) known.set(each.identifier, [...(known.get(each.identifier) ?? []), each]);
	}
	return new Map(
		patients.map((patient) => [patient, whose(identifiers(patient), peek(patient.element, 'birthDate'), known, system)])
	);
}

function whose(identifiers: string[], birth: string | null, known: Map<string, Known[]>, system: string | null): Whose {
	const found = identifiers.flatMap((each) => known.get(each) ?? []);
	const people = [...new Set(found.map((each) => each.person_id))];
	const agrees = (each: Known) => each.birth_date === birth || (system !== null && birth === null);
	const same = [...new Set(found.filter(agrees).map((each) => each.person_id))];
	if (same.length === 1) return { person_id: same[0]! };
	if (same.length > 1) return { refused: 'several_persons' };
	if (people.length) return { refused: 'other_birth_date' };
	const named = [...new Set(identifiers)];
	if (system === null || !named.length) return { refused: 'unknown_person' };
	return named.length === 1 ? { person_id: named[0]! } : { refused: 'several_persons' };
}
