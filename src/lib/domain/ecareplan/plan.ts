import { all, along, dayOf, moment, peek, readWhole, text, type Element } from './element';

/** A FHIR resource where it stands: `name` of the element is its type. */
export type Resource = {
	type: string;
	/** What references call it: the full address, Type/id, or its place in the file when it has neither. */
	names: string[];
	element: Element;
	/** The file it came from, as a number of the load's list. */
	file: number;
	/** Its path in that file, such as entry[3].resource. */
	path: string;
};

/** Resources that may name each other: one Bundle, or the loose resources of a folder. A name of several is null in `byName`: it tells none of them. */
export type Plan = { resources: Resource[]; patients: Resource[]; byName: Map<string, Resource | null> };

/** A plan of resources, whatever their order. */
export function planOf(resources: Resource[]): Plan {
	const byName = new Map<string, Resource | null>();
	for (const each of resources)
		for (const name of each.names) {
			const before = byName.get(name);
			if (before === undefined) byName.set(name, each);
			else if (before && apart(before) !== apart(each)) byName.set(name, null);
		}
	return { resources, patients: resources.filter((each) => each.type === 'Patient'), byName };
}

/** What tells two resources of one name apart: a patient's identifiers, else the full address. */
const apart = (resource: Resource) =>
	resource.type === 'Patient' ? JSON.stringify(identifiersOf(resource.element).sort()) : resource.names[0];

const identifiersOf = (of: Element) =>
	all(of, 'identifier').map((each) => `${peek(each, 'system') ?? ''}|${peek(each, 'value') ?? ''}`);

/** The resource that an element of type Reference names; null and said so when the plan has none of that name. */
export function resolve(plan: Plan, reference: Element | undefined, isUsed = true): Resource | null {
	const target = reference && all(reference, 'reference')[0];
	const name = target?.value?.trim();
	if (!target || !name) return null;
	const found = calledSo(plan, name);
	if (!found) target.why = found === null ? 'ambiguous' : 'dangling';
	else if (isUsed) readWhole(reference);
	return found ?? null;
}

/** The resource of that name; null when several are called so, undefined when none is. */
export function calledSo(plan: Plan, name: string): Resource | null | undefined {
	const short = /([A-Z]\w+\/[^/]+)(\/_history\/.*)?$/.exec(name)?.[1];
	return plan.byName.has(name) || !short ? plan.byName.get(name) : plan.byName.get(short);
}

/** The resources that references at these paths name. */
export const linked = (plan: Plan, of: Element, ...paths: string[]): Resource[] =>
	paths.flatMap((path) => along(of, path)).flatMap((each) => resolve(plan, each) ?? []);

/** A text that tells a resource from others whatever its place: its first identifier, else what it is called. */
export function identity(resource: Resource): string {
	const found = all(resource.element, 'identifier')
		.map((each) => ({ each, key: `${peek(each, 'system') ?? ''}|${peek(each, 'value') ?? ''}` }))
		.filter(({ each }) => peek(each, 'value') !== null)
		.sort((a, b) => (a.key < b.key ? -1 : 1))[0];
	if (found) {
		readWhole(found.each);
		return peek(found.each, 'value')!.replace(/^urn:uuid:/, '');
	}
	return (resource.names[0] ?? resource.path).replace(/^urn:uuid:/, '').replace(/^[A-Z]\w+\//, '');
}

/** What each of these is called, apart from the others: by its identity, or in full where several have the same one (numbers of two kinds, or of a plan). */
export function identities(resources: Resource[]): Map<Resource, string> {
	const found = new Map(resources.map((each) => [each, identity(each)]));
	const times = new Map<string, number>();
	for (const each of found.values()) times.set(each, (times.get(each) ?? 0) + 1);
	return new Map([...found].map(([each, id]) => [each, times.get(id)! > 1 ? (each.names[0] ?? each.path) : id]));
}

/** Whether the sender took a resource back. */
export function isInError(resource: Resource): boolean {
	const says = ['status', 'verificationStatus', 'verificationStatus.coding.code', 'docStatus'];
	const found = says
		.flatMap((path) => along(resource.element, path))
		.find((each) => ['entered-in-error', 'refuted'].includes(each.value ?? ''));
	if (found) resource.element.why = 'entered_in_error';
	return found !== undefined;
}

/** The patient whom the first of these resources that names somebody is about, null when that is none of the plan; where all are silent, its only patient. */
export function patientOf(plan: Plan, ...resources: (Resource | null)[]): Resource | null {
	for (const resource of resources)
		for (const each of resource ? ['subject', 'patient', 'for'].flatMap((name) => all(resource.element, name)) : []) {
			const [identifier] = identifiersOf(each);
			if (peek(each, 'reference') !== null) {
				const found = resolve(plan, each);
				if (!found || found.type === 'Patient') return found;
			} else if (identifier) {
				const found = plan.patients.filter((patient) => identifiersOf(patient.element).includes(identifier));
				if (found.length === 1) readWhole(each);
				return found.length === 1 ? found[0]! : null;
			}
		}
	return plan.patients.length === 1 ? plan.patients[0]! : null;
}

/** The first National Provider Identifier of a resource; others are left and said so. */
export function npiOf(resource: Resource | null | undefined): string | null {
	for (const each of resource ? all(resource.element, 'identifier') : []) {
		if (!/us-npi|2\.16\.840\.1\.113883\.4\.6$/.test(peek(each, 'system') ?? '')) continue;
		if (/^\d{10}$/.test(peek(each, 'value') ?? '')) {
			readWhole(each);
			return peek(each, 'value');
		}
		each.why = 'not_an_npi';
	}
	return null;
}

/** A practitioner's NPI, by the role or the person behind it. */
export const practitionerNpi = (plan: Plan, found: Resource | null | undefined): string | null =>
	npiOf(found) ?? (found ? (linked(plan, found.element, 'practitioner').map(npiOf).find(Boolean) ?? null) : null);

/** The day of a session or document. */
export const dayAt = (of: Element, ...paths: string[]) => dayOf(moment(of, ...paths));

/** The words of the notes of a resource. */
export const noteOf = (of: Element): string | null => {
	const said = [...new Set(along(of, 'note').flatMap((each) => text(each, 'text') ?? []))];
	return said.length ? said.join(' ') : null;
};
