import { createHash } from 'node:crypto';
import type { Element } from '$lib/domain/ecareplan/element';
import { all, along, peek } from '$lib/domain/ecareplan/element';
import type { Resource } from '$lib/domain/ecareplan/plan';

/** Why a file is no pharmacist care plan that can be read here: what was found and on which line. */
export class UnreadablePlan extends Error {
	constructor(
		message: string,
		readonly line: number
	) {
		super(message);
	}
}

/** Elements that one version of FHIR has alone, by resource type. DSTU2 and R5 are not read. */
const signs: { version: string; type: string; element: string; is: (found: Element) => boolean }[] = [
	{ version: 'DSTU2', type: 'Encounter', element: 'patient', is: () => true },
	{ version: 'DSTU2', type: 'Condition', element: 'patient', is: () => true },
	{ version: 'DSTU2', type: 'MedicationStatement', element: 'patient', is: () => true },
	{ version: 'DSTU2', type: 'AllergyIntolerance', element: 'substance', is: () => true },
	{ version: 'DSTU2', type: 'MedicationOrder', element: '', is: () => true },
	{ version: 'STU3', type: 'ProcedureRequest', element: '', is: () => true },
	{ version: 'STU3', type: 'ReferralRequest', element: '', is: () => true },
	{ version: 'STU3', type: 'MedicationStatement', element: 'taken', is: () => true },
	{ version: 'STU3', type: 'Condition', element: 'clinicalStatus', is: (found) => found.value !== null },
	{ version: 'STU3', type: 'AllergyIntolerance', element: 'clinicalStatus', is: (found) => found.value !== null },
	{ version: 'STU3', type: 'Encounter', element: 'reason', is: (found) => !all(found, 'value').length },
	{ version: 'R4', type: 'ServiceRequest', element: '', is: () => true },
	{ version: 'R4', type: 'Condition', element: 'clinicalStatus', is: (found) => found.value === null },
	{ version: 'R4', type: 'AllergyIntolerance', element: 'clinicalStatus', is: (found) => found.value === null },
	{ version: 'R4', type: 'Encounter', element: 'reasonCode', is: () => true },
	{ version: 'R4', type: 'Goal', element: 'lifecycleStatus', is: () => true },
	{ version: 'R5', type: 'Encounter', element: 'actualPeriod', is: () => true },
	{ version: 'R5', type: 'Encounter', element: 'class', is: (found) => all(found, 'coding').length > 0 },
	{ version: 'R5', type: 'MedicationRequest', element: 'medication', is: () => true },
	{ version: 'R5', type: 'MedicationStatement', element: 'medication', is: () => true },
	{ version: 'R5', type: 'MedicationDispense', element: 'medication', is: () => true },
	{
		version: 'R5',
		type: 'CarePlan',
		element: 'activity',
		is: (found) => all(found, 'plannedActivityReference').length > 0
	}
];

/** The versions of FHIR that resources show by elements no other version has; throws for one that is not read here. */
export function versionsOf(resources: Resource[]): string[] {
	const found = new Set<string>();
	for (const { type, element } of resources)
		for (const sign of signs.filter((each) => each.type === type)) {
			const shown = sign.element === '' ? element : all(element, sign.element).find(sign.is);
			if (!shown) continue;
			if (sign.version !== 'STU3' && sign.version !== 'R4')
				throw new UnreadablePlan(
					`${type}${sign.element ? `.${sign.element}` : ''} is of FHIR ${sign.version}; FHIR STU3 and R4 are read`,
					shown.line
				);
			found.add(sign.version);
		}
	return [...found].sort();
}

const content = (of: Element): string => `${of.name}=${of.value ?? ''}(${of.children.map(content).join(',')})`;

/** A Bundle and those in it, each with its resources: what is in one of them names nothing in another, and senders number both alike. */
export const documentsOf = (root: Element, file: number, path = ''): Resource[][] => [
	resourcesOf(root, file, path),
	...all(root, 'entry').flatMap((entry, at) =>
		all(entry, 'resource').flatMap((holder) =>
			all(holder, 'Bundle').flatMap((each) => documentsOf(each, file, `${path}entry[${at}].resource.`))
		)
	)
];

/** The resources of one document (a Bundle without those in it, or one resource) with what references call them, those that are contained too. */
export function resourcesOf(root: Element, file: number, path = ''): Resource[] {
	if (root.name === 'Bundle') {
		const document = documentKey(root);
		const entries = all(root, 'entry').flatMap((entry, at) => {
			all(entry, 'fullUrl').forEach((each) => (each.isRead = true));
			return all(entry, 'resource').flatMap((holder) =>
				holder.children
					.filter((each) => /^[A-Z]/.test(each.name) && each.name !== 'Bundle')
					.flatMap((each) => named(each, file, `${path}entry[${at}].resource`, peek(entry, 'fullUrl'), document))
			);
		});
		const header = root.children.flatMap((each) =>
			each.name === 'entry'
				? [{ ...each, children: each.children.filter((child) => child.name !== 'resource') }].filter(
						(one) => one.children.length
					)
				: [each]
		);
		return [
			{ type: 'Bundle', names: [], element: { ...root, children: header }, file, path: path || 'bundle' },
			...entries
		];
	}
	return named(root, file, path || 'resource', null);
}

/**
 * What tells the session of a Bundle from others: its patients' identifiers and the day of its first Encounter, else of its Composition. A resource of
 * a Bundle without a fullUrl is known inside that Bundle alone (FHIR, Bundle.entry.fullUrl), and senders number them anew in each.
 */
function documentKey(root: Element): string {
	const inside = (type: string) =>
		all(root, 'entry')
			.flatMap((entry) => all(entry, 'resource'))
			.flatMap((holder) => holder.children.filter((each) => each.name === type));
	const whose = inside('Patient').flatMap((each) =>
		all(each, 'identifier').map((one) => `${peek(one, 'system') ?? ''}|${peek(one, 'value') ?? ''}`)
	);
	const encounters = inside('Encounter').flatMap((each) => along(each, 'period.start'));
	const days = encounters.length ? encounters : inside('Composition').flatMap((each) => all(each, 'date'));
	const first = days.map((each) => each.value?.slice(0, 10)).sort()[0];
	return createHash('sha256')
		.update(JSON.stringify([whose.sort(), first ?? null]))
		.digest('hex')
		.slice(0, 16);
}

function named(
	element: Element,
	file: number,
	path: string,
	fullUrl: string | null,
	document: string | null = null
): Resource[] {
	const id = peek(element, 'id');
	all(element, 'id').forEach((each) => (each.isRead = true));
	const local = id && `${element.name}/${id}`;
	const own = fullUrl || (local && document && `${local}-${document}`);
	const names = [own, local].filter((each) => each !== null && each !== '') as string[];
	const base = /^(https?:.*\/)[A-Z]\w+\/[^/]+$/.exec(fullUrl ?? '')?.[1];
	if (base) nameBeside(element, base);
	if (!names.length) names.push(`content:${createHash('sha256').update(content(element)).digest('hex').slice(0, 32)}`);
	const inside = all(element, 'contained').flatMap((holder) =>
		holder.children.filter((each) => /^[A-Z]/.test(each.name)).map((each) => ({ holder, each }))
	);
	const contained = inside.flatMap(({ each }, at) => {
		const own = peek(each, 'id');
		// A contained resource is called #id by its owner alone.
		const found = named(each, file, `${path}.contained[${at}]`, null);
		if (own) found[0]!.names = [`${names[0]}#${own}`];
		return found;
	});
	if (inside.length) {
		element.children = element.children.filter((each) => each.name !== 'contained');
		nameInside(element, names[0]!);
	}
	return [{ type: element.name, names, element, file, path }, ...contained];
}

/** A relative reference is meant beside its own address (FHIR, Bundle resolution): two servers number alike. */
function nameBeside(element: Element, base: string): void {
	for (const each of element.children) {
		if (each.name === 'reference' && /^[A-Z]\w+\//.test(each.value ?? '')) each.value = `${base}${each.value}`;
		nameBeside(each, base);
	}
}

/** References to #id name the resource of that id inside their owner. */
function nameInside(element: Element, owner: string): void {
	for (const each of element.children) {
		if (each.name === 'reference' && each.value?.startsWith('#')) each.value = `${owner}${each.value}`;
		nameInside(each, owner);
	}
}
