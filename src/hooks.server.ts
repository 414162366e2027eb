import { randomBytes } from 'node:crypto';
import type { Handle, HandleServerError, RequestEvent, ServerInit } from '@sveltejs/kit';
import { address, canonical, longestAddress, withView } from '$lib/domain/address';
import { mayOpen, routeAbility } from '$lib/domain/need';
import { viewerOf, type Viewer } from '$lib/domain/viewer';
import { theHome } from '$lib/server/door';
import { keepActive, readSession, tokenOf } from '$lib/server/lucia/session';
import { record } from '$lib/server/records/log';
import { foreignOrigin, mayAnswer } from '$lib/server/sign_in/answering';
import { keepAddress, savedView } from '$lib/server/saved_views';
import { sweepScratch } from '$lib/server/scratch';
import { askingFirst } from '$lib/server/sign_in/next';
import { hasNoUsers } from '$lib/server/sign_in/people';
import { faultWords } from '$lib/server/trouble';

/** Routes that a page asks by itself: they are no sign that somebody is there. */
const byItself = new Set(['/export/job/[id]', '/now', '/session']);

/** What a server that was killed left unfinished goes before this one answers. */
export const init: ServerInit = () => sweepScratch(theHome());

/** Who is there is settled before any page is: session, then viewer, then what the route needs. What is refused looks like what is not there. */
export const handle: Handle = async ({ event, resolve }) => {
	const refusal = mayAnswer(event.getClientAddress(), event.request, process.env.ORIGIN);
	if (refusal) return plain(403, refusal);
	if (foreignOrigin(event.request, event.url))
		return plain(403, 'This form was sent from another site, so nothing was done.');
	const session = await readSession(theHome(), tokenOf(event.cookies, event.url));
	event.locals.session = session;
	event.locals.viewer = session && !session.locked && !session.awaiting ? viewerOf(session.user, session) : null;
	const answer = guarded((await gate(event)) ?? (await shown(event, resolve)), event);
	if (session && !event.isSubRequest && !byItself.has(event.route.id ?? '')) await keepActive(theHome(), session);
	return answer;
};

/** The answer to who may not open the route, or null for who may. */
async function gate(event: RequestEvent): Promise<Response | null> {
	const { viewer, session } = event.locals;
	const { id } = event.route;
	if (!session && id !== '/welcome' && (await hasNoUsers(theHome()))) return asked(event, '/welcome');
	if (routeAbility(id) === 'anyone') return null;
	if (!viewer) {
		if (!session) return asked(event, askingFirst('/login', event.url));
		if (session.locked) return asked(event, askingFirst('/lock', event.url));
		if (session.awaiting === 'code')
			return asked(event, askingFirst('/login', event.url).replace('/login', '/login/code'));
		if (session.awaiting === 'second_factor')
			return id === '/account/second-factor' ? null : asked(event, '/account/second-factor');
		return await notHere(event);
	}
	if (mayOpen(id, viewer)) return null;
	if (id !== null)
		await record(theHome(), { kind: 'refused', by: viewer.user.id, session: viewer.session, detail: { route: id } });
	return await notHere(event);
}

/** True where a browser asks for a page, or for what a page shows. */
const wantsPage = (event: RequestEvent) =>
	event.isDataRequest || Boolean(event.request.headers.get('accept')?.includes('text/html'));

/** Sends a page to where somebody says who they are; anything else is told that nobody did. */
function asked(event: RequestEvent, page: string): Response {
	if (event.request.method === 'GET' && wantsPage(event)) return elsewhere(page);
	return plain(401, 'Sign in first. Nothing was shown and nothing was done.');
}

/** What is said of every page that is not there, or not for this viewer. */
async function notHere(event: RequestEvent): Promise<Response> {
	if (event.isDataRequest) return Response.json({ message: 'There is no such page.' }, { status: 404 });
	if (!event.request.headers.get('accept')?.includes('text/html')) return plain(404, 'There is no such page.');
	const page = await event.fetch('/not-here', { headers: { accept: 'text/html' } });
	return new Response(await page.text(), { status: 404, headers: page.headers });
}

const elsewhere = (location: string) => new Response(null, { status: 303, headers: { location } });

const plain = (status: number, text: string) =>
	new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });

/**
 * Spells out the saved view that the address names: the page answers its words and those of the address over them. Gives where to go instead:
 * to the view's own page, or to the short link of an address that is too long for one.
 */
async function spelled(event: RequestEvent, viewer: Viewer): Promise<string | null> {
	const { url, request } = event;
	const named = url.searchParams.get('view');
	if (named !== null) {
		const view = await savedView(theHome(), viewer, named);
		// What nothing is saved under stays in the address: the page says so.
		if (!view) return null;
		if (view.path !== url.pathname && !view.filtersOnly && request.method === 'GET')
			return address(view.path, url.searchParams);
		event.locals.view = view;
		url.search = withView(url, view.words).search;
		return null;
	}
	const isLong = address(url.pathname, url.searchParams).length > longestAddress;
	if (!isLong || request.method !== 'GET' || !wantsPage(event)) return null;
	return `${url.pathname}?view=${await keepAddress(theHome(), viewer, url)}`;
}

/** The page: form words brought into the grammar of the address, a saved view spelled out, the theme kept. */
async function shown(event: RequestEvent, resolve: Parameters<Handle>[0]['resolve']): Promise<Response> {
	const { viewer } = event.locals;
	if (event.url.search && viewer) {
		const plainer = event.request.method === 'GET' ? canonical(event.url) : null;
		const other = plainer ?? (await spelled(event, viewer));
		if (other !== null) return elsewhere(other);
	}
	const theme = event.cookies.get('theme');
	return await resolve(event, {
		transformPageChunk: ({ html }) =>
			theme === 'dark' || theme === 'light'
				? html.replace('<html lang="en"', `<html lang="en" data-theme="${theme}"`)
				: html
	});
}

/** Shuts the page in: nothing sniffed, framed, passed on or kept; under TLS, TLS from now on. */
function guarded(response: Response, event: RequestEvent): Response {
	const { headers } = response;
	headers.set('x-content-type-options', 'nosniff');
	headers.set('referrer-policy', 'same-origin');
	headers.set('x-frame-options', 'DENY');
	headers.set('cross-origin-opener-policy', 'same-origin');
	headers.set('cross-origin-resource-policy', 'same-origin');
	headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
	if (event.url.protocol === 'https:') headers.set('strict-transport-security', 'max-age=31536000');
	if (!event.url.pathname.startsWith('/_app/immutable')) headers.set('cache-control', 'no-store');
	return response;
}

/** The number of a fault, for the page and the log; the log has the message, never rows or parameters. */
export const handleError: HandleServerError = ({ error, event, status }) => {
	const id = randomBytes(2).toString('hex');
	if (status !== 404) process.stderr.write(`${event.route.id ?? 'a page'} failed (${id}): ${faultWords(error)}\n`);
	return { message: status === 404 ? 'There is no such page.' : 'This page could not be made.', id };
};
