// Plain JavaScript with no dependency: installs and builds, each only when it must.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	process.stderr.write(`OpenMTM needs Node 20.19 or newer; this is ${process.version}.\n`);
	process.exit(1);
}

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

/** @param {string} folder @param {(path: string, stamp: string) => void} each */
function walk(folder, each) {
	for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) walk(path, each);
		else {
			const { size, mtimeMs } = statSync(path);
			each(path, `${size} ${mtimeMs}`);
		}
	}
}

/** What the build is made of, as one text: changes when any source does. */
function sources() {
	const hash = createHash('sha256');
	for (const file of ['package.json', 'package-lock.json', 'svelte.config.js', 'vite.config.ts', 'tsconfig.json'])
		hash.update(readFileSync(join(root, file)));
	for (const folder of ['src', 'sql']) walk(join(root, folder), (path, stamp) => hash.update(`${path} ${stamp}\n`));
	return hash.digest('hex');
}

/** @param {string} file */
const kept = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** @param {string[]} words @param {Record<string, string>} [extra] */
export function run(words, extra = {}) {
	const [command = '', ...rest] = words;
	const done = spawnSync(command, rest, {
		cwd: root,
		stdio: ['inherit', 2, 2],
		env: { ...process.env, ...extra },
		shell: process.platform === 'win32'
	});
	if (done.status !== 0) {
		say(`"${words.join(' ')}" ended with ${done.status ?? done.signal}.`);
		process.exit(5);
	}
}

/** Installs the dependencies when the lock file differs from what node_modules was made from. */
export function install() {
	const lock = createHash('sha256')
		.update(readFileSync(join(root, 'package-lock.json')))
		.digest('hex');
	const mark = join(root, 'node_modules', '.openmtm-lock');
	if (kept(mark) === lock) return;
	// A node_modules that `npm ci` just made is taken as it is.
	const own = join(root, 'node_modules', '.package-lock.json');
	if (
		!existsSync(mark) &&
		existsSync(own) &&
		statSync(own).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
	) {
		writeFileSync(mark, lock);
		return;
	}
	say('Installing dependencies ...');
	run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
	writeFileSync(mark, lock);
}

const vite = ['node', join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'];

/**
 * Builds the command line, and the web as well when asked, if any source changed since.
 * @param {{ web: boolean }} what
 */
export function build({ web }) {
	const now = sources();
	const marks = { cli: join(root, 'build', '.cli'), web: join(root, 'build', '.web') };
	mkdirSync(join(root, 'build'), { recursive: true });
	const lock = join(root, 'build', '.building');
	for (let waited = 0; ; waited += 200) {
		try {
			mkdirSync(lock);
			break;
		} catch {
			if (waited > 120_000 || Date.now() - (existsSync(lock) ? statSync(lock).mtimeMs : Date.now()) > 120_000) {
				rmSync(lock, { recursive: true, force: true });
				continue;
			}
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
		}
	}
	// Built for use whoever asks: a test that finds the build stale must not get one with a developer's warnings.
	const whole = { NODE_ENV: 'production' };
	try {
		// tsconfig.json leans on a file that SvelteKit makes.
		if (!existsSync(join(root, '.svelte-kit', 'tsconfig.json')))
			run(['node', join('node_modules', '@sveltejs', 'kit', 'svelte-kit.js'), 'sync']);
		if (kept(marks.cli) !== now) {
			say('Building the command line ...');
			run([...vite, '--mode', 'cli'], whole);
			writeFileSync(marks.cli, now);
		}
		if (web && kept(marks.web) !== now) {
			say('Building the web ...');
			run(vite, whole);
			writeFileSync(marks.web, now);
		}
	} finally {
		rmSync(lock, { recursive: true, force: true });
	}
}

/** DuckDB's queries share Node's thread pool with file reads; four threads starve them. */
export const environment = { UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16', MTM_ROOT: root };

/** @param {string[]} words */
export function mtm(words) {
	const done = spawnSync(process.execPath, [join(root, 'build', 'cli', 'main.js'), ...words], {
		stdio: 'inherit',
		env: { ...process.env, ...environment }
	});
	return done.status ?? 5;
}
