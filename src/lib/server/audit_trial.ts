import { changedValues, changeProblem, ruleTold, type ValueChange } from './audit_value';
import { literal, name } from './duckdb';
import type { Home } from './home';
import { reading } from './reader';
import { usage } from './trouble';
import type { Scope } from '$lib/domain/scope';

export type TrialResult = { now: { claims: number; at_risk: number }; then: { claims: number; at_risk: number } };

/**
 * What a rule flags of a year with its values as they are, and what it would flag with one of them changed; nothing is kept. Exit 1 for a
 * rule or parameter that is not there or a value that it cannot have.
 */
export async function tryRule(
	home: Home,
	scope: Scope,
	id: string,
	year: number,
	change: ValueChange
): Promise<TrialResult> {
	const rule = ruleTold(id, change.parameter);
	return await reading(home, scope, async (reader) => {
		const connection = await reader.database.connect();
		try {
			const wrong = await changeProblem(connection, 'audit_value', change);
			if (wrong) throw usage(`${wrong}. Nothing was computed.`);
			const count = async () =>
				(
					await connection.rows<{ claims: number; at_risk: number }>(
						`select
							count(distinct struct_pack(source := line.data_source, id := line.claim_id)) as claims,
							coalesce(sum(round(least(greatest(hit.at_risk, 0), line.paid), 2)), 0)::double as at_risk
						from (${rule.file.text}) as hit
						inner join audit_claim as line on hit.line_no = line.line_no
						where year(line.held_on) = ${Number(year)}`
					)
				)[0]!;
			const now = await count();
			const column = name(change.parameter);
			const { is_number } = (
				await connection.rows<{ is_number: boolean }>(
					`select regexp_matches(allowed, ' to ') as is_number from audit_parameter where parameter = ${literal(change.parameter)}`
				)
			)[0]!;
			// The same choice as audit_term's, of the same values but for the one that is tried.
			await connection.run(`create temp table audit_term as
				with tried as (
					from (${changedValues('main.audit_value', change, 'tried')}) where parameter = ${literal(change.parameter)}
				),
				chosen as (
					select term.term_no, arg_max(tried.value, (tried.payer is not null, tried.program is not null, tried.effective_from)) as value
					from main.audit_term as term
					inner join tried
						on term.service_date between tried.effective_from and coalesce(tried.effective_to, date '9999-12-31')
						and coalesce(tried.program, term.program, '') = coalesce(term.program, '')
						and coalesce(tried.payer, term.payer, '') = coalesce(term.payer, '')
					group by term.term_no
				)
				select term.* replace (${is_number ? 'chosen.value::integer' : 'chosen.value'} as ${column})
				from main.audit_term as term left join chosen on term.term_no = chosen.term_no`);
			const then = await count();
			await connection.run('drop table temp.audit_term');
			return { now, then };
		} finally {
			connection.close();
		}
	});
}
