import { theHome, theRun } from '$lib/server/door';
import { everyone } from '$lib/domain/scope';
import { version } from '../../../package.json';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async () => {
	const run = await theRun(theHome(), everyone);
	return { version, asOf: run?.as_of ?? null };
};
