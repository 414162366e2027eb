import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Home } from '$lib/server/home';
import { printingBrowser } from '$lib/server/pdf';
import { readLog } from '$lib/server/records/log';
import { emptyFolder, mtm, must } from '../known/shell';
import { demoHome } from '../laws/scope_home';
import { problemsOf } from './fhir/r4';

let home: Home;
let folder: string;
beforeAll(async () => {
	home = await demoHome(300);
	folder = emptyFolder();
}, 300_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

const report = (name: string, out: string, ...words: string[]) =>
	mtm('report', name, '--out', join(folder, out), '--home', home.folder, ...words);
const metric = (id: string) =>
	must('metric', id, '--home', home.folder, '--json').json() as {
		numerator: number;
		denominator: number;
		rate: number;
		as_of: string;
	};
const lastLogged = async () =>
	(await readLog(home, { kinds: ['export'] }, { first: 0, rows: 1 })).rows[0]!.detail as Record<string, unknown>;

type Bundle = { resourceType: string; type: string; entry: { fullUrl: string; resource: Resource }[] };
type Resource = {
	resourceType: string;
	id: string;
	status: string;
	type: string;
	measure: string;
	period: { start: string; end: string };
	improvementNotation?: { coding: { code: string }[] };
	group: {
		population?: { code: { coding: { system: string; code: string }[] }; count: number }[];
		measureScore?: { value: number };
	}[];
};

test('FHIR MeasureReports hold what R4 asks for and the numbers of the screens; money has a score and no counts', async () => {
	const done = report('measure_report', 'measures.json', '--json');
	expect(done.status).toBe(0);
	const bytes = readFileSync(join(folder, 'measures.json'));
	const bundle = JSON.parse(bytes.toString()) as Bundle;
	expect(problemsOf(bundle)).toEqual([]);
	expect([bundle.resourceType, bundle.type]).toEqual(['Bundle', 'collection']);
	expect(bundle.entry.length).toBeGreaterThan(15);
	expect(new Set(bundle.entry.map(({ fullUrl }) => fullUrl)).size).toBe(bundle.entry.length);
	const of = (id: string) =>
		bundle.entry.find(({ resource }) => resource.measure.startsWith(`urn:openmtm:measure:${id}|`))!;
	for (const { resource } of bundle.entry) {
		expect(resource).toMatchObject({ resourceType: 'MeasureReport', status: 'complete', type: 'summary' });
		expect(resource.id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
		expect(resource.period).toEqual({ start: '2026-01-01', end: '2026-09-30' });
		for (const { count } of resource.group[0]!.population ?? []) expect(Number.isInteger(count)).toBe(true);
	}
	for (const [id, notation] of [
		['pdc_statins', 'increase'],
		['hospital_admissions', 'decrease'],
		['cmr_completion', 'increase']
	] as const) {
		const { resource } = of(id);
		const { numerator, denominator, rate } = metric(id);
		const [group] = resource.group;
		expect(group!.population!.map(({ code, count }) => [code.coding[0]!.code, count])).toEqual([
			['denominator', denominator],
			['numerator', numerator]
		]);
		expect(group!.measureScore!.value).toBe(rate);
		expect(resource.improvementNotation!.coding[0]!.code).toBe(notation);
	}
	for (const id of ['pharmacy_paid', 'length_of_stay'])
		expect(of(id).resource.group[0]).not.toHaveProperty('population');
	expect(of('pharmacy_paid').resource.group[0]!.measureScore!.value).toBe(metric('pharmacy_paid').rate);
	expect(await lastLogged()).toMatchObject({
		table: 'measure_report',
		rows: bundle.entry.length,
		sha256: createHash('sha256').update(bytes).digest('hex')
	});
});

test('the check of FHIR R4 finds what may not be', () => {
	expect(report('measure_report', 'right.json').status).toBe(0);
	const right = readFileSync(join(folder, 'right.json'), 'utf8');
	const wrong = (change: (bundle: Bundle, first: Resource) => void) => {
		const bundle = JSON.parse(right) as Bundle;
		change(bundle, bundle.entry.find(({ resource }) => resource.group[0]!.population)!.resource);
		return problemsOf(bundle).map((one) => one.replace(/^.*(?=\.\w+(\[0\])?:)/, ''));
	};
	const set = (of: object, values: object) => void Object.assign(of, values);
	const found = [
		wrong((_, first) => set(first, { status: 'final' })),
		wrong((_, first) => set(first, { status: undefined, measure: undefined })),
		wrong((_, first) => set(first, { measure: ['urn:a'] })),
		wrong((_, first) => set(first, { group: first.group[0] })),
		wrong((_, first) => set(first, { group: [] })),
		wrong((_, first) => set(first, { type: 'data-collection' })),
		wrong((_, first) => set(first, { score: 1 })),
		wrong((_, first) => set(first, { date: '30/09/2026' })),
		wrong((_, first) => set(first.period, { end: '2025-01-01' })),
		wrong((_, first) => set(first.group[0]!.population![0]!, { count: 1.5 })),
		wrong((_, first) => set(first.group[0]!.population![0]!, { count: '12' })),
		wrong((_, first) => set(first.group[0]!.population![0]!.code.coding[0]!, { code: 'everybody' })),
		wrong((_, first) => set(first.group[0]!, { measureScore: { value: 1, code: '1' } })),
		wrong((_, first) => set(first.group[0]!, { measureScore: {} })),
		wrong((_, first) => set(first.group[0]!, { stratifier: [{ stratum: [{}] }] })),
		wrong((bundle) => set(bundle.entry[1]!, { fullUrl: bundle.entry[0]!.fullUrl })),
		wrong((bundle) => set(bundle, { total: 3 })),
		wrong((bundle) => set(bundle.entry[0]!, { resource: { resourceType: 'Measure' } }))
	];
	expect(found).toEqual([
		['.status: "final" is not in measure-report-status'],
		['.status: is missing', '.measure: is missing'],
		['.measure: a list'],
		['.group: no list'],
		['.group: a list may not be empty'],
		['.resource: mrp-1'],
		['.score: there is no such element'],
		['.date: "30/09/2026" is no dateTime'],
		['.period: per-1'],
		['.count: "1.5" is no integer'],
		['.count: a string for a integer'],
		['.code: no code of measure-population'],
		['.measureScore: qty-3'],
		['.measureScore: an element may not be empty'],
		['.stratum[0]: an element may not be empty', '.resource: mrp-2'],
		['Bundle: bdl-7'],
		['Bundle: bdl-1'],
		['.resource: the resource Measure is not held here']
	]);
});

test('the programme summary is one page with the numbers of the screens and no script', async () => {
	expect(report('programme', 'programme.html').status).toBe(0);
	const html = readFileSync(join(folder, 'programme.html'), 'utf8');
	expect(html.match(/<h1/g)).toHaveLength(1);
	expect(html).not.toMatch(/<script|<link|\bNaN\b|\bundefined\b|\bnull\b|Infinity|\[object/);
	expect(html).toContain('synthetic');
	// The foot of every sheet says how fresh, at which level and which sheet of how many.
	expect(html).toMatch(
		/@bottom-left\{content:'MTM programme summary 2026 · data through 30\sSep\s2026 · P3: [^']+ · demo data, synthetic · confidential'/
	);
	expect(html).toContain('counter(page)');
	expect(html).toContain('Level: P3: everything');
	expect(html).not.toContain('read "<11"'.replace('<', '&lt;').replaceAll('"', '&quot;'));
	for (const id of ['pdc_statins', 'cmr_completion']) {
		const { numerator, denominator, rate } = metric(id);
		expect(html).toContain(`${(rate * 100).toFixed(1)}%`);
		expect(html.replaceAll(/<[^>]+>/g, ' ')).toMatch(new RegExp(`${numerator}\\s+(of\\s+)?${denominator}`));
	}
	// The demo's people live at ZIP codes of all four areas.
	const [reach] = html.slice(html.indexOf('Rural or urban')).split('</table>');
	for (const area of ['metropolitan', 'micropolitan', 'small town', 'rural']) expect(reach).toContain(`>${area}<`);
	expect(await lastLogged()).toMatchObject({ table: 'programme', format: 'html' });
});

test('a summary of another year does not say who belongs: that is known of the as-of day', () => {
	const [now, before] = ['2026', '2025'].map((year) => {
		expect(report('programme', `programme_${year}.html`, '--year', year).status).toBe(0);
		return readFileSync(join(folder, `programme_${year}.html`), 'utf8');
	});
	expect(now).toContain('Who belongs in MTM on the as-of day');
	expect(now).not.toContain('not computable for');
	expect(before).not.toContain('Who belongs in MTM on the as-of day');
	expect(before).toContain('not computable for 2025');
	expect(before).toContain('refresh --as-of 2025-12-31 --keep');
	const [language] = before!.slice(before!.indexOf('<caption>Language')).split('</table>');
	expect(language).toMatch(/not computable/);
});

test.skipIf(!printingBrowser())('the summary as a PDF is what the browser prints', async () => {
	expect(report('programme', 'programme.pdf').status).toBe(0);
	const bytes = readFileSync(join(folder, 'programme.pdf'));
	expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
	expect(statSync(join(folder, 'programme.pdf')).mode & 0o077).toBe(0);
	expect(readdirSync(join(home.folder, 'scratch'))).toEqual([]);
	expect(await lastLogged()).toMatchObject({
		table: 'programme',
		format: 'pdf',
		sha256: createHash('sha256').update(bytes).digest('hex')
	});
});

test('without a browser there is no PDF and no file, and it is said what to do', () => {
	const before = { PATH: process.env.PATH, CHROMIUM_PATH: process.env.CHROMIUM_PATH };
	Object.assign(process.env, { PATH: '', CHROMIUM_PATH: '' });
	try {
		const done = report('programme', 'none.pdf');
		expect(done.status).toBe(1);
		expect(done.err).toContain('print it in any browser');
	} finally {
		for (const [key, value] of Object.entries(before))
			if (value === undefined) delete process.env[key];
			else process.env[key] = value;
	}
	expect(existsSync(join(folder, 'none.pdf'))).toBe(false);
});

test('a year that was not computed, a report that is not there and a closed folder write nothing', () => {
	for (const [name, out, ...words] of [
		['measure_report', 'a.json', '--year', '2019'],
		['programme', 'b.html', '--year', '2019'],
		['nonsense', 'c.json'],
		['measure_report', 'nowhere/d.json']
	] as const) {
		const done = report(name, out, ...words);
		expect([name, done.status]).toEqual([name, 1]);
		expect(done.err).toMatch(/has not been computed|There is no report|cannot be written/);
		expect(existsSync(join(folder, out))).toBe(false);
	}
});
