import type { Element, Why } from './element';
import { calledSo, type Plan, type Resource } from './plan';

/** An element, with all that is in it, that went into no row. */
export type Unmapped = {
	file: number;
	line: number;
	/** Where it stands: entry[3].resource(Observation).valueQuantity. */
	path: string;
	/** The same without numbers and from the resource on, so that like things can be counted. */
	what: string;
	/** What kind of value stands there; the value itself is a patient's and stays in the file. */
	kind: string;
	/** Values in it. */
	values: number;
	why: Why;
	/** The code that no row knew. */
	code: string | null;
};

const byName: Record<string, Why> = {
	text: 'narrative',
	meta: 'document',
	language: 'document',
	implicitRules: 'document'
};
const documents = new Set(['Bundle', 'Composition', 'Parameters', 'Provenance']);
const people = new Set([
	'Patient',
	'RelatedPerson',
	'Practitioner',
	'PractitionerRole',
	'Organization',
	'Location',
	'Coverage',
	'Medication'
]);
const mapped = new Set([
	...documents,
	...people,
	'CarePlan',
	'RequestGroup',
	'List',
	'Encounter',
	'Condition',
	'DetectedIssue',
	'AllergyIntolerance',
	'Goal',
	'Observation',
	'Communication',
	'CommunicationRequest',
	'MedicationStatement',
	'MedicationRequest',
	'MedicationDispense',
	'MedicationAdministration',
	'Procedure',
	'ProcedureRequest',
	'ReferralRequest',
	'ServiceRequest',
	'Task'
]);

const leaves = (of: Element): number =>
	(of.value !== null ? 1 : 0) + of.children.reduce((sum, each) => sum + leaves(each), 0);
const anyRead = (of: Element): boolean => of.isRead || of.children.some(anyRead);

function kindOf(of: Element): string {
	if (of.value === null) {
		const names = new Set(of.children.map((each) => each.name));
		if (names.has('coding') || (names.has('system') && names.has('code'))) return 'code';
		if (names.has('reference')) return 'reference';
		if (names.has('start') || names.has('end')) return 'period';
		if (names.has('value') && (names.has('unit') || names.has('code'))) return 'quantity';
		return 'group';
	}
	if (of.name === 'reference') return 'reference';
	if (/^\d{4}(-\d{2}){0,2}(T.*)?$/.test(of.value) && of.value.length !== 4) return 'day';
	if (/^-?\d+(\.\d+)?$/.test(of.value)) return 'number';
	if (of.value === 'true' || of.value === 'false') return 'yes or no';
	return ['code', 'status', 'system', 'intent', 'use', 'url'].includes(of.name) ? 'code' : 'text';
}

/** The first code in an element that was looked up and not found. */
function codeIn(of: Element): string | null {
	if (of.why === 'unknown_code' && of.value !== null) return of.value;
	const value = (name: string) => of.children.find((each) => each.name === name)?.value ?? '';
	if (of.why === 'unknown_code' && value('code')) return `${value('system')}|${value('code')}`;
	return of.children.map(codeIn).find((each) => each !== null) ?? null;
}

const whyWithin = (of: Element): Why | undefined =>
	of.why ?? of.children.map(whyWithin).find((each) => each !== undefined);

/** The reasons that what is in an element has of its own. */
const whysWithin = (of: Element): Why[] => (of.why ? [of.why] : of.children.flatMap(whysWithin));

const referencesIn = (of: Element): string[] =>
	of.children.flatMap((each) =>
		each.name === 'reference' && each.value !== null ? [each.value.trim()] : referencesIn(each)
	);

/** The resources that are named by one of these, which gave rows, or by somebody of whom something is in one. */
export function namedBy(plan: Plan, gaveRows: Set<Resource>): Set<Resource> {
	const from = plan.resources.filter((each) => gaveRows.has(each) || (people.has(each.type) && anyRead(each.element)));
	return new Set(from.flatMap((each) => referencesIn(each.element)).flatMap((name) => calledSo(plan, name) ?? []));
}

/**
 * Everything of a resource that went into no row, each at the highest element of which nothing was read and that has one reason, with it. A resource
 * of care that gave no row, or of somebody of whom nothing was read, is listed once, whatever was looked at in it.
 */
export function unmappedOf(resource: Resource, gaveRows: boolean, isNamed: boolean): Unmapped[] {
	const found: Unmapped[] = [];
	const { element, type } = resource;
	const general: Why = type === 'Patient' ? 'person' : documents.has(type) ? 'document' : 'no_column';
	const add = (of: Element, path: string, what: string, why: Why) => {
		const values = leaves(of);
		if (values)
			found.push({
				file: resource.file,
				line: of.line,
				path,
				what,
				kind: of === element ? 'resource' : kindOf(of),
				values,
				why,
				code: why === 'unknown_code' ? codeIn(of) : null
			});
	};
	const walk = (of: Element, path: string, what: string, why: Why | undefined) => {
		const all = new Map<string, number>();
		for (const each of of.children) all.set(each.name, (all.get(each.name) ?? 0) + 1);
		const seen = new Map<string, number>();
		for (const each of of.children) {
			const at = seen.get(each.name) ?? 0;
			seen.set(each.name, at + 1);
			const own = `${path}.${each.name}${all.get(each.name)! > 1 ? `[${at}]` : ''}`;
			const whole = each.why ?? (of === element ? byName[each.name] : undefined) ?? why;
			if (each.isRead && !each.children.length) continue;
			if (anyRead(each) || new Set(whysWithin(each)).size > 1) walk(each, own, `${what}.${each.name}`, whole);
			else add(each, own, `${what}.${each.name}`, whole ?? whyWithin(each) ?? general);
		}
	};
	const path = `${resource.path}(${type})`;
	if (people.has(type) ? anyRead(element) : gaveRows) walk(element, path, type, element.why);
	else
		add(
			element,
			path,
			type,
			element.why ??
				(people.has(type) && !isNamed
					? 'nothing_names_it'
					: mapped.has(type)
						? (whyWithin(element) ?? general)
						: 'no_place')
		);
	return found;
}
