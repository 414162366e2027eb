import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: adapter({ out: 'build/web' }),
		files: { assets: 'src/static' },
		version: { pollInterval: 0 },
		// What is said of a page that is not there is made at another address than the one it answers: its files are named from the root.
		paths: { relative: false },
		csp: {
			mode: 'auto',
			directives: {
				'default-src': ['self'],
				'script-src': ['self'],
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'data:'],
				'font-src': ['self', 'data:'],
				'connect-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		},
		typescript: {
			config: (config) => {
				config.include = [...config.include, '../src/**/*.ts', '../tests/**/*.ts', '../vite.config.ts'];
				return config;
			}
		}
	}
};
