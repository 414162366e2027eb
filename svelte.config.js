import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: adapter({ out: 'build/web' }),
		files: { assets: 'src/static' },
		version: { pollInterval: 0 },
		typescript: {
			config: (config) => {
				config.include = [...config.include, '../src/**/*.ts', '../tests/**/*.ts', '../vite.config.ts'];
				return config;
			}
		}
	}
};
