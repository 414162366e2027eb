import { wordsOf, type Codes } from './code';
import { all, along, peek, text, type Element } from './element';
import { isProposal, medicineAt, ndcOf, refusalWords } from './medicine';
import { dayAt, identities, identity, linked, noteOf, practitionerNpi, type Plan, type Resource } from './plan';
import type { Session } from './session';

/** Resources by which something is proposed or done about a problem. */
const proposing = new Set([
	'ServiceRequest',
	'ProcedureRequest',
	'ReferralRequest',
	'Procedure',
	'Task',
	'MedicationRequest',
	'CommunicationRequest',
	'DetectedIssue'
]);

/** What a plan proposes: the resource, the problem and the action by ecareplan_code. */
export type Proposal = {
	resource: Resource;
	id: string;
	action: string;
	problem: string | null;
	problems: Resource[];
	tasks: Resource[];
};

const conceptsOf = (of: Element, ...paths: string[]) => paths.flatMap((path) => along(of, path));

/** The problem that a Condition or a DetectedIssue tells of by its code. */
export const problemOf = (resource: Resource, codes: Codes): string | null =>
	codes.word('problem', conceptsOf(resource.element, 'code'));

/** What is proposed, with the problem it is about; an intervention whose action is unknown is none. */
export function proposalsOf(plan: Plan, alive: Resource[], codes: Codes): Proposal[] {
	const tasks = new Map<Resource, Resource[]>();
	for (const task of alive.filter((each) => each.type === 'Task'))
		for (const about of linked(plan, task.element, 'focus'))
			if (proposing.has(about.type)) tasks.set(about, [...(tasks.get(about) ?? []), task]);
	const carriers = new Set([...tasks.values()].flat());
	const byEvidence = new Map<Resource, Resource[]>();
	for (const condition of alive.filter((each) => each.type === 'Condition'))
		for (const shown of linked(plan, condition.element, 'evidence.detail'))
			byEvidence.set(shown, [...(byEvidence.get(shown) ?? []), condition]);
	const byGroup = new Map<Resource, Resource[]>();
	for (const group of alive.filter((each) => each.type === 'RequestGroup')) {
		const reasons = linked(plan, group.element, 'reasonReference');
		for (const each of linked(plan, group.element, 'action.resource'))
			byGroup.set(each, [...(byGroup.get(each) ?? []), ...reasons]);
	}
	const found: Proposal[] = [];
	for (const resource of alive) {
		if (!proposing.has(resource.type) || carriers.has(resource)) continue;
		const of = resource.element;
		const action =
			codes.word(
				'action',
				resource.type === 'DetectedIssue' ? conceptsOf(of, 'mitigation.action') : conceptsOf(of, 'code')
			) ?? (isProposal(resource) ? codes.plain('action', 'MedicationRequest.intent', all(of, 'intent')[0]) : null);
		if (!action) continue;
		const problems = [
			...(resource.type === 'DetectedIssue' ? [resource] : []),
			...linked(plan, of, 'reasonReference', 'detectedIssue'),
			...(byEvidence.get(resource) ?? []),
			...(byGroup.get(resource) ?? [])
		].filter((each) => each.type === 'Condition' || each.type === 'DetectedIssue');
		const words = problems
			.map((each) => ({ each, problem: problemOf(each, codes) }))
			.filter(({ problem }) => problem)
			.sort((a, b) => (`${a.problem}|${identity(a.each)}` < `${b.problem}|${identity(b.each)}` ? -1 : 1));
		found.push({
			resource,
			id: '',
			action,
			problem: words[0]?.problem ?? codes.word('problem', conceptsOf(of, 'reasonCode', 'reason')),
			problems: words.map(({ each }) => each),
			tasks: tasks.get(resource) ?? []
		});
	}
	const ids = identities(found.map((each) => each.resource));
	return found.map((each) => ({ ...each, id: ids.get(each.resource)! }));
}

/** The columns of mtm_recommendation that a proposal with a problem tells. */
export function recommendationValues(
	plan: Plan,
	proposal: Proposal,
	session: Session | null,
	codes: Codes
): Record<string, string | null> {
	const { resource, action, problem, problems } = proposal;
	const of = resource.element;
	// A Task about a request tells how it went; the request alone tells less.
	const told = [...proposal.tasks].sort((a, b) => (identity(a) < identity(b) ? -1 : 1))[0] ?? resource;
	const status = all(told.element, 'status')[0];
	const outcomes = conceptsOf(told.element, 'businessStatus', 'statusReason', 'notDoneReason', 'outcome');
	const byStatus = (field: string) =>
		codes.word(field, outcomes) ??
		codes.plain(
			field,
			told.type === 'Task' || told.type === 'Procedure' ? `${told.type}.status` : 'request.status',
			status
		);
	const response = byStatus('response');
	const answered = response !== null && response !== 'pending';
	const problemAt = problems[0]?.element;
	const asked = [...new Set([resource, told])].flatMap((each) =>
		linked(plan, each.element, 'performer', 'performer.actor', 'recipient', 'owner', 'performer.onBehalfOf')
	);
	const isPharmacist = (each: Resource) => codes.word('provider_type', along(each.element, 'code')) === 'pharmacist';
	const prescribers = asked.filter((each) => /^Practitioner/.test(each.type) && !isPharmacist(each));
	const patients = asked.filter((each) => each.type === 'Patient' || each.type === 'RelatedPerson');
	const recipient =
		prescribers.length && patients.length
			? 'both'
			: prescribers.length
				? 'prescriber'
				: patients.length
					? 'patient'
					: codes.of('recipient', 'action', action);
	const resolved =
		byStatus('resolved') ??
		(problemAt
			? (codes.word('resolved', along(problemAt, 'clinicalStatus')) ??
				codes.plain('resolved', 'condition_clinical', all(problemAt, 'clinicalStatus')[0]))
			: null);
	const rationale = [
		noteOf(of),
		problemAt ? noteOf(problemAt) : null,
		problemAt ? wordsOf(all(problemAt, 'code')[0]) : null
	];
	const own = resource.type === 'MedicationRequest' ? ndcOf(plan, resource) : null;
	return {
		recommendation_id: proposal.id,
		service_id: session?.id ?? null,
		identified_date:
			(problemAt
				? dayAt(problemAt, 'recordedDate', 'assertedDate', 'identifiedDateTime', 'identifiedPeriod.start', 'date')
				: null) ??
			dayAt(of, 'authoredOn', 'authored') ??
			session?.day ??
			null,
		problem,
		action,
		ndc_code:
			own ??
			medicineAt(plan, of, 'supportingInfo', 'focus', 'reasonReference', 'implicated') ??
			(problemAt ? medicineAt(plan, problemAt, 'implicated', 'evidence.detail') : null),
		recipient,
		prescriber_npi: prescribers.map((each) => practitionerNpi(plan, each)).find(Boolean) ?? null,
		sent_date: dayAt(told.element, 'authoredOn', 'authored') ?? dayAt(of, 'authoredOn', 'authored'),
		response,
		response_date: answered
			? dayAt(told.element, 'lastModified', 'executionPeriod.end', 'performedDateTime', 'performedPeriod.end')
			: null,
		decline_reason: response === 'declined' ? refusalWords(told.element) : null,
		implemented: byStatus('implemented'),
		implemented_date:
			byStatus('implemented') === 'yes'
				? dayAt(told.element, 'executionPeriod.end', 'performedDateTime', 'performedPeriod.end')
				: null,
		resolved,
		resolved_date: resolved === 'yes' && problemAt ? dayAt(problemAt, 'abatementDateTime') : null,
		rationale: rationale.filter((each, at) => each !== null && rationale.indexOf(each) === at).join('; ') || null
	};
}

/** Whether a proposal was left undone, so that nothing of it was documented as done. */
export const isLeft = ({ resource }: Proposal) =>
	['not-done', 'revoked', 'cancelled', 'stopped', 'aborted'].includes(peek(resource.element, 'status') ?? '') ||
	peek(resource.element, 'notDone') === 'true';

/** What a resource says in words, for the value of an element. */
export const saidBy = (of: Element): string | null =>
	wordsOf(all(of, 'code')[0]) ?? wordsOf(all(of, 'description')[0]) ?? text(of, 'description.text');
