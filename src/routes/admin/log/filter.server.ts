import { isLogKind } from '$lib/domain/log_kind';
import { isDay } from '$lib/domain/population';
import type { LogFilter } from '$lib/server/records/log';

/** The entries that an address asks for, and what in it cannot be used. */
export function logFilterOf(words: URLSearchParams): { filter: LogFilter; problems: string[] } {
	const filter: LogFilter = {};
	const problems: string[] = [];
	const user = words.get('user')?.trim();
	const patient = words.get('patient')?.trim().toLowerCase();
	if (user) filter.user = user;
	if (patient) filter.patient = patient;
	const kinds = (words.get('kind') ?? '').split(',').filter(Boolean);
	const unknown = kinds.filter((kind) => !isLogKind(kind));
	if (unknown.length) problems.push(`There is no kind of entry named ${unknown.join(', ')}.`);
	filter.kinds = kinds.filter(isLogKind);
	for (const key of ['from', 'to'] as const) {
		const day = words.get(key);
		if (!day) continue;
		if (isDay(day)) filter[key] = day;
		else problems.push(`${day} is no day.`);
	}
	return { filter, problems };
}
