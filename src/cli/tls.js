// Serves the built web over TLS. Plain JavaScript: `serve` starts it as a process of its own.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { HOST, PORT, MTM_ROOT = '.', MTM_TLS_CERT = '', MTM_TLS_KEY = '' } = process.env;
const { handler } = await import(pathToFileURL(join(MTM_ROOT, 'build', 'web', 'handler.js')).href);
const server = createServer(
	{ cert: readFileSync(MTM_TLS_CERT), key: readFileSync(MTM_TLS_KEY), minVersion: 'TLSv1.2' },
	handler
);
server.listen(Number(PORT), HOST);
for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM']))
	process.on(signal, () => {
		server.close(() => process.exit(0));
		server.closeIdleConnections();
		setTimeout(() => process.exit(0), 5_000).unref();
	});
