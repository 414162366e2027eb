import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

const lib = fileURLToPath(new URL('src/lib', import.meta.url));

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
					resolve: { alias: { $lib: lib } },
					test: {
						include: ['tests/**/*.test.ts'],
						globalSetup: ['tests/laws/shared_homes.ts'],
						testTimeout: 120_000,
						hookTimeout: 120_000,
						pool: 'forks'
					}
				}
			: { plugins: [sveltekit()] }
);
