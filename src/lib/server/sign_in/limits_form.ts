import type { Limits } from '$lib/domain/scope';
import { field } from './form';

const list = (text: string): string[] | null => {
	const words = text.split(/[\s,;]+/).filter(Boolean);
	return words.length ? words : null;
};

/** The limits that a form sent: an empty field limits nothing. */
export const limitsField = (form: FormData): Limits => ({
	pharmacies: list(field(form, 'pharmacies')),
	plans: list(field(form, 'plans')),
	contracts: list(field(form, 'contracts')),
	programs: list(field(form, 'programs'))
});
