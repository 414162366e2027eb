import { readCard } from '../catalog';
import { literal, name, type Connection } from '../duckdb';
import { sqlFile, sqlFiles, type SqlFile } from '../sql';
import { tablesRead, type Work } from './order';

/** A rule of the audit: one file of sql/audit_rules, its card and its select of line_no, expected, found and at_risk. */
export type AuditRule = {
	id: string;
	version: number;
	title: string;
	severity: 'recover' | 'correct' | 'note';
	statement: string;
	message: string;
	recovers: string;
	documents: string;
	/** Input tables, or columns of them, without which the rule tells nothing. */
	needs: string[];
	parameters: string[];
	/** Whose lines decide whether a line is flagged: its own patient's, or all patients' because they are held against each other. */
	compares: 'theirs' | 'all';
	/** Why the rule is never run; null for one that is. */
	notRun: string | null;
	file: SqlFile;
};

const words = (text: string | undefined) => (text ?? '').split(/,\s*/).filter((word) => word !== '');

function readRule(file: SqlFile): AuditRule {
	const { fields } = readCard(file.text);
	const need = (field: string) => {
		const text = fields[field];
		if (!text) throw new Error(`${file.path}: the card has no "${field}"`);
		return text;
	};
	const severity = need('Severity');
	if (severity !== 'recover' && severity !== 'correct' && severity !== 'note')
		throw new Error(`${file.path}: the severity is recover, correct or note, not "${severity}"`);
	return {
		id: need('Rule'),
		version: Number(need('Version')),
		title: need('Title'),
		severity,
		statement: need('Statement'),
		message: need('Message'),
		recovers: need('Recovers'),
		documents: need('Documents'),
		needs: words(fields.Needs),
		parameters: words(fields.Parameters),
		compares: fields.Compares === 'all patients' ? 'all' : 'theirs',
		notRun: fields['Not run'] ?? null,
		file
	};
}

let rules: AuditRule[] | undefined;

/** Every rule of the audit, by id. Throws with file and field when a card lacks one: that is a fault of ours. */
export const auditRules = (): AuditRule[] => (rules ??= sqlFiles('audit_rules').map(readRule));

/** What a rule cannot be run without and the intake does not have, in words; null when it can be run. */
async function missingNeed(connection: Connection, needs: string[]): Promise<string | null> {
	for (const need of needs) {
		const [table, column] = need.split('.') as [string, string | undefined];
		const { has } = await connection.row<{ has: boolean }>(
			`select count(*) > 0 as has from (from ${name(table)} ${column ? `where ${name(column)} is not null` : ''} limit 1)`
		);
		if (!has) return column ? `No row of ${table} has ${column}.` : `No ${table} is loaded.`;
	}
	return null;
}

/** Makes audit_rule: one row for each rule, with the words of its card and, for one that is not run, why. */
async function makeRules(connection: Connection): Promise<void> {
	await connection.run(`create table audit_rule (
		rule_id varchar, rule_version integer, title varchar, severity varchar, statement varchar, message varchar, recovers varchar,
		documents varchar, parameters varchar[], not_run_because varchar)`);
	for (const rule of auditRules()) {
		const why = rule.notRun ?? (await missingNeed(connection, rule.needs));
		const texts = [rule.title, rule.severity, rule.statement, rule.message, rule.recovers, rule.documents].map(literal);
		await connection.run(
			`insert into audit_rule values (${literal(rule.id)}, ${rule.version}, ${texts.join(', ')},
			[${rule.parameters.map(literal).join(', ')}]::varchar[], ${why === null ? 'null' : literal(why)})`
		);
	}
}

/** The rules that are run of these tables. */
async function rulesRun(connection: Connection): Promise<AuditRule[]> {
	const run = await connection.rows<{ rule_id: string }>(
		'select rule_id from audit_rule where not_run_because is null'
	);
	return auditRules().filter((one) => run.some((row) => row.rule_id === one.id));
}

/** What rules find, as they find it, in a table of its own that goes away: line_no, expected, found and at_risk of each rule. */
async function withHits(connection: Connection, rules: AuditRule[], use: () => Promise<void>): Promise<void> {
	await connection.run(
		'create temp table audit_hit (rule_id varchar, line_no integer, expected varchar, found varchar, at_risk double)'
	);
	try {
		for (const rule of rules)
			await connection.run(
				`insert into audit_hit select ${literal(rule.id)}, line_no, expected, found, at_risk from (${rule.file.text})`
			);
		await use();
	} finally {
		await connection.run('drop table audit_hit');
	}
}

/**
 * Makes audit_finding: one row for each rule and line of a claim that it flags. amount_at_risk is what the rule alone would recover, in cents
 * and never more than the line's payment. A rule that is not run has no rows; audit_rule says so.
 */
async function makeFindings(connection: Connection): Promise<void> {
	await withHits(connection, await rulesRun(connection), () =>
		connection.run(
			`create table audit_finding as
			select line.patient_no, line.data_source, line.claim_id, line.claim_line_number, hit.rule_id, rule.rule_version,
				rule.severity, hit.expected, hit.found,
				case when line.is_final then round(least(greatest(hit.at_risk, 0), greatest(line.paid_amount::double, 0)), 2) else 0 end as amount_at_risk,
				line.line_no, coalesce(documented.service_id, line.service_id) as service_id, rule.message as finding
			from audit_hit as hit
			inner join audit_rule as rule on hit.rule_id = rule.rule_id
			inner join mtm_claim_line as line on hit.line_no = line.line_no
			left join audit_line as documented on hit.line_no = documented.line_no
			order by hit.rule_id, line.line_no`
		)
	);
}

/**
 * Makes unbilled_finding: one row for each rule and unbilled session whose claim it would flag if that were sent on the as-of day, by the rules that
 * are run, over the lines of that claim and those of its patient; a rule that holds patients against each other sees every line there is. Nothing is
 * at risk of it: nothing was paid.
 */
async function makeUnbilledFindings(connection: Connection): Promise<void> {
	await connection.run(`create table unbilled_finding (
		patient_no integer, data_source varchar, service_id varchar, rule_id varchar, expected varchar, found varchar)`);
	const { any } = await connection.row<{ any: boolean }>('select count(*) > 0 as any from unbilled_line');
	if (!any) return;
	const rules = await rulesRun(connection);
	// The rules read mtm_claim_line and audit_line: while they run here, what goes by these names goes away and holds the lines to be sent.
	await connection.run('create temp table mtm_claim_line as from results.main.mtm_claim_line limit 0');
	await connection.run('insert into temp.mtm_claim_line by name from unbilled_line');
	await connection.run(`create temp table unbilled_audit_line as ${sqlFile('facts', 'audit_line').text}`);
	const findingsOf = async (patients: AuditRule['compares']) => {
		// Many rules read the lines of their patients, which are gathered for them; few read everybody's, where they lie.
		const [kind, whose] = patients === 'all' ? ['view', ''] : ['table', 'semi join unbilled_line using (patient_no)'];
		await connection.run(`create temp ${kind} audit_line as
			select * from results.main.audit_line ${whose} union all by name from unbilled_audit_line`);
		try {
			await withHits(
				connection,
				rules.filter((rule) => rule.compares === patients),
				() =>
					connection.run(
						`insert into unbilled_finding
						select line.patient_no, line.data_source, line.service_id, hit.rule_id, min(hit.expected), min(hit.found)
						from audit_hit as hit
						inner join unbilled_line as line on hit.line_no = line.line_no
						group by line.patient_no, line.data_source, line.service_id, hit.rule_id
						order by hit.rule_id, line.patient_no, line.service_id`
					)
			);
		} finally {
			await connection.run(`drop ${kind} temp.audit_line`);
		}
	};
	try {
		await findingsOf('theirs');
		await findingsOf('all');
	} finally {
		await connection.run('drop table temp.unbilled_audit_line; drop table temp.mtm_claim_line');
	}
}

/** What makes the audit's tables. */
export function auditTasks(connection: Connection): (Work & { does: () => Promise<void> })[] {
	const read = async (): Promise<string[]> => {
		const tables = new Set(['audit_rule', 'audit_line', 'mtm_claim_line']);
		for (const rule of auditRules())
			if (rule.notRun === null) for (const table of await tablesRead(connection, rule.file)) tables.add(table);
		return [...tables];
	};
	return [
		{ makes: 'audit_rule', reads: async () => [], does: () => makeRules(connection) },
		{ makes: 'audit_finding', reads: read, does: () => makeFindings(connection) },
		{
			makes: 'unbilled_finding',
			reads: async () => [...(await read()), 'unbilled_line'],
			does: () => makeUnbilledFindings(connection)
		}
	];
}
