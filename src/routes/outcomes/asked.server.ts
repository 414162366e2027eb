import type { Ability } from '$lib/domain/role';
import { asked, type Request } from '$lib/server/door';
import { outcomeOf, type OutcomeAsked } from '$lib/server/outcome';

/** Reads the address of a page of hospital rates for who looks, if they may do this; null when nothing has been computed. */
export async function outcomeAsked(event: Request, ability: Ability): Promise<OutcomeAsked | null> {
	const question = await asked(event, ability);
	return question && (await outcomeOf(question, event.url.searchParams));
}
