import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** A file of an archive: its path inside, its length and its bytes. */
export type TarFile = { name: string; size: number; bytes: AsyncIterable<Uint8Array> };

const block = 512;
const padding = (size: number) => (block - (size % block)) % block;

/** Numbers are octal text; from 8 GiB on, as GNU tar writes them, binary with the first bit set. */
function number(header: Buffer, at: number, length: number, value: number): void {
	if (value < 8 ** (length - 1)) header.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
	else {
		header[at] = 0x80;
		header.writeBigUInt64BE(BigInt(value), at + length - 8);
	}
}

function readNumber(header: Buffer, at: number, length: number): number {
	if (header[at]! & 0x80) return Number(header.readBigUInt64BE(at + length - 8));
	return parseInt(header.toString('latin1', at, at + length).replace(/[\0 ].*$/s, '') || '0', 8);
}

const sumOf = (header: Buffer) => header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);

/** The block before a file: ustar (POSIX 1003.1), readable by its owner alone. */
function header(name: string, size: number, at: Date): Buffer {
	const made = Buffer.alloc(block);
	if (Buffer.byteLength(name) > 100) throw new Error(`the path ${name} is too long for an archive`);
	made.write(name, 0, 'utf8');
	number(made, 100, 8, 0o600);
	number(made, 108, 8, 0);
	number(made, 116, 8, 0);
	number(made, 124, 12, size);
	number(made, 136, 12, Math.floor(at.getTime() / 1000));
	made.write('0', 156, 'latin1');
	made.write('ustar\x0000', 257, 'latin1');
	made.write(`${sumOf(made).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
	return made;
}

/** Writes an archive file by file; `seen` gets every byte that is written. */
export async function writeTar(
	out: FileHandle,
	files: AsyncIterable<TarFile>,
	at: Date,
	seen: (bytes: Uint8Array) => void
): Promise<void> {
	const put = async (bytes: Uint8Array) => {
		seen(bytes);
		for (let done = 0; done < bytes.length;) done += (await out.write(bytes, done)).bytesWritten;
	};
	for await (const { name, size, bytes } of files) {
		await put(header(name, size, at));
		let length = 0;
		for await (const piece of bytes) {
			length += piece.length;
			await put(piece);
		}
		if (length !== size) throw new Error(`${name} changed while it was read`);
		await put(Buffer.alloc(padding(size)));
	}
	await put(Buffer.alloc(2 * block));
}

/** Reads the files of an archive in their order, each to its end before the next. Throws on whatever `writeTar` would not have written. */
export async function* readTar(path: string): AsyncGenerator<TarFile> {
	const source = createReadStream(path, { highWaterMark: 1 << 20 })[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	let held: Buffer = Buffer.alloc(0);
	const more = async () => {
		const next = await source.next();
		if (next.done) return false;
		held = held.length ? Buffer.concat([held, next.value]) : next.value;
		return true;
	};
	const take = async (length: number): Promise<Buffer> => {
		while (held.length < length) if (!(await more())) throw new Error('it ends too early');
		const taken = held.subarray(0, length);
		held = held.subarray(length);
		return taken;
	};
	const zeros = async (length: number) => {
		if ((await take(length)).some((byte) => byte !== 0)) throw new Error('there is something where nothing belongs');
	};
	try {
		for (;;) {
			const head = Buffer.from(await take(block));
			if (head.every((byte) => byte === 0)) break;
			if (readNumber(head, 148, 8) !== sumOf(head)) throw new Error('the head of a file is damaged');
			const name = head.toString('utf8', 0, 100).replace(/\0.*$/s, '');
			const size = readNumber(head, 124, 12);
			if (head.toString('latin1', 156, 157) !== '0') throw new Error(`${name} is no plain file`);
			let left = size;
			async function* bytes() {
				while (left > 0) {
					if (!held.length && !(await more())) throw new Error('it ends too early');
					const piece = await take(Math.min(left, held.length));
					left -= piece.length;
					yield piece;
				}
			}
			yield { name, size, bytes: bytes() };
			for await (const _ of bytes());
			await zeros(padding(size));
		}
		await zeros(block);
		if (held.length || (await more())) throw new Error('there is something after its end');
	} finally {
		await source.return?.();
	}
}
