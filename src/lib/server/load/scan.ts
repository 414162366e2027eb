import { isUtf8 } from 'node:buffer';
import { bytesOf, UnreadableFile, type Reading } from './bytes';
import { delimiterOf, fieldsOf } from './fields';

export type Fault = 'too_many_fields' | 'too_few_fields' | 'broken_quote' | 'bad_encoding' | 'record_too_long';

/** One record of a text file as it stands there; `row` counts good records from 0 and is -1 for a bad one; `line` counts from 1. */
export type Seen = { bytes: Buffer; line: number; row: number; fault: Fault | null; isOdd: boolean };

export type Scan = {
	sha256: string;
	/** The header's names as written, and its text with line end. */
	header: string[];
	headerText: string;
	delimiter: string;
	/** Records that have the header's number of fields. */
	rows: number;
	bad: { line: number; fault: Fault }[];
	/** Where the line of a good record stops being the line before plus one: from `row` on, line = `line` + (index - `row`). */
	lines: { row: number; line: number }[];
	/** DuckDB's strict reader takes the file as it is. */
	isPlain: boolean;
};

export type ScanOptions = Reading & {
	/** One JSON value a line: no header, no fields. */
	isJson?: boolean;
	/** Sees every record; makes the scan slower. */
	visit?: (seen: Seen) => void;
};

const newline = 10;
const carriage = 13;
const quote = 34;
const space = 32;
const longestQuoted = 1 << 20;
const longestRecord = 1_900_000;

const isBlankText = (bytes: Buffer, from: number, to: number) => {
	for (let at = from; at < to; at++) {
		const byte = bytes[at]!;
		if (byte !== space && byte !== 9 && byte !== carriage) return false;
	}
	return true;
};

/** Where one record that holds a quote ends, and how it reads. */
type Parsed = {
	state: 'whole' | 'incomplete' | 'broken';
	/** The first byte after the record. */
	next: number;
	/** The first byte of its line end. */
	end: number;
	fields: number;
	newlines: number;
	isOdd: boolean;
};

function parseQuoted(bytes: Buffer, from: number, to: number, delimiter: number, isLast: boolean): Parsed {
	let at = from;
	let fields = 1;
	let newlines = 0;
	let isOdd = false;
	const result = (state: Parsed['state'], end: number, next: number): Parsed => ({
		state,
		next,
		end,
		fields,
		newlines,
		isOdd
	});
	for (;;) {
		let start = at;
		while (start < to && bytes[start] === space && delimiter !== space) start++;
		if (bytes[start] === quote && start < to) {
			if (start !== at) isOdd = true;
			const opened = start;
			at = start + 1;
			for (;;) {
				if (at - opened > longestQuoted) return result('broken', at, at);
				if (at >= to) return result(isLast ? 'broken' : 'incomplete', at, at);
				const byte = bytes[at]!;
				if (byte === newline) newlines++;
				if (byte !== quote) {
					at++;
					continue;
				}
				if (at + 1 >= to && !isLast) return result('incomplete', at, at);
				if (at + 1 < to && bytes[at + 1] === quote) {
					at += 2;
					continue;
				}
				at++;
				break;
			}
			while (at < to && bytes[at] === space && delimiter !== space) {
				isOdd = true;
				at++;
			}
			if (at >= to) return isLast ? result('whole', at, at) : result('incomplete', at, at);
			if (bytes[at] === carriage) {
				if (at + 1 >= to && !isLast) return result('incomplete', at, at);
				if (at + 1 >= to) return result('whole', at, to);
				if (bytes[at + 1] === newline) return result('whole', at, at + 2);
				return result('broken', at, at);
			}
			if (bytes[at] === newline) return result('whole', at, at + 1);
			if (bytes[at] !== delimiter) return result('broken', at, at);
		} else {
			while (at < to && bytes[at] !== delimiter && bytes[at] !== newline) {
				if (bytes[at] === quote || (bytes[at] === carriage && bytes[at + 1] !== newline)) isOdd = true;
				at++;
			}
			if (at >= to) return isLast ? result('whole', at, at) : result('incomplete', at, at);
			if (bytes[at] === newline) return result('whole', bytes[at - 1] === carriage && at > from ? at - 1 : at, at + 1);
		}
		fields++;
		at++;
	}
}

/**
 * Reads a CSV (or JSON-lines) file once, in order: its checksum, its records, which of them are broken and on which physical line each starts.
 * A record with a broken quote costs only its first line: reading goes on at the next line.
 */
export async function scan(path: string, options: ScanOptions): Promise<Scan> {
	const { bytes: chunks, sha256 } = bytesOf(path, options);

	const bad: Scan['bad'] = [];
	const lines: Scan['lines'] = [];
	const { visit, isJson } = options;
	let header: string[] | null = isJson ? [] : null;
	let headerText = '';
	let delimiter = ',';
	let delimiterByte = 44;
	let fieldsWanted = 0;
	let rows = 0;
	let line = 1;
	let isPlain = true;
	let isCrlf: boolean | null = null;
	let isOldMac: boolean | null = null;
	let expected = -1;

	const good = (bytes: Buffer, from: number, to: number, isOdd: boolean) => {
		if (line !== expected) lines.push({ row: rows, line });
		if (isOdd) isPlain = false;
		if (visit) visit({ bytes: bytes.subarray(from, to), line, row: rows, fault: null, isOdd });
		rows++;
		expected = line + 1;
	};
	const fail = (bytes: Buffer, from: number, to: number, fault: Fault) => {
		isPlain = false;
		bad.push({ line, fault });
		if (visit) visit({ bytes: bytes.subarray(from, to), line, row: -1, fault, isOdd: true });
	};
	const lineEnd = (isWithReturn: boolean) => {
		if (isCrlf === null) isCrlf = isWithReturn;
		else if (isCrlf !== isWithReturn) isPlain = false;
	};

	/** Reads the records that are whole in these bytes; gives back where the rest begins. */
	const take = (bytes: Buffer, to: number, isLast: boolean): number => {
		const checked = isLast ? to : bytes.lastIndexOf(newline, to - 1) + 1;
		const part = bytes.subarray(0, checked);
		const isSuspect = !isUtf8(part) || part.includes(0);
		let from = 0;
		while (from < to) {
			let at = from;
			let fields = 1;
			let byte = 0;
			let returns = 0;
			while (at < to) {
				byte = bytes[at]!;
				if (byte === newline || byte === quote) break;
				if (byte === delimiterByte) fields++;
				else if (byte === carriage) returns++;
				at++;
			}
			let parsed: Parsed | null = null;
			let end = at;
			let next = at + 1;
			if (isJson) {
				while (at < to && bytes[at] !== newline) at++;
				end = at;
				next = at + 1;
				if (at >= to && !isLast) return from;
				if (bytes[end - 1] === carriage && end > from) end--;
			} else if (at >= to) {
				if (!isLast) return from;
				next = to;
				if (bytes[end - 1] === carriage && end > from) end--;
			} else if (byte === quote) {
				parsed = parseQuoted(bytes, from, to, delimiterByte, isLast);
				if (parsed.state === 'incomplete') return from;
				({ end, next, fields } = parsed);
			} else if (end > from && bytes[end - 1] === carriage) {
				end--;
			}
			if (next > to) next = to;
			if (!parsed && isBlankText(bytes, from, end)) {
				if (end > from) isPlain = false;
				line++;
				from = next;
				continue;
			}
			if (header === null) {
				const text = bytes.toString('utf8', from, end);
				delimiter = delimiterOf(text);
				delimiterByte = delimiter.charCodeAt(0);
				if (parsed === null || parsed.state === 'whole') {
					const again = parseQuoted(bytes, from, to, delimiterByte, isLast);
					if (again.state === 'incomplete') return from;
					if (again.state === 'whole') ({ end, next } = again);
				}
				headerText = bytes.toString('utf8', from, next);
				header = fieldsOf(bytes.toString('utf8', from, end), delimiter);
				fieldsWanted = header.length;
				if (line !== 1) isPlain = false;
				if (next > end) lineEnd(bytes[end] === carriage);
				for (let each = from; each < next; each++) if (bytes[each] === newline) line++;
				from = next;
				continue;
			}
			const newlines = parsed?.newlines ?? 0;
			let fault: Fault | null = null;
			if (!isJson) {
				if (parsed?.state === 'broken') fault = 'broken_quote';
				else if (fields > fieldsWanted) fault = 'too_many_fields';
				else if (fields < fieldsWanted) fault = 'too_few_fields';
				else if (end - from > longestRecord) fault = 'record_too_long';
			}
			if (!fault && isSuspect) {
				const record = bytes.subarray(from, end);
				if (!isUtf8(record) || record.includes(0)) fault = 'bad_encoding';
			}
			if (fault && newlines > 0 && fault !== 'broken_quote') {
				// A quote that was never closed swallows the lines after it: when the next line reads well alone, only the first is bad.
				const second = bytes.indexOf(newline, from) + 1;
				const alone = parseQuoted(bytes, second, to, delimiterByte, isLast);
				if (alone.state === 'incomplete') return from;
				if (alone.state === 'whole' && alone.fields === fieldsWanted) fault = 'broken_quote';
			}
			if (fault === 'broken_quote') {
				const stop = bytes.indexOf(newline, from);
				if (stop < 0 && !isLast) return from;
				next = stop < 0 || stop >= to ? to : stop + 1;
				end = stop < 0 || stop >= to ? to : stop;
				if (end > from && bytes[end - 1] === carriage) end--;
				fail(bytes, from, end, fault);
				line++;
				from = next;
				continue;
			}
			if (fault) fail(bytes, from, end, fault);
			else {
				if (next > end) lineEnd(bytes[end] === carriage);
				good(bytes, from, end, parsed ? parsed.isOdd : !isJson && returns > (bytes[end] === carriage ? 1 : 0));
			}
			line += 1 + newlines;
			from = next;
		}
		return to;
	};

	let rest: Buffer = Buffer.alloc(0);
	let isFirst = true;
	for await (const each of chunks) {
		let chunk = each;
		if (isFirst) {
			if (chunk.length >= 2 && ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff)))
				throw new UnreadableFile('it is UTF-16: save it as UTF-8');
			if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) chunk = chunk.subarray(3);
			isFirst = false;
		}
		if (isOldMac === null) {
			const lf = chunk.indexOf(newline);
			const cr = chunk.indexOf(carriage);
			if (lf >= 0) isOldMac = false;
			else if (cr >= 0 && cr < chunk.length - 1) isOldMac = true;
			if (isOldMac) isPlain = false;
		}
		if (isOldMac) {
			chunk = Buffer.from(chunk);
			for (let at = chunk.indexOf(carriage); at >= 0; at = chunk.indexOf(carriage, at + 1)) chunk[at] = newline;
		}
		const bytes = rest.length ? Buffer.concat([rest, chunk]) : chunk;
		rest = bytes.subarray(take(bytes, bytes.length, false));
	}
	if (rest.length) take(rest, rest.length, true);
	return { sha256: sha256(), header: header ?? [], headerText, delimiter, rows, bad, lines, isPlain };
}

/** The physical line on which a good record (counted from 0) starts. */
export function lineOf(lines: Scan['lines'], row: number): number {
	let low = 0;
	let high = lines.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (lines[middle]!.row <= row) low = middle;
		else high = middle - 1;
	}
	const segment = lines[low]!;
	return segment.line + (row - segment.row);
}
