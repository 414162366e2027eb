import { defineConfig } from 'drizzle-kit';

export default defineConfig({
	dialect: 'sqlite',
	schema: './src/lib/server/records/schema.ts',
	out: './src/lib/server/records/migrations'
});
