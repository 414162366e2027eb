import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { user } from './user';

/** Failed attempts by account and by address, for the growing delay. */
export const login_attempt = sqliteTable(
	'login_attempt',
	{
		kind: text({ enum: ['name', 'address'] }).notNull(),
		/** SHA-256 of the name or address: people type passwords into the wrong field. */
		subject: text().notNull(),
		failures: integer().notNull(),
		last_at: integer().notNull(),
		/** No attempt is looked at before this. */
		wait_until: integer().notNull()
	},
	(table) => [primaryKey({ columns: [table.kind, table.subject] })]
);

/** A link that lets one person in once: to choose a password, or straight in for users of the demo. */
export const one_time_link = sqliteTable(
	'one_time_link',
	{
		id: text().primaryKey(),
		secret_hash: text().notNull(),
		user_id: text()
			.notNull()
			.references(() => user.id),
		created_at: integer().notNull(),
		expires_at: integer().notNull(),
		used_at: integer()
	},
	(table) => [index('one_time_link_user').on(table.user_id)]
);

/** Codes for the day the phone is lost; each works once. */
export const recovery_code = sqliteTable(
	'recovery_code',
	{
		code_hash: text().primaryKey(),
		user_id: text()
			.notNull()
			.references(() => user.id),
		used_at: integer()
	},
	(table) => [index('recovery_code_user').on(table.user_id)]
);

/** What administrators set, such as idle_minutes; a row that is absent has its default. */
export const setting = sqliteTable('setting', {
	name: text().primaryKey(),
	value: text().notNull(),
	changed_at: integer().notNull(),
	changed_by: text().notNull()
});
