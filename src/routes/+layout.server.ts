import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { explainPart } from '$lib/domain/explained';
import { everyone } from '$lib/domain/scope';
import { asked, theHome, theRun } from '$lib/server/door';
import { explain } from '$lib/server/explain';
import { lockHolder, readCurrent } from '$lib/server/home';
import type { LayoutServerLoad } from './$types';

/** What the frame of every page shows: whose data, which years, how fresh. */
export const load: LayoutServerLoad = async ({ url }) => {
	const home = theHome();
	const run = await theRun(home, everyone);
	const busy = lockHolder(home);
	const wanted = url.searchParams.get('explain');
	const question = wanted && run ? await asked(url) : null;
	return {
		organisation: process.env.MTM_ORGANISATION ?? null,
		demo: existsSync(join(home.folder, 'demo.json')),
		run,
		results: readCurrent(home).results,
		year: run ? Number(url.searchParams.get('y') ?? Math.max(...run.years)) : null,
		busy: busy ? busy.what : null,
		explained: question
			? await explain(question, wanted!, explainPart(url.searchParams.get('part')), url.searchParams.get('of'))
			: null
	};
};
