import { readerOf, type Problem } from './population';
import { codesOf, codeWords } from './recommendation';
import { notStated } from './reviewed_people';

/** What became of an opportunity that a plan or vendor opened. */
export const opportunityStates = {
	done: 'Done',
	in_progress: 'Taken up',
	open: 'Open',
	expired: 'Expired',
	removed: 'Removed'
} as const;

/** Which opportunities a list holds; null for all. */
export type ChosenOpportunities = { problem: string | null; state: keyof typeof opportunityStates | null };

/** The words of an address that choose opportunities for a list. */
export const opportunityKeys = ['about', 'state'] as const;

/** Reads which opportunities an address asks for; what is not known is a problem and chooses nothing. */
export function readOpportunities(words: URLSearchParams): { chosen: ChosenOpportunities; problems: Problem[] } {
	const problems: Problem[] = [];
	const known = readerOf(words, problems);
	return {
		chosen: {
			problem: known('about', [...codesOf('problem'), notStated], 'problem'),
			state: known(
				'state',
				Object.keys(opportunityStates) as (keyof typeof opportunityStates)[],
				'state of an opportunity'
			)
		},
		problems
	};
}

/** Which opportunities are listed, in words: "Adherence, Done"; nothing for all. */
export const opportunityWords = ({ problem, state }: ChosenOpportunities): string =>
	[
		problem && (problem === notStated ? 'problem not stated' : codeWords('problem', problem)),
		state && opportunityStates[state]
	]
		.filter(Boolean)
		.join(', ');
