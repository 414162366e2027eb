import { eq } from 'drizzle-orm';
import { isRole, type Role } from '$lib/domain/role';
import type { Home } from '$lib/server/home';
import { record } from '$lib/server/records/log';
import { records } from '$lib/server/records/open';
import { setting } from '$lib/server/records/schema';
import { usage } from '$lib/server/trouble';

/** What administrators set about signing in. Times in milliseconds. */
export type SignInSettings = {
	/** Without anything done for so long, the page locks. */
	idle: number;
	/** A session ends after so long whatever happens. */
	lifetime: number;
	/** Fewest characters of a password. */
	shortest: number;
	/** Roles that must have a second factor. */
	secondFactor: Role[];
};

const minute = 60_000;
const defaults = { idle_minutes: '15', lifetime_hours: '12', shortest_password: '12', second_factor: '' };
export type SettingName = keyof typeof defaults;

const ranges: Record<string, [number, number]> = {
	idle_minutes: [1, 60],
	lifetime_hours: [1, 24],
	shortest_password: [8, 64]
};

/** The settings as they are now; MTM_IDLE_MINUTES stands before the stored one. */
export async function signInSettings(home: Home): Promise<SignInSettings> {
	const stored = await (await records(home)).select().from(setting);
	const of = (name: SettingName) => stored.find((row) => row.name === name)?.value ?? defaults[name];
	const forced = Number(process.env.MTM_IDLE_MINUTES);
	return {
		idle: (forced > 0 && forced <= 60 ? forced : Number(of('idle_minutes'))) * minute,
		lifetime: Number(of('lifetime_hours')) * 60 * minute,
		shortest: Number(of('shortest_password')),
		secondFactor: of('second_factor').split(',').filter(isRole)
	};
}

/** Sets one of them; exit 1 for a value that may not be. */
export async function changeSetting(home: Home, name: SettingName, value: string, by: string): Promise<void> {
	const range = ranges[name];
	if (range && !(Number.isInteger(Number(value)) && Number(value) >= range[0] && Number(value) <= range[1]))
		throw usage(`"${value}" was not taken for ${name}: it is a whole number from ${range[0]} to ${range[1]}.`);
	if (name === 'second_factor') {
		const unknown = value.split(',').filter((one) => one && !isRole(one));
		if (unknown.length) throw usage(`There is no role ${unknown.join(', ')}. Nothing was changed.`);
	}
	const database = await records(home);
	const before = (await database.select().from(setting).where(eq(setting.name, name)))[0]?.value ?? defaults[name];
	if (before === value) return;
	const row = { name, value, changed_at: Date.now(), changed_by: by };
	await database.insert(setting).values(row).onConflictDoUpdate({ target: setting.name, set: row });
	await record(home, { kind: 'setting_changed', by, detail: { setting: name, before, after: value } });
}
