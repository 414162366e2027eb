/**
 * Where to go after signing in: the wanted address when it is a page of this server, else Home. `//evil`, `/\evil`, other schemes and
 * the sign-in pages themselves are not taken.
 */
export function localPath(wanted: string | null | undefined): string {
	if (!wanted || !/^\/(?![/\\])/.test(wanted) || /[\\\p{Cc}]/u.test(wanted) || wanted.length > 4000) return '/';
	let url: URL;
	try {
		url = new URL(wanted, 'http://here.invalid');
	} catch {
		return '/';
	}
	if (url.origin !== 'http://here.invalid' || url.pathname.startsWith('//')) return '/';
	if (/^\/(login|lock|link|welcome|sign-out|session)(\/|$)/.test(url.pathname)) return '/';
	return url.pathname + url.search;
}

/** The address of a page that asks who is there, and then leads back. */
export function askingFirst(page: '/login' | '/lock', url: URL): string {
	const next = localPath(url.pathname + url.search);
	return next === '/' ? page : `${page}?next=${encodeURIComponent(next)}`;
}
