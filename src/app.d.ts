import type { SavedView } from '$lib/domain/saved_view';
import type { Viewer } from '$lib/domain/viewer';
import type { SignedIn } from '$lib/server/lucia/session';

declare global {
	namespace App {
		interface Error {
			message: string;
			id?: string;
		}
		interface Locals {
			/** Who looks; null for everybody who has not signed in, is locked, or still owes a second factor. */
			viewer: Viewer | null;
			/** The session of the cookie, also while it is locked or waits for a second factor. */
			session: SignedIn | null;
			/** The saved view that the address names, once its words are spelled out in `url`. */
			view?: SavedView;
		}
	}
}

export {};
