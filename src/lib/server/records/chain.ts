import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What stands before the first row of a chain. */
export const origin = '0'.repeat(64);

/** A row of the access log without its own hash. */
export type Link = {
	seq: number;
	at: string;
	kind: string;
	by: string;
	session: string | null;
	patient: string | null;
	purpose: string | null;
	reason: string | null;
	detail: string;
	previous: string;
};

/** JSON of a value with the keys of every object in order, so that the same content is the same text. */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(value, (_, each: unknown) =>
		each && typeof each === 'object' && !Array.isArray(each)
			? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
			: each
	);
}

/** SHA-256, hex, over everything a row says and the hash of the row before it. */
export const hashOf = (link: Link): string =>
	createHash('sha256')
		.update(
			JSON.stringify([
				link.seq,
				link.at,
				link.kind,
				link.by,
				link.session,
				link.patient,
				link.purpose,
				link.reason,
				link.detail,
				link.previous
			])
		)
		.digest('hex');

/** What is wrong with a row that should follow `before`, or null. */
export function faultOf(link: Link & { hash: string }, before: { seq: number; hash: string }): string | null {
	if (link.seq !== before.seq + 1) return `entry ${before.seq + 1} is missing`;
	if (link.previous !== before.hash) return 'it does not follow the entry before it';
	if (link.hash !== hashOf(link)) return 'what it says is not what was written';
	return null;
}

/** The last rows' numbers and hashes, kept in a second place: a ring of lines of one length, each row in its own slot. */
const slots = 1024;
const lineLength = 76;

/** Notes the number and hash of a row that is written, in the file beside the records. */
export function noteHead(path: string, seq: number, hash: string): void {
	const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
	try {
		writeSync(file, `${String(seq).padStart(10, '0')} ${hash}\n`, (seq % slots) * lineLength);
	} finally {
		closeSync(file);
	}
}

/** The noted rows, oldest first; null when there is no such file. */
export function readHead(path: string): { seq: number; hash: string }[] | null {
	if (!existsSync(path)) return null;
	return [...readFileSync(path, 'latin1').matchAll(/(\d{10}) ([0-9a-f]{64})\n/g)]
		.map(([, seq, hash]) => ({ seq: Number(seq), hash: hash! }))
		.sort((a, b) => a.seq - b.seq);
}
