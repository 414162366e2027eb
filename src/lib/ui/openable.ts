import { page } from '$app/state';
import { address } from '$lib/domain/address';
import { mayOpenAddress } from '$lib/domain/need';
import type { Ability } from '$lib/domain/role';
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
	const abilities: Ability[] = page.data.viewer?.can ?? [];
	return mayOpenAddress(href, (ability) => abilities.includes(ability))
		? ((page.data.old ? inSameResults(href) : href) as H)
		: undefined;
}
