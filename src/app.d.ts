import type { Scope } from '$lib/domain/scope';
import type { Ability, Role } from '$lib/domain/role';

declare global {
	namespace App {
		interface Error {
			message: string;
			id?: string;
		}
		/** Who looks: a signed-in user, what they may see at this moment and what they may do. */
		interface Viewer {
			user: { id: string; name: string; role: Role };
			/** The session's id; never its secret. */
			session: string;
			scope: Scope;
			can: (ability: Ability) => boolean;
		}
		interface Locals {
			viewer: Viewer | null;
		}
	}
}

export {};
