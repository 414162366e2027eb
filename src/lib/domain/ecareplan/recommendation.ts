import { wordsOf, type Codes } from './code';
import { all, along, peek, readWhole, text, type Element } from './element';
import { isProposal, medicineAt, ndcOf, refusalWords } from './medicine';
import {
	dayAt,
	identities,
	identity,
	linked,
	noteOf,
	patientOf,
	practitionerNpi,
	resolve,
	type Plan,
	type Resource
} from './plan';
import { encounterOf, type Session } from './session';

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

/** What names a problem: the reference, and how far it stands from what was proposed (0 names it itself, then group around group, last the plan). */
type Link = { resource: Resource; reference: Element; far: number };
/** What a group says of all that is in it. */
type Said = { links: Link[]; concepts: Element[] };

const isProblemType = (each: Resource) => each.type === 'Condition' || each.type === 'DetectedIssue';
const planFar = 1000;

/** What each member of a group or plan is about by standing in it. */
function aboutByGroup(plan: Plan, living: Set<Resource>, codes: Codes): Map<Resource, Said> {
	const found = new Map<Resource, Said>();
	// PhCP writes one intervention as a RequestGroup or as a List of that code; other lists only gather what is alike.
	const isIntervention = (each: Resource) =>
		each.type === 'RequestGroup' ||
		(each.type === 'List' && codes.word('list', all(each.element, 'code')) === 'intervention');
	const groups = new Set([...living].filter(isIntervention));
	const visit = (node: Element, held: Link[], outer: Said, within: Set<Resource>) => {
		const reasons = linksAt(plan, node, 1, 'reasonReference');
		const said = {
			links: [
				...[...held, ...reasons].filter((each) => living.has(each.resource) && isProblemType(each.resource)),
				...outer.links.map((each) => ({ ...each, far: each.far + 1 }))
			],
			concepts: [...along(node, 'reasonCode'), ...along(node, 'reasonCodeableConcept'), ...outer.concepts]
		};
		for (const { resource } of held)
			if (groups.has(resource)) enter(resource, said, within);
			else {
				const before = found.get(resource) ?? { links: [], concepts: [] };
				found.set(resource, {
					links: [...before.links, ...said.links],
					concepts: [...before.concepts, ...said.concepts]
				});
			}
		for (const each of all(node, 'action'))
			if (all(each, 'action').length) visit(each, linksAt(plan, each, 1, 'action.resource'), said, within);
	};
	const enter = (group: Resource, outer: Said, within: Set<Resource>) => {
		if (within.has(group)) return;
		within.add(group);
		const kept = all(group.element, 'entry').filter((each) => peek(each, 'deleted') !== 'true');
		const held = [
			...linksAt(plan, group.element, 1, 'action.resource'),
			...kept.flatMap((each) => linksAt(plan, each, 1, 'item'))
		];
		visit(group.element, held, outer, within);
	};
	for (const each of groups) enter(each, { links: [], concepts: [] }, new Set());
	// A plan names whatever it is about, not what each activity is about: only where that is one thing is it the activities' too.
	for (const each of living)
		if (each.type === 'CarePlan' && all(each.element, 'addresses').length === 1) {
			const about = linksAt(plan, each.element, planFar, 'addresses');
			const links = about.filter((one) => living.has(one.resource) && isProblemType(one.resource));
			const held = linksAt(plan, each.element, 1, 'activity.reference');
			if (links.length) visit({ ...each.element, children: [] }, held, { links, concepts: [] }, new Set());
		}
	return found;
}

const linksAt = (plan: Plan, of: Element, far: number, ...paths: string[]): Link[] =>
	paths
		.flatMap((path) => along(of, path))
		.flatMap((reference) => {
			const resource = resolve(plan, reference, false);
			return resource ? [{ resource, reference, far }] : [];
		});

/**
 * What is proposed, with the problem it is about; an intervention whose action is unknown is none. The problem is what the proposal names itself; else
 * the Condition or DetectedIssue of the nearest group it stands in. HL7's example ties them so: the Condition is one action of a RequestGroup, the
 * Procedure another. FHIR calls a group's requests related and no more, so each proposal of a group is one recommendation, however many problems and
 * groups it has: one problem for several proposals is each one's, and of several problems as near the first by name is taken, as of several reasons.
 */
export function proposalsOf(plan: Plan, alive: Resource[], codes: Codes): Proposal[] {
	const living = new Set(alive);
	const tasks = new Map<Resource, Resource[]>();
	for (const task of alive.filter((each) => each.type === 'Task'))
		for (const about of linked(plan, task.element, 'focus'))
			if (proposing.has(about.type)) tasks.set(about, [...(tasks.get(about) ?? []), task]);
	const carriers = new Set([...tasks.values()].flat());
	const byEvidence = new Map<Resource, Link[]>();
	for (const condition of alive.filter((each) => each.type === 'Condition'))
		for (const { resource: shown, reference } of linksAt(plan, condition.element, 0, 'evidence.detail'))
			byEvidence.set(shown, [...(byEvidence.get(shown) ?? []), { resource: condition, reference, far: 0 }]);
	const byGroup = aboutByGroup(plan, living, codes);
	const whose = (each: Resource) => patientOf(plan, each, encounterOf(plan, each));
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
		const known = (links: Link[]) =>
			links
				.filter((each) => living.has(each.resource) && isProblemType(each.resource))
				.map((each) => ({ ...each, problem: problemOf(each.resource, codes) }))
				.filter(({ problem }) => problem);
		const own = known([
			...(resource.type === 'DetectedIssue' ? [{ resource, reference: of, far: 0 }] : []),
			...linksAt(plan, of, 0, 'reasonReference', 'detectedIssue'),
			...(byEvidence.get(resource) ?? [])
		]);
		const said = own.length ? null : codes.word('problem', conceptsOf(of, 'reasonCode', 'reason'));
		const grouped = own.length
			? []
			: known((byGroup.get(resource)?.links ?? []).filter((each) => whose(each.resource) === whose(resource))).filter(
					({ problem }) => !said || problem === said
				);
		const far = Math.min(...grouped.map((each) => each.far));
		const near = [...own, ...grouped.filter((each) => each.far === far)];
		for (const { reference } of near) if (reference !== of) readWhole(reference);
		const words = [...new Map(near.map((each) => [each.resource, each])).values()].sort((a, b) =>
			`${a.problem}|${identity(a.resource)}` < `${b.problem}|${identity(b.resource)}` ? -1 : 1
		);
		found.push({
			resource,
			id: '',
			action,
			problem: words[0]?.problem ?? said ?? codes.word('problem', byGroup.get(resource)?.concepts ?? []),
			problems: words.map((each) => each.resource),
			tasks: tasks.get(resource) ?? []
		});
	}
	const once = withoutRepeats(plan, found);
	const ids = identities(once.filter((each) => each.problem).map((each) => each.resource));
	return once.map((each) => ({ ...each, id: ids.get(each.resource) ?? '' }));
}

/** One proposal for each thing proposed: a Procedure done about a request tells how that went, and a DetectedIssue's own words of a request about it add none. */
function withoutRepeats(plan: Plan, found: Proposal[]): Proposal[] {
	const asked = new Map(found.filter((each) => each.problem).map((each) => [each.resource, each]));
	const requested = new Map<Resource, Set<string>>();
	for (const each of asked.values())
		for (const problem of each.problems)
			if (problem !== each.resource)
				requested.set(problem, (requested.get(problem) ?? new Set<string>()).add(each.action));
	return found.filter((each) => {
		if (requested.get(each.resource)?.has(each.action)) return false;
		if (each.resource.type !== 'Procedure') return true;
		for (const { resource, reference } of linksAt(plan, each.resource.element, 0, 'basedOn')) {
			const request = asked.get(resource);
			if (!request || request === each || request.action !== each.action) continue;
			readWhole(reference);
			request.tasks = [...request.tasks, each.resource];
			return false;
		}
		return true;
	});
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
	// A Task about a request tells how it went, or what was done about it; the request alone tells less.
	const order = (each: Resource) => `${each.type === 'Task' ? 0 : 1}|${identity(each)}`;
	const told = [...proposal.tasks].sort((a, b) => (order(a) < order(b) ? -1 : 1))[0] ?? resource;
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

/** The elements that a recommendation would have held: of a proposal without a problem, and of a problem without a proposal. */
export const wouldHold = {
	no_problem: new Set([
		...['identifier', 'code', 'status', 'statusReason', 'notDoneReason', 'outcome', 'note', 'authoredOn', 'authored'],
		...['reasonCode', 'reason', 'reasonReference', 'detectedIssue', 'supportingInfo', 'focus', 'lastModified'],
		...['performedDateTime', 'performedPeriod', 'performer', 'recipient', 'owner']
	]),
	no_proposal: new Set([
		...['clinicalStatus', 'note', 'evidence', 'implicated', 'abatementDateTime', 'date'],
		...['recordedDate', 'assertedDate', 'identifiedDateTime', 'identifiedPeriod']
	])
} as const;

/** Whether a proposal was left undone, so that nothing of it was documented as done. */
export const isLeft = ({ resource }: Proposal) =>
	['not-done', 'revoked', 'cancelled', 'stopped', 'aborted'].includes(peek(resource.element, 'status') ?? '') ||
	peek(resource.element, 'notDone') === 'true';

/** What a resource says in words, for the value of an element. */
export const saidBy = (of: Element): string | null =>
	wordsOf(all(of, 'code')[0]) ?? wordsOf(all(of, 'description')[0]) ?? text(of, 'description.text');
