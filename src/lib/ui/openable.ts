import { page } from '$app/state';
import { addressNeed } from '$lib/domain/need';

/** The address when who looks may open it, else nothing: a link without an address is plain text, and a button without one is not there. */
export function openable<H extends string | null | undefined>(href: H): H | undefined {
	if (!href?.startsWith('/')) return href;
	const need = addressNeed(href);
	const can = (page.data.viewer?.can ?? []) as string[];
	return need === 'anyone' || need === 'signed_in' || (need !== null && can.includes(need)) ? href : undefined;
}
