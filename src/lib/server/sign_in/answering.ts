const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const localNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** True for a host that only this machine can reach. */
export const isLoopback = (host: string): boolean => host === 'localhost' || loopback.has(host);

/**
 * Why a request is not answered, or null. Other machines are answered only where the origin is https; a Host header that is neither the
 * origin's nor this machine's own is never answered (a page elsewhere whose name was made to resolve here).
 */
export function mayAnswer(address: string, request: Request, origin: string | undefined): string | null {
	const own = origin === undefined ? null : new URL(origin);
	const secure = own?.protocol === 'https:';
	const known = (name: string) => localNames.has(name) || name === own?.hostname;
	const host = request.headers.get('host');
	if (!loopback.has(address) && !secure)
		return 'This server answers on its own machine only (127.0.0.1): "mtm serve --help" says how to open it to others.';
	if (!known(new URL(request.url).hostname) || (host !== null && !known(host.replace(/:\d+$/, ''))))
		return 'This server does not go by that name.';
	return null;
}

/** True for a request that changes something and does not come from a page of this server. */
export function foreignOrigin(request: Request, url: URL): boolean {
	if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return false;
	return request.headers.get('origin') !== url.origin;
}
