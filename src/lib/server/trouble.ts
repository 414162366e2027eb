/** Exit codes of the contract: usage, data gate or stale, not permitted, busy, internal. */
export type Exit = 1 | 2 | 3 | 4 | 5;

/** A stop that a person can act on: its message says what happened, what is safe and what to do. */
export class Trouble extends Error {
	constructor(
		readonly exit: Exit,
		message: string
	) {
		super(message);
		this.name = 'Trouble';
	}
}

/** The asker's words are off: an unknown measure, a bad option, a file that is not there. */
export const usage = (message: string) => new Trouble(1, message);
/** The data may not pass: nothing was changed. */
export const gate = (message: string) => new Trouble(2, message);
/** The asker may not do this. */
export const denied = (message: string) => new Trouble(3, message);
/** Somebody else holds what is needed. */
export const busy = (message: string) => new Trouble(4, message);

/**
 * A message of the database without the values it quotes, because they may be of a patient. Errors in the words of a question quote the
 * question alone and stay whole. Quoted values are not escaped there, so everything from the first quote to the last goes,
 * and all lines but the first.
 */
export const withoutValues = (message: string): string =>
	/^(Binder|Catalog|Parser|Syntax) Error/.test(message)
		? message
		: message
				.replace(/["'][\s\S]*["']/, "'…'")
				.replace(/\d{4,}/g, '…')
				.split('\n')[0]!;

/** What a fault may say in a log: its first line, without values. */
export const faultWords = (cause: unknown): string =>
	withoutValues(cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!;
