import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** How a file is read. */
export type Reading = {
	isGzip: boolean;
	/** Told now and then how many bytes of the file are done. */
	progress?: (bytes: number) => void;
	/** Bytes read at once. */
	chunk?: number;
};

/** A file that cannot be read at all, with the reason in words. */
export class UnreadableFile extends Error {}

/** The bytes of a file, unzipped where it is zipped, read once; when they have been, `sha256` is the checksum of the file as it lies there. */
export function bytesOf(
	path: string,
	{ isGzip, progress, chunk }: Reading
): { bytes: AsyncIterable<Buffer>; sha256: () => string } {
	const hash = createHash('sha256');
	const file = createReadStream(path, { highWaterMark: chunk ?? 4 << 20 });
	let done = 0;
	async function* counted() {
		for await (const each of file) {
			const read = each as Buffer;
			hash.update(read);
			done += read.length;
			progress?.(done);
			yield read;
		}
	}
	return {
		bytes: isGzip ? unzipped(counted()) : counted(),
		sha256: () => hash.digest('hex')
	};
}

/** Bytes unzipped; an end that comes too soon is an error. */
async function* unzipped(zipped: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	const unzip = createGunzip({ chunkSize: 1 << 20 });
	// What goes wrong on either side is thrown where the bytes are read.
	pipeline(zipped, unzip).catch((cause: unknown) => unzip.destroy(cause as Error));
	for await (const each of unzip) yield each as Buffer;
}
