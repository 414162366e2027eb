import type { Codes } from './code';
import { all, along, dayOf, moment, peek, text, type Element } from './element';
import {
	dayAt,
	identities,
	identity,
	isInError,
	linked,
	npiOf,
	patientOf,
	practitionerNpi,
	type Plan,
	type Resource
} from './plan';

/** A session that the plan tells of: what it documents, or a later one that it arranges. */
export type Session = {
	id: string;
	patient: Resource | null;
	/** What its row is made from: an Encounter, or a Composition that names none. */
	resource: Resource;
	composition: Resource | null;
	day: string | null;
	/** The session that arranged it. */
	follows: Session | null;
};

const structure = new Set(['RequestGroup', 'CarePlan', 'List']);

/** The resources that the plan's interventions put on somebody's list. */
export function interventions(plan: Plan): Set<Resource> {
	const found = new Set<Resource>();
	for (const each of plan.resources.filter((one) => structure.has(one.type)))
		for (const one of [
			...actionsIn(each.element).flatMap((action) => linked(plan, action, 'resource')),
			...linked(plan, each.element, 'activity.reference', 'entry.item', 'activity.plannedActivityReference')
		])
			if (!structure.has(one.type)) found.add(one);
	return found;
}

/** The actions of a group, with those inside others. */
const actionsIn = (of: Element): Element[] => all(of, 'action').flatMap((each) => [each, ...actionsIn(each)]);

/** The sessions of a plan, each documented one before those it arranges. */
export function sessionsOf(plan: Plan, arranged: Set<Resource>): Session[] {
	const alive = plan.resources.filter((each) => !isInError(each));
	const sessions = new Map<Resource, Session>();
	for (const composition of alive.filter((each) => each.type === 'Composition')) {
		const encounter = linked(plan, composition.element, 'encounter').find(
			(each) => each.type === 'Encounter' && alive.includes(each)
		);
		const resource = encounter ?? composition;
		if (sessions.has(resource)) continue;
		sessions.set(resource, {
			id: identity(resource),
			patient: patientOf(plan, encounter ?? null, composition),
			resource,
			composition,
			day: encounter
				? dayAt(encounter.element, 'period.start')
				: dayAt(composition.element, 'event.period.end', 'event.period.start', 'date'),
			follows: null
		});
	}
	const documented = [...sessions.values()];
	for (const encounter of alive.filter((each) => each.type === 'Encounter' && !sessions.has(each))) {
		const patient = patientOf(plan, encounter);
		const day = dayAt(encounter.element, 'period.start');
		const before = documented.filter((each) => each.patient === patient && (each.day ?? '') <= (day ?? ''));
		const isArranged = arranged.has(encounter) || peek(encounter.element, 'status') === 'planned';
		sessions.set(encounter, {
			id: identity(encounter),
			patient,
			resource: encounter,
			composition: null,
			day,
			follows: isArranged && before.length === 1 ? before[0]! : null
		});
	}
	const ids = identities([...sessions.keys()]);
	for (const [resource, session] of sessions) session.id = ids.get(resource)!;
	return [...sessions.values()];
}

/** The Encounter that a resource names. */
export const encounterOf = (plan: Plan, resource: Resource): Resource | null =>
	linked(plan, resource.element, 'encounter', 'context').find((each) => each.type === 'Encounter') ?? null;

/** The session a resource belongs to: the one it names, if that is the patient's, else the patient's only one that arranged none of the others. */
export function sessionOf(plan: Plan, sessions: Session[], resource: Resource, patient: Resource): Session | null {
	const named = encounterOf(plan, resource);
	const own = named && sessions.find((each) => each.resource === named);
	if (own) return own.patient === patient ? own : null;
	const theirs = sessions.filter((each) => each.patient === patient && !each.follows);
	const documented = theirs.filter((each) => each.composition);
	const only = documented.length ? documented : theirs;
	return only.length === 1 ? only[0]! : null;
}

const isFinal = (composition: Resource | null) =>
	['final', 'amended'].includes(peek(composition?.element, 'status') ?? '');

/** The columns of mtm_service that a session tells. */
export function serviceValues(
	plan: Plan,
	session: Session,
	sessions: Session[],
	codes: Codes
): Record<string, string | null> {
	const { resource, composition } = session;
	const of = resource.element;
	const kinds = along(of, 'type')
		.concat(
			along(of, 'serviceType'),
			along(of, 'reason'),
			along(of, 'reasonCode'),
			along(of, 'class'),
			along(of, 'category')
		)
		.concat(composition ? along(composition.element, 'event.code') : []);
	const status = codes.plain(
		'status',
		resource.type === 'Encounter' ? 'Encounter.status' : 'Composition.status',
		along(of, 'status')[0]
	);
	const roles = linked(plan, of, 'participant.individual', 'participant.actor').concat(
		composition && !along(of, 'participant').length ? linked(plan, composition.element, 'author') : []
	);
	const by = roles.find((each) => /^Practitioner/.test(each.type)) ?? null;
	const places = linked(plan, of, 'serviceProvider', 'location.location').concat(
		by ? linked(plan, by.element, 'organization') : []
	);
	const located = places.concat(places.flatMap((each) => linked(plan, each.element, 'managingOrganization')));
	const next = sessions
		.filter((each) => each.follows === session && each.day)
		.map((each) => each.day!)
		.sort()[0];
	const typed = codes.word('service_type', kinds);
	const program = plan.resources
		.filter(
			(each) =>
				each.type === 'Coverage' && linked(plan, each.element, 'beneficiary', 'subscriber').includes(session.patient!)
		)
		.flatMap((each) => codes.word('program', along(each.element, 'type')) ?? [])
		.sort()[0];
	const isOpen = ['unknown', null].includes(peek(of, 'status'));
	const start = moment(of, 'period.start');
	const end = moment(of, 'period.end');
	const withTime = (value: string | null) => (value?.includes('T') ? value : null);
	return {
		service_id: session.id,
		service_type: typed ?? (session.follows ? 'follow_up' : 'other'),
		service_date: session.day ?? (session.resource === composition ? null : dayOf(start)),
		// A plan is written of a session that was held; what it arranges for later is not held yet.
		status: status ?? (isOpen ? (isFinal(composition) ? 'completed' : session.follows ? 'scheduled' : null) : null),
		program: program ?? null,
		delivery_method: codes.word('delivery_method', kinds),
		setting:
			codes.word(
				'setting',
				located.flatMap((each) => along(each.element, 'type'))
			) ?? codes.word('setting', kinds),
		provider_type: by
			? codes.word('provider_type', along(by.element, 'code').concat(along(of, 'participant.type')))
			: codes.word('provider_type', along(of, 'participant.type')),
		provider_npi: practitionerNpi(plan, by),
		pharmacy_npi:
			located
				.filter((each) => each.type === 'Organization')
				.map(npiOf)
				.find(Boolean) ?? null,
		start_time: withTime(start),
		end_time: withTime(end),
		minutes: minutesOf(along(of, 'length')[0]),
		language: session.patient
			? text(session.patient.element, 'communication.language.coding.code', 'communication.language.text')
			: null,
		follow_up_of: session.follows?.id ?? null,
		follow_up_due_date: next ?? null,
		documented_at: withTime(moment(composition?.element, 'date')),
		last_edited_at: withTime(moment(composition?.element, 'meta.lastUpdated'))
	};
}

function minutesOf(length: Element | undefined): string | null {
	if (!length || !['min', 'minute', 'minutes'].includes(peek(length, 'code', 'unit') ?? '')) return null;
	text(length, 'code', 'unit');
	return text(length, 'value');
}
