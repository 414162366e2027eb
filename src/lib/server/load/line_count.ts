import { bytesOf, type Reading } from './bytes';

const newline = 10;

/**
 * Reads a file once as fast as can be: its checksum, its physical lines (the last one may lack its end) and whether it holds a zero byte.
 * Enough to place the rows of a file that DuckDB's strict reader takes as it is.
 */
export async function countLines(
	path: string,
	options: Pick<Reading, 'isGzip' | 'progress'>
): Promise<{ sha256: string; lines: number; hasZero: boolean }> {
	const { bytes, sha256 } = bytesOf(path, options);
	let lines = 0;
	let hasZero = false;
	let last = newline;
	for await (const chunk of bytes) {
		lines += newlinesIn(chunk);
		hasZero ||= chunk.includes(0);
		last = chunk[chunk.length - 1]!;
	}
	return { sha256: sha256(), lines: lines + (last === newline ? 0 : 1), hasZero };
}

/** Newlines in a buffer, four bytes at a time. */
function newlinesIn(bytes: Buffer): number {
	let count = 0;
	let at = 0;
	while (at < bytes.length && (bytes.byteOffset + at) % 4 !== 0) if (bytes[at++] === newline) count++;
	const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (bytes.length - at) >> 2);
	for (let from = 0; from < words.length; from += 255) {
		const to = Math.min(from + 255, words.length);
		let lanes = 0;
		for (let each = from; each < to; each++) {
			const other = words[each]! ^ 0x0a0a0a0a;
			const isZero = ~(((other & 0x7f7f7f7f) + 0x7f7f7f7f) | other | 0x7f7f7f7f);
			lanes = (lanes + ((isZero >>> 7) & 0x01010101)) | 0;
		}
		count += (lanes & 255) + ((lanes >>> 8) & 255) + ((lanes >>> 16) & 255) + (lanes >>> 24);
	}
	for (at += words.length * 4; at < bytes.length; at++) if (bytes[at] === newline) count++;
	return count;
}
