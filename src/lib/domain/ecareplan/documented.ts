import { codeOf, codings, wordsOf, type Codes } from './code';
import { all, along, peek, readWhole, type Element } from './element';
import { isProposal, medicineTypes } from './medicine';
import { linked, type Plan, type Resource } from './plan';
import { isLeft, problemOf, saidBy, type Proposal } from './recommendation';

/** One thing that a session documented: a row of mtm_service_element. */
export type Documented = {
	from: Resource;
	element: string;
	state: 'yes' | 'no';
	code: string | null;
	value: string | null;
};

function coded(of: Element, path = 'code'): { code: string | null; value: string | null } {
	const concept = along(of, path)[0];
	const value = wordsOf(concept);
	const coding = codings(concept ? [concept] : [])
		.map((each) => ({ each, ...codeOf(each) }))
		.sort((a, b) => (`${a.system}|${a.code}` < `${b.system}|${b.code}` ? -1 : 1))[0];
	if (coding) readWhole(coding.each);
	return { code: coding ? `${coding.system} ${coding.code}`.trim() : null, value };
}

/** What one resource documents; nothing where it has no place among the elements. */
export function documentedBy(plan: Plan, resource: Resource, proposal: Proposal | null, codes: Codes): Documented[] {
	const of = resource.element;
	const yes = (element: string, more: Partial<Documented> = {}): Documented => ({
		from: resource,
		element,
		state: 'yes',
		code: null,
		value: null,
		...more
	});
	if (isProposal(resource)) return proposal?.problem ? [yes('problems')] : [];
	if (medicineTypes.includes(resource.type)) return [yes('medication_list')];
	switch (resource.type) {
		case 'Condition':
		case 'DetectedIssue':
			if (problemOf(resource, codes)) return [yes('problems', coded(of))];
			return resource.type === 'Condition' ? [yes('medical_history', coded(of))] : [];
		case 'AllergyIntolerance':
			return [yes('allergies', coded(of))];
		case 'Goal': {
			const found = [yes('goals', coded(of, 'description'))];
			const state =
				codes.word('goal_met', along(of, 'achievementStatus')) ??
				codes.plain('goal_met', 'Goal.status', all(of, 'status')[0] ?? all(of, 'lifecycleStatus')[0]) ??
				linked(plan, of, 'outcomeReference')
					.map((each) => codes.word('goal_met', along(each.element, 'valueCodeableConcept')))
					.find(Boolean);
			return state === 'yes' || state === 'no' ? [...found, yes('goal_met', { state })] : found;
		}
		case 'Observation': {
			const met = codes.word('goal_met', along(of, 'valueCodeableConcept'));
			if (met === 'yes' || met === 'no') return [yes('goal_met', { state: met })];
			const element = codes.word('element', along(of, 'category').concat(along(of, 'code')));
			return element ? [yes(element, { code: coded(of).code, value: null })] : [];
		}
		case 'CarePlan':
			return all(of, 'activity').length ? [yes('action_plan')] : [];
		case 'RequestGroup':
			return all(of, 'action').length ? [yes('action_plan')] : [];
		case 'Communication': {
			const toPatient = linked(plan, of, 'recipient').some(
				(each) => each.type === 'Patient' || each.type === 'RelatedPerson'
			);
			if (peek(of, 'status') !== 'completed') return [];
			all(of, 'status').forEach(readWhole);
			return toPatient ? [] : [yes('team_communication', coded(of, 'reasonCode'))];
		}
		default: {
			const element =
				codes.word('element', along(of, 'code')) ?? (proposal ? codes.of('element', 'action', proposal.action) : null);
			if (!element || (proposal && isLeft(proposal))) return [];
			return [yes(element, { code: coded(of).code, value: saidBy(of) })];
		}
	}
}
