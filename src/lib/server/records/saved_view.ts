import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** One row for each saved view, and for each address that was too long for a link. It can be saved again under its name, and removed. */
export const saved_view = sqliteTable(
	'saved_view',
	{
		/** Opaque, what `view=` of an address names. */
		id: text().primaryKey(),
		/** The id of the user who saved it. */
		by: text().notNull(),
		/** Null for an address that was kept because it is long. */
		name: text(),
		/** The name in small letters: a user has one view of a name. */
		name_key: text(),
		/** The path of the page. */
		path: text().notNull(),
		/** The query of the address. */
		words: text().notNull(),
		filters_only: integer({ mode: 'boolean' }).notNull(),
		pinned: integer({ mode: 'boolean' }).notNull(),
		shared: integer({ mode: 'boolean' }).notNull(),
		/** The instants, UTC, ISO. */
		saved_at: text().notNull(),
		used_at: text().notNull()
	},
	(table) => [uniqueIndex('saved_view_name').on(table.by, table.name_key)]
);
