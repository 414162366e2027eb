#!/usr/bin/env node
// The `mtm` command: builds when it must (saying so on standard error only), then runs.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, environment, install, root } from './ready.js';

const words = process.argv.slice(2);
install();
build({ web: words.includes('serve') || words.includes('demo') });

const child = spawn(process.execPath, [join(root, 'build', 'cli', 'main.js'), ...words], {
	stdio: 'inherit',
	env: { ...process.env, ...environment }
});
for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
	process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 5 : 0)));
