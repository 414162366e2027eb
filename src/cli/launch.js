#!/usr/bin/env node
// What the npm scripts call: demo, test, bench.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, environment, install, mtm, root } from './ready.js';
import { test } from './test.js';

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

const [task = '', ...words] = process.argv.slice(2);
install();
if (task === 'demo') {
	build({ web: true });
	process.exit(mtm(['demo', '--serve', ...words]));
} else if (task === 'bench') {
	build({ web: false });
	const done = spawnSync(
		process.execPath,
		['--max-old-space-size=2048', join(root, 'build', 'cli', 'main.js'), 'bench', ...words],
		{
			stdio: 'inherit',
			env: { ...process.env, ...environment }
		}
	);
	process.exit(done.status ?? 5);
} else if (task === 'test') {
	process.exit(await test(words));
} else {
	say('Usage: node src/cli/launch.js demo | test | bench');
	process.exit(1);
}
