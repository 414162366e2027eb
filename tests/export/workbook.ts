import { inflateRawSync } from 'node:zlib';

/** The files of a zip archive, read from its list at the end. */
export function unzip(bytes: Buffer): Map<string, string> {
	const files = new Map<string, string>();
	const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
	let at = bytes.readUInt32LE(end + 16);
	for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
		const packed = bytes.readUInt32LE(at + 20);
		const length = bytes.readUInt16LE(at + 28);
		const head = bytes.readUInt32LE(at + 42);
		const from = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
		files.set(
			bytes.toString('utf8', at + 46, at + 46 + length),
			inflateRawSync(bytes.subarray(from, from + packed)).toString('utf8')
		);
		at += 46 + length;
	}
	return files;
}

export type Cell = { text: string; kind: 'text' | 'number' | 'boolean' | 'day' | 'instant' };

const words = (xml: string) =>
	xml
		.replaceAll('&#13;', '\r')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&amp;', '&')
		.replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

/** The cells of a worksheet, row by row, by the letter of their column. */
export function sheetOf(bytes: Buffer, number: 1 | 2): Record<string, Cell>[] {
	const xml = unzip(bytes).get(`xl/worksheets/sheet${number}.xml`)!;
	return [...xml.matchAll(/<row r="\d+">(.*?)<\/row>/gs)].map(([, row]) =>
		Object.fromEntries(
			[
				...row!.matchAll(
					/<c r="([A-Z]+)\d+"(?: s="(\d)")?(?: t="(\w+)")?>(?:<v>(.*?)<\/v>|<is><t[^>]*>(.*?)<\/t><\/is>)<\/c>/gs
				)
			].map(([, letters, style, type, value, text]): [string, Cell] => {
				if (type === 'inlineStr') return [letters!, { text: words(text!), kind: 'text' }];
				if (type === 'b') return [letters!, { text: value === '1' ? 'true' : 'false', kind: 'boolean' }];
				const day = () => new Date(Math.round((Number(value) - 25_569) * 86_400) * 1000).toISOString();
				if (style === '2') return [letters!, { text: day().slice(0, 10), kind: 'day' }];
				if (style === '3') return [letters!, { text: day().slice(0, 19), kind: 'instant' }];
				return [letters!, { text: value!, kind: 'number' }];
			})
		)
	);
}
