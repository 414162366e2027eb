import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Who may sign in. A row is never deleted: the log names it. Times are milliseconds since 1970. */
export const user = sqliteTable(
	'user',
	{
		/** Random; says nothing about the person. */
		id: text().primaryKey(),
		name: text().notNull(),
		/** The name as compared: NFKC, lower case. */
		name_key: text().notNull(),
		role: text().notNull(),
		/** The limits of what the person may see: JSON lists, null where nothing is limited. */
		pharmacies: text({ mode: 'json' }).$type<string[]>(),
		plans: text({ mode: 'json' }).$type<string[]>(),
		contracts: text({ mode: 'json' }).$type<string[]>(),
		programs: text({ mode: 'json' }).$type<string[]>(),
		/** Argon2id, with its salt and cost; null until the person has chosen a password. */
		password_hash: text(),
		/** The secret of the second factor, base32; null when there is none. */
		totp_secret: text(),
		/** A secret shown but not yet proven by a code. */
		totp_pending: text(),
		/** The last time step whose code was used: a code works once. */
		totp_step: integer(),
		/** A made-up user of the demo, who signs in by link alone. */
		is_demo: integer({ mode: 'boolean' }).notNull().default(false),
		created_at: integer().notNull(),
		created_by: text().notNull(),
		disabled_at: integer()
	},
	(table) => [uniqueIndex('user_name').on(table.name_key)]
);
