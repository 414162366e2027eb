// Every table of the records. A new table gets a file of its own beside this one, a line here, and a migration:
// npx drizzle-kit generate --config src/lib/server/records/drizzle.config.ts --name WHAT
export * from './access_log';
export * from './annotation';
export * from './audit_step';
export * from './auth_session';
export * from './problem_decision';
export * from './saved_view';
export * from './sign_in';
export * from './user';
