import { codeOf, codings, wordsOf, type Codes } from './code';
import { all, along, peek, readWhole, text, type Element } from './element';
import { identity, linked, type Plan, type Resource } from './plan';

export const medicineTypes = [
	'MedicationStatement',
	'MedicationRequest',
	'MedicationDispense',
	'MedicationAdministration'
];

/** The code of the medicine that a resource is about, wherever it stands. */
export function medicineConcept(plan: Plan, resource: Resource): Element | null {
	if (resource.type === 'Medication') return all(resource.element, 'code')[0] ?? null;
	const own = all(resource.element, 'medicationCodeableConcept')[0];
	if (own) return own;
	const medication = linked(plan, resource.element, 'medicationReference').find((each) => each.type === 'Medication');
	return medication ? (all(medication.element, 'code')[0] ?? null) : null;
}

/** The NDC of a medicine (its digits); its name is left. */
export function ndcOf(plan: Plan, resource: Resource): string | null {
	const concept = medicineConcept(plan, resource);
	const ndc = codings(concept ? [concept] : [])
		.filter((each) => codeOf(each).system === 'ndc' && /^[\d-]{9,13}$/.test(codeOf(each).code))
		.sort((a, b) => (codeOf(a).code < codeOf(b).code ? -1 : 1))[0];
	if (ndc) readWhole(ndc);
	return ndc ? codeOf(ndc).code : null;
}

/** The NDC and the name of a medicine; an RxNorm number gives the name alone. */
export const medicineOf = (plan: Plan, resource: Resource): { ndc_code: string | null; name: string | null } => ({
	ndc_code: ndcOf(plan, resource),
	name: wordsOf(medicineConcept(plan, resource) ?? undefined)
});

/** One medicine of a session's list, however many requests, dispensings and statements tell of it. */
export type Medicine = { key: string; from: Resource; values: Record<string, string | null> };

/** The medicines of a session's resources, each once, in the order of their names. */
export function medicinesOf(plan: Plan, resources: Resource[], codes: Codes): Medicine[] {
	const found = new Map<string, Medicine>();
	const ordered = [...resources].sort(
		(a, b) => medicineTypes.indexOf(a.type) - medicineTypes.indexOf(b.type) || (identity(a) < identity(b) ? -1 : 1)
	);
	for (const from of ordered) {
		const { ndc_code, name } = medicineOf(plan, from);
		if (ndc_code === null && name === null) continue;
		const of = from.element;
		const reason = linked(plan, of, 'reasonReference').find((each) => each.type === 'Condition');
		const values: Record<string, string | null> = {
			ndc_code,
			name,
			source: codes.of('source', 'resource', from.type),
			indication:
				all(of, 'reasonCode').map(wordsOf).find(Boolean) ?? (reason ? wordsOf(all(reason.element, 'code')[0]) : null),
			decision: codes.plain('decision', `${from.type}.status`, all(of, 'status')[0])
		};
		const key = ndc_code?.replaceAll('-', '') ?? `name ${name!.toLowerCase()}`;
		const before = found.get(key);
		if (!before) found.set(key, { key, from, values });
		else for (const [column, value] of Object.entries(values)) before.values[column] ??= value;
	}
	return [...found.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

const sortKey = ({ key, values }: Medicine) => `${(values.name ?? '').toLowerCase()}|${key}`;

/** Whether a request for a medicine proposes it instead of ordering it. */
export const isProposal = (resource: Resource) =>
	resource.type === 'MedicationRequest' && ['proposal', 'plan'].includes(peek(resource.element, 'intent') ?? '');

/** The NDC of the medicine that the first of these references is about. */
export function medicineAt(plan: Plan, of: Element, ...paths: string[]): string | null {
	for (const each of linked(plan, of, ...paths))
		if (medicineTypes.includes(each.type) || each.type === 'Medication') {
			const ndc = ndcOf(plan, each);
			if (ndc) return ndc;
		}
	return null;
}

/** The words for why something was not done. */
export const refusalWords = (of: Element): string | null =>
	along(of, 'statusReason').concat(along(of, 'notDoneReason')).map(wordsOf).find(Boolean) ?? text(of, 'statusReason');
