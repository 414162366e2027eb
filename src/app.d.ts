import type { Viewer } from '$lib/domain/role';

declare global {
	namespace App {
		interface Error {
			message: string;
			id?: string;
		}
		interface Locals {
			/** Who looks; null before signing in. */
			viewer: Viewer | null;
		}
	}
}

export {};
