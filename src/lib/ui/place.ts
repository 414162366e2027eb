import { page } from '$app/state';
import { withView } from '$lib/domain/address';

/** Where the reader is: the address of the page, with the words of the saved view that it names. */
export const place = {
	get url(): URL {
		const view = page.data.view as { words: string } | null | undefined;
		return view ? withView(page.url, view.words) : page.url;
	}
};
