import { letterTo } from '$lib/server/audit_letter';
import { answer, notHere } from '$lib/server/door';
import { listSeen } from '$lib/server/seen';
import { auditAsked } from '../../asked.server';
import type { PageServerLoad } from './$types';

/** The letter to a pharmacy: what is upheld of its claims of the year, or of the one claim that the address names. */
export const load: PageServerLoad = async (event) => {
	const { npi } = event.params;
	const words = event.url.searchParams.get('claim');
	const claim = /^([0-9a-z]+)-([1-9]\d{0,5})$/.exec(words ?? '');
	if (!/^\d{10}$/.test(npi) || (words !== null && !claim)) notHere();
	const only = claim ? { pid: claim[1]!, number: Number(claim[2]) } : null;
	const found = await auditAsked(event, 'decide_audit');
	if (!found) return { ready: false as const };
	const letter = await answer(async () => {
		const written = await letterTo(found, npi, only);
		await listSeen(found.question, 'letter to a provider', written.findings, { pharmacy: npi });
		return written;
	});
	return {
		ready: true as const,
		npi,
		only,
		year: found.chosen.year,
		asOf: found.question.run.as_of,
		problems: found.problems.filter((problem) => problem.key !== 'pharm'),
		organisation: process.env.MTM_ORGANISATION ?? null,
		letter
	};
};
