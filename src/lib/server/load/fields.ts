import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { UnreadableFile } from './bytes';

/** The fields of one record's text (without its line end), as RFC 4180 reads them; blanks around quotes go. */
export function fieldsOf(text: string, delimiter: string): string[] {
	const fields: string[] = [];
	let at = 0;
	for (;;) {
		let start = at;
		while (text[start] === ' ' && delimiter !== ' ') start++;
		if (text[start] === '"') {
			let field = '';
			at = start + 1;
			for (;;) {
				const end = text.indexOf('"', at);
				if (end < 0) {
					field += text.slice(at);
					at = text.length;
					break;
				}
				field += text.slice(at, end);
				at = end + 1;
				if (text[at] !== '"') break;
				field += '"';
				at++;
			}
			fields.push(field);
			const next = text.indexOf(delimiter, at);
			at = next < 0 ? text.length : next;
		} else {
			const next = text.indexOf(delimiter, at);
			fields.push(text.slice(at, next < 0 ? text.length : next));
			at = next < 0 ? text.length : next;
		}
		if (at >= text.length) return fields;
		at++;
	}
}

/** The delimiter a header line uses: the one it holds most often outside quotes, a comma when none. */
export function delimiterOf(header: string): string {
	const outside = header.replace(/"[^"]*"/g, '');
	let best = ',';
	let most = 0;
	for (const each of [',', '\t', '|', ';']) {
		const times = outside.split(each).length - 1;
		if (times > most) [best, most] = [each, times];
	}
	return best;
}

/** The header of a CSV file: its names, its text and its delimiter; no names when the file is empty. */
export async function readHeader(
	path: string,
	isGzip: boolean
): Promise<{ header: string[]; headerText: string; delimiter: string; lineEnd: '\n' | '\r\n' }> {
	const file = createReadStream(path, { highWaterMark: 1 << 18 });
	const source = isGzip ? file.pipe(createGunzip()) : file;
	const pieces: Buffer[] = [];
	let length = 0;
	try {
		for await (const each of source) {
			pieces.push(each as Buffer);
			length += (each as Buffer).length;
			if (length >= 1 << 18) break;
		}
	} finally {
		file.destroy();
	}
	const bytes = Buffer.concat(pieces);
	if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
		throw new UnreadableFile('it is UTF-16: save it as UTF-8');
	const text = bytes
		.toString('utf8')
		.replace(/^\uFEFF/, '')
		.replace(/^([ \t]*(\r\n|\n|\r))+/, '');
	let isQuoted = false;
	let end = 0;
	for (; end < text.length; end++) {
		if (text[end] === '"') isQuoted = !isQuoted;
		else if (!isQuoted && (text[end] === '\n' || text[end] === '\r')) break;
	}
	const headerText = text.slice(0, end);
	const lineEnd = text.startsWith('\r\n', end) ? '\r\n' : '\n';
	if (!headerText.trim()) return { header: [], headerText: '', delimiter: ',', lineEnd };
	const delimiter = delimiterOf(headerText);
	return { header: fieldsOf(headerText, delimiter), headerText, delimiter, lineEnd };
}

/** A record written so that every reader takes it the same way: each field in quotes. */
export function requoted(seen: { bytes: Buffer }, delimiter: string): string {
	return fieldsOf(seen.bytes.toString('utf8'), delimiter)
		.map((field) => `"${field.replaceAll('"', '""')}"`)
		.join(',');
}
