import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where one run of the browser tests keeps its things; the number of the first process that asks names them for all workers. */
const run = (process.env.MTM_E2E_RUN ??= String(process.pid));
const port = 20_000 + (Number(run) % 20_000);
const folder = join(tmpdir(), `mtm-e2e-${run}`);

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export const places = {
	root,
	/** A copy of the build, so that building again does not pull it from under the servers. */
	build: join(root, 'build', `e2e-${run}`),
	folder,
	home: process.env.MTM_E2E_HOME ?? join(folder, 'home'),
	empty: join(folder, 'empty-home'),
	output: join(folder, 'output'),
	/** Browsers signed in as the demo's quality lead and as its administrator. */
	lead: join(folder, 'lead.json'),
	admin: join(folder, 'admin.json'),
	servers: join(folder, 'servers.json'),
	origin: `http://127.0.0.1:${port}`,
	emptyOrigin: `http://127.0.0.1:${port + 1}`,
	port
};
