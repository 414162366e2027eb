import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const lib = fileURLToPath(new URL('src/lib', import.meta.url));

/** In tests the files of SQL are one module: as one each, every file of tests would fetch hundreds of them anew. */
const sqlAtOnce: Plugin = {
	name: 'sql-at-once',
	enforce: 'pre',
	transform(code, id) {
		if (id !== join(lib, 'server', 'sql.ts')) return;
		const root = join(lib, '..', '..');
		const files = readdirSync(join(root, 'sql'), { recursive: true, encoding: 'utf8' }).filter((file) =>
			file.endsWith('.sql')
		);
		const texts = files.map((file) => [
			`/sql/${file.split(sep).join('/')}`,
			readFileSync(join(root, 'sql', file), 'utf8')
		]);
		return code.replace(/import\.meta\.glob\(.*?\}\)/s, () => JSON.stringify(Object.fromEntries(texts)));
	}
};

export default defineConfig(({ mode }) =>
	mode === 'cli'
		? {
				resolve: { alias: { $lib: lib } },
				publicDir: false,
				build: {
					ssr: 'src/cli/main.ts',
					outDir: 'build/cli',
					emptyOutDir: true,
					target: 'node20',
					minify: false,
					rolldownOptions: { output: { entryFileNames: 'main.js', chunkFileNames: '[name]-[hash].js' } }
				}
			}
		: mode === 'test'
			? {
					plugins: [sqlAtOnce],
					resolve: { alias: { $lib: lib } },
					test: {
						include: ['tests/**/*.test.ts'],
						globalSetup: ['tests/laws/shared_homes.ts'],
						// For what hangs, and not for what is slow beside other work.
						testTimeout: 300_000,
						hookTimeout: 300_000,
						pool: 'forks',
						// One for each core, also where there are two only.
						maxWorkers: availableParallelism()
					}
				}
			: { plugins: [sveltekit()] }
);
