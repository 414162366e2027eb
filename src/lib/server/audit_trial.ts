import { auditRules } from './build/audit';
import { literal, name } from './duckdb';
import type { Home } from './home';
import { reading } from './reader';
import { usage } from './trouble';
import { wrongSetting } from './setting';
import type { Scope } from '$lib/domain/scope';

/** One value of a parameter and what it would be changed to. */
export type Trial = {
	parameter: string;
	program: string | null;
	payer: string | null;
	effective_from: string;
	value: string;
};
export type TrialResult = { now: { claims: number; at_risk: number }; then: { claims: number; at_risk: number } };

/**
 * What a rule flags of a year with its values as they are, and what it would flag with one of them changed; nothing is kept. Exit 1 for a
 * rule or parameter that is not there or a value that it cannot have.
 */
export async function tryRule(home: Home, scope: Scope, id: string, year: number, trial: Trial): Promise<TrialResult> {
	const rule = auditRules().find((one) => one.id === id && one.notRun === null);
	if (!rule || !rule.parameters.includes(trial.parameter))
		throw usage(`The rule "${id}" has no parameter "${trial.parameter}".`);
	return await reading(home, scope, async (reader) => {
		const connection = await reader.database.connect();
		try {
			const [known] = await connection.rows<{ allowed: string }>(
				'select allowed from audit_parameter where parameter = $parameter',
				{ parameter: trial.parameter }
			);
			const wrong = wrongSetting({ setting: trial.parameter, value: trial.value }, [
				{ setting: trial.parameter, value: '', allowed: known?.allowed ?? '' }
			]);
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
			const column = name(trial.parameter);
			const same = (one: 'program' | 'payer') =>
				`${one} is not distinct from ${trial[one] === null ? 'null' : literal(trial[one])}`;
			// The same choice as audit_term's, of the same values but for the one that is tried.
			await connection.run(`create temp table audit_term as
				with tried as (
					select * replace (
						case when ${same('program')} and ${same('payer')} and effective_from = date ${literal(trial.effective_from)}
							then ${literal(trial.value)} else value end as value)
					from main.audit_value where parameter = ${literal(trial.parameter)}
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
				select term.* replace (${/ to /.test(known!.allowed) ? 'chosen.value::integer' : 'chosen.value'} as ${column})
				from main.audit_term as term left join chosen on term.term_no = chosen.term_no`);
			const then = await count();
			await connection.run('drop table temp.audit_term');
			return { now, then };
		} finally {
			connection.close();
		}
	});
}
