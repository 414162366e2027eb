import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { takeExport, type Job } from '$lib/server/export/job';

/** A ready export as a download, once: the file goes when it was sent. */
export function sent(job: Job): Response {
	const {
		file: { path, name, type, bytes },
		gone
	} = takeExport(job);
	const file = createReadStream(path);
	file.once('close', gone);
	return new Response(Readable.toWeb(file) as ReadableStream<Uint8Array>, {
		headers: {
			'content-type': type,
			'content-length': String(bytes),
			'content-disposition': `attachment; filename="${name}"`,
			'cache-control': 'private, no-store'
		}
	});
}
