import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayOf } from '$lib/domain/day';
import { leavesOutNobody, type Scope } from '$lib/domain/scope';
import { auditRules, type AuditRule } from './build/audit';
import { literal, openDatabase, type Connection } from './duckdb';
import type { Home } from './home';
import { importReference } from './reference/import';
import { referenceTable } from './reference/load';
import { record } from './records/log';
import { wrongSetting } from './setting';
import { denied, usage } from './trouble';

/** One value of a parameter of the audit's rules, and what it would be changed to from which day on. */
export type ValueChange = {
	parameter: string;
	program: string | null;
	payer: string | null;
	effective_from: string;
	value: string;
	/** The first day of service that the new value counts for: the old one's first or a later one. */
	from: string;
};

const isIt = ({ parameter, program, payer, effective_from }: ValueChange) =>
	`parameter = ${literal(parameter)} and effective_from = date ${literal(effective_from)}
	and program is not distinct from ${program === null ? 'null' : literal(program)}
	and payer is not distinct from ${payer === null ? 'null' : literal(payer)}`;

/**
 * The select that gives the rows of a table like `audit_value` with one of them changed: up to the day before `from` the old value holds, from then on
 * the new one, to the old one's end. `source` is what the new row says of where it comes from.
 */
export const changedValues = (table: string, change: ValueChange, source: string): string =>
	`select * replace (case when ${isIt(change)} then date ${literal(change.from)} - 1 else effective_to end as effective_to)
	from ${table}
	where not (${isIt(change)} and effective_from = date ${literal(change.from)})
	union all by name
	select * replace (${literal(change.value)} as value, date ${literal(change.from)} as effective_from, ${literal(source)} as source, 'D' as mark)
	from ${table}
	where ${isIt(change)}`;

/** What of a change cannot be, in words, by the values of a table like `audit_value`; null for one that can be. */
export async function changeProblem(
	connection: Connection,
	table: string,
	change: ValueChange
): Promise<string | null> {
	try {
		dayOf(change.from);
		dayOf(change.effective_from);
	} catch {
		return `"${change.from}" is not a day; write it as 2026-01-31`;
	}
	const [known] = await connection.rows<{ value: string; allowed: string; is_inside: boolean }>(
		`select told.value, parameter.allowed,
			date ${literal(change.from)} between told.effective_from and coalesce(told.effective_to, date '9999-12-31') as is_inside
		from (from ${table} where ${isIt(change)}) as told
		inner join audit_parameter as parameter on told.parameter = parameter.parameter`
	);
	if (!known) return 'This value is not there any more; somebody may have changed it meanwhile';
	if (!known.is_inside)
		return `The value of ${change.effective_from} does not hold on ${change.from}; choose a day on which it does`;
	return wrongSetting({ setting: change.parameter, value: change.value }, [
		{ setting: change.parameter, value: '', allowed: known.allowed }
	]);
}

/** The rule, if it is run and is told this parameter; exit 1 otherwise. */
export function ruleTold(id: string, parameter: string): AuditRule {
	const rule = auditRules().find((one) => one.id === id && one.notRun === null);
	if (!rule || !rule.parameters.includes(parameter)) throw usage(`The rule "${id}" has no parameter "${parameter}".`);
	return rule;
}

/**
 * Keeps a changed value as an import of the reference table `audit_value`, made of the values that were imported last, and logs it; gives the number
 * of the import, which `mtm reference forget` takes out again. It counts from the next refresh on. Values are everybody's, so who sees a part of the
 * home alone is refused (exit 3); a change that cannot be is exit 1. Nothing is kept then.
 */
export async function keepValue(
	home: Home,
	who: { id: string; session: string; name: string },
	scope: Scope,
	id: string,
	change: ValueChange
): Promise<number> {
	if (!leavesOutNobody(scope.limits))
		throw denied("The values of rules are everybody's, and you see a part of the home. Nothing was kept.");
	ruleTold(id, change.parameter);
	const folder = mkdtempSync(join(tmpdir(), 'mtm-value-'));
	try {
		const file = join(folder, 'audit_value.csv');
		const database = await openDatabase();
		try {
			const connection = await database.connect();
			for (const table of ['audit_value', 'audit_parameter'] as const)
				await connection.run(`create table ${table} as ${referenceTable(home, table)}`);
			const wrong = await changeProblem(connection, 'audit_value', change);
			if (wrong) throw usage(`${wrong}. Nothing was kept.`);
			const { was } = await connection.row<{ was: string }>(
				`select value as was from audit_value where ${isIt(change)}`
			);
			if (was === change.value) throw usage(`${change.parameter} is ${was} already. Nothing was kept.`);
			const source = `set by ${who.name} at ${new Date().toISOString()}; it was ${was}`;
			await connection.run(
				`copy (from (${changedValues('audit_value', change, source)})
				order by parameter, program nulls first, payer nulls first, effective_from) to ${literal(file)} (header)`
			);
		} finally {
			database.close();
		}
		await record(home, {
			kind: 'setting_changed',
			by: who.id,
			session: who.session,
			detail: {
				rule: id,
				parameter: change.parameter,
				program: change.program,
				payer: change.payer,
				value: change.value,
				from: change.from
			}
		});
		const [done] = await importReference(home, [file]);
		return done!.import.id;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** True when the values of rules that count were changed (imported, or an import forgotten) and the results, which know `shown`, were not computed since. */
export async function valuesWait(home: Home, shown: readonly Omit<ValueChange, 'from'>[]): Promise<boolean> {
	const words = (one: Omit<ValueChange, 'from'>) =>
		JSON.stringify([one.parameter, one.program, one.payer, one.effective_from, one.value]);
	const database = await openDatabase();
	try {
		const now = await (
			await database.connect()
		).rows<Omit<ValueChange, 'from'>>(
			`select * replace (effective_from::varchar as effective_from) from (${referenceTable(home, 'audit_value')})`
		);
		return now.map(words).sort().join() !== shown.map(words).sort().join();
	} finally {
		database.close();
	}
}
