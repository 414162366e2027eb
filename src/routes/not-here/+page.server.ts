import { notHere } from '$lib/server/door';
import type { PageServerLoad } from './$types';

/** What is shown for every page that is not there, or not for the viewer. */
export const load: PageServerLoad = () => notHere();
