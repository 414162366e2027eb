import { and, eq, isNull, lt, or } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';
import type { Home } from '$lib/server/home';
import type { UserRow } from '$lib/server/lucia/session';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { recovery_code, user } from '$lib/server/records/schema';
import { sha256 } from './secret';

const totp = (name: string, secret: string) =>
	new TOTP({ issuer: 'OpenMTM', label: name, secret: Secret.fromBase32(secret), digits: 6, period: 30 });

/** A secret to be set up, kept apart until a code proves that the phone has it; with its QR code as SVG. */
export async function offerSecondFactor(home: Home, person: UserRow): Promise<{ secret: string; qr: string }> {
	const secret = person.totp_pending ?? new Secret({ size: 20 }).base32;
	if (!person.totp_pending)
		await (await records(home)).update(user).set({ totp_pending: secret }).where(eq(user.id, person.id));
	return {
		secret: secret.replace(/(.{4})(?=.)/g, '$1 '),
		qr: renderSVG(totp(person.name, secret).toString(), { whiteColor: 'white', blackColor: 'black' })
	};
}

/** The time step that a code belongs to, one step of 30 s early or late included; null for a wrong code. */
function stepOf(name: string, secret: string, code: string, now: number): number | null {
	const token = code.replace(/\s/g, '');
	if (!/^\d{6}$/.test(token)) return null;
	const delta = totp(name, secret).validate({ token, timestamp: now, window: 1 });
	return delta === null ? null : Math.floor(now / 30_000) + delta;
}

/** Sixteen letters and digits, 80 random bits. */
const newCode = () => new Secret({ size: 10 }).base32.toLowerCase().replace(/(.{4})(?=.)/g, '$1-');

const codeHash = (userId: string, code: string) => sha256(`${userId} ${code.toLowerCase().replace(/[^a-z2-7]/g, '')}`);

/** Ten new recovery codes; the earlier ones no longer work. Only their hashes are kept. */
export async function newRecoveryCodes(home: Home, userId: string): Promise<string[]> {
	const codes = Array.from({ length: 10 }, newCode);
	await (
		await records(home)
	).transaction(async (work) => {
		await work.delete(recovery_code).where(eq(recovery_code.user_id, userId));
		await work
			.insert(recovery_code)
			.values(codes.map((code) => ({ code_hash: codeHash(userId, code), user_id: userId })));
	});
	return codes;
}

/** Turns the offered secret on when the code is its own; returns the recovery codes, shown once, or null for a wrong code. */
export async function beginSecondFactor(
	home: Home,
	person: UserRow,
	code: string,
	now = Date.now()
): Promise<string[] | null> {
	const step = person.totp_pending && stepOf(person.name, person.totp_pending, code, now);
	if (!step) return null;
	await (
		await records(home)
	)
		.update(user)
		.set({ totp_secret: person.totp_pending, totp_pending: null, totp_step: step })
		.where(eq(user.id, person.id));
	await record(home, { kind: 'user_changed', by: person.id, detail: { user: person.id, second_factor: 'on' } });
	return await newRecoveryCodes(home, person.id);
}

/** Turns the second factor off and forgets its recovery codes. */
export async function endSecondFactor(home: Home, userId: string, by: string): Promise<void> {
	const database = await records(home);
	await database
		.update(user)
		.set({ totp_secret: null, totp_pending: null, totp_step: null })
		.where(eq(user.id, userId));
	await database.delete(recovery_code).where(eq(recovery_code.user_id, userId));
	await record(home, { kind: 'user_changed', by, detail: { user: userId, second_factor: 'off' } });
}

/** True for a code of the phone that was not used before, or a recovery code that was not; either works once. */
export async function isSecondFactor(home: Home, person: UserRow, code: string, now = Date.now()): Promise<boolean> {
	if (!person.totp_secret) return false;
	const database = await records(home);
	const step = stepOf(person.name, person.totp_secret, code, now);
	if (step !== null) {
		const taken = await database
			.update(user)
			.set({ totp_step: step })
			.where(and(eq(user.id, person.id), or(isNull(user.totp_step), lt(user.totp_step, step))))
			.returning({ id: user.id });
		return taken.length === 1;
	}
	const used = await database
		.update(recovery_code)
		.set({ used_at: now })
		.where(
			and(
				eq(recovery_code.user_id, person.id),
				eq(recovery_code.code_hash, codeHash(person.id, code)),
				isNull(recovery_code.used_at)
			)
		)
		.returning({ user_id: recovery_code.user_id });
	return used.length === 1;
}

/** How many recovery codes are left. */
export async function recoveryCodesLeft(home: Home, userId: string): Promise<number> {
	const rows = await (
		await records(home)
	)
		.select({ hash: recovery_code.code_hash })
		.from(recovery_code)
		.where(and(eq(recovery_code.user_id, userId), isNull(recovery_code.used_at)));
	return rows.length;
}
