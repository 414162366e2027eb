import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { discardExport, type Job } from '$lib/server/export/job';

/** A ready export as a download; the file goes when it was sent. */
export function sent(job: Job): Response {
	const { path, name, type, bytes } = job.file!;
	const file = createReadStream(path);
	file.once('close', () => discardExport(job));
	return new Response(Readable.toWeb(file) as ReadableStream<Uint8Array>, {
		headers: {
			'content-type': type,
			'content-length': String(bytes),
			'content-disposition': `attachment; filename="${name}"`,
			'cache-control': 'private, no-store'
		}
	});
}
