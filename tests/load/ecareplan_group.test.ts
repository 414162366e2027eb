import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codesOf } from '$lib/domain/ecareplan/code';
import { mapPlan } from '$lib/domain/ecareplan/map';
import { planOf } from '$lib/domain/ecareplan/plan';
import { resourcesOf } from '$lib/server/ecareplan/document';
import { unmappedRows } from '$lib/server/ecareplan/listing';
import { readJson } from '$lib/server/ecareplan/read';
import { load } from '$lib/server/load/load';
import { drop, intake, lines, newHome } from './home';

// What was proposed and the problem are tied by standing in one group: a recommendation for each proposal, none twice, and none by guessing.

const codes = codesOf(
	readFileSync('data/reference/ecareplan_code.csv', 'utf8')
		.trim()
		.split('\n')
		.slice(1)
		.map((each) => {
			const [field, system, code, value] = each.split(',');
			return { field: field!, system: system!, code: code!, value: value! };
		})
);

type Json = { [key: string]: unknown };
const snomed = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] });
const to = (reference: string) => ({ reference });
const patient = (id: string): Json => ({ resourceType: 'Patient', id, identifier: [{ system: 'urn:m', value: id }] });
const visit: Json = {
	resourceType: 'Encounter',
	id: 'visit',
	status: 'finished',
	subject: to('Patient/p'),
	period: { start: '2025-05-02' }
};
/** A resource about the patient; the problems are named by their first letter: a(dherence), h(igh dose), x (a code nobody knows). */
const problem = (id: string, more: Json = {}): Json => ({
	resourceType: 'Condition',
	id,
	code: snomed({ a: '129834002', h: '448089004' }[id[0]!] ?? '1'),
	subject: to('Patient/p'),
	...more
});
const proposal = (id: string, code: string, more: Json = {}): Json => ({
	resourceType: 'ServiceRequest',
	id,
	status: 'active',
	intent: 'proposal',
	code: snomed(code),
	subject: to('Patient/p'),
	...more
});
const teach = (more: Json = {}) => proposal('teach', '967006', more);
const lower = (more: Json = {}) => proposal('lower', '432771000124101', more);
const action = (reference: string): Json => ({ resource: to(reference) });
const group = (id: string, actions: Json[], more: Json = {}): Json => ({
	resourceType: 'RequestGroup',
	id,
	status: 'active',
	intent: 'plan',
	subject: to('Patient/p'),
	action: actions,
	...more
});
const carePlan = (addresses: string[], activities: string[]): Json => ({
	resourceType: 'CarePlan',
	id: 'plan',
	subject: to('Patient/p'),
	addresses: addresses.map(to),
	activity: activities.map((each) => ({ reference: to(each) }))
});
const list = (code: string, entries: Json[]): Json => ({
	resourceType: 'List',
	id: 'list',
	status: 'current',
	code: snomed(code),
	subject: to('Patient/p'),
	entry: entries
});
const item = (reference: string, more: Json = {}): Json => ({ item: to(reference), ...more });
const both = [action('ServiceRequest/teach'), action('Condition/a')];

async function mapped(resources: Json[]) {
	const bundle = {
		resourceType: 'Bundle',
		type: 'collection',
		entry: [patient('p'), visit, ...resources].map((resource) => ({ resource }))
	};
	const { rows, unmapped } = mapPlan(planOf(resourcesOf(await readJson(JSON.stringify(bundle)), 0)), codes);
	const proposed = rows.filter((each) => each.table === 'mtm_recommendation').map((each) => each.values);
	return {
		proposed: proposed.map((each) => `${each.action} ${each.problem} ${each.response}`).sort(),
		listed: unmapped.map((each) => `${each.what} ${each.why}`)
	};
}

const cases: Record<string, { resources: Json[]; proposed: string[]; listed?: string[]; unlisted?: string[] }> = {
	'a request and its problem are actions of one group': {
		resources: [teach(), problem('a'), group('g', both)],
		proposed: ['educate adherence pending'],
		unlisted: ['Condition no_proposal']
	},
	'they are actions of two groups': {
		resources: [
			teach(),
			problem('a', { note: [{ text: 'n' }] }),
			group('g', both.slice(0, 1)),
			group('h', both.slice(1))
		],
		proposed: [],
		listed: ['ServiceRequest.status no_problem', 'Condition.note no_proposal']
	},
	'two proposals for one problem are two recommendations': {
		resources: [
			teach(),
			lower(),
			problem('h'),
			group('g', ['ServiceRequest/teach', 'ServiceRequest/lower', 'Condition/h'].map(action))
		],
		proposed: ['decrease_dose dose_too_high pending', 'educate dose_too_high pending']
	},
	'two problems of one proposal are one recommendation, by the first of their names': {
		resources: [
			lower(),
			problem('h'),
			problem('a'),
			group('g', ['Condition/h', 'ServiceRequest/lower', 'Condition/a'].map(action))
		],
		proposed: ['decrease_dose adherence pending']
	},
	'one proposal in two groups is one recommendation': {
		resources: [teach(), problem('a'), group('g', both), group('h', both)],
		proposed: ['educate adherence pending']
	},
	'the problem that a request names itself is nearer than that of its group': {
		resources: [teach({ reasonReference: [to('Condition/h')] }), problem('h'), problem('a'), group('g', both)],
		proposed: ['educate dose_too_high pending']
	},
	'so is the one it says by a code': {
		resources: [teach({ reasonCode: [snomed('448089004')] }), problem('a'), group('g', both)],
		proposed: ['educate dose_too_high pending']
	},
	'a code that nobody knows does not hide that of the group': {
		resources: [teach({ reasonReference: [to('Condition/x')] }), problem('x'), problem('a'), group('g', both)],
		proposed: ['educate adherence pending']
	},
	'a problem among nested actions is theirs, and nearer than that around them': {
		resources: [
			teach(),
			lower(),
			problem('a'),
			problem('h'),
			group('g', [
				action('Condition/a'),
				action('ServiceRequest/teach'),
				{ action: [{ action: [action('ServiceRequest/lower')] }, action('Condition/h')] }
			])
		],
		proposed: ['decrease_dose dose_too_high pending', 'educate adherence pending']
	},
	'a problem around nested actions is theirs too, and none of theirs is outside': {
		resources: [
			teach(),
			lower(),
			problem('a'),
			group('g', [{ action: [action('ServiceRequest/teach'), action('Condition/a')] }, action('ServiceRequest/lower')])
		],
		proposed: ['educate adherence pending'],
		listed: ['ServiceRequest no_problem']
	},
	'a group in a group': {
		resources: [
			teach(),
			problem('a'),
			group('g', [action('RequestGroup/h'), action('Condition/a')]),
			group('h', [action('ServiceRequest/teach'), action('RequestGroup/g')])
		],
		proposed: ['educate adherence pending']
	},
	'the reason that a group gives by a code': {
		resources: [teach(), group('g', both.slice(0, 1), { reasonCode: [snomed('129834002')] })],
		proposed: ['educate adherence pending']
	},
	'a DetectedIssue is a problem as a Condition is': {
		resources: [
			teach(),
			{ resourceType: 'DetectedIssue', id: 'i', status: 'final', code: snomed('448089004'), patient: to('Patient/p') },
			group('g', [action('ServiceRequest/teach'), action('DetectedIssue/i')])
		],
		proposed: ['educate dose_too_high pending']
	},
	'a DetectedIssue that says what was done about it adds nothing to the request of the same': {
		resources: [
			lower(),
			{
				resourceType: 'DetectedIssue',
				id: 'i',
				status: 'final',
				code: snomed('448089004'),
				patient: to('Patient/p'),
				mitigation: [{ action: snomed('432771000124101') }]
			},
			group('g', [action('ServiceRequest/lower'), action('DetectedIssue/i')])
		],
		proposed: ['decrease_dose dose_too_high pending']
	},
	'and what else was done about it is one of its own': {
		resources: [
			teach(),
			{
				resourceType: 'DetectedIssue',
				id: 'i',
				status: 'completed',
				code: snomed('448089004'),
				patient: to('Patient/p'),
				mitigation: [{ action: snomed('432771000124101') }]
			},
			group('g', [action('ServiceRequest/teach'), action('DetectedIssue/i')])
		],
		proposed: ['decrease_dose dose_too_high accepted', 'educate dose_too_high pending']
	},
	'a Procedure that is based on a request tells how it went': {
		resources: [
			teach(),
			{ ...teach(), resourceType: 'Procedure', id: 'done', status: 'completed', basedOn: [to('ServiceRequest/teach')] },
			problem('a'),
			group('g', [...both, action('Procedure/done')])
		],
		proposed: ['educate adherence accepted']
	},
	'a Procedure of another action is another recommendation': {
		resources: [
			lower(),
			{ ...teach(), resourceType: 'Procedure', id: 'done', status: 'completed', basedOn: [to('ServiceRequest/lower')] },
			problem('a'),
			group('g', [action('ServiceRequest/lower'), action('Condition/a'), action('Procedure/done')])
		],
		proposed: ['decrease_dose adherence pending', 'educate adherence accepted']
	},
	'an intervention as a List of PhCP': {
		resources: [teach(), problem('a'), list('362956003', [item('ServiceRequest/teach'), item('Condition/a')])],
		proposed: ['educate adherence pending']
	},
	'another List only gathers': {
		resources: [teach(), problem('a'), list('1', [item('ServiceRequest/teach'), item('Condition/a')])],
		proposed: [],
		listed: ['ServiceRequest.status no_problem']
	},
	'what was deleted from a List is not in it': {
		resources: [
			teach(),
			problem('a'),
			list('362956003', [item('ServiceRequest/teach'), item('Condition/a', { deleted: true })])
		],
		proposed: []
	},
	'a plan about one problem': {
		resources: [teach(), problem('a'), carePlan(['Condition/a'], ['RequestGroup/g']), group('g', both.slice(0, 1))],
		proposed: ['educate adherence pending']
	},
	'a plan about two does not say which activity is about which': {
		resources: [
			teach(),
			problem('a'),
			problem('x'),
			carePlan(['Condition/a', 'Condition/x'], ['ServiceRequest/teach'])
		],
		proposed: [],
		listed: ['ServiceRequest.status no_problem', 'CarePlan.addresses no_column']
	},
	'a problem that was taken back is none': {
		resources: [
			teach({ reasonReference: [to('Condition/a')] }),
			problem('a', { verificationStatus: { coding: [{ code: 'entered-in-error' }] } }),
			group('g', both)
		],
		proposed: [],
		listed: ['ServiceRequest.status no_problem', 'Condition entered_in_error']
	},
	"another person's problem in the group": {
		resources: [patient('q'), teach(), problem('a', { subject: to('Patient/q') }), group('g', both)],
		proposed: [],
		listed: ['ServiceRequest.status no_problem']
	}
};

test.each(Object.entries(cases))('%s', async (_, { resources, proposed, listed = [], unlisted = [] }) => {
	const found = await mapped(resources);
	expect(found.proposed).toEqual(proposed);
	expect(found.listed).toEqual(expect.arrayContaining(listed));
	for (const each of unlisted) expect(found.listed).not.toContain(each);
	expect(await mapped([...resources].reverse())).toMatchObject({ proposed });
});

test('a visit inside nested actions is arranged by the plan', async () => {
	const later: Json = { ...visit, id: 'later', period: { start: '2025-06-02' } };
	const composition: Json = { resourceType: 'Composition', id: 'c', status: 'final', encounter: to('Encounter/visit') };
	const bundle = [patient('p'), visit, later, composition, group('g', [{ action: [action('Encounter/later')] }])];
	const json = JSON.stringify({ resourceType: 'Bundle', entry: bundle.map((resource) => ({ resource })) });
	const { rows } = mapPlan(planOf(resourcesOf(await readJson(json), 0)), codes);
	expect(
		rows
			.filter((each) => each.table === 'mtm_service')
			.map((each) => each.values.service_type)
			.sort()
	).toEqual(['follow_up', 'other']);
});

const plan = readFileSync('tests/load/ecareplan/group.xml', 'utf8');
async function loaded(text: string) {
	const home = newHome();
	const roster = lines(
		'person_id,member_id,birth_date,enrollment_start_date,enrollment_end_date',
		'7,M-7,1950-02-03,2025-01-01,2025-12-31'
	);
	await load(home, [drop({ 'roster/eligibility.csv': roster })]);
	await load(home, [drop({ 'group.xml': text })], { layout: 'ecareplan' });
	const rows = await intake<Json>(
		home,
		`select * exclude (source_file, source_line, load_id) replace (identified_date::varchar as identified_date,
			response_date::varchar as response_date, implemented_date::varchar as implemented_date) from mtm_recommendation`
	);
	const listed = (await unmappedRows(home, 2)).map((each) => `${each.path.replace(/.*\(/, '(')} ${each.why}`);
	return { rows, listed };
}

test('STU3 XML: a RequestGroup ties the Procedure to the Condition; what of both is in no row has its own reason', async () => {
	const { rows, listed } = await loaded(plan);
	expect(rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)))).toEqual([
		{
			recommendation_id: 'R-1',
			service_id: 'S-1',
			person_id: '7',
			identified_date: '2025-03-10',
			problem: 'adherence',
			action: 'adherence_support',
			ndc_code: '00071-0155-23',
			recipient: 'patient',
			response: 'accepted',
			response_date: '2025-03-11',
			implemented: 'yes',
			implemented_date: '2025-03-11',
			resolved: 'no',
			rationale: 'forgets',
			data_source: 'acme'
		}
	]);
	expect(
		listed.filter((each) => /^\((Condition|Procedure|RequestGroup|Practitioner)|Encounter\).type/.test(each))
	).toEqual([
		'(Encounter).type.coding[0] unknown_code',
		'(Encounter).type.coding[1] other_code',
		'(Practitioner) not_an_npi',
		'(Condition).identifier no_column',
		'(Condition).category no_column',
		'(Condition).identifier no_column',
		'(Condition).clinicalStatus no_proposal',
		'(Condition).category no_column',
		'(Condition).evidence no_proposal',
		'(Condition).note no_proposal',
		'(Procedure).meta document',
		'(Procedure).category no_column',
		'(Procedure).performedPeriod.start no_column',
		'(RequestGroup).identifier no_column',
		'(RequestGroup).status no_column',
		'(RequestGroup).intent no_column',
		'(RequestGroup).authoredOn no_column',
		'(RequestGroup).reasonReference no_column'
	]);
});

test('without the Condition among the actions there is no recommendation, and what it would have held is said', async () => {
	const { rows, listed } = await loaded(
		plan.replace('<action><resource><reference value="urn:uuid:forgets"/></resource></action>', '')
	);
	expect(rows).toEqual([]);
	expect(listed.filter((each) => each.startsWith('(Procedure)'))).toEqual([
		'(Procedure).meta document',
		'(Procedure).identifier no_problem',
		'(Procedure).status no_problem',
		'(Procedure).category no_column',
		'(Procedure).performedPeriod no_problem'
	]);
});
