// `npm test`: types, lint, unit tests with the worked cases and laws, build, and end to end in a real browser. Ends with "N passed, N failed".
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, environment, root } from './ready.js';

const need = createRequire(join(root, 'package.json'));

/** @param {string} text */
const say = (text) => process.stdout.write(`${text}\n`);

/** @param {string[]} words @param {Record<string, string>} [extra] */
function step(words, extra = {}) {
	const [command = '', ...rest] = words;
	const started = Date.now();
	say(`\n> ${words.join(' ')}`);
	const done = spawnSync(command, rest, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, ...environment, ...extra }
	});
	say(`  ${done.status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(0)} s`);
	return done.status === 0;
}

/**
 * Runs steps at once, and shows what each said when it has ended.
 * @param {string[][]} steps
 * @returns {Promise<boolean[]>} which of them went well, in their order
 */
async function together(steps) {
	const started = Date.now();
	return await Promise.all(
		steps.map(
			(words) =>
				new Promise((done) => {
					const [command = '', ...rest] = words;
					const child = spawn(command, rest, {
						cwd: root,
						stdio: ['ignore', 'pipe', 'pipe'],
						env: { ...process.env, ...environment }
					});
					/** @type {Buffer[]} */
					const said = [];
					for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(piece));
					child.on('error', (cause) => said.push(Buffer.from(`${cause.message}\n`)));
					child.on('close', (status) => {
						say(`\n> ${words.join(' ')}`);
						process.stdout.write(Buffer.concat(said));
						say(`  ${status === 0 ? 'ok' : 'FAILED'} after ${((Date.now() - started) / 1000).toFixed(0)} s`);
						done(status === 0);
					});
				})
		)
	);
}

/** The browser: CHROMIUM_PATH, the system's, Playwright's own, else Debian's package when this is root on Debian. */
function browser() {
	const places = [
		process.env.CHROMIUM_PATH,
		'/usr/bin/chromium',
		'/usr/bin/chromium-browser',
		'/usr/bin/google-chrome'
	];
	const found = () => places.find((place) => place && existsSync(place));
	if (found()) return found();
	const own = need('@playwright/test').chromium.executablePath();
	if (own && existsSync(own)) return own;
	if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
		say('Installing chromium ...');
		step(['apt-get', 'update', '-qq']);
		step(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
			DEBIAN_FRONTEND: 'noninteractive'
		});
	}
	return found();
}

/** @param {string} file @returns {Record<string, unknown> | null} */
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);

/** Runs everything and returns the exit code. @param {string[]} words */
export async function test(words) {
	const only = words.filter((word) => !word.startsWith('-'));
	const wanted = (/** @type {string} */ name) => only.length === 0 || only.includes(name);
	const folder = mkdtempSync(join(tmpdir(), 'mtm-test-'));
	let passed = 0;
	let failed = 0;
	/** @param {boolean} ok */
	const count = (ok) => (ok ? passed++ : failed++);
	try {
		const types = ['node_modules/.bin/svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings'];
		const lint = [
			['node_modules/.bin/prettier', '--check', '.', '--log-level', 'warn'],
			['node_modules/.bin/eslint', '-c', 'src/.eslint.config.js', '.']
		];
		if (wanted('types')) step(['node_modules/.bin/svelte-kit', 'sync']);
		const reads = [...(wanted('types') ? [[...types, '--output', 'human']] : []), ...(wanted('lint') ? lint : [])];
		for (const ok of await together(reads)) count(ok);
		build({ web: true });
		if (wanted('unit')) {
			const out = join(folder, 'unit.json');
			const ok = step([
				'node_modules/.bin/vitest',
				'run',
				'--reporter=default',
				'--reporter=json',
				`--outputFile.json=${out}`
			]);
			const result = /** @type {{ numPassedTests: number, numFailedTests: number } | null} */ (read(out));
			passed += result?.numPassedTests ?? 0;
			failed += result?.numFailedTests ?? 0;
			if (!ok && !result?.numFailedTests) failed++;
		}
		if (wanted('e2e')) {
			const chromium = browser();
			if (!chromium) {
				say('No browser: set CHROMIUM_PATH to a Chromium or Chrome and run again.');
				failed++;
			} else {
				const out = join(folder, 'e2e.json');
				const ok = step(
					['node_modules/.bin/playwright', 'test', '-c', 'tests/e2e/playwright.config.ts', '--reporter=list,json'],
					{
						CHROMIUM_PATH: chromium,
						PLAYWRIGHT_JSON_OUTPUT_FILE: out
					}
				);
				const result = /** @type {{ stats: { expected: number, unexpected: number, flaky: number } } | null} */ (
					read(out)
				);
				passed += (result?.stats.expected ?? 0) + (result?.stats.flaky ?? 0);
				failed += result?.stats.unexpected ?? 0;
				if (result?.stats.flaky) say(`${result.stats.flaky} passed on the second try only: see above.`);
				if (!ok && !result?.stats.unexpected) failed++;
			}
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	say(`\n${passed} passed, ${failed} failed`);
	return failed ? 1 : 0;
}
