import { readSample, sampledBy } from '$lib/domain/audit_sample';
import { drawSample, sampleMethod } from '$lib/server/audit_sample';
import { answer } from '$lib/server/door';
import { listSeen } from '$lib/server/seen';
import { auditAsked } from '../asked.server';
import type { PageServerLoad } from './$types';

/** A random sample of the paid claims, how it was drawn, what is decided of it, and what it says of all of them. */
export const load: PageServerLoad = async (event) => {
	const found = await auditAsked(event, 'decide_audit');
	if (!found) return { ready: false as const };
	const { question, chosen, options, loaded } = found;
	const { asked, problems: wrong } = readSample(event.url.searchParams);
	const frame = {
		ready: true as const,
		year: chosen.year,
		years: found.years,
		asOf: question.run.as_of,
		problems: [...found.problems, ...wrong.map((why) => ({ key: 'n', value: why, why }))],
		options,
		chosen,
		asked
	};
	if (!loaded) return { ...frame, sample: null, method: '' };
	const sample = await answer(async () => {
		const drawn = await drawSample(found, asked);
		await listSeen(question, 'sample of audit claims', drawn.claims, { seed: asked.seed });
		return drawn;
	});
	return { ...frame, sample, method: sampleMethod(asked, sampledBy[asked.by], sample.value?.frame ?? 0) };
};
