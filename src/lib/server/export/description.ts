import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { once } from 'node:events';
import type { About } from './workbook';
import { sha256, type Written } from './write';
import { Zip } from './zip';

/** What a CSV cannot say of itself: its name, rows, bytes and hash, and what a workbook says on its own sheet; JSON with a line end. */
export const descriptionOf = (file: string, written: Omit<Written, 'path'>, about: About): string => {
	const { rows, bytes, sha256 } = written;
	return `${JSON.stringify({ file, rows, bytes, sha256, about: Object.fromEntries(about) }, null, '\t')}\n`;
};

/** Puts a text file that was written whole into a zip archive at `path`, its description beside it. Gives the archive, with the rows of the file. */
export async function withDescription(path: string, file: string, written: Written, about: About): Promise<Written> {
	const out = createWriteStream(path, { mode: 0o600 });
	const failed = once(out, 'error').then(([cause]) => {
		throw cause as Error;
	});
	failed.catch(() => undefined);
	const work = async () => {
		const zip = new Zip(out);
		await zip.add(file, createReadStream(written.path, 'utf8') as AsyncIterable<string>);
		await zip.add(`${file}.json`, [descriptionOf(file, written, about)]);
		await zip.end();
		out.end();
		await once(out, 'close');
	};
	try {
		await Promise.race([work(), failed]);
	} finally {
		out.destroy();
	}
	return { path, rows: written.rows, bytes: (await stat(path)).size, sha256: await sha256(path) };
}
