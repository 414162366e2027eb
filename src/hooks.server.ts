import { randomBytes } from 'node:crypto';
import { redirect, type Handle, type HandleServerError } from '@sveltejs/kit';
import { canonical } from '$lib/domain/address';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const localNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Nobody signs in yet: only this machine is answered, and only under its own name. */
function refused(address: string, hostname: string): boolean {
	return !loopback.has(address) || !localNames.has(hostname);
}

/** Answers this machine only, brings form words into the grammar of the address, keeps the theme, and shuts the page in. */
export const handle: Handle = async ({ event, resolve }) => {
	if (refused(event.getClientAddress(), new URL(event.request.url).hostname) || foreignHost(event.request))
		return new Response('There is no sign-in yet, so this server answers on its own machine only (127.0.0.1).\n', {
			status: 403,
			headers: { 'content-type': 'text/plain; charset=utf-8' }
		});
	if (event.request.method === 'GET' && event.url.search) {
		const plainer = canonical(event.url);
		if (plainer !== null) redirect(303, plainer);
	}
	const theme = event.cookies.get('theme');
	const response = await resolve(event, {
		transformPageChunk: ({ html }) =>
			theme === 'dark' || theme === 'light'
				? html.replace('<html lang="en"', `<html lang="en" data-theme="${theme}"`)
				: html
	});
	const { headers } = response;
	headers.set('x-content-type-options', 'nosniff');
	headers.set('referrer-policy', 'same-origin');
	headers.set('x-frame-options', 'DENY');
	headers.set('cross-origin-opener-policy', 'same-origin');
	headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
	if (!event.url.pathname.startsWith('/_app/immutable')) headers.set('cache-control', 'no-store');
	return response;
};

/** True when the Host header names another machine: a page elsewhere that resolves to this address must not be answered. */
function foreignHost(request: Request): boolean {
	const host = request.headers.get('host');
	return host !== null && !localNames.has(host.replace(/:\d+$/, ''));
}

/** The number of a fault, for the page and the log; the log has the message, never rows or parameters. */
export const handleError: HandleServerError = ({ error, event, status }) => {
	const id = randomBytes(2).toString('hex');
	if (status !== 404)
		process.stderr.write(
			`${event.route.id ?? 'a page'} failed (${id}): ${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`
		);
	return { message: status === 404 ? 'There is no such page.' : 'This page could not be made.', id };
};
