import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a text, hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A random id that says nothing. */
export const randomId = (): string => randomBytes(12).toString('base64url');

/** A bearer token: `id.secret`; the id finds the row, the secret (32 random bytes) is stored only as its hash. */
export function newToken(): { id: string; token: string; secret_hash: string } {
	const id = randomId();
	const secret = randomBytes(32).toString('base64url');
	return { id, token: `${id}.${secret}`, secret_hash: sha256(secret) };
}

/** The parts of a token; null when it is none. */
export function readToken(token: string | undefined): { id: string; secret_hash: string } | null {
	const parts = /^([\w-]{16})\.([\w-]{43})$/.exec(token ?? '');
	return parts ? { id: parts[1]!, secret_hash: sha256(parts[2]!) } : null;
}

/** Compares two hashes of equal length without telling by time where they differ. */
export const sameHash = (one: string, other: string): boolean =>
	one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
