import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * One row for each look and each deed, chained by hash. Triggers of the database refuse to change or delete a row, to skip a number and to
 * follow anything but the last row.
 */
export const access_log = sqliteTable(
	'access_log',
	{
		/** 1, 2, 3 ... without a hole. */
		seq: integer().primaryKey(),
		/** The instant, UTC, ISO. */
		at: text().notNull(),
		kind: text().notNull(),
		/** The user's id, or who acts without one: the owner in the shell, nobody before a sign-in. */
		by: text().notNull(),
		session: text(),
		/** The product's own opaque id of a patient, never the plan's. */
		patient: text(),
		purpose: text(),
		reason: text(),
		/** What else is worth knowing, as JSON with its keys in order; no identifiers. */
		detail: text().notNull(),
		previous: text().notNull(),
		hash: text().notNull()
	},
	(table) => [index('access_log_patient').on(table.patient), index('access_log_by').on(table.by)]
);
