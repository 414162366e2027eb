import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Reveal } from '$lib/domain/viewer';
import { user } from './user';

/** A browser that signed in. Deleting the row ends it at once. */
export const auth_session = sqliteTable(
	'auth_session',
	{
		id: text().primaryKey(),
		/** SHA-256 of the secret in the cookie, hex; the secret itself is kept nowhere. */
		secret_hash: text().notNull(),
		user_id: text()
			.notNull()
			.references(() => user.id),
		created_at: integer().notNull(),
		/** When the person last did something: what idle time counts from. */
		active_at: integer().notNull(),
		/** The end whatever happens. */
		expires_at: integer().notNull(),
		/** Set while the session waits for its password again. */
		locked_at: integer(),
		/** Set while the code of the second factor is still missing: nothing is shown. */
		awaiting: text({ enum: ['code'] }),
		reveals: text({ mode: 'json' }).$type<Reveal[]>().notNull().default([]),
		/** Where it came from, for the person's own list of sessions. */
		address: text().notNull(),
		browser: text().notNull()
	},
	(table) => [index('auth_session_user').on(table.user_id)]
);
