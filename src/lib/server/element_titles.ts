import type { Scope } from '$lib/domain/scope';
import type { Home } from './home';
import { ask } from './warehouse';

/** The elements that a programme may ask of a session, each with its title, in the order in which a session runs. */
export async function elementTitles(home: Home, scope: Scope): Promise<Map<string, string>> {
	const elements = await ask<{ element: string; title: string }>(home, 'session_elements', {}, scope);
	return new Map(elements.map(({ element, title }) => [element, title]));
}
