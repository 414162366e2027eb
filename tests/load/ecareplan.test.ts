import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unmappedRows } from '$lib/server/ecareplan/listing';
import type { Home } from '$lib/server/home';
import { rollback } from '$lib/server/load/history';
import { load } from '$lib/server/load/load';
import { exportRejects, rejectedRows } from '$lib/server/load/reject';
import { account, drop, intake, lines, newHome, stopped } from './home';

const fixture = (name: string) => readFileSync(join('tests/load/ecareplan', name), 'utf8');
const layout = { layout: 'ecareplan' };
const stu3 = fixture('stu3.xml');
type Json = { [key: string]: unknown };
const r4 = JSON.parse(fixture('r4.json')) as { entry: { resource: Json }[] } & Json;

/** A home whose roster has Zoë (member M-7) and a woman with the MBI of the R4 plan. */
async function withRoster(rows = ['7,M-7,,1950-02-03', '8,M-8,1EG4TE5MK73,1948-11-30']): Promise<Home> {
	const home = newHome();
	await load(home, [
		drop({
			'roster/eligibility.csv': lines(
				'person_id,member_id,mbi,birth_date,enrollment_start_date,enrollment_end_date',
				...rows.map((each) => `${each},2025-01-01,2025-12-31`)
			)
		})
	]);
	return home;
}

/** Rows of a table without where they came from. */
const rowsOf = async (home: Home, table: string) =>
	(await intake<Json>(home, `select * exclude (source_file, source_line, load_id) from ${table} order by all`)).map(
		(row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
	);

/** The R4 plan with some of its resources changed; undefined takes one away. */
function changed(changes: Record<string, Json | undefined>): string {
	const entry = r4.entry.flatMap((each) => {
		const id = String(each.resource.id);
		if (!(id in changes)) return [each];
		return changes[id] ? [{ ...each, resource: { ...each.resource, ...changes[id] } }] : [];
	});
	return JSON.stringify({ ...r4, entry }, null, 1);
}

const loaded = async (plan: string, name = 'plan.json') => {
	const home = await withRoster();
	const result = await load(home, [drop({ [name]: plan })], layout);
	return { home, result };
};

describe('what plans become', () => {
	test('STU3 XML: session, visit arranged, medicines, elements and the recommendation, each with its line', async () => {
		const { home, result } = await loaded(stu3, 'stu3.xml');
		expect(result.plans).toMatchObject([{ version: 'STU3', resources: 15 }]);
		expect(await rowsOf(home, 'mtm_service')).toEqual([
			{
				service_id: 'S-1',
				person_id: '7',
				service_type: 'cmr',
				service_date: '2025-03-10',
				status: 'completed',
				delivery_method: '02',
				setting: 'community_pharmacy',
				provider_type: 'pharmacist',
				provider_npi: '1234567893',
				pharmacy_npi: '1245319599',
				start_time: '2025-03-10T15:00:00',
				end_time: '2025-03-10T15:40:00',
				minutes: 40,
				follow_up_due_date: '2025-06-10',
				documented_at: '2025-03-10T16:00:00',
				data_source: 'acme'
			},
			{
				service_id: 'S-2',
				person_id: '7',
				service_type: 'follow_up',
				service_date: '2025-06-10',
				status: 'scheduled',
				follow_up_of: 'S-1',
				data_source: 'acme'
			}
		]);
		expect(await rowsOf(home, 'mtm_medication')).toEqual([
			{
				service_id: 'S-1',
				line: 1,
				ndc_code: '00071-0155-23',
				name: 'atorvastatin 10 mg',
				source: 'rx',
				data_source: 'acme'
			},
			{ service_id: 'S-1', line: 2, name: "St John's wort & hops", decision: 'stop', data_source: 'acme' }
		]);
		expect(
			(await rowsOf(home, 'mtm_service_element')).map((each) =>
				[each.element, each.state, each.code, each.value].join(' ').trim()
			)
		).toEqual([
			'education yes snomed 967006',
			'follow_up_plan yes',
			'medical_history yes http://hl7.org/fhir/sid/icd-10-cm E11.9',
			'medication_list yes',
			'problems yes snomed 129834002 forgets the evening dose'
		]);
		expect(await rowsOf(home, 'mtm_recommendation')).toEqual([
			{
				recommendation_id: 'R-1',
				service_id: 'S-1',
				person_id: '7',
				identified_date: '2025-03-10',
				problem: 'adherence',
				action: 'educate',
				recipient: 'patient',
				response: 'accepted',
				response_date: '2025-03-10',
				implemented: 'yes',
				implemented_date: '2025-03-10',
				resolved: 'yes',
				resolved_date: '2025-04-01',
				rationale: 'forgets the evening dose',
				data_source: 'acme'
			}
		]);
		const lineOf = (text: string) => stu3.split('\n').findIndex((each) => each.includes(text)) + 1;
		const places = await intake(
			home,
			'select source_file, source_line from mtm_recommendation union all select source_file, source_line from mtm_service order by 2'
		);
		expect(places).toEqual(
			[
				lineOf('<Encounter>'),
				lineOf('<Procedure>'),
				stu3.split('\n').findLastIndex((each) => each.includes('<Encounter>')) + 1
			].map((source_line) => ({ source_file: 'stu3.xml', source_line }))
		);
	});

	test('R4 JSON: a request that a Task declines, a proposal that waits, a goal that is met', async () => {
		const { home, result } = await loaded(fixture('r4.json'));
		expect(result.plans).toMatchObject([{ version: 'R4', resources: 14 }]);
		expect(await rowsOf(home, 'mtm_service')).toMatchObject([
			{ service_id: 'e', person_id: '8', service_type: 'follow_up', delivery_method: '03', language: 'es' }
		]);
		expect(await rowsOf(home, 'mtm_recommendation')).toEqual([
			{
				recommendation_id: 'new',
				service_id: 'e',
				person_id: '8',
				identified_date: '2025-05-02',
				problem: 'needs_therapy',
				action: 'start',
				ndc_code: '00093720198',
				recipient: 'prescriber',
				sent_date: '2025-05-02',
				response: 'pending',
				data_source: 'acme'
			},
			{
				recommendation_id: 'stop',
				service_id: 'e',
				person_id: '8',
				identified_date: '2025-05-02',
				problem: 'unnecessary_therapy',
				action: 'stop',
				ndc_code: '00093505698',
				recipient: 'prescriber',
				prescriber_npi: '1245319599',
				sent_date: '2025-05-02',
				response: 'declined',
				response_date: '2025-05-09',
				decline_reason: 'both are needed',
				data_source: 'acme'
			}
		]);
		expect((await rowsOf(home, 'mtm_service_element')).map((each) => `${each.element} ${each.state}`)).toEqual([
			'goal_met yes',
			'goals yes',
			'medication_list yes',
			'problems yes',
			'problems yes',
			'team_communication yes'
		]);
	});

	test.each([
		['draft', undefined, 'pending'],
		['completed', undefined, 'accepted'],
		['revoked', undefined, 'withdrawn'],
		['active', 'accepted', 'accepted'],
		['active', 'cancelled', 'withdrawn']
	])('a request that is %s with a Task that is %s is %s', async (status, task, response) => {
		const { home } = await loaded(changed({ stop: { status }, answer: task ? { status: task } : undefined }));
		expect(await intake(home, "select response from mtm_recommendation where recommendation_id = 'stop'")).toEqual([
			{ response }
		]);
	});

	test.each([
		['finished', [1, 1, 0, 0, 0]],
		// A final plan is of a session that was held, where the sender says nothing of it.
		['unknown', [1, 1, 0, 0, 0]],
		['cancelled', [1, 0, 1, 0, 0]],
		['in-progress', [1, 0, 1, 0, 0]]
	])('an Encounter that is %s', async (status, expected) => {
		const { result } = await loaded(changed({ e: { status } }));
		expect(account(result, 'mtm_service')).toEqual(expected);
	});

	test('an action without a problem is no recommendation, and is listed', async () => {
		const { home, result } = await loaded(changed({ stop: { reasonReference: undefined } }));
		expect(account(result, 'mtm_recommendation')).toEqual([1, 1, 0, 0, 0]);
		expect((await unmappedRows(home, 2)).filter((each) => each.why === 'no_problem')).toMatchObject([
			{ path: 'entry[6].resource(ServiceRequest)', kind: 'resource' }
		]);
	});
});

describe('what is in no row is listed', () => {
	test('with file, line, path, kind and reason, and without its value', async () => {
		const { home, result } = await loaded(stu3, 'stu3.xml');
		const rows = await unmappedRows(home, 2);
		expect(rows).toHaveLength(result.unmapped.reduce((sum, each) => sum + each.times, 0));
		const at = (path: string) => rows.find((each) => each.path === path);
		expect(at('entry[1].resource(Patient).name')).toMatchObject({ line: 26, kind: 'group', values: 2, why: 'person' });
		expect(at('entry[13].resource(AllergyIntolerance)')).toMatchObject({ kind: 'resource', why: 'entered_in_error' });
		expect(at('entry[10].resource(MedicationStatement).taken')).toMatchObject({ why: 'no_column' });
		expect(at('entry[2].resource(Encounter).class')).toMatchObject({ kind: 'code' });
		expect(JSON.stringify(rows)).not.toMatch(/Ördög|Zoë|penicillin|M-7|1950/);
	});

	test('a resource of a kind without a place, an unknown code, a reference to nothing', async () => {
		const { home } = await loaded(
			changed({
				stop: { code: { coding: [{ system: 'http://snomed.info/sct', code: '999' }] } },
				letter: { recipient: [{ reference: 'Practitioner/nobody' }] }
			})
		);
		const rows = await unmappedRows(home, 2);
		expect(rows.find((each) => each.what === 'FamilyMemberHistory')).toMatchObject({
			kind: 'resource',
			why: 'no_place'
		});
		expect(rows.find((each) => each.what === 'ServiceRequest')).toMatchObject({
			why: 'unknown_code',
			code: 'http://snomed.info/sct|999'
		});
		expect(rows.find((each) => each.what === 'Communication.recipient')).toMatchObject({ why: 'dangling' });
	});

	test('every value of a plan is in a row or in the list', async () => {
		// Read elements and listed ones together are all elements: what is taken away from the list must have been read.
		const { home } = await loaded(changed({ stop: { oddElement: { deep: [{ deeper: 1 }, { deeper: 2 }] } } }));
		const rows = await unmappedRows(home, 2);
		expect(rows.filter((each) => each.what.startsWith('ServiceRequest.oddElement'))).toMatchObject([{ values: 2 }]);
	});
});

describe('whose a plan is', () => {
	test.each([
		['nobody on the roster', ['9,M-9,,1950-02-03'], 'unknown_person'],
		['the same number with another birth date', ['7,M-7,,1950-02-04'], 'other_birth_date'],
		['two persons with that number and day', ['7,M-7,,1950-02-03', '9,M-7,,1950-02-03'], 'several_persons']
	])('%s stops the load', async (_, roster, rule) => {
		const home = await withRoster(roster);
		const result = await stopped(home, drop({ 'stu3.xml': stu3 }), layout);
		expect(result.stops.map((each) => each.rule)).toContain(rule);
		expect(result.stops.map((each) => each.message).join()).toContain('stu3.xml, line 24');
	});

	test('among six patients one who is not known is rejected with the rows, which can be mended and loaded', async () => {
		const home = await withRoster();
		const others = Object.fromEntries(
			Array.from({ length: 5 }, (_, at) => [`${at}.json`, fixture('r4.json').replaceAll(/(["/:])e"/g, `$1e${at}"`)])
		);
		const folder = drop({ ...others, 'stu3.xml': stu3.replace('M-7', 'M-99') });
		const passed = await load(home, [folder], layout);
		for (const file of passed.files)
			expect(file.read).toBe(file.loaded + file.rejected + file.duplicate + file.ignored);
		expect((await rejectedRows(home, 2)).map((each) => `${each.table} ${each.reason} ${each.line}`)).toContain(
			'mtm_recommendation unknown_person 101'
		);
		const out = join(drop({}), 'rejects.ndjson');
		const written = await exportRejects(home, 2, out);
		expect(written.map((each) => each.rows)).toEqual([2, 5, 2, 1]);
		const mended = readFileSync(out, 'utf8').replaceAll('"person_id":null', '"person_id":"7"');
		const again = drop({ 'mtm_service.ndjson': mended });
		expect(account(await load(home, [again], { source: 'acme' }), 'mtm_service')).toEqual([2, 2, 0, 0, 0]);
	});

	test('the mapping names the identifier system: no roster is needed', async () => {
		const home = newHome();
		const mapping = { ecareplan: { columns: { person_id: 'urn:made-up:members' } } };
		await load(home, [drop({ 'stu3.xml': stu3 })], { ...layout, mapping });
		expect(await intake(home, 'select distinct person_id from mtm_service')).toEqual([{ person_id: 'M-7' }]);
		const other = { ecareplan: { columns: { person_id: 'urn:nobody' } } };
		const stop = await stopped(newHome(), drop({ 'stu3.xml': stu3 }), { ...layout, mapping: other });
		expect(stop.stops[0]!.rule).toBe('unknown_person');
	});
});

/** The R4 plan of a sender that numbers the resources anew in each document and gives them no fullUrl, of one patient and day. */
const unnamed = (mbi: string, day = '2025-05-02', changes: Record<string, Json | undefined> = {}) =>
	JSON.stringify({
		...(JSON.parse(changed(changes)) as Json),
		entry: (JSON.parse(changed(changes)) as typeof r4).entry.map(({ resource }) => ({ resource }))
	})
		.replaceAll('1EG4TE5MK73', mbi)
		.replaceAll('2025-05-02', day);

describe('many plans', () => {
	const people = Array.from({ length: 30 }, (_, at) => `${at + 1},M-${at + 1},1EG4TE5MK${at + 10},1948-11-30`);
	const plans = Object.fromEntries(people.map((_, at) => [`plan-${at + 10}.json`, unnamed(`1EG4TE5MK${at + 10}`)]));

	test('lie in one part a table; each plan has its account, each row its file and line, and nobody loses what another has', async () => {
		const home = await withRoster(people);
		const again = { 'plan-50.json': plans['plan-10.json']!, 'plan-51.json': unnamed('1EG4TE5MK99') };
		const result = await load(home, [drop({ ...plans, ...again })], layout);
		expect(result.files.map((each) => [each.name, each.table])).toEqual([
			['32 care plans', 'mtm_service'],
			['32 care plans', 'mtm_service_element'],
			['32 care plans', 'mtm_medication'],
			['32 care plans', 'mtm_recommendation']
		]);
		for (const each of [...result.files, ...result.plans])
			expect(each.read).toBe(each.loaded + each.rejected + each.duplicate);
		for (const key of ['read', 'loaded', 'rejected', 'duplicate'] as const) {
			const of = (all: Record<typeof key, number>[]) => all.reduce((sum, each) => sum + each[key], 0);
			expect(of(result.plans), key).toBe(of(result.files));
		}
		const plan = (name: string) => result.plans.find((each) => each.name === name)!;
		expect(plan('plan-10.json')).toMatchObject({ read: 10, loaded: 10, rejected: 0, duplicate: 0 });
		expect(plan('plan-50.json')).toMatchObject({ read: 10, loaded: 0, rejected: 0, duplicate: 10 });
		expect(plan('plan-51.json')).toMatchObject({ read: 10, loaded: 0, rejected: 10, duplicate: 0 });
		expect(
			await intake(home, 'select count(*) as sessions, count(distinct person_id) as people from mtm_service')
		).toEqual([{ sessions: 30, people: 30 }]);
		expect(await intake(home, 'select count(*) as rows from mtm_recommendation')).toEqual([{ rows: 60 }]);
		expect(await intake(home, "select source_file, source_line from mtm_service where person_id = '7'")).toEqual([
			{ source_file: 'plan-16.json', source_line: 1 }
		]);
		expect(new Set((await rejectedRows(home, 2)).map((each) => each.file))).toEqual(new Set(['plan-51.json']));
	});

	test('a plan that came before is left out of the load of those that are new', async () => {
		const home = await withRoster(people);
		await load(home, [drop({ 'plan-10.json': plans['plan-10.json']! })], layout);
		const result = await load(home, [drop(plans)], layout);
		expect(result.already).toEqual([{ name: 'plan-10.json', load_id: 2 }]);
		expect(result.plans).toHaveLength(29);
		expect(account(result, 'mtm_service')).toEqual([29, 29, 0, 0, 0]);
		expect(result.unmapped.every((each) => each.files <= 29)).toBe(true);
	});

	test('without a fullUrl: another day is another session, the same day sent again replaces, whoever else has the same numbers', async () => {
		const home = await withRoster(people);
		await load(home, [drop({ '1.json': unnamed('1EG4TE5MK10') })], layout);
		await load(home, [drop({ '2.json': unnamed('1EG4TE5MK10', '2025-08-04') })], layout);
		await load(
			home,
			[drop({ '4.json': unnamed('1EG4TE5MK10', '2025-05-02', { answer: { status: 'accepted' } }) })],
			layout
		);
		expect(
			await intake(
				home,
				'select service_date::varchar as day, count(*) as sessions from mtm_service group by day order by day'
			)
		).toEqual([
			{ day: '2025-05-02', sessions: 1 },
			{ day: '2025-08-04', sessions: 1 }
		]);
		expect(
			await intake(
				home,
				"select identified_date::varchar as day, response from mtm_recommendation where action = 'stop' order by day"
			)
		).toEqual([
			{ day: '2025-05-02', response: 'accepted' },
			{ day: '2025-08-04', response: 'declined' }
		]);
	});

	test('a sender whose sessions of several patients have one name is stopped', async () => {
		const home = await withRoster(people);
		const named = Object.fromEntries(
			people.map((_, at) => [`${at}.json`, fixture('r4.json').replaceAll('1EG4TE5MK73', `1EG4TE5MK${at + 10}`)])
		);
		const { stops } = await stopped(home, drop(named), layout);
		expect(stops.map((each) => `${each.table} ${each.column} ${each.rule} ${each.share}`).sort()).toEqual([
			'mtm_recommendation recommendation_id id_of_several 1',
			'mtm_service service_id id_of_several 1'
		]);
		expect(stops.find((each) => each.table === 'mtm_service')!.message).toContain(
			'30 of 30 rows (100.0%) have a service_id that rows of other persons have too'
		);
	});
});

describe('files that cannot be read stop the load and change nothing', () => {
	const refused = async (name: string, text: string | Buffer) =>
		await load(await withRoster(), [drop({ [name]: text })], layout).then(
			() => 'loaded',
			(cause: Error) => cause.message
		);
	test.each([
		['cut.xml', stu3.slice(0, 3000), /^cut\.xml, line \d+: it is not well-formed XML\. Nothing was changed\./],
		['cut.json', fixture('r4.json').slice(0, 900), /^cut\.json, line \d+: it is not well-formed JSON\./],
		[
			'plan.ndjson',
			'{"resourceType":"Patient"}\n{"resourceType"\n',
			/^plan\.ndjson, line 2: it is not well-formed JSON/
		],
		['no.json', '{"patient": "Zoë"}', /no FHIR resource/],
		['page.xml', '<html><body/></html>', /<html> is not of FHIR/],
		['cda.xml', '<ClinicalDocument xmlns="urn:hl7-org:v3"/>', /C-CDA document/],
		[
			'five.json',
			'{"resourceType":"Encounter","actualPeriod":{"start":"2025-01-01"}}',
			/Encounter\.actualPeriod is of FHIR R5; FHIR STU3 and R4 are read/
		],
		[
			'two.xml',
			'<Condition xmlns="http://hl7.org/fhir"><patient><reference value="Patient/1"/></patient></Condition>',
			/FHIR DSTU2/
		],
		['latin.xml', Buffer.from(stu3, 'latin1'), /its text is not UTF-8/],
		['none.json', '{"resourceType":"Patient","id":"1"}', /No session, recommendation or medicine/]
	])('%s', async (name, text, words) => {
		expect(await refused(name, text)).toMatch(words);
	});

	test('an XML that brings entities of its own, from a file or swelling, is not read', async () => {
		const root = stu3.slice(stu3.indexOf('<Bundle'));
		const swell = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');
		for (const [entities, name] of [
			['<!ENTITY secret SYSTEM "file:///etc/hostname">', 'secret'],
			[`<!ENTITY l0 "lol">${swell}`, 'l9']
		] as const) {
			const ended = root.replace('</Bundle>', `<link><url value="&${name};"/></link></Bundle>`);
			expect(await refused('entities.xml', `<!DOCTYPE Bundle [${entities}]>\n${ended}`)).toMatch(/not well-formed XML/);
		}
	});

	test('a broken file says nothing of the patient in it', async () => {
		expect(await refused('cut.xml', stu3.replace('</Patient>', ''))).not.toMatch(/Zoë|M-7/);
	});
});

describe('loads', () => {
	test('the same bytes load once, a rollback takes the plan out, a zipped plan is a plan', async () => {
		const home = await withRoster();
		const folder = drop({ 'stu3.xml': stu3 });
		await load(home, [folder], layout);
		expect(await load(home, [folder], layout)).toMatchObject({
			verdict: 'already_loaded',
			already: [{ name: 'stu3.xml', load_id: 2 }]
		});
		await rollback(home, 2, 'somebody');
		expect(await rowsOf(home, 'mtm_service')).toEqual([]);
		await load(home, [drop({ 'stu3.xml.gz': gzipSync(stu3) })], layout);
		expect(await rowsOf(home, 'mtm_service')).toHaveLength(2);
	});

	test('loose resources of a folder, one a line in files by kind, are one plan', async () => {
		const whole = await loaded(fixture('r4.json'));
		const files = new Map<string, string[]>();
		for (const { resource } of r4.entry) {
			const name = `${String(resource.resourceType)}.ndjson`;
			files.set(name, [...(files.get(name) ?? []), JSON.stringify(resource)]);
		}
		const home = await withRoster();
		await load(home, [drop(Object.fromEntries([...files].map(([name, all]) => [name, lines(...all)])))], layout);
		for (const table of ['mtm_service', 'mtm_service_element', 'mtm_medication', 'mtm_recommendation'])
			expect(await rowsOf(home, table)).toEqual(await rowsOf(whole.home, table));
		expect(
			await intake(home, "select source_file, source_line from mtm_recommendation where recommendation_id = 'stop'")
		).toEqual([{ source_file: 'ServiceRequest.ndjson', source_line: 1 }]);
	});

	test('one NDJSON file with a plan a line keeps each plan to itself', async () => {
		const home = await withRoster();
		const plans = lines(
			JSON.stringify(r4),
			JSON.stringify(r4)
				.replaceAll(/(["/:])e"/g, '$1f"')
				.replaceAll(/(["/:])stop"/g, '$1halt"')
		);
		await load(home, [drop({ 'plans.ndjson': plans })], layout);
		expect(
			await intake(
				home,
				'select recommendation_id, service_id, source_line as line from mtm_recommendation order by 1, 2'
			)
		).toEqual([
			{ recommendation_id: 'halt', service_id: 'f', line: 2 },
			{ recommendation_id: 'new', service_id: 'f', line: 2 },
			{ recommendation_id: 'stop', service_id: 'e', line: 1 }
		]);
	});
});

test('law: whatever the order of the entries, the rows are the same', async () => {
	const { codesOf } = await import('$lib/domain/ecareplan/code');
	const { mapPlan } = await import('$lib/domain/ecareplan/map');
	const { planOf } = await import('$lib/domain/ecareplan/plan');
	const { resourcesOf } = await import('$lib/server/ecareplan/document');
	const { readJson, readXml } = await import('$lib/server/ecareplan/read');
	const [head, ...rest] = readFileSync('data/reference/ecareplan_code.csv', 'utf8').trim().split('\n');
	expect(head).toBe('field,system,code,value,source,mark');
	const codes = codesOf(
		rest.map((each) => {
			const [field, system, code, value] = each.split(',');
			return { field: field!, system: system!, code: code!, value: value! };
		})
	);
	for (const read of [() => readXml(stu3), () => readJson(fixture('r4.json'))]) {
		const mapped = async (order: number[] | null) => {
			const resources = resourcesOf(await read(), 0);
			const { rows, unmapped } = mapPlan(planOf(order ? order.map((at) => resources[at]!) : resources), codes);
			return {
				rows: rows.map((each) => JSON.stringify([each.table, each.values, each.patient?.names])).sort(),
				unmapped: unmapped.map((each) => `${each.path} ${each.why}`).sort()
			};
		};
		const count = resourcesOf(await read(), 0).length;
		const expected = await mapped(null);
		await fc.assert(
			fc.asyncProperty(
				fc.shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count }),
				async (order) => {
					expect(await mapped(order)).toEqual(expected);
				}
			),
			{ numRuns: 100 }
		);
	}
});
