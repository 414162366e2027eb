/** A card's answer, or the number under which its failure stands in the server's log. */
export type Answer<T> = { value: T; failed: null } | { value: null; failed: string };
