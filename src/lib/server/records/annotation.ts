import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * One row for each dated note on charts over time, and one for each note taken back. Triggers of the database refuse to change or delete a row.
 */
export const annotation = sqliteTable(
	'annotation',
	{
		/** 1, 2, 3 ...: the order in which they were written. */
		seq: integer().primaryKey(),
		/** The instant, UTC, ISO. */
		at: text().notNull(),
		/** The user's id. */
		by: text().notNull(),
		/** The number of the note that this row takes back, once at most; null for a note. What follows is null where this is not. */
		removes: integer(),
		/** The day of what is noted, ISO. */
		on_day: text(),
		/** Whom it is about: all, pharmacy, plan, contract or program, and which. */
		group_kind: text({ enum: ['all', 'pharmacy', 'plan', 'contract', 'program'] }),
		group_value: text(),
		/** The measure it is about; null for every measure. */
		measure: text(),
		words: text(),
		/** Whether a new level of a control chart begins in the month of the day. */
		begins_level: integer({ mode: 'boolean' })
	},
	(table) => [uniqueIndex('annotation_removes').on(table.removes)]
);
