import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before all tests: a folder for homes that several files of tests copy; gone after the last. */
export default function setup(): () => void {
	const folder = mkdtempSync(join(tmpdir(), 'mtm-homes-'));
	process.env.MTM_TEST_HOMES = folder;
	return () => rmSync(folder, { recursive: true, force: true });
}
