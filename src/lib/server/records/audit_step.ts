import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * One row for each thing decided or said of a finding of the audit: a rule and a claim. Rows are only added; triggers refuse to change or
 * delete one, and to add to a finding that a second auditor closed. What the finding said then is kept with it.
 */
export const audit_step = sqliteTable(
	'audit_step',
	{
		id: integer().primaryKey({ autoIncrement: true }),
		data_source: text().notNull(),
		claim_id: text().notNull(),
		rule_id: text().notNull(),
		rule_version: integer().notNull(),
		/** decision, reply, agree or disagree. */
		kind: text().notNull(),
		decision: text(),
		reason: text(),
		amount: real(),
		words: text(),
		/** The evidence and the dollars at risk when this was decided. */
		expected: text(),
		found: text(),
		at_risk: real(),
		/** What the rule was told when this was decided, such as "time_rule midpoint". */
		told: text(),
		by: text().notNull(),
		/** The instant, UTC, ISO. */
		at: text().notNull()
	},
	(table) => [index('audit_step_finding').on(table.claim_id, table.rule_id)]
);
