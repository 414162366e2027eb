import { spaced } from '$lib/domain/personal_words';
import type { Viewer } from '$lib/domain/viewer';
import type { Home } from './home';
import { ask } from './warehouse';

/** True for words that hold the name or an id of a patient of this viewer: what many read may not keep them. */
export async function namesPatient(home: Home, { scope }: Viewer, words: string): Promise<boolean> {
	const [found] = await ask<{ is_known: boolean }>(home, 'people_named', { words: spaced(words) }, scope);
	return found!.is_known;
}
