import type { Codes } from './code';
import { readWhole, type Why } from './element';
import { documentedBy, type Documented } from './documented';
import { isProposal, medicinesOf, medicineTypes } from './medicine';
import { isInError, patientOf, resolve, type Plan, type Resource } from './plan';
import { problemOf, proposalsOf, recommendationValues, wouldHold } from './recommendation';
import { encounterOf, interventions, serviceValues, sessionOf, sessionsOf, type Session } from './session';
import { namedBy, unmappedOf, type Unmapped } from './unmapped';

/** The tables that a care plan becomes, in the order of the contract. */
export const planTables = ['mtm_service', 'mtm_service_element', 'mtm_medication', 'mtm_recommendation'] as const;
export type PlanTable = (typeof planTables)[number];

/** One row for one of the tables: where it came from, whose it is, and the columns that the plan tells. */
export type PlanRow = {
	table: PlanTable;
	file: number;
	line: number;
	patient: Resource | null;
	values: Record<string, string | null>;
};

const notOfCare = new Set([
	'Bundle',
	'Patient',
	'Practitioner',
	'PractitionerRole',
	'Organization',
	'Location',
	'Coverage',
	'Medication',
	'RelatedPerson'
]);

/**
 * The rows of the MTM tables that a pharmacist care plan tells (FHIR STU3 or R4; HL7 PhCP), and everything of it that is in none of them.
 * Whatever the order of its resources, the rows are the same. person_id is left to who knows the roster.
 */
export function mapPlan(plan: Plan, codes: Codes): { rows: PlanRow[]; unmapped: Unmapped[] } {
	const alive = plan.resources.filter((each) => !isInError(each));
	const arranged = interventions(plan);
	const sessions = sessionsOf(plan, arranged);
	const rows: PlanRow[] = [];
	const used = new Set<Resource>();
	const row = (table: PlanTable, from: Resource, patient: Resource | null, values: Record<string, string | null>) => {
		used.add(from);
		rows.push({ table, file: from.file, line: from.element.line, patient, values });
	};
	for (const session of sessions) {
		if (session.composition) used.add(session.composition);
		row('mtm_service', session.resource, session.patient, serviceValues(plan, session, sessions, codes));
	}

	const proposals = new Map(proposalsOf(plan, alive, codes).map((each) => [each.resource, each]));
	const answered = new Set([...proposals.values()].filter((each) => each.problem).flatMap((each) => each.problems));
	const isUnanswered = (each: Resource) =>
		(each.type === 'Condition' || each.type === 'DetectedIssue') &&
		!answered.has(each) &&
		problemOf(each, codes) !== null;
	const medicines = new Map<Session, Resource[]>();
	const documented = new Map<Session, Documented[]>();
	for (const session of sessions) {
		if (session.follows) {
			const list = documented.get(session.follows) ?? [];
			documented.set(session.follows, [
				...list,
				{ from: session.resource, element: 'follow_up_plan', state: 'yes', code: null, value: null }
			]);
		}
	}
	for (const resource of alive) {
		if (notOfCare.has(resource.type) || resource.type === 'Composition' || resource.type === 'Encounter') continue;
		const patient = patientOf(plan, resource, encounterOf(plan, resource));
		const session = patient && sessionOf(plan, sessions, resource, patient);
		const proposal = proposals.get(resource) ?? null;
		const lost: Why | null = !patient ? 'no_patient' : !session ? 'no_session' : null;
		if (proposal?.problem && patient) {
			row('mtm_recommendation', resource, patient, recommendationValues(plan, proposal, session, codes));
			for (const each of [...proposal.problems, ...proposal.tasks]) used.add(each);
		}
		if (!session) {
			if (!proposal?.problem && lost) resource.element.why = lost;
			continue;
		}
		const found = documentedBy(plan, resource, proposal, codes);
		if (found.length) documented.set(session, [...(documented.get(session) ?? []), ...found]);
		// What a recommendation would have held is in no row, because there is none.
		const why = proposal && !proposal.problem ? 'no_problem' : isUnanswered(resource) ? 'no_proposal' : null;
		if (why && !found.length) resource.element.why ??= why;
		else if (why) for (const each of resource.element.children) if (wouldHold[why].has(each.name)) each.why ??= why;
		if (medicineTypes.includes(resource.type) && !isProposal(resource))
			medicines.set(session, [...(medicines.get(session) ?? []), resource]);
	}
	for (const [session, found] of documented) {
		const distinct = new Map<string, Documented>();
		for (const each of found) {
			used.add(each.from);
			const key = [each.element, each.state, each.code, each.value].join('\u0001');
			const before = distinct.get(key);
			if (!before || each.from.element.line < before.from.element.line) distinct.set(key, each);
		}
		for (const { from, element, state, code, value } of distinct.values())
			row('mtm_service_element', from, session.patient, { service_id: session.id, element, state, code, value });
	}
	for (const [session, resources] of medicines)
		for (const [at, { from, values }] of medicinesOf(plan, resources, codes).entries())
			row('mtm_medication', from, session.patient, { service_id: session.id, line: String(at + 1), ...values });

	// Who the patient is was told by these, and person_id by whom the roster knows by them.
	for (const patient of new Set(rows.flatMap((each) => each.patient ?? [])))
		for (const each of patient.element.children) if (['identifier', 'birthDate'].includes(each.name)) readWhole(each);
	for (const each of used) if (each.element.value === null) markLinks(plan, each);
	const order = (each: PlanRow) =>
		`${planTables.indexOf(each.table)}|${String(each.file).padStart(9, '0')}|${String(each.line).padStart(9, '0')}|${JSON.stringify(each.values)}`;
	const sorted = rows.map((each) => ({ each, key: order(each) })).sort((a, b) => (a.key < b.key ? -1 : 1));
	const named = namedBy(plan, used);
	return {
		rows: sorted.map(({ each }) => each),
		unmapped: plan.resources.flatMap((each) => unmappedOf(each, used.has(each), named.has(each)))
	};
}

/** What a mapped resource says of whom and when it is about has told where its row goes. */
function markLinks(plan: Plan, resource: Resource): void {
	for (const name of ['subject', 'patient', 'for', 'encounter', 'context'])
		for (const each of resource.element.children.filter((child) => child.name === name))
			if (resolve(plan, each)) readWhole(each);
}
