import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * One row for each time somebody dismissed a problem that claims show, or took that back; the latest of a problem counts. Triggers of the database
 * refuse to change or delete a row.
 */
export const problem_decision = sqliteTable(
	'problem_decision',
	{
		/** 1, 2, 3 ...: the order of decisions. */
		seq: integer().primaryKey(),
		/** The instant, UTC, ISO. */
		at: text().notNull(),
		/** The user's id. */
		by: text().notNull(),
		/** The product's own opaque id of the patient. */
		patient: text().notNull(),
		list: text().notNull(),
		/** What the problem is about; empty where the list has one problem a patient. */
		subject: text().notNull(),
		decision: text({ enum: ['dismissed', 'reopened'] }).notNull(),
		/** Why, a word of the list of reasons; null when taken back. */
		reason: text(),
		/** The last day it is dismissed, ISO; null when taken back. */
		until_on: text()
	},
	(table) => [index('problem_decision_patient').on(table.patient)]
);
