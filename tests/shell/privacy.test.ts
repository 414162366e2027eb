import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportables } from '$lib/domain/exportable';
import type { Role } from '$lib/domain/role';
import { everyone } from '$lib/domain/scope';
import { homeAt, type Home } from '$lib/server/home';
import { readLog, verifyLog } from '$lib/server/records/log';
import { ask } from '$lib/server/warehouse';
import { emptyFolder, mtm, must } from '../known/shell';
import { serve, type Served } from './served';

// Words of patients that nothing but a page, an export or an answer for who may see them can hold.
const planted = {
	id: 'PLANTEDID',
	first: 'Plantedfirst',
	last: 'Plantedlast',
	mbi: '1PLANTEDMB7',
	phone: '555PLANTED1',
	street: '1 Planted Street',
	badDay: 'PLANTED-DAY'
};
const traces = /planted/i;
/** The person that is looked at. */
const wanted = `${planted.id}03`;

let home: Home;
let folder: string;
let server: Served;
let pid: string;
const cookies = new Map<Role, string>();
/** What was said where no patient may be named: server output, messages of the shell, titles, addresses, heads of answers. */
const said: { where: string; text: string }[] = [];
const say = (where: string, text: string) => said.push({ where, text });

const days = ['2026-01-05', '2026-02-04', '2026-03-08', '2026-04-10', '2026-06-20', '2026-07-21'];

function plant(drop: string): void {
	mkdirSync(drop);
	const people = Array.from({ length: 12 }, (_, at) => `${planted.id}${String(at).padStart(2, '0')}`);
	const roster = [
		'person_id,first_name,last_name,birth_date,gender,mbi,phone,address,city,state,zip_code,plan,contract_id,enrollment_start_date,enrollment_end_date'
	];
	for (const person of people)
		roster.push(
			`${person},${planted.first},${planted.last},1950-02-03,female,${planted.mbi},${planted.phone},${planted.street},Town,OH,44101,P1,H0001,2025-01-01,2026-12-31`
		);
	writeFileSync(join(drop, 'eligibility.csv'), roster.join('\n') + '\n');
	const claims = ['claim_id,person_id,dispensing_date,ndc_code,quantity,days_supply,dispensing_provider_npi'];
	people.forEach((person, at) =>
		days
			.slice(0, 3 + (at % 4))
			.forEach((day, fill) => claims.push(`C${at}-${fill},${person},${day},00071015523,30,30,1999000023`))
	);
	claims.push(`CX,${wanted},${planted.badDay},00071015523,30,30,1999000023`);
	writeFileSync(join(drop, 'pharmacy_claim.csv'), claims.join('\n') + '\n');
}

/** Runs the command and keeps what it says beside its answer. */
function shell(...words: string[]) {
	const answer = mtm('--home', home.folder, ...words);
	say(`mtm ${words[0]}`, answer.err);
	return answer;
}

async function web(
	role: Role,
	address: string,
	form?: Record<string, string>
): Promise<{ status: number; text: string }> {
	const answer = await server.ask(cookies.get(role)!, address, form);
	const text = await answer.text();
	say(`heads of ${address}`, JSON.stringify([...answer.headers]));
	for (const [, title] of text.matchAll(/<title>(.*?)<\/title>/gs)) say(`title of ${address}`, title!);
	// Who types an id into the address themselves gets links on that address back.
	if (!traces.test(address))
		for (const [, href] of text.matchAll(/(?:href|action|src)="(?!tel:)([^"]*)"/g)) say(`a link on ${address}`, href!);
	return { status: answer.status, text };
}

beforeAll(async () => {
	folder = emptyFolder();
	home = homeAt(join(folder, 'home'));
	plant(join(folder, 'drop'));
	must('version');
	expect(shell('load', join(folder, 'drop'), '--max-rejects', '50').status).toBe(0);
	expect(shell('refresh', '--as-of', '2026-09-30').status).toBe(0);
	const [found] = await ask<{ pid: string }>(home, 'patient_by_id', { patient_id: wanted }, everyone);
	pid = found!.pid;
	server = await serve(home, (text) => say("the server's output", text));
	for (const role of ['quality_lead', 'payer_auditor', 'data_engineer', 'administrator', 'viewer'] as const)
		cookies.set(role, await server.signIn(role));
}, 300_000);
afterAll(() => server?.stop());

const pages = [
	'/',
	'/adherence',
	'/adherence/pdc_statins',
	'/adherence/pdc_statins?tab=trend',
	'/adherence/pdc_statins?tab=recoverable',
	'/adherence/pdc_statins?tab=supply',
	'/adherence/pdc_statins?tab=population',
	'/explain/pdc_statins?part=patients',
	'/explain/pdc_statins?part=evidence',
	'/explain/pdc_statins?part=formula',
	'/patients',
	'/patients?list=all&show=identifiers',
	'/patients?sheet=call',
	'/patients?list=all&show=identifiers&sheet=call',
	'/data',
	'/data/loads/1',
	'/metrics',
	'/metrics/pdc_statins',
	'/help',
	'/account',
	'/account/log',
	'/admin/users',
	'/admin/log',
	'/admin/log.csv',
	'/export/patients?list=all&show=identifiers',
	// Addresses that cannot be right.
	'/patients?list=nothing&adr=x..y&y=1999&plan=%00',
	'/adherence/nothing',
	'/download/unit_rates.csv?unit=nothing',
	'/download/patients.exe',
	`/patients/${wanted}`,
	'/patients/0000000000'
];

test('who may see names sees them, and they stand in pages, exports and answers alone', async () => {
	const named = async () => (await web('quality_lead', '/patients?list=all&show=identifiers')).text;
	expect(await named()).not.toMatch(traces);
	for (const role of cookies.keys()) {
		for (const page of [
			...pages,
			`/patients/${pid}`,
			`/patients/${pid}?show=identifiers`,
			`/patients?explain=pdc_statins&part=evidence&of=${pid}`
		])
			await web(role, page);
		const purpose = {
			quality_lead: 'care',
			payer_auditor: 'audit',
			data_engineer: 'data',
			administrator: 'emergency',
			viewer: 'care'
		}[role as 'viewer'];
		await web(role, '/reveal', { purpose, reason: 'a look at the medicines', next: `/patients/${pid}` });
		for (const page of [...pages, `/patients/${pid}?show=identifiers`]) await web(role, page);
		for (const name of Object.keys(exportables))
			for (const format of ['csv', 'xlsx', 'parquet', 'json'])
				await web(role, `/download/${name}.${format}?show=identifiers&list=all&pid=${pid}&load=1&measure=pdc_statins`);
		await web(role, '/patients?/find', { patient_id: wanted });
		await web(role, '/patients?/find', { patient_id: `${planted.last} ${planted.badDay}` });
	}
	expect(await named()).toContain(planted.last);
	const { text } = await web('quality_lead', '/download/patients.csv?list=all&show=identifiers');
	expect(text).toContain(planted.phone);
	expect(text).toContain(wanted);
}, 300_000);

test('the shell tells names to its owner in answers, and in no message', () => {
	const asked = shell('query', `select first_name, last_name from eligibility where person_id = '${wanted}'`, '--json');
	expect(asked.out).toContain(planted.first);
	expect(shell('query', `select first_name::integer as n from eligibility`, '--json').status).toBe(1);
	expect(shell('query', `select last_name::date as n from eligibility`).status).toBe(1);
	for (const format of ['csv', 'xlsx', 'parquet', 'json'])
		expect(shell('export', 'eligibility', '--format', format, '--out', join(folder, `roster.${format}`)).status).toBe(
			0
		);
	expect(readFileSync(join(folder, 'roster.csv'), 'utf8')).toContain(planted.street);
	expect(shell('loads', 'rejects', '1', '--json').out).toContain(planted.badDay);
	expect(shell('loads', 'rejects', '1', '--as', 'data_engineer', '--json').out).not.toContain(planted.badDay);
	shell('load', join(folder, 'drop'));
	shell('status');
	shell('doctor');
	shell('metric', 'pdc_statins', '--explain');
	shell('query', `select * from nothing where name = '${planted.last}'`);
	shell('log', 'show');
	expect(shell('backup', join(folder, 'backup.tar')).status).toBe(0);
});

test('no title, address, head of an answer, server output or message names anybody', () => {
	expect(said.length).toBeGreaterThan(1000);
	expect(said.some(({ where }) => where.startsWith('title'))).toBe(true);
	expect(said.filter(({ text }) => traces.test(text))).toEqual([]);
});

test('the records hold opaque ids only, and no spill, scratch or half file is left', async () => {
	for (const file of ['records/records.db', 'records/records.db-wal', 'records/log.head']) {
		let bytes: string;
		try {
			bytes = readFileSync(join(home.folder, file), 'latin1');
		} catch {
			continue;
		}
		expect(bytes.length).toBeGreaterThan(0);
		expect([file, traces.test(bytes)]).toEqual([file, false]);
	}
	const { rows } = await readLog(home, { patient: pid }, { first: 0, rows: 1000 });
	expect(rows.some((row) => row.kind === 'view_patient')).toBe(true);
	expect(rows.some((row) => row.kind === 'view_list')).toBe(true);
	expect(rows.some((row) => row.kind === 'export')).toBe(true);
	expect(await verifyLog(home)).toMatchObject({ broken: null });
	const left = readdirSync(home.folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(home.folder.length + 1))
		.filter(
			(name) =>
				!/^(current\.json|loads\/\d+\/[\w.]+|warehouse\/(intake|results)-\d+\.(duckdb|json)|records\/(records\.db(-wal|-shm)?|log\.head))$/.test(
					name
				)
		);
	expect(left).toEqual([]);
});
