import { page } from '$app/state';
import { address } from '$lib/domain/address';
import { addressNeed } from '$lib/domain/need';
import { place } from './place';

/** An address inside the product as a page of kept results links to it: there, too, they are shown. */
export function inSameResults(href: string): string {
	const [whole, hash = ''] = href.split(/(?=#)/);
	const [path, query] = whole!.split('?');
	const words = new URLSearchParams(query);
	for (const key of ['asof', 'known']) {
		const value = place.url.searchParams.get(key);
		if (value !== null && !words.has(key)) words.set(key, value);
	}
	return address(path!, words) + hash;
}

/** The address when who looks may open it, else nothing: a link without an address is plain text, and a button without one is not there. */
export function openable<H extends string | null | undefined>(href: H): H | undefined {
	if (!href?.startsWith('/')) return href;
	const need = addressNeed(href);
	const can = (page.data.viewer?.can ?? []) as string[];
	return need === 'anyone' || need === 'signed_in' || (need !== null && can.includes(need))
		? ((page.data.old ? inSameResults(href) : href) as H)
		: undefined;
}
