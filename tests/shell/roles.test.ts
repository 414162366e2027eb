import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyone } from '$lib/domain/population';
import { roles, roleCard, type Role } from '$lib/domain/role';
import { routes, verbs } from '$lib/domain/need';
import { everyone, unlimited, type Limits } from '$lib/domain/scope';
import { viewerOf } from '$lib/domain/viewer';
import type { Home } from '$lib/server/home';
import { beginSession } from '$lib/server/lucia/session';
import { readLog } from '$lib/server/records/log';
import { addUser } from '$lib/server/sign_in/people';
import { sqlFiles } from '$lib/server/sql';
import { ask, panelNamed } from '$lib/server/warehouse';
import { demoHome, rowsOf, someLimits, within } from '../laws/scope_home';
import {
	dice,
	panelNames,
	someFilters,
	someParameters,
	stockOf,
	type Dice,
	type Person,
	type Stock
} from '../laws/scope_question';

// What the roles may open, written out from the matrix of roles, apart from the program's own table.
const all: Role[] = [...roles];
const but = (...out: Role[]) => all.filter((role) => !out.includes(role));
const audits: Role[] = ['pharmacy_manager', 'payer_auditor'];
const rows: Role[] = ['pharmacy_manager', 'quality_lead', 'payer_auditor'];
const opens: Record<string, { address: string; whole: Role[]; limited?: Role[] }> = {
	'/': { address: '/', whole: all, limited: but('data_engineer') },
	'/account': { address: '/account', whole: all },
	'/account/log': { address: '/account/log', whole: all },
	'/account/second-factor': { address: '/account/second-factor', whole: all },
	'/adherence': { address: '/adherence', whole: but('data_engineer') },
	'/adherence/[measure]': { address: '/adherence/pdc_statins', whole: but('data_engineer') },
	'/admin/log': { address: '/admin/log', whole: ['administrator'] },
	'/admin/log.csv': { address: '/admin/log.csv', whole: ['administrator'] },
	'/admin/users': { address: '/admin/users', whole: ['administrator'] },
	'/admin/users/[id]': { address: '/admin/users/USER', whole: ['administrator'] },
	'/annotations': { address: '/annotations', whole: but('data_engineer') },
	'/views': { address: '/views', whole: all },
	'/audit': { address: '/audit', whole: audits },
	'/audit/billing': { address: '/audit/billing', whole: audits },
	'/audit/claims': { address: '/audit/claims', whole: audits },
	'/audit/letter/[npi]': { address: '/audit/letter/1000000772?y=2025', whole: ['payer_auditor'] },
	'/audit/reporting': { address: '/audit/reporting', whole: audits },
	'/audit/rules/[rule]': { address: '/audit/rules/A04', whole: audits },
	'/audit/sample': { address: '/audit/sample?n=3', whole: ['payer_auditor'] },
	'/compare': { address: '/compare', whole: but('data_engineer') },
	'/data': { address: '/data', whole: but('quality_caller'), limited: [] },
	'/data/loads/[id]': { address: '/data/loads/1', whole: ['data_engineer', 'administrator'], limited: [] },
	'/download/[table].[format]': { address: '/download/headline.csv', whole: but('quality_caller') },
	'/explain/[measure]': { address: '/explain/pdc_statins', whole: but('data_engineer') },
	'/export/[table]': { address: '/export/headline', whole: but('quality_caller') },
	'/help': { address: '/help', whole: all },
	'/interventions': { address: '/interventions', whole: but('data_engineer') },
	'/interventions/eligibility': { address: '/interventions/eligibility', whole: but('data_engineer') },
	'/interventions/prep': { address: '/interventions/prep', whole: rows },
	'/interventions/prep/[pid]': { address: '/interventions/prep/INSIDER', whole: rows },
	'/interventions/problems': { address: '/interventions/problems', whole: but('data_engineer') },
	'/interventions/recommendations': { address: '/interventions/recommendations', whole: rows },
	'/interventions/reviews': { address: '/interventions/reviews', whole: but('data_engineer') },
	'/interventions/sessions': { address: '/interventions/sessions', whole: but('data_engineer') },
	'/interventions/sessions/list': { address: '/interventions/sessions/list', whole: rows },
	'/interventions/sessions/elements': { address: '/interventions/sessions/elements', whole: rows },
	'/interventions/sessions/medicines': { address: '/interventions/sessions/medicines', whole: rows },
	'/interventions/sessions/opportunities': { address: '/interventions/sessions/opportunities', whole: rows },
	'/metrics': { address: '/metrics', whole: but('data_engineer') },
	'/metrics/[id]': { address: '/metrics/pdc_statins', whole: but('data_engineer') },
	'/now': { address: '/now', whole: all },
	'/outcomes': { address: '/outcomes', whole: but('data_engineer') },
	'/outcomes/[measure]': { address: '/outcomes/hospital_admissions', whole: but('data_engineer') },
	'/outcomes/around-review': { address: '/outcomes/around-review', whole: but('data_engineer') },
	'/outcomes/follow-up': { address: '/outcomes/follow-up', whole: rows },
	'/patients': { address: '/patients', whole: rows },
	'/patients/[pid]': { address: '/patients/INSIDER', whole: rows },
	'/reveal': { address: '/reveal', whole: but('viewer') }
};
/** Shown before signing in, or known only to who began it. */
const apart = [
	'/export/job/[id]',
	'/export/job/[id]/file',
	// Need a patient with a session, or with an MTM claim; the browser tests open them.
	'/audit/claims/[pid]/[claim]',
	'/interventions/sessions/[id]',
	'/link/[token]',
	'/lock',
	'/login',
	'/login/code',
	'/not-here',
	'/session',
	'/sign-out',
	'/welcome'
];
/** Tables of persons as files: part of a route, with a rule of their own. */
const personFiles = [
	'/download/patients.csv',
	'/export/patients',
	'/download/patient_fills.csv?pid=INSIDER',
	'/export/patient_fills?pid=INSIDER',
	'/export/patient_recommendations',
	'/download/patient_reviews_due.csv'
];
/** Tables whose rows would count small groups: for none who sees no small counts. */
const groupFiles = [
	'/export/patient_eligibility',
	'/download/patient_eligibility.csv?standing=eligible_not_enrolled',
	'/download/patient_sessions.csv?kind=cmr&became=tried',
	'/download/patient_session_elements.csv?state=missing',
	'/download/patient_session_medicines.csv?seen=both',
	'/export/patient_opportunities?state=done',
	'/export/patient_problems_documented?list=statin_in_diabetes&state=resolved',
	'/download/patient_problems_documented.csv?unlisted=cost',
	'/export/patient_reviewed',
	'/download/patient_reviewed.csv?why=hospice'
];

type User = { role: Role; limited: boolean; id: string; name: string; cookie: string; limits: Limits };
let home: Home;
let server: ChildProcess;
let origin: string;
let users: User[];
let own: Limits;
let people: Person[];
let insider: Person;
let outsiders: Person[];
let stock: Stock;

const freePort = () =>
	new Promise<number>((done) => {
		const probe = createServer().listen(0, '127.0.0.1', () => {
			const { port } = probe.address() as AddressInfo;
			probe.close(() => done(port));
		});
	});

beforeAll(async () => {
	home = await demoHome(300);
	[own] = (await someLimits(home)) as [Limits];
	const inside = await within(home, own);
	people = await Promise.all(
		(await rowsOf(home, 'select distinct patient_id from adherence where year = 2026 order by 1')).map(async (row) => {
			const patient_id = String(row.patient_id);
			const [found] = await ask<{ pid: string }>(home, 'patient_by_id', { patient_id }, everyone);
			const [key] = await ask<{ patient_no: number }>(home, 'patient_key', { pid: found!.pid }, everyone);
			return { patient_id, ...found!, ...key! };
		})
	);
	insider = people.find((person) => inside.has(person.patient_id))!;
	outsiders = people.filter((person) => !inside.has(person.patient_id));
	stock = await stockOf(home, people);
	const port = await freePort();
	origin = `http://127.0.0.1:${port}`;
	users = [];
	for (const role of roles)
		for (const limited of role === 'administrator' ? [false] : [false, true]) {
			const limits = limited ? own : unlimited;
			const name = `${role}-${limited ? 'own' : 'all'}`;
			const { id } = await addUser(home, { name, role, limits }, 'test');
			const { token } = await beginSession(home, id, { address: '127.0.0.1', browser: 'test' });
			users.push({ role, limited, id, name, limits, cookie: `session-${port}=${token}` });
		}
	server = spawn(process.execPath, [join('build', 'web', 'index.js')], {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), ORIGIN: origin, MTM_HOME: home.folder }
	});
	for (let tries = 0; tries < 150; tries++) {
		if (
			await fetch(`${origin}/session`).then(
				({ ok }) => ok,
				() => false
			)
		)
			return;
		await new Promise((done) => setTimeout(done, 100));
	}
	throw new Error('the built server did not answer');
}, 300_000);
afterAll(() => {
	server?.kill();
	rmSync(home.folder, { recursive: true, force: true });
});

const user = (role: Role, limited = false) => users.find((one) => one.role === role && one.limited === limited)!;

/** What a user is answered; a visitor when null. */
async function get(address: string, who: User | null, accept = 'text/html') {
	const answer = await fetch(origin + address, {
		redirect: 'manual',
		headers: { accept, ...(who ? { cookie: who.cookie } : {}) }
	});
	return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() };
}
async function post(address: string, who: User, words: Record<string, string>) {
	const answer = await fetch(origin + address, {
		method: 'POST',
		redirect: 'manual',
		headers: { accept: 'text/html', origin, cookie: who.cookie },
		body: new URLSearchParams(words)
	});
	return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() };
}
const placed = (address: string) => address.replace('INSIDER', insider.pid).replace('USER', user('quality_lead').id);
/** The words of a page between the frame's: what differs between two pages that say the same is nothing. */
const said = (text: string) =>
	/<main[^>]*>([\s\S]*?)(<footer|<\/main>)/
		.exec(text)?.[1]
		?.replaceAll(/<!--[\s\S]*?-->|<[^>]+>|\s+/g, ' ')
		.trim() ?? text;

test('every route of the folder has a row in the table of needs and in this walk', () => {
	const found: string[] = [];
	const walk = (folder: string, route: string) => {
		for (const entry of readdirSync(folder)) {
			const path = join(folder, entry);
			if (statSync(path).isDirectory()) walk(path, `${route}/${entry}`.replace('//', '/'));
			else if (/^\+(page\.svelte|page\.server\.ts|server\.ts)$/.test(entry)) found.push(route);
		}
	};
	walk('src/routes', '/');
	const own = [...new Set(found)].sort();
	expect(own).toEqual([...Object.keys(opens), ...apart].sort());
	expect(Object.keys(routes).sort()).toEqual(own);
});

test('every route answers who may open it, and everybody else as if it were not there', async () => {
	const wrong: string[] = [];
	const nowhere = new Map<User, string>();
	for (const who of users) nowhere.set(who, said((await get('/no-such-page', who)).text));
	for (const [route, { address, whole, limited = whole }] of Object.entries(opens)) {
		const walk = async (who: User) => {
			const may = (who.limited ? limited : whole).includes(who.role);
			const answer = await get(placed(address), who);
			const expected = may ? (route === '/' && who.role === 'data_engineer' ? [307] : [200]) : [404];
			if (!expected.includes(answer.status))
				wrong.push(`${who.name} ${address}: ${answer.status} for ${expected.join()}`);
			if (may) return;
			if (said(answer.text) !== nowhere.get(who)) wrong.push(`${who.name} ${address}: refused in other words`);
			// The data that a page asks for by itself follows the same rule.
			const data = await get(`${placed(address).replace(/\/$/, '')}/__data.json`, who, '*/*');
			if (data.status !== 404 && route !== '/') wrong.push(`${who.name} ${address} as data: ${data.status}`);
		};
		await Promise.all(users.map(walk));
		const visitor = await get(placed(address), null);
		if (visitor.status !== 303 || !visitor.to?.startsWith('/login'))
			wrong.push(`a visitor at ${address}: ${visitor.status}`);
		const script = await get(placed(address), null, 'application/json');
		if (script.status !== 401) wrong.push(`a visitor's script at ${address}: ${script.status}`);
	}
	for (const address of personFiles)
		for (const who of users) {
			const may = rows.includes(who.role);
			const { status } = await get(placed(address), who);
			if (status !== (may ? 200 : 404)) wrong.push(`${who.name} ${address}: ${status}`);
		}
	for (const address of groupFiles)
		for (const who of users) {
			const may = rows.includes(who.role) && who.role !== 'payer_auditor';
			const { status } = await get(address, who);
			if (status !== (may ? 200 : 404)) wrong.push(`${who.name} ${address}: ${status}`);
		}
	for (const who of users.filter((one) => !one.limited)) {
		const may = rows.includes(who.role) && who.role !== 'payer_auditor';
		const { text } = await get('/interventions/reviews?why=counted', who);
		const opens = text.includes('People enrolled in MTM, contract by contract');
		if (opens !== may || text.includes('#people"') !== may) wrong.push(`${who.name} the people counted: ${opens}`);
	}
	expect(wrong).toEqual([]);
}, 600_000);

test('every panel answers every role at its level, and nothing about persons at P0', async () => {
	const wrong: string[] = [];
	for (const who of users) {
		const viewer = viewerOf({ id: who.id, name: who.name, role: who.role, ...who.limits }, { id: 'x', reveals: [] })!;
		for (const panel of panelNames) {
			const { about } = panelNamed(panel);
			const given = someParameters(dice(1), stock, panel, insider, false);
			const answered = await ask(home, panel, given, viewer.scope).then(
				() => true,
				() => false
			);
			const sumsOverAll = ['checks', 'data_problems'].includes(panel);
			const expected =
				!(viewer.scope.phi === 'P0' && ['patients', 'keys'].includes(about)) && !(who.limited && sumsOverAll);
			if (answered !== expected) wrong.push(`${who.name} ${panel}: ${answered ? 'answered' : 'refused'}`);
		}
	}
	expect(wrong).toEqual([]);
	expect(roles.map((role) => [role, roleCard(role).phi, roleCard(role).most])).toEqual([
		['viewer', 'P0', 'P0'],
		['pharmacy_manager', 'P2', 'P3'],
		['quality_caller', 'P2', 'P3'],
		['quality_lead', 'P2', 'P3'],
		['payer_auditor', 'P1', 'P3'],
		['data_engineer', 'P0', 'P2'],
		['administrator', 'P0', 'P3']
	]);
});

test('the value of an audit rule is kept by an auditor of everything alone', async () => {
	// No value of this parameter, so that nothing is kept by anybody.
	const form = {
		parameter: 'time_rule',
		program: '',
		payer: '',
		effective_from: '2006-01-01',
		value: 'sometimes',
		from: ''
	};
	for (const who of users) {
		const { status } = await post('/audit/rules/A04?/keep', who, form);
		expect([who.role, who.limited, status]).toEqual([
			who.role,
			who.limited,
			who.role === 'payer_auditor' && !who.limited ? 400 : 404
		]);
	}
});

test('an annotation is kept by managers, quality leads and auditors, and seen by those whose view covers whom it is about', async () => {
	const store = `pharmacy:${own.pharmacies![0]}`;
	const add = (who: User, group: string, words: string) =>
		post('/annotations?/add', who, { on_day: '2026-03-12', group, measure: '', words, next: '/help' });
	for (const who of users) {
		const writes = rows.includes(who.role);
		const everybody = await add(who, 'all', 'New nurse line');
		expect([who.name, everybody.status]).toEqual([who.name, writes ? (who.limited ? 400 : 303) : 404]);
		const mine = await add(who, store, 'New shelves');
		expect([who.name, mine.status, mine.to]).toEqual([who.name, writes ? 303 : 404, writes ? '/help' : null]);
		if (!writes) expect((await post('/annotations?/remove', who, { id: '1' })).status).toBe(404);
		// The first annotation is about everybody: not there for who is limited.
		else if (who.limited) expect((await post('/annotations?/remove', who, { id: '1' })).status).toBe(400);
	}
	for (const who of users.filter(({ role }) => role !== 'data_engineer'))
		for (const address of ['/annotations', '/outcomes/hospital_admissions', '/download/annotations.csv']) {
			if (address.startsWith('/download') && who.role === 'quality_caller') continue;
			const { text } = await get(address, who);
			expect([who.name, address, text.includes('New nurse line'), text.includes('New shelves')]).toEqual([
				who.name,
				address,
				!who.limited,
				true
			]);
		}
});

/** Addresses and forms of the pages of MTM, hospital care and the audit, about somebody or with filters. */
function laterAddresses(roll: Dice, pid: string, query: string): string[] {
	const list = roll.one(sqlFiles('lists').map((file) => file.name));
	const form = roll.one(['csv', 'json']);
	const month = `2026-0${1 + roll.upTo(8)}`;
	return [
		`/interventions?by=${roll.one(['pharm', 'presc', 'problem'])}&${query}`,
		`/interventions/recommendations?judged=made&${query}`,
		`/interventions/recommendations?${roll.one(['decline=not_stated', 'around=followed', 'month=2026-03'])}&${query}`,
		`/interventions/reviews?by=pharm&${query}`,
		`/interventions/reviews?why=${roll.one(['counted', 'hospice', 'not_part_d'])}&${query}`,
		`/interventions/sessions/${pid}-${1 + roll.upTo(2)}?${query}`,
		`/interventions/sessions/${pid}-1/__data.json`,
		`/interventions/prep/${pid}?${query}`,
		`/interventions/prep/${pid}/__data.json`,
		`/interventions/prep?${query}`,
		`/interventions/problems?by=patient&${query}`,
		`/interventions/problems?list=${list}&state=${roll.one(['new', 'documented', 'dismissed', 'not_shown', 'resolved'])}&${query}`,
		`/interventions/problems?unlisted=${roll.one(['cost', 'adherence', 'needs_therapy'])}&${query}`,
		`/interventions/eligibility?standing=${roll.one(['eligible_not_enrolled', 'neither'])}&${query}`,
		`/outcomes/${roll.one(['hospital_admissions', 'emergency_visits', 'readmission_30_days'])}?period=${month}&${query}`,
		`/outcomes/hospital_admissions/__data.json?${query}`,
		`/outcomes/follow-up?list=${roll.one(['home_from_hospital', 'frequent_emergency'])}&${query}`,
		`/compare?measure=hospital_admissions&unit=pharm&${query}`,
		`/audit/claims?${query}`,
		`/audit/claims/__data.json?rule=A01&${query}`,
		`/audit/claims/${pid}/1?${query}`,
		`/audit/claims/${pid}/1/__data.json`,
		`/audit/rules/A04?${query}`,
		`/audit/billing?${query}`,
		`/audit/reporting?${query}`,
		`/audit/sample?n=40&${query}`,
		`/audit/letter/${roll.one(['1000000772', '1700000000'])}?${query}`,
		`/download/audit_${roll.one(['claims', 'findings', 'sample'])}.${form}?${query}`,
		`/download/patient_counted.${form}?measure=emergency_visits&${query}`,
		`/download/patient_follow_up.${form}?list=frequent_emergency&${query}`,
		`/download/compare.${form}?measure=hospital_admissions&unit=pharm&${query}`,
		`/download/patient_recommendations.${form}?${query}`,
		`/download/patient_reviews_due.${form}?${query}`,
		`/download/patient_reviewed.${form}?${query}`,
		`/download/patient_problems.${form}?list=${list}&${query}`,
		`/download/patient_problems_documented.${form}?list=${list}&${query}`,
		`/download/patient_problems_documented.${form}?unlisted=cost&${query}`,
		`/download/patient_reasons.${form}?${query}`,
		`/download/patient_eligibility.${form}?${query}`,
		`/interventions/sessions/list?kind=cmr&${query}`,
		`/download/patient_sessions.${form}?became=tried&by=pharm&${query}`,
		`/download/patient_session_elements.${form}?by=provider&${query}`,
		`/download/patient_session_medicines.${form}?${query}`,
		`/download/patient_opportunities.${form}?${query}`
	];
}

type Problem = { pid: string; list: string; subject: string };
type Finding = { pid: string; claim: number; rule: string; isFound: boolean };

/** Every problem there is, and every finding of a claim (a rule of the audit, where nothing is found), of anybody. */
async function whatIsDecided(): Promise<{ problems: Problem[]; findings: Finding[] }> {
	const problems: Problem[] = [];
	for (const { pid, patient_no } of people)
		for (const row of await ask<{ list: string; subject: string | null; measure: string | null }>(
			home,
			'patient_lists',
			{ patient_no },
			everyone
		))
			problems.push({ pid, list: row.list, subject: row.subject ?? row.measure ?? '' });
	const claims = (
		await Promise.all(
			[2025, 2026].map((year) =>
				ask<{ pid: string; claim_number: number; rules: string }>(
					home,
					'audit_claims',
					{ year, by_risk: false, first: 0 },
					everyone
				)
			)
		)
	).flat();
	const findings = claims.flatMap(({ pid, claim_number, rules }) =>
		(rules || 'A01').split(', ').map((rule) => ({ pid, claim: claim_number, rule, isFound: rules !== '' }))
	);
	return { problems, findings };
}

/** A form that decides of a problem or a finding. */
function decisionForm(roll: Dice, problem: Problem, { pid, claim, rule }: Finding): [string, Record<string, string>] {
	const at = `/audit/claims/${pid}/${claim}`;
	return roll.one<[string, Record<string, string>]>([
		['/interventions/problems?/dismiss', { ...problem, reason: 'not_a_problem', until_on: soon }],
		['/interventions/problems?/reopen', problem],
		[`${at}?/decide`, { rule, decision: 'supported', reason: 'documentation', amount: '', words: 'seen' }],
		[`${at}?/reply`, { rule, words: 'our answer' }],
		[`${at}?/review`, { rule, agrees: 'yes', words: 'seen too' }]
	]);
}
const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

test('500 addresses with ids, filters, sorts, forms and exports of others give nothing of them', async () => {
	const roll = dice(23);
	const limited = users.filter((one) => one.limited && rows.includes(one.role));
	const told = new Set([404, 200, 303, 307]);
	const all = await whatIsDecided();
	const others = new Set(outsiders.map(({ pid }) => pid));
	const problems = all.problems.filter(({ pid }) => others.has(pid));
	const findings = all.findings.filter(({ pid }) => others.has(pid));
	expect([problems.length > 20, findings.length > 3]).toEqual([true, true]);
	let forms = 0;
	/** What is asked is chosen before the first answer comes, so that several at once are the same ones every time. */
	const attempt = async () => {
		const who = roll.one(limited);
		const target = roll.one(outsiders);
		const words = someFilters(roll, stock, true);
		if (roll.is(0.3)) words.set('measure', roll.one(stock.measures));
		if (roll.is(0.3)) words.set('list', roll.one(['all', 'adherence_at_risk', 'no_refills_left', target.pid]));
		if (roll.is(0.3)) words.set('sort', roll.one(['patient', 'lid', 'pharmacy', 'priority', target.pid]));
		if (roll.is(0.2)) words.set('show', 'identifiers');
		if (roll.is(0.1)) words.set('sheet', 'call');
		if (roll.is(0.2)) words.set('page', String(roll.upTo(20)));
		const query = words.toString();
		const earlier = [
			`/patients/${target.pid}?${query}`,
			`/patients/${target.pid}/__data.json?${query}`,
			`/patients/${target.pid.toUpperCase()}`,
			`/patients/${target.patient_id}`,
			`/patients?${query}`,
			`/patients/__data.json?${query}`,
			`/download/patients.csv?${query}`,
			`/download/patients.json?${query}`,
			`/download/patient_fills.csv?pid=${target.pid}`,
			`/export/patient_fills?pid=${target.pid}`,
			`/export/patients?${query}`,
			`/explain/pdc_statins?part=patients&${query}`,
			`/explain/pdc_statins?part=evidence&of=${target.pid}`,
			`/?explain=pdc_statins&part=evidence&of=${target.pid}`,
			`/adherence/pdc_statins?tab=recoverable&${query}`,
			`/reveal?next=/patients/${target.pid}`
		];
		const address = roll.one(roll.is(0.6) ? laterAddresses(roll, target.pid, query) : earlier);
		const [formed, sent] = decisionForm(roll, roll.one(problems), roll.one(findings));
		const isForm = roll.is(0.15);
		const sentTo = isForm ? (/claims\/(\w+)/.exec(formed)?.[1] ?? sent.pid) : target.pid;
		const answer = isForm
			? await post(formed, who, sent)
			: roll.is(0.1)
				? await post('/patients?/find', who, { patient_id: target.patient_id })
				: roll.is(0.05)
					? await post('/reveal', who, {
							purpose: who.role === 'payer_auditor' ? 'audit' : 'care',
							reason: 'looking for what is not mine',
							next: `/patients/${target.pid}?show=identifiers`
						})
					: await get(address, who);
		expect(
			[400, 403].includes(answer.status) || told.has(answer.status) ? 'answered' : `${address}: ${answer.status}`
		).toBe('answered');
		const said = answer.text.toLowerCase();
		const seen = new Set([...said.split(/[^\w-]+/), ...said.split(/\W+/)]);
		// The address itself comes back in links of the page: what was sent is not what was told.
		const leaked = outsiders.filter(
			({ pid, patient_id }) =>
				(pid !== target.pid && pid !== sentTo && seen.has(pid)) ||
				(patient_id !== target.patient_id && seen.has(patient_id.toLowerCase()))
		);
		expect({ address, leaked }).toEqual({ address, leaked: [] });
		if (new RegExp(`^/patients/${target.pid}`, 'i').test(address) && answer.status === 200)
			// Data that a page asks for by itself says inside what it was answered.
			expect({ address, refused: /"type":"(error|redirect)"/.test(answer.text) }).toEqual({ address, refused: true });
		if (isForm) {
			forms++;
			// A form is answered as a page that is not there, or says that there is no such thing of theirs.
			expect({ formed, done: [200, 303].includes(answer.status) }).toEqual({ formed, done: false });
		}
	};
	for (let at = 0; at < 500; at += 4) await Promise.all([attempt(), attempt(), attempt(), attempt()]);
	expect(forms).toBeGreaterThan(50);
	const { rows: decided } = await readLog(
		home,
		{ kinds: ['problem_dismissed', 'problem_reopened', 'audit_step'] },
		{ first: 0, rows: 10 }
	);
	expect(decided).toEqual([]);
	// The same forms about somebody of theirs are taken.
	const mine = all.problems.find(({ pid }) => pid === insider.pid || !others.has(pid))!;
	const own = { ...mine, reason: 'not_a_problem', until_on: soon };
	expect((await post('/interventions/problems?/dismiss', user('quality_lead', true), own)).status).toBe(303);
	const found = all.findings.find(({ pid, isFound }) => isFound && !others.has(pid));
	if (found) {
		const at = `/audit/claims/${found.pid}/${found.claim}?/reply`;
		expect((await post(at, user('pharmacy_manager', true), { rule: found.rule, words: 'our answer' })).status).toBe(
			200
		);
	}
}, 600_000);

test('identifiers come after a reason, which stands in the log; an auditor opens one patient, an administrator an emergency', async () => {
	const [person] = await ask<{ last_name: string; phone: string }>(home, 'patient', { pid: insider.pid }, everyone);
	const page = `/patients/${insider.pid}?show=identifiers`;
	const shows = async (who: User, address = page) => (await get(address, who)).text.includes(`${insider.patient_id}`);

	for (const who of [user('quality_lead'), user('pharmacy_manager', true), user('payer_auditor')]) {
		expect([who.name, await shows(who)]).toEqual([who.name, false]);
		const purpose = who.role === 'payer_auditor' ? 'audit' : 'care';
		const words = { purpose, next: `/patients/${insider.pid}` };
		expect((await post('/reveal', who, { ...words, reason: '' })).status).toBe(400);
		expect((await post('/reveal', who, { ...words, reason: `calls ${person!.phone} 555 123 4567` })).status).toBe(400);
		expect((await post('/reveal', who, { ...words, purpose: 'emergency', reason: 'because I want to' })).status).toBe(
			400
		);
		expect([who.name, await shows(who)]).toEqual([who.name, false]);
		const done = await post('/reveal', who, { ...words, reason: 'checks a doubtful refill' });
		expect([done.status, done.to]).toEqual([303, page]);
		expect([who.name, await shows(who)]).toEqual([who.name, true]);
		// Without asking for identifiers the page stays without them.
		expect(await shows(who, `/patients/${insider.pid}`)).toBe(false);
	}
	const auditor = user('payer_auditor');
	const other = outsiders[0]!;
	expect((await get(`/patients/${other.pid}?show=identifiers`, auditor)).text).not.toContain(other.patient_id);
	expect((await get('/patients?list=all&show=identifiers', auditor)).text).not.toContain(insider.patient_id);

	const admin = user('administrator');
	expect((await get(page, admin)).status).toBe(404);
	await post('/reveal', admin, {
		purpose: 'emergency',
		reason: 'somebody may be in danger',
		next: `/patients/${insider.pid}`
	});
	expect(await shows(admin)).toBe(true);

	const { rows: entries } = await readLog(home, { kinds: ['reveal'] }, { first: 0, rows: 100 });
	expect(entries.map((entry) => [entry.by, entry.purpose, entry.patient, entry.detail.emergency ?? false])).toEqual(
		expect.arrayContaining([
			[user('quality_lead').id, 'care', null, false],
			[user('pharmacy_manager', true).id, 'care', null, false],
			[auditor.id, 'audit', insider.pid, false],
			[admin.id, 'emergency', null, true]
		])
	);
}, 300_000);

test("a de-identified page has day numbers, a band of age, no date but the data's own, no note", async () => {
	const auditor = users.find((one) => one.role === 'payer_auditor' && one.limited)!;
	const { text, status } = await get(`/patients/${insider.pid}`, auditor);
	expect(status).toBe(200);
	const [{ as_of } = { as_of: '' }] = await ask<{ as_of: string }>(home, 'latest_run', {}, everyone);
	const body = said(text);
	const { text: data } = await get(`/patients/${insider.pid}/__data.json`, auditor, '*/*');
	// The page's own words, and the data behind it.
	expect(body).toMatch(/De-identified/);
	expect(body).toMatch(/Age (\d+-\d+|90\+)/);
	expect(body.match(/\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g) ?? []).toEqual([]);
	const behind = data.slice(data.indexOf('"days"'));
	const days = [...behind.matchAll(/\d{4}-\d{2}-\d{2}/g)].map(([day]) => day).filter((day) => day !== as_of);
	expect(days).toEqual([]);
	const [title] = /<title>[^<]*<\/title>/.exec(text) ?? [''];
	expect(title).toContain(insider.pid.toUpperCase());
});

const mtm = (...words: string[]) => {
	const done = spawnSync(process.execPath, [join('build', 'cli', 'main.js'), '--home', home.folder, ...words], {
		encoding: 'utf8',
		maxBuffer: 1 << 26
	});
	return { status: done.status, out: done.stdout, err: done.stderr };
};

test('--as takes the view of a user: what they see, and no verb that is not theirs', async () => {
	const inside = await within(home, own);
	const manager = mtm('query', 'select distinct patient_id from adherence', '--json', '--as', 'pharmacy_manager-own');
	expect([manager.status, manager.err]).toEqual([0, '']);
	const shown = (JSON.parse(manager.out) as { patient_id: string }[]).map(({ patient_id }) => patient_id);
	const pids = new Set(people.filter(({ patient_id }) => inside.has(patient_id)).map(({ pid }) => pid));
	expect(shown.length).toBeGreaterThan(0);
	expect(shown.every((id) => /^[0-9a-z]{10}$/.test(id))).toBe(true);
	expect([...pids].every((pid) => shown.includes(pid))).toBe(true);

	const metric = JSON.parse(
		mtm('--as', 'quality_lead-own', 'metric', 'pdc_statins', '--year', '2026', '--json').out
	) as { patients: number };
	const [line] = await ask<{ patients: number }>(
		home,
		'headline',
		{ measure: 'pdc_statins', year: 2026, population: anyone() },
		{ limits: own, phi: 'P2' }
	);
	expect(metric.patients).toBe(line!.patients);

	expect(mtm('query', 'select * from adherence', '--as', 'viewer-all').status).toBe(1);
	expect(mtm('query', 'select * from measure_result', '--as', 'viewer-all', '--json').status).toBe(0);
	expect(mtm('query', 'select 1', '--as', 'nobody').status).toBe(1);
	for (const [words, who] of [
		[['load', 'x'], 'quality_lead-all'],
		[['refresh'], 'viewer-all'],
		[['loads', 'rejects', '1'], 'data_engineer-all'],
		[['loads', 'list'], 'data_engineer-own'],
		[['users', 'list'], 'data_engineer-all'],
		[['log', 'verify'], 'quality_lead-all'],
		[['backup', 'x'], 'payer_auditor-all'],
		[['metric', 'pdc_statins'], 'data_engineer-all'],
		[['query', 'select 1'], 'quality_caller-all'],
		[['init'], 'administrator-all'],
		[['serve'], 'administrator-all']
	] as const) {
		const refused = mtm(...words, '--as', who);
		expect([words.join(' '), refused.status, refused.out]).toEqual([words.join(' '), 3, '']);
	}
	expect(mtm('loads', 'list', '--as', 'data_engineer-all').status).toBe(0);
}, 300_000);

test('every verb has a need, so that a new one is refused under --as until it is given one', () => {
	const help = mtm('--help').out;
	const named = [...help.matchAll(/^ {2}([a-z]+)(?: |\||$)/gm)]
		.map(([, verb]) => verb!)
		.filter((verb) => verb !== 'help');
	const known = new Set(Object.keys(verbs).map((verb) => verb.split(' ')[0]));
	expect(named.length).toBeGreaterThan(10);
	expect(named.filter((verb) => !known.has(verb))).toEqual([]);
	expect(sqlFiles('panels').length).toBe(panelNames.length);
});

test('pages and files of the audit name nobody until a reason is given, and that is logged', async () => {
	const { findings } = await whatIsDecided();
	const claims = [...new Map(findings.map((one) => [one.pid, one])).values()];
	expect(claims.length).toBeGreaterThan(3);
	const person = async (pid: string) =>
		(
			await ask<Record<'first_name' | 'last_name' | 'phone' | 'patient_id', string>>(home, 'patient', { pid }, everyone)
		)[0]!;
	const named = await Promise.all(claims.map(async ({ pid }) => ({ pid, ...(await person(pid)) })));
	const tells = (text: string, one: (typeof named)[number]) =>
		[one.patient_id, `${one.first_name} ${one.last_name}`, one.phone].filter((word) => word && text.includes(word));
	const pages = ['', '/claims', '/sample?n=50', '/billing', '/reporting', '/rules/A01'].map((page) => `/audit${page}`);
	const some = claims.slice(0, 3).map(({ pid, claim }) => `/audit/claims/${pid}/${claim}`);
	const files = ['claims', 'findings', 'sample?n=50'].flatMap((table) =>
		['csv', 'json'].map((form) => `/download/audit_${table.replace(/(\?|$)/, `.${form}$1`)}`)
	);
	const data = [...pages.slice(0, 3), ...some].map((page) => page.replace(/(\?|$)/, '/__data.json$1'));
	const years = (address: string) => [2025, 2026].map((y) => `${address}${address.includes('?') ? '&' : '?'}y=${y}`);
	const addresses = [...pages, ...files, ...data].flatMap(years).concat(some);
	for (const who of users) {
		let shown = 0;
		for (const address of addresses) {
			const { status, text } = await get(address, who);
			if (status === 200) shown++;
			const what = [who.name, address, named.flatMap((one) => tells(text, one))];
			expect(what).toEqual([who.name, address, []]);
			const may = audits.includes(who.role) && (who.role === 'payer_auditor' || !address.includes('sample'));
			// What a page asks for its data answers 200 with the refusal inside.
			if (!may && !address.includes('__data')) expect([who.name, address, status]).toEqual([who.name, address, 404]);
		}
		if (audits.includes(who.role)) expect(shown).toBeGreaterThan(15);
	}
	const auditor = user('payer_auditor');
	const [first, second] = claims as [(typeof claims)[number], (typeof claims)[number]];
	const page = ({ pid, claim }: typeof first) => `/audit/claims/${pid}/${claim}`;
	const why = 'the provider asked which member this claim is about';
	expect((await post('/reveal', auditor, { next: page(first), purpose: 'audit', reason: '' })).status).toBe(400);
	expect((await get(`${page(first)}?show=identifiers`, auditor)).text).not.toContain(named[0]!.patient_id);
	expect((await post('/reveal', auditor, { next: page(first), purpose: 'audit', reason: why })).status).toBe(303);
	expect((await get(`${page(first)}?show=identifiers`, auditor)).text).toContain(named[0]!.patient_id);
	// One patient's reason opens no other's claim, no list and no file.
	for (const address of [page(second), ...pages, ...files]) {
		const { text } = await get(`${address}${address.includes('?') ? '&' : '?'}show=identifiers`, auditor);
		expect([address, named.slice(1).flatMap((one) => tells(text, one))]).toEqual([address, []]);
	}
	const logged = (await readLog(home, { by: auditor.id }, { first: 0, rows: 5000 })).rows;
	expect(logged.some((entry) => entry.kind === 'reveal' && entry.reason === why && entry.patient === first.pid)).toBe(
		true
	);
	expect(logged.some((entry) => entry.kind === 'view_patient' && entry.patient === first.pid)).toBe(true);
	expect(logged.filter((entry) => entry.kind === 'export').length).toBeGreaterThan(5);
}, 240_000);
