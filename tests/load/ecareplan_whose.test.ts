import { expect, test } from 'vitest';
import { unmappedRows } from '$lib/server/ecareplan/listing';
import { load } from '$lib/server/load/load';
import { drop, intake, lines, newHome } from './home';

// Files that hold several people, numbers that several of them have, and resources that name nobody or somebody else: nobody gets what is another's.

type Json = { [key: string]: unknown };
const patient = (id: string, member: number): Json => ({
	resourceType: 'Patient',
	id,
	identifier: [{ system: 'urn:member', value: `M-${member}` }],
	birthDate: `195${member}-01-01`
});
const about = (subject: string | null): Json => (subject === null ? {} : { subject: { reference: subject } });
const visit = (id: string, subject: string | null): Json => ({
	resourceType: 'Encounter',
	id,
	status: 'finished',
	...about(subject),
	period: { start: '2025-05-02T10:00:00-05:00' }
});
const takes = (id: string, subject: string | null, name: string, more: Json = {}): Json => ({
	resourceType: 'MedicationStatement',
	id,
	status: 'active',
	...about(subject),
	medicationCodeableConcept: { text: name },
	...more
});
const stop = (id: string, subject: string, more: Json = {}): Json => ({
	resourceType: 'ServiceRequest',
	id,
	status: 'active',
	intent: 'proposal',
	...about(subject),
	authoredOn: '2025-05-02',
	code: { coding: [{ system: 'http://snomed.info/sct', code: '274512008' }] },
	reasonCode: [{ coding: [{ system: 'http://snomed.info/sct', code: '429621000124102' }] }],
	...more
});
const start = (id: string, subject: string): Json => ({
	resourceType: 'MedicationRequest',
	id,
	status: 'active',
	intent: 'proposal',
	...about(subject),
	authoredOn: '2025-05-02',
	medicationCodeableConcept: { text: 'metformin 500 mg' },
	reasonCode: [{ coding: [{ system: 'http://snomed.info/sct', code: '428981000124101' }] }]
});
const bundle = (resources: Json[], server: string | null = null): Json => ({
	resourceType: 'Bundle',
	type: 'collection',
	entry: resources.map((resource) => ({
		...(server === null ? {} : { fullUrl: `${server}${resource.resourceType}/${resource.id}` }),
		resource
	}))
});
const whole = (member: number): Json[] => [
	patient('1', member),
	visit('1', 'Patient/1'),
	takes('2', 'Patient/1', `drug ${member}`),
	stop('3', 'Patient/1')
];
const two = [patient('a', 1), patient('b', 2), visit('x', 'Patient/a'), visit('y', 'Patient/b')];

/** What each person's sessions list (by the birth year's last digit), what was proposed for whom (with * in no session), and the reasons of whole resources. */
const cases: Record<string, { plan: Json; listed: string[]; proposed: string[]; why: string[] }> = {
	'two people in one Bundle': {
		plan: bundle([...two, takes('m', 'Patient/b', 'drug 2'), stop('r', 'Patient/b')]),
		listed: ['2 drug 2'],
		proposed: ['2 stop'],
		why: []
	},
	'Bundles in a Bundle, numbered alike': {
		plan: bundle([bundle(whole(1)), bundle(whole(2))]),
		listed: ['1 drug 1', '2 drug 2'],
		proposed: ['1 stop', '2 stop'],
		why: []
	},
	'two servers that number alike, named by relative references': {
		plan: {
			resourceType: 'Bundle',
			type: 'collection',
			entry: ['https://one.example/fhir/', 'https://two.example/fhir/'].flatMap(
				(server, at) => bundle(whole(at + 1), server).entry
			)
		},
		listed: ['1 drug 1', '2 drug 2'],
		proposed: ['1 stop', '2 stop'],
		why: []
	},
	'a number of two patients tells neither': {
		plan: bundle([
			patient('1', 1),
			patient('1', 2),
			visit('x', 'Patient/1'),
			takes('m', 'Patient/1', 'whose'),
			stop('r', 'Patient/1')
		]),
		listed: [],
		proposed: [],
		why: ['ambiguous', 'no_patient']
	},
	'about somebody who is not in the file': {
		plan: bundle([...whole(1), takes('m', 'Patient/9', "another's"), stop('r', 'Patient/9')]),
		listed: ['1 drug 1'],
		proposed: ['1 stop'],
		why: ['dangling', 'no_patient']
	},
	'about somebody named by an identifier': {
		plan: bundle([
			...whole(1),
			takes('m', null, "another's", { subject: { identifier: { system: 'urn:member', value: 'M-2' } } }),
			takes('n', null, 'own', { subject: { identifier: { system: 'urn:member', value: 'M-1' } } })
		]),
		listed: ['1 drug 1', '1 own'],
		proposed: ['1 stop'],
		why: ['no_patient']
	},
	'nobody named in a file of one person': {
		plan: bundle([patient('1', 1), visit('1', null), takes('2', null, 'own')]),
		listed: ['1 own'],
		proposed: [],
		why: []
	},
	'nobody named but a session, in a file of two': {
		plan: bundle([...two, takes('m', null, 'drug 2', { context: { reference: 'Encounter/y' } })]),
		listed: ['2 drug 2'],
		proposed: [],
		why: []
	},
	"naming another's session": {
		plan: bundle([
			...two,
			takes('m', 'Patient/b', 'drug 2', { context: { reference: 'Encounter/x' } }),
			stop('r', 'Patient/b', { encounter: { reference: 'Encounter/x' } })
		]),
		listed: [],
		proposed: ['2 stop *'],
		why: ['no_session']
	},
	'a request and a proposed medicine of one number': {
		plan: bundle([patient('1', 1), visit('1', 'Patient/1'), stop('1', 'Patient/1'), start('1', 'Patient/1')]),
		listed: [],
		proposed: ['1 start', '1 stop'],
		why: []
	},
	'two requests under the number of their plan': {
		plan: bundle([
			patient('1', 1),
			visit('1', 'Patient/1'),
			...['3', '4'].map((id) => stop(id, 'Patient/1', { identifier: [{ system: 'urn:plan', value: 'PLAN' }] }))
		]),
		listed: [],
		proposed: ['1 stop', '1 stop'],
		why: []
	}
};

async function loaded(plan: Json) {
	const home = newHome();
	await load(home, [
		drop({
			'roster/eligibility.csv': lines(
				'person_id,member_id,birth_date,enrollment_start_date,enrollment_end_date',
				...[1, 2].map((each) => `${each},M-${each},195${each}-01-01,2025-01-01,2025-12-31`)
			)
		})
	]);
	await load(home, [drop({ 'acme/plan.json': JSON.stringify(plan) })], { layout: 'ecareplan', maxRejects: 100 });
	return home;
}

test.each(Object.entries(cases))('%s', async (_, { plan, listed, proposed, why }) => {
	const home = await loaded(plan);
	const said = async (sql: string) => (await intake<{ said: string }>(home, sql)).map((each) => each.said);
	expect(
		await said(
			"select session.person_id || ' ' || medicine.name as said from mtm_medication as medicine inner join mtm_service as session using (service_id) order by 1"
		)
	).toEqual(listed);
	expect(
		await said(
			`select recommendation.person_id || ' ' || action || case when session.person_id is null then ' *' else '' end as said
			from mtm_recommendation as recommendation left join mtm_service as session using (service_id, person_id) order by 1`
		)
	).toEqual(proposed);
	const whole = (await unmappedRows(home, 2)).filter((each) => each.kind === 'resource' && each.what !== 'Bundle');
	expect([...new Set(whole.map((each) => each.why))].sort()).toEqual(why);
});

test('the name of a proposed medicine goes nowhere, and is listed', async () => {
	const home = await loaded(bundle([patient('1', 1), visit('1', 'Patient/1'), start('2', 'Patient/1')]));
	expect((await unmappedRows(home, 2)).map((each) => `${each.what} ${each.why}`)).toContain(
		'MedicationRequest.medicationCodeableConcept no_column'
	);
});
