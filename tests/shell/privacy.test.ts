import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportables } from '$lib/domain/exportable';
import { routes } from '$lib/domain/need';
import { roleCard, type Role } from '$lib/domain/role';
import { everyone } from '$lib/domain/scope';
import { homeAt, type Home } from '$lib/server/home';
import { readLog, verifyLog } from '$lib/server/records/log';
import { ask } from '$lib/server/warehouse';
import { emptyFolder, mtm, must } from '../known/shell';
import { numbers, plant, planted, traces, wanted } from './planted';
import { serve, type Served } from './served';

let home: Home;
let folder: string;
let server: Served;
let pid: string;
/** The address of an MTM claim of the person. */
let claim: string;
const cookies = new Map<Role, string>();
/** What was said where no patient may be named: server output, messages of the shell, titles, addresses, heads of answers. */
const said: { where: string; text: string }[] = [];
const say = (where: string, text: string) => said.push({ where, text });

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
	const claims = await ask<{ pid: string; claim_number: number }>(
		home,
		'audit_claims',
		{ year: 2026, by_risk: false, first: 0 },
		everyone
	);
	claim = `/audit/claims/${pid}/${claims.find((one) => one.pid === pid)!.claim_number}`;
	server = await serve(home, (text) => say("the server's output", text));
	for (const role of [
		'pharmacy_manager',
		'quality_lead',
		'payer_auditor',
		'data_engineer',
		'administrator',
		'viewer'
	] as const)
		cookies.set(role, await server.signIn(role));
}, 300_000);
afterAll(() => server?.stop());

/** Every route of the product that is opened by its address, and more of one where its address chooses what it shows. */
const pages = () => [
	'/',
	'/?explain=pdc_statins&part=patients',
	'/adherence',
	...['', '?tab=trend', '?tab=recoverable', '?tab=supply', '?tab=population'].map(
		(tab) => `/adherence/pdc_statins${tab}`
	),
	...['patients', 'evidence', 'formula'].map((part) => `/explain/pdc_statins?part=${part}`),
	'/compare?measure=hospital_admissions&unit=pharm',
	'/compare?measure=pdc_statins&unit=presc',
	'/interventions',
	'/interventions?by=pharm',
	'/interventions/reviews?why=counted',
	'/interventions/eligibility',
	'/interventions/eligibility?standing=neither',
	'/interventions/prep',
	`/interventions/prep/${pid}`,
	'/interventions/problems',
	'/interventions/problems?by=patient',
	'/interventions/problems?list=adherence_at_risk',
	'/interventions/recommendations?judged=made',
	'/interventions/reviews',
	'/interventions/sessions',
	'/interventions/sessions/list?kind=cmr&became=tried',
	'/interventions/sessions/elements?state=missing',
	'/interventions/sessions/medicines',
	'/interventions/sessions/opportunities',
	`/interventions/sessions/${pid}-1`,
	'/outcomes',
	'/outcomes/hospital_admissions',
	'/outcomes/hospital_admissions?period=2026-09',
	'/outcomes/around-review',
	'/outcomes/follow-up',
	'/outcomes/follow-up?list=frequent_emergency',
	'/annotations',
	'/views',
	'/views?save=/patients?status=overdue',
	'/audit',
	'/audit/billing',
	'/audit/claims',
	'/audit/claims?rule=A01',
	'/audit/reporting',
	'/audit/rules/A01',
	'/audit/sample',
	'/audit/sample?size=5&seed=42',
	'/audit/letter/1000000772',
	claim,
	'/patients',
	'/patients?list=all',
	'/patients?sheet=call',
	'/patients?list=all&sheet=call',
	`/patients/${pid}`,
	`/patients?explain=pdc_statins&part=evidence&of=${pid}`,
	'/data',
	'/data/loads/1',
	'/metrics',
	'/metrics/pdc_statins',
	'/help',
	'/account',
	'/account/log',
	'/account/second-factor',
	'/admin/users',
	'/admin/log',
	'/admin/log.csv',
	'/reveal?next=/patients',
	...Object.keys(exportables).map((name) => `/export/${name}?list=all&pid=${pid}&load=1&measure=pdc_statins`),
	'/download/headline.json',
	'/now',
	// Addresses that cannot be right.
	'/patients?list=nothing&adr=x..y&y=1999&plan=%00',
	'/adherence/nothing',
	'/download/unit_rates.csv?unit=nothing',
	'/download/patients.exe',
	'/patients/0000000000'
];
/** Not opened here: of a user, a link, a file that is being made; before signing in; forms. */
const others =
	'/admin/users/[id] /export/job/[id] /export/job/[id]/file /link/[token] /lock /login /login/code /not-here /session /sign-out /welcome';

test('every route is among the pages that are looked at', () => {
	const looked = pages().map((page) => page.replace(/\?.*/, ''));
	const left = Object.keys(routes)
		.filter((route) => !others.split(' ').includes(route))
		.filter((route) => {
			const form = new RegExp(`^${route.replaceAll('.', '\\.').replaceAll(/\[\w+\]/g, '[^/]+')}$`);
			return !looked.some((page) => form.test(page) && !(page in routes && page !== route));
		});
	expect(left).toEqual([]);
});

const shown = (page: string) => `${page}${page.includes('?') ? '&' : '?'}show=identifiers`;

/** What of the planted words a text has that its reader may not see: numbers of claims are for P2, and for the audit. */
function toldIn(text: string, role: Role, page: string): string[] {
	const seesNumbers =
		roleCard(role).phi === 'P2' || (role === 'payer_auditor' && /^\/((download|export)\/)?audit/.test(page));
	return [traces, ...(seesNumbers ? [] : [numbers])].flatMap((words) => {
		const at = text.search(words);
		return at < 0 ? [] : [`${role} ${page}: ${text.slice(Math.max(0, at - 80), at + 40)}`];
	});
}

test('before a reason is given no page and no file names anybody, at any level', async () => {
	const told: string[] = [];
	let opened = 0;
	for (const role of cookies.keys()) {
		for (const page of pages().flatMap((one) => [one, shown(one)])) {
			const { status, text } = await web(role, page);
			opened += Number(status === 200);
			told.push(...toldIn(text, role, page));
		}
		for (const name of Object.keys(exportables))
			for (const format of ['csv', 'json']) {
				const page = `/download/${name}.${format}?list=all&pid=${pid}&load=1&measure=pdc_statins`;
				told.push(...toldIn((await web(role, page)).text, role, page));
			}
	}
	expect(told).toEqual([]);
	expect(opened).toBeGreaterThan(300);
}, 300_000);

test('who may see names sees them, and they stand in pages, exports and answers alone', async () => {
	for (const role of cookies.keys()) {
		const purpose =
			{ payer_auditor: 'audit', data_engineer: 'data', administrator: 'emergency' }[role as string] ?? 'care';
		await web(role, '/reveal', { purpose, reason: 'a look at the medicines', next: `/patients/${pid}` });
		for (const page of [...pages(), `/patients/${wanted}`]) await web(role, shown(page));
		for (const name of Object.keys(exportables))
			for (const format of ['csv', 'xlsx', 'parquet', 'json'])
				await web(role, `/download/${name}.${format}?show=identifiers&list=all&pid=${pid}&load=1&measure=pdc_statins`);
		await web(role, '/patients?/find', { patient_id: wanted });
		await web(role, '/patients?/find', { patient_id: `${planted.last} ${planted.badDay}` });
	}
	for (const page of [
		'/patients?list=all',
		`/patients/${pid}`,
		`/interventions/prep/${pid}`,
		`/interventions/sessions/${pid}-1`
	])
		expect([page, (await web('quality_lead', shown(page))).text.includes(planted.last)]).toEqual([page, true]);
	expect((await web('payer_auditor', shown(claim))).text).toContain(planted.last);
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
	expect(said.filter(({ text }) => traces.test(text) || numbers.test(text))).toEqual([]);
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
