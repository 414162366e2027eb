import { answer } from '$lib/server/door';
import { ask } from '$lib/server/warehouse';
import { mtmAsked, opens } from '../asked.server';
import {
	sessionKinds,
	sessionUnits,
	type Coverage,
	type FollowUps,
	type Opportunity,
	type SessionGroup,
	type SessionKind,
	type SessionLists,
	type SessionUnit
} from './session_row';
import type { PageServerLoad } from './$types';

/** What sessions of a year covered of what their programmes require, by whom and how, and whether promises and opportunities were kept. */
export const load: PageServerLoad = async (event) => {
	const { url } = event;
	const found = await mtmAsked(event, 'see_totals', 'reviews', 'counts');
	if (!found) return { ready: false as const };
	const { question, chosen, problems, options, loaded } = found;
	const { home, scope, run, year } = question;
	const wantedKind = url.searchParams.get('kind') ?? 'cmr';
	const kind: SessionKind = sessionKinds.find((one) => one === wantedKind) ?? 'cmr';
	if (kind !== wantedKind)
		problems.push({
			key: 'kind',
			value: wantedKind,
			why: `there is no page about sessions of the kind "${wantedKind}"`
		});
	const wanted = url.searchParams.get('by') ?? 'way';
	const by = (Object.hasOwn(sessionUnits, wanted) ? wanted : 'way') as SessionUnit;
	if (by !== wanted) problems.push({ key: 'by', value: wanted, why: `there is no grouping by "${wanted}"` });
	const frame = {
		ready: true as const,
		year,
		asOf: run.as_of,
		problems,
		options,
		kind,
		by,
		/** What of a list is on hand in claims can be known. */
		hasFills: loaded.has_pharmacy_claim,
		opens: opens(question)
	};
	if (!loaded.has_sessions) return { ...frame, cards: null };
	const of = { ...chosen, service_type: kind };
	const [coverage, groups, lists, followUps, opportunities] = await Promise.all([
		answer(() => ask<Coverage>(home, 'session_coverage', of, scope)),
		answer(() => ask<SessionGroup>(home, 'session_groups', { ...of, unit: by }, scope)),
		answer(async () => (await ask<SessionLists>(home, 'session_lists', of, scope))[0]!),
		answer(async () => (await ask<FollowUps>(home, 'follow_ups', chosen, scope))[0]!),
		answer(() => ask<Opportunity>(home, 'opportunities', chosen, scope))
	]);
	return { ...frame, cards: { coverage, groups, lists, followUps, opportunities } };
};
